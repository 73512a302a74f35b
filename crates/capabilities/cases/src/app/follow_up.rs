//! Follow-up cases (后续单) and other links between cases.

use capability::{Ctx, Recorded, Work};
use identity::Secret;
use kernel::{Fault, FieldErrors, Id, Timestamp, of};
use parties::domain::text;

use super::access::{CLOSE, TAKE_IN, VIEW, works};
use super::clocks::Clocks;
use super::events::{self, zone_of};
use super::intake::{self, BODY, TakenIn};
use super::{desk, tell};
use crate::domain::{self, Category, LinkKind, Notice, Policy, State, StateName, Step};
use crate::store::{self, Case, Related};

/// Longest subject, in characters.
const SUBJECT: usize = 200;

/// The case `id`, if the actor may see it.
pub(super) async fn parent(ctx: &Ctx, id: Id<of::Case>) -> Result<Case, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let case = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &case)?;
            Ok(case)
        })
    })
    .await
}

/// A case that goes on with `case`: the same customer, product, kind and channel, with a number of its own.
pub(super) async fn draft(ctx: &Ctx, case: &Case, subject: Option<String>, body: &str) -> Result<Case, Fault> {
    let now = ctx.now();
    let desk = desk::of(&ctx.house);
    let number = desk.number(&ctx.house, case.kind.prefix(), now.day(&zone_of(&ctx.house, case.store))).await?;
    Ok(made(case, ctx.house.ids.next(), number.to_string(), subject, body, ctx.actor.user, now))
}

/// The same, as of `now`.
pub(super) fn made(
    case: &Case,
    id: Id<of::Case>,
    number: String,
    subject: Option<String>,
    body: &str,
    by: Option<Id<of::User>>,
    now: Timestamp,
) -> Case {
    Case {
        id,
        number,
        state: State::New,
        step: Step::Request,
        subject: subject.unwrap_or_else(|| case.subject.clone()),
        body: body.to_owned(),
        external_id: None,
        due: None,
        outcome: None,
        cause: None,
        result_note: None,
        declined: 0,
        reopened: 0,
        merged_into: None,
        happened_at: now,
        created_at: now,
        created_by: by,
        accepted_at: None,
        first_answered_at: None,
        resolved_at: None,
        closed_at: None,
        version: 1,
        own_flow: false,
        ..case.clone()
    }
}

/// Takes `draft` in within a write that is under way, linked to `parent`; both timelines say so.
pub(super) async fn take_in(
    work: &mut Work<'_>,
    draft: &Case,
    parent: &Case,
    kind: LinkKind,
    policy: &Policy,
    token: &Secret,
) -> Result<TakenIn, Fault> {
    let now = work.now;
    let mut case = Case { created_at: now, happened_at: now, ..draft.clone() };
    // Whoever had it has it again, as long as that person still works there.
    case.owner = case.owner.filter(|owner| work.ctx.house.identity.directories().now().actor(*owner).is_some());
    let contact = match case.customer {
        Some(customer) => parties::file::contact(work.tx, customer).await?,
        None => None,
    };
    let phone = contact.and_then(|contact| contact.phone.map(|phone| phone.digits().to_owned()));
    let decision = domain::take_in();
    let mut clocks = Clocks::none();
    clocks.act(work, &case, policy, &decision.clocks, now).await?;
    case.due = clocks.due();
    store::insert(work.tx, &case).await?;
    // The kind of goods and the sale are what they were; slips and promises were the first case's.
    let extras = store::extras(work.tx, parent.id).await?;
    let mut told = intake::Told::default();
    told.extras.category = extras.category;
    told.extras.receipt = extras.receipt;
    told.via = store::via(work.tx, parent.id).await?;
    if !told.extras.is_empty() {
        store::insert_extras(work.tx, &[(&case, &told.extras)]).await?;
    }
    let (id, by) = (work.ctx.house.ids.next(), work.ctx.actor.user);
    store::relate(work.tx, id, (case.id, parent.id), kind, by, now).await?;
    let event = intake::taken(&work.ctx.house, &case, &told, &decision, phone.as_deref()).change(
        "follow_up_of",
        None,
        Some(parent.number.clone()),
    );
    let day = now.day(&zone_of(&work.ctx.house, case.store));
    let _ = work.record(events::count(event, &case, day, "cases.follow_ups", 1)).await?;
    let event = events::event(parent, "case.followed_up", now).change("follow_up", None, Some(case.number.clone()));
    let _ = work.record(event).await?;
    let link = tell::tell(work, &case, Notice::TakenIn, "", token).await?;
    Ok(TakenIn::of(&case, false, link))
}

