//! What we collect, for programs.

pub(crate) mod campaign;

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, Id, Timestamp, of};
use serde::{Deserialize, Serialize};
use tables::LINES;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, Lang, Sent, etag};

use crate::app::{self, Wanted};
use crate::domain::{Category, EntryState, Field, Source};
use crate::store::{Entry, EntryId};

/// Rows per page when the caller does not say.
const ROWS: i64 = 25;

/// A complaint that stands elsewhere.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CollectedIn {
    /// Its number there; each once per source.
    number: String,
    /// When the customer complained: RFC 3339, or `2026-11-20 14:32` in the store's zone; now when left out.
    happened_at: Option<String>,
    /// What was said.
    body: String,
    subject: Option<String>,
    name: Option<String>,
    phone: Option<String>,
    product: Option<String>,
    receipt: Option<String>,
    /// The store, by code or name.
    store: Option<String>,
    /// Of what an authority passed on (source `regulator`): 12315 or 12345; 12315 when left out.
    platform: Option<String>,
    /// Of what an authority passed on: which one.
    authority: Option<String>,
    /// Of what an authority passed on: who deals with it there.
    officer: Option<String>,
    /// Of what an authority passed on: that person's number.
    officer_phone: Option<String>,
    /// Of what an authority passed on: until when it wants the answer. With it the complaint is a regulator case at once.
    due_at: Option<String>,
    /// Of what an authority passed on: `report` is refused, because reports are entered one by one.
    nature: Option<String>,
}

/// Complaints of one source, at most 500.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CollectedListIn {
    source: Source,
    /// Id of the store of those that name none.
    #[schema(value_type = Option<String>)]
    store: Option<Id<of::Unit>>,
    items: Vec<CollectedIn>,
}

/// A complaint that was taken over.
#[derive(Debug, Serialize, ToSchema)]
struct CollectedOut {
    /// Its number there.
    number: String,
    #[schema(value_type = String)]
    case: Id<of::Case>,
    case_number: String,
}

/// What was taken over.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CollectedListOut {
    made: Vec<CollectedOut>,
    /// How many had been taken over before; they are left alone.
    known: usize,
}

/// Takes complaints over from a platform or an authority, all of them or none. Sent again it makes nothing twice.
#[utoipa::path(post, path = "/api/v1/collection/complaints", tag = "collection", request_body = CollectedListIn,
    responses((status = 200, body = CollectedListOut), (status = 422, description = "Every wrong field, as `items.3.phone`")))]
pub(crate) async fn import(ctx: Ctx, Sent(body): Sent<CollectedListIn>) -> Result<Json<CollectedListOut>, Failure> {
    if body.items.len() >= LINES {
        return Err(Fault::field("items", "table-many").into());
    }
    let line = |one: CollectedIn| {
        let cells = [
            Some(one.number),
            one.happened_at,
            Some(one.body),
            one.subject,
            one.name,
            one.phone,
            one.product,
            one.receipt,
            one.store,
            one.platform,
            one.authority,
            one.officer,
            one.officer_phone,
            one.due_at,
            one.nature,
        ];
        cells.map(Option::unwrap_or_default).to_vec()
    };
    let wanted = Wanted {
        source: body.source,
        store: body.store,
        lines: body.items.into_iter().map(line).collect(),
        columns: Field::ALL.iter().copied().map(Some).collect(),
    };
    let done = app::import(&ctx, wanted).await?;
    let made = done.made.into_iter().map(|(number, case, case_number)| CollectedOut { number, case, case_number });
    Ok(Json(CollectedListOut { made: made.collect(), known: done.known }))
}

/// What was heard or seen in a store.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PatrolOut {
    #[schema(value_type = String)]
    id: Id<EntryId>,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    category: Category,
    body: String,
    #[schema(value_type = String)]
    happened_at: Timestamp,
    /// When it was typed in.
    #[schema(value_type = String)]
    entered_at: Timestamp,
    #[schema(value_type = Option<String>)]
    entered_by: Option<Id<of::User>>,
    state: EntryState,
    /// What was done about it.
    outcome: Option<String>,
    /// What it became.
    #[schema(value_type = Option<String>)]
    case: Option<Id<of::Case>>,
    /// The ETag.
    version: i64,
}

impl From<Entry> for PatrolOut {
    fn from(one: Entry) -> Self {
        Self {
            id: one.id,
            store: one.store,
            category: one.category,
            body: one.body,
            happened_at: one.happened_at,
            entered_at: one.entered_at,
            entered_by: one.by,
            state: one.state,
            outcome: one.outcome,
            case: one.case,
            version: one.version,
        }
    }
}

