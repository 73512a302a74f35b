//! Pages of scores.

pub(crate) mod board;
pub(crate) mod item;
pub(crate) mod plan;
pub(crate) mod proposals;
pub(crate) mod records;
pub(crate) mod registers;
pub(crate) mod rules;
pub(crate) mod schemes;
mod words;

use capability::Ctx;
use identity::Unit;
use kernel::{Id, of};
use scoring::{Ends, Level, Mark, Points, Scheme, State};
use web::{Chip, Choice, Lang};

use crate::domain::Figure;

pub use words::{EvidenceWords, evidence_words, state_words, unit_words, why_words};

/// Whether whoever looks may open the list at `href`, or a record of it: a link that leads to a refusal is not offered, so an assessor
/// from outside reads the counts and opens what was drawn.
fn opens(ctx: &Ctx, href: &str) -> bool {
    let list = href.split(['?', '/']).find(|part| !part.is_empty()).unwrap_or_default();
    // Sales stand behind the entry of the customers.
    let list = if list == "sales" { "customers" } else { list };
    let entry = ctx.house.menu.iter().find(|entry| entry.href.strip_prefix('/') == Some(list));
    entry.and_then(|entry| entry.needs).is_none_or(|needs| ctx.actor.holds(needs))
}

/// The units to choose from, each with its kind.
fn unit_choices(lang: &Lang, units: &[Unit]) -> Vec<Choice> {
    let text = |unit: &Unit| {
        format!("{} · {}", unit.name_in(lang.locale.as_str()), lang.word("scores-unit", unit.kind.as_str()))
    };
    units.iter().map(|unit| Choice::new(unit.id.to_string(), text(unit))).collect()
}

/// A range as people read it: one number when both ends are the same.
fn range(low: Points, high: Points) -> String {
    if low == high { high.to_string() } else { format!("{low}–{high}") }
}

/// What a figure earned.
fn earned(figure: &Figure) -> String {
    range(Points::tenths(figure.low), Points::tenths(figure.high))
}

/// What is lost in proportion, as `−3.2`; `None` when nothing is.
fn lost(figure: &Figure) -> Option<String> {
    let lost = figure.applicable - figure.high;
    (lost > 0).then(|| format!("−{}", Points::tenths(lost)))
}

/// More is lost by the strict reading.
fn lost_strictly(figure: &Figure) -> bool {
    figure.high > figure.low
}

fn state_chip(lang: &Lang, state: State) -> Chip {
    let (tone, icon) = match state {
        State::Data => ("info", "database"),
        State::Assessor => ("line", "user-check"),
        State::NoData => ("soon", "circle-dashed"),
        State::NotApplicable => ("", "minus"),
    };
    web::chip(tone, icon, lang.word("scores-state", state.as_str()))
}

fn mark_word(lang: &Lang, mark: Mark) -> String {
    lang.t(match mark {
        Mark::Verified => "scores-mark-verified",
        Mark::Allocated => "scores-mark-allocated",
    })
}

/// The name of a level, or that there is none.
fn level_word(lang: &Lang, scheme: &Scheme, code: Option<&str>) -> String {
    match code.and_then(|code| scheme.level(code)) {
        Some(level) => level.name.text(lang.locale.as_str()).to_owned(),
        None => lang.t("scores-level-none"),
    }
}

/// How many stars of five are lit at the high end.
fn stars(scheme: &Scheme, code: Option<&str>) -> u8 {
    code.and_then(|code| scheme.level(code)).map_or(0, |level| level.stars)
}

/// The next level above the high end, with how much is missing to it from both ends.
fn next_level(scheme: &Scheme, ends: Ends<Points>) -> Option<(&Level, Ends<Points>)> {
    let next = scheme.levels.iter().find(|level| level.from > ends.high)?;
    Some((next, Ends { low: next.from - ends.high, high: next.from - ends.low }))
}

/// The name of a unit in the reader's language.
fn unit_name(ctx: &capability::Ctx, lang: &Lang, id: Id<of::Unit>) -> String {
    let directory = ctx.house.identity.directories().now();
    directory.unit(id).map(|unit| unit.name_in(lang.locale.as_str()).to_owned()).unwrap_or_default()
}

fn user_name(ctx: &capability::Ctx, id: Option<Id<of::User>>) -> String {
    let directory = ctx.house.identity.directories().now();
    id.and_then(|id| directory.user_name(id)).unwrap_or_default().to_owned()
}

/// What an address says of scheme and unit; of the standard only the unit.
fn at(scheme: &Scheme, unit: impl std::fmt::Display) -> String {
    if scheme.code == crate::domain::SCHEME {
        format!("unit={unit}")
    } else {
        format!("scheme={}&unit={unit}", scheme.code)
    }
}

/// The schemes to choose from.
fn scheme_choices(lang: &Lang, all: &[&'static Scheme]) -> Vec<Choice> {
    all.iter().map(|one| Choice::new(one.code.as_str(), one.name.text(lang.locale.as_str()))).collect()
}
