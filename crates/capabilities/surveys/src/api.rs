use axum::Json;
use axum::extract::RawQuery;
use capability::Ctx;
use kernel::{Cursor, Id, Timestamp, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, Lang};

use crate::app;
use crate::domain::{Answer, Recovery};
use crate::store::{Survey, SurveyId};

/// Rows per page when the caller does not say.
const ROWS: i64 = 50;

/// One survey.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyOut {
    #[schema(value_type = String)]
    id: Id<SurveyId>,
    /// The case that is rated.
    #[schema(value_type = String)]
    case: Id<of::Case>,
    /// The case's number.
    number: String,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    #[schema(value_type = String)]
    invited_at: Timestamp,
    /// Whether the link went out by itself.
    sent: bool,
    #[schema(value_type = Option<String>)]
    answered_at: Option<Timestamp>,
    /// What the customer answered.
    answer: Option<Answer>,
    /// Whether somebody has made up for a low rating.
    recovery: Recovery,
    version: i64,
}

/// One page of surveys.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SurveysOut {
    items: Vec<SurveyOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

#[utoipa::path(
    get,
    path = "/api/v1/surveys",
    tag = "surveys",
    params(
        ("show" = Option<String>, Query, description = "answered (default), low, recovery, unanswered, invited"),
        ("from" = Option<String>, Query, description = "First day, 2026-11-22"),
        ("to" = Option<String>, Query, description = "Last day"),
        ("store" = Option<String>, Query, description = "Id of a store"),
        ("kind" = Option<String>, Query, description = "Kind of case"),
        ("channel" = Option<String>, Query, description = "Channel of the case"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ),
    responses((status = 200, body = SurveysOut))
)]
pub(crate) async fn list(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<SurveysOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = crate::pages::filter(&mut form, &lang);
    let limit = form.number_or_none("limit", 1..=200).unwrap_or(ROWS);
    let after = form.has("after").then(|| form.raw("after").parse::<Cursor>());
    if matches!(after, Some(Err(()))) {
        form.reject("after", "unknown");
    }
    form.check()?;
    let after = after.and_then(Result::ok);
    let page = app::list(&ctx, filter, after, u16::try_from(limit).unwrap_or(u16::MAX)).await?;
    let items = page.rows.into_iter().map(SurveyOut::from).collect();
    Ok(Json(SurveysOut { items, next: page.next.map(|cursor| cursor.to_string()) }))
}

impl From<Survey> for SurveyOut {
    fn from(survey: Survey) -> Self {
        Self {
            id: survey.id,
            case: survey.case,
            number: survey.number,
            store: survey.store,
            invited_at: survey.invited_at,
            sent: survey.sent,
            answered_at: survey.answered_at,
            answer: survey.answer,
            recovery: survey.recovery,
            version: survey.version,
        }
    }
}

#[derive(OpenApi)]
#[openapi(paths(list), components(schemas(SurveysOut)))]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
