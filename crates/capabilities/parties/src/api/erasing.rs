//! REST for forgetting a customer, and for files that have to be kept.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id, of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Failure, IfMatch, Sent, etag};

use crate::app;

/// How a customer's file stands between being kept and being forgotten.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErasureBody {
    /// When what names the person was erased for ever, RFC 3339.
    erased_at: Option<String>,
    /// Why the file has to be kept as it is.
    held_for: Option<String>,
    /// Id of the approval that waits for its answer.
    approval: Option<String>,
}

/// Why.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ReasonIn {
    /// In a sentence, at most 300 characters.
    reason: String,
}

/// The question that now waits.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AskedBody {
    /// Id of the approval; once somebody else grants it the file is erased.
    approval: String,
}

fn id(text: &str) -> Result<Id<of::Customer>, Fault> {
    text.parse().map_err(|_wrong| Fault::not_found())
}

/// How a customer's file stands between being kept and being forgotten.
#[utoipa::path(get, path = "/api/v1/customers/{id}/erasure", tag = "customers",
    responses((status = 200, body = ErasureBody), (status = 404, description = "Unknown or out of reach")))]
pub(super) async fn show(ctx: Ctx, Path(text): Path<String>) -> Result<Json<ErasureBody>, Failure> {
    let found = app::erasure(&ctx, id(&text)?).await?;
    Ok(Json(ErasureBody {
        erased_at: found.standing.erased_at.map(|at| at.to_string()),
        held_for: found.standing.held_for,
        approval: found.asked.map(|id| id.to_string()),
    }))
}

/// Asks for a customer to be forgotten for ever; somebody else has to grant it.
#[utoipa::path(post, path = "/api/v1/customers/{id}/erasure", tag = "customers", request_body = ReasonIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 202, body = AskedBody), (status = 404, description = "Unknown or out of reach"),
        (status = 409, description = "A case is open, the file has to be kept, or it is asked for already"),
        (status = 412, description = "Changed by somebody else"), (status = 422, description = "No reason"),
        (status = 428, description = "If-Match is missing")))]
pub(super) async fn ask(
    ctx: Ctx,
    Path(text): Path<String>,
    IfMatch(version): IfMatch,
    Sent(body): Sent<ReasonIn>,
) -> Result<Response, Failure> {
    let approval = app::ask_erasure(&ctx, id(&text)?, version, &body.reason).await?;
    Ok((StatusCode::ACCEPTED, Json(AskedBody { approval: approval.to_string() })).into_response())
}

/// Says that a file has to be kept as it is: a dispute, an order of an authority.
#[utoipa::path(post, path = "/api/v1/customers/{id}/hold", tag = "customers", request_body = ReasonIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 204, description = "Done"), (status = 404, description = "Unknown or out of reach"),
        (status = 409, description = "Erased or merged"), (status = 412, description = "Changed by somebody else"),
        (status = 422, description = "No reason"), (status = 428, description = "If-Match is missing")))]
pub(super) async fn hold(
    ctx: Ctx,
    Path(text): Path<String>,
    IfMatch(version): IfMatch,
    Sent(body): Sent<ReasonIn>,
) -> Result<Response, Failure> {
    let card = app::hold(&ctx, id(&text)?, version, Some(&body.reason)).await?;
    Ok((StatusCode::NO_CONTENT, [etag(card.version)]).into_response())
}

/// Lets a file go that had to be kept.
#[utoipa::path(delete, path = "/api/v1/customers/{id}/hold", tag = "customers",
    params(("If-Match" = String, Header, description = "`\"v2\"`")),
    responses((status = 204, description = "Done"), (status = 404, description = "Unknown or out of reach"),
        (status = 412, description = "Changed by somebody else"), (status = 428, description = "If-Match is missing")))]
pub(super) async fn release(
    ctx: Ctx,
    Path(text): Path<String>,
    IfMatch(version): IfMatch,
) -> Result<Response, Failure> {
    let card = app::hold(&ctx, id(&text)?, version, None).await?;
    Ok((StatusCode::NO_CONTENT, [etag(card.version)]).into_response())
}
