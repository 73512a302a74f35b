//! Use cases around proposals.

use approvals::app::Offices;
use capability::{Ctx, Work};
use cases::app::GOODWILL;
use files::{NewFile, Prepared};
use kernel::{Day, Fault, FieldErrors, Id, Money, RecordRef};

use super::domain::{
    ANSWERED, LAPSED, LONGEST, Preview, ProposalAct, ProposalKind, ProposalProof, ProposalState, Side, check, holds,
};
use super::store::{self, Proposal};
use crate::app::{HANDLE, RECORD, VIEW, command_within, month_of};
use crate::domain::{Command, Part, State, Way, refusal};
use crate::store::{LineRow, Return, ReturnId};

/// Longest text, in characters.
const TEXT: usize = 400;

/// A proposal as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who says it.
    pub side: Side,
    /// What it is.
    pub kind: ProposalKind,
    /// On top of the law.
    pub amount: Money,
    /// What a gesture costs us.
    pub cost: Money,
    /// In words.
    pub body: String,
    /// The last day on which it can be taken; ours needs one.
    pub valid: Option<Day>,
}

/// The answer to a proposal that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What.
    pub act: ProposalAct,
    /// How the customer's yes is proved.
    pub proof: Option<ProposalProof>,
    /// Who said it when, or why not.
    pub note: String,
}

/// The proposals of a return that the actor may see, oldest first.
///
/// # Errors
/// `not-found`.
pub async fn list(ctx: &Ctx, id: Id<ReturnId>) -> Result<Vec<Proposal>, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let one = crate::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &one)?;
            Ok(store::of_return(tx, *id).await?)
        })
    })
    .await
}

/// What an offer of `extra` money and a gesture of `cost` would mean for the return, for whoever looks.
///
/// # Errors
/// `not-found`.
pub async fn preview(ctx: &Ctx, id: Id<ReturnId>, extra: Money, cost: Money) -> Result<Preview, Fault> {
    let month = month_of(ctx.now().day(&ctx.house.zone));
    ctx.read((id, ctx.clone(), extra, cost, month), |tx, (id, ctx, extra, cost, month)| {
        Box::pin(async move {
            let one = crate::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &one)?;
            let lines = crate::store::lines(tx, *id).await?;
            let directory = ctx.house.identity.directories().now();
            let offices = Offices::at(tx, &directory, ctx.now()).await?;
            let own = ctx
                .actor
                .user
                .is_some_and(|user| offices.own_limit(&directory, GOODWILL, user, one.store).covers(*extra));
            Ok(Preview {
                paid: lines.iter().map(LineRow::paid).sum(),
                statutory: lines.iter().map(|line| line.statutory).sum(),
                extra: *extra,
                cost: *cost,
                budget: crate::store::budget(tx, one.store, month).await?.left(),
                own,
            })
        })
    })
    .await
}

