//! What time does by itself: warnings, missed deadlines, cases that close or wake up.

use std::sync::Arc;

use calendar::worktime::Millis;
use calendar::{Clock, Crossed, Crossing};
use capability::{Ctx, Event, Installation, Recorded, Work};
use identity::{Secret, UnitKind, User};
use kernel::{Fault, Id, Place, Placed, Timestamp, of};

use super::access::{CLOSE, WORK};

use super::act::{self, Given};
use super::clocks::Clocks;
use super::desk;
use super::events::{self, RECORD, zone_of};
use super::tasks;
use crate::domain::{CloseBy, Command, Policy, Side, Stage, State};
use crate::store;

/// Clocks or cases that one transaction looks at.
const BATCH: i64 = 100;
/// Most people who are told of one deadline.
const TOLD: usize = 8;

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
    /// Missed deadlines that were brought before the region.
    pub raised: i64,
}

/// Up the tree: who is told of a deadline, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// Before it is missed: whoever has the case, or could take it on.
    Owner,
    /// When it is missed: the store's manager.
    Store,
    /// When it is still open some working time later: the region's manager.
    Region,
}

/// The people of `level` for `case`; where there is nobody, those of the next.
fn people(house: &Installation, case: &store::Case, level: Level) -> Vec<(Id<of::User>, String)> {
    let directory = house.identity.directories().now();
    let named = |user: &User| (user.id, user.name.clone());
    let place = Place { owner: None, ..case.place() };
    if level == Level::Owner {
        if let Some(owner) = case.owner.and_then(|owner| directory.user(owner)).filter(|owner| owner.active) {
            return vec![named(owner)];
        }
        let near = directory.who_may(WORK, &place).into_iter();
        let near: Vec<_> = near.filter(|user| directory.store_of(user.home).is_some()).take(TOLD).map(named).collect();
        if !near.is_empty() {
            return near;
        }
    }
    let seniors = directory.who_may(CLOSE, &place);
    let kind = |user: &User| directory.unit(user.home).map(|unit| unit.kind);
    let of_store: Vec<_> = seniors.iter().filter(|user| directory.store_of(user.home).is_some()).collect();
    let of_region: Vec<_> = seniors.iter().filter(|user| kind(user) == Some(UnitKind::Region)).collect();
    let order = match level {
        Level::Owner | Level::Store => [of_store, of_region],
        Level::Region => [of_region, Vec::new()],
    };
    let first = order.into_iter().find(|some| !some.is_empty());
    // Without a manager in between, whoever is left above.
    first.map_or_else(
        || seniors.iter().take(TOLD).map(|user| named(user)).collect(),
        |some| some.into_iter().take(TOLD).map(|user| named(user)).collect(),
    )
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
            break;
        }
    }
    loop {
        let (found, raised) = ctx.write((), |work, ()| Box::pin(raise(work))).await?;
        swept.raised += raised;
        if found < BATCH {
            return Ok(swept);
        }
    }
}

/// Brings missed deadlines that are still open before the region, each once.
async fn raise(work: &mut Work<'_>) -> Result<Recorded<(i64, i64)>, Fault> {
    let late = store::late_now(work.tx, work.now, BATCH).await?;
    let found = i64::try_from(late.len()).unwrap_or(BATCH);
    let (mut recorded, mut raised) = (None, 0);
    for (clock, case) in late {
        let open = calendar::get(work.tx, clock).await?.filter(Clock::is_open);
        let case = store::get(work.tx, case).await?.filter(|case| !case.state.is_over());
        let (Some(clock), Some(case)) = (&open, &case) else {
            store::told_late(work.tx, clock, None).await?;
            continue;
        };
        if !store::told_late(work.tx, clock.id, Some(work.now)).await? {
            continue;
        }
        raised += 1;
        let event = of_clock(events::event(case, "case.deadline_raised", work.now), clock);
        let told = people(&work.ctx.house, case, Level::Region);
        let event = events::told(event, &told);
        recorded = Some(work.record(event).await?);
    }
    Ok(match recorded {
        Some(recorded) => recorded.with((found, raised)),
        None => work.unchanged((found, raised)),
    })
}

/// Names which deadline an event is about, and by which rule it counted.
fn of_clock(event: Event, clock: &Clock) -> Event {
    event
        .change("stage", None, Some(clock.stage.clone()))
        .change("due", None, clock.due_at.map(|due| due.to_string()))
        .change("clock", None, Some(clock.id.to_string()))
        .change("allowed", None, Some(format!("{} {}", clock.unit, clock.amount)))
        .change("policy_version", None, Some(clock.policy_version.to_string()))
}

/// Notes when the region is told of a deadline that `clock` has missed.
async fn note(work: &mut Work<'_>, case: &store::Case, clock: &Clock, policy: &Policy) -> Result<(), Fault> {
    let minutes = policy.limits(work.now).region_minutes;
    let calendar = calendar::of_store(work.tx, case.store).await?;
    let later = calendar.add(work.now.to_jiff(), Millis::minutes(minutes)).map(Timestamp::from_jiff);
    // A calendar that never works again tells at once.
    Ok(store::note_late(work.tx, clock.id, case.id, later.unwrap_or(work.now)).await?)
}

async fn crossed(work: &mut Work<'_>, policy: &Policy) -> Result<Recorded<(i64, Swept)>, Fault> {
    let crossings = calendar::sweep(work.tx, work.now, BATCH).await?;
    let found = i64::try_from(crossings.len()).unwrap_or(BATCH);
    let mut swept = Swept::default();
    let mut recorded = None;
    for Crossed { clock, what } in &crossings {
        if clock.record_kind == tasks::TASK {
            recorded = tasks::crossed(work, clock, *what == Crossing::Breached).await?.or(recorded);
            continue;
        }
        let Some(stage) = Stage::parse(&clock.stage).filter(|_| clock.record_kind == RECORD) else { continue };
        let Some(mut case) = store::hold(work.tx, Id::new(clock.record_id)).await? else { continue };
        if case.state.is_over() {
            continue;
        }
        recorded = Some(match what {
            Crossing::Warned => {
                swept.warned += 1;
                let event = events::event(&case, "case.deadline_near", work.now);
                let told = people(&work.ctx.house, &case, Level::Owner);
                let event = events::told(event, &told);
                work.record(of_clock(event, clock)).await?
            }
            Crossing::Breached if stage == Stage::Confirm && case.state == State::Resolved && !case.own_flow => {
                swept.closed += 1;
                let command = Command::Close(CloseBy::System);
                go_on(work, &mut case, &command, policy).await?
            }
            Crossing::Breached => {
                swept.missed += 1;
                let day = work.now.day(&zone_of(&work.ctx.house, case.store));
                let verb = if stage.is_customers() { "case.customer_silent" } else { "case.deadline_missed" };
                let event = of_clock(events::event(&case, verb, work.now), clock);
                let ours: &[Stage] = if stage.is_customers() { &[] } else { &[stage] };
                let level = if stage.is_customers() { Level::Owner } else { Level::Store };
                let told = people(&work.ctx.house, &case, level);
                let event = events::told(event, &told);
                if !stage.is_customers() {
                    note(work, &case, clock, policy).await?;
                }
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
    let token = Secret::link()?;
    let given = Given { command, side: Side::System, policy, token: &token, quiet: false, driven: None };
    Ok(act::carry_out(work, case, &mut clocks, &given).await?.0)
}
