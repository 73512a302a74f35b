use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use identity::{ADMINISTRATOR, Directory, RoleRow, User};
use kernel::{Fault, FaultKind, Id, Permission, Reach, Scope, of};
use web::{Choice, Confirm, Failure, Filled, Form, Page, View};

use super::history::{Happened, history};
use super::{go_to, unit_name, unprocessable, with_done};
use crate::app::roles;
use crate::domain::place_of_user;
use crate::permissions::{ADMINISTRATORS_APPOINT, PEOPLE_VIEW, ROLES_EDIT, ROLES_VIEW};

/// From narrow to wide.
pub(crate) const SCOPES: [Scope; 5] = [Scope::Own, Scope::Team, Scope::Store, Scope::Region, Scope::Company];

/// One permission and how far each role carries it.
struct Line {
    name: String,
    code: &'static str,
    cells: Vec<Option<&'static str>>,
}

/// The permissions of one capability.
struct Group {
    name: String,
    lines: Vec<Line>,
}

struct RoleCard {
    code: String,
    name: String,
    people: usize,
    grants: usize,
    own: bool,
    edited: bool,
}

#[derive(Template)]
#[template(path = "administration_roles.html")]
struct RolesPage {
    page: Page,
    cards: Vec<RoleCard>,
    roles: Vec<String>,
    groups: Vec<Group>,
    columns: usize,
    form: Filled,
    people: Vec<Choice>,
    may_edit: bool,
}

/// A role's name: the company's own, or the program's in the page's language.
pub(crate) fn role_name(page: &Page, directory: &Directory, code: &str) -> String {
    directory.role_name(code).map_or_else(|| page.word("identity-role", code), str::to_owned)
}

fn capability_of(permission: &str) -> &str {
    permission.split('.').next().unwrap_or_default()
}

pub(crate) fn group_name(page: &Page, permission: &str) -> String {
    let capability = capability_of(permission);
    page.find(&format!("permission-group-{}", capability.replace('_', "-"))).unwrap_or_else(|| capability.to_owned())
}

/// The permission in the reader's words; its code where a capability has none.
pub(crate) fn permission_name(page: &Page, permission: &str) -> String {
    let key = format!("permission-{}", permission.replace(['.', '_'], "-"));
    page.find(&key).unwrap_or_else(|| permission.to_owned())
}

fn permissions(ctx: &Ctx) -> Vec<Permission> {
    ctx.house.identity.directories().permissions().defs().iter().map(|def| def.permission).collect()
}

/// Whom one may see among the people, one may ask about here.
pub(crate) fn may_ask(ctx: &Ctx, directory: &Directory, user: &User) -> bool {
    let place = place_of_user(directory.tree(), user);
    ctx.reach(PEOPLE_VIEW).covers(&place) && ctx.reach(ROLES_VIEW).covers(&place)
}

/// `GET /settings/roles?person=`
pub(crate) async fn list(page: Page, ctx: Ctx, uri: Uri) -> Result<Response, Failure> {
    let page =
        with_done(page, &uri, &["role-created", "role-saved", "role-removed"]).named("administration-roles-title");
    let mut query = Form::from_query(uri.query().unwrap_or_default());
    if let Some(id) = query.id_or_none::<of::User>("person") {
        return Ok(go_to(&format!("/settings/people/{id}/sees")));
    }
    let directory = ctx.house.identity.directories().now();
    let mut people: Vec<&User> =
        directory.users().filter(|user| user.active && may_ask(&ctx, &directory, user)).collect();
    people.sort_by(|a, b| a.login.cmp(&b.login));
    let people =
        people.into_iter().map(|user| Choice::new(user.id.to_string(), format!("{} · {}", user.name, user.login)));
    let mut groups: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for permission in permissions(&ctx) {
        let cells = directory.roles().map(|role| role.grants.get(permission.0).map(|scope| scope.as_str()));
        let line = Line { name: permission_name(&page, permission.0), code: permission.0, cells: cells.collect() };
        groups.entry(capability_of(permission.0).to_owned()).or_default().push(line);
    }
    let holders =
        |code: &str| directory.users().filter(|user| user.active && directory.has_role(user.id, code)).count();
    let cards = directory.roles().map(|role| RoleCard {
        code: role.code.clone(),
        name: role_name(&page, &directory, &role.code),
        people: holders(&role.code),
        grants: role.grants.len(),
        own: !role.builtin,
        edited: role.builtin && role.edited,
    });
    let cards: Vec<RoleCard> = cards.collect();
    let names: Vec<String> = cards.iter().map(|card| card.name.clone()).collect();
    Ok(View(RolesPage {
        columns: names.len() + 1,
        groups: groups
            .into_iter()
            .map(|(capability, lines)| Group { name: group_name(&page, &capability), lines })
            .collect(),
        roles: names,
        cards,
        form: Filled::new(),
        people: people.collect(),
        may_edit: ctx.actor.holds(ROLES_EDIT),
        page,
    })
    .into_response())
}

