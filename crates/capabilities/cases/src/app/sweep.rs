//! What time does by itself: warnings, missed deadlines, cases that close or wake up.

use std::sync::Arc;

use calendar::{Crossed, Crossing};
use capability::{Ctx, Recorded, Work};
use identity::Secret;
use kernel::{Fault, Id, of};

use super::act::{self, Given};
use super::clocks::Clocks;
use super::desk;
use super::events::{self, RECORD, zone_of};
use crate::domain::{CloseBy, Command, Policy, Side, Stage, State};
use crate::store;

/// Clocks or cases that one transaction looks at.
const BATCH: i64 = 100;

/// What a sweep found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Swept {
    /// Deadlines that are soon.
    pub warned: i64,
    /// Deadlines that were missed.
    pub missed: i64,
    /// Cases that closed because nobody said anything.
    pub closed: i64,
    /// Waiting cases that go on.
    pub woken: i64,
}

/// Answers every clock that has crossed three quarters or its end, and closes what nobody has answered in time.
///
/// # Errors
/// `busy` when the database is away; what is not done is found again.
pub async fn sweep(ctx: &Ctx) -> Result<Swept, Fault> {
    let policy = desk::of(&ctx.house).policy(&ctx.house).await?;
    let mut swept = Swept::default();
    loop {
        let (found, part) = ctx.write(Arc::clone(&policy), |work, policy| Box::pin(crossed(work, policy))).await?;
        swept.warned += part.warned;
        swept.missed += part.missed;
        swept.closed += part.closed;
        if found < BATCH {
            return Ok(swept);
        }
    }
}

async fn crossed(work: &mut Work<'_>, policy: &Policy) -> Result<Recorded<(i64, Swept)>, Fault> {
    let crossings = calendar::sweep(work.tx, work.now, BATCH).await?;
    let found = i64::try_from(crossings.len()).unwrap_or(BATCH);
    let mut swept = Swept::default();
    let mut recorded = None;
    for Crossed { clock, what } in &crossings {
        let Some(stage) = Stage::parse(&clock.stage).filter(|_| clock.record_kind == RECORD) else { continue };
        let Some(mut case) = store::hold(work.tx, Id::new(clock.record_id)).await? else { continue };
        if case.state.is_over() {
            continue;
        }
        let due = clock.due_at.map(|due| due.to_string());
        recorded = Some(match what {
            Crossing::Warned => {
                swept.warned += 1;
                let event = events::event(&case, "case.deadline_near", work.now);
                work.record(event.change("stage", None, Some(stage.to_string())).change("due", None, due)).await?
            }
            Crossing::Breached if stage == Stage::Confirm && case.state == State::Resolved => {
                swept.closed += 1;
                let command = Command::Close(CloseBy::System);
                go_on(work, &mut case, &command, policy).await?
            }
            Crossing::Breached => {
                swept.missed += 1;
                let day = work.now.day(&zone_of(&work.ctx.house, case.store));
                let verb = if stage.is_customers() { "case.customer_silent" } else { "case.deadline_missed" };
                let event = events::event(&case, verb, work.now)
                    .change("stage", None, Some(stage.to_string()))
                    .change("due", None, due);
                let ours: &[Stage] = if stage.is_customers() { &[] } else { &[stage] };
                work.record(events::deadlines(event, &case, day, &[], ours)).await?
            }
        });
    }
    Ok(match recorded {
        Some(recorded) => recorded.with((found, swept)),
        None => work.unchanged((found, swept)),
    })
}

/// Wakes every waiting case whose time has come.
///
/// # Errors
/// `busy` when the database is away; what still waits is found again.
pub async fn wake(ctx: &Ctx) -> Result<i64, Fault> {
    let policy = desk::of(&ctx.house).policy(&ctx.house).await?;
    let mut woken = 0;
    loop {
        let now = ctx.now();
        let waits: Vec<Id<of::Case>> =
            ctx.read(now, |tx, now| Box::pin(async move { Ok(store::overdue_waits(tx, *now, BATCH).await?) })).await?;
        let found = i64::try_from(waits.len()).unwrap_or(BATCH);
        for id in waits {
            woken += ctx
                .write((id, Arc::clone(&policy)), |work, (id, policy)| Box::pin(wake_one(work, *id, policy)))
                .await?;
        }
        if found < BATCH {
            return Ok(woken);
        }
    }
}

async fn wake_one(work: &mut Work<'_>, id: Id<of::Case>, policy: &Policy) -> Result<Recorded<i64>, Fault> {
    let case = store::hold(work.tx, id).await?;
    // Somebody may have been faster.
    let due = case.filter(|case| case.state.wait().is_some_and(|wait| wait.until <= work.now));
    match due {
        Some(mut case) => Ok(go_on(work, &mut case, &Command::Resume, policy).await?.with(1)),
        None => Ok(work.unchanged(0)),
    }
}

async fn go_on(
    work: &mut Work<'_>,
    case: &mut store::Case,
    command: &Command,
    policy: &Policy,
) -> Result<Recorded<()>, Fault> {
    let mut clocks = Clocks::of(work, case).await?;
    let token = Secret::random("")?;
    let given = Given { command, side: Side::System, policy, token: &token, quiet: false };
    Ok(act::carry_out(work, case, &mut clocks, &given).await?.0)
}
