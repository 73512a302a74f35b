use capability::{Event, Work};
use kernel::{Fault, Id, Money, RecordRef, of};
use serde::{Deserialize, Serialize};

use super::people::Offices;
use super::turn;
use crate::domain::{Limit, Split, State, What};
use crate::store::{self, Approval, ApprovalId, Step};

/// A day of 24 hours, in milliseconds.
const DAY: i64 = 86_400_000;

/// What somebody wants to do that may need a second yes.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The record that it is about.
    pub record: RecordRef,
    /// What people call that record.
    pub number: String,
    /// Where its page is.
    pub href: String,
    /// Where it stands; events of the record itself carry it.
    pub place: kernel::Place,
    /// What kind of question; one of `Capability::approval_kinds`.
    pub kind: &'static str,
    /// What is asked, in a sentence.
    pub sentence: String,
    /// The two amounts.
    pub split: Split,
    /// Two different persons have to say yes, whatever the amount; then nobody's own limit is enough.
    pub two_persons: bool,
    /// Somebody else has to say yes, whatever the amount; then nobody's own limit is enough.
    pub always: bool,
}

/// Whether somebody has to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Nothing goes beyond what the law gives.
    Nothing,
    /// It is within the own limit of whoever wants it, which is recorded.
    OwnLimit,
    /// It waits for this answer. Only the extra does.
    Waiting(Id<ApprovalId>),
}

/// How far the actor of `work` decides alone about `kind` for `store`. The program itself, imports and replayed histories ask nobody.
///
/// # Errors
/// What the database says.
pub async fn own_limit(work: &mut Work<'_>, kind: &str, store: Id<of::Unit>) -> Result<Limit, Fault> {
    let Some(user) = work.ctx.actor.user.filter(|_| !work.replayed) else { return Ok(Limit::Unlimited) };
    let directory = work.ctx.house.identity.directories().now();
    let offices = Offices::at(work.tx, &directory, work.now).await?;
    let rule = offices.table.rule(kind);
    let limit = offices.own_limit(&directory, kind, user, store);
    // From where two persons are needed nobody is alone.
    Ok(match rule.two_from {
        Some(from) => limit.min(Limit::UpTo(from - Money::from_fen(1))),
        None => limit,
    })
}

/// Asks for what `ask` says, within the caller's transaction, unless the actor's own limit covers it. The answer comes as the event
/// `approval.decided` (or `approval.withdrawn`, `approval.expired`) in the transaction that makes it.
///
/// # Errors
/// What the database says.
pub async fn ask(work: &mut Work<'_>, ask: &Ask) -> Result<Outcome, Fault> {
    let extra = ask.split.extra;
    if extra <= Money::ZERO && !ask.two_persons && !ask.always {
        return Ok(Outcome::Nothing);
    }
    let Some(user) = work.ctx.actor.user.filter(|_| !work.replayed) else { return Ok(Outcome::OwnLimit) };
    let directory = work.ctx.house.identity.directories().now();
    let offices = Offices::at(work.tx, &directory, work.now).await?;
    let rule = offices.table.rule(ask.kind);
    let limit = offices.own_limit(&directory, ask.kind, user, ask.place.store);
    let needed = if ask.two_persons { 2 } else { rule.needed(extra) };
    if needed == 1 && !ask.always && limit.covers(extra) {
        let event = Event::new(ask.record.clone(), "approval.own_limit_used", ask.place)
            .quietly()
            .change("extra", None, Some(extra.to_string()))
            .change("own_limit", None, limit.stored().map(|most| most.to_string()))
            .change("limits_version", None, Some(offices.table.version.to_string()));
        let _recorded = work.record(event).await?;
        return Ok(Outcome::OwnLimit);
    }
    let now = work.now;
    let mut approval = Approval {
        id: work.ctx.house.ids.next(),
        kind: ask.kind.to_owned(),
        record_kind: ask.record.kind.to_owned(),
        record_id: ask.record.id,
        number: ask.number.clone(),
        href: ask.href.clone(),
        sentence: ask.sentence.clone(),
        split: ask.split,
        store: ask.place.store,
        asked_by: user,
        asked_at: now,
        own_limit: limit,
        limits_version: offices.table.version,
        minutes: rule.minutes,
        needed,
        state: State::Asked,
        unit: ask.place.store,
        clock: None,
        due_at: now,
        remind_at: None,
        stays: false,
        expires_at: now.plus(rule.days.saturating_mul(DAY)),
        passed: 0,
        passed_at: None,
        decided_by: None,
        decided_at: None,
        reason: None,
        in_time: None,
        version: 1,
    };
    // With nobody to answer it lies at the company, where whoever gets the right finds it.
    let company = directory.company().map_or(ask.place.store, |unit| unit.id);
    approval.unit = offices.turn(&directory, &approval, &[], None).unwrap_or(company);
    turn::begin(work, &mut approval, now).await?;
    store::insert(work.tx, &approval).await?;
    let asked = Step {
        what: What::Asked,
        at: now,
        unit: approval.unit,
        seat: Some(crate::domain::Seat { user, in_name_of: None }),
        since: None,
        due: Some(approval.due_at),
        reason: None,
        by_link: false,
    };
    store::step(work.tx, approval.id, &asked).await?;
    let seats = offices.seats(&directory, &approval, std::slice::from_ref(&asked));
    let event = turn::event(work, &approval, "approval.asked", &[("approvals.asked", 1)])
        .change("record", None, Some(ask.number.clone()))
        .personal("asked", None, Some(ask.sentence.clone()))
        .change("statutory", None, Some(ask.split.statutory.to_string()))
        .change("extra", None, Some(extra.to_string()))
        .change("own_limit", None, limit.stored().map(|most| most.to_string()))
        .change("limits_version", None, Some(offices.table.version.to_string()));
    let _recorded = work.record(turn::turn(event, &directory, &approval, &seats)).await?;
    turn::tell(work, &approval, &seats, "approval.asked").await?;
    Ok(Outcome::Waiting(approval.id))
}
