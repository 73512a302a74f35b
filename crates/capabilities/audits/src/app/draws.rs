//! Samples: drawn once, drawn again.

use std::collections::{BTreeMap, BTreeSet};

use capability::{Ctx, Event};
use db::Tx;
use identity::{Directory, Unit, UnitKind};
use kernel::{Day, Fault, FieldErrors, Id, Placed, RecordRef, Zone, of};

use super::plan::keeps;
use super::{RECORD, look};
use crate::domain::{Item, Outlet, Population, Rule, Sample, draw as draw_by};
use crate::store::{self, Audit, AuditId, Draw, Drawn, SampledCase, SampledStore};

/// Most cases that a sample is drawn from.
const POPULATION: i64 = 20_000;
/// Most stores, and most cases or complaints of each, that are drawn.
const STORES: i64 = 200;
const EACH: i64 = 50;
/// Days that the period may have.
const DAYS: i32 = 731;
/// Differences that are named.
const NAMED: usize = 50;

/// A sample to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// What came in from this day on,
    pub from_on: Option<Day>,
    /// until this day.
    pub until_on: Option<Day>,
    /// Stores,
    pub stores: i64,
    /// cases of each,
    pub cases: i64,
    /// complaints of each.
    pub complaints: i64,
    /// The seed.
    pub seed: i64,
}

/// The stores of an audit's scope with their region's code.
fn outlets(directory: &Directory, scope: &[Id<of::Unit>]) -> BTreeMap<Outlet, Id<of::Unit>> {
    let within = |store: &Unit| scope.is_empty() || scope.iter().any(|unit| store.path.contains(unit));
    let region = |store: &Unit| {
        let above = store.path.iter().rev().filter_map(|id| directory.unit(*id));
        above.into_iter().find(|unit| unit.kind != UnitKind::Store).map(|unit| unit.code.clone()).unwrap_or_default()
    };
    let stores = directory.stores().filter(|store| store.active && within(store));
    stores.map(|store| (Outlet { region: region(store), code: store.code.clone() }, store.id)).collect()
}

/// What came in at `stores`, with the ids behind it.
async fn items(
    tx: &mut Tx,
    stores: &BTreeMap<Id<of::Unit>, String>,
    (from, until): (Day, Day),
    zone: &Zone,
) -> Result<BTreeMap<Item, (Id<of::Case>, Id<of::Unit>)>, Fault> {
    let ids: Vec<_> = stores.keys().copied().collect();
    let between = (from.start(zone), until.plus(1).start(zone));
    let rows = store::items_between(tx, &ids, between, POPULATION + 1).await?;
    if i64::try_from(rows.len()).unwrap_or(i64::MAX) > POPULATION {
        return Err(Fault::field("until_on", "audits-too-many"));
    }
    let named = rows.into_iter().filter_map(|(id, number, unit, complaint)| {
        let kind = if complaint { "complaint" } else { "case" };
        Some((Item { kind, store: stores.get(&unit)?.clone(), number }, (id, unit)))
    });
    Ok(named.collect())
}

fn size(wanted: i64) -> usize {
    usize::try_from(wanted).unwrap_or_default()
}

/// Draws a sample for the audit `id`; says its number.
///
/// # Errors
/// `invalid` with the fields; `audits-over`; `audits-nothing-to-draw`; `not-found`; `forbidden`.
pub async fn draw(ctx: &Ctx, id: Id<AuditId>, asked: Asked) -> Result<i64, Fault> {
    let mut errors = FieldErrors::default();
    for (field, n, least, most) in [
        ("stores", asked.stores, 1, STORES),
        ("cases", asked.cases, 0, EACH),
        ("complaints", asked.complaints, 0, EACH),
    ] {
        if !(least..=most).contains(&n) {
            errors.add_with(field, "number-range", vec![("min", least.to_string()), ("max", most.to_string())]);
        }
    }
    for (field, day) in [("from_on", asked.from_on), ("until_on", asked.until_on)] {
        if day.is_none() {
            errors.add(field, "required");
        }
    }
    if let (Some(from), Some(until)) = (asked.from_on, asked.until_on)
        && (until < from || until > from.plus(DAYS))
    {
        errors.add("until_on", "audits-period");
    }
    errors.check()?;
    let (Some(from), Some(until)) = (asked.from_on, asked.until_on) else {
        return Err(Fault::field("from_on", "required"));
    };
    ctx.write((id, asked, from, until), |work, (id, asked, from, until)| {
        Box::pin(async move {
            let audit = keeps(work, *id).await?;
            if !audit.state.is_live() {
                return Err(Fault::refused("audits-over"));
            }
            let directory = work.ctx.house.identity.directories().now();
            let scope = store::units(work.tx, *id).await?;
            let stores = outlets(&directory, &scope);
            if stores.is_empty() {
                return Err(Fault::refused("audits-nothing-to-draw"));
            }
            let rule = Rule {
                stores: size(asked.stores),
                cases: size(asked.cases),
                complaints: size(asked.complaints),
                seed: asked.seed,
            };
            let mut all = Population { outlets: stores.keys().cloned().collect(), items: BTreeSet::new() };
            let chosen: BTreeMap<_, _> = draw_by(&all, rule)
                .outlets
                .into_keys()
                .filter_map(|one| Some((*stores.get(&one)?, one.code)))
                .collect();
            let found = items(work.tx, &chosen, (*from, *until), &work.ctx.house.zone).await?;
            all.items = found.keys().cloned().collect();
            let sample = draw_by(&all, rule);
            let seq = store::next_draw(work.tx, *id).await?;
            let drawn = Drawn {
                draw: Draw {
                    id: work.ctx.house.ids.next(),
                    audit: *id,
                    seq,
                    rule: Rule::NAME.to_owned(),
                    seed: asked.seed,
                    from_on: *from,
                    until_on: *until,
                    stores: asked.stores,
                    cases: asked.cases,
                    complaints: asked.complaints,
                    digest: all.digest(),
                    population: all.lines().join("\n"),
                    drawn_at: work.now,
                    drawn_by: work.ctx.actor.user,
                },
                stores: sample
                    .outlets
                    .into_iter()
                    .filter_map(|(one, rank)| {
                        Some(SampledStore { unit: *stores.get(&one)?, code: one.code, region: one.region, rank })
                    })
                    .collect(),
                cases: sample
                    .items
                    .into_iter()
                    .filter_map(|(one, rank)| {
                        let (case, unit) = found.get(&one).copied()?;
                        Some(SampledCase { case, unit, kind: one.kind.to_owned(), number: one.number, rank })
                    })
                    .collect(),
            };
            store::insert_draw(work.tx, &drawn).await?;
            let event = Event::new(RecordRef::new(RECORD, *id), "audit.drawn", audit.place())
                .change("sample", None, Some(seq.to_string()))
                .change("seed", None, Some(asked.seed.to_string()))
                .change("rule", None, Some(Rule::NAME.to_owned()))
                .change("population", None, Some(drawn.draw.digest.clone()));
            Ok(work.record(event).await?.with(seq))
        })
    })
    .await
}

