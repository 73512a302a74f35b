//! REST for approvals: the same use cases as the pages.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use capability::{Access, Ctx, Route};
use kernel::{Cursor, Fault, Id};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, Lang, Sent, etag};

use crate::app::{self, VIEW};
use crate::domain::{Seat, Show, State, Verdict, What};
use crate::pages;
use crate::store::{Approval, ApprovalId, Step};

/// The routes; what each needs is checked on its question.
pub(crate) fn routes() -> Vec<Route> {
    let view = Access::Needs(VIEW);
    vec![
        Route::get("/api/v1/approvals", view, list),
        Route::get("/api/v1/approvals/{id}", view, show),
        Route::post("/api/v1/approvals/{id}/grant", view, grant),
        Route::post("/api/v1/approvals/{id}/decline", view, decline),
        Route::post("/api/v1/approvals/{id}/withdraw", view, withdraw),
    ]
}

/// Somebody who decides or decided.
#[derive(Debug, Serialize, ToSchema)]
struct Person {
    /// Id of the person.
    user: String,
    name: String,
    /// Id of the person in whose name, for a stand-in.
    in_name_of: Option<String>,
}

/// One question.
#[derive(Debug, Serialize, ToSchema)]
struct ApprovalBody {
    id: String,
    /// `goodwill`, …
    kind: String,
    state: State,
    /// What is asked.
    sentence: String,
    /// Kind of the record that it is about, e.g. `case`.
    record_kind: String,
    /// Its id.
    record_id: String,
    /// What people call it.
    number: String,
    /// By law, in fen: never waits.
    statutory: i64,
    /// On top of it, in fen: this alone waits.
    extra: i64,
    /// Code of the store.
    store: String,
    asked_by: Person,
    asked_at: String,
    /// The limit of whoever asked, in fen; null without limit.
    own_limit: Option<i64>,
    /// The version of the limits by which it is judged.
    limits_version: i64,
    /// How many different persons have to say yes.
    needed: i64,
    /// Code of the unit whose people decide now, or did last.
    turn: String,
    /// Until when that turn is in time.
    due_at: String,
    /// How often nobody answered in time.
    passed: i64,
    expires_at: String,
    decided_by: Option<Person>,
    decided_at: Option<String>,
    reason: Option<String>,
    version: i64,
}

/// A page of questions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApprovalsBody {
    items: Vec<ApprovalBody>,
    /// Give it as `after` for the next page; null on the last.
    next: Option<String>,
}

/// One step in the life of a question.
#[derive(Debug, Serialize, ToSchema)]
struct StepBody {
    what: What,
    at: String,
    /// Code of the unit whose turn it is afterwards.
    turn: String,
    by: Option<Person>,
    /// Passed upward: since when nobody had answered.
    since: Option<String>,
    reason: Option<String>,
    /// Decided by the link on a phone.
    by_link: bool,
}

/// One question with everything.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WholeApproval {
    #[serde(flatten)]
    approval: ApprovalBody,
    /// Who can answer now.
    deciders: Vec<Person>,
    /// True when the caller can.
    mine: bool,
    /// What happened, in order.
    steps: Vec<StepBody>,
}

/// What became of a question.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnsweredBody {
    id: String,
    state: State,
    version: i64,
}

/// An answer.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct AnswerBody {
    /// Why; needed for a no.
    reason: Option<String>,
}

fn person(ctx: &Ctx, seat: Seat) -> Person {
    let directory = ctx.house.identity.directories().now();
    Person {
        user: seat.user.to_string(),
        name: directory.user_name(seat.user).unwrap_or_default().to_owned(),
        in_name_of: seat.in_name_of.map(|absent| absent.to_string()),
    }
}

fn code(ctx: &Ctx, unit: Id<kernel::of::Unit>) -> String {
    ctx.house.identity.directories().now().unit(unit).map(|unit| unit.code.clone()).unwrap_or_default()
}

fn body(ctx: &Ctx, row: Approval) -> ApprovalBody {
    ApprovalBody {
        id: row.id.to_string(),
        state: row.state,
        statutory: row.split.statutory.fen(),
        extra: row.split.extra.fen(),
        store: code(ctx, row.store),
        asked_by: person(ctx, Seat { user: row.asked_by, in_name_of: None }),
        asked_at: row.asked_at.to_string(),
        own_limit: row.own_limit.stored().map(kernel::Money::fen),
        limits_version: row.limits_version,
        needed: row.needed,
        turn: code(ctx, row.unit),
        due_at: row.due_at.to_string(),
        passed: row.passed,
        expires_at: row.expires_at.to_string(),
        decided_by: row.decided_by.map(|seat| person(ctx, seat)),
        decided_at: row.decided_at.map(|at| at.to_string()),
        version: row.version,
        kind: row.kind,
        sentence: row.sentence,
        record_kind: row.record_kind,
        record_id: row.record_id.to_string(),
        number: row.number,
        reason: row.reason,
    }
}

