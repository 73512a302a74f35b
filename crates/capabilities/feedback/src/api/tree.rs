//! The tree of categories for programs.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Failure, Form, IfMatch, etag};

use crate::app;
use crate::domain::tree::{Category, CategoryId, Tree};

/// A category of feedback.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CategoryOut {
    id: String,
    /// What texts call it; never changes.
    code: String,
    /// Id of the category above it.
    parent: Option<String>,
    name_zh: String,
    name_en: String,
    /// Its place among its neighbours.
    position: i64,
    /// Whether texts may be given it: neither retired nor a branch.
    offered: bool,
    /// Since when it is not offered any more.
    #[schema(value_type = Option<String>)]
    retired_at: Option<Timestamp>,
    /// The ETag.
    version: i64,
}

impl CategoryOut {
    fn of(tree: &Tree, one: &Category) -> Self {
        Self {
            id: one.id.to_string(),
            code: one.code.clone(),
            parent: one.parent.map(|id| id.to_string()),
            name_zh: one.name_zh.clone(),
            name_en: one.name_en.clone(),
            position: one.position,
            offered: tree.is_leaf(one),
            retired_at: one.retired_at,
            version: one.version,
        }
    }
}

/// All categories, each after the one above it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TreeOut {
    items: Vec<CategoryOut>,
}

/// What a category is called and where it stands.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct CategoryIn {
    /// Id of the category above it; at the top when left out.
    parent: Option<String>,
    name_zh: String,
    name_en: String,
    /// Its place among its neighbours, from 1; as it is when left out.
    place: Option<i64>,
}

/// A new category.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct NewCategoryIn {
    /// Up to 20 letters, digits, `-` and `_`.
    code: String,
    parent: Option<String>,
    name_zh: String,
    name_en: String,
    place: Option<i64>,
}

/// The tree of categories.
#[utoipa::path(get, path = "/api/v1/feedback-categories", tag = "feedback", responses((status = 200, body = TreeOut)))]
pub(crate) async fn list(ctx: Ctx) -> Result<Json<TreeOut>, Failure> {
    let tree = app::tree(&ctx).await?;
    Ok(Json(TreeOut { items: tree.all().map(|(_, one)| CategoryOut::of(&tree, one)).collect() }))
}

fn read_id(text: &str) -> Result<Id<CategoryId>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

async fn answered(ctx: &Ctx, id: Id<CategoryId>, status: StatusCode) -> Result<Response, Failure> {
    let tree = app::tree(ctx).await?;
    let one = tree.get(id).ok_or_else(Fault::not_found)?;
    Ok((status, [etag(one.version)], Json(CategoryOut::of(&tree, one))).into_response())
}

/// Adds a category.
#[utoipa::path(post, path = "/api/v1/feedback-categories", tag = "feedback", request_body = NewCategoryIn,
    responses((status = 201, body = CategoryOut), (status = 422, description = "The fields that are wrong")))]
pub(crate) async fn add(ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let code = form.text("code", app::CODE);
    let draft = crate::pages::tree::read(&mut form)?;
    let id = app::add_category(&ctx, code, draft).await?;
    answered(&ctx, id, StatusCode::CREATED).await
}

/// Renames or moves a category.
#[utoipa::path(patch, path = "/api/v1/feedback-categories/{id}", tag = "feedback", request_body = CategoryIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = CategoryOut), (status = 412, description = "Changed by somebody else meanwhile")))]
pub(crate) async fn change(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    let draft = crate::pages::tree::read(&mut form)?;
    app::change_category(&ctx, id, version, draft).await?;
    answered(&ctx, id, StatusCode::OK).await
}

/// Offers a category no longer; old texts keep it.
#[utoipa::path(post, path = "/api/v1/feedback-categories/{id}/retire", tag = "feedback",
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = CategoryOut), (status = 409, description = "Others stand beneath it, or it is the last one")))]
pub(crate) async fn retire(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    app::retire_category(&ctx, id, version, true).await?;
    answered(&ctx, id, StatusCode::OK).await
}

/// Offers a category again.
#[utoipa::path(post, path = "/api/v1/feedback-categories/{id}/restore", tag = "feedback",
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = CategoryOut), (status = 409, description = "What stands above it is retired")))]
pub(crate) async fn restore(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    app::retire_category(&ctx, id, version, false).await?;
    answered(&ctx, id, StatusCode::OK).await
}
