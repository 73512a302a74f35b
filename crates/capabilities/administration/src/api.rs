use axum::Json;
use axum::http::Uri;
use capability::Ctx;
use identity::{Directory, Unit, User};
use kernel::{Id, of};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};
use web::Failure;

use crate::app::own;
use crate::domain::place_of_user;
use crate::permissions::PEOPLE_VIEW;

/// The most that one page of a list holds.
const PAGE: usize = 200;

#[derive(OpenApi)]
#[openapi(
    paths(me, stores, users, crate::files::upload, crate::files::describe),
    components(schemas(Me, RoleAt, Store, Stores, Person, People))
)]
pub(crate) struct Description;

/// A role and where it is given.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleAt {
    /// The role's code.
    role: String,
    /// The unit's code.
    unit: String,
}

/// Who the session or token belongs to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    id: String,
    login: String,
    name: String,
    locale: String,
    /// Code of the unit where the person works.
    home: String,
    roles: Vec<RoleAt>,
}

/// A store.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Store {
    id: String,
    code: String,
    name: String,
    name_en: Option<String>,
    /// Code of the unit above: a region or the company.
    parent: Option<String>,
    /// IANA name.
    zone: String,
    phone: Option<String>,
    address: Option<String>,
    active: bool,
}

/// All stores in the order of their codes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Stores {
    items: Vec<Store>,
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Person {
    id: String,
    login: String,
    name: String,
    /// Code of the unit where the person works.
    home: String,
    active: bool,
    roles: Vec<RoleAt>,
    version: i64,
}

/// People in the order of joining.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct People {
    items: Vec<Person>,
    /// Give it as `after` for the next page; absent on the last.
    next: Option<String>,
}

fn code_of(directory: &Directory, unit: Id<of::Unit>) -> String {
    directory.unit(unit).map(|unit| unit.code.clone()).unwrap_or_default()
}

fn roles_of(directory: &Directory, user: Id<of::User>) -> Vec<RoleAt> {
    let given = directory.assignments(user).iter();
    given.map(|given| RoleAt { role: given.role.clone(), unit: code_of(directory, given.unit) }).collect()
}

/// Who am I.
#[utoipa::path(get, path = "/api/v1/me", tag = "administration", responses((status = 200, body = Me)))]
pub(crate) async fn me(ctx: Ctx) -> Result<Json<Me>, Failure> {
    let user = own::me(&ctx)?;
    let directory = ctx.house.identity.directories().now();
    Ok(Json(Me {
        id: user.id.to_string(),
        login: user.login.clone(),
        name: user.name.clone(),
        locale: user.locale.clone(),
        home: code_of(&directory, user.home),
        roles: roles_of(&directory, user.id),
    }))
}

/// All stores; everybody who is signed in may know them.
#[utoipa::path(get, path = "/api/v1/stores", tag = "administration", responses((status = 200, body = Stores)))]
pub(crate) async fn stores(ctx: Ctx) -> Result<Json<Stores>, Failure> {
    let directory = ctx.house.identity.directories().now();
    let store = |unit: &Unit| Store {
        id: unit.id.to_string(),
        code: unit.code.clone(),
        name: unit.name.clone(),
        name_en: unit.name_en.clone(),
        parent: unit.parent.map(|parent| code_of(&directory, parent)),
        zone: unit.zone.name().to_owned(),
        phone: unit.phone.clone(),
        address: unit.address.clone(),
        active: unit.active,
    };
    Ok(Json(Stores { items: directory.stores().map(store).collect() }))
}

/// The people whom the caller may see.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "administration",
    params(("after" = Option<String>, Query, description = "`next` of the page before"), ("limit" = Option<u16>, Query, description = "1 to 200, default 50")),
    responses((status = 200, body = People), (status = 403, description = "not allowed"))
)]
pub(crate) async fn users(ctx: Ctx, uri: Uri) -> Result<Json<People>, Failure> {
    let mut query = web::Form::from_query(uri.query().unwrap_or_default());
    let after: Option<Id<of::User>> = query.id_or_none("after");
    let limit =
        query.number_or_none("limit", 1..=200).and_then(|limit| usize::try_from(limit).ok()).unwrap_or(50).min(PAGE);
    query.check()?;
    let directory = ctx.house.identity.directories().now();
    let reach = ctx.reach(PEOPLE_VIEW);
    let seen = directory.users().filter(|user| after.is_none_or(|after| user.id > after));
    let mut seen: Vec<&User> =
        seen.filter(|user| reach.covers(&place_of_user(directory.tree(), user))).take(limit + 1).collect();
    let more = seen.len() > limit;
    seen.truncate(limit);
    let next = seen.last().filter(|_| more).map(|user| user.id.to_string());
    let person = |user: &&User| Person {
        id: user.id.to_string(),
        login: user.login.clone(),
        name: user.name.clone(),
        home: code_of(&directory, user.home),
        active: user.active,
        roles: roles_of(&directory, user.id),
        version: user.version,
    };
    Ok(Json(People { items: seen.iter().map(person).collect(), next }))
}
