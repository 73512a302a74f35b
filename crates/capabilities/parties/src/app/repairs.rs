//! What happened to units: typed in one by one with its proof, or pasted as history; and which category of the rules a product group
//! falls under.

use std::collections::BTreeMap;

use capability::{Ctx, Event, FileDoor, Recorded, Work};
use db::Tx;
use files::{NewFile, Prepared};
use futures_util::future::BoxFuture;
use kernel::{Day, Fault, FieldErrors, Id, Placed, RecordRef, of};

use super::lists::EDIT_LISTS;
use super::products;
use super::sales::{EDIT_SALES, VIEW_SALES};
use super::units::UNIT;
use crate::domain::{DoneBy, FaultClass, RepairDraft, RepairInput, RepairKind, plain_code, repair};
use crate::store::{self, LawCategory, RepairId, SerialUnit, UnitRepair, UnitRow};
use crate::verdict;

/// Most rows of one paste.
const MOST: usize = 2_000;

/// Whoever sees a unit sees the proofs of what happened to it.
pub const UNIT_DOOR: FileDoor = FileDoor { kind: UNIT, see: sees };

fn sees<'t>(tx: &'t mut Tx, ctx: &'t Ctx, id: i64) -> BoxFuture<'t, Result<(), Fault>> {
    Box::pin(async move {
        let row = store::get_unit(tx, Id::new(id)).await?.ok_or_else(Fault::not_found)?;
        ctx.require(VIEW_SALES, &row.unit)
    })
}

fn today(ctx: &Ctx, store: Id<of::Unit>) -> Day {
    let directory = ctx.house.identity.directories().now();
    let zone = directory.unit(store).map_or_else(|| ctx.house.zone.clone(), |unit| unit.zone.clone());
    ctx.now().day(&zone)
}

/// What happened to the unit `id`, oldest first.
///
/// # Errors
/// `not-found`.
pub async fn repairs(ctx: &Ctx, id: Id<of::SerialUnit>) -> Result<(UnitRow, Vec<UnitRepair>), Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let row = store::get_unit(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW_SALES, &row.unit)?;
            let repairs = store::repairs_of(tx, *id).await?;
            Ok((row, repairs))
        })
    })
    .await
}

/// The verdict on the unit `id` as of today, for a fault that nobody named yet.
///
/// # Errors
/// `not-found`.
pub async fn unit_verdict(ctx: &Ctx, id: Id<of::SerialUnit>) -> Result<Option<verdict::Judged>, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let row = store::get_unit(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW_SALES, &row.unit)?;
            let sale = match row.unit.sale {
                Some(sale) => store::get_sale(tx, sale).await?,
                None => None,
            };
            verdict::of_unit(tx, &row, sale.as_ref(), None, today(ctx, row.unit.store)).await
        })
    })
    .await
}

struct Input {
    unit: Id<of::SerialUnit>,
    /// What is changed, and the version that was seen.
    known: Option<(Id<RepairId>, i64)>,
    draft: RepairDraft,
    photos: Vec<Prepared>,
}

/// Types in what happened to the unit `id`, or changes what is `known` of it, with photos of its proof.
///
/// # Errors
/// `invalid` with the fields; `stale`; `not-found`.
pub async fn note_repair(
    ctx: &Ctx,
    id: Id<of::SerialUnit>,
    known: Option<(Id<RepairId>, i64)>,
    input: &RepairInput,
    photos: Vec<Prepared>,
) -> Result<UnitRepair, Fault> {
    let row = ctx.read(id, |tx, id| Box::pin(async move { Ok(store::get_unit(tx, *id).await?) })).await?;
    let row = row.ok_or_else(Fault::not_found)?;
    ctx.require(EDIT_SALES, &row.unit)?;
    let mut errors = FieldErrors::default();
    let draft = repair(&mut errors, input, today(ctx, row.unit.store));
    errors.check()?;
    let draft = draft.ok_or_else(|| Fault::field("began", "required"))?;
    ctx.write(Input { unit: id, known, draft, photos }, |work, input| Box::pin(noted(work, input))).await
}