/// The sample `seq` of the audit `id`, or its last one.
///
/// # Errors
/// `not-found`.
pub async fn drawn(ctx: &Ctx, id: Id<AuditId>, seq: Option<i64>) -> Result<(Audit, Vec<Draw>, Drawn), Fault> {
    ctx.read((id, seq, ctx.clone()), |tx, (id, seq, ctx)| {
        Box::pin(async move {
            let (audit, _) = look(tx, ctx, *id).await?;
            let all = store::draws(tx, *id).await?;
            let draw = match seq {
                Some(seq) => store::draw(tx, *id, *seq).await?,
                None => all.first().cloned(),
            };
            let draw = draw.ok_or_else(Fault::not_found)?;
            let stores = store::sampled_stores(tx, draw.id).await?;
            let cases = store::sampled_cases(tx, draw.id).await?;
            Ok((audit, all, Drawn { draw, stores, cases }))
        })
    })
    .await
}

/// What a second drawing says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Again {
    /// What is kept of the population draws exactly what was drawn.
    pub kept: bool,
    /// The population of today is the same.
    pub same: bool,
    /// Members that have come since.
    pub come: Vec<String>,
    /// Members that have gone.
    pub gone: Vec<String>,
    /// What would be drawn today and was not.
    pub now: Vec<String>,
    /// What was drawn and would not be today.
    pub then: Vec<String>,
}

/// Lines of `a` that `b` has not, named, at most so many.
fn without(a: &[String], b: &[String]) -> Vec<String> {
    let b: BTreeSet<_> = b.iter().collect();
    a.iter().filter(|line| !b.contains(line)).take(NAMED).map(|line| line.replace('\t', " ")).collect()
}

fn names(sample: &Sample) -> Vec<String> {
    let stores = sample.outlets.keys().map(|one| format!("store\t{}\t{}", one.region, one.code));
    let items = sample.items.keys().map(|one| format!("{}\t{}\t{}", one.kind, one.store, one.number));
    stores.chain(items).collect()
}

/// Draws the sample once more, from what was kept and from what is there today.
///
/// # Errors
/// `not-found`.
pub async fn again(ctx: &Ctx, drawn: &Drawn) -> Result<Again, Fault> {
    let one = &drawn.draw;
    let rule =
        Rule { stores: size(one.stores), cases: size(one.cases), complaints: size(one.complaints), seed: one.seed };
    let then = Population::of_lines(one.population.lines());
    let sample = draw_by(&then, rule);
    let was: BTreeSet<String> = drawn
        .stores
        .iter()
        .map(|one| format!("store\t{}\t{}", one.region, one.code))
        .chain(drawn.cases.iter().filter_map(|one| {
            let store = drawn.stores.iter().find(|store| store.unit == one.unit)?;
            Some(format!("{}\t{}\t{}", one.kind, store.code, one.number))
        }))
        .collect();
    let kept = then.digest() == one.digest && names(&sample).into_iter().collect::<BTreeSet<_>>() == was;
    let directory = ctx.house.identity.directories().now();
    let input = (one.audit, drawn.stores.clone(), (one.from_on, one.until_on), ctx.house.zone.clone(), directory);
    let now = ctx
        .read(input, |tx, (audit, stores, days, zone, directory)| {
            Box::pin(async move {
                let scope = store::units(tx, *audit).await?;
                let outlets = outlets(directory, &scope).into_keys().collect();
                let at = stores.iter().map(|one| (one.unit, one.code.clone())).collect();
                let items = items(tx, &at, *days, zone).await?.into_keys().collect();
                Ok(Population { outlets, items })
            })
        })
        .await?;
    let (lines_then, lines_now) = (then.lines(), now.lines());
    let (names_then, names_now) = (names(&sample), names(&draw_by(&now, rule)));
    Ok(Again {
        kept,
        same: lines_then == lines_now,
        come: without(&lines_now, &lines_then),
        gone: without(&lines_then, &lines_now),
        now: without(&names_now, &names_then),
        then: without(&names_then, &names_now),
    })
}
