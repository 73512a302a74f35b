use std::collections::BTreeSet;

use capability::{Ctx, Event, PermissionDef, Work};
use kernel::{Cursor, Fault, FieldErrors, Id, Permission, Place, Placed, Reach, RecordRef, Scope, Timestamp, of};
use metrics::Delta;
use notices::Notice;

use super::domain::{Criterion, MOST, sample, score};
use super::store::{self, Drawable, Filter, Mean, Review, ReviewId, Round, Sheet, State};
use crate::app::{COUNTED, VIEW};
use crate::store::Complaint;

/// Draw samples and mark them.
pub const REVIEW: Permission = Permission("complaints.review");
/// Change the sheet of criteria.
pub const EDIT: Permission = Permission("complaints.review_sheet");

/// With the roles that hold it by default.
pub const PERMISSION: PermissionDef = PermissionDef {
    permission: REVIEW,
    defaults: &[("region_manager", Scope::Region), ("headquarters_quality", Scope::Company)],
};
/// With the roles that hold it by default.
pub const SHEET_PERMISSION: PermissionDef =
    PermissionDef { permission: EDIT, defaults: &[("headquarters_quality", Scope::Company)] };

/// The words for a review, a sample and the sheet in the journal.
const RECORD: &str = "complaint_review";
const ROUND: &str = "review_round";
const SHEET: &str = "review_sheet";
/// Most complaints that a sample is drawn from, and most that are drawn.
const POPULATION: i64 = 20_000;
const SIZE: i64 = 200;
/// Versions of the sheet that are shown, and most criteria of one.
const SHOWN: i64 = 20;
pub(crate) const CRITERIA: usize = 12;

/// Whose reviews the actor sees: those within reach of reviewing, and the marks of what they handled.
fn reach(ctx: &Ctx) -> Reach {
    let mut reach = ctx.reach(REVIEW);
    reach.own = ctx.actor.user;
    reach
}

/// A sample to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// Complaints closed from then on,
    pub from: Timestamp,
    /// and before then,
    pub before: Timestamp,
    /// of this store or of all within reach.
    pub store: Option<Id<of::Unit>>,
    /// How many.
    pub size: i64,
    /// By which seed.
    pub seed: i64,
}

/// Draws a sample of complaints that were closed and never drawn. Gives its number and how many of how many.
///
/// # Errors
/// `forbidden`; `invalid`; `complaints-review-none` when there is nothing to draw from.
pub async fn draw(ctx: &Ctx, wanted: Draw) -> Result<(i64, i64), Fault> {
    let mut errors = FieldErrors::default();
    if wanted.before <= wanted.from {
        errors.add("to", "complaints-review-days");
    }
    if !(1..=SIZE).contains(&wanted.size) {
        errors.add_with("size", "number-range", vec![("min", "1".to_owned()), ("max", SIZE.to_string())]);
    }
    errors.check()?;
    if !ctx.actor.holds(REVIEW) {
        return Err(Fault::forbidden());
    }
    ctx.write(wanted, |work, wanted| {
        Box::pin(async move {
            let reach = work.ctx.reach(REVIEW);
            let all =
                store::population(work.tx, &reach, (wanted.from, wanted.before), wanted.store, POPULATION).await?;
            if all.is_empty() {
                return Err(Fault::refused("complaints-review-none"));
            }
            let drawn: Vec<Drawable> = sample(&all, usize::try_from(wanted.size).unwrap_or_default(), wanted.seed);
            let ids = &work.ctx.house.ids;
            let rows: Vec<(Id<ReviewId>, Drawable)> = drawn.iter().map(|one| (ids.next(), *one)).collect();
            let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
            let sheet = newest(work).await?.version;
            let round = Round {
                id: ids.next(),
                from: wanted.from,
                before: wanted.before,
                store: wanted.store,
                population: count(all.len()),
                size: count(rows.len()),
                seed: wanted.seed,
                sheet,
                by: work.ctx.actor.user,
                at: work.now,
            };
            store::insert_round(work.tx, &round, &rows).await?;
            let directory = work.ctx.house.identity.directories().now();
            let home = work.ctx.actor.home.or_else(|| directory.company().map(|unit| unit.id));
            let place = Place { store: home.ok_or_else(Fault::not_found)?, team: None, owner: work.ctx.actor.user };
            let event = Event::new(RecordRef::new(ROUND, round.id), "review_round.drawn", place)
                .change("population", None, Some(round.population.to_string()))
                .change("size", None, Some(round.size.to_string()))
                .change("seed", None, Some(round.seed.to_string()))
                .change("version", None, Some(round.sheet.to_string()));
            Ok(work.record(event).await?.with((round.size, round.population)))
        })
    })
    .await
}

