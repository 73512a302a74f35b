use std::collections::BTreeMap;

use askama::Template;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use identity::{Directory, User};
use kernel::{Fault, Id, Permission, Reach, of};
use web::{Choice, Failure, Filled, Form, Page, View};

use super::unit_name;
use crate::domain::place_of_user;
use crate::permissions::{PEOPLE_VIEW, ROLES_VIEW};

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

/// What one person reaches with one permission.
struct Seen {
    name: String,
    reach: String,
}

#[derive(Template)]
#[template(path = "administration_roles.html")]
struct RolesPage {
    page: Page,
    roles: Vec<String>,
    groups: Vec<Group>,
    columns: usize,
    form: Filled,
    people: Vec<Choice>,
    /// The person asked about, and what that person reaches.
    person: Option<(String, Vec<String>, Vec<Seen>)>,
}

/// `GET /settings/roles?person=`
pub(crate) async fn show(page: Page, ctx: Ctx, uri: Uri) -> Result<Response, Failure> {
    let page = page.named("administration-roles-title");
    let mut query = Form::from_query(uri.query().unwrap_or_default());
    let asked: Option<Id<of::User>> = query.id_or_none("person");
    let directory = ctx.house.identity.directories().now();
    let permissions: Vec<Permission> =
        ctx.house.identity.directories().permissions().defs().iter().map(|def| def.permission).collect();
    // Whom one may see among the people, one may ask about here.
    let may_ask = |user: &User| {
        let place = place_of_user(directory.tree(), user);
        ctx.reach(PEOPLE_VIEW).covers(&place) && ctx.reach(ROLES_VIEW).covers(&place)
    };
    let person = match asked {
        Some(id) => {
            let user = directory.user(id).filter(|user| may_ask(user)).ok_or_else(Fault::not_found)?;
            Some(seen_by(&page, &directory, user, &permissions))
        }
        None => None,
    };
    let mut people: Vec<&User> = directory.users().filter(|user| user.active && may_ask(user)).collect();
    people.sort_by(|a, b| a.login.cmp(&b.login));
    let people =
        people.into_iter().map(|user| Choice::new(user.id.to_string(), format!("{} · {}", user.name, user.login)));
    let mut groups: BTreeMap<&str, Vec<Line>> = BTreeMap::new();
    for permission in &permissions {
        let capability = permission.0.split('.').next().unwrap_or_default();
        let cells = directory.roles().map(|role| role.grants.get(permission.0).map(|scope| scope.as_str()));
        let line = Line { name: permission_name(&page, *permission), code: permission.0, cells: cells.collect() };
        groups.entry(capability).or_default().push(line);
    }
    let roles: Vec<String> = directory.roles().map(|role| page.word("identity-role", &role.code)).collect();
    let name = |capability: &str| {
        page.find(&format!("permission-group-{}", capability.replace('_', "-")))
            .unwrap_or_else(|| capability.to_owned())
    };
    Ok(View(RolesPage {
        columns: roles.len() + 1,
        groups: groups.into_iter().map(|(capability, lines)| Group { name: name(capability), lines }).collect(),
        roles,
        form: Filled::new().with("person", query.raw("person")),
        people: people.collect(),
        person,
        page,
    })
    .into_response())
}

/// The permission in the reader's words; its code where a capability has none.
fn permission_name(page: &Page, permission: Permission) -> String {
    let key = format!("permission-{}", permission.0.replace(['.', '_'], "-"));
    page.find(&key).unwrap_or_else(|| permission.0.to_owned())
}

fn seen_by(
    page: &Page,
    directory: &Directory,
    user: &User,
    permissions: &[Permission],
) -> (String, Vec<String>, Vec<Seen>) {
    let roles = directory.assignments(user.id).iter().map(|given| {
        format!("{} · {}", page.word("identity-role", &given.role), unit_name(page, directory, given.unit))
    });
    let seen = permissions.iter().filter_map(|permission| {
        let reach = directory.actor(user.id)?.reach(*permission);
        let name = permission_name(page, *permission);
        (!reach.is_empty()).then(|| Seen { name, reach: reach_text(page, directory, &reach) })
    });
    (user.name.clone(), roles.collect(), seen.collect())
}

/// A reach in words: everything, or which stores and teams, and one's own.
fn reach_text(page: &Page, directory: &Directory, reach: &Reach) -> String {
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
