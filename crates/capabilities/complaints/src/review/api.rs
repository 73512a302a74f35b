//! Quality review for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, Id, Timestamp, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, Lang, etag};

use super::app::{self, REVIEW, Whole};
use super::domain::Criterion;
use super::store::{Review, ReviewId, State};

/// Rows per page when the caller does not say.
const ROWS: i64 = 25;

/// A complaint that was drawn for review.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewOut {
    #[schema(value_type = String)]
    id: Id<ReviewId>,
    #[schema(value_type = String)]
    case: Id<of::Case>,
    /// The case's number.
    number: String,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    #[schema(value_type = String)]
    handler: Id<of::User>,
    #[serde(rename = "state")]
    #[schema(value_type = String)]
    state: State,
    /// Basis points of what could be reached.
    score: Option<i64>,
    comment: Option<String>,
    #[schema(value_type = Option<String>)]
    scored_by: Option<Id<of::User>>,
    #[schema(value_type = Option<String>)]
    scored_at: Option<Timestamp>,
    /// What the handler says to that.
    answer: Option<String>,
    /// The ETag.
    version: i64,
}

impl From<Review> for ReviewOut {
    fn from(one: Review) -> Self {
        Self {
            id: one.id,
            case: one.case,
            number: one.number,
            store: one.store,
            handler: one.handler,
            state: one.state,
            score: one.score,
            comment: one.comment,
            scored_by: one.scored_by,
            scored_at: one.scored_at,
            answer: one.answer,
            version: one.version,
        }
    }
}

/// Mean and count.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewMeanOut {
    /// Id of the store or person.
    of: String,
    /// Basis points.
    mean: i64,
    n: i64,
}

/// One page of reviews with the means of those that were marked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReviewListOut {
    items: Vec<ReviewOut>,
    stores: Vec<ReviewMeanOut>,
    handlers: Vec<ReviewMeanOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// A mark.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewMarkOut {
    name_zh: String,
    name_en: String,
    weight: i64,
    /// 0 to 5; nothing = does not apply, or not marked yet.
    points: Option<i64>,
    note: Option<String>,
}

/// A review with its sample and marks.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewWholeOut {
    #[serde(flatten)]
    review: ReviewOut,
    /// From how many it was drawn.
    population: i64,
    size: i64,
    seed: i64,
    sheet: i64,
    marks: Vec<ReviewMarkOut>,
}

/// A sample to draw.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body that a form reads")]
struct DrawIn {
    /// First and last day on which complaints ended.
    from: String,
    to: String,
    store: Option<String>,
    size: i64,
    seed: i64,
}

/// What was drawn.
#[derive(Debug, Serialize, ToSchema)]
struct DrawnOut {
    size: i64,
    population: i64,
}

/// Marks: `points1` … are 0 to 5 or `none`, `note1` … may be left out.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body that a form reads")]
struct MarksIn {
    points1: String,
    note1: Option<String>,
    comment: String,
}

/// The handler's answer.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body that a form reads")]
struct AnswerIn {
    answer: String,
}

/// Reviews that the caller may see, the last drawn first.
#[utoipa::path(get, path = "/api/v1/complaints/reviews", tag = "complaints",
    params(
        ("show" = Option<String>, Query, description = "open, scored, answered or mine"),
        ("store" = Option<String>, Query, description = "Id of a store"),
        ("handler" = Option<String>, Query, description = "Id of who handled the complaint"),
        ("from" = Option<String>, Query, description = "First day of marking"),
        ("to" = Option<String>, Query, description = "Last day of marking"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 25"),
    ),
    responses((status = 200, body = ReviewListOut)))]
