//! What follows from a command: the complaint's rows, and the case beside it.

use calendar::Ending;
use capability::{Event, Recorded, Work};
use cases::app::flow::{self, Driven};
use cases::domain::{
    ClockAction, CloseBy, Command as General, Party as Bearer, Plan, PlanLine, PlanOption, Purpose, Share, Stage,
};
use cases::store::Case;
use kernel::{Fault, Placed, RecordRef, Timestamp};
use parties::domain::CauseKind;
use search::Piece;

use super::act::Changed;
use super::events::{self, count};
use super::sign;
use crate::domain::{Cause, Command, Remedy, State};
use crate::store::{self, Complaint, LineRow};

/// The piece of search in which stands what was found out; piece 1 is the case's result.
const FACTS_PIECE: i64 = 2;

/// Where the case goes, with clocks that begin or end.
pub(crate) fn driven(state: State, first: &[ClockAction], then: &[ClockAction]) -> Driven {
    Driven { next: state.case(), first: first.to_vec(), then: then.to_vec() }
}

/// The clock of `stage` with the time that is promised for a complaint this grave.
async fn promised(work: &mut Work<'_>, complaint: &Complaint, stage: Stage) -> Result<Vec<ClockAction>, Fault> {
    let promise = store::promise(work.tx, complaint.severity, stage, work.now).await?;
    Ok(promise.map(|deadline| ClockAction::Given(stage, deadline)).into_iter().collect())
}