fn step(ctx: &Ctx, step: Step) -> StepBody {
    StepBody {
        what: step.what,
        at: step.at.to_string(),
        turn: code(ctx, step.unit),
        by: step.seat.map(|seat| person(ctx, seat)),
        since: step.since.map(|at| at.to_string()),
        reason: step.reason,
        by_link: step.by_link,
    }
}

/// What is no id names no question.
fn read_id(text: &str) -> Result<Id<ApprovalId>, Fault> {
    text.parse().ok().ok_or_else(Fault::not_found)
}

/// Questions that wait for the caller, that the caller asked, or that the caller may see.
#[utoipa::path(get, path = "/api/v1/approvals", tag = "approvals",
    params(("show" = Option<String>, Query, description = "mine (default), asked, decided, all, granted, answered, passed"),
        ("kind" = Option<String>, Query, description = "Kind of question"),
        ("store" = Option<String>, Query, description = "Id of a store"),
        ("from" = Option<String>, Query, description = "First day, 2026-11-22"),
        ("to" = Option<String>, Query, description = "Last day"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "1 to 200, default 50")),
    responses((status = 200, body = ApprovalsBody)))]
pub(crate) async fn list(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<ApprovalsBody>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let show = form.choice_or_none("show", Show::parse).unwrap_or(Show::Mine);
    let wanted = pages::inbox::wanted(&mut form, &lang);
    let limit = form.number_or_none("limit", 1..=200).unwrap_or(50);
    let after = form.has("after").then(|| form.raw("after").parse::<Cursor>());
    if matches!(after, Some(Err(()))) {
        form.reject("after", "unknown");
    }
    form.check()?;
    let after = after.and_then(Result::ok);
    let page = app::list(&ctx, show, wanted, after, u16::try_from(limit).unwrap_or(u16::MAX)).await?;
    let items = page.rows.into_iter().map(|row| body(&ctx, row)).collect();
    Ok(Json(ApprovalsBody { items, next: page.next.map(|next| next.to_string()) }))
}

/// One question.
#[utoipa::path(get, path = "/api/v1/approvals/{id}", tag = "approvals",
    responses((status = 200, body = WholeApproval), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let detail = app::detail(&ctx, read_id(&id)?).await?;
    let version = etag(detail.approval.version);
    let whole = WholeApproval {
        deciders: detail.seats.iter().map(|seat| person(&ctx, *seat)).collect(),
        mine: detail.mine.is_some(),
        steps: detail.steps.into_iter().map(|one| step(&ctx, one)).collect(),
        approval: body(&ctx, detail.approval),
    };
    Ok(([version], Json(whole)).into_response())
}

fn answered(done: app::Answered) -> Response {
    let body = AnsweredBody { id: done.id.to_string(), state: done.state, version: done.version };
    ([etag(done.version)], Json(body)).into_response()
}

/// Says yes. Needs `If-Match`. With two persons needed the state stays `asked` after the first yes.
#[utoipa::path(post, path = "/api/v1/approvals/{id}/grant", tag = "approvals", request_body = AnswerBody,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = AnsweredBody), (status = 403, description = "Not the caller's turn"),
        (status = 409, description = "Decided already, or asked by the caller"),
        (status = 412, description = "Changed meanwhile"), (status = 428, description = "If-Match is missing")))]
pub(crate) async fn grant(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    Sent(sent): Sent<AnswerBody>,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    Ok(answered(app::decide(&ctx, id, version, Verdict::Grant, sent.reason).await?))
}

/// Says no, with a reason. Needs `If-Match`. What the law gives is not touched by it.
#[utoipa::path(post, path = "/api/v1/approvals/{id}/decline", tag = "approvals", request_body = AnswerBody,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = AnsweredBody), (status = 403, description = "Not the caller's turn"),
        (status = 409, description = "Decided already, or asked by the caller"),
        (status = 412, description = "Changed meanwhile"), (status = 422, description = "Without a reason"),
        (status = 428, description = "If-Match is missing")))]
pub(crate) async fn decline(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    Sent(sent): Sent<AnswerBody>,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    Ok(answered(app::decide(&ctx, id, version, Verdict::Decline, sent.reason).await?))
}

/// Takes one's own question back. Needs `If-Match`.
#[utoipa::path(post, path = "/api/v1/approvals/{id}/withdraw", tag = "approvals",
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = AnsweredBody), (status = 403, description = "Asked by somebody else"),
        (status = 409, description = "Decided already"), (status = 412, description = "Changed meanwhile"),
        (status = 428, description = "If-Match is missing")))]
pub(crate) async fn withdraw(
    ctx: Ctx,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)) = (read_id(&id)?, version?);
    Ok(answered(app::withdraw(&ctx, id, version).await?))
}

#[derive(OpenApi)]
#[openapi(paths(list, show, grant, decline, withdraw))]
struct Description;

/// This crate's part of the API's description.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
