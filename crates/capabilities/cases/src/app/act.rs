//! Carries out one command on a case that is loaded: the shell around [`decide`].

use std::collections::BTreeMap;

use approvals::domain::Limit;
use capability::{Event, Installation, Recorded, Work};
use db::Tx;
use identity::Secret;
use kernel::{Day, Fault, Place, Placed, RecordRef, Timestamp};
use search::Piece;

use super::access::CLOSE;
use super::clocks::Clocks;
use super::events::{self, RECORD, zone_of};
use super::flow::Driven;
use super::links::Issued;
use super::{approval, back, checks, tasks, tell};
use crate::domain::{
    Active, ClockNow, CloseBy, Command, Decision, Facts, FollowUp, Limits, LinkKind, Policy, Purpose, Side, Stage,
    State, decide,
};
use crate::store::{self, Case};

/// The piece of search in which the result of a case stands; its own text is the piece with the case's id.
const RESULT_PIECE: i64 = 1;

/// A minute and an hour in milliseconds.
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// A command, and what is needed to carry it out.
pub(super) struct Given<'a> {
    pub command: &'a Command,
    pub side: Side,
    pub policy: &'a Policy,
    /// For the link of a notice, made before the transaction.
    pub token: &'a Secret,
    /// The customer is not told.
    pub quiet: bool,
    /// The flow of its own kind moves the case.
    pub driven: Option<&'a Driven>,
}

/// What the rules want to know of `case`.
pub(super) async fn facts(tx: &mut Tx, case: &Case, clocks: &Clocks, limits: Limits) -> Result<Facts, Fault> {
    let with_customer = match case.state {
        State::Active(active) => active == Active::PlanProposed,
        State::Waiting(wait) => wait.previous == Active::PlanProposed,
        State::New | State::Resolved | State::Closed | State::Rejected | State::Cancelled | State::Merged => false,
    };
    let options = if with_customer { store::options_open(tx, case.id).await? } else { 0 };
    let held = match case.state {
        State::Active(_) | State::Waiting(_) => store::held_options(tx, case.id).await?,
        State::New | State::Resolved | State::Closed | State::Rejected | State::Cancelled | State::Merged => Vec::new(),
    };
    let open_tasks = if case.state.is_over() { 0 } else { store::open_tasks(tx, case.id).await? };
    Ok(Facts { options, open_tasks, held, ..known(case, clocks.now(), limits) })
}

/// The same without plans and tasks.
pub(super) fn known(case: &Case, clocks: BTreeMap<Stage, ClockNow>, limits: Limits) -> Facts {
    Facts {
        id: case.id,
        state: case.state,
        kind: case.kind,
        clocks,
        options: 0,
        declined: case.declined,
        closed_at: case.closed_at,
        open_tasks: 0,
        limits,
        // Histories that are played back and what comes from outside ask nobody.
        own_limit: Limit::Unlimited,
        actor: None,
        held: Vec::new(),
        own_flow: case.own_flow,
    }
}

