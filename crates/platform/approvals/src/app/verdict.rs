use calendar::worktime::Outcome;
use capability::{Ctx, Recorded, Work};
use kernel::{Fault, FaultKind, FieldErrors, Id, of};
use serde::{Deserialize, Serialize};

use super::access::VIEW;
use super::people::Offices;
use super::turn;
use crate::domain::{self, Act, Facts, Refusal, Seat, Signature, State, Verdict, What};
use crate::store::{self, Approval, ApprovalId, Step};

/// Longest reason, in characters.
const REASON: usize = 1_000;

/// One question with everything on its page.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The question.
    pub approval: Approval,
    /// What happened to it, in order.
    pub steps: Vec<Step>,
    /// Who can answer now.
    pub seats: Vec<Seat>,
    /// The reader's own seat, if it is the reader's turn.
    pub mine: Option<Seat>,
    /// Why the answer is due when it is.
    pub why: Option<calendar::Explained>,
}

/// What an answer left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The question.
    pub id: Id<ApprovalId>,
    /// What has become of it.
    pub state: State,
    /// Counts its changes.
    pub version: i64,
}

/// The question `id`, for whoever asked, whoever may see it where it stands, and whoever can answer.
///
/// # Errors
/// `not-found`.
pub async fn detail(ctx: &Ctx, id: Id<ApprovalId>) -> Result<Detail, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let approval = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            let steps = store::steps(tx, approval.id).await?;
            let directory = ctx.house.identity.directories().now();
            let offices = Offices::at(tx, &directory, ctx.now()).await?;
            let seats = offices.seats(&directory, &approval, &steps);
            let mine = ctx.actor.user.and_then(|me| seats.iter().copied().find(|seat| seat.user == me));
            if mine.is_none() && !knows(ctx, &approval, &steps) {
                return Err(Fault::not_found());
            }
            let why = match approval.clock.filter(|_| approval.state == State::Asked) {
                Some(clock) => Some(calendar::explain(tx, clock, ctx.now()).await?),
                None => None,
            };
            Ok(Detail { approval, steps, seats, mine, why })
        })
    })
    .await
}

/// Whether the actor may know of the question without being asked: where it stands, or because of a part in it.
fn knows(ctx: &Ctx, approval: &Approval, steps: &[Step]) -> bool {
    let part = |user: Id<of::User>| steps.iter().any(|step| step.seat.is_some_and(|seat| seat.user == user));
    ctx.actor.may(VIEW, approval) || ctx.actor.user.is_some_and(part)
}

struct Input {
    id: Id<ApprovalId>,
    version: i64,
    verdict: Verdict,
    reason: Option<String>,
}

/// The actor's answer to the question `id`, of which the actor has seen `version`. A no needs a reason.
///
/// # Errors
/// `not-found`; `forbidden` when it is not the actor's turn; `stale`; `invalid`; the rules' refusals, among them
/// `approvals-over` with who decided and when.
pub async fn decide(
    ctx: &Ctx,
    id: Id<ApprovalId>,
    version: i64,
    verdict: Verdict,
    reason: Option<String>,
) -> Result<Answered, Fault> {
    let reason = checked(verdict, reason)?;
    ctx.write(Input { id, version, verdict, reason }, |work, input| {
        Box::pin(decide_within(work, input.id, Some(input.version), input.verdict, input.reason.as_deref(), false))
    })
    .await
}

/// A no without a reason helps nobody.
pub(super) fn checked(verdict: Verdict, reason: Option<String>) -> Result<Option<String>, Fault> {
    let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let mut errors = FieldErrors::default();
    match &reason {
        None if verdict == Verdict::Decline => errors.add("reason", "required"),
        Some(text) if text.chars().count() > REASON => {
            errors.add_with("reason", "too-long", vec![("max", REASON.to_string())]);
        }
        _ => {}
    }
    errors.check()?;
    Ok(reason)
}

