//! Guides for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id, Timestamp, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, etag};

use crate::app;
use crate::domain::{Emotion, Kind, Severity, Stage};
use crate::store::{Guide, GuideId};

/// Most guides for one situation when the caller does not say.
const MOST: i64 = 20;

/// A guide: what a good colleague would say.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GuideOut {
    #[schema(value_type = String)]
    id: Id<GuideId>,
    /// Counts its versions; the ETag.
    version: i64,
    kind: Kind,
    /// Left out = every stage.
    stage: Option<Stage>,
    /// A complaint's topic; left out = all.
    topic: Option<String>,
    /// For complaints at least this grave.
    severity: Option<Severity>,
    emotion: Option<Emotion>,
    title_zh: String,
    title_en: String,
    /// May hold the blanks `{number}`, `{store}` and `{me}`.
    body_zh: String,
    body_en: String,
    /// Who wrote this version; nobody = came with the program.
    #[schema(value_type = Option<String>)]
    changed_by: Option<Id<of::User>>,
    #[schema(value_type = String)]
    changed_at: Timestamp,
    /// Since when it is no longer offered.
    #[schema(value_type = Option<String>)]
    retired_at: Option<Timestamp>,
}

impl From<Guide> for GuideOut {
    fn from(guide: Guide) -> Self {
        Self {
            id: guide.id,
            version: guide.version,
            kind: guide.fits.kind,
            stage: guide.fits.stage,
            topic: guide.fits.topic,
            severity: guide.fits.severity,
            emotion: guide.fits.emotion,
            title_zh: guide.title_zh,
            title_en: guide.title_en,
            body_zh: guide.body_zh,
            body_en: guide.body_en,
            changed_by: guide.by,
            changed_at: guide.at,
            retired_at: guide.retired_at,
        }
    }
}

/// Guides, the best match first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GuideListOut {
    items: Vec<GuideOut>,
}

/// A guide with all its versions.
#[derive(Debug, Serialize, ToSchema)]
struct GuideWholeOut {
    #[serde(flatten)]
    guide: GuideOut,
    /// Newest first.
    versions: Vec<GuideOut>,
}

/// What a guide says.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body that a form reads")]
pub(crate) struct GuideIn {
    kind: Kind,
    stage: Option<Stage>,
    topic: Option<String>,
    severity: Option<Severity>,
    emotion: Option<Emotion>,
    title_zh: String,
    title_en: String,
    /// May hold the blanks `{number}`, `{store}` and `{me}`.
    body_zh: String,
    body_en: String,
}

/// Guides for a situation. Calming words come only for customers who are upset; what a guide does not name fits everything.
#[utoipa::path(get, path = "/api/v1/guides", tag = "guides",
    params(
        ("kind" = Option<Kind>, Query, description = "Only this kind"),
        ("stage" = Option<Stage>, Query, description = "How far the matter is; left out = every stage"),
        ("topic" = Option<String>, Query, description = "What it is about, a word of complaints"),
        ("severity" = Option<Severity>, Query, description = "How grave it is"),
        ("upset" = Option<bool>, Query, description = "The customer is upset"),
        ("emotion" = Option<Emotion>, Query, description = "In what way"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 20"),
    ),
    responses((status = 200, body = GuideListOut)))]
pub(crate) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<GuideListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let situation = crate::pages::situation(&mut form);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(MOST);
    form.check()?;
    let most = usize::try_from(limit).unwrap_or_default();
    let guides = app::guides_for(&ctx, &situation, most).await?;
    Ok(Json(GuideListOut { items: guides.into_iter().map(GuideOut::from).collect() }))
}

/// What is no id names no guide.
fn read_id(text: &str) -> Result<Id<GuideId>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

async fn answered(ctx: &Ctx, id: Id<GuideId>, status: StatusCode) -> Result<Response, Failure> {
    let versions = app::versions(ctx, id).await?;
    let guide = versions.first().cloned().ok_or_else(Fault::not_found)?;
    let version = guide.version;
    let versions = versions.into_iter().map(GuideOut::from).collect();
    Ok((status, [etag(version)], Json(GuideWholeOut { guide: guide.into(), versions })).into_response())
}

/// One guide with its versions.
#[utoipa::path(get, path = "/api/v1/guides/{id}", tag = "guides",
    responses((status = 200, body = GuideWholeOut), (status = 404, description = "Unknown")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    answered(&ctx, read_id(&id)?, StatusCode::OK).await
}

/// Adds a guide.
#[utoipa::path(post, path = "/api/v1/guides", tag = "guides", request_body = GuideIn,
    responses((status = 201, body = GuideWholeOut), (status = 422, description = "The fields that are wrong")))]
pub(crate) async fn add(ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let new = crate::pages::read(&mut form)?;
    let id = app::add(&ctx, new).await?;
    answered(&ctx, id, StatusCode::CREATED).await
}

/// Writes the next version of a guide; one that was retired is offered again.
#[utoipa::path(patch, path = "/api/v1/guides/{id}", tag = "guides", request_body = GuideIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = GuideWholeOut), (status = 412, description = "Changed by somebody else meanwhile")))]
pub(crate) async fn change(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let IfMatch(version) = version?;
    let new = crate::pages::read(&mut form)?;
    app::change(&ctx, id, version, new).await?;
    answered(&ctx, id, StatusCode::OK).await
}

/// Offers a guide no longer; its versions are kept.
#[utoipa::path(post, path = "/api/v1/guides/{id}/retire", tag = "guides",
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = GuideWholeOut), (status = 412, description = "Changed by somebody else meanwhile")))]
pub(crate) async fn retire(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let IfMatch(version) = version?;
    app::retire(&ctx, id, version).await?;
    answered(&ctx, id, StatusCode::OK).await
}

#[derive(OpenApi)]
#[openapi(paths(list, show, add, change, retire), components(schemas(GuideListOut, GuideOut, GuideWholeOut, GuideIn)))]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
