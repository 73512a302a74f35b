use capability::Ctx;
use kernel::{Day, Id, Money, of};
use web::{Chip, Lang};

use crate::domain::{CommandName, State};
use crate::store::Claim;

/// Where a claim stands.
pub(super) fn state(lang: &Lang, state: State) -> Chip {
    let (tone, icon) = match state {
        State::Open => ("soon", "circle-dot"),
        State::Sent => ("info", "send"),
        State::Accepted => ("info", "circle-check"),
        State::Refused => ("late", "circle-x"),
        State::Credited => ("ok", "circle-check"),
        State::WrittenOff | State::Withdrawn => ("", "circle-x"),
    };
    web::chip(tone, icon, lang.word("claims-state", state.as_str()))
}

/// The maker's last day, and how near it is; only while the claim lies here.
pub(super) fn cut_off(lang: &Lang, one: &Claim) -> Option<Chip> {
    let due = one.due_on.filter(|_| one.state == State::Open)?;
    let today = lang.now.day(&lang.zone);
    let day = lang.day(due);
    Some(if due < today {
        web::chip("late", "alert-triangle", lang.t1("claims-cut-off-past", "day", day))
    } else if one.warn_on.is_some_and(|warn| warn <= today) {
        web::chip("soon", "hourglass", lang.t1("claims-cut-off-by", "day", day))
    } else {
        web::chip("line", "calendar-event", lang.t1("claims-cut-off-by", "day", day))
    })
}

pub(super) const fn icon_of(name: CommandName) -> &'static str {
    match name {
        CommandName::Send => "send",
        CommandName::Accept => "circle-check",
        CommandName::Refuse => "circle-x",
        CommandName::Credit => "currency-yuan",
        CommandName::WriteOff => "ban",
        CommandName::Withdraw => "arrow-back-up",
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

/// A day, or nothing.
pub(super) fn day(lang: &Lang, day: Option<Day>) -> String {
    day.map(|day| lang.day(day)).unwrap_or_default()
}

/// An amount as it is typed, and as spreadsheets add it up.
pub(super) fn plain(money: Money) -> String {
    format!("{}.{:02}", money.fen() / 100, money.fen() % 100)
}
