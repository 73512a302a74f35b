//! Registers (台账): what operations do not produce by themselves, by group: what each must hold, what is missing, what ends soon.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use capability::{Ctx, Event};
use identity::Unit;
use kernel::{Day, Fault, FieldErrors, Id, RecordRef, of};
use parties::domain::text;
use scoring::{Name, Per, RecordKind};
use serde::Deserialize;

use crate::app::{self, ENTRY, RECORD, TEXT, VIEW, place};
use crate::domain::{self, Extent, fresh};
use crate::schemes;
use crate::store::{self, Entry, EntryId};

/// Days ahead of an end on which it is counted.
pub const AHEAD: [i32; 3] = [30, 60, 90];
/// Most entries of a kind that a page lists.
const LISTED: usize = 20;
/// The metric that measures promises, by the stage of a case.
const MEASURE: &str = "cases-deadlines-on-time";
/// Stages whose deadlines are promises to customers.
pub const STAGES: [&str; 6] = ["first_answer", "plan", "solution", "next_answer", "promised_call", "promised_ready"];

/// Records that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Name,
    /// What it must hold.
    pub holds: Name,
    /// Kinds of record.
    pub kinds: Vec<String>,
    /// Those whose entries name what measures them.
    pub measured: Vec<String>,
    /// Those whose entries wait for our answer.
    pub answered: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    group: Vec<RawGroup>,
    record: Vec<RawRecord>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    code: String,
    zh: String,
    en: String,
    holds_zh: String,
    holds_en: String,
    kinds: Vec<String>,
    #[serde(default)]
    measured: Vec<String>,
    #[serde(default)]
    answered: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRecord {
    name: String,
    zh: String,
    en: String,
    per: Per,
    days: Option<u32>,
}

static FILE: LazyLock<(Vec<Group>, Vec<RecordKind>)> = LazyLock::new(|| {
    let Ok(file) = toml::from_str::<File>(include_str!("../data/registers.toml")) else {
        return (Vec::new(), Vec::new());
    };
    let groups = file.group.into_iter().map(|one| Group {
        code: one.code,
        name: Name { zh: one.zh, en: one.en },
        holds: Name { zh: one.holds_zh, en: one.holds_en },
        kinds: one.kinds,
        measured: one.measured,
        answered: one.answered,
    });
    let kinds = file.record.into_iter().map(|one| RecordKind {
        code: one.name,
        name: Name { zh: one.zh, en: one.en },
        per: one.per,
        days: one.days,
        needs: 1,
        percent: 0,
    });
    (groups.collect(), kinds.collect())
});

/// All groups.
pub fn groups() -> &'static [Group] {
    &FILE.0
}

/// Kinds of record that no scheme asks for.
pub fn own_kinds() -> &'static [RecordKind] {
    &FILE.1
}

/// A kind of record that no scheme asks for but a register keeps.
pub fn own_kind(code: &str) -> Option<&'static RecordKind> {
    own_kinds().iter().find(|kind| kind.code == code)
}

/// Entries of this kind name what measures them.
pub fn is_measured(kind: &str) -> bool {
    groups().iter().any(|group| group.measured.iter().any(|one| one == kind))
}

/// Entries of this kind wait for our answer.
pub fn is_answered(kind: &str) -> bool {
    groups().iter().any(|group| group.answered.iter().any(|one| one == kind))
}

/// How a kind of record stands at a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Which kind.
    pub kind: RecordKind,
    /// How many of what is asked are there and fresh.
    pub have: i64,
    /// How many are asked; `None` = samples, of which there are as many as people take.
    pub needed: Option<i64>,
    /// Stores without a fresh entry, where each is asked.
    pub stores: Vec<Id<of::Unit>>,
    /// People without a fresh entry, where each is asked.
    pub people: Vec<Id<of::User>>,
    /// How many end within 30, 60 and 90 days.
    pub ending: [usize; 3],
    /// How many have ended.
    pub ended: usize,
    /// Entries that end soonest, those that wait for an answer, or the newest.
    pub entries: Vec<Entry>,
    /// Entries that wait for our answer.
    pub unanswered: usize,
}

