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
    pub schemes: Vec<&'static Scheme>,
    pub metrics: Vec<MetricDef>,
    pub extents: Vec<Extent>,
    pub day: Day,
    pub at: Timestamp,
    pub zone: Zone,
}

impl Asked {
    /// Every store that some unit counts, once.
    pub fn stores(&self) -> Vec<Id<of::Unit>> {
        let all: BTreeSet<_> = self.extents.iter().flat_map(|extent| extent.stores.iter().copied()).collect();
        all.into_iter().collect()
    }
    /// The year that facts are counted over.
    pub fn year(&self) -> (Day, Day) {
        (self.day.plus(-364), self.day)
    }
    /// What the schemes ask of metrics: the parts by length and cut.
    pub fn wanted(&self) -> BTreeMap<Cut, BTreeSet<&'static str>> {
        let mut wanted: BTreeMap<Cut, BTreeSet<&'static str>> = BTreeMap::new();
        for part in self.parts() {
            let Part::Metric(metric) = part else { continue };
            let cut = wanted.entry((metric.days, metric.narrowed.clone())).or_default();
            cut.extend(parts_of(&self.metrics, metric).into_iter().flat_map(|(good, all)| [Some(good), all]).flatten());
        }
        wanted
    }
    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.schemes.iter().flat_map(|scheme| scheme.leaves()).flat_map(|leaf| match &leaf.kind {
            Kind::Leaf { parts, .. } => parts.as_slice(),
            Kind::Group(_) => &[],
        })
    }
}

/// Sums of one part by store.
type Sums = BTreeMap<Id<of::Unit>, BTreeMap<String, i64>>;
/// Over how many days, of which value of which dimension.
pub(crate) type Cut = (u32, Option<(String, String)>);
/// By fact and store; a fact about goods, which belong to no store, has the key `None`.
pub(crate) type Facts = BTreeMap<&'static str, BTreeMap<Option<Id<of::Unit>>, Counted>>;

/// Numbers of the stores.
#[derive(Default)]
pub(crate) struct Numbers {
    pub sums: BTreeMap<Cut, Sums>,
    pub facts: Facts,
}

/// What people said and entered, by what is looked for.
pub(crate) struct Said {
    entries: BTreeMap<String, Vec<Entry>>,
    judgements: BTreeMap<(String, String, Id<of::Unit>), Judgement>,
    specials: BTreeMap<String, Vec<Special>>,
}

/// The evidence of each of the asked units by the first scheme, in their order, all read from the records themselves.
///
/// # Errors
/// What the database says.
pub(crate) async fn evidence(tx: &mut Tx, asked: &Asked) -> Result<Vec<Evidence>, DbError> {
    let numbers = Numbers { sums: sums(tx, asked, &asked.stores()).await?, facts: facts(tx, asked).await? };
    let said = said(tx, asked).await?;
    let Some(scheme) = asked.schemes.first() else { return Ok(Vec::new()) };
    Ok(asked.extents.iter().map(|extent| of_extent(asked, scheme, &numbers, &said, extent)).collect())
}

/// The sums of metrics at these stores.
///
/// # Errors
/// What the database says.
pub(crate) async fn sums(tx: &mut Tx, asked: &Asked, stores: &[Id<of::Unit>]) -> Result<BTreeMap<Cut, Sums>, DbError> {
    let mut sums = BTreeMap::new();
    if stores.is_empty() {
        return Ok(sums);
    }
    for (cut, parts) in asked.wanted() {
        let parts: Vec<&str> = parts.into_iter().collect();
        let from = asked.day.plus(1 - i32::try_from(cut.0).unwrap_or(365));
        let narrowed = cut.1.as_ref().map(|(dimension, value)| (dimension.as_str(), value.as_str()));
        let found = metrics::sums_by_store(tx, &parts, stores, (from, asked.day), narrowed).await?;
        sums.insert(cut, found);
    }
    Ok(sums)
}

/// Every fact that some scheme asks for, counted from the records.
async fn facts(tx: &mut Tx, asked: &Asked) -> Result<Facts, DbError> {
    let named: BTreeSet<&str> =
        asked.parts().filter_map(|part| if let Part::Fact(name) = part { Some(name.as_str()) } else { None }).collect();
    let year = asked.year();
    let mut facts = BTreeMap::new();
    for name in FACTS.into_iter().filter(|name| named.contains(name)) {
        facts.insert(name, store::fact(tx, name, year.0.start(&asked.zone), asked.at, year).await?);
    }
    Ok(facts)
}

/// What people had said and entered by then.
///
/// # Errors
/// What the database says.
pub(crate) async fn said(tx: &mut Tx, asked: &Asked) -> Result<Said, DbError> {
    let mut said = Said { entries: BTreeMap::new(), judgements: BTreeMap::new(), specials: BTreeMap::new() };
    for one in store::entries_at(tx, asked.at).await? {
        said.entries.entry(one.kind.clone()).or_default().push(one);
    }
    for scheme in &asked.schemes {
        let code = &scheme.code;
        for one in store::judgements_at(tx, code, asked.at).await? {
            said.judgements.insert((code.clone(), one.clause.clone(), one.unit), one);
        }
        said.specials.insert(code.clone(), store::specials_at(tx, code, asked.day, asked.at).await?);
    }
    Ok(said)
}