struct GrantLine {
    code: &'static str,
    name: String,
    scope: String,
    shipped: Option<String>,
}

struct GrantGroup {
    name: String,
    lines: Vec<GrantLine>,
}

#[derive(Template)]
#[template(path = "administration_role.html")]
struct RolePage {
    page: Page,
    code: String,
    version: i64,
    form: Filled,
    notice: web::Markup,
    own: bool,
    edited: bool,
    people: usize,
    holders: Vec<Choice>,
    groups: Vec<GrantGroup>,
    scopes: Vec<Choice>,
    may_edit: bool,
    history: Vec<Happened>,
    next: Option<String>,
}

fn known(code: &str, directory: &Directory) -> Result<RoleRow, Fault> {
    directory.role(code).cloned().ok_or_else(Fault::not_found)
}

/// `GET /settings/roles/{code}`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(code): Path<String>) -> Result<Response, Failure> {
    let role = known(&code, &ctx.house.identity.directories().now())?;
    Ok(role_page(&ctx, page, &role, role.version, Filled::new(), web::Markup::default()).await?.into_response())
}

async fn role_page(
    ctx: &Ctx,
    page: Page,
    role: &RoleRow,
    version: i64,
    form: Filled,
    notice: web::Markup,
) -> Result<View<RolePage>, Failure> {
    let directory = ctx.house.identity.directories().now();
    let shipped = roles::shipped(ctx, role);
    let mut groups: BTreeMap<String, Vec<GrantLine>> = BTreeMap::new();
    for permission in permissions(ctx) {
        let scope = role.grants.get(permission.0).map_or("none", |scope| scope.as_str());
        let usual = shipped.as_ref().map(|shipped| shipped.get(permission.0).map_or("none", |scope| scope.as_str()));
        groups.entry(capability_of(permission.0).to_owned()).or_default().push(GrantLine {
            code: permission.0,
            name: permission_name(&page, permission.0),
            scope: scope.to_owned(),
            shipped: usual.filter(|usual| *usual != scope).map(|usual| page.word("identity-scope", usual)),
        });
    }
    let words = std::iter::once("none").chain(SCOPES.iter().map(|scope| scope.as_str()));
    let holds = |user: &&User| user.active && directory.has_role(user.id, &role.code);
    let holders: Vec<&User> = directory.users().filter(holds).collect();
    let name = role_name(&page, &directory, &role.code);
    let appoints = ctx.actor.holds(ADMINISTRATORS_APPOINT);
    Ok(View(RolePage {
        code: role.code.clone(),
        version,
        own: !role.builtin,
        edited: role.builtin && role.edited,
        people: holders.len(),
        holders: holders
            .into_iter()
            .filter(|user| may_ask(ctx, &directory, user))
            .take(200)
            .map(|user| Choice::new(user.id.to_string(), format!("{} · {}", user.name, user.login)))
            .collect(),
        groups: groups
            .into_iter()
            .map(|(group, lines)| GrantGroup { name: group_name(&page, &group), lines })
            .collect(),
        scopes: page.choices("identity-scope", words),
        may_edit: ctx.actor.holds(ROLES_EDIT) && (appoints || role.code != ADMINISTRATOR),
        history: history(ctx, &page, roles::role_record(&role.code)).await?,
        form: if form.value("name").is_empty() {
            form.with("name", role.name.clone().unwrap_or_default())
        } else {
            form
        },
        notice,
        next: None,
        page: page.titled(name),
    }))
}

/// What was sent as the role's grants.
pub(crate) fn grants_of(ctx: &Ctx, form: &Form) -> BTreeMap<String, Scope> {
    let sent = permissions(ctx).into_iter().filter_map(|permission| {
        let scope = Scope::parse(form.raw(&format!("grant.{permission}")))?;
        Some((permission.0.to_owned(), scope))
    });
    sent.collect()
}

