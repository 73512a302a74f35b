//! What the shop's POS says: its refunds day by day, what does not match, and the budgets of goodwill.

use capability::{Ctx, Event};
use kernel::{Fault, FieldErrors, Id, Money, Place, RecordRef, of};

use super::access::{BUDGET, MONEY};
use super::events;
use super::sign::month_of;
use crate::store::{self, Budget, Mismatch, PosRefund};

/// Most rows of one report.
const MOST: usize = 2_000;
/// Most rows of each kind that are shown.
const SHOWN: i64 = 100;

/// Keeps what the POS of `store` reports; payments with the same reference and amount are reconciled. Gives how many rows are new.
///
/// # Errors
/// `invalid` naming the row; `not-found` when the store is out of reach.
pub async fn record_pos(ctx: &Ctx, store: Id<of::Unit>, rows: Vec<PosRefund>) -> Result<u64, Fault> {
    ctx.require(MONEY, &Place { store, team: None, owner: None })?;
    let mut errors = FieldErrors::default();
    if rows.is_empty() {
        errors.add("rows", "required");
    }
    if rows.len() > MOST {
        errors.add("rows", "too-many");
    }
    for (n, row) in rows.iter().enumerate() {
        if row.pos_ref.trim().is_empty() || row.pos_ref.chars().count() > 60 {
            errors.add(&format!("rows.{n}.ref"), "required");
        }
        if row.amount <= Money::ZERO {
            errors.add(&format!("rows.{n}.amount"), "money-format");
        }
    }
    errors.check()?;
    ctx.write((store, rows), |work, (store, rows)| {
        Box::pin(async move {
            let new = store::insert_pos(work.tx, &work.ctx.house.ids, *store, rows, work.now).await?;
            let place = Place { store: *store, team: None, owner: None };
            let mut touched = store::mark_reconciled(work.tx, *store).await?;
            touched.sort_unstable();
            touched.dedup();
            for id in touched {
                let Some(one) = store::hold(work.tx, id).await? else { continue };
                if !store::save(work.tx, &one).await? {
                    return Err(Fault::stale(one.version.saturating_add(1)));
                }
                let _reconciled = work.record(events::event("return.reconciled", Some(&one), &one)).await?;
            }
            let record = RecordRef::new("pos_report", work.ctx.house.ids.next::<PosRefund>());
            let event = Event::new(record, "pos.reported", place).quietly().change("rows", None, Some(new.to_string()));
            Ok(work.record(event).await?.with(new))
        })
    })
    .await
}

/// What does not match within the actor's reach.
///
/// # Errors
/// What the database says.
pub async fn mismatches(ctx: &Ctx) -> Result<Vec<Mismatch>, Fault> {
    let before = ctx.now().day(&ctx.house.zone).start(&ctx.house.zone);
    ctx.read((ctx.reach(MONEY), before), |tx, (reach, before)| {
        Box::pin(async move { Ok(store::mismatches(tx, reach, *before, SHOWN).await?) })
    })
    .await
}

/// The goodwill of every store within the actor's reach in this month.
///
/// # Errors
/// What the database says.
pub async fn budgets(ctx: &Ctx) -> Result<(String, Vec<(Id<of::Unit>, Budget)>), Fault> {
    let month = month_of(ctx.now().day(&ctx.house.zone));
    let reach = ctx.reach(BUDGET);
    let directory = ctx.house.identity.directories().now();
    let stores: Vec<Id<of::Unit>> = directory
        .stores()
        .filter(|store| store.active && (reach.company || reach.stores.contains(&store.id)))
        .map(|store| store.id)
        .collect();
    let rows = ctx
        .read((stores, month.clone()), |tx, (stores, month)| {
            Box::pin(async move {
                let mut rows = Vec::new();
                for store in stores {
                    rows.push((*store, store::budget(tx, *store, month).await?));
                }
                Ok::<_, Fault>(rows)
            })
        })
        .await?;
    Ok((month, rows))
}

/// Says how much goodwill `store` may give in this month, as of the `version` that was seen (0 = nobody had said).
///
/// # Errors
/// `invalid`; `stale`; `not-found` when the store is out of reach.
pub async fn set_budget(ctx: &Ctx, store: Id<of::Unit>, amount: Money, version: i64) -> Result<(), Fault> {
    let place = Place { store, team: None, owner: None };
    ctx.require(BUDGET, &place)?;
    if amount < Money::ZERO {
        return Err(Fault::field("amount", "money-negative"));
    }
    let month = month_of(ctx.now().day(&ctx.house.zone));
    ctx.write((store, amount, version, month, place), |work, (store, amount, version, month, place)| {
        Box::pin(async move {
            let before = store::budget(work.tx, *store, month).await?;
            if !store::save_budget(work.tx, *store, month, *amount, *version).await? {
                return Err(Fault::stale(before.version));
            }
            let record = RecordRef::new("goodwill_budget", Id::<Budget>::new(store.get()));
            let event = Event::new(record, "goodwill.budget_set", *place)
                .change("month", None, Some(month.clone()))
                .change("amount", before.amount.map(|one| one.to_string()), Some(amount.to_string()));
            work.record(event).await
        })
    })
    .await
}