/// The parts that a metric is counted from: what conforms, and of how many.
fn parts_of(metrics: &[MetricDef], metric: &Metric) -> Option<(&'static str, Option<&'static str>)> {
    let sum = |id: &str| metrics.iter().find(|one| one.id == id).map(|one| one.formula);
    match (sum(&metric.metric)?, metric.of.as_deref().and_then(sum)) {
        (Formula::Ratio(good, all), None) => Some((good, Some(all))),
        (Formula::Sum(good), Some(Formula::Sum(all))) => Some((good, Some(all))),
        (Formula::Sum(good), None) if metric.of.is_none() => Some((good, None)),
        _ => None,
    }
}

/// What speaks for each indicator of `scheme` at one unit.
pub(crate) fn of_extent(asked: &Asked, scheme: &Scheme, numbers: &Numbers, said: &Said, extent: &Extent) -> Evidence {
    let mut evidence = Evidence::default();
    let heard: BTreeSet<Id<of::Unit>> = extent.above.iter().chain(&extent.below).copied().collect();
    let at = Place { asked, scheme, numbers, said, extent, heard: &heard };
    for leaf in scheme.leaves() {
        let Kind::Leaf { parts, .. } = &leaf.kind else { continue };
        let judged = extent
            .above
            .iter()
            .rev()
            .find_map(|unit| said.judgements.get(&(scheme.code.clone(), leaf.clause.clone(), *unit)));
        let finding = match judged {
            Some(Judgement { percent: Some(percent), .. }) => {
                Finding::Judged(Share::percent(u32::try_from(*percent).unwrap_or(0)))
            }
            Some(Judgement { percent: None, .. }) => Finding::NotApplicable,
            None => Finding::counted(parts.iter().map(|part| counted(&at, part))),
        };
        evidence.set(leaf.clause.clone(), finding);
    }
    let specials = said.specials.get(&scheme.code).map(Vec::as_slice).unwrap_or_default();
    let count = |deductions: bool| {
        let here = specials.iter().filter(|one| heard.contains(&one.unit));
        u32::try_from(here.filter(|one| one.cause.is_some() == deductions).count()).unwrap_or(u32::MAX)
    };
    evidence.special.deductions = count(true);
    evidence.special.bonuses = count(false);
    evidence
}

/// One unit with everything that is known.
struct Place<'a> {
    asked: &'a Asked,
    scheme: &'a Scheme,
    numbers: &'a Numbers,
    said: &'a Said,
    extent: &'a Extent,
    heard: &'a BTreeSet<Id<of::Unit>>,
}

fn counted(at: &Place<'_>, part: &Part) -> Option<Counted> {
    match part {
        Part::Metric(metric) => {
            let (good, all) = parts_of(&at.asked.metrics, metric)?;
            let sums = at.numbers.sums.get(&(metric.days, metric.narrowed.clone()))?;
            let sum = |part: &str| {
                let of_store = |store| sums.get(store).and_then(|parts| parts.get(part)).copied().unwrap_or(0);
                at.extent.stores.iter().map(of_store).fold(0, i64::saturating_add)
            };
            let found = Counted { good: sum(good), all: all.map_or(0, sum) };
            let any = match metric.needs {
                Needs::AtLeast(_) => found.good > 0,
                Needs::Share { .. } | Needs::AtMost(_) => found.all > 0,
            };
            any.then_some(found)
        }
        Part::Fact(name) => {
            let by_store = at.numbers.facts.get(name.as_str())?;
            if let Some(goods) = by_store.get(&None) {
                return Some(*goods);
            }
            let own = at.extent.stores.iter().filter_map(|store| by_store.get(&Some(*store)));
            let sum = own.fold(Counted { good: 0, all: 0 }, |sum, one| Counted {
                good: sum.good + one.good,
                all: sum.all + one.all,
            });
            (sum.all > 0).then_some(sum)
        }
        Part::Record { code, met } => {
            let kind = at.scheme.record(code)?;
            let of_kind = at.said.entries.get(code).map(Vec::as_slice).unwrap_or_default();
            let entries: Vec<&Entry> = of_kind.iter().filter(|one| at.heard.contains(&one.unit)).collect();
            of_records(at.asked.day, kind, *met, at.extent, &entries)
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
    let stores: BTreeSet<Id<of::Unit>> = extent.stores.iter().copied().collect();
    if met {
        // Of a store the last visit counts, of samples each.
        let looked_at: Vec<&Entry> = match kind.per {
            Per::Store => {
                let latest: BTreeMap<Id<of::Unit>, &Entry> = fresh.iter().map(|one| (one.unit, *one)).collect();
                latest.into_values().filter(|one| stores.contains(&one.unit)).collect()
            }
            Per::Company | Per::Person | Per::Quota | Per::Count | Per::Sample => fresh,
        };
        let good = looked_at.iter().filter(|one| one.met).count();
        return (!looked_at.is_empty()).then(|| Counted { good: count(good), all: count(looked_at.len()) });
    }
    let people = |of: &[Id<of::User>]| {
        let found: BTreeSet<_> = fresh.iter().filter_map(|one| one.person).collect();
        let of: BTreeSet<_> = of.iter().copied().collect();
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
            count(visited.iter().filter(|unit| stores.contains(unit)).count())
        }
        Per::Person => people(&extent.people),
        Per::Quota => people(&[]),
        Per::Count => count(fresh.iter().map(|one| one.title.as_str()).collect::<BTreeSet<_>>().len()),
        Per::Sample => count(fresh.iter().filter(|one| one.met).count()),
    };
    (needed > 0).then(|| Counted { good: good.min(needed), all: needed })
}
