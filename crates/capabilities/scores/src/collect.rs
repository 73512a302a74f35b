//! Brings together what speaks for each indicator at each unit: metrics, records that people entered, facts, judgements.

use std::collections::{BTreeMap, BTreeSet};

use db::{DbError, Tx};
use kernel::{Day, Id, Timestamp, Zone, of};
use metrics::{Formula, MetricDef};
use scoring::{Counted, Evidence, Finding, Kind, Metric, Needs, Part, Per, RecordKind, Scheme, Share};

use crate::domain::{Extent, FACTS, fresh};
use crate::store::{self, Entry, Judgement, Special};

/// What is collected for whom, as of when.
pub(crate) struct Asked {
    pub scheme: &'static Scheme,
    pub metrics: Vec<MetricDef>,
    pub extents: Vec<Extent>,
    pub day: Day,
    pub at: Timestamp,
    pub zone: Zone,
}

/// Sums of one part by store.
type Sums = BTreeMap<Id<of::Unit>, BTreeMap<String, i64>>;
/// Over how many days, of which value of which dimension.
type Cut = (u32, Option<(String, String)>);

/// Everything that was read once for all units.
struct Read {
    sums: BTreeMap<Cut, Sums>,
    facts: BTreeMap<&'static str, BTreeMap<Option<Id<of::Unit>>, Counted>>,
    entries: Vec<Entry>,
    judgements: Vec<Judgement>,
    specials: Vec<Special>,
}

/// The evidence of each of the asked units, in their order.
///
/// # Errors
/// What the database says.
pub(crate) async fn evidence(tx: &mut Tx, asked: &Asked) -> Result<Vec<Evidence>, DbError> {
    let read = read(tx, asked).await?;
    Ok(asked.extents.iter().map(|extent| of_extent(asked, &read, extent)).collect())
}

/// The parts that a metric is counted from: what conforms, and of how many.
fn parts_of(asked: &Asked, metric: &Metric) -> Option<(&'static str, Option<&'static str>)> {
    let sum = |id: &str| asked.metrics.iter().find(|one| one.id == id).map(|one| one.formula);
    match (sum(&metric.metric)?, metric.of.as_deref().and_then(sum)) {
        (Formula::Ratio(good, all), None) => Some((good, Some(all))),
        (Formula::Sum(good), Some(Formula::Sum(all))) => Some((good, Some(all))),
        (Formula::Sum(good), None) if metric.of.is_none() => Some((good, None)),
        _ => None,
    }
}

async fn read(tx: &mut Tx, asked: &Asked) -> Result<Read, DbError> {
    let mut wanted: BTreeMap<Cut, BTreeSet<&'static str>> = BTreeMap::new();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for leaf in asked.scheme.leaves() {
        let Kind::Leaf { parts, .. } = &leaf.kind else { continue };
        for part in parts {
            match part {
                Part::Metric(metric) => {
                    let cut = wanted.entry((metric.days, metric.narrowed.clone())).or_default();
                    cut.extend(parts_of(asked, metric).into_iter().flat_map(|(good, all)| [Some(good), all]).flatten());
                }
                Part::Fact(name) => drop(named.insert(name.as_str())),
                Part::Record { .. } => {}
            }
        }
    }
    let mut stores: Vec<Id<of::Unit>> = asked.extents.iter().flat_map(|extent| extent.stores.iter().copied()).collect();
    stores.sort_unstable();
    stores.dedup();
    let mut sums = BTreeMap::new();
    for (cut, parts) in wanted {
        let parts: Vec<&str> = parts.into_iter().collect();
        let from = asked.day.plus(1 - i32::try_from(cut.0).unwrap_or(365));
        let narrowed = cut.1.as_ref().map(|(dimension, value)| (dimension.as_str(), value.as_str()));
        let found = metrics::sums_by_store(tx, &parts, &stores, (from, asked.day), narrowed).await?;
        sums.insert(cut, found);
    }
    let from = asked.day.plus(-364);
    let mut facts = BTreeMap::new();
    for name in FACTS.into_iter().filter(|name| named.contains(name)) {
        let found = store::fact(tx, name, from.start(&asked.zone), asked.at, (from, asked.day)).await?;
        facts.insert(name, found);
    }
    Ok(Read {
        sums,
        facts,
        entries: store::entries_at(tx, asked.at).await?,
        judgements: store::judgements_at(tx, &asked.scheme.code, asked.at).await?,
        specials: store::specials_at(tx, &asked.scheme.code, asked.day, asked.at).await?,
    })
}

