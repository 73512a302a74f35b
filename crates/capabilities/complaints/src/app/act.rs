//! Carries out one command on a complaint that is loaded: the shell around [`decide`].

use capability::{Ctx, Recorded, Work};
use cases::store::Case;
use identity::{Directory, UnitKind};
use kernel::{Fault, Id, Place, Placed, of};
use serde::{Deserialize, Serialize};

use super::access::{HANDLE, VIEW, gravest, needed};
use super::carry;
use crate::domain::{Command, CommandName, Facts, Level, State, decide};
use crate::regulator::app as regulator;
use crate::store::{self, Complaint, LineRow};

/// A complaint after a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The case.
    pub id: Id<of::Case>,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: State,
    /// Counts the changes of the case.
    pub version: i64,
    /// It waits for a second signature.
    pub pending: bool,
}

impl Changed {
    pub(crate) fn of(case: &Case, complaint: &Complaint) -> Self {
        Self {
            id: complaint.case,
            number: complaint.number.clone(),
            state: complaint.state,
            version: case.version,
            pending: complaint.pending.is_some(),
        }
    }
}

/// Carries out `command` on the complaint of the case `id`, of which the actor has seen `version`.
///
/// # Errors
/// `not-found` and `forbidden`; `stale`; `invalid` with the fields; the rules' refusals (409).
pub async fn command(ctx: &Ctx, id: Id<of::Case>, version: i64, command: Command) -> Result<Changed, Fault> {
    ctx.write((id, version, command), |work, (id, version, command)| {
        Box::pin(command_within(work, *id, Some(*version), command))
    })
    .await
}

/// The same within a write that does more; without a version whatever it is now.
///
/// # Errors
/// As [`command`].
pub async fn command_within(
    work: &mut Work<'_>,
    id: Id<of::Case>,
    version: Option<i64>,
    command: &Command,
) -> Result<Recorded<Changed>, Fault> {
    let case = cases::store::hold(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    let complaint = store::get(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    require(work.ctx, command, &complaint)?;
    if version.is_some_and(|seen| seen != case.version) {
        return Err(Fault::stale(case.version));
    }
    let directory = work.ctx.house.identity.directories().now();
    people_fit(&directory, &complaint, command)?;
    let lines = store::lines(work.tx, id).await?;
    let facts = facts(work, &complaint, &lines).await?;
    regulator::guard_complaint(work.tx, &complaint, command).await?;
    let next = decide(&facts, command, |user| level(&directory, user), work.now)?;
    carry::out(work, case, complaint, lines, command, next).await
}

/// What the rules want to know.
pub(super) async fn facts(work: &mut Work<'_>, complaint: &Complaint, lines: &[LineRow]) -> Result<Facts, Fault> {
    let appeal_until = match complaint.ended_at {
        Some(ended) => Some(cases::app::flow::reopen_until(work, ended).await?),
        None => None,
    };
    let interested = store::interested(work.tx, complaint.case).await?;
    let directory = work.ctx.house.identity.directories().now();
    let mut facts = known(&directory, work.ctx.actor.user, complaint, lines, interested, appeal_until);
    facts.lacks = regulator::lacks(work.tx, complaint.case, facts.lacks).await?;
    Ok(facts)
}

/// What the dossier of `complaint` lacks, the authority's part with it.
pub(crate) async fn lacking(
    work: &mut Work<'_>,
    complaint: &Complaint,
    lines: &[LineRow],
) -> Result<Vec<&'static str>, Fault> {
    regulator::lacks(work.tx, complaint.case, lacks(complaint, lines)).await
}

/// The same of what is read already.
pub(super) fn known(
    directory: &Directory,
    actor: Option<Id<of::User>>,
    complaint: &Complaint,
    lines: &[LineRow],
    interested: Vec<Id<of::User>>,
    appeal_until: Option<kernel::Timestamp>,
) -> Facts {
    let standing: Vec<&LineRow> = lines.iter().filter(|line| line.round == complaint.round).collect();
    // What the customer has refused is not offered again as it is.
    let refused = complaint.state == State::Proposal && complaint.offered_at.is_some();
    let count = if refused { 0 } else { standing.len() };
    let done = standing.iter().filter(|line| line.done_at.is_some()).count();
    Facts {
        state: complaint.state,
        severity: complaint.severity,
        actor,
        handler: complaint.owner,
        before: complaint.handler_before.map(|user| (user, level(directory, user))),
        interested,
        pending: complaint.pending.is_some(),
        lines: (count, done.min(count)),
        appeals: complaint.appeals,
        appeal_until,
        lacks: lacks(complaint, lines),
    }
}

/// What the dossier of a complaint lacks, as words of fields.
pub(super) fn lacks(complaint: &Complaint, lines: &[LineRow]) -> Vec<&'static str> {
    let all = [
        ("facts", complaint.facts.is_some()),
        ("cause", complaint.cause.is_some()),
        ("lines", lines.iter().any(|line| line.round == complaint.round)),
        ("agreement", complaint.agreed_at.is_some()),
        ("executed", complaint.executed_at.is_some()),
        ("answer", complaint.answer.is_some()),
        ("call", complaint.called_by.is_some()),
    ];
    all.into_iter().filter(|(_, there)| !there).map(|(what, _)| what).collect()
}

