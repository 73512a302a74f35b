//! What is the same whenever something happens to a question: its clock, its event, its links.

use calendar::worktime::{BasisPoints, DueRule, Millis, Outcome, Policy};
use calendar::{Basis, Clock, Entered, NewClock};
use capability::{Ctx, Event, Work};
use identity::Directory;
use kernel::{Fault, Id, Placed, RecordRef, Timestamp, Zone, of};
use messaging::Channel;
use metrics::Delta;
use notices::Notice;

use super::{RECORD, links};
use crate::domain::Seat;
use crate::store::{self, Approval};

/// Those whose turn it is are reminded when half of their time is over.
const REMIND: BasisPoints = BasisPoints(5_000);

/// Begins the clock of a turn at `at`: so many minutes of the store's working time.
pub(super) async fn begin(work: &mut Work<'_>, approval: &mut Approval, at: Timestamp) -> Result<(), Fault> {
    let record = RecordRef::new(RECORD, approval.id);
    let policy = Policy {
        code: format!("approvals.{}", approval.kind),
        version: approval.limits_version,
        rule: DueRule::Working { allowed: Millis::minutes(approval.minutes) },
        warn_at: vec![REMIND],
    };
    let new = NewClock { record: &record, stage: "answer", store: approval.store, basis: Basis::Store, policy, at };
    let started = calendar::start(work.tx, &work.ctx.house.ids, &entered(work), &[new]).await?;
    let clock: Clock = started.into_iter().next().ok_or_else(|| Fault::internal("no clock was started"))?;
    approval.clock = Some(clock.id);
    approval.due_at = clock.due_at.unwrap_or(at);
    approval.remind_at = clock.warn_at.filter(|warn| *warn > at);
    Ok(())
}

/// Ends the clock of the present turn at `at`.
pub(super) async fn end(work: &mut Work<'_>, approval: &Approval, how: Outcome) -> Result<(), Fault> {
    let Some(id) = approval.clock else { return Ok(()) };
    let open = calendar::get(work.tx, id).await?.is_some_and(|clock| clock.is_open());
    if open {
        calendar::stop(work.tx, &entered(work), id, work.now, how).await?;
    }
    Ok(())
}

fn entered(work: &Work<'_>) -> Entered {
    Entered { by: work.ctx.actor.user, at: work.now }
}

/// Saves `approval` as its next version.
pub(super) async fn save(work: &mut Work<'_>, approval: &mut Approval) -> Result<(), Fault> {
    approval.version = approval.version.saturating_add(1);
    if store::save(work.tx, approval).await? { Ok(()) } else { Err(Fault::stale(approval.version)) }
}

/// An event of `approval`, counted by `parts` on the day of now.
pub(super) fn event(work: &Work<'_>, approval: &Approval, verb: &'static str, parts: &[(&'static str, i64)]) -> Event {
    let day = work.now.day(&zone(work.ctx, approval.store));
    let by = [("kind", approval.kind.as_str())];
    let mut event = Event::new(RecordRef::new(RECORD, approval.id), verb, approval.place());
    event.deltas = parts.iter().flat_map(|(part, n)| Delta::spread(part, approval.store, day, *n, &by)).collect();
    event
}

/// The zone in which the business days of `store` are counted.
pub(super) fn zone(ctx: &Ctx, store: Id<of::Unit>) -> Zone {
    let directory = ctx.house.identity.directories().now();
    directory.unit(store).map_or_else(|| ctx.house.zone.clone(), |unit| unit.zone.clone())
}

pub(super) fn name(directory: &Directory, user: Id<of::User>) -> String {
    directory.user_name(user).map_or_else(|| user.to_string(), str::to_owned)
}

pub(super) fn unit_name(directory: &Directory, unit: Id<of::Unit>) -> String {
    directory.unit(unit).map_or_else(|| unit.to_string(), |unit| unit.name.clone())
}

/// `周敏（代 郑海）`, as the journal shows it.
pub(super) fn seat_name(directory: &Directory, seat: Seat) -> String {
    match seat.in_name_of {
        Some(absent) => format!("{} ({})", name(directory, seat.user), name(directory, absent)),
        None => name(directory, seat.user),
    }
}

/// Notes on `event` whose turn it is, and until when.
pub(super) fn turn(event: Event, directory: &Directory, approval: &Approval, seats: &[Seat]) -> Event {
    let names: Vec<String> = seats.iter().take(5).map(|seat| seat_name(directory, *seat)).collect();
    event
        .change("turn", None, Some(unit_name(directory, approval.unit)))
        .change("deciders", None, Some(names.join("、")).filter(|names| !names.is_empty()))
        .change("due", None, Some(approval.due_at.to_string()))
}

/// A notice of `kind` about `approval`, which leads to its page.
pub(super) fn notice(work: &Work<'_>, approval: &Approval, kind: &'static str) -> Notice {
    let directory = work.ctx.house.identity.directories().now();
    Notice::new(kind, RecordRef::new(RECORD, approval.id))
        .number(&approval.number)
        .subject(&format!("{} {}", approval.split.extra, approval.sentence))
        .who(&name(&directory, approval.asked_by))
}

/// Tells those whose turn it is, with a notice of `kind` and their links by text message or mail; earlier links are no longer good.
pub(super) async fn tell(
    work: &mut Work<'_>,
    approval: &Approval,
    seats: &[Seat],
    kind: &'static str,
) -> Result<(), Fault> {
    store::revoke(work.tx, approval.id, None, work.now).await?;
    let users: Vec<Id<of::User>> = seats.iter().map(|seat| seat.user).collect();
    let mut notice = notice(work, approval, kind);
    if work.replayed {
        return Ok(());
    }
    for seat in seats {
        if links::send(work, approval, *seat).await? == Some(Channel::Mail) {
            // The mail with the link says it all; a second one would only ask whether it is another question.
            notice = notice.mailed(seat.user);
        }
    }
    notices::tell(work, &users, &notice).await
}
