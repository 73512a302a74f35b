//! Whether it held (有效性回查): some days after closing, by another person.

use std::sync::Arc;

use capability::{Ctx, Recorded, Work};
use identity::Secret;
use kernel::{Cursor, Day, Fault, FieldErrors, Id, of};
use parties::domain::text;
use serde::{Deserialize, Serialize};

use super::access::{CHECK, VIEW};
use super::events::zone_of;
use super::{desk, events, follow_up};
use crate::domain::{CheckResult, CheckState, Command, Limits, LinkKind, Policy, may_check};
use crate::store::{self, Case, Check, CheckLine};

/// Longest note, in characters.
const NOTE: usize = 2_000;

/// Notes, plans or drops the check of `case` as `command` says; gives the day for which one was planned.
pub(super) async fn follow(
    work: &mut Work<'_>,
    case: &Case,
    command: &Command,
    limits: &Limits,
) -> Result<Option<Day>, Fault> {
    let live = match command {
        Command::Resolve { .. } | Command::Close(_) | Command::Reopen { .. } => {
            store::live_check(work.tx, case.id).await?
        }
        _ => return Ok(None),
    };
    let from = live.as_ref().map(|check| check.state);
    let by = work.ctx.actor.user;
    let day = work.now.day(&zone_of(&work.ctx.house, case.store));
    let Some(check) = after(case, command, limits, live, || fresh(work, case, by), by, day) else { return Ok(None) };
    match from {
        Some(from) => {
            store::save_check(work.tx, &check, from).await?;
        }
        None => store::insert_checks(work.tx, std::slice::from_ref(&check)).await?,
    }
    Ok(check.planned_on.filter(|_| check.state == CheckState::Planned))
}

/// A check of `case` whose day is not known yet.
pub(super) fn fresh(work: &Work<'_>, case: &Case, solver: Option<Id<of::User>>) -> Check {
    Check {
        id: work.ctx.house.ids.next(),
        case: case.id,
        store: case.store,
        state: CheckState::Noted,
        solver,
        planned_on: None,
        result: None,
        note: None,
        checked_by: None,
        checked_at: None,
        follow_up: None,
    }
}

/// The check after `command` by `by` on `day`; `None` when nothing changes.
pub(super) fn after(
    case: &Case,
    command: &Command,
    limits: &Limits,
    live: Option<Check>,
    fresh: impl FnOnce() -> Check,
    by: Option<Id<of::User>>,
    day: Day,
) -> Option<Check> {
    match command {
        Command::Resolve { .. } => {
            limits.check_on(case.kind, day)?;
            Some(Check { solver: by, ..live.unwrap_or_else(fresh) })
        }
        Command::Close(_) => {
            let planned_on = Some(limits.check_on(case.kind, day)?);
            // What was resolved before anybody noted who did is taken for its owner's work.
            let check = live.unwrap_or_else(|| Check { solver: case.owner, ..fresh() });
            Some(Check { state: CheckState::Planned, planned_on, ..check })
        }
        Command::Reopen { .. } => live.map(|check| Check { state: CheckState::Dropped, ..check }),
        _ => None,
    }
}

/// A page of checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checks {
    /// The oldest first.
    pub rows: Vec<CheckLine>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Checks that are due by today within reach and that the actor may do.
///
/// # Errors
/// `busy` when the database is away.
pub async fn due_checks(ctx: &Ctx, after: Option<Cursor>, limit: u16) -> Result<Checks, Fault> {
    let limit = limit.clamp(1, 1_000);
    let today = ctx.now().day(&ctx.house.zone);
    let input = (ctx.reach(CHECK), ctx.actor.user, today, after, i64::from(limit));
    let mut rows = ctx
        .read(input, |tx, (reach, by, today, after, limit)| {
            Box::pin(async move { Ok(store::due_checks(tx, reach, *by, *today, *after, limit + 1).await?) })
        })
        .await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let next = rows.last().filter(|_| more);
    let next = next.map(|row| Cursor { key: store::day_key(row.planned_on), id: row.id.get() });
    Ok(Checks { rows, next })
}

