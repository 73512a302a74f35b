//! Pages of self-assessments.

pub(crate) mod bundle;
pub(crate) mod compare;
pub(crate) mod detail;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod report;

use capability::Ctx;
use kernel::{Id, of};
use scoring::Mark;
use web::{Chip, Lang};

use crate::domain::{Body, Item, range};
use crate::store::Assessment;

/// The name of a unit in the reader's language.
pub(crate) fn unit_name(ctx: &Ctx, lang: &Lang, id: Id<of::Unit>) -> String {
    let directory = ctx.house.identity.directories().now();
    directory.unit(id).map(|unit| unit.name_in(lang.locale.as_str()).to_owned()).unwrap_or_default()
}

pub(crate) fn user_name(ctx: &Ctx, id: Option<Id<of::User>>) -> String {
    let directory = ctx.house.identity.directories().now();
    id.and_then(|id| directory.user_name(id)).unwrap_or_default().to_owned()
}

/// The score as a range, with a word where it is an estimate.
fn score(lang: &Lang, low: Option<i64>, high: Option<i64>, estimate: bool) -> String {
    match (low, high) {
        (Some(low), Some(high)) if estimate => lang.t1("assessments-about-points", "ends", range(low, high)),
        (Some(low), Some(high)) => range(low, high),
        _ => lang.t("scores-none"),
    }
}

fn state(lang: &Lang, one: &Assessment) -> Chip {
    if one.withdrawn_at.is_some() {
        web::chip("late", "circle-x", lang.t("assessments-state-withdrawn"))
    } else {
        web::chip("ok", "shield-check", lang.t("assessments-state-valid"))
    }
}

fn mark(lang: &Lang, mark: Mark) -> String {
    lang.t(match mark {
        Mark::Verified => "scores-mark-verified",
        Mark::Allocated => "scores-mark-allocated",
    })
}

/// The level at an end, or that there is none; about, where points are estimated.
fn level(lang: &Lang, body: &Body, code: Option<&str>) -> String {
    match body.level(code) {
        Some(level) if body.estimate => lang.t1("scores-level-about", "level", level.name.text(lang.locale.as_str())),
        Some(level) => level.name.text(lang.locale.as_str()).to_owned(),
        None => lang.t("scores-level-none"),
    }
}

/// Both levels as one text, where they differ.
fn levels(lang: &Lang, body: &Body) -> String {
    let high = level(lang, body, body.level_high.as_deref());
    if body.level_low == body.level_high {
        return high;
    }
    let low = body.level(body.level_low.as_deref()).map(|level| level.name.text(lang.locale.as_str()).to_owned());
    format!("{high} · {}", lang.t1("scores-low-level", "level", low.unwrap_or_else(|| lang.t("scores-level-none"))))
}

/// What an item earned.
fn earned(item: &Item) -> String {
    if item.away() { "—".to_owned() } else { range(item.figure.low, item.figure.high) }
}

/// What is said about a score that is an estimate, and what is not.
fn about(lang: &Lang, body: &Body) -> String {
    let ends = score(lang, body.low, body.high, false);
    if body.estimate {
        let (n, all) = body.allocated;
        lang.tn("scores-estimate", &[("ends", &ends), ("n", &n), ("all", &all)])
    } else {
        lang.t1("scores-sure", "ends", ends)
    }
}