/// Decides, saves, records, tells. `case` stands as saved afterwards.
pub(super) async fn carry_out(
    work: &mut Work<'_>,
    case: &mut Case,
    clocks: &mut Clocks,
    given: &Given<'_>,
) -> Result<(Recorded<()>, Option<Issued>), Fault> {
    let before = case.clone();
    let now = work.now;
    let facts = facts(work.tx, case, clocks, given.policy.limits(now)).await?;
    // What the flow of a kind lets go out it has had approved.
    let own_limit = match given.driven {
        Some(_) => Limit::Unlimited,
        None => approval::own_limit(work, case, given.command).await?,
    };
    let own_flow = facts.own_flow && given.driven.is_none();
    let facts = Facts { own_limit, own_flow, actor: work.ctx.actor.user, ..facts };
    let mut decision = decide(&facts, given.command, given.side, work.now)?;
    if let Some(driven) = given.driven {
        decision.next = driven.next;
        let first = driven.first.iter().copied();
        decision.clocks = first.chain(decision.clocks).chain(driven.then.iter().copied()).collect();
    }
    apply(case, given.command, &decision, now);
    clocks.met.clear();
    clocks.missed.clear();
    clocks.ended.clear();
    let lengths = clocks.lengths();
    clocks.act(work, case, given.policy, &decision.clocks, now).await?;
    if (case.kind, case.priority) != (before.kind, before.priority) {
        clocks.retarget(work, case, given.policy, now).await?;
    }
    case.due = if case.state.is_over() { None } else { clocks.due() };
    if !store::save(work.tx, case).await? {
        return Err(Fault::stale(case.version.saturating_add(1)));
    }
    case.version = case.version.saturating_add(1);
    let revision = own_rows(work, case, given.command).await?;
    // A kind with a flow of its own looks for itself whether it held.
    let check_on = match case.own_flow {
        true => None,
        false => checks::follow(work, case, given.command, &facts.limits).await?,
    };
    let event = words(events::event(case, decision.verb, now), case, given.command, revision);
    let event = event.change("check_on", None, check_on.map(|day| day.to_string()));
    if Placed::place(case) != Placed::place(&before) {
        search::set_place(work.tx, &RecordRef::new(RECORD, case.id), &case.place()).await?;
    }
    let event = events::changes(event, &work.ctx.house, Some(&before), case);
    let event = numbers(&work.ctx.house, event, &before, case, &decision, now);
    let day = now.day(&zone_of(&work.ctx.house, case.store));
    let event = events::deadlines(event, case, day, &clocks.met, &clocks.missed);
    let act = back::Noted { command: given.command.name(), before: &before, lengths: &lengths, clocks };
    if !case.own_flow {
        back::note(work, case, &act, &event.deltas).await?;
    }
    let mut recorded = work.record(event).await?;
    if let (Command::Propose(plan), None) = (given.command, given.driven) {
        recorded = approval::ask(work, case, plan, own_limit, recorded).await?;
    }
    for follow_up in &decision.follow_ups {
        match follow_up {
            FollowUp::RevokeDecideLinks => {
                store::revoke(work.tx, case.id, Some(Purpose::Decide), now).await?;
            }
            FollowUp::Escalate => {
                let event = escalation(&work.ctx.house, case, now);
                recorded = work.record(event).await?;
            }
            FollowUp::WithdrawTasks => {
                recorded = tasks::withdraw_all(work, case, said_to_customer(given.command), recorded).await?;
            }
            // Surveys listen to case.closed.
            FollowUp::InviteToRate => {}
        }
    }
    let mut link = None;
    for notice in decision.notices.iter().filter(|_| !given.quiet) {
        link = tell::tell(work, case, *notice, said_to_customer(given.command), given.token).await?;
    }
    Ok((recorded, link))
}

/// Puts into `case` what the command and the decision say.
pub(super) fn apply(case: &mut Case, command: &Command, decision: &Decision, now: Timestamp) {
    match command {
        Command::Accept { owner, priority, kind } => {
            case.owner = Some(*owner);
            case.priority = *priority;
            case.kind = *kind;
            case.accepted_at = Some(now);
        }
        Command::Assign { owner, team } => {
            case.owner = *owner;
            case.team = *team;
        }
        Command::Decline { .. } => case.declined = case.declined.saturating_add(1),
        Command::Resolve { outcome, cause, note } => {
            case.outcome = Some(*outcome);
            case.cause = Some(cause.clone());
            case.result_note = Some(note.clone());
            case.resolved_at = Some(now);
        }
        Command::Close(_) => case.closed_at = Some(now),
        Command::Reopen { .. } => {
            case.reopened = case.reopened.saturating_add(1);
            case.resolved_at = None;
            case.closed_at = None;
        }
        Command::Merge { into } => case.merged_into = Some(*into),
        Command::Analyse
        | Command::Propose(_)
        | Command::Confirm { .. }
        | Command::Wait { .. }
        | Command::Resume
        | Command::Reject { .. }
        | Command::Cancel { .. } => {}
    }
    case.state = decision.next;
    case.step = decision.next.step().unwrap_or(case.step);
    if decision.answers && case.first_answered_at.is_none() {
        case.first_answered_at = Some(now);
    }
}

/// Writes the rows that belong to a command beside the case; gives the revision of a new plan.
async fn own_rows(work: &mut Work<'_>, case: &Case, command: &Command) -> Result<Option<i64>, Fault> {
    let now = work.now;
    match command {
        Command::Propose(plan) => {
            // A link to the older plan must not decide about the newer one.
            store::supersede(work.tx, case.id, now).await?;
            store::revoke(work.tx, case.id, Some(Purpose::Decide), now).await?;
            let by = work.ctx.actor.user;
            let revision = store::insert_plan(work.tx, work.ctx.house.ids.next(), case.id, plan, by, now).await?;
            if !case.kind.needs_confirmation() && case.state.wait().is_none() {
                // Nothing to choose: it is carried out as it stands, and a later one takes its place.
                store::supersede(work.tx, case.id, now).await?;
            }
            return Ok(Some(revision));
        }
        Command::Confirm { option, proof } => {
            let chosen = i64::try_from(*option).unwrap_or_default();
            if !store::decide_plan(work.tx, case.id, chosen, proof.kind(), proof.note(), now).await? {
                return Err(Fault::refused("cases-no-plan"));
            }
        }
        Command::Decline { reason } => {
            if !store::declined(work.tx, case.id, reason, now).await? {
                return Err(Fault::refused("cases-no-plan"));
            }
        }
        Command::Merge { into } => {
            let (id, by) = (work.ctx.house.ids.next(), work.ctx.actor.user);
            store::relate(work.tx, id, (case.id, *into), LinkKind::Merged, by, now).await?;
        }
        Command::Accept { .. }
        | Command::Assign { .. }
        | Command::Analyse
        | Command::Wait { .. }
        | Command::Resume
        | Command::Resolve { .. }
        | Command::Close(_)
        | Command::Reopen { .. }
        | Command::Reject { .. }
        | Command::Cancel { .. } => {}
    }
    Ok(None)
}