/// What a check has come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckDone {
    /// What was found.
    pub result: CheckResult,
    /// The case in which a failed one goes on: id and number.
    pub follow_up: Option<(Id<of::Case>, String)>,
}

struct Input {
    id: Id<of::Case>,
    result: CheckResult,
    note: String,
    policy: Arc<Policy>,
    /// The follow-up case, if it is needed.
    next: Option<Case>,
    token: Secret,
}

/// Says whether the solution of the case `id` holds. A failed one goes on in a follow-up case of the same customer and product.
///
/// # Errors
/// `not-found` and `forbidden`; `invalid` with the fields; `cases-check-…` why it cannot be said.
pub async fn check(ctx: &Ctx, id: Id<of::Case>, result: CheckResult, note: &str) -> Result<CheckDone, Fault> {
    let mut errors = FieldErrors::default();
    // What does not hold is described, because somebody has to go on with it.
    let note = match result {
        CheckResult::Worked => text::optional(&mut errors, "note", Some(note), NOTE).unwrap_or_default(),
        CheckResult::Partly | CheckResult::Failed => text::required(&mut errors, "note", note, NOTE),
    };
    errors.check()?;
    let next = match result {
        CheckResult::Failed => {
            let case = follow_up::parent(ctx, id).await?;
            Some(follow_up::draft(ctx, &case, None, &note).await?)
        }
        CheckResult::Worked | CheckResult::Partly => None,
    };
    let policy = desk::of(&ctx.house).policy(&ctx.house).await?;
    let input = Input { id, result, note, policy, next, token: Secret::link()? };
    ctx.write(input, |work, input| Box::pin(body(work, input))).await
}

async fn body(work: &mut Work<'_>, input: &Input) -> Result<Recorded<CheckDone>, Fault> {
    let case = store::hold(work.tx, input.id).await?.ok_or_else(Fault::not_found)?;
    match () {
        () if work.ctx.actor.may(CHECK, &case) => {}
        () if work.ctx.actor.may(VIEW, &case) => return Err(Fault::forbidden()),
        () => return Err(Fault::not_found()),
    }
    let newest = store::checks_of(work.tx, case.id).await?.into_iter().next();
    let state = newest.as_ref().map_or(CheckState::Dropped, |check| check.state);
    may_check(state, newest.as_ref().and_then(|check| check.solver), work.ctx.actor.user)?;
    let Some(mut check) = newest else { return Err(Fault::not_found()) };
    let mut follow_up = None;
    if let Some(draft) = &input.next {
        let taken = follow_up::take_in(work, draft, &case, LinkKind::FollowUp, &input.policy, &input.token).await?;
        follow_up = Some((taken.id, taken.number));
    }
    let now = work.now;
    check.state = CheckState::Done;
    check.result = Some(input.result);
    check.note = Some(input.note.clone()).filter(|note| !note.is_empty());
    check.checked_by = work.ctx.actor.user;
    check.checked_at = Some(now);
    check.follow_up = follow_up.as_ref().map(|(id, _)| *id);
    if !store::save_check(work.tx, &check, CheckState::Planned).await? {
        return Err(Fault::stale(case.version));
    }
    let number = follow_up.as_ref().map(|(_, number)| number.clone());
    let event = checked(&work.ctx.house, &case, &check, now).change("follow_up", None, number);
    let recorded = work.record(event).await?;
    Ok(recorded.with(CheckDone { result: input.result, follow_up }))
}

/// What is recorded and counted of a check that was done.
pub(super) fn checked(
    house: &capability::Installation,
    case: &Case,
    check: &Check,
    now: kernel::Timestamp,
) -> capability::Event {
    let result = check.result.unwrap_or(CheckResult::Worked);
    let event = events::event(case, "case.checked", now)
        .change("check_result", None, Some(result.to_string()))
        .personal("note", None, check.note.clone());
    let day = now.day(&zone_of(house, case.store));
    let event = events::count(event, case, day, "checks.done", 1);
    match result {
        CheckResult::Worked => events::count(event, case, day, "checks.worked", 1),
        CheckResult::Partly => event,
        CheckResult::Failed => events::count(event, case, day, "checks.failed", 1),
    }
}
