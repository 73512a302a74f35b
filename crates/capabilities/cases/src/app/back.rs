//! Taking an act back: the case, its clocks, its numbers and what belongs to the act stand as before, and the journal says so.

use std::collections::BTreeMap;
use std::sync::Arc;

use calendar::worktime::Outcome as ClockEnd;
use capability::{Ctx, Recorded, Work};
use db::Tx;
use kernel::{ActorKind, Fault, Id, Placed, RecordRef, Timestamp, of};
use metrics::Delta;
use serde::{Deserialize, Serialize};

use super::access::{CLOSE, VIEW, works};
use super::clocks::{Clocks, entered};
use super::command::Changed;
use super::desk;
use super::events::{self, RECORD, zone_of};
use crate::domain::{
    Act, Active, Cause, CheckState, CommandName, Kind, Limits, LinkKind, Outcome, Policy, Priority, Purpose, State,
    StateName, Step, Wait, WaitReason, may_take_back,
};
use crate::store::{self, ActRow, Case};

/// What of a case an act can change.
#[derive(Debug, Serialize, Deserialize)]
struct Before {
    kind: Kind,
    priority: Priority,
    state: StateName,
    wait: Option<(WaitReason, Timestamp, Id<of::User>, StateName)>,
    step: i64,
    team: Option<Id<of::Unit>>,
    owner: Option<Id<of::User>>,
    outcome: Option<Outcome>,
    cause: Option<Cause>,
    result_note: Option<String>,
    declined: i64,
    reopened: i64,
    merged_into: Option<Id<of::Case>>,
    accepted_at: Option<Timestamp>,
    resolved_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    /// The act was the first answer.
    answered: bool,
}

impl Before {
    fn of(case: &Case, after: &Case) -> Self {
        Self {
            answered: case.first_answered_at != after.first_answered_at,
            kind: case.kind,
            priority: case.priority,
            state: case.state.name(),
            wait: case.state.wait().map(|wait| (wait.reason, wait.until, wait.owner, wait.previous.name())),
            step: case.step.number(),
            team: case.team,
            owner: case.owner,
            outcome: case.outcome,
            cause: case.cause.clone(),
            result_note: case.result_note.clone(),
            declined: case.declined,
            reopened: case.reopened,
            merged_into: case.merged_into,
            accepted_at: case.accepted_at,
            resolved_at: case.resolved_at,
            closed_at: case.closed_at,
        }
    }

    /// Puts it back. What was said to the customer since stays said.
    fn restore(self, case: &mut Case) -> Result<(), Fault> {
        let wait = self.wait.and_then(|(reason, until, owner, previous)| {
            Some(Wait { reason, until, owner, previous: Active::named(previous)? })
        });
        let broken = || Fault::internal("an act whose case before cannot be read");
        case.state = State::from_name(self.state, wait).ok_or_else(broken)?;
        case.step = Step::from_number(self.step).ok_or_else(broken)?;
        case.kind = self.kind;
        case.priority = self.priority;
        case.team = self.team;
        case.owner = self.owner;
        case.outcome = self.outcome;
        case.cause = self.cause;
        case.result_note = self.result_note;
        case.declined = self.declined;
        case.reopened = self.reopened;
        case.merged_into = self.merged_into;
        case.accepted_at = self.accepted_at;
        case.resolved_at = self.resolved_at;
        case.closed_at = self.closed_at;
        if self.answered {
            case.first_answered_at = None;
        }
        Ok(())
    }
}

/// What an act has changed, to be noted.
pub(super) struct Noted<'a> {
    pub command: CommandName,
    pub before: &'a Case,
    /// The ledgers of the clocks before.
    pub lengths: &'a BTreeMap<Id<of::Clock>, i64>,
    pub clocks: &'a Clocks,
}

