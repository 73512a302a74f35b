//! Feedback for programs.

pub(crate) mod improve;
pub(crate) mod tree;

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, Id, Timestamp, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, Lang, etag};

use crate::app::{self, Entry};
use crate::domain::{Labels, Sentiment, Suggested, Suggestions};

/// Rows per page when the caller does not say.
const ROWS: i64 = 25;

/// One text with what is suggested and decided about it.
#[derive(Debug, Serialize, ToSchema)]
struct FeedbackOut {
    /// The case's id.
    #[schema(value_type = String)]
    id: Id<of::Case>,
    /// The case's number.
    number: String,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    /// feedback or complaint.
    kind: String,
    channel: String,
    #[schema(value_type = String)]
    received_at: Timestamp,
    /// What the customer said.
    text: String,
    /// What the program suggests; absent for a few seconds after the text came.
    suggestions: Option<Suggestions>,
    /// What a person decided.
    labels: Option<LabelsOut>,
    /// The customer is upset.
    upset: bool,
    version: i64,
}

/// What a person decided.
#[derive(Debug, Serialize, ToSchema)]
struct LabelsOut {
    category: Option<String>,
    sentiment: Sentiment,
    urgent: bool,
    spam: bool,
    /// When first.
    #[schema(value_type = Option<String>)]
    at: Option<Timestamp>,
}

/// One page of texts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FeedbackListOut {
    items: Vec<FeedbackOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// What to decide.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct LabelsIn {
    /// Code of a category that is offered; may be absent for spam.
    category: Option<String>,
    sentiment: Sentiment,
    urgent: Option<bool>,
    spam: Option<bool>,
}

impl From<Entry> for FeedbackOut {
    fn from(entry: Entry) -> Self {
        let item = entry.item;
        let at = item.labelled_at;
        Self {
            id: item.case,
            number: item.number,
            store: item.store,
            kind: item.kind,
            channel: item.channel,
            received_at: item.received_at,
            text: entry.text,
            suggestions: item.suggestions,
            labels: item.labels.map(|labels| LabelsOut {
                category: labels.category,
                sentiment: labels.sentiment,
                urgent: labels.urgent,
                spam: labels.spam,
                at,
            }),
            upset: item.upset,
            version: item.version,
        }
    }
}

/// The inbox, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/feedback",
    tag = "feedback",
    params(
        ("show" = Option<String>, Query, description = "open (default), labelled, counted, negative, judged, spam"),
        ("from" = Option<String>, Query, description = "First day of the decision, for open ones of receipt, 2026-11-22"),
        ("to" = Option<String>, Query, description = "Last day"),
        ("store" = Option<String>, Query, description = "Id of a store"),
        ("kind" = Option<String>, Query, description = "feedback or complaint"),
        ("channel" = Option<String>, Query, description = "Channel of the case"),
        ("category" = Option<Vec<String>>, Query, description = "Codes of categories of the decision, several; those beneath each count, too"),
        ("feeling" = Option<String>, Query, description = "upset: only of upset customers"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 25"),
    ),
    responses((status = 200, body = FeedbackListOut))
)]
pub(crate) async fn list(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<FeedbackListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let tree = app::tree(&ctx).await?;
    let filter = crate::pages::filter(&mut form, &lang, &tree);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(ROWS);
    let after = form.has("after").then(|| form.raw("after").parse::<Cursor>());
    if matches!(after, Some(Err(()))) {
        form.reject("after", "unknown");
    }
    form.check()?;
    let page = app::list(&ctx, filter, after.and_then(Result::ok), u16::try_from(limit).unwrap_or(u16::MAX)).await?;
    let items = page.rows.into_iter().map(FeedbackOut::from).collect();
    Ok(Json(FeedbackListOut { items, next: page.next.map(|cursor| cursor.to_string()) }))
}

/// What is no id names no case.
fn read_id(text: &str) -> Result<Id<of::Case>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

async fn answered(ctx: &Ctx, id: Id<of::Case>) -> Result<Response, Failure> {
    let entry = app::get(ctx, id).await?.entry;
    let version = etag(entry.item.version);
    Ok(([version], Json(FeedbackOut::from(entry))).into_response())
}

/// One text.
#[utoipa::path(get, path = "/api/v1/feedback/{id}", tag = "feedback",
    responses((status = 200, body = FeedbackOut), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    answered(&ctx, read_id(&id)?).await
}

/// Confirms or corrects what is suggested; the program learns from it.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/labels", tag = "feedback", request_body = LabelsIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = FeedbackOut), (status = 412, description = "Decided by somebody else meanwhile")))]
pub(crate) async fn label(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    let (sentiment, category, urgent, spam) = crate::pages::read(&mut form);
    form.check()?;
    let sentiment = form.need(sentiment)?;
    app::label(&ctx, id, version, Labels { category, sentiment, urgent, spam }).await?;
    answered(&ctx, id).await
}

#[derive(OpenApi)]
#[openapi(
    paths(
        list,
        show,
        label,
        tree::list,
        tree::add,
        tree::change,
        tree::retire,
        tree::restore,
        improve::list,
        improve::show,
        improve::begin,
        improve::change,
        improve::publish
    ),
    components(schemas(
        tree::CategoryOut,
        tree::TreeOut,
        tree::CategoryIn,
        tree::NewCategoryIn,
        improve::ImprovementOut,
        improve::ImprovementWhole,
        improve::ImprovementListOut,
        improve::ImprovementIn,
        improve::PublishIn,
        FeedbackListOut,
        FeedbackOut,
        LabelsOut,
        LabelsIn,
        Suggestions,
        Suggested
    ))
)]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