impl Standing {
    /// How many are missing.
    pub fn missing(&self) -> i64 {
        self.needed.map_or(0, |needed| (needed - self.have).max(0))
    }
}

/// How the registers stand at `unit`: all groups, or the one with `code`.
///
/// # Errors
/// `not-found`.
pub async fn standing(
    ctx: &Ctx,
    unit: &Unit,
    code: Option<&str>,
) -> Result<Vec<(&'static Group, Vec<Standing>)>, Fault> {
    if !app::reaches(ctx, VIEW, unit.id) {
        return Err(Fault::not_found());
    }
    let wanted: Vec<&'static Group> =
        groups().iter().filter(|group| code.is_none_or(|code| group.code == code)).collect();
    if wanted.is_empty() {
        return Err(Fault::not_found());
    }
    let directory = ctx.house.identity.directories().now();
    let extent = domain::extent(&directory, unit.id).ok_or_else(Fault::not_found)?;
    let mut kinds: BTreeMap<String, RecordKind> = BTreeMap::new();
    for scheme in schemes::all(ctx).await? {
        kinds.extend(scheme.records.iter().map(|kind| (kind.code.clone(), kind.clone())));
    }
    kinds.extend(own_kinds().iter().map(|kind| (kind.code.clone(), kind.clone())));
    let now = ctx.now();
    let day = now.day(&ctx.house.zone);
    let entries = ctx.read(now, |tx, now| Box::pin(async move { Ok(store::entries_at(tx, *now).await?) })).await?;
    let heard: BTreeSet<Id<of::Unit>> = extent.above.iter().chain(&extent.below).copied().collect();
    let mut by_kind: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for one in entries.iter().filter(|one| heard.contains(&one.unit)) {
        by_kind.entry(one.kind.as_str()).or_default().push(one);
    }
    let of_kind = |code: &String| {
        let kind = kinds.get(code)?;
        Some(stands(kind, &extent, by_kind.get(code.as_str()).map(Vec::as_slice).unwrap_or_default(), day))
    };
    Ok(wanted.into_iter().map(|group| (group, group.kinds.iter().filter_map(of_kind).collect())).collect())
}

fn stands(kind: &RecordKind, extent: &Extent, entries: &[&Entry], day: Day) -> Standing {
    let last = |one: &Entry| {
        let young = kind.days.and_then(|days| i32::try_from(days).ok()).map(|days| one.happened_on.plus(days));
        [one.valid_until, young].into_iter().flatten().min()
    };
    let speaks = |one: &&&Entry| fresh(one.happened_on, one.valid_until, kind.days, day);
    let good: Vec<&Entry> = entries.iter().filter(speaks).copied().collect();
    let stores: BTreeSet<Id<of::Unit>> = good.iter().map(|one| one.unit).collect();
    let people: BTreeSet<Id<of::User>> = good.iter().filter_map(|one| one.person).collect();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let without_store: Vec<_> = extent.stores.iter().copied().filter(|store| !stores.contains(store)).collect();
    let without_person: Vec<_> = extent.people.iter().copied().filter(|one| !people.contains(one)).collect();
    let needed = match kind.per {
        Per::Quota => kind.needed(0, extent.managers),
        Per::Company | Per::Store | Per::Person | Per::Count | Per::Sample => {
            kind.needed(count(extent.stores.len()), count(extent.people.len()))
        }
    };
    let have = match kind.per {
        Per::Company => i64::from(!good.is_empty()),
        Per::Store => count(extent.stores.len() - without_store.len()),
        Per::Person => count(extent.people.len() - without_person.len()),
        Per::Quota => count(people.len()),
        Per::Count => count(good.iter().map(|one| one.title.as_str()).collect::<BTreeSet<_>>().len()),
        Per::Sample => count(good.len()),
    };
    let ends = |days: i32| good.iter().filter(|one| last(one).is_some_and(|last| last <= day.plus(days))).count();
    let waits = |one: &Entry| is_answered(&kind.code) && one.answer.is_none();
    let mut listed: Vec<Entry> = entries.iter().map(|one| (*one).clone()).collect();
    listed.sort_by_key(|one| (!waits(one), last(one), std::cmp::Reverse(one.happened_on), one.id));
    listed.truncate(LISTED);
    Standing {
        have,
        needed,
        stores: if kind.per == Per::Store { without_store } else { Vec::new() },
        people: if kind.per == Per::Person { without_person } else { Vec::new() },
        ending: AHEAD.map(ends),
        ended: entries.len() - good.len(),
        unanswered: entries.iter().filter(|one| waits(one)).count(),
        entries: listed,
        kind: kind.clone(),
    }
}

