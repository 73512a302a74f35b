//! The score follows what happens: a listener notes which units an event touches, a job computes those and what stands above them.
//! What a store's numbers add up to is kept, so that nothing reads a year of cases for one new fact. Once a day everything is counted
//! again from the records, which also brings in what no event told of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use capability::{Ctx, Event, Work};
use db::Tx;
use futures_util::future::BoxFuture;
use identity::Directory;
use kernel::{Day, Fault, Id, RecordRef, Timestamp, of};
use scoring::Counted;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::app::{ENTRY, LIVE, SPECIAL, place};
use crate::collect::{self, Asked, Facts, Numbers};
use crate::domain::{self, BY_DAY, OF_GOODS, Stored};
use crate::schemes;
use crate::store::{self, Cell, State, Touch};

/// Touches that one pass takes.
const MOST: i64 = 5_000;
/// Passes that lose against another node before the next half minute has to do.
const ATTEMPTS: usize = 5;

/// Notes that `event` may move a score. It waits for nobody and reads nothing.
pub(crate) fn touch<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        let own = event.place.store;
        let mut units: BTreeSet<Id<of::Unit>> = event.deltas.iter().map(|delta| delta.store).collect();
        let (kind, day) = match event.record.kind {
            cases::app::RECORD => ("case", None),
            parties::app::SALE => {
                let before = event.changes.iter().find(|change| change.field == "day");
                ("sale", before.and_then(|change| change.before.clone()))
            }
            parties::app::PRODUCT => ("goods", None),
            ENTRY | LIVE | SPECIAL => ("unit", None),
            _ if units.is_empty() => return Ok(()),
            _ => ("unit", None),
        };
        if kind != "unit" || units.is_empty() {
            units.insert(own);
        }
        let ids = &work.ctx.house.ids;
        let rows = units.into_iter().map(|unit| store::touch_row(ids, kind, event.record.id, unit, day.as_deref()));
        for statement in store::insert_touches(rows.collect()) {
            work.tx.at_end(statement)?;
        }
        Ok(())
    })
}

/// What was counted at a store: sums by length and cut, facts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Base {
    sums: Vec<(u32, Option<(String, String)>, BTreeMap<String, i64>)>,
    facts: BTreeMap<String, (i64, i64)>,
}

/// What a pass looks at.
struct Asking {
    ctx: Ctx,
    directory: Arc<Directory>,
    now: Timestamp,
    /// Everything anew, whatever is kept.
    anew: bool,
}

/// A score that was computed.
struct Moved {
    scheme: &'static str,
    unit: Id<of::Unit>,
    stored: Stored,
    body: String,
    /// It is another one than before, not just another day.
    changed: bool,
}

/// What one pass found out, to be written if nobody else was faster.
struct Pass {
    state: State,
    before: Option<i64>,
    touches: Vec<i64>,
    /// There are more.
    more: bool,
    /// Days of facts that changed, with all their cells.
    cells: BTreeMap<Day, Vec<Cell>>,
    year: (Day, Day),
    bases: Vec<(Id<of::Unit>, String)>,
    moved: Vec<Moved>,
}

/// Computes the scores of all units whose evidence has changed, and keeps what came of it; says how many moved.
///
/// # Errors
/// What the database says.
pub async fn recalculate(ctx: &Ctx) -> Result<usize, Fault> {
    follow(ctx, false).await
}

/// The same with everything counted again from the records.
///
/// # Errors
/// What the database says.
pub async fn recount(ctx: &Ctx) -> Result<usize, Fault> {
    follow(ctx, true).await
}

async fn follow(ctx: &Ctx, anew: bool) -> Result<usize, Fault> {
    let (mut moved, mut lost, mut anew) = (0, 0, anew);
    while lost < ATTEMPTS {
        let directory = ctx.house.identity.directories().now();
        let asking = Asking { ctx: ctx.clone(), directory, now: ctx.now(), anew };
        let pass = ctx.read(asking, |tx, asking| Box::pin(pass(tx, asking))).await?;
        let Some(pass) = pass else {
            ctx.write((), |work, ()| {
                Box::pin(async move {
                    store::looked(work.tx, work.now).await?;
                    Ok(work.unchanged(()))
                })
            })
            .await?;
            return Ok(moved);
        };
        let more = pass.more;
        match ctx.write(pass, |work, pass| Box::pin(keep(work, pass))).await? {
            Some(some) => {
                moved += some;
                anew = false;
                if !more {
                    return Ok(moved);
                }
            }
            None => lost += 1,
        }
    }
    Ok(moved)
}

