//! More of the settings by API: editing roles and units, what may be done to an account.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use identity::{Directory, UnitDraft, UnitKind};
use kernel::{Fault, Id, Scope, of};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use web::{Failure, IfMatch, Sent, etag};

use crate::app::{people, roles, units};
use crate::domain::place_of_unit;
use crate::permissions::UNITS_VIEW;

#[derive(OpenApi)]
#[openapi(
    paths(add_role, change_role, remove_role, add_unit, change_unit, end_sessions, lock, reset),
    components(schemas(NewRole, ChangedRole, RoleVersion, UnitIn, UnitChanged, UnitAdded, LockIn, ResetOut))
)]
pub(crate) struct Description;

/// A role of the company's own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRole {
    /// 2 to 30 of `a-z`, `0-9` and `_`.
    code: String,
    name: String,
    /// Code of the role whose grants it begins with.
    copied: String,
}

/// What a role is to grant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedRole {
    /// Another name, for the company's own roles.
    #[serde(default)]
    name: Option<String>,
    /// Scope (`own`, `team`, `store`, `region`, `company`) by permission; what is left out is taken away.
    grants: BTreeMap<String, String>,
}

/// The version after a change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleVersion {
    code: String,
    version: i64,
}

/// A unit to be added, or what is to change; members that are left out stay.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UnitIn {
    /// `region`, `store` or `team`; fixed once made.
    kind: Option<String>,
    code: Option<String>,
    name: Option<String>,
    name_en: Option<String>,
    /// Code of the unit above.
    parent: Option<String>,
    zone: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    /// False when it is closed.
    active: Option<bool>,
}

/// A unit that was added.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitAdded {
    id: String,
}

/// The unit's version after a change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitChanged {
    version: i64,
}

/// Locks an account, or opens it again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LockIn {
    locked: bool,
}

/// With this code the person sets another password at `/activate`; it is answered only now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResetOut {
    activation_code: String,
}

/// Adds a role of the company's own that grants what another one does.
#[utoipa::path(post, path = "/api/v1/roles", tag = "administration", request_body = NewRole,
    responses((status = 201, body = RoleVersion), (status = 403, description = "It would grant more than the caller holds"),
        (status = 422, description = "wrong fields")))]
pub(crate) async fn add_role(ctx: Ctx, Sent(sent): Sent<NewRole>) -> Result<Response, Failure> {
    roles::create(&ctx, &sent.code, &sent.name, &sent.copied).await?;
    Ok((StatusCode::CREATED, Json(role_now(&ctx, &sent.code.trim().to_lowercase()).await?)).into_response())
}

async fn role_now(ctx: &Ctx, code: &str) -> Result<RoleVersion, Fault> {
    let directory = ctx.house.identity.directories().refresh().await?;
    let role = directory.roles().find(|role| role.code == code).ok_or_else(Fault::not_found)?;
    Ok(RoleVersion { code: role.code.clone(), version: role.version })
}

/// Says what a role grants from now on.
#[utoipa::path(patch, path = "/api/v1/roles/{code}", tag = "administration", request_body = ChangedRole,
    params(("code" = String, Path), ("If-Match" = String, Header, description = "the role's version")),
    responses((status = 200, body = RoleVersion), (status = 403, description = "It would grant more than the caller holds"),
        (status = 404), (status = 409, description = "The caller would lose the right to edit roles"),
        (status = 412, description = "changed meanwhile"), (status = 422, description = "wrong fields")))]
pub(crate) async fn change_role(
    ctx: Ctx,
    Path(code): Path<String>,
    IfMatch(version): IfMatch,
    Sent(sent): Sent<ChangedRole>,
) -> Result<Response, Failure> {
    let permissions = ctx.house.identity.directories().permissions();
    let mut grants = BTreeMap::new();
    for (permission, scope) in sent.grants {
        let scope = Scope::parse(&scope).ok_or_else(|| Fault::field("grants", "choose"))?;
        if permissions.known(&permission).is_none() {
            return Err(Fault::field("grants", "unknown").into());
        }
        grants.insert(permission, scope);
    }
    roles::save(&ctx, &code, version, sent.name.as_deref(), grants).await?;
    let body = role_now(&ctx, &code).await?;
    Ok(([etag(body.version)], Json(body)).into_response())
}

/// Removes a role of the company's own that nobody has.
#[utoipa::path(delete, path = "/api/v1/roles/{code}", tag = "administration", params(("code" = String, Path)),
    responses((status = 204, description = "Done"), (status = 404), (status = 409, description = "Shipped, or somebody has it")))]
pub(crate) async fn remove_role(ctx: Ctx, Path(code): Path<String>) -> Result<StatusCode, Failure> {
    roles::remove(&ctx, &code).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn above(directory: &Directory, code: Option<String>) -> Result<Option<Id<of::Unit>>, Fault> {
    let unit = |code: String| directory.unit_by_code(&code).map(|unit| unit.id);
    code.map(|code| unit(code).ok_or_else(|| Fault::field("parent", "identity-unit-unknown"))).transpose()
}

/// Adds a region, a store or a team.
#[utoipa::path(post, path = "/api/v1/organisation", tag = "administration", request_body = UnitIn,
    responses((status = 201, body = UnitAdded), (status = 422, description = "wrong fields")))]
