//! REST for subsidy programmes, and for what a sale used of one.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Fault, Id, Money, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Failure, Form, IfMatch, Sent, etag};

use crate::app::{self, Used};
use crate::domain::subsidy::ProgrammeInput;
use crate::store::{Programme, ProgrammeId, Subsidy};

/// Rows of a page.
const ROWS: i64 = 100;

/// A subsidy programme.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProgrammeOut {
    #[schema(value_type = String)]
    id: Id<ProgrammeId>,
    #[serde(flatten)]
    programme: ProgrammeInput,
    version: i64,
    #[schema(value_type = String)]
    changed_at: Timestamp,
}

impl From<Programme> for ProgrammeOut {
    fn from(one: Programme) -> Self {
        let draft = one.draft;
        let programme = ProgrammeInput {
            name: draft.name,
            region: draft.region,
            batch: draft.batch,
            from: draft.from.to_string(),
            to: draft.to.map(|day| day.to_string()),
            goods: draft.goods,
            rate_bp: draft.rate_bp,
            cap: draft.cap_fen,
            on_refund: draft.on_refund.to_string(),
            on_exchange: draft.on_exchange.to_string(),
            forfeits: draft.forfeits,
            days: draft.days,
            account: draft.account,
            source: draft.source,
        };
        Self { id: one.id, programme, version: one.version, changed_at: one.at }
    }
}

/// A page of programmes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProgrammesOut {
    items: Vec<ProgrammeOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// Subsidy programmes by region and batch, newest first.
#[utoipa::path(get, path = "/api/v1/subsidies", tag = "subsidies",
    params(("after" = Option<String>, Query, description = "Where the page begins")),
    responses((status = 200, body = ProgrammesOut)))]
pub(crate) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<ProgrammesOut>, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let after = match form.raw("after") {
        "" => None,
        after => Some(after.parse::<Cursor>().ok().ok_or_else(|| Fault::field("after", "unknown"))?),
    };
    let (rows, next) = app::list_programmes(&ctx, after, ROWS).await?;
    let items = rows.into_iter().map(ProgrammeOut::from).collect();
    Ok(Json(ProgrammesOut { items, next: next.map(|next| next.to_string()) }))
}

fn answered(one: Programme, status: StatusCode) -> Response {
    let version = one.version;
    (status, [etag(version)], Json(ProgrammeOut::from(one))).into_response()
}

/// One programme.
#[utoipa::path(get, path = "/api/v1/subsidies/{id}", tag = "subsidies", params(("id" = String, Path, description = "The programme")),
    responses((status = 200, body = ProgrammeOut), (status = 404, description = "Unknown")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    Ok(answered(app::get_programme(&ctx, Id::new(id)).await?, StatusCode::OK))
}

/// Writes a programme.
#[utoipa::path(post, path = "/api/v1/subsidies", tag = "subsidies", request_body = ProgrammeInput,
    responses((status = 201, body = ProgrammeOut), (status = 422, description = "Fields are wrong")))]
pub(crate) async fn add(ctx: Ctx, Sent(input): Sent<ProgrammeInput>) -> Result<Response, Failure> {
    Ok(answered(app::save_programme(&ctx, None, &input).await?, StatusCode::CREATED))
}

/// Changes a programme; what returns owe already stays.
#[utoipa::path(patch, path = "/api/v1/subsidies/{id}", tag = "subsidies", request_body = ProgrammeInput,
    params(("id" = String, Path, description = "The programme"), ("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = ProgrammeOut), (status = 412, description = "Changed meanwhile"), (status = 422, description = "Fields are wrong")))]
pub(crate) async fn change(
    ctx: Ctx,
    Path(id): Path<i64>,
    version: Result<IfMatch, Failure>,
    Sent(input): Sent<ProgrammeInput>,
) -> Result<Response, Failure> {
    let IfMatch(version) = version?;
    Ok(answered(app::save_programme(&ctx, Some((Id::new(id), version)), &input).await?, StatusCode::OK))
}

/// A subsidy that a sale used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubsidyOut {
    programme: ProgrammeOut,
    /// In fen.
    amount: i64,
    quota: String,
    old_unit: Option<String>,
}

impl From<Subsidy> for SubsidyOut {
    fn from(one: Subsidy) -> Self {
        Self { programme: one.programme.into(), amount: one.amount_fen, quota: one.quota, old_unit: one.old_unit }
    }
}

/// The subsidy that the sale of a unit used; empty when none.
#[utoipa::path(get, path = "/api/v1/units/{id}/subsidy", tag = "subsidies", params(("id" = String, Path, description = "The unit")),
    responses((status = 200, body = Option<SubsidyOut>), (status = 404, description = "No such unit within reach")))]
pub(crate) async fn used(ctx: Ctx, Path(id): Path<i64>) -> Result<Json<Option<SubsidyOut>>, Failure> {
    Ok(Json(app::subsidy_of(&ctx, Id::new(id)).await?.map(SubsidyOut::from)))
}

/// A subsidy that a sale used.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SubsidyIn {
    /// The programme's id.
    programme: String,
    /// In fen.
    amount: i64,
    /// The number under which the quota was used.
    quota: String,
    /// What was traded in.
    old_unit: Option<String>,
}

/// Notes which subsidy the sale of a unit used.
#[utoipa::path(post, path = "/api/v1/units/{id}/subsidy", tag = "subsidies", request_body = SubsidyIn,
    params(("id" = String, Path, description = "The unit")),
    responses((status = 201, body = SubsidyOut), (status = 404, description = "No such unit within reach"), (status = 422, description = "Fields are wrong")))]
pub(crate) async fn note(
    ctx: Ctx,
    Path(id): Path<i64>,
    Sent(sent): Sent<SubsidyIn>,
) -> Result<impl IntoResponse, Failure> {
    let programme = sent.programme.parse().map_err(|_no_id| Fault::field("programme", "unknown"))?;
    let used = Used {
        unit: Id::new(id),
        programme,
        amount: Money::from_fen(sent.amount),
        quota: sent.quota,
        old_unit: sent.old_unit,
    };
    let one = app::use_subsidy(&ctx, used).await?;
    Ok((StatusCode::CREATED, Json(SubsidyOut::from(one))))
}
