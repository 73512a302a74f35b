//! Self-assessments for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Day, Id, Timestamp, of};
use scoring::Points;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, Lang};

use crate::app::{self, Detail, ROWS, TEXT};
use crate::domain::{Item, differences};
use crate::store::{Assessment, AssessmentId};

/// A self-assessment as lists show it. Points have one decimal at most.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssessmentOut {
    #[schema(value_type = String)]
    id: Id<AssessmentId>,
    /// Such as `gbt27922 2011`: code and version.
    scheme: String,
    #[schema(value_type = String)]
    unit: Id<of::Unit>,
    #[schema(value_type = String)]
    day: Day,
    title: String,
    note: Option<String>,
    /// Of a hundred, taken strictly; null when nothing applied.
    score_low: Option<f64>,
    /// Of a hundred, in proportion.
    score_high: Option<f64>,
    level_low: Option<String>,
    level_high: Option<String>,
    /// Some points are allocated rather than verified.
    estimate: bool,
    #[schema(value_type = String)]
    made_at: Timestamp,
    withdrawn: bool,
    withdrawn_why: Option<String>,
}

fn number(tenths: Option<i64>) -> Option<f64> {
    tenths.map(|tenths| Points::tenths(tenths).number())
}

impl From<&Assessment> for AssessmentOut {
    fn from(one: &Assessment) -> Self {
        Self {
            id: one.id,
            scheme: format!("{} {}", one.scheme, one.version),
            unit: one.unit,
            day: one.day,
            title: one.title.clone(),
            note: one.note.clone(),
            score_low: number(one.low),
            score_high: number(one.high),
            level_low: one.level_low.clone(),
            level_high: one.level_high.clone(),
            estimate: one.estimate,
            made_at: one.at,
            withdrawn: one.withdrawn_at.is_some(),
            withdrawn_why: one.withdrawn_why.clone(),
        }
    }
}

/// One page of self-assessments.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssessmentListOut {
    items: Vec<AssessmentOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// A self-assessment whole: what was signed, as it was signed, with its proof.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AssessmentWholeOut {
    #[serde(flatten)]
    row: AssessmentOut,
    /// Everything that it says, points in tenths.
    #[schema(value_type = Object)]
    body: serde_json::Value,
    /// SHA-256 of the signed text.
    sha256: String,
    /// The installation's signature over it.
    signature: String,
    /// The fingerprint of the key that signed it; null when it is not what was signed.
    key: Option<String>,
}

/// What is asked for.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct AssessmentIn {
    /// Id of the company, a region or a store.
    unit: String,
    /// 2026-11-22, today at the latest; of an earlier day what was kept then is taken.
    day: String,
    title: String,
    note: Option<String>,
}

/// Why it is withdrawn.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct WithdrawalIn {
    why: String,
}

/// What one clause earned before and after.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DifferenceOut {
    clause: String,
    name: String,
    /// False: it is only in one of the two.
    in_both: bool,
    before_low: Option<f64>,
    before_high: Option<f64>,
    after_low: Option<f64>,
    after_high: Option<f64>,
    change_low: f64,
    change_high: f64,
    /// In words, in the caller's language.
    why: String,
}

/// Two self-assessments beside each other, the earlier one first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparisonOut {
    before: AssessmentOut,
    after: AssessmentOut,
    /// Both are by the same version of the same scheme.
    same_version: bool,
    same_unit: bool,
    items: Vec<DifferenceOut>,
}

/// Self-assessments that the caller sees, newest day first.
#[utoipa::path(get, path = "/api/v1/assessments", tag = "assessments",
    params(
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 25"),
    ),
    responses((status = 200, body = AssessmentListOut)))]
pub(crate) async fn list(ctx: Ctx, RawQuery(query): RawQuery) -> Result<Json<AssessmentListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let after = form.text_or_none("after", 60);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(ROWS);
    form.check()?;
    let listed = app::list(&ctx, after.as_deref(), limit).await?;
    Ok(Json(AssessmentListOut { items: listed.rows.iter().map(AssessmentOut::from).collect(), next: listed.next }))
}

