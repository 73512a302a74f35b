//! Channels for programs.

pub(crate) mod calls;
pub(crate) mod hooks;

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, Id, Timestamp, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, etag};

use crate::app::{self, Figures};
use crate::domain::{Hours, Kind};
use crate::store::Channel;

/// Rows per page when the caller does not say.
const ROWS: i64 = 50;

/// A channel with what it brought in the last 30 days.
#[derive(Debug, Serialize, ToSchema)]
struct ChannelOut {
    #[schema(value_type = String)]
    id: Id<of::Channel>,
    /// What programs call it.
    code: String,
    kind: Kind,
    name: String,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    /// Who answers for it.
    #[schema(value_type = Option<String>)]
    owner: Option<Id<of::User>>,
    /// Its number, address or place.
    address: Option<String>,
    hours: Hours,
    script: Option<String>,
    /// Cases that its owner expects on an open day.
    expected_per_day: Option<i64>,
    /// In fen.
    cost_per_month: i64,
    /// Every how many days somebody tries it out.
    test_days: Option<i64>,
    #[schema(value_type = Option<String>)]
    test_due_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    tested_at: Option<Timestamp>,
    test_passed: Option<bool>,
    test_note: Option<String>,
    /// Since when it is quiet against its own history.
    #[schema(value_type = Option<String>)]
    quiet_at: Option<Timestamp>,
    /// Origins of the sites that may show its form, one a line.
    frames: Option<String>,
    active: bool,
    version: i64,
    /// Cases that came by it.
    volume: Option<i64>,
    /// Minutes to the first answer, on average.
    answer_minutes: Option<i64>,
    /// Satisfaction, in hundredths of a mark.
    satisfaction: Option<i64>,
    /// Solved of what came, in basis points.
    solved: Option<i64>,
    /// In fen.
    cost_per_case: Option<i64>,
}

/// One page of channels.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelListOut {
    items: Vec<ChannelOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// A new channel. When an existing one is changed, `kind`, `store` and `code` stay and everything else is taken as it is sent.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ChannelIn {
    /// Id of the store.
    store: String,
    kind: Kind,
    /// Small letters, digits and hyphens; made up when left out.
    code: Option<String>,
    name: String,
    owner: Option<String>,
    address: Option<String>,
    hours: Option<Hours>,
    script: Option<String>,
    expected_per_day: Option<i64>,
    /// In fen.
    cost: Option<i64>,
    test_days: Option<i64>,
    frames: Option<String>,
    /// True closes it.
    closed: Option<bool>,
}

/// What a self-test showed.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct ChannelTestIn {
    passed: bool,
    /// What was seen; needed when it failed.
    note: Option<String>,
}

impl ChannelOut {
    fn of(channel: Channel, figures: &Figures) -> Self {
        Self {
            id: channel.id,
            code: channel.code,
            kind: channel.kind,
            name: channel.name,
            store: channel.store,
            owner: channel.owner,
            address: channel.address,
            hours: channel.hours,
            script: channel.script,
            expected_per_day: channel.expected_per_day,
            cost_per_month: channel.cost_per_month.fen(),
            test_days: channel.test_days,
            test_due_at: channel.test_due_at,
            tested_at: channel.tested_at,
            test_passed: channel.test_passed,
            test_note: channel.test_note,
            quiet_at: channel.quiet_at,
            frames: channel.frames,
            active: channel.active,
            version: channel.version,
            volume: figures.volume.as_ref().map(|figure| figure.n),
            answer_minutes: figures.answer.as_ref().map(|figure| figure.n),
            satisfaction: figures.satisfaction.as_ref().map(|figure| figure.n),
            solved: figures.solved.as_ref().map(|figure| figure.n),
            cost_per_case: figures.cost_per_case.map(kernel::Money::fen),
        }
    }
}

