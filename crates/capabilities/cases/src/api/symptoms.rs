use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, FieldErrors, Id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Failure, IfMatch, Sent, etag};

use super::body::{CategoryBody, NewSymptomBody, SymptomBody, SymptomChangeBody, SymptomsBody, choice};
use crate::app::{self, Asked, NewSymptom, Solved, SymptomChange};
use crate::domain::{Confidence, FaultClass};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    category: Option<String>,
    all: Option<String>,
}

/// Kinds of goods, what customers complain about, and what it counts as with its source.
#[utoipa::path(get, path = "/api/v1/symptoms", tag = "symptoms",
    params(("category" = Option<String>, Query, description = "Only those of this kind of goods"),
        ("all" = Option<bool>, Query, description = "`true` = those that are no longer offered, too")),
    responses((status = 200, body = SymptomsBody)))]
pub(super) async fn list(ctx: Ctx, Query(wanted): Query<Wanted>) -> Result<Json<SymptomsBody>, Failure> {
    let catalogue = app::symptoms(&ctx.house).await?;
    let today = ctx.now().day(&ctx.house.zone);
    if let Some(category) = &wanted.category
        && catalogue.category(category).is_none()
    {
        return Err(Fault::field("category", "unknown").into());
    }
    let all = wanted.all.as_deref() == Some("true");
    let symptoms = catalogue.symptoms.iter().filter(|symptom| {
        (all || symptom.is_offered(today))
            && wanted.category.as_ref().is_none_or(|category| symptom.category == *category)
    });
    let offered = catalogue.categories.iter().filter(|category| all || category.is_offered(today));
    let categories = offered.map(|category| CategoryBody {
        code: category.code.clone(),
        name_zh: category.name_zh.clone(),
        name_en: category.name_en.clone(),
    });
    Ok(Json(SymptomsBody {
        categories: categories.collect(),
        symptoms: symptoms.cloned().map(SymptomBody::of).collect(),
    }))
}

/// The id of what was added.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Added {
    id: String,
}

/// Adds a symptom of the company's own, offered from today on.
#[utoipa::path(post, path = "/api/v1/symptoms", tag = "symptoms", request_body = NewSymptomBody,
    responses((status = 201, body = Added), (status = 422, description = "Fields that cannot be taken")))]
pub(super) async fn add(ctx: Ctx, Sent(body): Sent<NewSymptomBody>) -> Result<Response, Failure> {
    let mut errors = FieldErrors::default();
    let class = choice(&mut errors, "fault_class", Some(&body.fault_class), FaultClass::parse, None);
    errors.check()?;
    let new = NewSymptom {
        category: body.category,
        name_zh: body.name_zh,
        name_en: body.name_en,
        class,
        obvious: body.obvious,
        danger: body.danger,
    };
    let id = app::add_symptom(&ctx, new).await?;
    Ok((StatusCode::CREATED, Json(Added { id: id.to_string() })).into_response())
}

/// Changes a symptom: its next version, offered from today on. Cases keep the version they were taken in by.
#[utoipa::path(patch, path = "/api/v1/symptoms/{id}", tag = "symptoms", request_body = SymptomChangeBody,
    params(("If-Match" = String, Header, description = "`\"v1\"`")),
    responses((status = 200, body = SymptomBody), (status = 404, description = "Unknown or retired"),
        (status = 412, description = "Changed by somebody else"), (status = 422, description = "Fields that cannot be taken"),
        (status = 428, description = "If-Match is missing")))]
pub(super) async fn change(
    ctx: Ctx,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Sent(body): Sent<SymptomChangeBody>,
) -> Result<Response, Failure> {
    let id: Id<_> = id.parse().map_err(|_wrong| Fault::not_found())?;
    let (now, _) = app::editable_symptom(&ctx, id).await?;
    let mut errors = FieldErrors::default();
    let class = match &body.fault_class {
        Some(typed) => choice(&mut errors, "fault_class", Some(typed), FaultClass::parse, None),
        None => Some(now.class),
    };
    let confidence = match &body.confidence {
        Some(typed) => choice(&mut errors, "confidence", Some(typed), Confidence::parse, None),
        None => Some(now.confidence),
    };
    errors.check()?;
    let change = SymptomChange {
        name_zh: body.name_zh.unwrap_or(now.name_zh),
        name_en: Some(body.name_en.unwrap_or(now.name_en)),
        class,
        obvious: body.obvious.unwrap_or(now.obvious),
        danger: body.danger.unwrap_or(now.danger),
        source: body.source.unwrap_or(now.source),
        confidence,
        position: body.position,
    };
    let changed = app::change_symptom(&ctx, id, version, change).await?;
    let (symptom, _) = app::editable_symptom(&ctx, changed).await?;
    Ok(([etag(symptom.version)], Json(SymptomBody::of(symptom))).into_response())
}

/// Offers a symptom no longer; cases that have it keep it.
#[utoipa::path(post, path = "/api/v1/symptoms/{id}/retire", tag = "symptoms",
    responses((status = 204, description = "Done"), (status = 404, description = "Unknown")))]
pub(super) async fn retire(ctx: Ctx, Path(id): Path<String>) -> Result<StatusCode, Failure> {
    let id = id.parse().map_err(|_wrong| Fault::not_found())?;
    app::retire_symptom(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A case that was solved, as an example.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SolvedBody {
    id: String,
    number: String,
    subject: String,
    product: Option<String>,
    outcome: Option<String>,
    cause: Option<String>,
    result_note: Option<String>,
    resolved_at: String,
    same_symptom: bool,
    same_product: bool,
}

impl SolvedBody {
    fn of(solved: Solved) -> Self {
        let Solved { case, same_symptom, same_product } = solved;
        Self {
            id: case.id.to_string(),
            number: case.number,
            subject: case.subject,
            product: case.product,
            outcome: case.outcome.map(|word| word.to_string()),
            cause: case.cause.as_ref().map(ToString::to_string),
            result_note: case.result_note,
            resolved_at: case.resolved_at.to_string(),
            same_symptom,
            same_product,
        }
    }
}

/// Examples, the likest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SolvedBodies {
    items: Vec<SolvedBody>,
}

/// Solved cases that are like a case, within the caller's reach, at most three.
#[utoipa::path(get, path = "/api/v1/cases/{id}/similar", tag = "cases",
    responses((status = 200, body = SolvedBodies), (status = 404, description = "Unknown or out of reach")))]
pub(super) async fn similar(ctx: Ctx, Path(id): Path<String>) -> Result<Json<SolvedBodies>, Failure> {
    let id: Id<_> = id.parse().map_err(|_wrong| Fault::not_found())?;
    let detail = app::detail(&ctx, id).await?;
    let asked = Asked::of(&detail);
    let items = app::similar(&ctx, asked).await?.into_iter().map(SolvedBody::of).collect();
    Ok(Json(SolvedBodies { items }))
}