/// What everything stands on but the records: another organisation, scheme or program counts anew.
fn digest_of(asked: &Asked, directory: &Directory) -> String {
    let text = format!("{} {:?} {:?}", directory.version(), asked.schemes, asked.wanted());
    hex::encode(Sha256::digest(text.as_bytes()))
}

async fn pass(tx: &mut Tx, asking: &Asking) -> Result<Option<Pass>, Fault> {
    let house = &asking.ctx.house;
    let day = asking.now.day(&house.zone);
    let mut asked = Asked {
        schemes: schemes::in_force(tx, day).await?,
        metrics: house.metrics.clone(),
        extents: Vec::new(),
        day,
        at: asking.now,
        zone: house.zone.clone(),
    };
    let digest = digest_of(&asked, &asking.directory);
    let state = store::state(tx).await?;
    let new_day = asking.anew || state.as_ref().is_none_or(|state| state.day != day);
    // Whoever counts everything has seen whatever was touched until then.
    let touches = store::touches(tx, if new_day { i64::MAX } else { MOST }).await?;
    let all = new_day || state.as_ref().is_none_or(|state| state.digest != digest);
    if !all && touches.is_empty() {
        return Ok(None);
    }
    asked.extents = domain::extents(&asking.directory);
    let stores = asked.stores();
    let days = touched_days(tx, &asked, &touches, new_day).await?;
    let mut cells = BTreeMap::new();
    let mut shifts: BTreeMap<(String, Id<of::Unit>), (i64, i64)> = BTreeMap::new();
    for day in days {
        let kept = store::cells(tx, day).await?;
        let counted = count_day(tx, &asked, day).await?;
        if kept != counted {
            for (cell, sign) in kept.iter().map(|cell| (cell, -1)).chain(counted.iter().map(|cell| (cell, 1))) {
                let shift = shifts.entry((cell.fact.clone(), cell.store)).or_default();
                *shift = (shift.0 + sign * cell.good, shift.1 + sign * cell.counted);
            }
            cells.insert(day, counted);
        }
    }
    let touched: BTreeSet<Id<of::Unit>> =
        touches.iter().map(|touch| touch.unit).chain(shifts.keys().map(|(_, store)| *store)).collect();
    let goods_touched = all || touches.iter().any(|touch| touch.kind == "goods");
    let goods: BTreeMap<String, (i64, i64)> = match &state {
        Some(state) if !goods_touched => serde_json::from_str(&state.goods).unwrap_or_default(),
        _ => goods(tx, &asked).await?,
    };
    let again: Vec<Id<of::Unit>> = stores.iter().copied().filter(|store| all || touched.contains(store)).collect();
    let fresh = bases(tx, &asked, &again, &shifts).await?;
    let mut known = if all { BTreeMap::new() } else { read_bases(tx).await? };
    known.extend(fresh.iter().map(|(store, base)| (*store, base.clone())));
    let numbers = numbers(&known, &goods);
    let said = collect::said(tx, &asked).await?;
    let concerned: Vec<_> = asked
        .extents
        .iter()
        .filter(|extent| all || goods_touched || touched.iter().any(|unit| extent.hears(*unit)))
        .collect();
    let units: Vec<Id<of::Unit>> = concerned.iter().map(|extent| extent.unit).collect();
    let mut moved = Vec::new();
    for scheme in &asked.schemes {
        let (bodies, written) =
            (store::bodies(tx, &scheme.code, &units).await?, store::of_day(tx, &scheme.code, day).await?);
        let written: BTreeSet<_> = written.into_iter().collect();
        for extent in &concerned {
            let stored = Stored::of(scheme, &collect::of_extent(&asked, scheme, &numbers, &said, extent));
            let body = serde_json::to_string(&stored).map_err(Fault::internal)?;
            let changed = bodies.get(&extent.unit) != Some(&body);
            if changed || !written.contains(&extent.unit) {
                moved.push(Moved { scheme: &scheme.code, unit: extent.unit, stored, body, changed });
            }
        }
    }
    let more = !new_day && i64::try_from(touches.len()).unwrap_or(MOST) >= MOST;
    let text = |base: &Base| serde_json::to_string(base).map_err(Fault::internal);
    Ok(Some(Pass {
        state: State {
            day,
            digest,
            goods: serde_json::to_string(&goods).map_err(Fault::internal)?,
            version: state.as_ref().map_or(1, |state| state.version + 1),
            checked_at: asking.now,
        },
        before: state.map(|state| state.version),
        touches: touches.into_iter().map(|touch| touch.id).collect(),
        more,
        cells,
        year: asked.year(),
        bases: fresh.iter().map(|(store, base)| Ok((*store, text(base)?))).collect::<Result<_, Fault>>()?,
        moved,
    }))
}

