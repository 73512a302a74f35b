use capability::{Ctx, Event};
use identity::User;
use kernel::{Fault, FieldErrors, Id, Place, RecordRef, Timestamp, of};

use super::access::{DECIDE, LIMITS_EDIT, VIEW};
use super::turn;
use crate::store::{self, Deputy, DeputyId};

/// The longest time for which somebody stands in: 92 days, in milliseconds.
const LONGEST: i64 = 92 * 86_400_000;
/// Longest note, in characters.
const NOTE: usize = 200;

/// Somebody who is to stand in for somebody.
#[derive(Debug, Clone)]
pub struct NewDeputy {
    /// Who is away.
    pub absent: Id<of::User>,
    /// Who decides in that person's name.
    pub deputy: Id<of::User>,
    /// From then on.
    pub from: Timestamp,
    /// Before then.
    pub until: Timestamp,
    /// Why.
    pub note: String,
}

/// Whether the actor may say who stands in for `user`: everybody who decides for themselves, administrators for all.
pub fn may_set_for(ctx: &Ctx, user: &User) -> bool {
    let place = Place { store: user.home, team: None, owner: Some(user.id) };
    (ctx.actor.user == Some(user.id) && ctx.actor.holds(DECIDE)) || ctx.actor.may(LIMITS_EDIT, &place)
}

/// Those who stand in for others, now and later: all that the actor may set, and where the actor stands in.
///
/// # Errors
/// What the database says.
pub async fn deputies(ctx: &Ctx) -> Result<Vec<Deputy>, Fault> {
    let all = ctx.read(ctx.now(), |tx, now| Box::pin(async move { Ok(store::deputies(tx, *now).await?) })).await?;
    let directory = ctx.house.identity.directories().now();
    let mine = |deputy: &Deputy| {
        ctx.actor.user == Some(deputy.deputy)
            || directory.user(deputy.absent).is_some_and(|absent| may_set_for(ctx, absent))
    };
    Ok(all.into_iter().filter(mine).collect())
}

/// Sets a stand-in.
///
/// # Errors
/// `invalid` with the fields; `not-found` for people whose stand-ins the actor may not set.
pub async fn set_deputy(ctx: &Ctx, new: NewDeputy) -> Result<Id<DeputyId>, Fault> {
    let directory = ctx.house.identity.directories().now();
    let absent = directory.user(new.absent).filter(|user| user.active).ok_or_else(Fault::not_found)?;
    if !may_set_for(ctx, absent) {
        return Err(Fault::not_found());
    }
    let mut errors = FieldErrors::default();
    match directory.actor(new.deputy) {
        None => errors.add("deputy", "unknown"),
        Some(_) if new.deputy == new.absent => errors.add("deputy", "approvals-deputy-self"),
        Some(actor) if !actor.holds(VIEW) => errors.add("deputy", "approvals-deputy-cannot"),
        Some(_) => {}
    }
    if !directory.actor(new.absent).is_some_and(|actor| actor.holds(DECIDE)) {
        errors.add("absent", "approvals-absent-decides-nothing");
    }
    if new.until <= new.from {
        errors.add("until", "approvals-until");
    } else if new.until <= ctx.now() {
        errors.add("until", "past");
    } else if new.until.since(new.from) > LONGEST {
        errors.add("until", "approvals-too-long");
    }
    if new.note.chars().count() > NOTE {
        errors.add_with("note", "too-long", vec![("max", NOTE.to_string())]);
    }
    errors.check()?;
    let place = Place { store: absent.home, team: None, owner: Some(absent.id) };
    ctx.write((new, place), |work, (new, place)| {
        Box::pin(async move {
            if !store::hold_deputies(work.tx, new.absent, new.from, new.until).await?.is_empty() {
                return Err(Fault::field("from", "approvals-deputy-overlap"));
            }
            let deputy = Deputy {
                id: work.ctx.house.ids.next(),
                absent: new.absent,
                deputy: new.deputy,
                from: new.from,
                until: new.until,
                note: new.note.trim().to_owned(),
                set_by: work.ctx.actor.user,
                ended_at: None,
            };
            store::insert_deputy(work.tx, &deputy, work.now).await?;
            let directory = work.ctx.house.identity.directories().now();
            let event = Event::new(RecordRef::new("user", new.absent), "user.deputy_set", *place)
                .change("deputy", None, Some(turn::name(&directory, new.deputy)))
                .change("from", None, Some(new.from.to_string()))
                .change("until", None, Some(new.until.to_string()));
            Ok(work.record(event).await?.with(deputy.id))
        })
    })
    .await
}

/// Ends a stand-in early.
///
/// # Errors
/// `not-found`; `approvals-deputy-over`.
pub async fn end_deputy(ctx: &Ctx, id: Id<DeputyId>) -> Result<(), Fault> {
    ctx.write(id, |work, id| {
        Box::pin(async move {
            let deputy = store::get_deputy(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            let directory = work.ctx.house.identity.directories().now();
            let absent = directory.user(deputy.absent).ok_or_else(Fault::not_found)?;
            if !may_set_for(work.ctx, absent) {
                return Err(Fault::not_found());
            }
            if !store::end_deputy(work.tx, *id, work.now).await? {
                return Err(Fault::refused("approvals-deputy-over"));
            }
            let place = Place { store: absent.home, team: None, owner: Some(absent.id) };
            let event = Event::new(RecordRef::new("user", deputy.absent), "user.deputy_ended", place)
                .change("deputy", Some(turn::name(&directory, deputy.deputy)), None)
                .change("until", Some(deputy.until.to_string()), Some(work.now.to_string()));
            work.record(event).await
        })
    })
    .await
}