/// Notes the act of a person, so that it can be taken back. What the program, a customer or a history does cannot.
pub(super) async fn note(work: &mut Work<'_>, case: &Case, noted: &Noted<'_>, deltas: &[Delta]) -> Result<(), Fault> {
    let staff = matches!(work.ctx.actor.kind, ActorKind::Staff | ActorKind::Token);
    let Some(by) = work.ctx.actor.user.filter(|_| staff && !work.replayed) else { return Ok(()) };
    let mut after = noted.clocks.lengths();
    after.extend(&noted.clocks.ended);
    let touched = after.iter().filter_map(|(id, now)| {
        let before = noted.lengths.get(id).copied().unwrap_or_default();
        (before != *now).then_some((*id, before, *now))
    });
    // Over all, and for deadlines by stage; what is counted by kind and channel follows from the case.
    let mut counted: BTreeMap<String, i64> = BTreeMap::new();
    for delta in deltas {
        let part = match &delta.dimension {
            None => delta.part.to_owned(),
            Some(("stage", stage)) => format!("{}@{stage}", delta.part),
            Some(_) => continue,
        };
        *counted.entry(part).or_default() += delta.n;
    }
    let before = serde_json::to_string(&Before::of(noted.before, case))
        .map_err(|error| Fault::internal(format!("the case before an act: {error}")))?;
    let row = ActRow {
        id: work.ctx.house.ids.next(),
        case: case.id,
        act: Act { command: noted.command, version: case.version, by, at: work.now },
        before,
        clocks: touched.collect(),
        counted: counted.into_iter().collect(),
    };
    Ok(store::insert_act(work.tx, &row).await?)
}

/// What the actor could take back of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    /// What was done.
    pub command: CommandName,
    /// Who did it.
    pub by: Id<of::User>,
    /// When.
    pub at: Timestamp,
    /// Until when it can be taken back.
    pub until: Timestamp,
}

/// The last act on `case`, if the actor may take it back now.
pub(super) async fn offer(tx: &mut Tx, ctx: &Ctx, case: &Case, limits: &Limits) -> Result<Option<Back>, Fault> {
    let senior = ctx.actor.may(CLOSE, case);
    if case.own_flow || (!senior && !works(&ctx.actor, case)) {
        return Ok(None);
    }
    let act = store::last_act(tx, case.id).await?.map(|row| row.act);
    let free = may_take_back(act.as_ref(), case.version, limits, ctx.actor.user, senior, ctx.now()).is_ok();
    Ok(act.filter(|_| free).map(|act| Back { command: act.command, by: act.by, at: act.at, until: act.until(limits) }))
}

/// Takes back the last act on the case `id`, of which the actor has seen `version`.
///
/// # Errors
/// `not-found` and `forbidden`; `stale`; `cases-back-…` why it cannot be taken back any more.
pub async fn take_back(ctx: &Ctx, id: Id<of::Case>, version: i64) -> Result<Changed, Fault> {
    let policy = desk::of(&ctx.house).policy(&ctx.house).await?;
    ctx.write((id, version, policy), |work, (id, version, policy)| Box::pin(body(work, *id, *version, policy))).await
}

