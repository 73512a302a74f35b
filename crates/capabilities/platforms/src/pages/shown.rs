use capability::Ctx;
use kernel::{Fault, Id, of};
use web::{Chip, Due, DueTime, Lang};

use crate::app;
use crate::domain::{CommandName, Outcome, State};
use crate::store::{ClockRow, Order, Platform};

/// The names of platforms, in the reader's language.
pub(super) struct Platforms(Vec<Platform>, &'static str);

impl Platforms {
    /// All of them.
    ///
    /// # Errors
    /// What the database says.
    pub(super) async fn load(ctx: &Ctx, lang: &Lang) -> Result<Self, Fault> {
        Ok(Self(app::platforms(ctx).await?, lang.locale.as_str()))
    }
    /// What `code` is called.
    pub(super) fn name(&self, code: &str) -> String {
        let found = self.0.iter().find(|one| one.code == code);
        found.map_or_else(|| code.to_owned(), |one| one.name_in(self.1).to_owned())
    }
    /// As choices.
    pub(super) fn choices(&self) -> Vec<web::Choice> {
        self.0.iter().map(|one| web::Choice::new(one.code.clone(), one.name_in(self.1))).collect()
    }
}

/// Where an order stands.
pub(super) fn state(lang: &Lang, state: State) -> Chip {
    let (tone, icon) = match state {
        State::Applied => ("soon", "circle-dot"),
        State::Returning => ("info", "hourglass"),
        State::Shipped => ("info", "truck-delivery"),
        State::Settling => ("soon", "currency-yuan"),
        State::Refused => ("", "circle-x"),
        State::Intervention => ("late", "alert-octagon"),
        State::Completed => ("ok", "circle-check"),
        State::Closed => ("", "circle-x"),
    };
    web::chip(tone, icon, lang.word("platforms-state", state.as_str()))
}

pub(super) const fn icon_of(name: CommandName) -> &'static str {
    match name {
        CommandName::Agree => "circle-check",
        CommandName::Refuse => "circle-x",
        CommandName::Ship => "truck-delivery",
        CommandName::Receive => "package",
        CommandName::Complete => "currency-yuan",
        CommandName::Reapply => "refresh",
        CommandName::Intervene => "alert-octagon",
        CommandName::Submit => "upload",
        CommandName::RuleBuyer => "user-check",
        CommandName::RuleShop => "building-store",
        CommandName::Close => "ban",
    }
}

/// A deadline of a page: what for, until when, how it came to be, what became of it.
pub(super) struct ClockShown {
    pub name: String,
    pub due: Option<DueTime>,
    pub chip: Option<Chip>,
    pub until: String,
    pub why: String,
}

/// A deadline in words: it explains itself.
pub(super) fn clock(lang: &Lang, platform: &str, row: &ClockRow) -> ClockShown {
    let from = lang.full(row.from);
    let why = match (row.hours, &row.source) {
        (Some(hours), Some(source)) => lang.tn(
            "platforms-clock-by-hours",
            &[("platform", &platform), ("from", &from), ("hours", &hours), ("source", &source.as_str())],
        ),
        (Some(hours), None) => {
            lang.t3("platforms-clock-by-hours-only", "platform", platform, "from", from, "hours", hours)
        }
        (None, _) => lang.t2("platforms-clock-stated", "platform", platform, "from", from),
    };
    let chip = row.outcome.map(|outcome| {
        let (tone, icon) = match outcome {
            Outcome::Met => ("ok", "circle-check"),
            Outcome::Late => ("late", "alert-triangle"),
            Outcome::Void => ("", "circle-dashed"),
        };
        web::chip(tone, icon, lang.word("platforms-outcome", outcome.as_str()))
    });
    ClockShown {
        name: lang.word("platforms-clock", row.clock.as_str()),
        due: row.outcome.is_none().then(|| lang.due(&Due::Running { from: row.from, at: row.due_at })),
        chip,
        until: lang.full(row.due_at),
        why,
    }
}

/// The freight insurance in words.
pub(super) fn insurance(lang: &Lang, one: &Order) -> String {
    let by = lang.word("platforms-insured-by", one.insurance.by.as_str());
    if one.insurance.by == crate::domain::InsuredBy::None {
        return by;
    }
    let state = lang.word("platforms-insurance", one.insurance.state.as_str());
    if one.insurance.amount.fen() > 0 {
        format!("{by} · {state} {}", lang.money(one.insurance.amount))
    } else {
        format!("{by} · {state}")
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
