//! REST for what approvals are judged by: limits, and who stands in for whom.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::{Access, Ctx, Route};
use kernel::{Fault, FieldErrors, Id, Money, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{Failure, IfMatch, Sent, etag};

use crate::app::{self, Draft, LIMITS_EDIT, LIMITS_VIEW, NewDeputy, VIEW};
use crate::domain::{Limit, LimitTable, Rule};
use crate::store::Deputy;

/// The routes.
pub(crate) fn routes() -> Vec<Route> {
    let (view, limits) = (Access::Needs(VIEW), Access::Needs(LIMITS_VIEW));
    vec![
        Route::get("/api/v1/approval-limits", limits, limits_now),
        Route::post("/api/v1/approval-limits", Access::Needs(LIMITS_EDIT), publish),
        Route::get("/api/v1/deputies", view, deputies),
        Route::post("/api/v1/deputies", view, set_deputy),
        Route::post("/api/v1/deputies/{id}/end", view, end_deputy),
    ]
}

/// How far a role decides alone.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitBody {
    /// `goodwill`, …; `any` for kinds without limits of their own.
    kind: String,
    /// Code of the role.
    role: String,
    /// In fen; null without limit. A role that is left out decides nothing alone.
    up_to: Option<i64>,
}

/// What else counts for a kind.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleBody {
    /// From this amount on, in fen, two persons say yes; null never.
    two_from: Option<i64>,
    /// Minutes of working time before a question passes upward, 1 to 1440.
    minutes: i64,
    /// Days after which it is void, 1 to 90.
    days: i64,
}

/// A version of the limits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TableBody {
    version: i64,
    /// From when on it counts.
    effective_from: String,
    limits: Vec<LimitBody>,
    /// By kind.
    rules: BTreeMap<String, RuleBody>,
}

/// The limits as they count now and as they will.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LimitsBody {
    now: TableBody,
    /// The newest version; give its number as If-Match with the next.
    newest: TableBody,
}

/// A new version: everything that is to count.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLimits {
    /// From when on; now when it is left out.
    effective_from: Option<String>,
    /// Why.
    note: String,
    limits: Vec<LimitBody>,
    /// By kind; kinds that are left out keep what they have.
    #[serde(default)]
    rules: BTreeMap<String, RuleBody>,
}

/// The number of a version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublishedBody {
    version: i64,
}

fn table(table: &LimitTable, kinds: &[String]) -> TableBody {
    let limits = table.limits.iter().map(|((kind, role), limit)| LimitBody {
        kind: kind.clone(),
        role: role.clone(),
        up_to: match limit {
            Limit::UpTo(amount) => Some(amount.fen()),
            Limit::Unlimited => None,
        },
    });
    let rule = |kind: &String| {
        let rule = table.rule(kind);
        let body = RuleBody { two_from: rule.two_from.map(Money::fen), minutes: rule.minutes, days: rule.days };
        (kind.clone(), body)
    };
    TableBody {
        version: table.version,
        effective_from: table.effective_from.to_string(),
        limits: limits.collect(),
        rules: kinds.iter().map(rule).collect(),
    }
}

/// How far roles decide alone, and what else counts.
#[utoipa::path(get, path = "/api/v1/approval-limits", tag = "approvals", responses((status = 200, body = LimitsBody)))]
pub(crate) async fn limits_now(ctx: Ctx) -> Result<Response, Failure> {
    let standing = app::standing(&ctx).await?;
    let version = etag(standing.newest.version);
    let body =
        LimitsBody { now: table(&standing.now, &standing.kinds), newest: table(&standing.newest, &standing.kinds) };
    Ok(([version], Json(body)).into_response())
}

/// Publishes the next version of the limits. Needs `If-Match`. What was decided by a version stays decided by it.
#[utoipa::path(post, path = "/api/v1/approval-limits", tag = "approvals", request_body = NewLimits,
    params(("If-Match" = String, Header, description = "the newest version")),
    responses((status = 201, body = PublishedBody), (status = 409, description = "Nothing differs"),
        (status = 412, description = "Somebody published meanwhile"), (status = 422, description = "Fields that cannot be taken"),
        (status = 428, description = "If-Match is missing")))]