/// Carries `command` out; it leads to `next` unless a second signature is needed first.
pub(super) async fn out(
    work: &mut Work<'_>,
    mut case: Case,
    before: Complaint,
    lines: Vec<LineRow>,
    command: &Command,
    next: State,
) -> Result<Recorded<Changed>, Fault> {
    let now = work.now;
    let mut after = Complaint { state: next, ..before.clone() };
    let mut event = None;
    match command {
        Command::Screen { severity, source, harm } => {
            after.severity = *severity;
            after.source = *source;
            after.harm = *harm;
            case.priority = severity.priority();
            let mut clocks = vec![ClockAction::Stop(Stage::Acknowledge)];
            clocks.extend(promised(work, &after, Stage::Decision).await?);
            move_case(work, &mut case, &mut event, &driven(next, &clocks, &[])).await?;
        }
        Command::Accept { severity, topic, handler, interested } => {
            after.severity = *severity;
            after.topic = Some(*topic);
            after.accepted_at = Some(now);
            for user in interested {
                store::add_interested(work.tx, case.id, *user).await?;
            }
            let general = General::Accept { owner: *handler, priority: severity.priority(), kind: case.kind };
            let to = driven(next, &[ClockAction::Stop(Stage::Decision)], &[]);
            flow::drive(work, &mut case, &general, &to).await?;
        }
        Command::NotAccept { reason, notice } => {
            after.reason = Some(*reason);
            after.notice = Some(notice.clone());
            if sign::asked_not_to_accept(work, &case, &mut after).await? {
                after.state = before.state;
                move_case(work, &mut case, &mut event, &driven(before.state, &[], &[])).await?;
                return finish(work, case, before, after, event, "complaints.signature_asked").await;
            }
            not_accept(work, &mut case, &mut after).await?;
        }
        Command::Duplicate { of } => {
            let target = cases::store::get(work.tx, *of).await?;
            let seen = target.is_some_and(|target| work.ctx.actor.may(cases::app::VIEW, &target));
            if !seen || *of == case.id {
                return Err(Fault::field("of", "unknown"));
            }
            flow::drive(work, &mut case, &General::Merge { into: *of }, &driven(next, &[], &[])).await?;
            after.ended_at = Some(now);
        }
        Command::Transfer { notice } => {
            after.notice = Some(notice.clone());
            after.ended_at = Some(now);
            let general = General::Reject { reason: notice.clone() };
            flow::drive(work, &mut case, &general, &driven(next, &[ClockAction::Stop(Stage::Decision)], &[])).await?;
        }
        Command::Withdraw { note } => {
            after.outcome = Some(note.clone());
            after.ended_at = Some(now);
            sign::overtake(work, &mut after).await?;
            flow::drive(work, &mut case, &General::Cancel { reason: note.clone() }, &driven(next, &[], &[])).await?;
        }
        Command::Investigate => {
            flow::drive(work, &mut case, &General::Analyse, &driven(next, &[], &[])).await?;
        }
        Command::Conclude { facts, evidence, party, cause, unit, user } => {
            after.facts = Some(facts.clone());
            after.evidence = Some(evidence.clone());
            after.party = Some(*party);
            cause_fits(work, &before, cause).await?;
            after.cause = Some(cause.clone());
            after.unit = *unit;
            after.user = *user;
            after.concluded_by = work.ctx.actor.user;
            after.concluded_at = Some(now);
            if let Some(user) = user {
                store::add_interested(work.tx, case.id, *user).await?;
            }
            case.cause = Some(cause.clone());
            move_case(work, &mut case, &mut event, &driven(next, &[], &[])).await?;
        }
        Command::Draft { lines } => {
            if after.round == 0 || after.offered_at.is_some() {
                after.round += 1;
                after.offered_at = None;
                after.wording = None;
                after.valid_until = None;
            }
            store::set_lines(work.tx, &work.ctx.house.ids, case.id, after.round, lines).await?;
            move_case(work, &mut case, &mut event, &driven(next, &[], &[])).await?;
        }
        Command::Submit { wording, valid_until } => {
            if *valid_until <= now {
                return Err(Fault::field("valid_until", "past"));
            }
            after.wording = Some(wording.clone());
            after.valid_until = Some(*valid_until);
            let offered: Vec<&LineRow> = lines.iter().filter(|line| line.round == after.round).collect();
            if sign::asked_to_offer(work, &case, &mut after, &offered).await? {
                after.state = State::Approval;
                move_case(work, &mut case, &mut event, &driven(State::Approval, &[], &[])).await?;
                return finish(work, case, before, after, event, "complaints.signature_asked").await;
            }
            offer(work, &mut case, &mut after, &offered).await?;
        }
        Command::Begin => move_case(work, &mut case, &mut event, &driven(next, &[], &[])).await?,
        Command::Execute { line, note } => {
            let by = work.ctx.actor.user;
            if !store::carry_out(work.tx, (case.id, after.round, *line), by, now, note).await? {
                return Err(Fault::field("line", "complaints-line-done"));
            }
            move_case(work, &mut case, &mut event, &driven(next, &[], &[])).await?;
        }
        Command::Finish { answer } => {
            after.answer = Some(answer.clone());
            after.executed_at = Some(now);
            let first = lines.iter().find(|line| line.round == after.round && line.line.kind != Remedy::Apology);
            let outcome = first.map_or(Remedy::Apology, |line| line.line.kind).outcome();
            let cause = after.cause.clone().unwrap_or(Cause::OTHER);
            let general = General::Resolve { outcome, cause, note: answer.clone() };
            let call = promised(work, &after, Stage::CallBack).await?;
            // Nobody's silence closes a complaint: somebody calls.
            let then: Vec<_> = std::iter::once(ClockAction::Drop(Stage::Confirm)).chain(call).collect();
            flow::drive(work, &mut case, &general, &driven(next, &[], &then)).await?;
        }
        Command::CallBack { holds: true, note, satisfaction } => {
            after.outcome = Some(note.clone());
            after.satisfaction = *satisfaction;
            after.called_by = work.ctx.actor.user;
            after.ended_at = Some(now);
            let general = General::Close(CloseBy::Manager(note.clone()));
            let to = driven(next, &[ClockAction::Stop(Stage::CallBack)], &[]);
            flow::drive(work, &mut case, &general, &to).await?;
            after.in_time = Some(kept(work, &case).await?);
        }
        Command::CallBack { holds: false, note, satisfaction } => {
            after.outcome = Some(note.clone());
            after.satisfaction = *satisfaction;
            after.reopened += 1;
            after.severity = after.severity.raised();
            after.executed_at = None;
            after.agreed_at = None;
            case.priority = after.severity.priority();
            let general = General::Reopen { wrong: note.clone() };
            let then = [ClockAction::Drop(Stage::Solution), ClockAction::Start(Stage::Plan, Share::Full)];
            flow::drive(work, &mut case, &general, &driven(next, &[ClockAction::Stop(Stage::CallBack)], &then)).await?;
        }
        Command::Appeal { why } => {
            let was_closed = before.state == State::Closed;
            after.appeals += 1;
            after.handler_before = before.owner;
            after.ended_at = None;
            after.in_time = None;
            after.outcome = Some(why.clone());
            after.severity = after.severity.raised();
            case.priority = after.severity.priority();
            let decision = promised(work, &after, Stage::Decision).await?;
            if was_closed {
                let then: Vec<_> = std::iter::once(ClockAction::Drop(Stage::Solution)).chain(decision).collect();
                let general = General::Reopen { wrong: why.clone() };
                flow::drive(work, &mut case, &general, &driven(next, &[], &then)).await?;
            } else {
                let mut clocks = vec![ClockAction::Start(Stage::NextAnswer, Share::Full)];
                clocks.extend(decision);
                move_case(work, &mut case, &mut event, &driven(next, &clocks, &[])).await?;
            }
        }
        Command::TakeAppeal { handler } => {
            case.owner = Some(*handler);
            after.accepted_at = after.accepted_at.or(Some(now));
            let clocks = [ClockAction::Stop(Stage::Decision), ClockAction::Start(Stage::Plan, Share::Full)];
            move_case(work, &mut case, &mut event, &driven(next, &clocks, &[])).await?;
        }
        Command::Archive => {
            after.archived_at = Some(now);
            let ended = after.ended_at.unwrap_or(now);
            let day = events::day(work, &after, ended);
            after.retain_until = Some(crate::keeping::app::retain_until(work.tx, case.id, day, now).await?);
            move_case(work, &mut case, &mut event, &driven(next, &[], &[])).await?;
        }
    }
    finish(work, case, before, after, event, verb(command)).await
}