/// How far up `user` sits.
pub(super) fn level(directory: &Directory, user: Id<of::User>) -> Level {
    let Some(home) = directory.user(user).map(|user| user.home) else { return Level::Store };
    match directory.unit(home).map(|unit| unit.kind) {
        Some(UnitKind::Region) => Level::Region,
        _ if directory.store_of(home).is_some() => Level::Store,
        _ => Level::Company,
    }
}

/// Who may see it is told that more is needed (403); to others it does not exist (404).
fn require(ctx: &Ctx, command: &Command, complaint: &Complaint) -> Result<(), Fault> {
    let permission = needed(command.name(), gravest(command, complaint.severity));
    match () {
        () if !ctx.actor.may(VIEW, complaint) => Err(Fault::not_found()),
        () if ctx.actor.may(permission, complaint) => Ok(()),
        () => Err(Fault::forbidden()),
    }
}

/// People whom a command names can handle it here.
fn people_fit(directory: &Directory, complaint: &Complaint, command: &Command) -> Result<(), Fault> {
    let handles = |field: &str, user: Id<of::User>| {
        let place = Place { owner: Some(user), ..complaint.place() };
        match directory.actor(user) {
            Some(actor) if actor.may(HANDLE, &place) => Ok(()),
            Some(_) => Err(Fault::field(field, "complaints-handler")),
            None => Err(Fault::field(field, "unknown")),
        }
    };
    match command {
        Command::Accept { handler, interested, .. } => {
            handles("handler", *handler)?;
            match interested.iter().all(|user| directory.user(*user).is_some()) {
                true => Ok(()),
                false => Err(Fault::field("interested", "unknown")),
            }
        }
        Command::TakeAppeal { handler } => handles("handler", *handler),
        Command::Conclude { unit, user, .. } => {
            if unit.is_some_and(|unit| directory.unit(unit).is_none()) {
                return Err(Fault::field("unit", "unknown"));
            }
            if user.is_some_and(|user| directory.user(user).is_none()) {
                return Err(Fault::field("user", "unknown"));
            }
            // Whoever it is about cannot go on with it.
            if user.is_some() && *user == complaint.owner {
                return Err(Fault::field("user", "complaints-handler-about"));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Commands that the actor's permissions allow on `complaint`.
pub(super) fn allowed(ctx: &Ctx, complaint: &Complaint) -> Vec<CommandName> {
    let may = |name: &CommandName| ctx.actor.may(needed(*name, complaint.severity), complaint);
    CommandName::ALL.iter().copied().filter(may).collect()
}