async fn newest(work: &mut Work<'_>) -> Result<Sheet, Fault> {
    let sheets = store::sheets(work.tx, 1).await?;
    sheets.into_iter().next().ok_or_else(|| Fault::internal("no sheet of criteria"))
}

/// A list of reviews with what is counted beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The last drawn first.
    pub rows: Vec<Review>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
    /// How many each of [`super::Show::ALL`] shows.
    pub counts: Vec<i64>,
    /// Means by store and by handler, with their counts.
    pub stores: Vec<Mean<Id<of::Unit>>>,
    /// Of those who handled.
    pub handlers: Vec<Mean<Id<of::User>>>,
}

/// Reviews that the actor may see.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, filter: Filter, after: Option<Cursor>, limit: i64) -> Result<Found, Fault> {
    let filter = Filter { reader: ctx.actor.user, ..filter };
    let mut found = ctx
        .read((filter, reach(ctx), after, limit), |tx, (filter, reach, after, limit)| {
            Box::pin(async move {
                let rows = store::list(tx, filter, reach, *after, *limit + 1).await?;
                let mut counts = Vec::new();
                for show in super::Show::ALL {
                    let narrowed = Filter { show, ..filter.clone() };
                    counts.push(store::count(tx, &narrowed, reach, COUNTED + 1).await?);
                }
                let stores = store::by_store(tx, filter, reach).await?;
                let handlers = store::by_handler(tx, filter, reach).await?;
                Ok::<_, Fault>(Found { rows, next: None, counts, stores, handlers })
            })
        })
        .await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.rows.len() > shown;
    found.rows.truncate(shown);
    found.next = found.rows.last().filter(|_| more).map(|row| Cursor { key: row.id.get(), id: row.id.get() });
    Ok(found)
}

/// One review with its sheet and marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The review.
    pub review: Review,
    /// The sample.
    pub round: Round,
    /// What is looked at.
    pub criteria: Vec<Criterion>,
    /// Points and note for each; empty before it is marked.
    pub marks: Vec<(Option<i64>, Option<String>)>,
    /// The actor may mark it now.
    pub may_mark: bool,
    /// The actor may answer now.
    pub may_answer: bool,
}

/// The review `id`, if the actor may see it.
///
/// # Errors
/// `not-found`.
pub async fn whole(ctx: &Ctx, id: Id<ReviewId>) -> Result<Whole, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let review = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            let complaint = crate::store::get(tx, review.case).await?.ok_or_else(Fault::not_found)?;
            let reviews = ctx.actor.may(REVIEW, &review);
            let handled = ctx.actor.user == Some(review.handler);
            // Who handled it sees the marks, not that it was drawn.
            let sees = reviews || (handled && review.state != State::Open);
            if !sees {
                return Err(Fault::not_found());
            }
            let round = store::round(tx, review.round).await?.ok_or_else(Fault::not_found)?;
            let criteria = store::criteria(tx, round.sheet).await?;
            let marks = store::marks(tx, *id).await?;
            let kept_out = kept_out(tx, &review, &complaint, ctx.now()).await?;
            let out = ctx.actor.user.is_none_or(|user| kept_out.contains(&user));
            Ok(Whole {
                may_mark: reviews && review.state == State::Open && !out,
                may_answer: handled && review.state == State::Scored,
                review,
                round,
                criteria,
                marks,
            })
        })
    })
    .await
}

/// The review of `case` as far as it may be seen: its id and, once marked, what it came to.
///
/// # Errors
/// What the database says.
pub async fn of_case(ctx: &Ctx, case: Id<of::Case>) -> Result<Option<(Id<ReviewId>, Option<i64>)>, Fault> {
    let found = ctx.read(case, |tx, case| Box::pin(async move { Ok(store::of_case(tx, *case).await?) })).await?;
    let seen = |review: &Review| {
        ctx.actor.may(REVIEW, review) || (ctx.actor.user == Some(review.handler) && review.state != State::Open)
    };
    Ok(found.filter(seen).map(|review| (review.id, review.score)))
}