async fn noted(work: &mut Work<'_>, input: &Input) -> Result<Recorded<UnitRepair>, Fault> {
    let row = store::get_unit(work.tx, input.unit).await?.ok_or_else(Fault::not_found)?;
    work.require(EDIT_SALES, &row.unit)?;
    let all = store::repairs_of(work.tx, input.unit).await?;
    let before = match input.known {
        Some((id, version)) => {
            let before = all.iter().find(|one| one.id == id).cloned().ok_or_else(Fault::not_found)?;
            if before.version != version {
                return Err(Fault::stale(before.version));
            }
            Some(before)
        }
        None => None,
    };
    let draft = &input.draft;
    let same = |one: &&UnitRepair| one.draft.what == draft.what && one.draft.began == draft.began;
    if all.iter().find(same).is_some_and(|one| before.as_ref().is_none_or(|before| before.id != one.id)) {
        return Err(Fault::field("began", "taken"));
    }
    let photo = !input.photos.is_empty() || before.as_ref().is_some_and(|one| one.photo);
    let imported = before.as_ref().is_some_and(|one| one.imported);
    let after = UnitRepair {
        id: before.as_ref().map_or_else(|| work.ctx.house.ids.next(), |one| one.id),
        unit: input.unit,
        counted: draft.counts(photo, imported),
        draft: draft.clone(),
        photo,
        imported,
        entered_by: before.as_ref().map_or(work.ctx.actor.user, |one| one.entered_by),
        entered_at: before.as_ref().map_or(work.now, |one| one.entered_at),
        version: before.as_ref().map_or(1, |one| one.version),
    };
    match &before {
        None => store::insert_repairs(work.tx, std::slice::from_ref(&after)).await?,
        Some(_) => {
            if !store::save_repair(work.tx, &after).await? {
                return Err(Fault::stale(after.version.saturating_add(1)));
            }
        }
    }
    count(work.tx, before.as_ref(), &after).await?;
    let record = RecordRef::new(UNIT, input.unit);
    for photo in &input.photos {
        let new = NewFile {
            part: Some(after.id.get()),
            ..NewFile::of(record.clone(), Some(row.unit.store), work.ctx.actor.user, work.now)
        };
        files::attach(work.tx, &work.ctx.house.ids, photo, &new).await?;
    }
    let verb = if before.is_some() { "serial_unit.repair_changed" } else { "serial_unit.repaired" };
    let event = event(verb, &row, before.as_ref(), &after);
    let version = after.version + i64::from(before.is_some());
    Ok(work.record(event).await?.with(UnitRepair { version, ..after }))
}

/// The unit `serial` was given in exchange for `old` on `day`: it is the customer's now, and its terms begin anew.
///
/// # Errors
/// `invalid` at `serial` when the product has such a unit already.
pub async fn given_in_exchange(
    work: &mut Work<'_>,
    old: Id<of::SerialUnit>,
    serial: &str,
    day: Day,
) -> Result<(), Fault> {
    let row = store::get_unit(work.tx, old).await?.ok_or_else(Fault::not_found)?;
    let code = plain_code(serial);
    if code.is_empty() {
        return Err(Fault::field("serial", "serial"));
    }
    let known = store::units_with_codes(work.tx, std::slice::from_ref(&code)).await?;
    if known.iter().any(|other| other.product.id == row.product.id) {
        return Err(Fault::field("serial", "taken"));
    }
    let unit = SerialUnit {
        id: work.ctx.house.ids.next(),
        serial: serial.trim().to_owned(),
        imei: None,
        warranty_from: Some(day),
        repairs: 0,
        exchanges: 0,
        note: None,
        version: 1,
        created_at: work.now,
        ..row.unit.clone()
    };
    store::insert_units(work.tx, std::slice::from_ref(&unit)).await?;
    let exchanged = UnitRepair {
        id: work.ctx.house.ids.next(),
        unit: unit.id,
        draft: RepairDraft {
            what: RepairKind::Exchange,
            body: row.unit.serial.clone(),
            fault: FaultClass::Performance,
            began: day,
            ended: Some(day),
            parts_days: 0,
            done_by: DoneBy::Own,
            proof: Some(row.unit.serial.clone()),
        },
        photo: false,
        imported: false,
        counted: true,
        entered_by: work.ctx.actor.user,
        entered_at: work.now,
        version: 1,
    };
    store::insert_repairs(work.tx, std::slice::from_ref(&exchanged)).await?;
    count(work.tx, None, &exchanged).await?;
    let made = UnitRow { unit: unit.clone(), ..row.clone() };
    let event = event("serial_unit.repaired", &made, None, &exchanged).index(super::units::piece(
        &unit,
        &row.product,
        row.receipt.as_deref(),
        None,
    ));
    let _recorded = work.record(event).await?;
    Ok(())
}