pub(crate) async fn add_unit(ctx: Ctx, Sent(sent): Sent<UnitIn>) -> Result<Response, Failure> {
    let directory = ctx.house.identity.directories().now();
    let kind = sent.kind.as_deref().and_then(UnitKind::parse).filter(|kind| *kind != UnitKind::Company);
    let draft = UnitDraft {
        parent: above(&directory, sent.parent)?,
        kind: kind.ok_or_else(|| Fault::field("kind", "choose"))?,
        code: sent.code.unwrap_or_default(),
        name: sent.name.unwrap_or_default(),
        name_en: sent.name_en,
        zone: sent.zone.unwrap_or_else(|| ctx.house.zone.name().to_owned()),
        phone: sent.phone,
        address: sent.address,
        active: sent.active.unwrap_or(true),
    };
    let id = units::create(&ctx, draft).await?;
    Ok((StatusCode::CREATED, Json(UnitAdded { id: id.to_string() })).into_response())
}

/// Changes a unit.
#[utoipa::path(patch, path = "/api/v1/organisation/{id}", tag = "administration", request_body = UnitIn,
    params(("id" = String, Path), ("If-Match" = String, Header, description = "the unit's version")),
    responses((status = 200, body = UnitChanged), (status = 404, description = "out of reach"),
        (status = 412, description = "changed meanwhile"), (status = 422, description = "wrong fields")))]
pub(crate) async fn change_unit(
    ctx: Ctx,
    Path(id): Path<i64>,
    IfMatch(version): IfMatch,
    Sent(sent): Sent<UnitIn>,
) -> Result<Response, Failure> {
    let directory = ctx.house.identity.directories().now();
    let unit = directory.unit(Id::new(id)).ok_or_else(Fault::not_found)?;
    ctx.require(UNITS_VIEW, &place_of_unit(directory.tree(), unit.id))?;
    if sent.kind.as_deref().is_some_and(|kind| kind != unit.kind.as_str()) {
        return Err(Fault::field("kind", "choose").into());
    }
    let draft = UnitDraft {
        parent: above(&directory, sent.parent)?.or(unit.parent),
        kind: unit.kind,
        code: sent.code.unwrap_or_else(|| unit.code.clone()),
        name: sent.name.unwrap_or_else(|| unit.name.clone()),
        name_en: sent.name_en.or_else(|| unit.name_en.clone()),
        zone: sent.zone.unwrap_or_else(|| unit.zone.name().to_owned()),
        phone: sent.phone.or_else(|| unit.phone.clone()),
        address: sent.address.or_else(|| unit.address.clone()),
        active: sent.active.unwrap_or(unit.active),
    };
    units::save(&ctx, unit.id, version, draft).await?;
    let version = version.saturating_add(1);
    Ok(([etag(version)], Json(UnitChanged { version })).into_response())
}

fn person(id: &str) -> Result<Id<of::User>, Fault> {
    id.parse().map_err(|_wrong| Fault::not_found())
}

/// Signs a person out everywhere.
#[utoipa::path(post, path = "/api/v1/users/{id}/end-sessions", tag = "administration", params(("id" = String, Path)),
    responses((status = 204, description = "Done"), (status = 404, description = "out of reach")))]
pub(crate) async fn end_sessions(ctx: Ctx, Path(id): Path<String>) -> Result<StatusCode, Failure> {
    people::end_sessions(&ctx, person(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Locks an account, or opens it again.
#[utoipa::path(post, path = "/api/v1/users/{id}/lock", tag = "administration", request_body = LockIn,
    params(("id" = String, Path), ("If-Match" = String, Header, description = "the person's version")),
    responses((status = 204, description = "Done"), (status = 404, description = "out of reach"),
        (status = 409, description = "One's own account, or the last administrator's"), (status = 412, description = "changed meanwhile")))]
pub(crate) async fn lock(
    ctx: Ctx,
    Path(id): Path<String>,
    IfMatch(version): IfMatch,
    Sent(sent): Sent<LockIn>,
) -> Result<StatusCode, Failure> {
    people::lock(&ctx, person(&id)?, version, sent.locked).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets a person's password, for whoever cannot sign in any more.
#[utoipa::path(post, path = "/api/v1/users/{id}/reset", tag = "administration", params(("id" = String, Path)),
    responses((status = 200, body = ResetOut), (status = 404, description = "out of reach"),
        (status = 409, description = "The account is locked")))]
pub(crate) async fn reset(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let code = people::reset(&ctx, person(&id)?).await?;
    let private = (axum::http::header::CACHE_CONTROL, "no-store");
    Ok(([private], Json(ResetOut { activation_code: code.reveal().to_owned() })).into_response())
}