async fn body(
    work: &mut Work<'_>,
    id: Id<of::Case>,
    version: i64,
    policy: &Arc<Policy>,
) -> Result<Recorded<Changed>, Fault> {
    let mut case = store::hold(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    let senior = work.ctx.actor.may(CLOSE, &case);
    match () {
        () if senior || works(&work.ctx.actor, &case) => {}
        () if work.ctx.actor.may(VIEW, &case) => return Err(Fault::forbidden()),
        () => return Err(Fault::not_found()),
    }
    if case.version != version {
        return Err(Fault::stale(case.version));
    }
    if case.own_flow {
        return Err(Fault::refused("cases-own-flow"));
    }
    let now = work.now;
    let limits = policy.limits(now);
    let row = store::last_act(work.tx, id).await?;
    may_take_back(row.as_ref().map(|row| &row.act), version, &limits, work.ctx.actor.user, senior, now)?;
    let row = row.ok_or_else(|| Fault::refused("cases-back-none"))?;
    if !store::mark_taken_back(work.tx, row.id, now).await? {
        return Err(Fault::stale(case.version));
    }
    let done = case.clone();
    let before: Before = serde_json::from_str(&row.before)
        .map_err(|error| Fault::internal(format!("the case before an act: {error}")))?;
    before.restore(&mut case)?;
    clocks_back(work, &case, &row).await?;
    let clocks = Clocks::of(work, &case).await?;
    case.due = if case.state.is_over() { None } else { clocks.due() };
    if !store::save(work.tx, &case).await? {
        return Err(Fault::stale(case.version.saturating_add(1)));
    }
    case.version = case.version.saturating_add(1);
    rows_back(work, &done, &row).await?;
    if case.place() != done.place() {
        search::set_place(work.tx, &RecordRef::new(RECORD, case.id), &case.place()).await?;
    }
    let mut event =
        events::event(&case, "case.taken_back", now).change("command", None, Some(row.act.command.to_string()));
    event = events::changes(event, &work.ctx.house, Some(&done), &case);
    // Counted under what the case was then, on the day of the act: that day's numbers are as if it had not been done.
    let day = row.act.at.day(&zone_of(&work.ctx.house, case.store));
    for (counted, n) in &row.counted {
        let (part, stage) =
            counted.split_once('@').map_or((counted.as_str(), None), |(part, stage)| (part, Some(stage)));
        let Some(part) = events::part(part) else { continue };
        event = match stage {
            None => events::count(event, &done, day, part, -n),
            Some(stage) => event
                .count(Delta { dimension: Some(("stage", stage.to_owned())), ..Delta::new(part, done.store, day, -n) }),
        };
    }
    Ok(work.record(event).await?.with(Changed::of(&case, None)))
}

/// Clocks go on as if the act had not been done: those that it started end, those that it ended, paused or changed begin again with
/// the ledger that they had. What somebody has touched since stays.
async fn clocks_back(work: &mut Work<'_>, case: &Case, row: &ActRow) -> Result<(), Fault> {
    let entered = entered(work);
    let all = calendar::of_record(work.tx, &RecordRef::new(RECORD, case.id)).await?;
    let mut void = Vec::new();
    for (id, before, after) in &row.clocks {
        let Some(clock) = all.iter().find(|clock| clock.id == *id && clock.entries == *after) else { continue };
        if clock.is_open() {
            calendar::stop(work.tx, &entered, clock.id, work.now, ClockEnd::Cancelled).await?;
        }
        void.push(clock.id);
        if *before > 0 {
            let new = calendar::again(work.tx, &work.ctx.house.ids, &entered, clock.id, *before).await?;
            store::move_late(work.tx, clock.id, new.id).await?;
        }
    }
    if !void.is_empty() {
        store::void_clocks(work.tx, case.id, &void).await?;
    }
    Ok(())
}

/// Puts back the rows that belong to the act beside the case; `done` is the case as the act left it.
async fn rows_back(work: &mut Work<'_>, done: &Case, row: &ActRow) -> Result<(), Fault> {
    let (case, at, now) = (done.id, row.act.at, work.now);
    match row.act.command {
        CommandName::Propose => {
            store::unpropose(work.tx, case, at, now).await?;
            store::revoke(work.tx, case, Some(Purpose::Decide), now).await?;
        }
        CommandName::Confirm | CommandName::Decline => {
            store::undecide_plan(work.tx, case, at).await?;
        }
        CommandName::Merge => {
            if let Some(into) = done.merged_into {
                store::unrelate(work.tx, case, into, LinkKind::Merged).await?;
            }
        }
        CommandName::Resolve | CommandName::Close => {
            if let Some(mut check) = store::live_check(work.tx, case).await? {
                let from = check.state;
                check.planned_on = None;
                check.state = match row.act.command {
                    CommandName::Close => CheckState::Noted,
                    _ => CheckState::Dropped,
                };
                store::save_check(work.tx, &check, from).await?;
            }
        }
        CommandName::Reopen => {
            let newest = store::checks_of(work.tx, case).await?.into_iter().next();
            if let Some(mut check) = newest.filter(|check| check.state == CheckState::Dropped) {
                check.state = if check.planned_on.is_some() { CheckState::Planned } else { CheckState::Noted };
                store::save_check(work.tx, &check, CheckState::Dropped).await?;
            }
        }
        CommandName::Accept
        | CommandName::Assign
        | CommandName::Analyse
        | CommandName::Wait
        | CommandName::Resume
        | CommandName::Reject
        | CommandName::Cancel => {}
    }
    Ok(())
}
