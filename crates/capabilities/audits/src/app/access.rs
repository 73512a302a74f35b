//! People from outside: let in for some days, looked after, let out.

use capability::{Ctx, Event};
use db::Tx;
use identity::store::windows::Visit;
use identity::store::{activation, roles, users, windows};
use identity::{ACTIVATION_LIMIT, Assignment, EXTERNAL_ASSESSOR, Secret, User, UserDraft, Window};
use kernel::{Day, Fault, FieldErrors, Id, Placed, RecordRef, Timestamp, of};
use parties::domain::text;

use super::plan::keeps;
use super::{RECORD, TEXT, VIEW, company};
use crate::store::{self, Access, AuditId};

/// Most days that somebody from outside is let in for.
const DAYS: i32 = 183;
/// The word for people in the journal.
const USER: &str = "user";

/// Somebody to let in; texts as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Let {
    /// The name that records show.
    pub name: String,
    /// What they sign in with.
    pub login: String,
    /// Mail, if known.
    pub email: Option<String>,
    /// The first day,
    pub from_on: Option<Day>,
    /// and the last.
    pub until_on: Option<Day>,
    /// `zh-CN` or `en`.
    pub locale: String,
}

/// What is handed over to them, once.
#[derive(Debug, Clone)]
pub struct Given {
    /// Who.
    pub user: Id<of::User>,
    /// What they sign in with.
    pub login: String,
    /// With this code they set their password.
    pub code: Secret,
}

/// Somebody who was let in.
#[derive(Debug, Clone)]
pub struct Guest {
    /// The account.
    pub user: User,
    /// When it is good.
    pub window: Window,
    /// Who gave it and who took it back.
    pub access: Access,
    /// When they last asked for a page.
    pub seen: Option<Timestamp>,
}

/// Everybody who was let in to the audit `id`.
pub(super) async fn guests(tx: &mut Tx, id: Id<AuditId>) -> Result<Vec<Guest>, Fault> {
    let mut all = Vec::new();
    for access in store::accesses(tx, id).await? {
        let (Some(user), Some(window)) = (users::get(tx, access.user).await?, windows::get(tx, access.user).await?)
        else {
            continue;
        };
        let seen = windows::visits(tx, access.user, None, 1).await?.first().map(|visit| visit.at);
        all.push(Guest { user, window, access, seen });
    }
    Ok(all)
}

/// Lets somebody from outside look at the audit `id`.
///
/// # Errors
/// `invalid` with the fields; `audits-over`; `not-found`; `forbidden`.
pub async fn give(ctx: &Ctx, id: Id<AuditId>, wanted: Let) -> Result<Given, Fault> {
    let directory = ctx.house.identity.directories().now();
    let home = company(&directory)?;
    let zone = &ctx.house.zone;
    let mut errors = FieldErrors::default();
    let draft = UserDraft {
        login: wanted.login.clone(),
        name: wanted.name.clone(),
        phone: None,
        email: wanted.email.clone(),
        home: Some(home),
        locale: wanted.locale.clone(),
        active: true,
    };
    let draft = draft.tidied(&mut errors);
    for (field, day) in [("from_on", wanted.from_on), ("until_on", wanted.until_on)] {
        if day.is_none() {
            errors.add(field, "required");
        }
    }
    let today = ctx.now().day(zone);
    if let (Some(from), Some(until)) = (wanted.from_on, wanted.until_on)
        && (until < from || until < today || until > from.plus(DAYS))
    {
        errors.add_with("until_on", "audits-access-days", vec![("max", DAYS.to_string())]);
    }
    errors.check()?;
    let (Some(from), Some(until)) = (wanted.from_on, wanted.until_on) else {
        return Err(Fault::field("from_on", "required"));
    };
    let window = Window { opens_at: from.start(zone), closes_at: until.plus(1).start(zone), closed_at: None };
    let code = Secret::readable()?;
    let login = draft.login.clone();
    let input = (id, draft, window, code.activation_digest(), home);
    let user = ctx
        .write(input, |work, (id, draft, window, code, home)| {
            Box::pin(async move {
                let audit = keeps(work, *id).await?;
                if !audit.state.is_live() {
                    return Err(Fault::refused("audits-over"));
                }
                let ids = work.ctx.house.ids.clone();
                let user = users::insert(work.tx, &ids, work.now, draft, None).await?;
                let role = Assignment { role: EXTERNAL_ASSESSOR.to_owned(), unit: *home };
                roles::assign(work.tx, user.id, &[role]).await?;
                windows::put(work.tx, user.id, window).await?;
                let good = window.opens_at.max(work.now).plus(ACTIVATION_LIMIT).min(window.closes_at);
                activation::put(work.tx, user.id, code, good, work.now).await?;
                let access = Access {
                    user: user.id,
                    audit: *id,
                    given_at: work.now,
                    given_by: work.ctx.actor.user,
                    withdrawn_by: None,
                    withdrawn_why: None,
                };
                store::give(work.tx, &access).await?;
                let zone = &work.ctx.house.zone;
                let days = format!("{} – {}", window.opens_at.day(zone), window.closes_at.plus(-1).day(zone));
                let person = Event::new(RecordRef::new(USER, user.id), "user.created", super::place(*home))
                    .personal("name", None, Some(user.name.clone()))
                    .change("login", None, Some(user.login.clone()));
                let _ = work.record(person).await?;
                let event = Event::new(RecordRef::new(RECORD, *id), "audit.access_given", audit.place())
                    .personal("assessor", None, Some(format!("{} ({})", user.name, user.login)))
                    .change("days", None, Some(days));
                Ok(work.record(event).await?.with(user.id))
            })
        })
        .await?;
    Ok(Given { user, login, code })
}

