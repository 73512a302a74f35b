//! Carries out what is done with a regulator case, and what that means for its complaint.

use capability::{Ctx, Recorded, Work};
use cases::app::flow;
use cases::domain::{ClockAction, Stage};
use cases::store::Case;
use db::Tx;
use kernel::{Fault, Id, of};
use serde::{Deserialize, Serialize};

use super::access::{HANDLE, VIEW};
use super::events::{self, count};
use crate::app::carry;
use crate::domain::{Command, State, refusal};
use crate::regulator::domain::{Act, HELD, Nature, REPORT, RegulatorState, decide};
use crate::regulator::store::{self, RegulatorCase};
use crate::store::Complaint;

/// A regulator case after something was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The case.
    pub id: Id<of::Case>,
    /// Where it stands.
    pub state: RegulatorState,
    /// Counts the changes of the case.
    pub version: i64,
}

/// Loads and holds the case `id`, seen at `version`, for somebody who holds `permission`.
pub(super) async fn held(
    work: &mut Work<'_>,
    id: Id<of::Case>,
    version: Option<i64>,
    permission: kernel::Permission,
) -> Result<(Case, RegulatorCase), Fault> {
    let case = cases::store::hold(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    let one = store::get(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    work.require(VIEW, &one)?;
    if !work.ctx.actor.may(permission, &one) {
        return Err(Fault::forbidden());
    }
    if version.is_some_and(|seen| seen != case.version) {
        return Err(Fault::stale(case.version));
    }
    Ok((case, one))
}

/// Carries out `act` on the regulator case `id`, seen at `version`.
///
/// # Errors
/// `not-found`, `forbidden`, `stale`; `invalid` with the fields; the rules' refusals.
pub async fn act(ctx: &Ctx, id: Id<of::Case>, version: i64, act: Act) -> Result<Done, Fault> {
    ctx.write((id, version, act), |work, (id, version, act)| Box::pin(act_within(work, *id, Some(*version), act))).await
}

/// The same within a write that does more; without a version whatever it is now.
///
/// # Errors
/// As [`act`].
pub async fn act_within(
    work: &mut Work<'_>,
    id: Id<of::Case>,
    version: Option<i64>,
    act: &Act,
) -> Result<Recorded<Done>, Fault> {
    let (mut case, before) = held(work, id, version, HANDLE).await?;
    let mut complaint = crate::store::get(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    let state = decide(&before.known(), act)?;
    let now = work.now;
    let mut after = RegulatorCase { state, ..before.clone() };
    let mut clocks = Vec::new();
    let verb = match act {
        Act::Mediate { mediation, note } => {
            after.mediation = Some(*mediation);
            after.mediation_at = Some(now);
            after.mediation_note = Some(note.clone());
            "complaints.reg_mediated"
        }
        Act::Reply { way, note } => {
            after.replied_at = Some(now);
            after.reply_way = Some(*way);
            after.reply_note = Some(note.clone());
            after.in_time = Some(now <= before.due_at);
            clocks.push(ClockAction::Stop(Stage::Authority));
            "complaints.reg_replied"
        }
        Act::End { outcome, note, paid } => {
            if !outcome.fits(before.nature) {
                return Err(Fault::field("outcome", "complaints-reg-outcome"));
            }
            after.ended_at = Some(now);
            after.outcome = Some(*outcome);
            after.outcome_note = Some(note.clone());
            after.paid = *paid;
            // Not answered, because nobody waits for it any more.
            clocks.push(ClockAction::Drop(Stage::Authority));
            if before.nature == Nature::Report {
                complaint.state = State::Closed;
                complaint.ended_at = Some(now);
                complaint.in_time = after.in_time;
            }
            "complaints.reg_ended"
        }
        Act::Extend { due_at, note: _ } => {
            if *due_at <= now || *due_at <= before.received_at {
                return Err(Fault::field("due_at", "past"));
            }
            after.due_at = *due_at;
            clocks.push(ClockAction::Promise(Stage::Authority, *due_at));
            "complaints.reg_extended"
        }
    };
    let moved = flow::place(work, &mut case, &carry::driven(complaint.state, &clocks, &[])).await?;
    if before.nature == Nature::Report && after.ended_at.is_some() {
        crate::store::save(work.tx, &complaint).await?;
    }
    store::save(work.tx, &after).await?;
    let mut event = events::event(verb, Some(&before), &after, now);
    if let Act::Extend { note, .. } = act {
        event = event.personal("reason", None, Some(note.clone()));
    }
    event.deltas.extend(moved.deltas);
    if before.replied_at.is_none() && after.replied_at.is_some() {
        event = count(work, event, &after, now, "regulator.replied", 1);
        let part = if after.in_time == Some(true) { "regulator.in_time" } else { "regulator.late" };
        event = count(work, event, &after, now, part, 1);
    }
    if before.ended_at.is_none() && after.ended_at.is_some() {
        event = count(work, event, &after, after.received_at, "regulator.open_now", -1);
    }
    let version = case.version;
    Ok(work.record(event).await?.with(Done { id, state, version }))
}

/// What the dossier of a complaint that came from an authority lacks beside its own.
///
/// # Errors
/// What the database says.
pub async fn lacks(tx: &mut Tx, case: Id<of::Case>, own: Vec<&'static str>) -> Result<Vec<&'static str>, Fault> {
    Ok(lacks_of(store::get(tx, case).await?.as_ref(), own))
}

/// The same of what is read already; `own` is what the complaint itself lacks, which a report does not need.
pub fn lacks_of(one: Option<&RegulatorCase>, own: Vec<&'static str>) -> Vec<&'static str> {
    let Some(one) = one else { return own };
    let all = [
        ("regulator_reply", one.replied_at.is_some() || one.ended_at.is_some()),
        ("regulator_end", one.ended_at.is_some()),
    ];
    let own = own.into_iter().filter(|_| one.nature == Nature::Complaint);
    own.chain(all.into_iter().filter(|(_, there)| !there).map(|(what, _)| what)).collect()
}

/// Whether `command` can be given to a complaint as far as the authority and the law are concerned: a report goes its own way, what is
/// held is not merged away, and what the authority still waits for does not close.
///
/// # Errors
/// Why not.
pub async fn guard_complaint(tx: &mut Tx, complaint: &Complaint, command: &Command) -> Result<(), Fault> {
    if complaint.legal_hold.is_some() && matches!(command, Command::Duplicate { .. }) {
        return Err(Fault::refused(HELD));
    }
    let Some(one) = store::get(tx, complaint.case).await? else { return Ok(()) };
    match command {
        Command::Archive => Ok(()),
        _ if one.nature == Nature::Report => Err(Fault::refused(REPORT)),
        Command::CallBack { holds: true, .. } if one.ended_at.is_none() => Err(Fault::refused(refusal::INCOMPLETE)),
        _ => Ok(()),
    }
}
