use capability::Ctx;
use kernel::{Id, of};
use web::{Chip, Lang};

use crate::domain::{CommandName, GoodsIn, GoodsOut, PayState, State};

/// Where a return stands.
pub(super) fn state(lang: &Lang, state: State) -> Chip {
    let (tone, icon) = match state {
        State::Open => ("info", "circle-dot"),
        State::Completed => ("ok", "circle-check"),
        State::Refused => ("late", "circle-x"),
        State::Cancelled => ("", "circle-x"),
    };
    web::chip(tone, icon, lang.word("returns-state", state.as_str()))
}

/// Where a part of the money stands.
pub(super) fn money(lang: &Lang, state: PayState) -> Chip {
    let (tone, icon) = match state {
        PayState::Asked => ("soon", "hourglass"),
        PayState::Due => ("ok", "circle-check"),
        PayState::Confirmed => ("soon", "clock"),
        PayState::Paid => ("info", "check"),
        PayState::Reconciled => ("ok", "check"),
        PayState::Declined | PayState::Void => ("", "circle-x"),
    };
    web::chip(tone, icon, lang.word("returns-pay", state.as_str()))
}

/// Where the goods that come back stand.
pub(super) fn goods_in(lang: &Lang, state: GoodsIn) -> Chip {
    let (tone, icon) = match state {
        GoodsIn::NotNeeded => ("line", ""),
        GoodsIn::Expected => ("soon", "truck-delivery"),
        GoodsIn::Received => ("info", "package"),
        GoodsIn::Inspected => ("info", "clipboard-check"),
        GoodsIn::Graded => ("ok", "circle-check"),
        GoodsIn::SentBack => ("", "arrow-back-up"),
    };
    web::chip(tone, icon, lang.word("returns-in", state.as_str()))
}

/// Where the goods that go out stand.
pub(super) fn goods_out(lang: &Lang, state: GoodsOut) -> Chip {
    let (tone, icon) = match state {
        GoodsOut::NotNeeded => ("line", ""),
        GoodsOut::Reserved => ("soon", "package"),
        GoodsOut::Sent => ("info", "truck-delivery"),
        GoodsOut::Delivered => ("ok", "circle-check"),
    };
    web::chip(tone, icon, lang.word("returns-out", state.as_str()))
}

pub(super) const fn icon_of(name: CommandName) -> &'static str {
    match name {
        CommandName::Offer => "heart-handshake",
        CommandName::Receive => "package",
        CommandName::Inspect => "clipboard-check",
        CommandName::Grade => "tag",
        CommandName::Send => "truck-delivery",
        CommandName::Deliver => "check",
        CommandName::Confirm => "currency-yuan",
        CommandName::Pay => "receipt",
        CommandName::Papers => "file-text",
        CommandName::Refuse => "ban",
        CommandName::Cancel => "circle-x",
    }
}

/// The name of a store in the reader's language.
pub(super) fn store_name(ctx: &Ctx, lang: &Lang, id: Id<of::Unit>) -> String {
    let directory = ctx.house.identity.directories().now();
    directory.unit(id).map(|unit| unit.name_in(lang.locale.as_str()).to_owned()).unwrap_or_default()
}

/// The name of somebody of us.
pub(super) fn user_name(ctx: &Ctx, id: Option<Id<of::User>>) -> String {
    let directory = ctx.house.identity.directories().now();
    id.and_then(|id| directory.user_name(id)).unwrap_or_default().to_owned()
}
