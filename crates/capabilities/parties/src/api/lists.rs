//! REST for the lists that the company keeps itself.

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Failure, IfMatch, Sent, etag};

use crate::app::{self, EntryAct};
use crate::domain::{CauseKind, EntryId, EntryInput, List, ListEntry};

/// An entry of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EntryBody {
    /// Its id.
    id: String,
    /// What it is called in data; never changes.
    code: String,
    /// 中文.
    name_zh: String,
    /// English.
    name_en: String,
    /// Kinds of goods only: what a product's name holds that belongs to it.
    words: Vec<String>,
    /// Causes only: where it is offered.
    kind: Option<CauseKind>,
    /// The first day on which it is no longer offered.
    retired_on: Option<String>,
    /// Added by the company.
    own: bool,
    /// Counts its changes; also the ETag.
    version: i64,
}

impl EntryBody {
    fn of(list: List, entry: ListEntry) -> Self {
        Self {
            id: entry.id.to_string(),
            code: entry.code,
            name_zh: entry.name_zh,
            name_en: entry.name_en,
            words: entry.words,
            kind: list.has_kinds().then_some(entry.kind),
            retired_on: entry.retired_on.map(|day| day.to_string()),
            own: entry.own,
            version: entry.version,
        }
    }
}

/// A whole list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EntriesBody {
    /// Its entries, in their order.
    items: Vec<EntryBody>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    all: Option<String>,
}

/// What changes in an entry: what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(super) struct EntryChange {
    /// 中文.
    name_zh: Option<String>,
    /// English.
    name_en: Option<String>,
    /// Kinds of goods only: separated by commas; empty clears them.
    words: Option<String>,
    /// Causes only: where it is offered.
    kind: Option<CauseKind>,
    /// Its place in the list, from 1.
    position: Option<i64>,
}

fn named(list: &str) -> Result<List, Fault> {
    List::parse(list).ok_or_else(Fault::not_found)
}

fn id(text: &str) -> Result<Id<EntryId>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

fn answer(list: List, entry: ListEntry) -> Response {
    ([etag(entry.version)], Json(EntryBody::of(list, entry))).into_response()
}

/// The entries of a list: `goods` (kinds of goods on cases), `causes` (of cases and complaints) or `product-groups`.
#[utoipa::path(get, path = "/api/v1/lists/{list}", tag = "lists",
    params(("list" = String, Path, description = "goods, causes or product-groups"),
        ("all" = Option<bool>, Query, description = "`true` = those that are no longer offered, too")),
    responses((status = 200, body = EntriesBody), (status = 404, description = "No such list")))]
pub(super) async fn list(
    ctx: Ctx,
    Path(list): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<EntriesBody>, Failure> {
    let today = ctx.now().day(&ctx.house.zone);
    let all = wanted.all.as_deref() == Some("true");
    let list = named(&list)?;
    let entries = app::entries(&ctx, list).await?;
    let shown = entries.into_iter().filter(|entry| all || entry.is_offered(today));
    Ok(Json(EntriesBody { items: shown.map(|entry| EntryBody::of(list, entry)).collect() }))
}

/// Adds an entry of the company's own; its Chinese name becomes its code.
#[utoipa::path(post, path = "/api/v1/lists/{list}", tag = "lists", request_body = EntryInput,
    responses((status = 201, body = EntryBody), (status = 404, description = "No such list, or not allowed"),
        (status = 422, description = "Fields that cannot be taken")))]
pub(super) async fn add(ctx: Ctx, Path(list): Path<String>, Sent(body): Sent<EntryInput>) -> Result<Response, Failure> {
    let list = named(&list)?;
    let entry = app::add_entry(&ctx, list, &body).await?;
    Ok((StatusCode::CREATED, answer(list, entry)).into_response())
}

/// Renames an entry, changes its words, where it is offered, or its place.
#[utoipa::path(patch, path = "/api/v1/lists/{list}/{id}", tag = "lists", request_body = EntryChange,
    responses((status = 200, body = EntryBody), (status = 404, description = "Unknown"),
        (status = 412, description = "Changed by somebody else"), (status = 428, description = "If-Match is missing")))]
pub(super) async fn change(
    ctx: Ctx,
    Path((list, text)): Path<(String, String)>,
    IfMatch(version): IfMatch,
    Sent(body): Sent<EntryChange>,
) -> Result<Response, Failure> {
    let (list, id) = (named(&list)?, id(&text)?);
    let now = app::get_entry(&ctx, list, id).await?;
    let words = body.words.or_else(|| Some(now.words.join(",")).filter(|words| !words.is_empty()));
    let input = EntryInput {
        name_zh: body.name_zh.unwrap_or(now.name_zh),
        name_en: Some(body.name_en.unwrap_or(now.name_en)),
        words,
        kind: body.kind,
        position: body.position,
    };
    Ok(answer(list, app::edit_entry(&ctx, list, id, version, &input).await?))
}

/// Offers an entry no longer; what names it keeps it.
#[utoipa::path(post, path = "/api/v1/lists/{list}/{id}/retire", tag = "lists",
    responses((status = 200, body = EntryBody), (status = 404, description = "Unknown"),
        (status = 409, description = "It stands for everything else"),
        (status = 412, description = "Changed by somebody else"), (status = 428, description = "If-Match is missing")))]
pub(super) async fn retire(
    ctx: Ctx,
    Path((list, text)): Path<(String, String)>,
    IfMatch(version): IfMatch,
) -> Result<Response, Failure> {
    let list = named(&list)?;
    Ok(answer(list, app::act_on_entry(&ctx, list, id(&text)?, version, EntryAct::Retire).await?))
}

/// Offers a retired entry again.
#[utoipa::path(post, path = "/api/v1/lists/{list}/{id}/restore", tag = "lists",
    responses((status = 200, body = EntryBody), (status = 404, description = "Unknown"),
        (status = 412, description = "Changed by somebody else"), (status = 422, description = "Another entry has its name"),
        (status = 428, description = "If-Match is missing")))]
pub(super) async fn restore(
    ctx: Ctx,
    Path((list, text)): Path<(String, String)>,
    IfMatch(version): IfMatch,
) -> Result<Response, Failure> {
    let list = named(&list)?;
    Ok(answer(list, app::act_on_entry(&ctx, list, id(&text)?, version, EntryAct::Restore).await?))
}