/// Makes a self-assessment; it is never changed afterwards.
#[utoipa::path(post, path = "/api/v1/assessments", tag = "assessments", request_body = AssessmentIn,
    responses((status = 201, body = AssessmentWholeOut), (status = 403, description = "May not make one there"),
        (status = 404, description = "Unknown or out of reach"), (status = 422, description = "A field is missing or wrong")))]
pub(crate) async fn make(ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let draft = crate::pages::new::read(&mut form);
    form.check()?;
    let id = app::make(&ctx, &draft).await?;
    let detail = app::detail(&ctx, id).await?;
    Ok((StatusCode::CREATED, Json(whole(detail)?)).into_response())
}

fn whole(detail: Detail) -> Result<AssessmentWholeOut, Failure> {
    let body = serde_json::from_str(&detail.text).map_err(kernel::Fault::internal)?;
    Ok(AssessmentWholeOut {
        row: AssessmentOut::from(&detail.one),
        body,
        sha256: detail.proof.sha256,
        signature: detail.proof.signature,
        key: detail.key,
    })
}

/// A self-assessment whole.
#[utoipa::path(get, path = "/api/v1/assessments/{id}", tag = "assessments",
    responses((status = 200, body = AssessmentWholeOut), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn show(ctx: Ctx, Path(id): Path<i64>) -> Result<Json<AssessmentWholeOut>, Failure> {
    Ok(Json(whole(app::detail(&ctx, Id::new(id)).await?)?))
}

/// Withdraws a self-assessment, with a reason; it stays and says so.
#[utoipa::path(post, path = "/api/v1/assessments/{id}/withdraw", tag = "assessments", request_body = WithdrawalIn,
    responses((status = 200, body = AssessmentOut), (status = 403, description = "May not withdraw it"),
        (status = 404, description = "Unknown or out of reach"), (status = 409, description = "Withdrawn already"),
        (status = 422, description = "No reason")))]
pub(crate) async fn withdraw(ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Json<AssessmentOut>, Failure> {
    let why = form.text("why", TEXT);
    form.check()?;
    app::withdraw(&ctx, Id::new(id), &why).await?;
    Ok(Json(AssessmentOut::from(&app::detail(&ctx, Id::new(id)).await?.one)))
}

/// Compares two self-assessments clause by clause.
#[utoipa::path(get, path = "/api/v1/assessments/compare", tag = "assessments",
    params(("before" = String, Query, description = "Id of one"), ("after" = String, Query, description = "Id of the other")),
    responses((status = 200, body = ComparisonOut), (status = 404, description = "Unknown or out of reach"),
        (status = 422, description = "Twice the same")))]
pub(crate) async fn compare(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<ComparisonOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let (a, b) = (form.id("before"), form.id("after"));
    form.check()?;
    let (before, after) = app::compare(&ctx, form.need(a)?, form.need(b)?).await?;
    let ends =
        |item: Option<&Item>| (number(item.map(|item| item.figure.low)), number(item.map(|item| item.figure.high)));
    let items = differences(&before.body, &after.body);
    let items = items.iter().filter_map(|one| {
        let item = one.item()?;
        let ((before_low, before_high), (after_low, after_high)) = (ends(one.before), ends(one.after));
        Some(DifferenceOut {
            clause: item.clause.clone(),
            name: item.name.text(lang.locale.as_str()).to_owned(),
            in_both: one.before.is_some() && one.after.is_some(),
            before_low,
            before_high,
            after_low,
            after_high,
            change_low: Points::tenths(one.by.0).number(),
            change_high: Points::tenths(one.by.1).number(),
            why: if item.group { String::new() } else { crate::pages::compare::why(&lang, &one.why) },
        })
    });
    Ok(Json(ComparisonOut {
        items: items.collect(),
        same_version: (&before.body.scheme, &before.body.scheme_version)
            == (&after.body.scheme, &after.body.scheme_version),
        same_unit: before.one.unit == after.one.unit,
        before: AssessmentOut::from(&before.one),
        after: AssessmentOut::from(&after.one),
    }))
}

#[derive(OpenApi)]
#[openapi(
    paths(list, make, show, withdraw, compare),
    components(schemas(
        AssessmentOut,
        AssessmentListOut,
        AssessmentWholeOut,
        AssessmentIn,
        WithdrawalIn,
        DifferenceOut,
        ComparisonOut
    ))
)]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
