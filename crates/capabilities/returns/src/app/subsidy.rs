//! What a return makes of a state subsidy: said before it is opened, a task for finance afterwards, done once.

use capability::{Ctx, Work};
use kernel::{Cursor, Day, Fault, FieldErrors, Id, Money};
use parties::domain::subsidy::Duty;
use parties::store::Subsidy;

use super::access::{MONEY, VIEW};
use super::events;
use crate::domain::Way;
use crate::store::{self, LineRow, Owed, OwedState, OwedWhat, Return, ReturnId};

/// What the programme makes of this way.
pub const fn duty(subsidy: &Subsidy, way: Way) -> Duty {
    match way {
        Way::Refund => subsidy.programme.draft.on_refund,
        Way::Exchange => subsidy.programme.draft.on_exchange,
    }
}

/// The subsidy of a line's unit.
pub(super) async fn of_line(
    tx: &mut db::Tx,
    unit: Option<Id<kernel::of::SerialUnit>>,
) -> Result<Option<Subsidy>, Fault> {
    match unit {
        Some(unit) => Ok(parties::store::subsidy_of(tx, unit).await?),
        None => Ok(None),
    }
}

/// Notes what the lines of a new return owe; says how much goes back.
pub(super) async fn owe(work: &mut Work<'_>, one: &Return, lines: &[LineRow], today: Day) -> Result<Money, Fault> {
    let mut sum = Money::ZERO;
    for line in lines {
        let Some(subsidy) = of_line(work.tx, line.unit).await? else { continue };
        let what = match duty(&subsidy, one.way) {
            Duty::Repay => OwedWhat::Repay,
            Duty::Report => OwedWhat::Report,
            Duty::Keep => continue,
        };
        let amount = if what == OwedWhat::Repay { Money::from_fen(subsidy.amount_fen) } else { Money::ZERO };
        sum = sum + amount;
        let owed = Owed {
            id: work.ctx.house.ids.next(),
            of: one.id,
            number: one.number.clone(),
            line: line.seq,
            subsidy: subsidy.id,
            what,
            amount,
            account: subsidy.programme.draft.account.clone(),
            due: today.plus(i32::try_from(subsidy.programme.draft.days).unwrap_or(30)),
            state: OwedState::Open,
            reference: None,
            done_by: None,
            done_at: None,
            store: one.store,
        };
        store::insert_owed(work.tx, &owed).await?;
    }
    Ok(sum)
}

/// What is still to be done about subsidies, the soonest first.
///
/// # Errors
/// What the database says.
pub async fn owed_open(ctx: &Ctx, after: Option<Cursor>, limit: i64) -> Result<(Vec<Owed>, Option<Cursor>), Fault> {
    // A day counts from the beginning of the calendar that cursors keep.
    let first = kernel::Timestamp::from_millis(0);
    let zone = ctx.house.zone.clone();
    let behind = after.map(|cursor| (first.plus(cursor.key * 86_400_000).day(&zone), cursor.id));
    let mut rows = ctx
        .read((ctx.reach(MONEY), behind, limit), |tx, (reach, behind, limit)| {
            Box::pin(async move { Ok(store::owed_open(tx, reach, *behind, limit + 1).await?) })
        })
        .await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = rows.last().filter(|_| more).map(|row| {
        let key = parties::domain::terms::between(first.day(&zone), row.due);
        Cursor { key, id: row.id.get() }
    });
    Ok((rows, next))
}

/// Records under which number the subsidy of line `line` was repaid or reported; once.
///
/// # Errors
/// `not-found`; `forbidden`; `invalid` at `reference`; `returns-subsidy-done` when it was done before.
pub async fn settle_subsidy(ctx: &Ctx, id: Id<ReturnId>, line: i64, reference: &str) -> Result<(), Fault> {
    ctx.write((id, line, reference.to_owned()), |work, (id, line, reference)| {
        Box::pin(async move {
            let one = store::hold(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.require(VIEW, &one)?;
            if !work.ctx.actor.may(MONEY, &one) {
                return Err(Fault::forbidden());
            }
            let mut errors = FieldErrors::default();
            let reference = parties::domain::text::required_line(&mut errors, "reference", reference, 60);
            errors.check()?;
            let all = store::owed(work.tx, *id).await?;
            let owed = all.into_iter().find(|owed| owed.line == *line).ok_or_else(Fault::not_found)?;
            let by = work.ctx.actor.user;
            if !store::owed_done(work.tx, owed.id, &reference, by, work.now).await? {
                return Err(Fault::refused("returns-subsidy-done"));
            }
            let event = events::event("return.subsidy_settled", Some(&one), &one)
                .change("line", None, Some(line.to_string()))
                .change("amount", None, Some(owed.amount.to_string()))
                .change("reference", None, Some(reference));
            work.record(event).await
        })
    })
    .await
}