/// Brings the unit's counts up to date.
async fn count(tx: &mut Tx, before: Option<&UnitRepair>, after: &UnitRepair) -> Result<(), Fault> {
    let n = |one: Option<&UnitRepair>, what: RepairKind| {
        i64::from(one.is_some_and(|one| one.counted && one.draft.what == what))
    };
    let of = |what: RepairKind| n(Some(after), what) - n(before, what);
    let (repairs, exchanges) = (of(RepairKind::Repair), of(RepairKind::Exchange));
    if repairs != 0 || exchanges != 0 {
        store::count_event(tx, after.unit, repairs, exchanges).await?;
    }
    Ok(())
}

type Read = fn(&UnitRepair) -> Option<String>;

const FIELDS: [(&str, Read); 8] = [
    ("repair_what", |one| Some(one.draft.what.to_string())),
    ("repair_body", |one| Some(one.draft.body.clone())),
    ("repair_fault", |one| Some(one.draft.fault.to_string())),
    ("repair_began", |one| Some(one.draft.began.to_string())),
    ("repair_ended", |one| one.draft.ended.map(|day| day.to_string())),
    ("repair_parts_days", |one| Some(one.draft.parts_days.to_string())),
    ("repair_proof", |one| one.draft.proof.clone()),
    ("repair_counted", |one| Some(one.counted.to_string())),
];

fn event(verb: &'static str, row: &UnitRow, before: Option<&UnitRepair>, after: &UnitRepair) -> Event {
    let mut event = Event::new(RecordRef::new(UNIT, after.unit), verb, row.unit.place());
    for (field, read) in FIELDS {
        event = event.change(field, before.and_then(read), read(after));
    }
    event
}

/// Rows of a list of the past: the serial number, and what happened.
pub type PastRepairs = Vec<(String, RepairInput)>;

struct Looked {
    errors: Vec<FieldErrors>,
    rows: Vec<(UnitRow, RepairDraft)>,
}

async fn looked(tx: &mut Tx, ctx: &Ctx, store: Id<of::Unit>, rows: &PastRepairs) -> Result<Looked, Fault> {
    let codes: Vec<String> = rows.iter().map(|(serial, _)| plain_code(serial)).collect();
    let units = store::units_with_codes(tx, &codes).await?;
    let ids: Vec<_> = units.iter().map(|row| row.unit.id).collect();
    let known = store::repairs_of_units(tx, &ids).await?;
    let mut seen: BTreeMap<(Id<of::SerialUnit>, RepairKind, Day), ()> =
        known.iter().map(|one| ((one.unit, one.draft.what, one.draft.began), ())).collect();
    let day = today(ctx, store);
    let (mut errors, mut good) = (Vec::new(), Vec::new());
    for ((_, input), code) in rows.iter().zip(&codes) {
        let mut wrong = FieldErrors::default();
        let draft = repair(&mut wrong, input, day);
        let mut here = units.iter().filter(|row| plain_code(&row.unit.serial) == *code);
        let unit = here.next().filter(|row| ctx.actor.may(EDIT_SALES, &row.unit));
        match (unit, here.next()) {
            (None, _) => wrong.add("serial", "unknown"),
            (Some(_), Some(_)) => wrong.add("serial", "several"),
            (Some(_), None) => {}
        }
        if let (Some(row), Some(draft)) = (unit, draft) {
            if seen.insert((row.unit.id, draft.what, draft.began), ()).is_some() {
                wrong.add("began", "taken");
            }
            if wrong.is_empty() {
                good.push((row.clone(), draft));
            }
        }
        errors.push(wrong);
    }
    Ok(Looked { errors, rows: good })
}

