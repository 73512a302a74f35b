//! Restricted complaints: they stand in the sealed unit, so that every list, search, count and page leaves them out for whoever is not
//! admitted; and complaints that are held for the law.

use capability::{Ctx, Recorded, Work};
use cases::app::flow;
use identity::SEALED;
use identity::store::units::{self, Admission};
use kernel::{Fault, Id, Place, RecordRef, of};
use notices::Notice;

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
                let unit = units::seal(work.tx, &work.ctx.house.ids).await?;
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

/// Tells `user` that the restricted file of `case` is open to them, with the way to it, or no longer is. A notice says the number and
/// nothing of what the file is about.
async fn tell(work: &mut Work<'_>, case: &cases::store::Case, user: Id<of::User>, admitted: bool) -> Result<(), Fault> {
    let record = RecordRef::new(cases::app::RECORD, case.id);
    if !admitted {
        let notice = Notice::new("sealed.ended", record).number(&case.number).at("/notices");
        return notices::tell(work, &[user], &notice).await;
    }
    let directory = work.ctx.house.identity.directories().now();
    let regulator = directory.actor(user).is_some_and(|actor| actor.holds(super::access::VIEW))
        && store::get(work.tx, case.id).await?.is_some();
    let folder = if regulator { "regulator" } else { "complaints" };
    let notice = Notice::new("sealed.admitted", record).number(&case.number).at(format!("/{folder}/{}", case.id));
    notices::tell(work, &[user], &notice).await
}

/// True when `user` sees the complaint as it stands now.
fn sees(work: &Work<'_>, user: Id<of::User>, complaint: &Complaint) -> bool {
    let directory = work.ctx.house.identity.directories().now();
    directory.actor(user).is_some_and(|actor| actor.may(crate::app::VIEW, complaint))
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
            // Who had it in hand and is not admitted learns that it is theirs no longer.
            let sealed = Complaint { store: *unit, team: None, ..complaint.clone() };
            for user in complaint.owner.into_iter().filter(|user| !sees(work, *user, &sealed)).collect::<Vec<_>>() {
                tell(work, &case, user, false).await?;
            }
            stand_in(work, case, complaint, *unit, ("complaints.restricted", reason, None)).await
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
            let named = units::admitted(work.tx, complaint.store).await?;
            units::dismiss(work.tx, complaint.store, None).await?;
            // It is open again to whoever sees its store; who saw it only by name sees it no longer.
            let open = Complaint { store: seal.store, ..complaint.clone() };
            for one in named.into_iter().filter(|one| !sees(work, one.user, &open)).collect::<Vec<_>>() {
                tell(work, &case, one.user, false).await?;
            }
            stand_in(work, case, complaint, seal.store, ("complaints.unrestricted", reason, None)).await
        })
    })
    .await
}

async fn stand_in(
    work: &mut Work<'_>,
    mut case: cases::store::Case,
    before: Complaint,
    unit: Id<of::Unit>,
    (verb, reason, who): (&'static str, &str, Option<String>),
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
    let mut event = event(work, verb, Some(&before), &after)
        .personal("reason", None, Some(reason.to_owned()))
        .change("admitted", None, who);
    event.deltas = deltas;
    Ok(work.record(event).await?.with(Changed::of(&case, &after)))
}

/// Who is admitted by name to the restricted complaint of the case `id`.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// The case.
    pub case: cases::store::Case,
    /// By name, in the order of admission.
    pub people: Vec<Admission>,
}

/// Reads who is admitted to the complaint of the case `id`, which is restricted.
///
/// # Errors
/// `not-found`, `forbidden`; `complaints-reg-not-now` when it is not restricted.
pub async fn admitted(ctx: &Ctx, id: Id<of::Case>) -> Result<Admitted, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let case = cases::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            let complaint = crate::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            require(ctx, &complaint)?;
            if store::seal(tx, *id).await?.is_none() {
                return Err(Fault::refused(NOT_NOW));
            }
            let people = units::admitted(tx, complaint.store).await?;
            Ok(Admitted { case, people })
        })
    })
    .await
}

