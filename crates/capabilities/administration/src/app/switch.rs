//! Persons taking turns at one counter PC.

use capability::{Ctx, Event, Recorded, Work};
use identity::{Opened, Secret, SessionInfo, SwitchTo, User, check_pin, store};
use kernel::{Fault, FaultKind, FieldErrors, Id, of};

use super::people::tree;
use crate::domain::{place_of_user, user_record};

/// The session with which somebody asks to switch: also a locked one.
///
/// # Errors
/// Unauthenticated.
pub(crate) fn at_the_counter(ctx: &Ctx) -> Result<&SessionInfo, Fault> {
    ctx.session.as_ref().or(ctx.locked.as_ref()).ok_or_else(Fault::unauthenticated)
}

/// Somebody of the same store takes over with a PIN: their session replaces the one before, and the journal says who took over
/// from whom.
///
/// # Errors
/// `identity-switch-no`; `invalid` at `pin`; `identity-pin-locked`; unauthenticated when the session before has ended.
pub(crate) async fn switch(ctx: &Ctx, to: SwitchTo) -> Result<Opened, Fault> {
    let session = at_the_counter(ctx)?.clone();
    let (user, here) = (to.user, session.clone());
    let switching = match ctx.house.identity.check_switch(&here, to).await {
        Ok(switching) => switching,
        Err(fault) => {
            if fault.kind() == FaultKind::TooMany || fault.code() == "invalid" {
                note_wrong(ctx, &session, user, fault.kind() == FaultKind::TooMany).await?;
            }
            return Err(fault);
        }
    };
    let opened = switching.opened();
    let directory = ctx.house.identity.directories().now();
    // From here on the one who took over acts.
    let mut own = ctx.clone().replayable(None);
    own.actor = directory.actor(user).ok_or_else(|| Fault::refused("identity-switch-no"))?;
    own.session = None;
    let person = directory.user(user).cloned().ok_or_else(Fault::not_found)?;
    own.write((switching, session.user, person), |w, (switching, before, person)| {
        Box::pin(async move {
            let ids = w.ctx.house.ids.clone();
            if !switching.carry_out(w.tx, &ids, w.now).await? {
                return Err(Fault::unauthenticated());
            }
            let tree = tree(w).await?;
            let from = (before.id != person.id).then(|| before.name.clone());
            let event = Event::new(user_record(person.id), "user.took_over", place_of_user(&tree, person)).change(
                "counter",
                from,
                Some(person.name.clone()),
            );
            w.record(event.quietly()).await
        })
    })
    .await?;
    Ok(opened)
}

/// A wrong PIN leaves a trace with the person whose it was; so does the lock.
async fn note_wrong(ctx: &Ctx, session: &SessionInfo, user: Id<of::User>, locked: bool) -> Result<(), Fault> {
    let directory = ctx.house.identity.directories().now();
    let mut own = ctx.clone().replayable(None);
    own.actor = directory.actor(session.user.id).ok_or_else(Fault::unauthenticated)?;
    let person = directory.user(user).cloned().ok_or_else(Fault::not_found)?;
    own.write((person, locked), |w, (person, locked)| {
        Box::pin(async move {
            let tree = tree(w).await?;
            let verb = if *locked { "user.pin_locked" } else { "user.pin_wrong" };
            w.record(Event::new(user_record(person.id), verb, place_of_user(&tree, person)).quietly()).await
        })
    })
    .await
}

/// Sets the PIN of the person who is signed in.
///
/// # Errors
/// `invalid` when the password is wrong or the PIN too easy; too many tries.
pub(crate) async fn set_pin(ctx: &Ctx, password: &Secret, pin: &Secret) -> Result<(), Fault> {
    let user = super::own::me(ctx)?.clone();
    let mut errors = FieldErrors::default();
    if password.reveal().is_empty() {
        errors.add("present", "required");
    }
    check_pin(&mut errors, "pin", pin);
    errors.check()?;
    let identity = &ctx.house.identity;
    identity.confirm_password(user.id, "present", password).await?;
    let hash = identity.hasher().hash(pin).await?;
    ctx.write((user, Some(hash)), |w, (user, hash)| Box::pin(save(w, user, hash.as_deref()))).await
}

/// Takes the PIN of the person who is signed in away.
///
/// # Errors
/// Unauthenticated.
pub(crate) async fn clear_pin(ctx: &Ctx) -> Result<(), Fault> {
    let user = super::own::me(ctx)?.clone();
    ctx.write(user, |w, user| Box::pin(save(w, user, None))).await
}

async fn save(w: &mut Work<'_>, user: &User, hash: Option<&str>) -> Result<Recorded<()>, Fault> {
    let tree = tree(w).await?;
    let verb = match hash {
        Some(hash) => {
            store::pins::set(w.tx, user.id, hash, w.now).await?;
            "user.pin_set"
        }
        None => {
            if !store::pins::clear(w.tx, user.id).await? {
                return Ok(w.unchanged(()));
            }
            "user.pin_cleared"
        }
    };
    w.record(Event::new(user_record(user.id), verb, place_of_user(&tree, user)).quietly()).await
}