/// Holds the return that the actor has seen as `version` and may work on.
async fn held(work: &mut Work<'_>, id: Id<ReturnId>, version: i64) -> Result<Return, Fault> {
    let one = crate::store::hold(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    if !work.ctx.actor.may(VIEW, &one) {
        return Err(Fault::not_found());
    }
    if !work.ctx.actor.may(HANDLE, &one) {
        return Err(Fault::forbidden());
    }
    if one.version != version {
        return Err(Fault::stale(one.version));
    }
    if one.state != State::Open {
        return Err(Fault::refused(refusal::OVER));
    }
    Ok(one)
}

/// Makes an offer, or enters what the customer asks; it answers what stood.
///
/// # Errors
/// `not-found` and `forbidden`; `stale`; `invalid` with the fields; `returns-over`; `returns-moved` once the extra was refunded.
pub async fn propose(ctx: &Ctx, id: Id<ReturnId>, version: i64, draft: Draft) -> Result<Proposal, Fault> {
    ctx.write((id, version, draft), |work, (id, version, draft)| {
        Box::pin(async move {
            let one = held(work, *id, *version).await?;
            let lines = crate::store::lines(work.tx, *id).await?;
            let money = crate::store::payments(work.tx, *id).await?;
            if money.iter().any(|payment| payment.part == Part::Extra && payment.state.moved()) {
                return Err(Fault::refused(refusal::MOVED));
            }
            let paid: Money = lines.iter().map(LineRow::paid).sum();
            let statutory: Money = lines.iter().map(|line| line.statutory).sum();
            let left = if one.way == Way::Refund { paid - statutory } else { Money::ZERO };
            let mut errors = FieldErrors::default();
            check(&mut errors, draft.kind, one.way, (draft.amount, draft.cost), left);
            let body = draft.body.trim();
            if body.is_empty() {
                errors.add("body", "required");
            } else if body.chars().count() > TEXT {
                errors.add_with("body", "too-long", vec![("max", TEXT.to_string())]);
            }
            let directory = work.ctx.house.identity.directories().now();
            let zone = directory.unit(one.store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
            let today = work.now.day(&zone);
            match draft.valid {
                None if draft.side == Side::Us => errors.add("valid", "required"),
                Some(day) if day < today => errors.add("valid", "past"),
                Some(day) if day > today.plus(LONGEST) => errors.add("valid", "returns-proposal-long"),
                _ => {}
            }
            errors.check()?;
            let earlier = store::of_return(work.tx, *id).await?;
            let proposal = Proposal {
                id: work.ctx.house.ids.next(),
                of: *id,
                seq: i64::try_from(earlier.len()).unwrap_or(i64::MAX).saturating_add(1),
                side: draft.side,
                kind: draft.kind,
                amount: draft.amount,
                cost: draft.cost,
                body: body.to_owned(),
                valid_until: draft.valid.map(|day| day.plus(1).start(&zone)),
                state: ProposalState::Open,
                made_by: work.ctx.actor.user,
                made_at: work.now,
                proof: None,
                note: None,
                ended_by: None,
                ended_at: None,
            };
            store::insert(work.tx, &proposal).await?;
            if !crate::store::save(work.tx, &one).await? {
                return Err(Fault::stale(one.version.saturating_add(1)));
            }
            let event = crate::app::event("return.proposed", Some(&one), &one)
                .change("side", None, Some(proposal.side.to_string()))
                .change("extra", None, (proposal.amount > Money::ZERO).then(|| proposal.amount.to_string()))
                .change("valid_until", None, draft.valid.map(|day| day.to_string()))
                .personal("extra_reason", None, Some(proposal.body.clone()));
            Ok(work.record(event).await?.with(proposal))
        })
    })
    .await
}

/// Answers the proposal `seq` that stands. With the yes money on top of the law is asked for, or due at once within the own limit.
///
/// # Errors
/// `not-found` and `forbidden`; `stale`; `invalid` with the fields; `returns-proposal-lapsed`; `returns-proposal-answered`; what the
/// command `offer` refuses.
pub async fn answer(
    ctx: &Ctx,
    id: Id<ReturnId>,
    version: i64,
    seq: i64,
    answer: Answer,
    photos: Vec<Prepared>,
) -> Result<(), Fault> {
    ctx.write((id, version, seq, answer, photos), |work, (id, version, seq, answer, photos)| {
        Box::pin(async move {
            let one = held(work, *id, *version).await?;
            let all = store::of_return(work.tx, *id).await?;
            let proposal = all.into_iter().find(|proposal| proposal.seq == *seq).ok_or_else(Fault::not_found)?;
            if proposal.state != ProposalState::Open {
                return Err(Fault::refused(ANSWERED));
            }
            let mut errors = FieldErrors::default();
            let note = answer.note.trim();
            if answer.act == ProposalAct::Take {
                if !holds(proposal.valid_until, work.now) {
                    return Err(Fault::refused(LAPSED));
                }
                if answer.proof.is_none() {
                    errors.add("proof", "choose");
                }
            }
            if note.is_empty() {
                errors.add("note", "required");
            } else if note.chars().count() > TEXT {
                errors.add_with("note", "too-long", vec![("max", TEXT.to_string())]);
            }
            errors.check()?;
            let (state, verb) = match answer.act {
                ProposalAct::Take => (ProposalState::Taken, "return.agreed"),
                ProposalAct::Decline => (ProposalState::Declined, "return.proposal_declined"),
                ProposalAct::Withdraw => (ProposalState::Withdrawn, "return.proposal_withdrawn"),
            };
            let taken = answer.act == ProposalAct::Take;
            let ended = Proposal {
                state,
                proof: answer.proof.filter(|_| taken),
                note: Some(note.to_owned()),
                ended_by: work.ctx.actor.user,
                ended_at: Some(work.now),
                ..proposal
            };
            if !store::end(work.tx, &ended).await? {
                return Err(Fault::refused(ANSWERED));
            }
            for photo in photos {
                let record = RecordRef::new(RECORD, *id);
                let new = NewFile::of(record, Some(one.store), work.ctx.actor.user, work.now);
                files::attach(work.tx, &work.ctx.house.ids, photo, &new).await?;
            }
            let event = crate::app::event(verb, Some(&one), &one)
                .change("side", None, Some(ended.side.to_string()))
                .change("extra", None, (ended.amount > Money::ZERO).then(|| ended.amount.to_string()))
                .change("proof", None, ended.proof.map(|proof| proof.to_string()))
                .personal("extra_reason", None, Some(note.to_owned()));
            if taken && ended.kind == ProposalKind::Extra {
                let _agreed = work.record(event).await?;
                let offer = Command::Offer { amount: ended.amount, reason: ended.body.clone() };
                return Ok(command_within(work, *id, Some(*version), &offer, &[]).await?.map(|_| ()));
            }
            if !crate::store::save(work.tx, &one).await? {
                return Err(Fault::stale(one.version.saturating_add(1)));
            }
            work.record(event).await
        })
    })
    .await
}