/// The days whose facts are counted again: those of touched records, or the whole year.
async fn touched_days(tx: &mut Tx, asked: &Asked, touches: &[Touch], all: bool) -> Result<BTreeSet<Day>, Fault> {
    let (from, to) = asked.year();
    if all {
        return Ok((0..365).map(|n| from.plus(n)).collect());
    }
    let of = |kind: &str| {
        touches.iter().filter(|touch| touch.kind == kind).map(|touch| touch.record).collect::<BTreeSet<_>>()
    };
    let mut days: BTreeSet<Day> = touches.iter().filter_map(|touch| touch.day).collect();
    let entered = store::entered_at(tx, &of("case")).await?;
    days.extend(entered.into_iter().map(|at| at.day(&asked.zone)));
    days.extend(store::sold_on(tx, &of("sale")).await?);
    days.retain(|day| (from..=to).contains(day));
    Ok(days)
}

/// What the records of one day come to, by fact and store.
async fn count_day(tx: &mut Tx, asked: &Asked, day: Day) -> Result<Vec<Cell>, Fault> {
    let bounds = (day.start(&asked.zone), Timestamp::from_millis(day.plus(1).start(&asked.zone).millis() - 1));
    let mut cells = Vec::new();
    for fact in BY_DAY {
        for (store, counted) in store::fact(tx, fact, bounds.0, bounds.1, (day, day)).await? {
            let Some(store) = store else { continue };
            cells.push(Cell { fact: fact.to_owned(), store, good: counted.good, counted: counted.all });
        }
    }
    cells.sort_by(|a, b| (&a.fact, a.store).cmp(&(&b.fact, b.store)));
    Ok(cells)
}

async fn goods(tx: &mut Tx, asked: &Asked) -> Result<BTreeMap<String, (i64, i64)>, Fault> {
    let year = asked.year();
    let mut goods = BTreeMap::new();
    for fact in OF_GOODS {
        let found = store::fact(tx, fact, year.0.start(&asked.zone), asked.at, year).await?;
        if let Some(counted) = found.get(&None) {
            goods.insert(fact.to_owned(), (counted.good, counted.all));
        }
    }
    Ok(goods)
}

async fn bases(
    tx: &mut Tx,
    asked: &Asked,
    stores: &[Id<of::Unit>],
    shifts: &BTreeMap<(String, Id<of::Unit>), (i64, i64)>,
) -> Result<BTreeMap<Id<of::Unit>, Base>, Fault> {
    let sums = collect::sums(tx, asked, stores).await?;
    let mut bases: BTreeMap<Id<of::Unit>, Base> = stores.iter().map(|store| (*store, Base::default())).collect();
    for ((days, cut), by_store) in sums {
        for (store, parts) in by_store {
            if let Some(base) = bases.get_mut(&store) {
                base.sums.push((days, cut.clone(), parts));
            }
        }
    }
    let mut facts = store::fact_sums(tx, stores, asked.year()).await?;
    for ((fact, store), (good, counted)) in shifts {
        let sum = facts.entry((fact.clone(), *store)).or_default();
        *sum = (sum.0 + good, sum.1 + counted);
    }
    for ((fact, store), sum) in facts {
        if let Some(base) = bases.get_mut(&store).filter(|_| sum.1 > 0) {
            base.facts.insert(fact, sum);
        }
    }
    Ok(bases)
}