/// Channels within reach, by store.
#[utoipa::path(
    get,
    path = "/api/v1/channels",
    tag = "channels",
    params(
        ("show" = Option<String>, Query, description = "open (default), attention, closed, all"),
        ("store" = Option<String>, Query, description = "Id of a store"),
        ("kind" = Option<String>, Query, description = "phone, web_form, mailbox, webhook, counter, suggestion_box, qr_poster"),
        ("q" = Option<String>, Query, description = "In name, code or address"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 50"),
    ),
    responses((status = 200, body = ChannelListOut))
)]
pub(crate) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<ChannelListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = crate::pages::filter(&mut form);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(ROWS);
    let after = form.has("after").then(|| form.raw("after").parse::<Cursor>());
    if matches!(after, Some(Err(()))) {
        form.reject("after", "unknown");
    }
    form.check()?;
    let page = app::list(&ctx, filter, after.and_then(Result::ok), u16::try_from(limit).unwrap_or(u16::MAX)).await?;
    let figures = app::figures(&ctx, &page.rows).await?;
    let none = Figures::default();
    let items = page.rows.into_iter().map(|row| {
        let id = row.id;
        ChannelOut::of(row, figures.get(&id).unwrap_or(&none))
    });
    Ok(Json(ChannelListOut { items: items.collect(), next: page.next.map(|cursor| cursor.to_string()) }))
}

/// What is no id names no channel.
fn read_id(text: &str) -> Result<Id<of::Channel>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

async fn answered(ctx: &Ctx, id: Id<of::Channel>, status: StatusCode) -> Result<Response, Failure> {
    let channel = app::get(ctx, id).await?;
    let figures = app::figures(ctx, std::slice::from_ref(&channel)).await?.remove(&id).unwrap_or_default();
    let version = etag(channel.version);
    Ok((status, [version], Json(ChannelOut::of(channel, &figures))).into_response())
}

/// One channel.
#[utoipa::path(get, path = "/api/v1/channels/{id}", tag = "channels",
    responses((status = 200, body = ChannelOut), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    answered(&ctx, read_id(&id)?, StatusCode::OK).await
}

/// Registers a channel.
#[utoipa::path(post, path = "/api/v1/channels", tag = "channels", request_body = ChannelIn,
    responses((status = 201, body = ChannelOut), (status = 422, description = "The fields say why")))]
pub(crate) async fn create(ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let store = form.id::<of::Unit>("store");
    let kind = form.choice("kind", Kind::parse);
    let code = form.text_or_none("code", 40);
    let draft = crate::pages::read(&mut form);
    form.check()?;
    let made = app::create(&ctx, form.need(store)?, form.need(kind)?, code, draft).await?;
    answered(&ctx, made.id, StatusCode::CREATED).await
}

/// Changes a channel.
#[utoipa::path(patch, path = "/api/v1/channels/{id}", tag = "channels", request_body = ChannelIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = ChannelOut), (status = 412, description = "Changed by somebody else meanwhile")))]
pub(crate) async fn change(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    let draft = crate::pages::read(&mut form);
    form.check()?;
    app::change(&ctx, id, version, draft).await?;
    answered(&ctx, id, StatusCode::OK).await
}

/// Notes what a self-test showed; the next one is due from now on.
#[utoipa::path(post, path = "/api/v1/channels/{id}/tests", tag = "channels", request_body = ChannelTestIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = ChannelOut), (status = 412, description = "Changed by somebody else meanwhile")))]
pub(crate) async fn test(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    let note = form.text_or_none("note", 500);
    if !form.has("passed") {
        form.reject("passed", "required");
    }
    form.check()?;
    app::test(&ctx, id, version, form.flag("passed"), note).await?;
    answered(&ctx, id, StatusCode::OK).await
}

#[derive(OpenApi)]
#[openapi(
    paths(list, show, create, change, test, calls::take, calls::list, calls::back, hooks::take, hooks::callback),
    components(schemas(
        hooks::WriterIn,
        hooks::AttachmentIn,
        hooks::MessageIn,
        hooks::MessageKept,
        hooks::CallbackIn,
        hooks::HookOut,
        calls::CallIn,
        calls::CallKept,
        calls::CallOut,
        calls::CallListOut,
        calls::CallBackIn,
        crate::store::CallState,
        ChannelListOut,
        ChannelOut,
        ChannelIn,
        ChannelTestIn,
        Kind,
        Hours
    ))
)]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