fn of_extent(asked: &Asked, read: &Read, extent: &Extent) -> Evidence {
    let mut evidence = Evidence::default();
    for leaf in asked.scheme.leaves() {
        let Kind::Leaf { parts, .. } = &leaf.kind else { continue };
        let said = extent
            .above
            .iter()
            .rev()
            .find_map(|unit| read.judgements.iter().find(|one| one.unit == *unit && one.clause == leaf.clause));
        let finding = match said {
            Some(Judgement { percent: Some(percent), .. }) => {
                Finding::Judged(Share::percent(u32::try_from(*percent).unwrap_or(0)))
            }
            Some(Judgement { percent: None, .. }) => Finding::NotApplicable,
            None => Finding::counted(parts.iter().map(|part| counted(asked, read, extent, part))),
        };
        evidence.set(leaf.clause.clone(), finding);
    }
    let here = |one: &&Special| extent.hears(one.unit);
    let count = |deductions: bool| {
        let all = read.specials.iter().filter(here).filter(|one| one.cause.is_some() == deductions).count();
        u32::try_from(all).unwrap_or(u32::MAX)
    };
    evidence.special.deductions = count(true);
    evidence.special.bonuses = count(false);
    evidence
}

fn counted(asked: &Asked, read: &Read, extent: &Extent, part: &Part) -> Option<Counted> {
    match part {
        Part::Metric(metric) => {
            let (good, all) = parts_of(asked, metric)?;
            let sums = read.sums.get(&(metric.days, metric.narrowed.clone()))?;
            let sum = |part: &str| {
                let of_store = |store| sums.get(store).and_then(|parts| parts.get(part)).copied().unwrap_or(0);
                extent.stores.iter().map(of_store).fold(0, i64::saturating_add)
            };
            let found = Counted { good: sum(good), all: all.map_or(0, sum) };
            let any = match metric.needs {
                Needs::AtLeast(_) => found.good > 0,
                Needs::Share { .. } | Needs::AtMost(_) => found.all > 0,
            };
            any.then_some(found)
        }
        Part::Fact(name) => {
            let by_store = read.facts.get(name.as_str())?;
            if let Some(goods) = by_store.get(&None) {
                return Some(*goods);
            }
            let own = extent.stores.iter().filter_map(|store| by_store.get(&Some(*store)));
            let sum = own.fold(Counted { good: 0, all: 0 }, |sum, one| Counted {
                good: sum.good + one.good,
                all: sum.all + one.all,
            });
            (sum.all > 0).then_some(sum)
        }
        Part::Record { code, met } => {
            let kind = asked.scheme.record(code)?;
            let entries: Vec<&Entry> =
                read.entries.iter().filter(|one| one.kind == *code && extent.hears(one.unit)).collect();
            of_records(asked.day, kind, *met, extent, &entries)
        }
    }
}

/// Entries of `kind` within the extent: what is fresh of what is asked. `None` when there never was one.
fn of_records(day: Day, kind: &RecordKind, met: bool, extent: &Extent, entries: &[&Entry]) -> Option<Counted> {
    if entries.is_empty() {
        return None;
    }
    let fresh: Vec<&Entry> =
        entries.iter().copied().filter(|one| fresh(one.happened_on, one.valid_until, kind.days, day)).collect();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    if met {
        // Of a store the last visit counts, of samples each.
        let looked_at: Vec<&Entry> = match kind.per {
            Per::Store => {
                let latest: BTreeMap<Id<of::Unit>, &Entry> = fresh.iter().map(|one| (one.unit, *one)).collect();
                latest.into_values().filter(|one| extent.stores.contains(&one.unit)).collect()
            }
            Per::Company | Per::Person | Per::Quota | Per::Count | Per::Sample => fresh,
        };
        let good = looked_at.iter().filter(|one| one.met).count();
        return (!looked_at.is_empty()).then(|| Counted { good: count(good), all: count(looked_at.len()) });
    }
    let people = |of: &[Id<of::User>]| {
        let found: BTreeSet<_> = fresh.iter().filter_map(|one| one.person).collect();
        count(found.into_iter().filter(|person| of.is_empty() || of.contains(person)).count())
    };
    let needed = match kind.per {
        Per::Quota => kind.needed(0, extent.managers)?,
        Per::Company | Per::Store | Per::Person | Per::Count | Per::Sample => {
            kind.needed(count(extent.stores.len()), count(extent.people.len())).unwrap_or_else(|| count(fresh.len()))
        }
    };
    let good = match kind.per {
        Per::Company => i64::from(!fresh.is_empty()),
        Per::Store => {
            let visited: BTreeSet<_> = fresh.iter().map(|one| one.unit).collect();
            count(visited.iter().filter(|unit| extent.stores.contains(unit)).count())
        }
        Per::Person => people(&extent.people),
        Per::Quota => people(&[]),
        Per::Count => count(fresh.iter().map(|one| one.title.as_str()).collect::<BTreeSet<_>>().len()),
        Per::Sample => count(fresh.iter().filter(|one| one.met).count()),
    };
    (needed > 0).then(|| Counted { good: good.min(needed), all: needed })
}
