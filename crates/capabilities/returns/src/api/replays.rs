//! Changed terms and limits tried on past returns, for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Day, Fault, Id, Money, Timestamp};
use parties::domain::terms::TermsInput;
use parties::store::TermsId;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, IfMatch, Sent, etag};

use crate::app::{self, Trial};
use crate::domain::replay::{Outcome, ReplayState, Tried};
use crate::store::{Difference, Replay, ReplayId, ReturnId};

/// Returns of a page that differ.
const ROWS: i64 = 100;

/// A draft that was tried.
#[derive(Debug, Serialize, ToSchema)]
struct ReplayOut {
    #[schema(value_type = String)]
    id: Id<ReplayId>,
    what: Tried,
    /// The terms that the draft would follow.
    #[schema(value_type = Option<String>)]
    terms: Option<Id<TermsId>>,
    /// The version that it was written over.
    base: Option<i64>,
    name: String,
    /// The own limit that was tried, in fen.
    #[schema(value_type = Option<i64>)]
    limit: Option<Money>,
    #[schema(value_type = String)]
    from: Day,
    #[schema(value_type = String)]
    to: Day,
    state: ReplayState,
    /// Returns looked at so far, and how many there are.
    looked: i64,
    total: i64,
    /// What it came to, once it is done; amounts in fen.
    outcome: Option<Outcome>,
    #[schema(value_type = String)]
    asked_at: Timestamp,
    version: i64,
}

impl From<Replay> for ReplayOut {
    fn from(one: Replay) -> Self {
        Self {
            id: one.id,
            what: one.what,
            terms: one.terms,
            base: one.base,
            outcome: one.outcome.as_deref().and_then(|text| serde_json::from_str(text).ok()),
            name: one.name,
            limit: one.limit,
            from: one.from,
            to: one.to,
            state: one.state,
            looked: one.looked,
            total: one.total,
            asked_at: one.at,
            version: one.version,
        }
    }
}

/// A return that would have gone otherwise; of a limit 0 is a question.
#[derive(Debug, Serialize, ToSchema)]
struct DifferenceOut {
    #[schema(value_type = String)]
    of: Id<ReturnId>,
    number: String,
    /// In fen.
    was: i64,
    /// In fen.
    would: i64,
    #[schema(value_type = Option<String>)]
    was_last_day: Option<Day>,
    #[schema(value_type = Option<String>)]
    would_last_day: Option<Day>,
}

impl From<Difference> for DifferenceOut {
    fn from(one: Difference) -> Self {
        Self {
            of: one.of,
            number: one.number,
            was: one.was_fen,
            would: one.would_fen,
            was_last_day: one.was_day,
            would_last_day: one.would_day,
        }
    }
}

/// A draft that was tried, with returns that would have gone otherwise, the greatest differences first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WholeReplayOut {
    #[serde(flatten)]
    one: ReplayOut,
    differences: Vec<DifferenceOut>,
    /// Give it as `after` for the next page.
    next: Option<i64>,
}

/// Drafts that were tried.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReplayListOut {
    items: Vec<ReplayOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// What is tried: a draft of terms, or an own limit.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ReplayIn {
    /// The id of the terms that the draft would follow.
    terms: Option<String>,
    /// Their version that was seen.
    version: i64,
    /// The draft.
    draft: Option<TermsInput>,
    /// Or an own limit beyond the law, in fen.
    limit: Option<i64>,
    /// Returns judged from this day on, `YYYY-MM-DD`.
    from: String,
    /// To this day.
    to: String,
}

#[derive(OpenApi)]
#[openapi(paths(list, begin, show, publish))]
struct Described;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// Drafts that were tried, newest first.
#[utoipa::path(get, path = "/api/v1/policy-replays", tag = "terms",
    params(("after" = Option<String>, Query, description = "Where the page begins")),
    responses((status = 200, body = ReplayListOut)))]
pub(crate) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<ReplayListOut>, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let after = match form.raw("after") {
        "" => None,
        after => Some(after.parse::<Cursor>().ok().ok_or_else(|| Fault::field("after", "unknown"))?),
    };
    let (rows, next) = app::replays(&ctx, after, ROWS).await?;
    let items = rows.into_iter().map(ReplayOut::from).collect();
    Ok(Json(ReplayListOut { items, next: next.map(|next| next.to_string()) }))
}

async fn whole(ctx: &Ctx, id: Id<ReplayId>, after: i64, status: StatusCode) -> Result<Response, Failure> {
    let found = app::replayed(ctx, id, after, ROWS).await?;
    let version = found.one.version;
    let differences = found.differences.into_iter().map(DifferenceOut::from).collect();
    let out = WholeReplayOut { one: found.one.into(), differences, next: found.next };
    Ok((status, [etag(version)], Json(out)).into_response())
}

/// Tries a draft on past returns; a job does it, nothing of them is changed. Look again until its state is `done`.
#[utoipa::path(post, path = "/api/v1/policy-replays", tag = "terms", request_body = ReplayIn,
    responses((status = 202, body = WholeReplayOut), (status = 412, description = "The terms were changed meanwhile"), (status = 422, description = "Fields are wrong")))]
pub(crate) async fn begin(ctx: Ctx, Sent(sent): Sent<ReplayIn>) -> Result<Response, Failure> {
    let day = |field: &str, text: &str| text.parse::<Day>().map_err(|_no_day| Fault::field(field, "day"));
    let (from, to) = (day("from", &sent.from)?, day("to", &sent.to)?);
    let terms = match sent.terms {
        Some(id) => {
            let id = id.parse().map_err(|_no_id| Fault::field("terms", "unknown"))?;
            Some((id, sent.version, sent.draft.ok_or_else(|| Fault::field("draft", "required"))?))
        }
        None => None,
    };
    let limit = sent.limit.filter(|fen| *fen >= 0).map(Money::from_fen);
    let one = app::try_out(&ctx, Trial { terms, limit, from, to }).await?;
    whole(&ctx, one.id, 0, StatusCode::ACCEPTED).await
}

/// How far it is, what it came to, and the returns that would have gone otherwise.
#[utoipa::path(get, path = "/api/v1/policy-replays/{id}", tag = "terms",
    params(("id" = String, Path, description = "The replay"), ("after" = Option<i64>, Query, description = "Where the page of returns begins")),
    responses((status = 200, body = WholeReplayOut), (status = 404, description = "Unknown")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<i64>, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let after = form.raw("after").parse::<i64>().unwrap_or(0).max(0);
    whole(&ctx, Id::new(id), after, StatusCode::OK).await
}

/// Publishes the draft that was tried as the next version of its terms.
#[utoipa::path(post, path = "/api/v1/policy-replays/{id}/publish", tag = "terms",
    params(("id" = String, Path, description = "The replay"), ("If-Match" = String, Header, description = "The version that was seen")),
    responses((status = 200, body = WholeReplayOut), (status = 409, description = "It is not done, or no draft of terms"), (status = 412, description = "Changed meanwhile")))]
pub(crate) async fn publish(
    ctx: Ctx,
    Path(id): Path<i64>,
    version: Result<IfMatch, Failure>,
) -> Result<Response, Failure> {
    let IfMatch(version) = version?;
    app::publish_replay(&ctx, Id::new(id), version).await?;
    whole(&ctx, Id::new(id), 0, StatusCode::OK).await
}
