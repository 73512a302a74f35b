use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id};
use web::{Failure, Sent};

use super::body::{DraftBody, DraftsBody, NewDraftBody};
use crate::app::{self, Draft, DraftId, Kept};

fn read_id(text: &str) -> Result<Id<DraftId>, Fault> {
    text.parse().map_err(|_wrong| Fault::not_found())
}

fn body(draft: Draft, with_fields: bool) -> DraftBody {
    let fields = with_fields.then(|| {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&draft.fields).unwrap_or_default();
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(value);
        }
        fields
    });
    DraftBody { id: draft.id.to_string(), title: draft.title, fields, updated_at: draft.updated_at.to_string() }
}

/// The caller's own drafts; nobody else reads them.
#[utoipa::path(get, path = "/api/v1/drafts", tag = "drafts", responses((status = 200, body = DraftsBody)))]
pub(super) async fn list(ctx: Ctx) -> Result<Json<DraftsBody>, Failure> {
    let items = app::drafts(&ctx).await?.into_iter().map(|draft| body(draft, false)).collect();
    Ok(Json(DraftsBody { items }))
}

/// Keeps a draft, for 30 days after its last change or until it is taken in.
#[utoipa::path(post, path = "/api/v1/drafts", tag = "drafts", request_body = NewDraftBody,
    responses((status = 200, body = DraftBody), (status = 409, description = "It was taken in, or there are too many"),
        (status = 422, description = "Too large")))]
pub(super) async fn keep(ctx: Ctx, Sent(sent): Sent<NewDraftBody>) -> Result<Response, Failure> {
    let id = match sent.id.as_deref().map(str::trim).filter(|id| !id.is_empty()) {
        Some(id) => id.parse().map_err(|_wrong| Fault::field("id", "unknown"))?,
        None => ctx.house.ids.next(),
    };
    let pairs: Vec<(&str, &str)> = sent
        .fields
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())))
        .collect();
    let title = sent.fields.get("subject").and_then(|values| values.first()).cloned().unwrap_or_default();
    let fields = serde_urlencoded::to_string(&pairs).map_err(Fault::internal)?;
    if app::keep_draft(&ctx, Kept { id, title, fields }).await?.is_none() {
        return Err(Fault::refused("cases-draft-sent").into());
    }
    Ok(Json(body(app::draft(&ctx, id).await?, false)).into_response())
}

/// One of the caller's drafts with its fields.
#[utoipa::path(get, path = "/api/v1/drafts/{id}", tag = "drafts",
    responses((status = 200, body = DraftBody), (status = 404, description = "Unknown, sent, or somebody else's")))]
pub(super) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Json<DraftBody>, Failure> {
    let draft = app::draft(&ctx, read_id(&id)?).await?;
    if draft.sent.is_some() {
        return Err(Fault::not_found().into());
    }
    Ok(Json(body(draft, true)))
}

/// Throws a draft of the caller away.
#[utoipa::path(delete, path = "/api/v1/drafts/{id}", tag = "drafts",
    responses((status = 204, description = "Gone"), (status = 404, description = "Unknown, sent, or somebody else's")))]
pub(super) async fn discard(ctx: Ctx, Path(id): Path<String>) -> Result<StatusCode, Failure> {
    app::discard_draft(&ctx, read_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
