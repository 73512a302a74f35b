//! Handing a case over to somebody more senior: named, told, taken over by a click; the clock goes on all the time.

use capability::{Ctx, Recorded, Work};
use cases::domain::Command;
use cases::store::Case;
use kernel::{Fault, Id, Place, Placed, RecordRef, of};
use notices::Notice;

use super::{REASON, count, day_of, event, require};
use crate::store::{self, HandOver};

/// Who may be asked to take `case` over: whoever may close it without the customer's word, nearest first; not whoever has it.
pub fn seniors(ctx: &Ctx, case: &Case) -> Vec<(Id<of::User>, String)> {
    let directory = ctx.house.identity.directories().now();
    let mut found: Vec<(bool, Id<of::User>, String)> = directory
        .who_may(cases::app::CLOSE, &case.place())
        .into_iter()
        .filter(|user| Some(user.id) != case.owner && takes(ctx, case, user.id))
        .map(|user| {
            let here = directory.store_of(user.home).is_some_and(|unit| unit.id == case.store);
            (!here, user.id, user.name.clone())
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, id, name)| (id, name)).collect()
}

/// `user` could work on the case as its owner.
fn takes(ctx: &Ctx, case: &Case, user: Id<of::User>) -> bool {
    let directory = ctx.house.identity.directories().now();
    let place = Place { owner: Some(user), ..case.place() };
    directory.actor(user).is_some_and(|actor| {
        actor.may(cases::app::WORK, &place)
            && actor.may(cases::app::VIEW, &place)
            && actor.may(cases::app::ASSIGN, case)
    })
}

/// Asks `to` to take the case over; what was asked of somebody else before falls.
///
/// # Errors
/// `invalid` for somebody who is not senior to it; `cases-over` when it is over; `not-found`; `forbidden`.
pub async fn hand_over(ctx: &Ctx, case: Id<of::Case>, to: Id<of::User>, note: Option<String>) -> Result<(), Fault> {
    if note.as_ref().is_some_and(|note| note.chars().count() > REASON) {
        return Err(Fault::field("note", "unknown"));
    }
    ctx.write((case, to, note), |work, (case, to, note)| {
        Box::pin(async move {
            let case = cases::store::get(work.tx, *case).await?.ok_or_else(Fault::not_found)?;
            require(work.ctx, &case)?;
            if !seniors(work.ctx, &case).iter().any(|(senior, _)| senior == to) {
                return Err(Fault::field("to", "emotion-senior"));
            }
            hand_over_within(work, &case, *to, note.clone()).await
        })
    })
    .await
}

/// The same within a write that does more; who is asked has been looked at.
///
/// # Errors
/// `emotion-over`; what the database says.
pub async fn hand_over_within(
    work: &mut Work<'_>,
    case: &Case,
    to: Id<of::User>,
    note: Option<String>,
) -> Result<Recorded<()>, Fault> {
    if case.state.is_over() {
        return Err(Fault::refused("emotion-over"));
    }
    let asked = HandOver {
        id: work.ctx.house.ids.next(),
        case: case.id,
        from: case.owner,
        to,
        note,
        asked_at: work.now,
        asked_by: work.ctx.actor.user,
        accepted_at: None,
        dropped_at: None,
    };
    store::insert_hand_over(work.tx, &asked).await?;
    let directory = work.ctx.house.identity.directories().now();
    let mut event = event(case, "emotion.hand_over_asked")
        .change("to", None, directory.user_name(to).map(str::to_owned))
        .personal("note", None, asked.note.clone());
    let day = day_of(work, case, work.now);
    count(&mut event, case, day, "emotion.handovers", 1);
    let recorded = work.record(event).await?;
    let notice = Notice::new("emotion.hand_over", RecordRef::new(cases::app::RECORD, case.id))
        .at(format!("/cases/{}/emotion", case.id))
        .number(&case.number)
        .subject(&case.subject);
    let notice = asked.note.iter().fold(notice, |notice, note| notice.text(note));
    notices::tell(work, &[to], &notice).await?;
    Ok(recorded)
}

/// Takes the case over that one was asked to take: it is one's own from now on, and its clocks go on.
///
/// # Errors
/// `emotion-not-asked`; as assigning a case.
pub async fn accept(ctx: &Ctx, case: Id<of::Case>) -> Result<(), Fault> {
    ctx.write(case, |work, case| {
        Box::pin(async move {
            let before = cases::store::get(work.tx, *case).await?.ok_or_else(Fault::not_found)?;
            require(work.ctx, &before)?;
            let asked = store::hand_overs(work.tx, *case).await?;
            let open = asked.into_iter().find(|one| one.accepted_at.is_none() && one.dropped_at.is_none());
            let me = work.ctx.actor.user;
            let Some(open) = open.filter(|one| Some(one.to) == me) else {
                return Err(Fault::refused("emotion-not-asked"));
            };
            if !store::accept_hand_over(work.tx, open.id, work.now).await? {
                return Err(Fault::refused("emotion-not-asked"));
            }
            let assign = Command::Assign { owner: Some(open.to), team: before.team };
            cases::app::command_within(work, *case, before.version, assign).await?.into_value();
            let after = cases::store::get(work.tx, *case).await?.ok_or_else(Fault::not_found)?;
            let recorded = work.record(event(&after, "emotion.taken_over")).await?;
            if let Some(by) = open.asked_by {
                let notice = Notice::new("emotion.taken_over", RecordRef::new(cases::app::RECORD, after.id))
                    .number(&after.number)
                    .subject(&after.subject);
                notices::tell(work, &[by], &notice).await?;
            }
            Ok(recorded)
        })
    })
    .await
}