/// Opens a case that goes on with the case `id`, which is over: customer and product are carried over.
///
/// # Errors
/// `not-found` and `forbidden`; `invalid` with the fields; `cases-not-done-yet` while the case is not over.
pub async fn follow_up(ctx: &Ctx, id: Id<of::Case>, subject: &str, body: &str) -> Result<TakenIn, Fault> {
    let mut errors = FieldErrors::default();
    let subject = text::optional_line(&mut errors, "subject", Some(subject), SUBJECT);
    let body = text::required(&mut errors, "body", body, BODY);
    errors.check()?;
    let case = parent(ctx, id).await?;
    may_follow(ctx, &case)?;
    let next = draft(ctx, &case, subject, &body).await?;
    let policy = desk::of(&ctx.house).policy(&ctx.house).await?;
    ctx.write((id, next, policy, Secret::link()?), |work, (id, next, policy, token)| {
        Box::pin(async move {
            let case = store::hold(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            may_follow(work.ctx, &case)?;
            let taken = take_in(work, next, &case, LinkKind::FollowUp, policy, token).await?;
            Ok(work.unchanged(taken))
        })
    })
    .await
}

fn may_follow(ctx: &Ctx, case: &Case) -> Result<(), Fault> {
    if !ctx.actor.may(TAKE_IN, case) {
        return Err(if ctx.actor.may(VIEW, case) { Fault::forbidden() } else { Fault::not_found() });
    }
    match case.state.category() {
        Category::Closed => Ok(()),
        Category::Void if case.state.name() != StateName::Merged => Ok(()),
        Category::Open | Category::Waiting | Category::Resolved | Category::Void => {
            Err(Fault::refused("cases-not-done-yet"))
        }
    }
}

/// Says what the case `id` has to do with the case `other`.
///
/// # Errors
/// `not-found` and `forbidden`; `invalid` when the other is unknown, out of reach or the same, or they are linked so already.
pub async fn relate(ctx: &Ctx, id: Id<of::Case>, other: Id<of::Case>, kind: LinkKind) -> Result<(), Fault> {
    if !LinkKind::BY_HAND.contains(&kind) {
        return Err(Fault::field("kind", "choose"));
    }
    ctx.write((id, other, kind), |work, (id, other, kind)| {
        Box::pin(async move {
            let case = store::hold(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            require_work(work.ctx, &case)?;
            let target = store::get(work.tx, *other).await?.filter(|target| work.ctx.actor.may(VIEW, target));
            let target = target.ok_or_else(|| Fault::field("other", "unknown"))?;
            if target.id == case.id {
                return Err(Fault::field("other", "cases-itself"));
            }
            let (link, by) = (work.ctx.house.ids.next(), work.ctx.actor.user);
            if !store::relate(work.tx, link, (case.id, target.id), *kind, by, work.now).await? {
                return Err(Fault::field("other", "taken"));
            }
            both(work, &case, &target, "case.linked", *kind).await
        })
    })
    .await
}

/// Takes a link that a person set away again.
///
/// # Errors
/// `not-found` and `forbidden`.
pub async fn unrelate(ctx: &Ctx, id: Id<of::Case>, other: Id<of::Case>, kind: LinkKind) -> Result<(), Fault> {
    if !LinkKind::BY_HAND.contains(&kind) {
        return Err(Fault::forbidden());
    }
    ctx.write((id, other, kind), |work, (id, other, kind)| {
        Box::pin(async move {
            let case = store::hold(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            require_work(work.ctx, &case)?;
            let target = store::get(work.tx, *other).await?.filter(|target| work.ctx.actor.may(VIEW, target));
            let target = target.ok_or_else(Fault::not_found)?;
            let gone = store::unrelate(work.tx, case.id, target.id, *kind).await?
                || store::unrelate(work.tx, target.id, case.id, *kind).await?;
            if !gone {
                return Err(Fault::not_found());
            }
            both(work, &case, &target, "case.unlinked", *kind).await
        })
    })
    .await
}

/// Both timelines say what happened to a link.
async fn both(
    work: &mut Work<'_>,
    case: &Case,
    other: &Case,
    verb: &'static str,
    kind: LinkKind,
) -> Result<Recorded<()>, Fault> {
    let kind = Some(kind.to_string());
    let event = events::event(other, verb, work.now).change("link", None, kind.clone());
    let _ = work.record(event.change("other", None, Some(case.number.clone()))).await?;
    let event = events::event(case, verb, work.now).change("link", None, kind);
    work.record(event.change("other", None, Some(other.number.clone()))).await
}

fn require_work(ctx: &Ctx, case: &Case) -> Result<(), Fault> {
    match () {
        () if works(&ctx.actor, case) || ctx.actor.may(CLOSE, case) => Ok(()),
        () if ctx.actor.may(VIEW, case) => Err(Fault::forbidden()),
        () => Err(Fault::not_found()),
    }
}

/// The cases that have to do with `case` and that the actor may see.
pub(super) async fn related(tx: &mut db::Tx, ctx: &Ctx, case: Id<of::Case>) -> Result<Vec<Related>, Fault> {
    let all = store::related_to(tx, case).await?;
    Ok(all.into_iter().filter(|other| ctx.actor.may(VIEW, other)).collect())
}
