//! Certificates for programs.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Day, Id, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Form, Lang};

use super::app::{self, Detail, ROWS, TEXT};
use super::domain::{Standing, State, standing, state};
use super::store::{Certificate, CertificateId, UseId, VisitId};

/// A certificate that a certifying body awarded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CertificateOut {
    #[schema(value_type = String)]
    id: Id<CertificateId>,
    #[schema(value_type = String)]
    unit: Id<of::Unit>,
    issuer: String,
    number: String,
    /// The rule and its version.
    rule: String,
    scope: String,
    level: String,
    #[schema(value_type = String)]
    valid_from: Day,
    #[schema(value_type = String)]
    valid_until: Day,
    /// Follows from the dates.
    state: State,
    note: Option<String>,
    withdrawn_why: Option<String>,
}

/// A yearly surveillance.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VisitOut {
    #[schema(value_type = String)]
    id: Id<VisitId>,
    #[schema(value_type = String)]
    due_on: Day,
    #[schema(value_type = Option<String>)]
    done_on: Option<Day>,
    result: Option<String>,
    standing: Standing,
}

/// A place where the mark is used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UseOut {
    #[schema(value_type = String)]
    id: Id<UseId>,
    place: String,
    #[schema(value_type = String)]
    allowed_from: Day,
    #[schema(value_type = String)]
    allowed_until: Day,
    #[schema(value_type = Option<String>)]
    ended_on: Option<Day>,
    standing: Standing,
}

/// A certificate with what hangs on it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CertificateWholeOut {
    #[serde(flatten)]
    row: CertificateOut,
    visits: Vec<VisitOut>,
    uses: Vec<UseOut>,
    /// Ids of its scans.
    files: Vec<String>,
}

/// One page of certificates.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CertificateListOut {
    items: Vec<CertificateOut>,
    /// Give it as `after` for the next page.
    next: Option<String>,
}

/// A certificate as it is entered; scans are added on its page.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct CertificateIn {
    /// Id of the company, a region or a store.
    unit: String,
    issuer: String,
    certificate_number: String,
    rule: String,
    scope: String,
    /// The level, as it is written on it.
    award: String,
    /// 2026-11-22
    valid_from: String,
    valid_until: String,
    note: Option<String>,
}

/// What a surveillance came to.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct VisitIn {
    done_on: String,
    outcome: String,
}

/// Where the mark is used.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct UseIn {
    place: String,
    allowed_from: String,
    allowed_until: String,
}

/// Why it is withdrawn.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what is read field by field")]
pub(crate) struct CertificateWithdrawalIn {
    why: String,
}

fn out(one: &Certificate, today: Day) -> CertificateOut {
    CertificateOut {
        id: one.id,
        unit: one.unit,
        issuer: one.issuer.clone(),
        number: one.number.clone(),
        rule: one.rule.clone(),
        scope: one.scope.clone(),
        level: one.level.clone(),
        valid_from: one.from,
        valid_until: one.until,
        state: state(one.from, one.until, one.withdrawn_at.is_some(), today),
        note: one.note.clone(),
        withdrawn_why: one.withdrawn_why.clone(),
    }
}

fn whole(detail: &Detail, today: Day) -> CertificateWholeOut {
    let visits = detail.visits.iter().map(|visit| VisitOut {
        id: visit.id,
        due_on: visit.due_on,
        done_on: visit.done_on,
        result: visit.result.clone(),
        standing: standing(visit.due_on, visit.done_on.is_some(), today),
    });
    let uses = detail.uses.iter().map(|used| UseOut {
        id: used.id,
        place: used.place.clone(),
        allowed_from: used.from,
        allowed_until: used.until,
        ended_on: used.ended_on,
        standing: standing(used.until, used.ended_on.is_some(), today),
    });
    CertificateWholeOut {
        visits: visits.collect(),
        uses: uses.collect(),
        files: detail.files.iter().map(|file| file.id.to_string()).collect(),
        row: out(&detail.one, today),
    }
}

async fn answered(ctx: &Ctx, lang: &Lang, id: i64) -> Result<Json<CertificateWholeOut>, Failure> {
    Ok(Json(whole(&app::detail(ctx, Id::new(id)).await?, lang.now.day(&lang.zone))))
}

/// Certificates that the caller sees, the latest end first.
#[utoipa::path(get, path = "/api/v1/certificates", tag = "assessments",
    params(
        ("ending" = Option<String>, Query, description = "on: end within three months, or have ended"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<i64>, Query, description = "1 to 100, default 25"),
    ),
    responses((status = 200, body = CertificateListOut)))]
pub(crate) async fn list(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<CertificateListOut>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let after = form.text_or_none("after", 60);
    let limit = form.number_or_none("limit", 1..=100).unwrap_or(ROWS);
    form.check()?;
    let listed = app::list(&ctx, form.flag("ending"), after.as_deref(), limit).await?;
    let today = lang.now.day(&lang.zone);
    Ok(Json(CertificateListOut { items: listed.rows.iter().map(|one| out(one, today)).collect(), next: listed.next }))
}

