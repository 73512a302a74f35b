//! What time does by itself: reminders, passing upward, questions that become void.

use calendar::Clock;
use calendar::worktime::Outcome;
use capability::{Ctx, Recorded, Work};
use kernel::{Fault, Id};
use serde::{Deserialize, Serialize};

use super::people::Offices;
use super::turn;
use super::verdict::take_back;
use crate::domain::{Act, State, What};
use crate::store::{self, Approval, ApprovalId, Step};

/// Questions that one read looks at.
const BATCH: i64 = 100;

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swept {
    /// Reminders.
    pub reminded: i64,
    /// Questions that went up.
    pub passed: i64,
    /// Questions that became void.
    pub expired: i64,
}

/// Looks at every question for which time does something now.
///
/// # Errors
/// `busy` when the database is away; what is not done is found again.
pub async fn sweep(ctx: &Ctx) -> Result<Swept, Fault> {
    let mut swept = Swept::default();
    loop {
        let now = ctx.now();
        let due: Vec<Id<ApprovalId>> =
            ctx.read(now, |tx, now| Box::pin(async move { Ok(store::due_next(tx, *now, BATCH).await?) })).await?;
        let found = i64::try_from(due.len()).unwrap_or(BATCH);
        for id in due {
            let one = ctx.write(id, |work, id| Box::pin(look_at(work, *id))).await?;
            swept.reminded += one.reminded;
            swept.passed += one.passed;
            swept.expired += one.expired;
        }
        if found < BATCH {
            return Ok(swept);
        }
    }
}

/// The due time of an approval after its calendar was edited.
///
/// # Errors
/// What the database says.
pub async fn follow(work: &mut Work<'_>, clock: &Clock) -> Result<Option<Recorded<()>>, Fault> {
    let Some(mut approval) = store::hold(work.tx, Id::new(clock.record_id)).await? else { return Ok(None) };
    let present = approval.state == State::Asked && approval.clock == Some(clock.id);
    let Some(due) = clock.due_at.filter(|due| present && *due != approval.due_at) else { return Ok(None) };
    let before = approval.due_at.to_string();
    approval.due_at = due;
    // Who was reminded is not reminded again.
    approval.remind_at = approval.remind_at.and(clock.warn_at).filter(|warn| *warn > work.now);
    store::keep_pace(work.tx, &approval).await?;
    let event = turn::event(work, &approval, "approval.deadline_moved", &[]);
    work.record(event.change("due", Some(before), Some(due.to_string()))).await.map(Some)
}

async fn look_at(work: &mut Work<'_>, id: Id<ApprovalId>) -> Result<Recorded<Swept>, Fault> {
    let now = work.now;
    let held = store::hold(work.tx, id).await?;
    // Somebody may have been faster.
    let Some(mut approval) = held.filter(|approval| approval.next_at().is_some_and(|next| next <= now)) else {
        return Ok(work.unchanged(Swept::default()));
    };
    if approval.expires_at <= now {
        let recorded = take_back(work, approval, Act::Expire, None, None).await?;
        return Ok(recorded.map(|_| Swept { expired: 1, ..Swept::default() }));
    }
    // The store's calendar may have been changed since, and the clock with it.
    if let Some(clock) = approval.clock
        && let Some(clock) = calendar::get(work.tx, clock).await?
        && let Some(due) = clock.due_at
    {
        approval.due_at = due;
    }
    if approval.due_at < now && !approval.stays {
        return up(work, approval).await;
    }
    if approval.remind_at.is_some_and(|at| at <= now) {
        return remind(work, approval).await;
    }
    store::keep_pace(work.tx, &approval).await?;
    Ok(work.unchanged(Swept::default()))
}

async fn remind(work: &mut Work<'_>, mut approval: Approval) -> Result<Recorded<Swept>, Fault> {
    approval.remind_at = None;
    store::keep_pace(work.tx, &approval).await?;
    note(work, &approval, What::Reminded, None).await?;
    let (directory, offices, steps) = scene(work, &approval).await?;
    let seats = offices.seats(&directory, &approval, &steps);
    let event = turn::event(work, &approval, "approval.reminded", &[]);
    let recorded = work.record(turn::turn(event, &directory, &approval, &seats)).await?;
    let users: Vec<_> = seats.iter().map(|seat| seat.user).collect();
    let notice = turn::notice(work, &approval, "approval.asked");
    notices::tell(work, &users, &notice).await?;
    Ok(recorded.with(Swept { reminded: 1, ..Swept::default() }))
}

/// Nobody answered in time: the next higher ones get the same time. At the top it stays, late for everybody to see.
async fn up(work: &mut Work<'_>, mut approval: Approval) -> Result<Recorded<Swept>, Fault> {
    let (directory, offices, mut steps) = scene(work, &approval).await?;
    let Some(unit) = offices.turn(&directory, &approval, &steps, Some(approval.unit)) else {
        approval.stays = true;
        return remind(work, approval).await;
    };
    let (from, since, due) = (approval.unit, steps.last().map(|step| step.at), approval.due_at);
    turn::end(work, &approval, Outcome::Met).await?;
    let now = work.now;
    let first = approval.passed == 0;
    approval.unit = unit;
    approval.passed = approval.passed.saturating_add(1);
    approval.passed_at = approval.passed_at.or(Some(now));
    turn::begin(work, &mut approval, now).await?;
    turn::save(work, &mut approval).await?;
    let since = steps.iter().rev().find(|step| step.what != What::Reminded).map(|step| step.at).or(since);
    note(work, &approval, What::Passed, Some((since, due))).await?;
    steps = store::steps(work.tx, approval.id).await?;
    let seats = offices.seats(&directory, &approval, &steps);
    // Counted once, however often it goes up, so that the number opens as many records.
    let parts: &[(&'static str, i64)] = if first { &[("approvals.passed_upward", 1)] } else { &[] };
    let event = turn::event(work, &approval, "approval.passed_upward", parts)
        .change("from", None, Some(turn::unit_name(&directory, from)))
        .change("no_answer_since", None, since.map(|at| at.to_string()))
        .change("no_answer_until", None, Some(due.to_string()))
        .change("minutes", None, Some(approval.minutes.to_string()));
    let recorded = work.record(turn::turn(event, &directory, &approval, &seats)).await?;
    turn::tell(work, &approval, &seats, "approval.passed_upward").await?;
    Ok(recorded.with(Swept { passed: 1, ..Swept::default() }))
}

async fn scene(
    work: &mut Work<'_>,
    approval: &Approval,
) -> Result<(std::sync::Arc<identity::Directory>, Offices, Vec<Step>), Fault> {
    debug_assert_eq!(approval.state, State::Asked);
    let directory = work.ctx.house.identity.directories().now();
    let offices = Offices::at(work.tx, &directory, work.now).await?;
    let steps = store::steps(work.tx, approval.id).await?;
    Ok((directory, offices, steps))
}

/// Writes down what time did; `late` = since when, and until when, nobody answered.
async fn note(
    work: &mut Work<'_>,
    approval: &Approval,
    what: What,
    late: Option<(Option<kernel::Timestamp>, kernel::Timestamp)>,
) -> Result<(), Fault> {
    let step = Step {
        what,
        at: work.now,
        unit: approval.unit,
        seat: None,
        since: late.and_then(|(since, _)| since),
        due: Some(late.map_or(approval.due_at, |(_, due)| due)),
        reason: None,
        by_link: false,
    };
    Ok(store::step(work.tx, approval.id, &step).await?)
}