/// Notes the words of a command that are not fields of the case.
pub(super) fn words(event: Event, case: &Case, command: &Command, revision: Option<i64>) -> Event {
    let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    match command {
        Command::Propose(plan) => plan.options.iter().fold(
            event.change("revision", None, revision.map(|n| n.to_string())).personal(
                "findings",
                None,
                text(&plan.findings),
            ),
            |event, option| {
                let cost = option.customer_pays().to_string();
                event.personal("option", None, text(&option.text)).change("customer_pays", None, Some(cost))
            },
        ),
        Command::Confirm { option, proof } => event
            .change("chosen", None, Some(option.saturating_add(1).to_string()))
            .change("proof", None, Some(proof.kind().to_string()))
            .personal("proof_note", None, proof.note().map(str::to_owned)),
        Command::Resolve { note, .. } => event.index(Piece {
            record: RecordRef::new(RECORD, case.id),
            piece: RESULT_PIECE,
            store: case.store,
            team: case.team,
            owner: case.owner,
            text: note.clone(),
            codes: Vec::new(),
        }),
        Command::Wait { note, .. } => event.personal("note", None, text(note)),
        Command::Close(CloseBy::Customer(proof)) => event
            .change("proof", None, Some(proof.kind().to_string()))
            .personal("proof_note", None, proof.note().map(str::to_owned)),
        Command::Decline { reason }
        | Command::Close(CloseBy::Manager(reason))
        | Command::Reject { reason }
        | Command::Cancel { reason } => event.personal("reason", None, text(reason)),
        Command::Reopen { wrong } => event.personal("reason", None, text(wrong)),
        Command::Close(CloseBy::System)
        | Command::Accept { .. }
        | Command::Assign { .. }
        | Command::Analyse
        | Command::Resume
        | Command::Merge { .. } => event,
    }
}

/// Adds what is counted: by the rules, and how long things took.
pub(super) fn numbers(
    house: &Installation,
    event: Event,
    before: &Case,
    case: &Case,
    decision: &Decision,
    now: Timestamp,
) -> Event {
    let day = now.day(&zone_of(house, case.store));
    let mut event = events::counts(event, case, day, &decision.counts);
    if before.first_answered_at.is_none() && case.first_answered_at.is_some() {
        event = first_answer(event, case, day, now);
    }
    if matches!(case.state, State::Resolved) && case.reopened == 0 {
        event = events::count(event, case, day, "resolution.hours", now.since(case.happened_at) / HOUR);
        event = events::count(event, case, day, "resolution.count", 1);
    }
    event
}

/// Counts how long the customer waited for the first answer.
pub(super) fn first_answer(event: Event, case: &Case, day: Day, now: Timestamp) -> Event {
    let event = events::count(event, case, day, "first_answer.minutes", now.since(case.happened_at) / MINUTE);
    events::count(event, case, day, "first_answer.count", 1)
}

/// Brings the store's manager in: it is journalled with their names, and their open pages are told.
pub(super) fn escalation(house: &Installation, case: &Case, now: Timestamp) -> Event {
    let place = Place { owner: None, ..case.place() };
    let directory = house.identity.directories().now();
    let managers: Vec<&str> =
        directory.who_may(CLOSE, &place).into_iter().map(|user| user.name.as_str()).take(5).collect();
    events::event(case, "case.escalated", now).change("to", None, Some(managers.join("、"))).change(
        "declined",
        None,
        Some(case.declined.to_string()),
    )
}

/// What the customer reads of a command's words.
fn said_to_customer(command: &Command) -> &str {
    match command {
        Command::Reject { reason } => reason,
        Command::Resolve { note, .. } => note,
        Command::Accept { .. }
        | Command::Assign { .. }
        | Command::Analyse
        | Command::Propose(_)
        | Command::Confirm { .. }
        | Command::Decline { .. }
        | Command::Wait { .. }
        | Command::Resume
        | Command::Close(_)
        | Command::Reopen { .. }
        | Command::Cancel { .. }
        | Command::Merge { .. } => "",
    }
}
