//! REST for what happened to units, for the verdict on one, and for the categories of the rules.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use capability::Ctx;
use kernel::{Day, Id, Timestamp, of};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use web::{Failure, Lang, Sent};

use crate::app;
use crate::domain::{DoneBy, FaultClass, RepairInput, RepairKind};
use crate::store::{RepairId, UnitRepair};
use crate::verdict::{JUDGE, words};

/// What happened to a unit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RepairOut {
    #[schema(value_type = String)]
    id: Id<RepairId>,
    what: RepairKind,
    body: String,
    fault: FaultClass,
    #[schema(value_type = String)]
    began: Day,
    #[schema(value_type = Option<String>)]
    ended: Option<Day>,
    /// Days of waiting for the maker's parts.
    parts_days: i64,
    done_by: DoneBy,
    proof: Option<String>,
    /// A photo of the repair record is there.
    photo: bool,
    /// It stands in the unit's count.
    counted: bool,
    #[schema(value_type = String)]
    entered_at: Timestamp,
    version: i64,
}

impl From<UnitRepair> for RepairOut {
    fn from(one: UnitRepair) -> Self {
        Self {
            id: one.id,
            what: one.draft.what,
            body: one.draft.body,
            fault: one.draft.fault,
            began: one.draft.began,
            ended: one.draft.ended,
            parts_days: one.draft.parts_days,
            done_by: one.draft.done_by,
            proof: one.draft.proof,
            photo: one.photo,
            counted: one.counted,
            entered_at: one.entered_at,
            version: one.version,
        }
    }
}

/// What happened to a unit, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RepairsOut {
    items: Vec<RepairOut>,
}

/// Repairs, exchanges and replaced main parts of a unit.
#[utoipa::path(
    get,
    path = "/api/v1/units/{id}/repairs",
    tag = "units",
    params(("id" = String, Path, description = "The unit")),
    responses((status = 200, body = RepairsOut), (status = 404, description = "No such unit within reach"))
)]
pub(crate) async fn list(ctx: Ctx, Path(id): Path<i64>) -> Result<Json<RepairsOut>, Failure> {
    let all = app::repairs(&ctx, Id::new(id)).await?.1;
    Ok(Json(RepairsOut { items: all.into_iter().map(RepairOut::from).collect() }))
}

/// Types in what happened to a unit. A maker's repair counts once a photo of its record is added on the page.
#[utoipa::path(
    post,
    path = "/api/v1/units/{id}/repairs",
    tag = "units",
    params(("id" = String, Path, description = "The unit")),
    request_body = RepairInput,
    responses((status = 201, body = RepairOut), (status = 404, description = "No such unit within reach"), (status = 422, description = "Fields are wrong"))
)]
pub(crate) async fn note(
    ctx: Ctx,
    Path(id): Path<i64>,
    Sent(input): Sent<RepairInput>,
) -> Result<impl IntoResponse, Failure> {
    let made = app::note_repair(&ctx, Id::<of::SerialUnit>::new(id), None, &input, Vec::new()).await?;
    Ok((StatusCode::CREATED, Json(RepairOut::from(made))))
}

/// The verdict on a unit by its records.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitVerdictOut {
    /// The facts that the records hold.
    #[schema(value_type = Object)]
    facts: Value,
    /// Nobody has said yet what is wrong: it goes for a performance fault of the product.
    supposed: bool,
    /// What is open, until when, for how much, and why.
    #[schema(value_type = Object)]
    verdict: Value,
    /// The sentence for staff.
    for_staff: String,
    /// The sentence for the customer: conditions only.
    for_customer: String,
}

/// The verdict on a unit by its records, as of today; empty where the records contradict each other.
#[utoipa::path(
    get,
    path = "/api/v1/units/{id}/verdict",
    tag = "units",
    params(("id" = String, Path, description = "The unit")),
    responses((status = 200, body = Option<UnitVerdictOut>), (status = 404, description = "No such unit within reach"))
)]
pub(crate) async fn verdict(
    ctx: Ctx,
    lang: Lang,
    Path(id): Path<i64>,
) -> Result<Json<Option<UnitVerdictOut>>, Failure> {
    if !ctx.actor.holds(JUDGE) {
        return Err(kernel::Fault::forbidden().into());
    }
    let judged = app::unit_verdict(&ctx, Id::new(id)).await?;
    let json = |value: Result<Value, serde_json::Error>| value.map_err(kernel::Fault::internal);
    let Some(judged) = judged else { return Ok(Json(None)) };
    let verdict = judged.verdict()?;
    Ok(Json(Some(UnitVerdictOut {
        facts: json(serde_json::to_value(&judged.facts))?,
        supposed: judged.supposed,
        for_staff: words::for_staff(&lang, &verdict.for_staff),
        for_customer: words::for_customer(&lang, &verdict.for_customer),
        verdict: json(serde_json::to_value(&verdict))?,
    })))
}

/// A product group and the category of the rules that it falls under.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LawOut {
    goods: String,
    /// `other` is in no list; empty: nobody has placed it yet.
    law: String,
    version: i64,
}

/// Where a product group falls.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LawIn {
    /// A category of the rules, or `other`.
    law: String,
    /// The version that was seen; 0 when nobody had placed it.
    version: i64,
}

/// Product groups and the categories of the rules that they fall under.
#[utoipa::path(get, path = "/api/v1/law-categories", tag = "settings", responses((status = 200, body = Vec<LawOut>)))]
pub(crate) async fn laws(ctx: Ctx) -> Result<Json<Vec<LawOut>>, Failure> {
    let all = app::law_categories(&ctx).await?;
    Ok(Json(all.into_iter().map(|one| LawOut { goods: one.goods, law: one.law, version: one.version }).collect()))
}

/// Places a product group under a category of the rules.
#[utoipa::path(
    patch,
    path = "/api/v1/law-categories/{goods}",
    tag = "settings",
    params(("goods" = String, Path, description = "The product group")),
    request_body = LawIn,
    responses((status = 204), (status = 412, description = "Somebody placed it meanwhile"), (status = 422, description = "No such category"))
)]
pub(crate) async fn place(ctx: Ctx, Path(goods): Path<String>, Sent(sent): Sent<LawIn>) -> Result<StatusCode, Failure> {
    app::place_goods(&ctx, &goods, &sent.law, sent.version).await?;
    Ok(StatusCode::NO_CONTENT)
}
