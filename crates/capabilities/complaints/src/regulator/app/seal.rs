//! Restricted complaints: they stand in the sealed unit, so that every list, search, count and page leaves them out for whoever is not
//! admitted; and complaints that are held for the law.

use capability::{Ctx, Recorded, Work};
use cases::app::flow;
use identity::SEALED;
use kernel::{Fault, Id, Place, RecordRef, of};

use super::access::HOLD;
use super::events as own;
use crate::app::{Changed, carry, event};
use crate::regulator::domain::{HELD, NOT_NOW, Nature};
use crate::regulator::store::{self, Seal};
use crate::store::Complaint;

/// The unit in which sealed records stand; made at the first need.
///
/// # Errors
/// What the database says.
pub async fn sealed_unit(ctx: &Ctx) -> Result<Id<of::Unit>, Fault> {
    let directories = ctx.house.identity.directories();
    if let Some(unit) = directories.now().sealed() {
        return Ok(unit);
    }
    let system = Ctx::system(std::sync::Arc::clone(&ctx.house), "complaints.seal");
    let unit = system
        .write((), |work, ()| {
            Box::pin(async move {
                let unit = identity::store::units::seal(work.tx, &work.ctx.house.ids).await?;
                let place = Place { store: unit, team: None, owner: None };
                let event = capability::Event::new(RecordRef::new("unit", unit), "complaints.sealed_unit_made", place);
                Ok(work.record(event.quietly()).await?.with(unit))
            })
        })
        .await?;
    // From now on nobody's reach covers it by accident.
    directories.refresh().await?;
    Ok(unit)
}

fn require(ctx: &Ctx, complaint: &Complaint) -> Result<(), Fault> {
    match () {
        () if !ctx.actor.may(crate::app::VIEW, complaint) => Err(Fault::not_found()),
        () if ctx.actor.may(HOLD, complaint) => Ok(()),
        () => Err(Fault::forbidden()),
    }
}

