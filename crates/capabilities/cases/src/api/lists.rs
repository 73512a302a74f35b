use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::Fault;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Failure, Sent};

use crate::app;

/// A filter that the caller keeps.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListBody {
    id: String,
    name: String,
    /// What stands behind the question mark of the list's address.
    filter: String,
}

/// The caller's filters.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListsBody {
    items: Vec<ListBody>,
}

/// A filter to be kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewListBody {
    name: String,
    /// What stands behind the question mark of the list's address: `tab=all&state=accepted&kind=repair`.
    filter: String,
}

/// The filters of the list of cases that the caller keeps; nobody else has them.
#[utoipa::path(get, path = "/api/v1/case-lists", tag = "cases", responses((status = 200, body = ListsBody)))]
pub(super) async fn list(ctx: Ctx) -> Result<Json<ListsBody>, Failure> {
    let kept = app::kept(&ctx).await?.into_iter();
    let items = kept.map(|list| ListBody { id: list.id.to_string(), name: list.name, filter: list.address });
    Ok(Json(ListsBody { items: items.collect() }))
}

/// Keeps a filter; a name that is kept already takes the new one.
#[utoipa::path(post, path = "/api/v1/case-lists", tag = "cases", request_body = NewListBody,
    responses((status = 201, body = ListsBody, description = "All of the caller's filters"),
        (status = 409, description = "There are too many"), (status = 422, description = "Fields that cannot be taken")))]
pub(super) async fn keep(ctx: Ctx, Sent(sent): Sent<NewListBody>) -> Result<Response, Failure> {
    // What the list would not understand is not kept either.
    let address = crate::pages::known_filter(sent.filter.trim_start_matches('?'));
    app::keep(&ctx, &sent.name, &address).await?;
    Ok((StatusCode::CREATED, list(ctx).await?).into_response())
}

/// Forgets a filter of the caller.
#[utoipa::path(delete, path = "/api/v1/case-lists/{id}", tag = "cases",
    responses((status = 204, description = "Done"), (status = 404, description = "The caller keeps no such filter")))]
pub(super) async fn forget(ctx: Ctx, Path(id): Path<String>) -> Result<StatusCode, Failure> {
    let id = id.parse().map_err(|_wrong| Fault::not_found())?;
    app::forget(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