/// Who does not mark it: whoever handled it, now or before, called back, or is concerned, and whoever stands in for the handler.
async fn kept_out(
    tx: &mut db::Tx,
    review: &Review,
    complaint: &Complaint,
    now: Timestamp,
) -> Result<BTreeSet<Id<of::User>>, Fault> {
    let mut out: BTreeSet<_> = crate::store::interested(tx, review.case).await?.into_iter().collect();
    out.insert(review.handler);
    out.extend([complaint.owner, complaint.handler_before, complaint.concluded_by].into_iter().flatten());
    let stands = approvals::store::stands(tx, now).await?;
    let deputies: Vec<_> = stands.iter().filter(|one| out.contains(&one.absent)).map(|one| one.deputy).collect();
    out.extend(deputies);
    Ok(out)
}

/// What a reviewer gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// Points and note for each criterion; no points = does not apply.
    pub marks: Vec<(Option<i64>, Option<String>)>,
    /// What the handler reads.
    pub comment: String,
}

/// Marks the review `id`, once.
///
/// # Errors
/// `not-found` and `forbidden`; `complaints-review-own` for whoever had to do with it; `complaints-review-done`; `invalid`; `stale`.
pub async fn mark(ctx: &Ctx, id: Id<ReviewId>, version: i64, given: Marked) -> Result<i64, Fault> {
    ctx.write((id, version, given), |work, (id, version, given)| {
        Box::pin(async move {
            let before = held(work, *id, *version).await?;
            if !work.ctx.actor.may(REVIEW, &before) {
                return Err(if work.ctx.actor.may(VIEW, &before) { Fault::forbidden() } else { Fault::not_found() });
            }
            let complaint = crate::store::get(work.tx, before.case).await?.ok_or_else(Fault::not_found)?;
            let out = kept_out(work.tx, &before, &complaint, work.now).await?;
            if work.ctx.actor.user.is_none_or(|user| out.contains(&user)) {
                return Err(Fault::refused("complaints-review-own"));
            }
            if before.state != State::Open {
                return Err(Fault::refused("complaints-review-done"));
            }
            let round = store::round(work.tx, before.round).await?.ok_or_else(Fault::not_found)?;
            let criteria = store::criteria(work.tx, round.sheet).await?;
            let mut errors = FieldErrors::default();
            for (n, (points, _)) in (1..).zip(&given.marks) {
                if points.is_some_and(|points| !(0..=MOST).contains(&points)) {
                    errors.add_with(
                        &format!("points{n}"),
                        "number-range",
                        vec![("min", "0".to_owned()), ("max", MOST.to_string())],
                    );
                }
            }
            if given.comment.trim().is_empty() {
                errors.add("comment", "required");
            }
            let pairs: Vec<(i64, Option<i64>)> =
                criteria.iter().zip(&given.marks).map(|(one, (points, _))| (one.weight, *points)).collect();
            let reached = score(&pairs);
            if given.marks.len() != criteria.len() || reached.is_none() {
                errors.add("points1", "complaints-review-marks");
            }
            errors.check()?;
            let after = Review {
                state: State::Scored,
                score: reached,
                comment: Some(given.comment.clone()),
                scored_by: work.ctx.actor.user,
                scored_at: Some(work.now),
                version: before.version + 1,
                ..before.clone()
            };
            store::insert_marks(work.tx, *id, &given.marks).await?;
            store::save(work.tx, &after).await?;
            let notice = Notice::new("complaint.reviewed", record(*id))
                .at(format!("/complaints/reviews/{id}"))
                .number(&after.number)
                .subject(&after.subject);
            notices::tell(work, &[after.handler], &notice).await?;
            let mut event = Event::new(record(*id), "complaint_review.scored", after.place())
                .change("score", None, after.score.map(|score| score.to_string()))
                .personal("comment", None, after.comment.clone());
            let directory = work.ctx.house.identity.directories().now();
            let zone =
                directory.unit(after.store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
            let day = work.now.day(&zone);
            let topic = complaint.topic.map(|topic| ("topic", topic.as_str()));
            let by: Vec<_> = std::iter::once(("severity", complaint.severity.as_str())).chain(topic).collect();
            event.deltas.extend(Delta::spread("complaints.reviewed", after.store, day, 1, &by));
            let points = after.score.unwrap_or_default();
            event.deltas.extend(Delta::spread("complaints.review_points", after.store, day, points, &by));
            Ok(work.record(event).await?.with(points))
        })
    })
    .await
}

/// The handler answers to the marks of the review `id`, once.
///
/// # Errors
/// `not-found` for everybody else; `complaints-review-answered`; `invalid`; `stale`.
pub async fn answer(ctx: &Ctx, id: Id<ReviewId>, version: i64, text: String) -> Result<(), Fault> {
    if text.trim().is_empty() {
        return Err(Fault::field("answer", "required"));
    }
    ctx.write((id, version, text), |work, (id, version, text)| {
        Box::pin(async move {
            let before = held(work, *id, *version).await?;
            if work.ctx.actor.user != Some(before.handler) || before.state == State::Open {
                return Err(Fault::not_found());
            }
            if before.state == State::Answered {
                return Err(Fault::refused("complaints-review-answered"));
            }
            let after = Review {
                state: State::Answered,
                answer: Some(text.clone()),
                answered_at: Some(work.now),
                version: before.version + 1,
                ..before.clone()
            };
            store::save(work.tx, &after).await?;
            let notice = Notice::new("complaint.review_answered", record(*id))
                .at(format!("/complaints/reviews/{id}"))
                .number(&after.number)
                .text(text);
            let reviewer: Vec<_> = after.scored_by.into_iter().collect();
            notices::tell(work, &reviewer, &notice).await?;
            let event = Event::new(record(*id), "complaint_review.answered", after.place()).personal(
                "answer",
                None,
                after.answer.clone(),
            );
            work.record(event).await
        })
    })
    .await
}

fn record(id: Id<ReviewId>) -> RecordRef {
    RecordRef::new(RECORD, id)
}

async fn held(work: &mut Work<'_>, id: Id<ReviewId>, version: i64) -> Result<Review, Fault> {
    let review = store::hold(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    let handled = work.ctx.actor.user == Some(review.handler);
    if !handled && !work.ctx.actor.may(REVIEW, &review) {
        return Err(Fault::not_found());
    }
    if review.version == version { Ok(review) } else { Err(Fault::stale(review.version)) }
}

/// The sheets of criteria, newest first.
///
/// # Errors
/// What the database says.
pub(super) async fn sheets(ctx: &Ctx) -> Result<Vec<Sheet>, Fault> {
    ctx.read((), |tx, ()| Box::pin(async move { Ok(store::sheets(tx, SHOWN).await?) })).await
}

/// Makes the next sheet of criteria. Samples that are drawn from now on are marked by it.
///
/// # Errors
/// `forbidden`; `invalid`; `stale`.
pub async fn change_sheet(ctx: &Ctx, version: i64, criteria: Vec<Criterion>, reason: String) -> Result<i64, Fault> {
    let mut errors = FieldErrors::default();
    if criteria.is_empty() || criteria.len() > CRITERIA {
        errors.add("name_zh1", "required");
    }
    for (n, one) in (1..).zip(&criteria) {
        if !(1..=100).contains(&one.weight) {
            errors.add_with(
                &format!("weight{n}"),
                "number-range",
                vec![("min", "1".to_owned()), ("max", "100".to_owned())],
            );
        }
    }
    if reason.trim().is_empty() {
        errors.add("reason", "required");
    }
    errors.check()?;
    if !ctx.actor.holds(EDIT) {
        return Err(Fault::forbidden());
    }
    ctx.write((version, criteria, reason), |work, (version, criteria, reason)| {
        Box::pin(async move {
            let before = newest(work).await?;
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            if before.criteria == *criteria {
                return Ok(work.unchanged(before.version));
            }
            let sheet = Sheet {
                version: before.version + 1,
                reason: reason.clone(),
                by: work.ctx.actor.user,
                at: work.now,
                criteria: criteria.clone(),
            };
            if !store::insert_sheet(work.tx, &sheet).await? {
                return Err(Fault::stale(sheet.version));
            }
            let directory = work.ctx.house.identity.directories().now();
            let company = directory.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
            let words = |sheet: &Sheet| {
                let all = sheet.criteria.iter().map(|one| format!("{} {}", one.name_zh, one.weight));
                all.collect::<Vec<_>>().join("; ")
            };
            let place = Place { store: company, team: None, owner: None };
            let event = Event::new(RecordRef::new(SHEET, Id::<Sheet>::new(1)), "review_sheet.changed", place)
                .change("version", Some(before.version.to_string()), Some(sheet.version.to_string()))
                .change("criteria", Some(words(&before)), Some(words(&sheet)))
                .change("reason", None, Some(reason.clone()));
            Ok(work.record(event).await?.with(sheet.version))
        })
    })
    .await
}
