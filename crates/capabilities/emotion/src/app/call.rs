//! The cooling call-back: some hours later, by somebody else than whoever has the case. The call log has it as a call that is owed.

use capability::{Ctx, Recorded, Work};
use cases::store::Case;
use kernel::{Fault, FieldErrors, Id, RecordRef, Timestamp, of};
use notices::Notice;

use super::{count, day_of, event, require};
use crate::store::{self, Call, CallId};

/// Hours within which a call can be planned.
const LONGEST: i64 = 336;
const HOUR: i64 = 3_600_000;

/// Plans a call after `hours` by `caller`.
///
/// # Errors
/// `invalid` for a caller who has the case or cannot call, or for too many hours; `emotion-call-planned`; `emotion-no-customer` when there
/// is nobody to call; `not-found`; `forbidden`.
pub async fn plan_call(ctx: &Ctx, case: Id<of::Case>, hours: i64, caller: Id<of::User>) -> Result<(), Fault> {
    ctx.write((case, hours, caller), |work, (case, hours, caller)| {
        Box::pin(async move {
            let case = cases::store::get(work.tx, *case).await?.ok_or_else(Fault::not_found)?;
            require(work.ctx, &case)?;
            let mut errors = FieldErrors::default();
            if !(1..=LONGEST).contains(hours) {
                let limits = vec![("min", "1".to_owned()), ("max", LONGEST.to_string())];
                errors.add_with("hours", "number-range", limits);
            }
            let directory = work.ctx.house.identity.directories().now();
            let sees = directory.actor(*caller).is_some_and(|actor| actor.may(cases::app::VIEW, &case));
            if Some(*caller) == case.owner {
                errors.add("caller", "emotion-same");
            } else if !sees {
                errors.add("caller", "unknown");
            }
            errors.check()?;
            plan_call_within(work, &case, work.now.plus(hours * HOUR), *caller).await
        })
    })
    .await
}

/// The same within a write that does more; who calls has been looked at.
///
/// # Errors
/// `emotion-call-planned`; `emotion-no-customer`; what the database says.
pub async fn plan_call_within(
    work: &mut Work<'_>,
    case: &Case,
    due_at: Timestamp,
    caller: Id<of::User>,
) -> Result<Recorded<()>, Fault> {
    if case.phone_masked.is_empty() {
        return Err(Fault::refused("emotion-no-customer"));
    }
    if store::calls(work.tx, case.id).await?.iter().any(|call| call.done_at.is_none()) {
        return Err(Fault::refused("emotion-call-planned"));
    }
    let call = Call {
        id: work.ctx.house.ids.next(),
        case: case.id,
        caller,
        planned_at: work.now,
        planned_by: work.ctx.actor.user,
        due_at,
        done_at: None,
        done_by: None,
        note: None,
    };
    store::insert_call(work.tx, &call).await?;
    let directory = work.ctx.house.identity.directories().now();
    // The call log hears of it by this event: `call`, `caller_id`, `not_caller_id` and `call_at` are what it reads.
    let mut event = event(case, "emotion.call_planned")
        .change("to", None, directory.user_name(caller).map(str::to_owned))
        .change("call", None, Some(call.id.to_string()))
        .change("caller_id", None, Some(caller.to_string()))
        .change("not_caller_id", None, case.owner.map(|owner| owner.to_string()))
        .change("call_at", None, Some(due_at.to_string()));
    let day = day_of(work, case, work.now);
    count(&mut event, case, day, "emotion.planned", 1);
    let recorded = work.record(event).await?;
    let notice = Notice::new("emotion.call", RecordRef::new(cases::app::RECORD, case.id))
        .at(format!("/calls/{}", call.id))
        .number(&case.number)
        .subject(&case.subject)
        .due(due_at);
    notices::tell(work, &[caller], &notice).await?;
    Ok(recorded)
}

/// Somebody got through: the call log says so of the call `id`.
///
/// # Errors
/// What the database says.
pub async fn called(work: &mut Work<'_>, id: Id<CallId>, note: Option<String>) -> Result<(), Fault> {
    let Some(before) = store::call(work.tx, id).await? else { return Ok(()) };
    let Some(case) = cases::store::get(work.tx, before.case).await? else { return Ok(()) };
    let call = Call { done_at: Some(work.now), done_by: work.ctx.actor.user, note, ..before };
    store::save_call(work.tx, &call).await?;
    let mut event = event(&case, "emotion.called").personal("note", None, call.note.clone());
    let day = day_of(work, &case, call.planned_at);
    count(&mut event, &case, day, "emotion.called", 1);
    work.record(event).await.map(|_| ())
}

/// Nobody got through; the call log says when somebody tries again.
///
/// # Errors
/// What the database says.
pub async fn not_reached(work: &mut Work<'_>, id: Id<CallId>, next: Timestamp) -> Result<(), Fault> {
    let Some(before) = store::call(work.tx, id).await? else { return Ok(()) };
    let Some(case) = cases::store::get(work.tx, before.case).await? else { return Ok(()) };
    store::save_call(work.tx, &Call { due_at: next, ..before }).await?;
    let event = event(&case, "emotion.not_reached").change("call_at", None, Some(next.to_string()));
    work.record(event).await.map(|_| ())
}
