use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use capability::Ctx;
use kernel::{Id, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, Lang};

use crate::app;
use crate::kind;
use crate::store::{Choice, NoticeId};

/// One notice.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeOut {
    #[schema(value_type = String)]
    id: Id<NoticeId>,
    /// What kind of thing happened: `case.assigned`, `approval.asked`…
    kind: String,
    /// The sentence, in the caller's language.
    text: String,
    /// The kind of record that it is about.
    record_kind: String,
    /// The record's id.
    record_id: String,
    /// The page that it leads to.
    href: String,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>)]
    read_at: Option<Timestamp>,
}

/// One page of notices.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticesOut {
    items: Vec<NoticeOut>,
    /// Give it as `before` for the next page.
    next: Option<String>,
    /// How many are unread; 100 means 100 or more.
    unread: i64,
}

/// How one kind of notice reaches the caller.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct Ways {
    /// By the bell. Some kinds stay on whatever is said here.
    in_app: bool,
    /// By mail, where the person has an address.
    mail: bool,
}

/// Up to where notices were read.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct UpTo {
    /// The id of the newest notice that was seen; without it all are marked.
    last: Option<String>,
}

/// How many were marked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Marked {
    read: i64,
}

#[utoipa::path(get, path = "/api/v1/notices", tag = "notices",
    description = "The caller's own notices, newest first.",
    params(
        ("unread" = Option<bool>, Query, description = "true: only what is not read"),
        ("before" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ),
    responses((status = 200, body = NoticesOut)))]
pub(crate) async fn list(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<NoticesOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let limit = form.number_or_none("limit", 1..=200).unwrap_or(50);
    let before = form.id_or_none::<NoticeId>("before");
    form.check()?;
    let unread = matches!(form.raw("unread"), "true" | "1");
    let page = app::list(&ctx, unread, before.map(Id::get), u16::try_from(limit).unwrap_or(50)).await?;
    let out = |row: crate::NoticeRow| NoticeOut {
        id: row.id,
        text: crate::said(&lang, &row.kind, |name| row.words.get(name).cloned()),
        kind: row.kind,
        record_kind: row.record.0,
        record_id: row.record.1.to_string(),
        href: row.href,
        created_at: row.created_at,
        read_at: row.read_at,
    };
    Ok(Json(NoticesOut {
        items: page.rows.into_iter().map(out).collect(),
        next: page.next.map(|id| id.to_string()),
        unread: page.unread,
    }))
}

#[utoipa::path(post, path = "/api/v1/notices/{id}/read", tag = "notices",
    description = "Marks one of the caller's notices as read; a second time changes nothing.",
    params(("id" = String, Path, description = "Id of the notice")),
    responses((status = 204), (status = 404, description = "Not the caller's")))]
pub(crate) async fn read(ctx: Ctx, Path(id): Path<i64>) -> Result<StatusCode, Failure> {
    app::read(&ctx, Id::new(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[utoipa::path(post, path = "/api/v1/notices/read-all", tag = "notices", request_body = UpTo,
    description = "Marks the caller's notices as read.",
    responses((status = 200, body = Marked)))]
pub(crate) async fn read_all(ctx: Ctx, Json(up_to): Json<UpTo>) -> Result<Json<Marked>, Failure> {
    let last = up_to.last.as_deref().and_then(|id| id.parse().ok());
    Ok(Json(Marked { read: app::read_all(&ctx, last).await? }))
}

#[utoipa::path(get, path = "/api/v1/notices/choices", tag = "notices",
    description = "How the caller is told of each kind.",
    responses((status = 200, body = BTreeMap<String, Ways>)))]
pub(crate) async fn choices(ctx: Ctx) -> Result<Json<BTreeMap<&'static str, Ways>>, Failure> {
    let ways = |choice: Choice| Ways { in_app: choice.in_app, mail: choice.mail };
    Ok(Json(app::choices(&ctx).await?.into_iter().map(|(kind, choice)| (kind.code, ways(choice))).collect()))
}

#[utoipa::path(patch, path = "/api/v1/notices/choices", tag = "notices", request_body = BTreeMap<String, Ways>,
    description = "Changes how the caller is told of the kinds that are named; the others stay.",
    responses((status = 200, body = BTreeMap<String, Ways>), (status = 422, description = "A kind that does not exist")))]
pub(crate) async fn choose(
    ctx: Ctx,
    Json(wanted): Json<BTreeMap<String, Ways>>,
) -> Result<Json<BTreeMap<&'static str, Ways>>, Failure> {
    let mut errors = kernel::FieldErrors::default();
    let mut known = Vec::new();
    for (code, ways) in wanted {
        match kind::find(&code) {
            Some(kind) => known.push((kind, Choice { in_app: ways.in_app, mail: ways.mail })),
            None => errors.add(&code, "unknown"),
        }
    }
    errors.check()?;
    app::choose(&ctx, known).await?;
    choices(ctx).await
}

#[derive(OpenApi)]
#[openapi(paths(list, read, read_all, choices, choose), components(schemas(NoticesOut, NoticeOut, Ways, UpTo, Marked)))]
pub(crate) struct Description;
