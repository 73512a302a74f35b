//! Improvements for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, Id, of};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Failure, Form, IfMatch, etag};

use crate::app::{self, Whole};
use crate::pages::improve::read;
use crate::store::improve::{Improvement, State};

/// Something that is made better because of what customers said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImprovementOut {
    id: String,
    /// Id of the store.
    store: String,
    /// Id of who does it.
    owner: String,
    title: String,
    /// The category whose count shows the effect.
    category: Option<String>,
    due_on: String,
    /// open, done or dropped.
    state: String,
    done_on: Option<String>,
    /// What customers said, for the public.
    said: Option<String>,
    /// What we did, for the public.
    did: Option<String>,
    published_at: Option<String>,
    version: i64,
}

/// An improvement with its effect and the cases behind it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImprovementWhole {
    #[serde(flatten)]
    one: ImprovementOut,
    /// Ids of the cases.
    cases: Vec<String>,
    /// Texts of the category in each week before it was done, oldest first.
    weeks_before: Vec<i64>,
    /// Texts in each whole week since.
    weeks_after: Vec<i64>,
}

/// One page of improvements.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImprovementListOut {
    items: Vec<ImprovementOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// An improvement to keep.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ImprovementIn {
    title: String,
    /// Id of who does it.
    owner: String,
    due_on: String,
    category: Option<String>,
    /// open (default), done or dropped.
    state: Option<String>,
    said: Option<String>,
    did: Option<String>,
}

/// Whether the public sees it.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct PublishIn {
    on: bool,
}

impl From<Improvement> for ImprovementOut {
    fn from(one: Improvement) -> Self {
        Self {
            id: one.id.to_string(),
            store: one.store.to_string(),
            owner: one.owner.to_string(),
            title: one.title,
            category: one.category,
            due_on: one.due_on.to_string(),
            state: one.state.to_string(),
            done_on: one.done_on.map(|day| day.to_string()),
            said: one.said,
            did: one.did,
            published_at: one.published_at.map(|at| at.to_string()),
            version: one.version,
        }
    }
}

impl From<Whole> for ImprovementWhole {
    fn from(whole: Whole) -> Self {
        let effect = whole.effect.unwrap_or_default();
        Self {
            cases: whole.cases.iter().map(|tied| tied.case.id.to_string()).collect(),
            weeks_before: effect.before,
            weeks_after: effect.after,
            one: whole.one.into(),
        }
    }
}

fn id<T>(text: &str) -> Result<Id<T>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

/// Improvements within reach, newest first.
#[utoipa::path(get, path = "/api/v1/improvements", tag = "feedback",
    params(("state" = Option<String>, Query, description = "open, done or dropped"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 50")),
    responses((status = 200, body = ImprovementListOut)))]
pub(crate) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<ImprovementListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let state = form.choice_or_none("state", State::parse);
    let after = form.choice_or_none("after", |text| text.parse::<Cursor>().ok());
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(50);
    form.check()?;
    let found = app::improvements(&ctx, state, after, u16::try_from(limit).unwrap_or(50)).await?;
    let items = found.rows.into_iter().map(ImprovementOut::from).collect();
    Ok(Json(ImprovementListOut { items, next: found.next.map(|next| next.to_string()) }))
}

/// One improvement with its effect.
#[utoipa::path(get, path = "/api/v1/improvements/{id}", tag = "feedback", responses((status = 200, body = ImprovementWhole)))]
pub(crate) async fn show(ctx: Ctx, Path(key): Path<String>) -> Result<Response, Failure> {
    whole(&ctx, &key, StatusCode::OK).await
}

async fn whole(ctx: &Ctx, key: &str, status: StatusCode) -> Result<Response, Failure> {
    let whole = app::improvement(ctx, id(key)?).await?;
    let version = whole.one.version;
    Ok((status, [etag(version)], Json(ImprovementWhole::from(whole))).into_response())
}

/// Begins an improvement because of what a case says.
#[utoipa::path(post, path = "/api/v1/feedback/{id}/improvements", tag = "feedback", request_body = ImprovementIn,
    responses((status = 201, body = ImprovementWhole)))]
pub(crate) async fn begin(ctx: Ctx, Path(case): Path<String>, mut form: Form) -> Result<Response, Failure> {
    let draft = read(&mut form)?;
    let made = app::begin(&ctx, id::<of::Case>(&case)?, draft).await?;
    whole(&ctx, &made.to_string(), StatusCode::CREATED).await
}

/// Changes an improvement; changed public words have to be published anew.
#[utoipa::path(patch, path = "/api/v1/improvements/{id}", tag = "feedback", request_body = ImprovementIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = ImprovementWhole), (status = 412, description = "Changed by somebody else meanwhile")))]
pub(crate) async fn change(
    ctx: Ctx,
    Path(key): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let IfMatch(version) = version?;
    let draft = read(&mut form)?;
    app::change_improvement(&ctx, id(&key)?, version, draft).await?;
    whole(&ctx, &key, StatusCode::OK).await
}

/// Shows "you said, we did" on the store's public page, or takes it away.
#[utoipa::path(post, path = "/api/v1/improvements/{id}/publish", tag = "feedback", request_body = PublishIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = ImprovementWhole), (status = 422, description = "Words are missing or name somebody")))]
pub(crate) async fn publish(
    ctx: Ctx,
    Path(key): Path<String>,
    version: Result<IfMatch, Failure>,
    form: Form,
) -> Result<Response, Failure> {
    let IfMatch(version) = version?;
    let on = form.flag("on");
    app::publish(&ctx, id(&key)?, version, on).await?;
    whole(&ctx, &key, StatusCode::OK).await
}