/// Takes the access of `user` to the audit `id` back, at once and with a reason.
///
/// # Errors
/// `invalid` without a reason; `audits-access-gone`; `not-found`; `forbidden`.
pub async fn withdraw(ctx: &Ctx, id: Id<AuditId>, user: Id<of::User>, why: &str) -> Result<(), Fault> {
    let mut errors = FieldErrors::default();
    let why = text::required(&mut errors, "why", why, TEXT);
    errors.check()?;
    ctx.write((id, user, why), |work, (id, user, why)| {
        Box::pin(async move {
            let audit = keeps(work, *id).await?;
            let access = store::access_of_user(work.tx, *user).await?.filter(|one| one.audit == *id);
            access.ok_or_else(Fault::not_found)?;
            if !windows::close(work.tx, *user, work.now).await? {
                return Err(Fault::refused("audits-access-gone"));
            }
            activation::clear(work.tx, *user).await?;
            store::withdraw(work.tx, *user, work.ctx.actor.user, why).await?;
            let who = super::name(work.ctx, Some(*user));
            let event = Event::new(RecordRef::new(RECORD, *id), "audit.access_withdrawn", audit.place())
                .personal("assessor", who, None)
                .change("reason", None, Some(why.clone()));
            work.record(event).await
        })
    })
    .await
}

/// What `user` looked at for the audit `id`, the last page first, from before the one with the id `before`.
///
/// # Errors
/// `not-found`.
pub async fn visits(
    ctx: &Ctx,
    id: Id<AuditId>,
    user: Id<of::User>,
    before: Option<i64>,
    limit: i64,
) -> Result<(store::Audit, User, Vec<Visit>, Option<i64>), Fault> {
    ctx.read((id, user, before, limit, ctx.clone()), |tx, (id, user, before, limit, ctx)| {
        Box::pin(async move {
            let (audit, _) = super::look(tx, ctx, *id).await?;
            ctx.require(VIEW, &audit)?;
            let access = store::access_of_user(tx, *user).await?.filter(|one| one.audit == *id);
            access.ok_or_else(Fault::not_found)?;
            let who = users::get(tx, *user).await?.ok_or_else(Fault::not_found)?;
            let mut rows = windows::visits(tx, *user, *before, *limit + 1).await?;
            let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > *limit;
            if more {
                rows.pop();
            }
            let next = rows.last().filter(|_| more).map(|visit| visit.id);
            Ok((audit, who, rows, next))
        })
    })
    .await
}

/// Until when the account of `user`, who is from outside, is good; none for staff.
///
/// # Errors
/// What the database says.
pub async fn until(ctx: &Ctx, user: Id<of::User>) -> Result<Option<Timestamp>, Fault> {
    ctx.read(user, |tx, user| {
        Box::pin(async move { Ok(windows::get(tx, *user).await?.map(|window| window.closes_at)) })
    })
    .await
}
