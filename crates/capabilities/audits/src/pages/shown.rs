use capability::Ctx;
use identity::{EXTERNAL_ASSESSOR, Unit};
use kernel::{Day, Id, of};
use web::{Chip, Choice, Lang};

use crate::domain::{FindingState, Kind, Severity, State};
use crate::store::{Audit, Finding};

/// Most people to choose from.
const PEOPLE: usize = 300;

pub(super) fn state(lang: &Lang, state: State) -> Chip {
    let (tone, icon) = match state {
        State::Planned => ("info", "calendar-event"),
        State::Running => ("soon", "player-play"),
        State::Closed => ("ok", "circle-check"),
        State::Cancelled => ("", "circle-x"),
    };
    web::chip(tone, icon, lang.word("audits-state", state.as_str()))
}

pub(super) fn kind(lang: &Lang, kind: Kind) -> String {
    lang.word("audits-kind", kind.as_str())
}

pub(super) fn severity(lang: &Lang, severity: Severity) -> Chip {
    let (tone, icon) = match severity {
        Severity::Major => ("late solid", "alert-octagon"),
        Severity::Minor => ("late", "alert-triangle"),
        Severity::Observation => ("", "info-circle"),
    };
    web::chip(tone, icon, lang.word("audits-severity", severity.as_str()))
}

pub(super) fn finding_state(lang: &Lang, state: FindingState) -> Chip {
    let (tone, icon) = match state {
        FindingState::Open => ("soon", "flag"),
        FindingState::Answered => ("info", "hourglass"),
        FindingState::Closed => ("ok", "circle-check"),
    };
    web::chip(tone, icon, lang.word("audits-finding-state", state.as_str()))
}

pub(super) fn unit_name(ctx: &Ctx, lang: &Lang, unit: Id<of::Unit>) -> String {
    let directory = ctx.house.identity.directories().now();
    directory.unit(unit).map(|unit| unit.name_in(lang.locale.as_str()).to_owned()).unwrap_or_default()
}

pub(super) fn user_name(ctx: &Ctx, user: Option<Id<of::User>>) -> String {
    let directory = ctx.house.identity.directories().now();
    user.and_then(|user| directory.user_name(user)).unwrap_or_default().to_owned()
}

pub(super) fn days(lang: &Lang, audit: &Audit) -> String {
    if audit.from_on == audit.until_on {
        return lang.day(audit.from_on);
    }
    lang.t2("audits-days", "from", lang.day(audit.from_on), "until", lang.day(audit.until_on))
}

pub(super) fn scheme_name(audit: &Audit) -> String {
    if audit.scheme == crate::app::SCHEME { "GB/T 27922-2011".to_owned() } else { audit.scheme.clone() }
}

/// Members of staff, none from outside.
pub(super) fn people(ctx: &Ctx, lang: &Lang) -> Vec<Choice> {
    let directory = ctx.house.identity.directories().now();
    let ours = directory.users().filter(|user| user.active && !directory.has_role(user.id, EXTERNAL_ASSESSOR));
    ours.take(PEOPLE)
        .map(|user| {
            let home = directory.unit(user.home).map(|unit| unit.name_in(lang.locale.as_str())).unwrap_or_default();
            Choice::new(user.id.to_string(), format!("{} · {home}", user.name))
        })
        .collect()
}

pub(super) fn unit_choices<'u>(lang: &Lang, units: impl IntoIterator<Item = &'u Unit>) -> Vec<Choice> {
    let locale = lang.locale.as_str();
    units
        .into_iter()
        .map(|unit| Choice::new(unit.id.to_string(), format!("{} {}", unit.code, unit.name_in(locale))))
        .collect()
}

/// The clauses of the scheme that the program knows.
pub(super) fn clauses(lang: &Lang) -> Vec<Choice> {
    let Ok(scheme) = scoring::Scheme::gbt27922() else { return Vec::new() };
    let leaves = scheme.leaves();
    leaves
        .map(|one| {
            let name: String = one.name.text(lang.locale.as_str()).chars().take(60).collect();
            Choice::new(one.clause.clone(), format!("{} {name}", one.clause))
        })
        .collect()
}

/// The name of a clause of the scheme that the program knows.
pub(super) fn clause_name(lang: &Lang, clause: &str) -> String {
    let scheme = scoring::Scheme::gbt27922();
    let found = scheme
        .ok()
        .and_then(|scheme| scheme.indicator(clause).map(|one| one.name.text(lang.locale.as_str()).to_owned()));
    found.unwrap_or_default()
}

/// A finding in a list.
pub(super) struct FindingRow {
    pub href: String,
    pub number: String,
    pub severity: Chip,
    pub clause: String,
    pub seen: String,
    pub unit: String,
    pub state: Chip,
    pub owner: String,
    pub due: String,
    pub late: bool,
}

impl FindingRow {
    pub(super) fn of(ctx: &Ctx, lang: &Lang, one: &Finding) -> Self {
        let today = lang.now.day(&lang.zone);
        let waits = one.state == FindingState::Open;
        Self {
            href: format!("/findings/{}", one.id),
            number: one.number.clone(),
            severity: severity(lang, one.severity),
            clause: one.clause.clone(),
            seen: one.seen.clone(),
            unit: unit_name(ctx, lang, one.unit),
            state: finding_state(lang, one.state),
            owner: user_name(ctx, one.owner),
            due: one.due_on.map(|day| lang.day(day)).unwrap_or_default(),
            late: waits && one.due_on.is_some_and(|day: Day| day < today),
        }
    }
}

/// One entry of a history.
pub(super) struct Entry {
    pub who: String,
    pub what: String,
    pub at: String,
    pub changes: Vec<String>,
}

/// A journal in words.
pub(super) fn history(lang: &Lang, entries: &[journal::Recorded]) -> Vec<Entry> {
    let said = |field: &str, value: &Option<String>| match value {
        None => lang.t("audits-nothing"),
        Some(value) => match field {
            "state" => lang
                .find(&format!("audits-state-{value}"))
                .or_else(|| lang.find(&format!("audits-finding-state-{value}")))
                .unwrap_or_else(|| value.clone()),
            "severity" => lang.word("audits-severity", value),
            "kind" => lang.word("audits-kind", value),
            "population" => value.chars().take(12).collect(),
            _ => value.clone(),
        },
    };
    entries
        .iter()
        .map(|entry| {
            let what = entry.verb.split_once('.').map_or(entry.verb.as_str(), |(_, what)| what);
            let changes = entry.changes.iter().filter_map(|change| {
                let field = lang.find(&format!("audits-field-{}", change.field.replace('_', "-")))?;
                let (before, after) = (said(&change.field, &change.before), said(&change.field, &change.after));
                Some(if change.before.is_none() {
                    lang.t2("audits-set", "field", field, "after", after)
                } else {
                    lang.t3("audits-change", "field", field, "before", before, "after", after)
                })
            });
            Entry {
                who: if entry.actor_name.is_empty() { lang.t("audits-program") } else { entry.actor_name.clone() },
                what: lang
                    .find(&format!("audits-verb-{}", what.replace('_', "-")))
                    .unwrap_or_else(|| lang.t("audits-verb-changed")),
                at: lang.at(entry.happened_at),
                changes: changes.collect(),
            }
        })
        .collect()
}