/// What is wrong with each row of a list of the past; nothing is written.
///
/// # Errors
/// `invalid` for too many rows.
pub async fn look_repairs(ctx: &Ctx, store: Id<of::Unit>, rows: PastRepairs) -> Result<Vec<FieldErrors>, Fault> {
    ctx.require(EDIT_SALES, &kernel::Place { store, team: None, owner: None })?;
    if rows.len() > MOST {
        return Err(Fault::field("text", "too-many"));
    }
    ctx.read((ctx.clone(), store, rows), |tx, (ctx, store, rows)| {
        Box::pin(async move { Ok(looked(tx, ctx, *store, rows).await?.errors) })
    })
    .await
}

/// Saves the good rows of a list of the past in one write; says how many. Those that are wrong stay with whoever pasted them.
///
/// # Errors
/// As [`look_repairs`].
pub async fn save_repairs(ctx: &Ctx, store: Id<of::Unit>, rows: PastRepairs) -> Result<usize, Fault> {
    ctx.require(EDIT_SALES, &kernel::Place { store, team: None, owner: None })?;
    if rows.len() > MOST {
        return Err(Fault::field("text", "too-many"));
    }
    ctx.write((store, rows), |work, (store, rows)| {
        Box::pin(async move {
            let ctx = work.ctx;
            let good = looked(work.tx, ctx, *store, rows).await?.rows;
            let made: Vec<(UnitRow, UnitRepair)> = good
                .into_iter()
                .map(|(row, draft)| {
                    let repair = UnitRepair {
                        id: work.ctx.house.ids.next(),
                        unit: row.unit.id,
                        counted: draft.counts(false, true),
                        draft,
                        photo: false,
                        imported: true,
                        entered_by: work.ctx.actor.user,
                        entered_at: work.now,
                        version: 1,
                    };
                    (row, repair)
                })
                .collect();
            let repairs: Vec<UnitRepair> = made.iter().map(|(_, one)| one.clone()).collect();
            store::insert_repairs(work.tx, &repairs).await?;
            let mut events = Vec::new();
            for (row, one) in &made {
                count(work.tx, None, one).await?;
                events.push(event("serial_unit.repaired", row, None, one));
            }
            Ok(work.record_all(events).await?.with(made.len()))
        })
    })
    .await
}

/// Product groups and the categories of the rules that they fall under.
///
/// # Errors
/// `not-found` for whoever does not keep lists.
pub async fn law_categories(ctx: &Ctx) -> Result<Vec<LawCategory>, Fault> {
    ctx.require(EDIT_LISTS, &products::place(ctx)?)?;
    ctx.read((), |tx, ()| Box::pin(async move { Ok(store::law_categories(tx).await?) })).await
}

/// Places the group `goods` under the category `law`, as of the version that was seen (0 = nobody had placed it).
///
/// # Errors
/// `invalid` when the rules have no such category; `stale`; `not-found`.
pub async fn place_goods(ctx: &Ctx, goods: &str, law: &str, version: i64) -> Result<(), Fault> {
    let place = products::place(ctx)?;
    ctx.require(EDIT_LISTS, &place)?;
    let goods = goods.trim().to_lowercase();
    if goods.is_empty() || goods.chars().count() > 60 {
        return Err(Fault::field("goods", "unknown"));
    }
    if law != "other" && verdict::rulebook()?.category(law).is_none() {
        return Err(Fault::field("law", "unknown"));
    }
    let one = LawCategory { goods, law: law.to_owned(), version };
    ctx.write((one, place), |work, (one, place)| {
        Box::pin(async move {
            let before = store::law_category(work.tx, &one.goods).await?;
            if before.as_deref() == Some(one.law.as_str()) {
                return Ok(work.unchanged(()));
            }
            if !store::save_law_category(work.tx, one, work.now).await? {
                return Err(Fault::stale(one.version.saturating_add(1)));
            }
            let record = RecordRef::new("law_category", Id::<LawCategory>::new(1));
            let event = Event::new(record, "law_category.placed", *place).change(
                "law",
                before.map(|law| format!("{}: {law}", one.goods)),
                Some(format!("{}: {}", one.goods, one.law)),
            );
            work.record(event).await
        })
    })
    .await
}
