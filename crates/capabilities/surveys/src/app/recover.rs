use capability::{Ctx, Event, Work};
use kernel::{Fault, Id, Place, Placed, RecordRef, of};
use notices::Notice;

use super::{RECOVER, zone};
use crate::domain::{Recovery, Rule};
use crate::store::{self, Survey, SurveyId};

/// Gives a low rating that was just opened to somebody, with a deadline: the store's manager, else whoever may make up for it.
pub(super) fn appoint(work: &Work<'_>, survey: &mut Survey, rule: &Rule) {
    let directory = work.ctx.house.identity.directories().now();
    let anywhere = Place { owner: None, ..survey.place() };
    let able = directory.who_may(RECOVER, &anywhere);
    let manager = able.iter().find(|user| directory.has_role(user.id, "store_manager"));
    survey.recovery_owner = manager.or_else(|| able.first()).map(|user| user.id).or(survey.owner);
    survey.recovery_due = Some(rule.recovered_by(work.now));
}

/// Tells who is to make up for it.
pub(super) async fn tell(work: &mut Work<'_>, survey: &Survey) -> Result<(), Fault> {
    let Some(owner) = survey.recovery_owner else { return Ok(()) };
    let lang = web::Lang::new(web::Locale::default(), zone(work.ctx, survey.store), work.now);
    let due = survey.recovery_due.map(|at| lang.full(at)).unwrap_or_default();
    let notice = Notice::new("rating.low", RecordRef::new("case", survey.case))
        .at(format!("/surveys/{}", survey.id))
        .number(&survey.number)
        .subject(&survey.subject)
        .text(&due);
    notices::tell(work, &[owner], &notice).await
}

/// Who could make up for a low rating of `survey`.
pub fn could_recover(ctx: &Ctx, survey: &Survey) -> Vec<(Id<of::User>, String)> {
    let directory = ctx.house.identity.directories().now();
    let able = |user: &identity::User| {
        let place = Place { owner: Some(user.id), ..survey.place() };
        let here = directory.store_of(user.home).is_some_and(|unit| unit.id == survey.store);
        user.active && here && directory.actor(user.id).is_some_and(|actor| actor.may(RECOVER, &place))
    };
    directory.users().filter(|user| able(user)).map(|user| (user.id, user.name.clone())).collect()
}

/// Gives the making up for a low rating to somebody else.
///
/// # Errors
/// `surveys-nothing-to-recover`; `stale`; `not-found`; a field error when that person could not.
pub async fn hand_over(ctx: &Ctx, id: Id<SurveyId>, version: i64, owner: Id<of::User>) -> Result<(), Fault> {
    ctx.write((id, version, owner), |work, (id, version, owner)| {
        Box::pin(async move {
            let before = open(work, *id, *version).await?;
            let able = could_recover(work.ctx, &before);
            let Some((_, name)) = able.iter().find(|(user, _)| user == owner) else {
                return Err(Fault::field("owner", "unknown"));
            };
            if before.recovery_owner == Some(*owner) {
                return Ok(work.unchanged(()));
            }
            let directory = work.ctx.house.identity.directories().now();
            let old = before.recovery_owner.and_then(|user| directory.user_name(user)).map(str::to_owned);
            let survey = Survey { recovery_owner: Some(*owner), version: before.version + 1, ..before };
            if !store::save(work.tx, &survey).await? {
                return Err(Fault::stale(survey.version));
            }
            tell(work, &survey).await?;
            let event = Event::new(RecordRef::new("case", survey.case), "survey.handed_over", survey.place()).change(
                "owner",
                old,
                Some(name.clone()),
            );
            work.record(event).await
        })
    })
    .await
}

/// Notes that somebody has made up for a low rating, and how.
///
/// # Errors
/// `surveys-nothing-to-recover`; `stale` when the survey has changed since `version`; `not-found`.
pub async fn recover(ctx: &Ctx, id: Id<SurveyId>, version: i64, note: String) -> Result<(), Fault> {
    ctx.write((id, version, note), |work, (id, version, note)| {
        Box::pin(async move {
            let before = open(work, *id, *version).await?;
            let late = before.recovery_due.is_some_and(|due| due < work.now);
            let survey = Survey {
                recovery: Recovery::Done,
                recovery_note: Some(note.clone()),
                recovered_by: work.ctx.actor.user,
                recovered_at: Some(work.now),
                version: before.version + 1,
                ..before
            };
            if !store::save(work.tx, &survey).await? {
                return Err(Fault::stale(survey.version));
            }
            let mut event = Event::new(RecordRef::new("case", survey.case), "survey.recovered", survey.place())
                .change("recovery", Some(Recovery::Open.as_str().to_owned()), Some(Recovery::Done.as_str().to_owned()))
                .change("note", None, Some(note.clone()));
            let in_time = if late { 0 } else { 1 };
            event.deltas =
                super::deltas(work, &survey, &[("surveys.recovered", 1), ("surveys.recovered_in_time", in_time)]);
            work.record(event).await
        })
    })
    .await
}

/// The survey `id` as of `version`, when there is something to make up for and the actor may.
async fn open(work: &mut Work<'_>, id: Id<SurveyId>, version: i64) -> Result<Survey, Fault> {
    let survey = store::get(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    super::require(work, RECOVER, &survey)?;
    if survey.version != version {
        return Err(Fault::stale(survey.version));
    }
    if survey.recovery != Recovery::Open {
        return Err(Fault::refused("surveys-nothing-to-recover"));
    }
    Ok(survey)
}
