//! For kinds with a flow of their own: that flow's capability moves the case, and only through here. The case keeps its clocks, its
//! numbers, what the customer is told and the step that every list reads.

use std::collections::BTreeMap;

use capability::Work;
use identity::Secret;
use kernel::{Fault, Id, Place, Placed, RecordRef, Timestamp, of};
use metrics::Delta;

use super::act::{self, Given};
use super::clocks::Clocks;
use super::events::{self, RECORD, zone_of};
use super::links::Issued;
use crate::domain::{ClockAction, Command, Count, Side, Stage, State};
use crate::store::{self, Case};

/// Where the flow of a kind puts the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Driven {
    /// The state, and with it the step.
    pub next: State,
    /// What happens to clocks before what the general command does.
    pub first: Vec<ClockAction>,
    /// What happens to clocks afterwards.
    pub then: Vec<ClockAction>,
}

/// From now on the case moves only through this module, and by what the customer says.
///
/// # Errors
/// What the database says.
pub async fn take_over(work: &mut Work<'_>, case: Id<of::Case>) -> Result<(), Fault> {
    Ok(store::give_own_flow(work.tx, case).await?)
}

/// Carries `command` out on `case`, which the caller holds and has checked permission for: its clocks, numbers and notices; the
/// case then stands where `driven` says. Gives the link that the customer got.
///
/// # Errors
/// The general rules' refusals; `stale`.
pub async fn drive(
    work: &mut Work<'_>,
    case: &mut Case,
    command: &Command,
    driven: &Driven,
) -> Result<Option<Issued>, Fault> {
    let policy = store::policy(work.tx).await?;
    let mut clocks = Clocks::of(work, case).await?;
    let token = Secret::link()?;
    let quiet = work.replayed;
    let given = Given { command, side: Side::Staff, policy: &policy, token: &token, quiet, driven: Some(driven) };
    Ok(act::carry_out(work, case, &mut clocks, &given).await?.1)
}

/// What moving a case without a general command leaves to be recorded.
#[derive(Debug, Default)]
pub struct Moved {
    /// What is counted.
    pub deltas: Vec<Delta>,
}

/// Moves `case`, which the caller holds, to where `driven` says, without a general command; `owner` and priority as `case` has them.
/// The caller records it.
///
/// # Errors
/// `stale`.
pub async fn place(work: &mut Work<'_>, case: &mut Case, driven: &Driven) -> Result<Moved, Fault> {
    let was_over = case.state.is_over();
    let now = work.now;
    let policy = store::policy(work.tx).await?;
    let mut clocks = Clocks::of(work, case).await?;
    case.state = driven.next;
    case.step = driven.next.step().unwrap_or(case.step);
    let live: Vec<ClockAction> = fitting(&clocks, driven.first.iter().chain(&driven.then));
    clocks.act(work, case, &policy, &live, now).await?;
    clocks.retarget(work, case, &policy, now).await?;
    case.due = if case.state.is_over() { None } else { clocks.due() };
    let place: Place = case.place();
    if !store::save(work.tx, case).await? {
        return Err(Fault::stale(case.version.saturating_add(1)));
    }
    case.version = case.version.saturating_add(1);
    search::set_place(work.tx, &RecordRef::new(RECORD, case.id), &place).await?;
    let day = now.day(&zone_of(&work.ctx.house, case.store));
    let mut event = events::event(case, "case.moved", now);
    if was_over != case.state.is_over() {
        let n = if was_over { 1 } else { -1 };
        event = events::counts(event, case, day, &[Count { part: "cases.open_now", n }]);
    }
    let event = events::deadlines(event, case, day, &clocks.met, &clocks.missed);
    Ok(Moved { deltas: event.deltas })
}

/// Actions for clocks that are not there are left out.
fn fitting<'a>(clocks: &Clocks, actions: impl Iterator<Item = &'a ClockAction>) -> Vec<ClockAction> {
    let mut now: BTreeMap<Stage, ()> = clocks.now().into_keys().map(|stage| (stage, ())).collect();
    let mut live = Vec::new();
    for action in actions {
        match *action {
            ClockAction::Start(stage, _) | ClockAction::Promise(stage, _) | ClockAction::Given(stage, _) => {
                if now.insert(stage, ()).is_some() {
                    live.push(ClockAction::Drop(stage));
                }
            }
            ClockAction::Stop(stage) | ClockAction::Drop(stage) => {
                if now.remove(&stage).is_none() {
                    continue;
                }
            }
            ClockAction::Pause(stage, _) | ClockAction::Resume(stage) => {
                if !now.contains_key(&stage) {
                    continue;
                }
            }
        }
        live.push(*action);
    }
    live
}

/// Moves `case`, which the caller holds, with its tasks and checks to `unit`: into the unit for sealed records, or back. What hangs on it
/// is found there from now on; its number, its clocks and its history stay. The caller records it and adds what is counted.
///
/// # Errors
/// What the database says.
pub async fn stand_in(work: &mut Work<'_>, case: &mut Case, unit: Id<of::Unit>) -> Result<Vec<Delta>, Fault> {
    let day = case.happened_at.day(&zone_of(&work.ctx.house, case.store));
    let mut deltas = Vec::new();
    let live = !case.state.is_over();
    for (store, n) in [(case.store, -1), (unit, 1)] {
        let at = Case { store, ..case.clone() };
        let event = events::event(&at, "case.moved", work.now);
        if live {
            deltas.extend(events::counts(event, &at, day, &[Count { part: "cases.open_now", n }]).deltas);
        }
    }
    store::stand_in(work.tx, case.id, unit).await?;
    (case.store, case.team) = (unit, None);
    search::set_place(work.tx, &RecordRef::new(RECORD, case.id), &case.place()).await?;
    Ok(deltas)
}

/// Erases what names a person in the case `id` for ever: its words, messages and papers; what was done, when and for how much stays.
///
/// # Errors
/// What a listener says against it; what the database says.
pub async fn forget(work: &mut Work<'_>, id: Id<of::Case>) -> Result<(), Fault> {
    super::forgotten::forget(work, id).await
}

/// How many tasks of the case are still open.
///
/// # Errors
/// What the database says.
pub async fn open_tasks(work: &mut Work<'_>, case: Id<of::Case>) -> Result<usize, Fault> {
    Ok(store::open_tasks(work.tx, case).await?)
}

/// The last instant at which a case of this installation closed at `closed` can be taken up again.
///
/// # Errors
/// What the database says.
pub async fn reopen_until(work: &mut Work<'_>, closed: Timestamp) -> Result<Timestamp, Fault> {
    let policy = store::policy(work.tx).await?;
    Ok(policy.limits(work.now).reopen_until(closed))
}