/// Admits `user` to the restricted complaint of the case `id`, seen at `version`, for `reason`: they see and do with it what their roles
/// let them do elsewhere. The first name gives the file a place of its own.
///
/// # Errors
/// `not-found`, `forbidden`, `stale`; `complaints-reg-not-now` when it is not restricted; `invalid` at `user` for somebody who could not
/// see complaints anyway, is admitted already, or whom it is about.
pub async fn admit(
    ctx: &Ctx,
    id: Id<of::Case>,
    version: i64,
    user: Id<of::User>,
    reason: String,
) -> Result<Changed, Fault> {
    let done = ctx
        .write((id, version, user, reason), |work, (id, version, user, reason)| {
            Box::pin(async move {
                let (case, complaint) = sealed_one(work, *id, *version).await?;
                let directory = work.ctx.house.identity.directories().now();
                let name = directory.user_name(*user).unwrap_or_default().to_owned();
                if !directory.actor(*user).is_some_and(|actor| actor.holds(crate::app::VIEW)) {
                    return Err(Fault::field("user", "complaints-admit"));
                }
                if crate::store::interested(work.tx, *id).await?.contains(user) {
                    return Err(Fault::field("user", "complaints-admit-about"));
                }
                let record = RecordRef::new(cases::app::RECORD, *id);
                let unit = match directory.sealed() == Some(complaint.store) {
                    true => units::seal_one(work.tx, &work.ctx.house.ids, &case.number).await?,
                    false => complaint.store,
                };
                let new = Admission { user: *user, by: work.ctx.actor.user, at: work.now };
                if !units::admit(work.tx, unit, &new).await? {
                    return Err(Fault::field("user", "complaints-admit-twice"));
                }
                approvals::store::stand_in(work.tx, &record, unit).await?;
                tell(work, &case, *user, true).await?;
                stand_in(work, case, complaint, unit, ("complaints.admitted", reason, Some(name))).await
            })
        })
        .await?;
    ctx.house.identity.directories().refresh().await?;
    Ok(done)
}

/// Admits `user` no longer.
///
/// # Errors
/// As [`admit`].
pub async fn dismiss(
    ctx: &Ctx,
    id: Id<of::Case>,
    version: i64,
    user: Id<of::User>,
    reason: String,
) -> Result<Changed, Fault> {
    let done = ctx
        .write((id, version, user, reason), |work, (id, version, user, reason)| {
            Box::pin(async move {
                let (case, complaint) = sealed_one(work, *id, *version).await?;
                if !units::dismiss(work.tx, complaint.store, Some(*user)).await? {
                    return Err(Fault::field("user", "unknown"));
                }
                let directory = work.ctx.house.identity.directories().now();
                let name = directory.user_name(*user).map(str::to_owned);
                // What they were told of it goes with the admission.
                notices::erase(work.tx, &RecordRef::new(cases::app::RECORD, *id)).await?;
                tell(work, &case, *user, false).await?;
                let unit = complaint.store;
                stand_in(work, case, complaint, unit, ("complaints.dismissed", reason, name)).await
            })
        })
        .await?;
    ctx.house.identity.directories().refresh().await?;
    Ok(done)
}

/// A restricted complaint, held, for somebody who is admitted to all of them.
async fn sealed_one(
    work: &mut Work<'_>,
    id: Id<of::Case>,
    version: i64,
) -> Result<(cases::store::Case, Complaint), Fault> {
    let (case, complaint) = held(work, id, version).await?;
    if !work.ctx.actor.reach(SEALED).company {
        return Err(Fault::forbidden());
    }
    store::seal(work.tx, id).await?.ok_or_else(|| Fault::refused(NOT_NOW))?;
    Ok((case, complaint))
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