/// Only a cause that the company's list offers is found; what was found before stays even when it is offered no longer.
async fn cause_fits(work: &mut Work<'_>, before: &Complaint, cause: &Cause) -> Result<(), Fault> {
    let today = events::day(work, before, work.now);
    let same = before.cause.as_ref() == Some(cause);
    match same || parties::store::is_cause_offered(work.tx, cause.as_str(), CauseKind::Complaint, today).await? {
        true => Ok(()),
        false => Err(Fault::field("cause", "unknown")),
    }
}

/// Moves the case without a general command and keeps what that counts for the event to come.
pub(super) async fn move_case(
    work: &mut Work<'_>,
    case: &mut Case,
    event: &mut Option<flow::Moved>,
    to: &Driven,
) -> Result<(), Fault> {
    *event = Some(flow::place(work, case, to).await?);
    Ok(())
}

/// The customer hears that it is not taken on, and why.
pub(super) async fn not_accept(work: &mut Work<'_>, case: &mut Case, after: &mut Complaint) -> Result<(), Fault> {
    after.state = State::NotAccepted;
    after.ended_at = Some(work.now);
    let reason = after.notice.clone().unwrap_or_default();
    let to = driven(State::NotAccepted, &[ClockAction::Stop(Stage::Decision)], &[]);
    flow::drive(work, case, &General::Reject { reason }, &to).await?;
    Ok(())
}

/// The offer goes out as the case's plan: the customer's page, the signed link and the counter take the answer.
pub(super) async fn offer(
    work: &mut Work<'_>,
    case: &mut Case,
    after: &mut Complaint,
    lines: &[&LineRow],
) -> Result<(), Fault> {
    after.state = State::Offered;
    after.offered_at = Some(work.now);
    let wording = after.wording.clone().unwrap_or_default();
    let texts: Vec<&str> = lines.iter().map(|line| line.line.text.as_str()).collect();
    let option = PlanOption {
        text: texts.join("；"),
        done_by: None,
        lines: lines
            .iter()
            .map(|line| PlanLine {
                text: line.line.text.clone(),
                amount: line.line.amount,
                bearer: Bearer::Store,
                by_law: line.line.by_law,
            })
            .collect(),
    };
    let plan = Plan { findings: wording, options: vec![option] };
    let until = after.valid_until.unwrap_or(work.now);
    let then = [ClockAction::Drop(Stage::CustomerAnswer), ClockAction::Promise(Stage::CustomerAnswer, until)];
    flow::drive(work, case, &General::Propose(plan), &driven(State::Offered, &[], &then)).await?;
    Ok(())
}

/// Whether every time that was promised to the customer was kept.
async fn kept(work: &mut Work<'_>, case: &Case) -> Result<bool, Fault> {
    let clocks = calendar::of_record(work.tx, &RecordRef::new(cases::app::RECORD, case.id)).await?;
    let ours = |stage: &str| Stage::parse(stage).is_some_and(|stage| !stage.is_customers());
    Ok(!clocks
        .iter()
        .any(|clock| ours(&clock.stage) && (clock.breached_at.is_some() || clock.outcome == Some(Ending::Late))))
}

