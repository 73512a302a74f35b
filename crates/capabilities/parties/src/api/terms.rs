//! REST for terms above the law, and for what of them was sold with a unit.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Cursor, Day, Fault, Id, Timestamp, of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Failure, Form, IfMatch, Sent, etag};

use crate::app::{self, Selling};
use crate::domain::terms::{TermsInput, TermsLayer};
use crate::store::{SoldTerms, SoldTermsId, Terms, TermsFilter, TermsId};
use crate::verdict::layers::Below;

/// One version of terms.
#[derive(Debug, Serialize, ToSchema)]
struct TermsOut {
    #[schema(value_type = String)]
    id: Id<TermsId>,
    /// Which version, from 1; the ETag.
    version: i64,
    /// What verdicts call this version.
    code: String,
    #[serde(flatten)]
    terms: TermsInput,
    #[schema(value_type = String)]
    changed_at: Timestamp,
}

impl From<Terms> for TermsOut {
    fn from(terms: Terms) -> Self {
        Self {
            id: terms.id,
            version: terms.version,
            code: terms.code(),
            terms: app::terms_input(&terms),
            changed_at: terms.at,
        }
    }
}

/// A page of terms.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TermsListOut {
    items: Vec<TermsOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// A promise that falls below the law somewhere; there it is void.
#[derive(Debug, Serialize, ToSchema)]
struct BelowOut {
    /// Which promise, from 0.
    promise: usize,
    /// The remedy that it touches.
    remedy: String,
    /// `denied`, `shorter`, `dearer` or `papers`.
    less: String,
    /// The clauses that stand against it.
    cite: Vec<String>,
}

impl From<Below> for BelowOut {
    fn from(one: Below) -> Self {
        Self { promise: one.promise, remedy: one.remedy.as_str().to_owned(), less: one.less.to_owned(), cite: one.cite }
    }
}

/// Terms with what they mean and all their versions.
#[derive(Debug, Serialize, ToSchema)]
struct TermsWholeOut {
    #[serde(flatten)]
    terms: TermsOut,
    /// Units sold so far that they are about, up to 10001.
    units: i64,
    /// Where they fall below the law.
    below: Vec<BelowOut>,
    /// Newest first.
    versions: Vec<TermsOut>,
}

/// Terms above the law: what makers, contracts, platforms, extended warranties and the shop promise.
#[utoipa::path(get, path = "/api/v1/terms", tag = "terms",
    params(
        ("layer" = Option<TermsLayer>, Query, description = "Only this layer"),
        ("q" = Option<String>, Query, description = "Name, provider, brand or source"),
        ("after" = Option<String>, Query, description = "Where the page begins"),
        ("limit" = Option<i64>, Query, description = "Rows, at most 200"),
    ),
    responses((status = 200, body = TermsListOut)))]
pub(crate) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<TermsListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let layer = form.choice_or_none("layer", TermsLayer::parse);
    let text = form.text_or_none("q", 100);
    let limit = form.number_or_none("limit", 1..=200).and_then(|n| u16::try_from(n).ok()).unwrap_or(50);
    form.check()?;
    let after = match form.raw("after") {
        "" => None,
        after => Some(after.parse::<Cursor>().ok().ok_or_else(|| Fault::field("after", "unknown"))?),
    };
    let page = app::list_terms(&ctx, TermsFilter { layer, ids: None }, text, after, limit).await?;
    let items = page.rows.into_iter().map(TermsOut::from).collect();
    Ok(Json(TermsListOut { items, next: page.next.map(|next| next.to_string()) }))
}

async fn whole(ctx: &Ctx, id: Id<TermsId>, status: StatusCode) -> Result<Response, Failure> {
    let versions = app::terms_versions(ctx, id).await?;
    let newest = versions.first().cloned().ok_or_else(Fault::not_found)?;
    let mean = app::terms_mean(ctx, &newest).await?;
    let version = newest.version;
    let out = TermsWholeOut {
        terms: newest.into(),
        units: mean.units,
        below: mean.below.into_iter().map(BelowOut::from).collect(),
        versions: versions.into_iter().map(TermsOut::from).collect(),
    };
    Ok((status, [etag(version)], Json(out)).into_response())
}

/// Writes new terms.
#[utoipa::path(post, path = "/api/v1/terms", tag = "terms", request_body = TermsInput,
    responses((status = 201, body = TermsWholeOut), (status = 422, description = "Fields are wrong")))]
