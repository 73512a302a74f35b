//! Calls for call centres and programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, FaultKind, Id, Timestamp, of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Failure, Form, IfMatch, Lang, etag};

use crate::app::{self, Hook, Told};
use crate::domain::Kind;
use crate::store::{Call, CallId, CallState};

/// What a call centre tells of one call; the same call is told of again when it is answered, ends or is missed.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CallIn {
    /// The call's key in the call centre.
    id: String,
    /// ringing, answered, ended or missed.
    state: CallState,
    /// The caller's number; left out when withheld.
    #[serde(default)]
    from: Option<String>,
    /// Where the recording is kept.
    #[serde(default)]
    recording: Option<String>,
    /// Login of the person whose telephone rings; the line's owner when left out.
    #[serde(default)]
    agent: Option<String>,
}

/// The call as it is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallKept {
    #[schema(value_type = String)]
    id: Id<CallId>,
}

/// A call.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallOut {
    #[schema(value_type = String)]
    id: Id<CallId>,
    /// The line.
    #[schema(value_type = String)]
    channel: Id<of::Channel>,
    #[schema(value_type = String)]
    store: Id<of::Unit>,
    external_id: String,
    /// The caller's number, masked.
    from: String,
    state: CallState,
    #[schema(value_type = String)]
    started_at: Timestamp,
    #[schema(value_type = Option<String>)]
    answered_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    ended_at: Option<Timestamp>,
    recording: Option<String>,
    #[schema(value_type = Option<String>)]
    case: Option<Id<of::Case>>,
    /// By when somebody calls back.
    #[schema(value_type = Option<String>)]
    due_at: Option<Timestamp>,
    tries: i64,
    note: Option<String>,
    /// Why it was planned, such as cooling; absent for calls that came in.
    purpose: Option<String>,
    /// Who makes a planned call.
    #[schema(value_type = Option<String>)]
    caller: Option<Id<of::User>>,
    version: i64,
}

impl From<Call> for CallOut {
    fn from(call: Call) -> Self {
        Self {
            id: call.id,
            channel: call.channel,
            store: call.store,
            external_id: call.external_id,
            from: call.phone_masked,
            state: call.state,
            started_at: call.started_at,
            answered_at: call.answered_at,
            ended_at: call.ended_at,
            recording: call.recording,
            case: call.case,
            due_at: call.due_at,
            tries: call.tries,
            note: call.note,
            purpose: call.purpose,
            caller: call.caller,
            version: call.version,
        }
    }
}

/// One page of calls.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallListOut {
    items: Vec<CallOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// What came of calling back.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct CallBackIn {
    /// yes or no.
    reached: String,
    /// When somebody tries again, `2026-11-23T10:00`; needed when it was not reached.
    next: Option<String>,
    note: Option<String>,
}

#[utoipa::path(post, path = "/api/v1/calls", tag = "channels", request_body = CallIn,
    description = "A call centre tells of a call; open pages of the line's store show it at once. No login: the headers X-Channel (the \
                   line's code), X-Timestamp (milliseconds, at most five minutes off) and X-Signature (HMAC-SHA256 of \
                   `<milliseconds>.<body>` with the line's secret, in hexadecimal) prove who sends. The same signature counts once; \
                   the same `id` is the same call.",
    responses((status = 200, body = CallKept), (status = 401, description = "Not signed with the secret in use, too old, or sent again")))]
pub(crate) async fn take(ctx: Ctx, headers: HeaderMap, body: String) -> Result<Json<CallKept>, Failure> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let hook = Hook {
        channel: header("x-channel"),
        at: header("x-timestamp").parse().ok(),
        signature: header("x-signature"),
        body,
    };
    let channel = app::proved(&ctx, &hook, Kind::Phone).await?;
    // What is inside is looked at only when the signature holds.
    let Ok(sent) = serde_json::from_str::<CallIn>(&hook.body) else {
        return Err(Fault::new(FaultKind::Invalid, "channels-hook-body").into());
    };
    let told = Told {
        id: sent.id,
        state: sent.state,
        from: sent.from.unwrap_or_default(),
        recording: sent.recording,
        agent: sent.agent,
    };
    Ok(Json(CallKept { id: app::tell(&ctx, channel, told).await? }))
}

/// Calls within reach, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/calls",
    tag = "channels",
    params(
        ("show" = Option<String>, Query, description = "all (default), live, owed, missed, answered"),
        ("from" = Option<String>, Query, description = "First day, 2026-11-22"),
        ("to" = Option<String>, Query, description = "Last day"),
        ("store" = Option<String>, Query, description = "Id of a store"),
        ("via" = Option<String>, Query, description = "Id of a line"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 50"),
    ),
    responses((status = 200, body = CallListOut))
)]
pub(crate) async fn list(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<CallListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let filter = crate::pages::calls::filter(&mut form, &lang);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(50);
    let after = form.has("after").then(|| form.raw("after").parse::<Cursor>());
    if matches!(after, Some(Err(()))) {
        form.reject("after", "unknown");
    }
    form.check()?;
    let calls = app::calls(&ctx, filter, after.and_then(Result::ok), u16::try_from(limit).unwrap_or(u16::MAX)).await?;
    let items = calls.rows.into_iter().map(|view| CallOut::from(view.call)).collect();
    Ok(Json(CallListOut { items, next: calls.next.map(|cursor| cursor.to_string()) }))
}

/// Notes what came of calling back.
#[utoipa::path(post, path = "/api/v1/calls/{id}/back", tag = "channels", request_body = CallBackIn,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = CallOut), (status = 412, description = "Changed by somebody else meanwhile")))]
pub(crate) async fn back(
    ctx: Ctx,
    lang: Lang,
    Path(id): Path<String>,
    version: Result<IfMatch, Failure>,
    mut form: Form,
) -> Result<Response, Failure> {
    let (id, IfMatch(version)): (Id<CallId>, _) = (id.parse().ok().ok_or_else(Fault::not_found)?, version?);
    let reached = form.choice("reached", |word| match word {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    });
    let next = form.moment_or_none("next", &lang.zone);
    let note = form.text_or_none("note", 500);
    form.check()?;
    app::call_back(&ctx, id, version, form.need(reached)?, next, note).await?;
    let call = app::call(&ctx, id).await?.call;
    Ok(([etag(call.version)], Json(CallOut::from(call))).into_response())
}