/// Enters a certificate; its yearly surveillances are planned.
#[utoipa::path(post, path = "/api/v1/certificates", tag = "assessments", request_body = CertificateIn,
    responses((status = 201, body = CertificateWholeOut), (status = 403, description = "May not keep the register there"),
        (status = 404, description = "Unknown or out of reach"), (status = 422, description = "A field is missing or wrong")))]
pub(crate) async fn enter(ctx: Ctx, lang: Lang, mut form: Form) -> Result<Response, Failure> {
    let draft = super::pages::read(&mut form);
    form.check()?;
    let id = app::enter(&ctx, &draft, Vec::new()).await?;
    Ok((StatusCode::CREATED, answered(&ctx, &lang, id.get()).await?).into_response())
}

/// A certificate with surveillances and uses of its mark.
#[utoipa::path(get, path = "/api/v1/certificates/{id}", tag = "assessments",
    responses((status = 200, body = CertificateWholeOut), (status = 404, description = "Unknown or out of reach")))]
pub(crate) async fn show(ctx: Ctx, lang: Lang, Path(id): Path<i64>) -> Result<Json<CertificateWholeOut>, Failure> {
    answered(&ctx, &lang, id).await
}

/// A surveillance was done.
#[utoipa::path(post, path = "/api/v1/certificates/{id}/visits/{visit}", tag = "assessments", request_body = VisitIn,
    responses((status = 200, body = CertificateWholeOut), (status = 403, description = "May not keep the register there"),
        (status = 404, description = "Unknown or out of reach"), (status = 409, description = "Done already"),
        (status = 422, description = "A field is missing or wrong")))]
pub(crate) async fn visit(
    ctx: Ctx,
    lang: Lang,
    Path((id, visit)): Path<(i64, i64)>,
    mut form: Form,
) -> Result<Json<CertificateWholeOut>, Failure> {
    let (day, result) = (form.day("done_on"), form.text("outcome", TEXT));
    form.check()?;
    app::visit(&ctx, Id::new(id), Id::new(visit), day, &result).await?;
    answered(&ctx, &lang, id).await
}

/// The mark is used at a place.
#[utoipa::path(post, path = "/api/v1/certificates/{id}/uses", tag = "assessments", request_body = UseIn,
    responses((status = 200, body = CertificateWholeOut), (status = 403, description = "May not keep the register there"),
        (status = 404, description = "Unknown or out of reach"), (status = 422, description = "Outside of the certificate's time")))]
pub(crate) async fn add_use(
    ctx: Ctx,
    lang: Lang,
    Path(id): Path<i64>,
    mut form: Form,
) -> Result<Json<CertificateWholeOut>, Failure> {
    let place = form.text("place", app::LINE);
    let (from, until) = (form.day("allowed_from"), form.day("allowed_until"));
    form.check()?;
    app::add_use(&ctx, Id::new(id), &place, from, until).await?;
    answered(&ctx, &lang, id).await
}

/// The mark was taken down there.
#[utoipa::path(post, path = "/api/v1/certificates/{id}/uses/{use}/end", tag = "assessments",
    responses((status = 200, body = CertificateWholeOut), (status = 403, description = "May not keep the register there"),
        (status = 404, description = "Unknown or out of reach"), (status = 409, description = "Ended already")))]
pub(crate) async fn end_use(
    ctx: Ctx,
    lang: Lang,
    Path((id, used)): Path<(i64, i64)>,
) -> Result<Json<CertificateWholeOut>, Failure> {
    app::end_use(&ctx, Id::new(id), Id::new(used)).await?;
    answered(&ctx, &lang, id).await
}

/// Withdraws a certificate, with a reason.
#[utoipa::path(post, path = "/api/v1/certificates/{id}/withdraw", tag = "assessments", request_body = CertificateWithdrawalIn,
    responses((status = 200, body = CertificateWholeOut), (status = 403, description = "May not keep the register there"),
        (status = 404, description = "Unknown or out of reach"), (status = 409, description = "Withdrawn already"),
        (status = 422, description = "No reason")))]
pub(crate) async fn withdraw(
    ctx: Ctx,
    lang: Lang,
    Path(id): Path<i64>,
    mut form: Form,
) -> Result<Json<CertificateWholeOut>, Failure> {
    let why = form.text("why", TEXT);
    form.check()?;
    app::withdraw(&ctx, Id::new(id), &why).await?;
    answered(&ctx, &lang, id).await
}

#[derive(OpenApi)]
#[openapi(
    paths(list, enter, show, visit, add_use, end_use, withdraw),
    components(schemas(
        CertificateOut,
        CertificateListOut,
        CertificateWholeOut,
        CertificateIn,
        VisitOut,
        UseOut,
        VisitIn,
        UseIn,
        CertificateWithdrawalIn,
        State,
        Standing
    ))
)]
struct Description;

pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