/// As [`decide`], in a transaction that is under way.
///
/// # Errors
/// As there.
pub async fn decide_within(
    work: &mut Work<'_>,
    id: Id<ApprovalId>,
    version: Option<i64>,
    verdict: Verdict,
    reason: Option<&str>,
    by_link: bool,
) -> Result<Recorded<Answered>, Fault> {
    let mut approval = store::hold(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    let user = work.ctx.actor.user.ok_or_else(Fault::not_found)?;
    let directory = work.ctx.house.identity.directories().now();
    let mut steps = store::steps(work.tx, id).await?;
    let offices = Offices::at(work.tx, &directory, work.now).await?;
    let seats = offices.seats(&directory, &approval, &steps);
    if !seats.iter().any(|seat| seat.user == user) && !knows(work.ctx, &approval, &steps) {
        return Err(Fault::not_found());
    }
    let decision = domain::decide(&facts(&approval, &steps, seats), Act::Answer(user, verdict), work.now);
    let decision = decision.map_err(|refusal| refused(refusal, &directory, &approval))?;
    if version.is_some_and(|seen| seen != approval.version) {
        return Err(Fault::stale(approval.version));
    }
    let now = work.now;
    let done = Step {
        what: decision.what,
        at: now,
        unit: approval.unit,
        seat: decision.seat,
        since: None,
        due: None,
        reason: reason.map(str::to_owned),
        by_link,
    };
    store::step(work.tx, id, &done).await?;
    steps.push(done);
    turn::end(work, &approval, Outcome::Met).await?;
    if decision.next == State::Asked {
        return second(work, approval, &offices, steps).await;
    }
    let in_time = approval.passed == 0 && now <= approval.due_at;
    approval.state = decision.next;
    approval.decided_by = decision.seat;
    approval.decided_at = Some(now);
    approval.reason = reason.map(str::to_owned);
    approval.in_time = Some(in_time);
    approval.remind_at = None;
    turn::save(work, &mut approval).await?;
    store::revoke(work.tx, id, None, now).await?;
    let mut parts = vec![("approvals.answered", 1)];
    if in_time {
        parts.push(("approvals.in_time", 1));
    }
    parts.push(if decision.next == State::Granted { ("approvals.granted", 1) } else { ("approvals.declined", 1) });
    let event = turn::event(work, &approval, "approval.decided", &parts)
        .change("state", Some(State::Asked.as_str().to_owned()), Some(approval.state.as_str().to_owned()))
        .change("decided_by", None, decision.seat.map(|seat| turn::seat_name(&directory, seat)))
        .change("by_link", None, by_link.then(|| "true".to_owned()))
        .personal("reason", None, approval.reason.clone());
    let answered = Answered { id, state: approval.state, version: approval.version };
    let recorded = work.record(event).await?;
    // Whoever heard the answer may have erased what was written about it.
    approval.sentence = store::get(work.tx, id).await?.map(|now| now.sentence).unwrap_or_default();
    tell_asker(work, &approval).await?;
    Ok(recorded.with(answered))
}

/// Whoever asked is told how it ended.
async fn tell_asker(work: &mut Work<'_>, approval: &Approval) -> Result<(), Fault> {
    // Stored with the notice, so in the language of whoever asked.
    let directory = work.ctx.house.identity.directories().now();
    let locale = directory.user(approval.asked_by).and_then(|user| user.locale.parse().ok()).unwrap_or_default();
    let lang = web::Lang::new(locale, turn::zone(work.ctx, approval.store), work.now);
    let text = lang.word("approvals-state", approval.state.as_str());
    let notice = turn::notice(work, approval, "approval.decided").text(&text);
    notices::tell(work, &[approval.asked_by], &notice).await
}

/// One yes of two: the other comes from somebody else, here or higher up, who gets the whole time again.
async fn second(
    work: &mut Work<'_>,
    mut approval: Approval,
    offices: &Offices,
    steps: Vec<Step>,
) -> Result<Recorded<Answered>, Fault> {
    let directory = work.ctx.house.identity.directories().now();
    let signed = steps.last().and_then(|step| step.seat);
    if offices.seats(&directory, &approval, &steps).is_empty()
        && let Some(unit) = offices.turn(&directory, &approval, &steps, Some(approval.unit))
    {
        approval.unit = unit;
    }
    let now = work.now;
    turn::begin(work, &mut approval, now).await?;
    turn::save(work, &mut approval).await?;
    let seats = offices.seats(&directory, &approval, &steps);
    let event = turn::event(work, &approval, "approval.signed", &[]).change(
        "decided_by",
        None,
        signed.map(|seat| turn::seat_name(&directory, seat)),
    );
    let recorded = work.record(turn::turn(event, &directory, &approval, &seats)).await?;
    turn::tell(work, &approval, &seats, "approval.asked").await?;
    Ok(recorded.with(Answered { id: approval.id, state: approval.state, version: approval.version }))
}

pub(super) fn facts(approval: &Approval, steps: &[Step], seats: Vec<Seat>) -> Facts {
    let signed: Vec<Signature> = steps.iter().filter_map(Step::signature).collect();
    Facts {
        state: approval.state,
        asked_by: approval.asked_by,
        seats,
        signed,
        needed: usize::try_from(approval.needed).unwrap_or(1),
        expires_at: approval.expires_at,
    }
}

/// Who comes too late is told who was faster; whose turn it is not is told so.
pub(super) fn refused(refusal: Refusal, directory: &identity::Directory, approval: &Approval) -> Fault {
    match refusal {
        Refusal::Over => {
            let who = approval.decided_by.map(|seat| turn::seat_name(directory, seat)).unwrap_or_default();
            let zone = directory.unit(approval.store).map_or_else(kernel::Zone::china, |unit| unit.zone.clone());
            let at = approval.decided_at.map(|at| at.civil(&zone).strftime("%m-%d %H:%M").to_string());
            Fault::refused(refusal.code())
                .with("who", who)
                .with("at", at.unwrap_or_default())
                .with("state", approval.state.as_str())
        }
        Refusal::NotYours | Refusal::NotAsker => Fault::new(FaultKind::Forbidden, refusal.code()),
        Refusal::Own | Refusal::Signed | Refusal::Void | Refusal::NotYet => refusal.into(),
    }
}

/// Whoever asked takes the question back.
///
/// # Errors
/// `not-found`; `forbidden`; `stale`; `approvals-over`.
pub async fn withdraw(ctx: &Ctx, id: Id<ApprovalId>, version: i64) -> Result<Answered, Fault> {
    ctx.write((id, version), |work, (id, version)| {
        Box::pin(async move {
            let approval = store::hold(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            let user = work.ctx.actor.user.ok_or_else(Fault::not_found)?;
            if approval.asked_by != user {
                let directory = work.ctx.house.identity.directories().now();
                let steps = store::steps(work.tx, *id).await?;
                let seats = Offices::at(work.tx, &directory, work.now).await?.seats(&directory, &approval, &steps);
                if !seats.iter().any(|seat| seat.user == user) && !knows(work.ctx, &approval, &steps) {
                    return Err(Fault::not_found());
                }
            }
            take_back(work, approval, Act::Withdraw(Some(user)), Some(*version), None).await
        })
    })
    .await
}

/// Takes the question `id` back because what it was about is overtaken (a newer plan, a case that ended), for `reason`; nothing
/// happens when it is decided already.
///
/// # Errors
/// What the database says.
pub async fn overtake(work: &mut Work<'_>, id: Id<ApprovalId>, reason: &str) -> Result<(), Fault> {
    let Some(approval) = store::hold(work.tx, id).await?.filter(|approval| approval.state == State::Asked) else {
        return Ok(());
    };
    let _recorded = take_back(work, approval, Act::Withdraw(None), None, Some(reason)).await?;
    Ok(())
}

/// Ends `approval` without an answer.
pub(super) async fn take_back(
    work: &mut Work<'_>,
    mut approval: Approval,
    act: Act,
    version: Option<i64>,
    reason: Option<&str>,
) -> Result<Recorded<Answered>, Fault> {
    let directory = work.ctx.house.identity.directories().now();
    let decision = domain::decide(&facts(&approval, &[], Vec::new()), act, work.now);
    let decision = decision.map_err(|refusal| refused(refusal, &directory, &approval))?;
    if version.is_some_and(|seen| seen != approval.version) {
        return Err(Fault::stale(approval.version));
    }
    turn::end(work, &approval, Outcome::Cancelled).await?;
    approval.state = decision.next;
    approval.decided_by = decision.seat;
    approval.decided_at = Some(work.now);
    approval.reason = reason.map(str::to_owned);
    approval.remind_at = None;
    turn::save(work, &mut approval).await?;
    let step = Step {
        what: decision.what,
        at: work.now,
        unit: approval.unit,
        seat: decision.seat,
        since: None,
        due: None,
        reason: reason.map(str::to_owned),
        by_link: false,
    };
    store::step(work.tx, approval.id, &step).await?;
    store::revoke(work.tx, approval.id, None, work.now).await?;
    let verb = if decision.what == What::Expired { "approval.expired" } else { "approval.withdrawn" };
    let event = turn::event(work, &approval, verb, &[])
        .change("state", Some(State::Asked.as_str().to_owned()), Some(approval.state.as_str().to_owned()))
        .change("reason", None, reason.map(str::to_owned));
    let answered = Answered { id: approval.id, state: approval.state, version: approval.version };
    let recorded = work.record(event).await?;
    if decision.what == What::Expired {
        tell_asker(work, &approval).await?;
    }
    Ok(recorded.with(answered))
}