pub(crate) async fn list(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<ReviewListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = super::pages::filter(&mut form, &lang, ctx.actor.holds(REVIEW));
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(ROWS);
    let after = form.has("after").then(|| form.raw("after").parse::<Cursor>());
    if matches!(after, Some(Err(()))) {
        form.reject("after", "unknown");
    }
    form.check()?;
    let found = app::list(&ctx, filter, after.and_then(Result::ok), limit).await?;
    let stores = found.stores.into_iter().map(|one| ReviewMeanOut { of: one.of.to_string(), mean: one.mean, n: one.n });
    let handlers =
        found.handlers.into_iter().map(|one| ReviewMeanOut { of: one.of.to_string(), mean: one.mean, n: one.n });
    Ok(Json(ReviewListOut {
        items: found.rows.into_iter().map(ReviewOut::from).collect(),
        stores: stores.collect(),
        handlers: handlers.collect(),
        next: found.next.map(|cursor| cursor.to_string()),
    }))
}

/// Draws a sample of closed complaints that were never drawn; the same days, size and seed draw the same.
#[utoipa::path(post, path = "/api/v1/complaints/reviews", tag = "complaints", request_body = DrawIn,
    responses((status = 201, body = DrawnOut), (status = 409, description = "Nothing to draw from")))]
pub(crate) async fn draw(ctx: Ctx, lang: Lang, mut form: Form) -> Result<Response, Failure> {
    let wanted = super::pages::read_draw(&mut form, &lang)?;
    let (size, population) = app::draw(&ctx, wanted).await?;
    Ok((StatusCode::CREATED, Json(DrawnOut { size, population })).into_response())
}

/// What is no id names no review.
fn read_id(text: &str) -> Result<Id<ReviewId>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

async fn answered(ctx: &Ctx, id: Id<ReviewId>) -> Result<Response, Failure> {
    let Whole { review, round, criteria, marks, .. } = app::whole(ctx, id).await?;
    let version = review.version;
    let mut marks = marks.into_iter();
    let marks = criteria.into_iter().map(|Criterion { name_zh, name_en, weight }| {
        let (points, note) = marks.next().unwrap_or_default();
        ReviewMarkOut { name_zh, name_en, weight, points, note }
    });
    let whole = ReviewWholeOut {
        review: review.into(),
        population: round.population,
        size: round.size,
        seed: round.seed,
        sheet: round.sheet,
        marks: marks.collect(),
    };
    Ok(([etag(version)], Json(whole)).into_response())
}

/// One review.
#[utoipa::path(get, path = "/api/v1/complaints/reviews/{id}", tag = "complaints",
    responses((status = 200, body = ReviewWholeOut), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    answered(&ctx, read_id(&id)?).await
}

/// Marks a review, once, by somebody who had nothing to do with the complaint.
#[utoipa::path(post, path = "/api/v1/complaints/reviews/{id}/marks", tag = "complaints", request_body = MarksIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = ReviewWholeOut), (status = 409, description = "Marked already, or not by you")))]
pub(crate) async fn mark(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let IfMatch(version) = version?;
    let criteria = app::whole(&ctx, id).await?.criteria.len();
    let given = super::pages::read_marks(&mut form, criteria)?;
    app::mark(&ctx, id, version, given).await?;
    answered(&ctx, id).await
}

/// The handler answers to the marks, once.
#[utoipa::path(post, path = "/api/v1/complaints/reviews/{id}/answer", tag = "complaints", request_body = AnswerIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = ReviewWholeOut), (status = 409, description = "Answered already")))]
pub(crate) async fn answer(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let IfMatch(version) = version?;
    let text = form.text("answer", 1_000);
    form.check()?;
    app::answer(&ctx, id, version, text).await?;
    answered(&ctx, id).await
}

#[derive(OpenApi)]
#[openapi(
    paths(list, draw, show, mark, answer),
    components(schemas(
        ReviewListOut,
        ReviewOut,
        ReviewMeanOut,
        ReviewWholeOut,
        ReviewMarkOut,
        DrawIn,
        DrawnOut,
        MarksIn,
        AnswerIn
    ))
)]
pub(crate) struct ReviewDescription;