pub(crate) async fn add(ctx: Ctx, Sent(input): Sent<TermsInput>) -> Result<Response, Failure> {
    let terms = app::add_terms(&ctx, &input).await?;
    whole(&ctx, terms.id, StatusCode::CREATED).await
}

/// One text with its versions, what it means and where it falls below the law.
#[utoipa::path(get, path = "/api/v1/terms/{id}", tag = "terms", params(("id" = String, Path, description = "The terms")),
    responses((status = 200, body = TermsWholeOut), (status = 404, description = "Unknown")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    whole(&ctx, Id::new(id), StatusCode::OK).await
}

/// Writes the next version; sales made under an earlier one keep it.
#[utoipa::path(patch, path = "/api/v1/terms/{id}", tag = "terms", request_body = TermsInput,
    params(("id" = String, Path, description = "The terms"), ("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = TermsWholeOut), (status = 412, description = "Changed by somebody else meanwhile"), (status = 422, description = "Fields are wrong")))]
pub(crate) async fn change(
    ctx: Ctx,
    Path(id): Path<i64>,
    version: Result<IfMatch, Failure>,
    Sent(input): Sent<TermsInput>,
) -> Result<Response, Failure> {
    let id = Id::new(id);
    let IfMatch(version) = version?;
    app::change_terms(&ctx, id, version, &input).await?;
    whole(&ctx, id, StatusCode::OK).await
}

/// What was sold with a unit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SoldTermsOut {
    #[schema(value_type = String)]
    id: Id<SoldTermsId>,
    layer: TermsLayer,
    name: String,
    /// The version that was sold, as verdicts call it.
    code: String,
    /// It is for this unit alone, not for its whole sale.
    for_unit: bool,
    #[schema(value_type = String)]
    begins: Day,
    #[schema(value_type = String)]
    ends: Day,
    months: i64,
    /// In fen.
    price: i64,
    /// What is given back if it ends today, in fen.
    left: i64,
}

impl SoldTermsOut {
    fn of((sold, left): (SoldTerms, i64)) -> Self {
        Self {
            id: sold.id,
            layer: sold.terms.draft.layer,
            code: sold.terms.code(),
            for_unit: sold.unit.is_some(),
            begins: sold.begins,
            ends: sold.ends(),
            months: sold.months,
            price: sold.price_fen,
            left,
            name: sold.terms.draft.name,
        }
    }
}

/// Extended warranties and the contract of a unit, and what would be given back of each today.
#[utoipa::path(get, path = "/api/v1/units/{id}/terms", tag = "terms", params(("id" = String, Path, description = "The unit")),
    responses((status = 200, body = Vec<SoldTermsOut>), (status = 404, description = "No such unit within reach")))]
pub(crate) async fn sold(ctx: Ctx, Path(id): Path<i64>) -> Result<Json<Vec<SoldTermsOut>>, Failure> {
    let sold = app::sold_terms(&ctx, Id::new(id)).await?.1;
    Ok(Json(sold.into_iter().map(SoldTermsOut::of).collect()))
}

/// Terms that are sold with a unit.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SellTermsIn {
    /// The id of an extended warranty or a contract; its newest version is sold.
    terms: String,
    /// From when, `YYYY-MM-DD`.
    begins: String,
    /// How long.
    months: i64,
    /// What it costs, in fen.
    price: i64,
    /// For every unit of the sale.
    whole_sale: bool,
}

/// Sells an extended warranty with a unit, or notes the contract of its sale.
#[utoipa::path(post, path = "/api/v1/units/{id}/terms", tag = "terms", request_body = SellTermsIn,
    params(("id" = String, Path, description = "The unit")),
    responses((status = 201, body = Vec<SoldTermsOut>), (status = 404, description = "No such unit within reach"), (status = 422, description = "Fields are wrong")))]
pub(crate) async fn sell(
    ctx: Ctx,
    Path(id): Path<i64>,
    Sent(sent): Sent<SellTermsIn>,
) -> Result<impl IntoResponse, Failure> {
    let id = Id::<of::SerialUnit>::new(id);
    let terms = sent.terms.parse().map_err(|_not_an_id| Fault::field("terms", "unknown"))?;
    let begins = sent.begins.parse().map_err(|_no_day| Fault::field("begins", "day"))?;
    let selling =
        Selling { unit: id, whole_sale: sent.whole_sale, terms, begins, months: sent.months, price_fen: sent.price };
    app::sell_terms(&ctx, selling).await?;
    let sold = app::sold_terms(&ctx, id).await?.1;
    Ok((StatusCode::CREATED, Json(sold.into_iter().map(SoldTermsOut::of).collect::<Vec<_>>())))
}
