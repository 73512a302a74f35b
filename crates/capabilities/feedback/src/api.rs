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

use crate::app::{self, Act, Entry, Picked};
use crate::domain::{Labels, Language, Screened, Sentiment, Source, Suggested, Suggestions};

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
    /// By which kind of channel it came.
    source: Source,
    /// In which language it is written.
    language: Language,
    /// The nearest deadline of the case.
    #[schema(value_type = Option<String>)]
    due_at: Option<Timestamp>,
    /// Why it waits apart from the others.
    screened: Option<Screened>,
    /// The case of which it is a copy.
    #[schema(value_type = Option<String>)]
    copy_of: Option<Id<of::Case>>,
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
            source: item.source,
            language: item.language,
            due_at: item.due_at.filter(|at| at.millis() < 9_000_000_000_000),
            screened: item.screened,
            copy_of: item.copy_of,
            version: item.version,
        }
    }
}

/// The inbox: undecided texts the most urgent first, decided ones the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/feedback",
    tag = "feedback",
    params(
        ("show" = Option<String>, Query, description = "open (default), screened, labelled, counted, negative, judged, spam"),
        ("from" = Option<String>, Query, description = "First day of the decision, for open ones of receipt, 2026-11-22"),
        ("to" = Option<String>, Query, description = "Last day"),
        ("store" = Option<Vec<String>>, Query, description = "Ids of stores, several, like every filter below"),
        ("kind" = Option<Vec<String>>, Query, description = "feedback, complaint"),
        ("channel" = Option<Vec<String>>, Query, description = "Channels of the case"),
        ("source" = Option<Vec<Source>>, Query, description = "Kinds of channels by which they came"),
        ("language" = Option<Vec<Language>>, Query, description = "Languages"),
        ("sentiment" = Option<Vec<Sentiment>>, Query, description = "Feelings, decided or else suggested"),
        ("category" = Option<Vec<String>>, Query, description = "Codes of categories, decided or else suggested; those beneath each count, too"),
        ("feeling" = Option<String>, Query, description = "upset: only of upset customers; urgent: only with danger"),
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

/// How many undecided texts came by a kind of channel.
#[derive(Debug, Serialize, ToSchema)]
struct SourceOut {
    source: Source,
    n: i64,
    /// Of upset customers.
    upset: i64,
}

/// Undecided texts by the kind of channel by which they came.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourcesOut {
    items: Vec<SourceOut>,
    /// There are more texts than were counted (1,000).
    more: bool,
}

/// Counts undecided texts by the kind of channel by which they came; takes the filters of the list.
#[utoipa::path(get, path = "/api/v1/feedback/sources", tag = "feedback", responses((status = 200, body = SourcesOut)))]
pub(crate) async fn sources(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<SourcesOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let tree = app::tree(&ctx).await?;
    let filter = crate::pages::filter(&mut form, &lang, &tree);
    form.check()?;
    let found = app::by_source(&ctx, filter).await?;
    let items = found.rows.into_iter().map(|(source, n, upset)| SourceOut { source, n, upset }).collect();
    Ok(Json(SourcesOut { items, more: found.more }))
}

/// What to do with many texts.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct BatchIn {
    /// confirm: what is suggested is right; spam; put_back: it is neither spam nor a copy; take_back: undo the decision.
    #[schema(rename = "do")]
    what: Act,
    /// Each text with the version that was seen: `id.version`, at most 100.
    row: Vec<String>,
}

/// What became of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchOut {
    /// Done, with their versions now: `id.version`.
    done: Vec<String>,
    /// Somebody was faster.
    changed: Vec<String>,
    /// Nothing whole is suggested, or not any more: a person has to look.
    look: Vec<String>,
}

/// Confirms what is suggested for many texts, puts spam away, or takes it back.
#[utoipa::path(post, path = "/api/v1/feedback/batch", tag = "feedback", request_body = BatchIn,
    responses((status = 200, body = BatchOut), (status = 422, description = "Nothing picked, or too many")))]
pub(crate) async fn batch(ctx: Ctx, mut form: Form) -> Result<Json<BatchOut>, Failure> {
    let what = form.choice("do", Act::parse);
    let picked: Vec<Option<Picked>> = form.all("row").map(|row| row.parse().ok()).collect();
    if picked.iter().any(Option::is_none) {
        form.reject("row", "unknown");
    }
    form.check()?;
    let picked: Vec<Picked> = picked.into_iter().flatten().collect();
    let done = app::act(&ctx, form.need(what)?, &picked).await?;
    let ids = |all: Vec<Id<of::Case>>| all.into_iter().map(|id| id.to_string()).collect();
    Ok(Json(BatchOut {
        done: done.done.into_iter().map(|one| one.to_string()).collect(),
        changed: ids(done.changed),
        look: ids(done.look),
    }))
}

#[derive(OpenApi)]
#[openapi(
    paths(
        list,
        show,
        label,
        sources,
        batch,
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
        SourcesOut,
        SourceOut,
        BatchIn,
        BatchOut,
        Act,
        Source,
        Language,
        Screened,
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