async fn held(work: &mut Work<'_>, id: Id<of::Case>, version: i64) -> Result<(cases::store::Case, Complaint), Fault> {
    let case = cases::store::hold(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    let complaint = crate::store::get(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    require(work.ctx, &complaint)?;
    if case.version != version {
        return Err(Fault::stale(case.version));
    }
    Ok((case, complaint))
}

/// Restricts the complaint of the case `id`, seen at `version`, to who is admitted to sealed records, for `reason`.
///
/// # Errors
/// `not-found`, `forbidden`, `stale`; `complaints-reg-not-now` when it is restricted already.
pub async fn restrict(ctx: &Ctx, id: Id<of::Case>, version: i64, reason: String) -> Result<Changed, Fault> {
    let unit = sealed_unit(ctx).await?;
    ctx.write((id, version, reason, unit), |work, (id, version, reason, unit)| {
        Box::pin(async move {
            let (case, complaint) = held(work, *id, *version).await?;
            if !work.ctx.actor.reach(SEALED).company {
                return Err(Fault::forbidden());
            }
            if store::seal(work.tx, *id).await?.is_some() {
                return Err(Fault::refused(NOT_NOW));
            }
            let seal = Seal { store: case.store, reason: reason.clone(), by: work.ctx.actor.user, at: work.now };
            store::put_seal(work.tx, *id, &seal).await?;
            // What people outside were told of it says its number and what it is about.
            notices::erase(work.tx, &RecordRef::new(cases::app::RECORD, *id)).await?;
            approvals::store::stand_in(work.tx, &RecordRef::new(cases::app::RECORD, *id), *unit).await?;
            stand_in(work, case, complaint, *unit, "complaints.restricted", reason).await
        })
    })
    .await
}

/// Lifts the restriction for `reason`; a report stays restricted.
///
/// # Errors
/// As [`restrict`]; `complaints-held` for a report.
pub async fn unrestrict(ctx: &Ctx, id: Id<of::Case>, version: i64, reason: String) -> Result<Changed, Fault> {
    ctx.write((id, version, reason), |work, (id, version, reason)| {
        Box::pin(async move {
            let (case, complaint) = held(work, *id, *version).await?;
            let seal = store::seal(work.tx, *id).await?.ok_or_else(|| Fault::refused(NOT_NOW))?;
            if store::get(work.tx, *id).await?.is_some_and(|one| one.nature == Nature::Report) {
                return Err(Fault::refused(HELD));
            }
            store::lift_seal(work.tx, *id).await?;
            stand_in(work, case, complaint, seal.store, "complaints.unrestricted", reason).await
        })
    })
    .await
}

async fn stand_in(
    work: &mut Work<'_>,
    mut case: cases::store::Case,
    before: Complaint,
    unit: Id<of::Unit>,
    verb: &'static str,
    reason: &str,
) -> Result<Recorded<Changed>, Fault> {
    let mut deltas = flow::stand_in(work, &mut case, unit).await?;
    let after = Complaint { store: unit, team: None, ..before.clone() };
    crate::store::save(work.tx, &after).await?;
    if let Some(one) = store::get(work.tx, case.id).await? {
        let from = crate::regulator::store::RegulatorCase { store: before.store, ..one.clone() };
        let live = one.ended_at.is_none();
        for (one, n) in [(&from, -1), (&one, 1)].into_iter().filter(|_| live) {
            let event = own::event(verb, None, one, work.now);
            deltas.extend(own::count(work, event, one, one.received_at, "regulator.open_now", n).deltas);
        }
    }
    // Nothing but the place moves; a new version says that everybody looks again.
    let moved = flow::place(work, &mut case, &carry::driven(after.state, &[], &[])).await?;
    deltas.extend(moved.deltas);
    let mut event = event(work, verb, Some(&before), &after).personal("reason", None, Some(reason.to_owned()));
    event.deltas = deltas;
    Ok(work.record(event).await?.with(Changed::of(&case, &after)))
}

/// Holds the complaint of the case `id` for the law, for `reason`: nothing of it goes away until somebody lets it go.
///
/// # Errors
/// `not-found`, `forbidden`, `stale`.
pub async fn hold(ctx: &Ctx, id: Id<of::Case>, version: i64, reason: String) -> Result<Changed, Fault> {
    set(ctx, id, version, reason, true).await
}

/// Lets it go, for `reason`; a report that is not ended stays held.
///
/// # Errors
/// As [`hold`]; `complaints-held`.
pub async fn lift_hold(ctx: &Ctx, id: Id<of::Case>, version: i64, reason: String) -> Result<Changed, Fault> {
    set(ctx, id, version, reason, false).await
}

async fn set(ctx: &Ctx, id: Id<of::Case>, version: i64, reason: String, hold: bool) -> Result<Changed, Fault> {
    ctx.write((id, version, reason, hold), |work, (id, version, reason, hold)| {
        Box::pin(async move {
            let (case, before) = held(work, *id, *version).await?;
            if before.legal_hold.is_some() == *hold {
                return Err(Fault::refused(NOT_NOW));
            }
            let open = |one: store::RegulatorCase| one.nature == Nature::Report && one.ended_at.is_none();
            if !*hold && store::get(work.tx, *id).await?.is_some_and(open) {
                return Err(Fault::refused(HELD));
            }
            let after = Complaint { legal_hold: hold.then(|| reason.clone()), ..before.clone() };
            crate::store::save(work.tx, &after).await?;
            let verb = if *hold { "complaints.held" } else { "complaints.let_go" };
            let event = event(work, verb, Some(&before), &after)
                .change("legal_hold", Some((!*hold).to_string()), Some(hold.to_string()))
                .personal("reason", None, Some(reason.clone()));
            Ok(work.record(event).await?.with(Changed::of(&case, &after)))
        })
    })
    .await
}