/// How often the promise that `measure` stands for was kept and broken at `unit` in the last year.
///
/// # Errors
/// What the database says.
pub async fn kept(ctx: &Ctx, unit: &Unit, measure: &str) -> Result<Option<(i64, i64)>, Fault> {
    let found = ctx.house.metrics.iter().find(|one| one.id == MEASURE);
    let Some(metrics::Formula::Ratio(good, all)) = found.map(|one| one.formula) else { return Ok(None) };
    let Some(stage) = STAGES.into_iter().find(|stage| *stage == measure) else { return Ok(None) };
    let directory = ctx.house.identity.directories().now();
    let stores = domain::extent(&directory, unit.id).map(|extent| extent.stores).unwrap_or_default();
    let day = ctx.now().day(&ctx.house.zone);
    ctx.read((stores, good, all, stage, day), |tx, (stores, good, all, stage, day)| {
        Box::pin(async move {
            let days = (day.plus(-364), *day);
            let sums = metrics::sums_by_store(tx, &[*good, *all], stores, days, Some(("stage", *stage))).await?;
            let sum = |part: &str| sums.values().filter_map(|parts| parts.get(part)).sum::<i64>();
            Ok(Some((sum(good), sum(all) - sum(good))))
        })
    })
    .await
}

/// Writes down what we answered to an event outside.
///
/// # Errors
/// `invalid` without an answer; `not-found`; `forbidden`; `scores-answered` when it has one.
pub async fn answer(ctx: &Ctx, id: Id<EntryId>, answer: &str) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let answer = text::required(&mut errors, "answer", answer, TEXT);
    errors.check()?;
    ctx.write((id, answer), |work, (id, answer)| {
        Box::pin(async move {
            let one = store::entry(work.tx, *id).await?.filter(|one| is_answered(&one.kind));
            let one = one.ok_or_else(Fault::not_found)?;
            if !app::reaches(work.ctx, VIEW, one.unit) {
                return Err(Fault::not_found());
            }
            if !app::reaches(work.ctx, RECORD, one.unit) {
                return Err(Fault::forbidden());
            }
            if !store::answer(work.tx, *id, work.ctx.actor.user, work.now, answer).await? {
                return Err(Fault::refused("scores-answered"));
            }
            let event = Event::new(RecordRef::new(ENTRY, *id), "score_entry.answered", place(one.unit))
                .change("kind", None, Some(one.kind.clone()))
                .personal("text", None, Some(answer.clone()));
            work.record(event).await
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_in_one_register() {
        let day = "2026-11-22".parse().unwrap();
        let known: BTreeSet<&str> = domain::shipped(day)
            .into_iter()
            .flat_map(|scheme| &scheme.records)
            .chain(own_kinds())
            .map(|kind| kind.code.as_str())
            .collect();
        let kept: Vec<&str> = groups().iter().flat_map(|group| &group.kinds).map(String::as_str).collect();
        let once: BTreeSet<&str> = kept.iter().copied().collect();
        assert_eq!(kept.len(), once.len(), "a kind stands in two registers");
        assert_eq!(once, known);
    }
}