/// `POST /settings/roles/{code}`: saves, or with `look` shows first what somebody who has the role would see.
pub(crate) async fn save(page: Page, ctx: Ctx, Path(code): Path<String>, mut form: Form) -> Result<Response, Failure> {
    let role = known(&code, &ctx.house.identity.directories().now())?;
    let version = form.version("version")?;
    let mut grants = grants_of(&ctx, &form);
    let changed = RoleRow { grants: grants.clone(), ..role.clone() };
    if form.flag("back") {
        return Ok(role_page(&ctx, page, &changed, version, form.into_filled(), web::Markup::default())
            .await?
            .into_response());
    }
    if form.flag("look") {
        let person: Option<Id<of::User>> = form.id_or_none("person");
        return super::sees::with_role(&ctx, page, &changed, person, &form);
    }
    if form.flag("reset") {
        grants = roles::shipped(&ctx, &role).ok_or_else(Fault::not_found)?;
        if !form.flag("sure") {
            let name = role_name(&page, &ctx.house.identity.directories().now(), &code);
            return Ok(View(Confirm {
                about: page.t("administration-role-reset-about"),
                facts: Vec::new(),
                button: page.t("administration-role-reset"),
                action: format!("/settings/roles/{code}"),
                hidden: [("version", version.to_string()), ("reset", "yes".to_owned()), ("sure", "yes".to_owned())]
                    .map(|(name, value)| (name.to_owned(), value))
                    .into(),
                back: format!("/settings/roles/{code}"),
                danger: false,
                page: page.titled(name),
            })
            .into_response());
        }
    }
    let name = (!role.builtin).then(|| form.raw("name").to_owned());
    match roles::save(&ctx, &code, version, name.as_deref(), grants).await {
        Ok(()) => Ok(go_to("/settings/roles?done=role-saved")),
        Err(fault) if [FaultKind::Invalid, FaultKind::Conflict].contains(&fault.kind()) => {
            let notice = if fault.kind() == FaultKind::Invalid {
                web::Markup::default()
            } else {
                web::notice(&page.lang, &fault)
            };
            let form = form.into_filled_with(&fault);
            Ok(unprocessable(role_page(&ctx, page, &changed, version, form, notice).await?))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /settings/roles/{code}/remove`
pub(crate) async fn remove(ctx: Ctx, Path(code): Path<String>) -> Result<Response, Failure> {
    roles::remove(&ctx, &code).await?;
    Ok(go_to("/settings/roles?done=role-removed"))
}

#[derive(Template)]
#[template(path = "administration_role_new.html")]
struct NewPage {
    page: Page,
    form: Filled,
    roles: Vec<Choice>,
}

fn new_page(ctx: &Ctx, page: Page, form: Filled) -> View<NewPage> {
    let directory = ctx.house.identity.directories().now();
    let roles = directory.roles().filter(|role| role.code != ADMINISTRATOR);
    let roles = roles.map(|role| Choice::new(role.code.clone(), role_name(&page, &directory, &role.code))).collect();
    View(NewPage { page: page.named("administration-role-new"), form, roles })
}

/// `GET /settings/roles/new?from=`
pub(crate) async fn new(page: Page, ctx: Ctx, uri: Uri) -> Result<Response, Failure> {
    let query = Form::from_query(uri.query().unwrap_or_default());
    Ok(new_page(&ctx, page, Filled::new().with("copied", query.raw("from"))).into_response())
}

/// `POST /settings/roles`
pub(crate) async fn create(page: Page, ctx: Ctx, form: Form) -> Result<Response, Failure> {
    let code = form.raw("code").trim().to_lowercase();
    match roles::create(&ctx, &code, form.raw("name"), form.raw("copied")).await {
        Ok(()) => Ok(go_to(&format!("/settings/roles/{code}"))),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            Ok(unprocessable(new_page(&ctx, page, form.into_filled_with(&fault))))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// A reach in words: everything, or which stores and teams, and one's own.
pub(crate) fn reach_text(page: &Page, directory: &Directory, reach: &Reach) -> String {
    if reach.company {
        return page.t("administration-reach-company");
    }
    let names = |ids: &std::collections::BTreeSet<Id<of::Unit>>| {
        let names: Vec<String> = ids.iter().map(|id| unit_name(page, directory, *id)).collect();
        names.join(&page.t("administration-reach-comma"))
    };
    let mut parts = Vec::new();
    if !reach.stores.is_empty() {
        parts.push(names(&reach.stores));
    }
    if !reach.teams.is_empty() {
        parts.push(page.t1("administration-reach-teams", "names", names(&reach.teams)));
    }
    if reach.own.is_some() {
        parts.push(page.t("administration-reach-own"));
    }
    parts.join(&page.t("administration-reach-and"))
}