pub(crate) async fn publish(
    ctx: Ctx,
    IfMatch(seen): IfMatch,
    Sent(sent): Sent<NewLimits>,
) -> Result<Response, Failure> {
    let standing = app::standing(&ctx).await?;
    let from = sent.effective_from.map(|text| moment("effective_from", &text)).transpose()?;
    let mut limits = Vec::new();
    for one in sent.limits {
        if !standing.kinds.contains(&one.kind)
            || !standing.roles.contains(&one.role)
            || one.up_to.is_some_and(|fen| fen < 0)
        {
            return Err(Fault::field("limits", "unknown").into());
        }
        let limit = one.up_to.map_or(Limit::Unlimited, |fen| Limit::UpTo(Money::from_fen(fen)));
        limits.push((one.kind, one.role, limit));
    }
    if sent.rules.keys().any(|kind| !standing.kinds.contains(kind)) {
        return Err(Fault::field("rules", "unknown").into());
    }
    let mut rules = Vec::new();
    for kind in &standing.kinds {
        let rule = match sent.rules.get(kind) {
            Some(rule) => {
                let fits = (1..=1_440).contains(&rule.minutes) && (1..=90).contains(&rule.days);
                if !fits || rule.two_from.is_some_and(|fen| fen < 0) {
                    return Err(outside("rules", 1_440).into());
                }
                Rule { two_from: rule.two_from.map(Money::from_fen), minutes: rule.minutes, days: rule.days }
            }
            None => standing.newest.rule(kind),
        };
        rules.push((kind.clone(), rule));
    }
    let version = app::publish(&ctx, Draft { seen, from, note: sent.note, limits, rules }).await?;
    Ok((StatusCode::CREATED, [etag(version)], Json(PublishedBody { version })).into_response())
}

fn outside(field: &'static str, max: i64) -> Fault {
    let mut errors = FieldErrors::default();
    errors.add_with(field, "number-range", vec![("min", "0".to_owned()), ("max", max.to_string())]);
    Fault::invalid(errors)
}

fn moment(field: &'static str, text: &str) -> Result<Timestamp, Fault> {
    text.parse().map_err(|_wrong| Fault::field(field, "moment"))
}

/// Somebody who stands in for somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeputyBody {
    id: String,
    /// Id of the person who is away.
    absent: String,
    absent_name: String,
    /// Id of the person who decides in that name.
    deputy: String,
    deputy_name: String,
    from: String,
    until: String,
    note: String,
}

/// Stand-ins, now and later.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeputiesBody {
    items: Vec<DeputyBody>,
}

/// A stand-in to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDeputyBody {
    /// Id of the person who is away.
    absent: String,
    /// Id of the person who decides in that name.
    deputy: String,
    from: String,
    /// At most 92 days later.
    until: String,
    #[serde(default)]
    note: String,
}

/// The id of what was set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetBody {
    id: String,
}

fn shown(ctx: &Ctx, deputy: Deputy) -> DeputyBody {
    let directory = ctx.house.identity.directories().now();
    let name = |user| directory.user_name(user).unwrap_or_default().to_owned();
    DeputyBody {
        id: deputy.id.to_string(),
        absent: deputy.absent.to_string(),
        absent_name: name(deputy.absent),
        deputy: deputy.deputy.to_string(),
        deputy_name: name(deputy.deputy),
        from: deputy.from.to_string(),
        until: deputy.until.to_string(),
        note: deputy.note,
    }
}

/// Who stands in for whom: those whom the caller may set, and where the caller stands in.
#[utoipa::path(get, path = "/api/v1/deputies", tag = "approvals", responses((status = 200, body = DeputiesBody)))]
pub(crate) async fn deputies(ctx: Ctx) -> Result<Json<DeputiesBody>, Failure> {
    let items = app::deputies(&ctx).await?.into_iter().map(|deputy| shown(&ctx, deputy)).collect();
    Ok(Json(DeputiesBody { items }))
}

/// Sets a stand-in: one's own, or anybody's for administrators.
#[utoipa::path(post, path = "/api/v1/deputies", tag = "approvals", request_body = NewDeputyBody,
    responses((status = 201, body = SetBody), (status = 404, description = "Unknown, or not the caller's to set"),
        (status = 422, description = "Fields that cannot be taken")))]
pub(crate) async fn set_deputy(ctx: Ctx, Sent(sent): Sent<NewDeputyBody>) -> Result<Response, Failure> {
    let new = NewDeputy {
        absent: sent.absent.parse().map_err(|_wrong| Fault::field("absent", "unknown"))?,
        deputy: sent.deputy.parse().map_err(|_wrong| Fault::field("deputy", "unknown"))?,
        from: moment("from", &sent.from)?,
        until: moment("until", &sent.until)?,
        note: sent.note,
    };
    let id = app::set_deputy(&ctx, new).await?;
    Ok((StatusCode::CREATED, Json(SetBody { id: id.to_string() })).into_response())
}

/// Ends a stand-in early.
#[utoipa::path(post, path = "/api/v1/deputies/{id}/end", tag = "approvals",
    responses((status = 204, description = "Done"), (status = 404, description = "Unknown, or not the caller's to end"),
        (status = 409, description = "It is over")))]
pub(crate) async fn end_deputy(ctx: Ctx, Path(id): Path<String>) -> Result<StatusCode, Failure> {
    let id: Id<_> = id.parse().map_err(|_wrong| Fault::not_found())?;
    app::end_deputy(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(OpenApi)]
#[openapi(paths(limits_now, publish, deputies, set_deputy, end_deputy))]
struct Description;

/// This part of the API's description.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