async fn read_bases(tx: &mut Tx) -> Result<BTreeMap<Id<of::Unit>, Base>, Fault> {
    let rows = store::bases(tx).await?;
    rows.into_iter().map(|(store, body)| Ok((store, serde_json::from_str(&body).map_err(Fault::internal)?))).collect()
}

fn numbers(bases: &BTreeMap<Id<of::Unit>, Base>, goods: &BTreeMap<String, (i64, i64)>) -> Numbers {
    let mut numbers = Numbers::default();
    for (store, base) in bases {
        for (days, cut, parts) in &base.sums {
            numbers.sums.entry((*days, cut.clone())).or_default().insert(*store, parts.clone());
        }
    }
    let facts: &mut Facts = &mut numbers.facts;
    for fact in BY_DAY {
        let by_store = bases.iter().filter_map(|(store, base)| Some((*store, *base.facts.get(fact)?)));
        let counted = by_store.map(|(store, (good, all))| (Some(store), Counted { good, all }));
        facts.insert(fact, counted.collect());
    }
    for fact in OF_GOODS {
        let counted = goods.get(fact).map(|(good, all)| (None, Counted { good: *good, all: *all }));
        facts.insert(fact, counted.into_iter().collect());
    }
    numbers
}

/// Writes what a pass found, unless another has been faster: then nothing, and it begins again.
async fn keep(work: &mut Work<'_>, pass: &Pass) -> Result<capability::Recorded<Option<usize>>, Fault> {
    if !store::next_state(work.tx, &pass.state, pass.before).await? {
        return Ok(work.unchanged(None));
    }
    store::forget_touches(work.tx, &pass.touches).await?;
    store::keep_cells(work.tx, &pass.cells, pass.year.0).await?;
    store::keep_bases(work.tx, &pass.bases).await?;
    for one in &pass.moved {
        store::keep_live(work.tx, one.scheme, one.unit, work.now, &one.stored, &one.body).await?;
        store::keep_day(work.tx, one.scheme, one.unit, pass.state.day, &one.stored, &one.body).await?;
        if one.changed {
            let record = RecordRef::new(LIVE, one.unit);
            work.tell(web::LiveEvent { verb: "score.moved", record, place: place(one.unit) });
        }
    }
    Ok(work.unchanged(Some(pass.moved.iter().filter(|one| one.changed).count())))
}

/// What the whole calculation, from the records alone, says of every unit today by `scheme`; nothing is kept. What the page shows
/// has to be the same.
///
/// # Errors
/// What the database says.
pub async fn in_full(ctx: &Ctx, scheme: &str) -> Result<Vec<(Id<of::Unit>, Stored)>, Fault> {
    let directory = ctx.house.identity.directories().now();
    let now = ctx.now();
    ctx.read((ctx.clone(), directory, now, scheme.to_owned()), |tx, (ctx, directory, now, code)| {
        Box::pin(async move {
            let day = now.day(&ctx.house.zone);
            let mut all = schemes::in_force(tx, day).await?;
            all.retain(|scheme| scheme.code == *code);
            let asked = Asked {
                schemes: all,
                metrics: ctx.house.metrics.clone(),
                extents: domain::extents(directory),
                day,
                at: *now,
                zone: ctx.house.zone.clone(),
            };
            let evidence = collect::evidence(tx, &asked).await?;
            let Some(scheme) = asked.schemes.first() else { return Ok(Vec::new()) };
            let scored = asked.extents.iter().zip(&evidence);
            Ok(scored.map(|(extent, evidence)| (extent.unit, Stored::of(scheme, evidence))).collect())
        })
    })
    .await
}