/// Saves and records.
pub(super) async fn finish(
    work: &mut Work<'_>,
    case: Case,
    before: Complaint,
    mut after: Complaint,
    moved: Option<flow::Moved>,
    verb: &'static str,
) -> Result<Recorded<Changed>, Fault> {
    (after.store, after.team, after.owner) = (case.store, case.team, case.owner);
    store::save(work.tx, &after).await?;
    let mut event = events::event(work, verb, Some(&before), &after);
    event.deltas.extend(moved.map(|moved| moved.deltas).unwrap_or_default());
    event = numbers(work, event, &before, &after);
    if before.facts != after.facts {
        let place = case.place();
        let text = [after.facts.as_deref(), after.evidence.as_deref()].into_iter().flatten().collect::<Vec<_>>();
        event = event.index(Piece {
            record: RecordRef::new(cases::app::RECORD, case.id),
            piece: FACTS_PIECE,
            store: place.store,
            team: place.team,
            owner: place.owner,
            text: text.join("\n"),
            codes: Vec::new(),
        });
    }
    Ok(work.record(event).await?.with(Changed::of(&case, &after)))
}

/// What is counted: each complaint once, on its day; what is found out or over anew takes its old day's count back.
fn numbers(work: &Work<'_>, mut event: Event, before: &Complaint, after: &Complaint) -> Event {
    let now: Timestamp = work.now;
    if before.accepted_at.is_none() && after.accepted_at.is_some() {
        event = count(work, event, after, after.registered_at, "complaints.accepted", 1);
    }
    if before.concluded_at != after.concluded_at {
        if let Some(at) = before.concluded_at {
            event = count(work, event, before, at, "complaints.concluded", -1);
        }
        event = count(work, event, after, now, "complaints.concluded", 1);
    }
    if before.reopened == 0 && after.reopened > 0 {
        event = count(work, event, after, after.registered_at, "complaints.reopened", 1);
    }
    let closed = |one: &Complaint| one.ended_at.filter(|_| matches!(one.state, State::Closed | State::Archived));
    if closed(before) != closed(after) {
        for (one, n) in [(before, -1), (after, 1)] {
            let Some(at) = closed(one) else { continue };
            event = count(work, event, one, at, "complaints.closed", n);
            if one.in_time == Some(true) {
                event = count(work, event, one, at, "complaints.in_time", n);
            }
        }
    }
    event
}

const fn verb(command: &Command) -> &'static str {
    match command {
        Command::Screen { .. } => "complaints.screened",
        Command::Accept { .. } => "complaints.accepted",
        Command::NotAccept { .. } => "complaints.not_accepted",
        Command::Duplicate { .. } => "complaints.merged",
        Command::Transfer { .. } => "complaints.transferred",
        Command::Withdraw { .. } => "complaints.withdrawn",
        Command::Investigate => "complaints.investigated",
        Command::Conclude { .. } => "complaints.concluded",
        Command::Draft { .. } => "complaints.drafted",
        Command::Submit { .. } => "complaints.offered",
        Command::Begin => "complaints.begun",
        Command::Execute { .. } => "complaints.executed",
        Command::Finish { .. } => "complaints.finished",
        Command::CallBack { holds: true, .. } => "complaints.closed",
        Command::CallBack { holds: false, .. } => "complaints.not_effective",
        Command::Appeal { .. } => "complaints.appealed",
        Command::TakeAppeal { .. } => "complaints.appeal_taken",
        Command::Archive => "complaints.archived",
    }
}

/// The customer has said yes to the case's plan.
pub(crate) async fn customer_yes(work: &mut Work<'_>, case: &Case) -> Result<(), Fault> {
    let Some(before) = store::get(work.tx, case.id).await?.filter(|one| one.state == State::Offered) else {
        return Ok(());
    };
    let after = Complaint { state: State::Agreed, agreed_at: Some(work.now), ..before.clone() };
    let _recorded = finish(work, case.clone(), before, after, None, "complaints.agreed").await?;
    Ok(())
}

/// The customer has said no to it.
pub(crate) async fn customer_no(work: &mut Work<'_>, case: &Case) -> Result<(), Fault> {
    let Some(before) = store::get(work.tx, case.id).await?.filter(|one| one.state == State::Offered) else {
        return Ok(());
    };
    let after = Complaint { state: State::Proposal, ..before.clone() };
    let _recorded = finish(work, case.clone(), before, after, None, "complaints.refused").await?;
    Ok(())
}

/// A plan of the general flow is no longer with the customer.
pub(super) async fn take_plan_back(work: &mut Work<'_>, case: &Case) -> Result<(), Fault> {
    cases::store::supersede(work.tx, case.id, work.now).await?;
    cases::store::revoke(work.tx, case.id, Some(Purpose::Decide), work.now).await?;
    Ok(())
}
