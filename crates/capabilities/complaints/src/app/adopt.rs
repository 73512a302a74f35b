//! How a case comes into this flow: at intake, and for those that are live without it by a job.

use capability::{Ctx, Event, Recorded, Work};
use cases::app::flow;
use cases::domain::{ClockAction, Kind, Stage};
use cases::store::Case;
use kernel::{Fault, Id, of};

use super::{carry, events};
use crate::domain::{Severity, Source, State};
use crate::store::{self, Complaint};

/// Cases that one transaction takes over.
const BATCH: i64 = 50;

/// Takes live complaint cases without this flow into it, where they stand: imported ones, those from before there was this flow, and
/// those that turned out to be complaints. Gives how many.
///
/// # Errors
/// What the database says.
pub async fn adopt_all(ctx: &Ctx) -> Result<usize, Fault> {
    let mut adopted = 0;
    loop {
        let found: Vec<Id<of::Case>> =
            ctx.read((), |tx, ()| Box::pin(async move { Ok(store::without(tx, BATCH).await?) })).await?;
        if found.is_empty() {
            return Ok(adopted);
        }
        for id in found {
            adopt_one(ctx, id).await?;
            adopted += 1;
        }
    }
}

/// The same for one case.
///
/// # Errors
/// `not-found`, or what the database says.
pub async fn adopt_one(ctx: &Ctx, id: Id<of::Case>) -> Result<(), Fault> {
    ctx.write(id, |work, id| {
        Box::pin(async move {
            let case = cases::store::hold(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            match adopt_within(work, case).await? {
                Some(recorded) => Ok(recorded),
                None => Ok(work.unchanged(())),
            }
        })
    })
    .await
}

/// The same within a write that does more: histories that are played back.
///
/// # Errors
/// As [`adopt_one`].
pub async fn adopt_into(work: &mut Work<'_>, id: Id<of::Case>) -> Result<(), Fault> {
    let case = cases::store::hold(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    adopt_within(work, case).await.map(|_| ())
}

/// Takes `case`, which is held, into this flow where it stands, unless it is there, is no complaint, or is over.
pub(crate) async fn adopt_within(work: &mut Work<'_>, mut case: Case) -> Result<Option<Recorded<()>>, Fault> {
    if case.kind != Kind::Complaint || case.own_flow || case.state.is_over() {
        return Ok(None);
    }
    let state = State::of_case(case.state);
    let complaint = Complaint {
        case: case.id,
        store: case.store,
        team: case.team,
        owner: case.owner,
        number: case.number.clone(),
        state,
        severity: Severity::supposed(case.priority, case.upset),
        topic: None,
        source: if case.channel == cases::domain::Channel::Import { Source::Import } else { Source::Customer },
        harm: false,
        registered_at: case.happened_at,
        facts: None,
        evidence: None,
        party: None,
        cause: None,
        unit: None,
        user: None,
        concluded_by: None,
        concluded_at: None,
        reason: None,
        notice: None,
        pending: None,
        approval: None,
        round: 0,
        wording: None,
        valid_until: None,
        answer: None,
        handler_before: None,
        appeals: 0,
        reopened: 0,
        accepted_at: case.accepted_at,
        offered_at: None,
        agreed_at: None,
        executed_at: case.resolved_at,
        ended_at: None,
        archived_at: None,
        called_by: None,
        outcome: None,
        satisfaction: None,
        in_time: None,
        retain_until: None,
        legal_hold: None,
    };
    flow::take_over(work, case.id).await?;
    case.own_flow = true;
    store::insert(work.tx, &complaint).await?;
    let mut deltas = Vec::new();
    let verb = if state == State::Registered { "complaints.registered" } else { "complaints.taken_over" };
    if state != State::Registered {
        let mut clocks: Vec<ClockAction> = Vec::new();
        if case.state != state.case() {
            // It waited, or a plan was with the customer: it goes on.
            carry::take_plan_back(work, &case).await?;
            clocks.push(ClockAction::Drop(Stage::CustomerAnswer));
            clocks.extend([ClockAction::Resume(Stage::Plan), ClockAction::Resume(Stage::Solution)]);
        }
        if state == State::FollowUp {
            clocks.push(ClockAction::Drop(Stage::Confirm));
            let call = store::promise(work.tx, complaint.severity, Stage::CallBack, work.now).await?;
            clocks.extend(call.map(|deadline| ClockAction::Given(Stage::CallBack, deadline)));
        }
        deltas = flow::place(work, &mut case, &carry::driven(state, &clocks, &[])).await?.deltas;
    }
    let mut event = events::event(work, verb, None, &complaint).quietly();
    event.deltas = deltas;
    if complaint.accepted_at.is_some() {
        event = events::count(work, event, &complaint, complaint.registered_at, "complaints.accepted", 1);
    }
    Ok(Some(work.record(event).await?))
}

/// A complaint that nobody has looked at yet came from where `event` says.
pub(crate) async fn came_from(work: &mut Work<'_>, event: &Event) -> Result<(), Fault> {
    let said = event.changes.iter().find(|change| change.field == "source").and_then(|change| change.after.as_deref());
    let Some(source) = said.and_then(Source::parse) else { return Ok(()) };
    let Some(before) = store::get(work.tx, Id::new(event.record.id)).await? else { return Ok(()) };
    if before.state != State::Registered {
        return Ok(());
    }
    let after = Complaint { source, ..before.clone() };
    if before.source != source {
        store::save(work.tx, &after).await?;
    }
    if source == Source::Regulator {
        return crate::regulator::app::came(work, event, &after).await;
    }
    Ok(())
}
