//! Reviews for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use capability::Ctx;
use kernel::{Cursor, Day, Fault, Id, Timestamp, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form};

use super::app;
use super::domain::{Figure, Period, Product};
use super::store::{Decision, DecisionId, Review, ReviewId};

/// A number as it stood when the review was made.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewFigureOut {
    /// The metric's id.
    metric: String,
    /// In the metric's unit.
    now: Option<i64>,
    /// In the period before.
    before: Option<i64>,
}

impl From<Figure> for ReviewFigureOut {
    fn from(one: Figure) -> Self {
        Self { metric: one.id, now: one.now, before: one.before }
    }
}

/// A product that came back.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewProductOut {
    code: String,
    name: String,
    returned: i64,
    sold: i64,
}

impl From<Product> for ReviewProductOut {
    fn from(one: Product) -> Self {
        Self { code: one.code, name: one.name, returned: one.returned, sold: one.sold }
    }
}

/// A review with its frozen figures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReturnReviewOut {
    #[schema(value_type = String)]
    id: Id<ReviewId>,
    period: Period,
    #[schema(value_type = String)]
    from: Day,
    #[schema(value_type = String)]
    to: Day,
    #[schema(value_type = String)]
    made_at: Timestamp,
    figures: Vec<ReviewFigureOut>,
    products: Vec<ReviewProductOut>,
    /// Causes that were found, with how many lines.
    causes: std::collections::BTreeMap<String, i64>,
    /// Returns that were still open.
    open: i64,
    #[schema(value_type = Option<String>)]
    signed_at: Option<Timestamp>,
    note: Option<String>,
    version: i64,
}

impl From<Review> for ReturnReviewOut {
    fn from(one: Review) -> Self {
        Self {
            id: one.id,
            period: one.period,
            from: one.from,
            to: one.to,
            made_at: one.made_at,
            figures: one.pack.figures.into_iter().map(ReviewFigureOut::from).collect(),
            products: one.pack.products.into_iter().map(ReviewProductOut::from).collect(),
            causes: one.pack.causes.into_iter().collect(),
            open: one.pack.open,
            signed_at: one.signed_at,
            note: one.note,
            version: one.version,
        }
    }
}

/// What was decided.
#[derive(Debug, Serialize, ToSchema)]
struct ReturnDecisionOut {
    #[schema(value_type = String)]
    id: Id<DecisionId>,
    body: String,
    #[schema(value_type = String)]
    owner: Id<of::User>,
    #[schema(value_type = String)]
    due: Day,
    #[schema(value_type = Option<String>)]
    done_on: Option<Day>,
    result: Option<String>,
}

impl From<Decision> for ReturnDecisionOut {
    fn from(one: Decision) -> Self {
        Self { id: one.id, body: one.body, owner: one.owner, due: one.due, done_on: one.done_on, result: one.done_note }
    }
}

/// One page of reviews.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReturnReviewsOut {
    items: Vec<ReturnReviewOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// A review with its decisions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReturnReviewWholeOut {
    #[serde(flatten)]
    one: ReturnReviewOut,
    decisions: Vec<ReturnDecisionOut>,
}

/// Reviews of returns, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/returns/reviews",
    tag = "returns",
    params(("after" = Option<String>, Query, description = "Where the page begins")),
    responses((status = 200, body = ReturnReviewsOut))
)]
pub(crate) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<ReturnReviewsOut>, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let after = match form.raw("after") {
        "" => None,
        after => Some(after.parse::<Cursor>().ok().ok_or_else(|| Fault::field("after", "unknown"))?),
    };
    let all = app::overview(&ctx, after).await?;
    Ok(Json(ReturnReviewsOut {
        items: all.rows.into_iter().map(ReturnReviewOut::from).collect(),
        next: all.next.map(|cursor| cursor.to_string()),
    }))
}

/// One review.
#[utoipa::path(
    get,
    path = "/api/v1/returns/reviews/{id}",
    tag = "returns",
    params(("id" = String, Path, description = "The review")),
    responses((status = 200, body = ReturnReviewWholeOut), (status = 404, description = "No such review"))
)]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<i64>) -> Result<Json<ReturnReviewWholeOut>, Failure> {
    whole(&ctx, id).await
}

async fn whole(ctx: &Ctx, id: i64) -> Result<Json<ReturnReviewWholeOut>, Failure> {
    let detail = app::detail(ctx, Id::new(id)).await?;
    Ok(Json(ReturnReviewWholeOut {
        one: detail.one.into(),
        decisions: detail.decisions.into_iter().map(ReturnDecisionOut::from).collect(),
    }))
}

/// What is decided.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ReturnDecisionIn {
    body: String,
    /// A person's id.
    owner: String,
    /// 2026-11-30
    due: String,
}

/// Decides something in a review that is not signed; whoever has to do it is told.
#[utoipa::path(
    post,
    path = "/api/v1/returns/reviews/{id}/decisions",
    tag = "returns",
    params(("id" = String, Path, description = "The review")),
    request_body = ReturnDecisionIn,
    responses((status = 200, body = ReturnReviewWholeOut), (status = 409, description = "It is signed"), (status = 422, description = "Fields are wrong"))
)]
pub(crate) async fn decide(
    ctx: Ctx,
    Path(id): Path<i64>,
    mut form: Form,
) -> Result<Json<ReturnReviewWholeOut>, Failure> {
    let (body, owner, due) = (form.text("body", 400), form.id::<of::User>("owner"), form.day("due"));
    form.check()?;
    app::decide(&ctx, Id::new(id), &body, form.need(owner)?, form.need(due)?).await?;
    whole(&ctx, id).await
}

/// This module's part of the API's description.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

#[derive(OpenApi)]
#[openapi(
    paths(list, show, decide),
    components(schemas(ReviewFigureOut, ReviewProductOut, ReturnDecisionOut, ReturnDecisionIn))
)]
struct Described;