/// One page of entries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PatrolListOut {
    items: Vec<PatrolOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// A new entry.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body that a form reads")]
struct PatrolIn {
    /// Id of the store.
    store: String,
    category: Category,
    body: String,
    /// `2026-11-22T14:30`; now when left out.
    happened_at: Option<String>,
}

/// Whose case it becomes.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body that a form reads")]
struct PatrolCaseIn {
    /// `complaint` or `feedback`.
    kind: String,
    /// Needed with a number.
    name: Option<String>,
    phone: Option<String>,
}

/// What was done about an entry.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body that a form reads")]
struct PatrolDoneIn {
    outcome: String,
}

/// Entries within reach, the newest first.
#[utoipa::path(get, path = "/api/v1/patrols", tag = "collection",
    params(
        ("show" = Option<String>, Query, description = "open (default), done, case or all"),
        ("category" = Option<Category>, Query, description = "What they are about"),
        ("store" = Option<String>, Query, description = "Id of a store"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 25"),
    ),
    responses((status = 200, body = PatrolListOut)))]
pub(crate) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<PatrolListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = crate::pages::patrol::filter(&mut form);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(ROWS);
    let after = form.has("after").then(|| form.raw("after").parse::<Cursor>());
    if matches!(after, Some(Err(()))) {
        form.reject("after", "unknown");
    }
    form.check()?;
    let listed = app::entries(&ctx, filter, after.and_then(Result::ok), limit).await?;
    let items = listed.rows.into_iter().map(PatrolOut::from).collect();
    Ok(Json(PatrolListOut { items, next: listed.next.map(|cursor| cursor.to_string()) }))
}

/// What is no id names no entry.
fn read_id(text: &str) -> Result<Id<EntryId>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

async fn answered(ctx: &Ctx, id: Id<EntryId>, status: StatusCode) -> Result<Response, Failure> {
    let entry = PatrolOut::from(app::entry(ctx, id).await?);
    Ok((status, [etag(entry.version)], Json(entry)).into_response())
}

/// One entry.
#[utoipa::path(get, path = "/api/v1/patrols/{id}", tag = "collection",
    responses((status = 200, body = PatrolOut), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    answered(&ctx, read_id(&id)?, StatusCode::OK).await
}

/// Writes an entry down.
#[utoipa::path(post, path = "/api/v1/patrols", tag = "collection", request_body = PatrolIn,
    responses((status = 201, body = PatrolOut), (status = 404, description = "The store is out of reach")))]
pub(crate) async fn add(ctx: Ctx, lang: Lang, mut form: Form) -> Result<Response, Failure> {
    let heard = crate::pages::patrol::read(&mut form, &lang)?;
    let id = app::add(&ctx, heard).await?;
    answered(&ctx, id, StatusCode::CREATED).await
}

/// Makes a complaint or feedback of an entry, once.
#[utoipa::path(post, path = "/api/v1/patrols/{id}/case", tag = "collection", request_body = PatrolCaseIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = PatrolOut), (status = 409, description = "Dealt with already")))]
pub(crate) async fn become_case(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let IfMatch(version) = version?;
    let (kind, name, phone) = crate::pages::patrol::read_case(&mut form)?;
    app::become_case(&ctx, id, version, kind, name, phone).await?;
    answered(&ctx, id, StatusCode::OK).await
}

/// Notes what was done about an entry.
#[utoipa::path(post, path = "/api/v1/patrols/{id}/done", tag = "collection", request_body = PatrolDoneIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = PatrolOut), (status = 409, description = "Dealt with already")))]
pub(crate) async fn done(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let IfMatch(version) = version?;
    let outcome = form.text("outcome", 500);
    form.check()?;
    app::done(&ctx, id, version, outcome).await?;
    answered(&ctx, id, StatusCode::OK).await
}

#[derive(OpenApi)]
#[openapi(
    paths(
        import,
        list,
        show,
        add,
        become_case,
        done,
        campaign::list,
        campaign::begin,
        campaign::show,
        campaign::close,
        campaign::results,
        campaign::note,
        campaign::follow
    ),
    components(schemas(
        campaign::CallbackOut,
        campaign::CallbackCustomerOut,
        campaign::CallbackListOut,
        campaign::CallbackWholeOut,
        campaign::CallbackIn,
        campaign::CallIn,
        campaign::FollowIn,
        campaign::FollowOut,
        CollectedListIn,
        CollectedIn,
        CollectedListOut,
        CollectedOut,
        PatrolListOut,
        PatrolOut,
        PatrolIn,
        PatrolCaseIn,
        PatrolDoneIn
    ))
)]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
