//! "What would this person see": menu, permissions with their reach and the role that gives them, and the stores that are reached;
//! also for a change that is not saved yet.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use identity::{Assignment, Directory, RoleRow, User};
use kernel::{Fault, Id, of};
use web::{Failure, Form, Icon, Page, View};

use super::roles::{group_name, may_ask, permission_name, reach_text, role_name};
use super::unit_name;
use crate::domain::{Seen, place_of_unit, sight};
use crate::permissions::ROLES_VIEW;

struct MenuLine {
    icon: Icon,
    name: String,
    change: &'static str,
}

struct Line {
    name: String,
    reach: String,
    by: Vec<String>,
    /// What was reached before, where that is different.
    was: Option<String>,
    change: &'static str,
}

struct Group {
    name: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "administration_sees.html")]
struct SeesPage {
    page: Page,
    about: String,
    /// For a change that is not saved yet: where it is saved, and what was typed.
    planned: Option<(String, Vec<(String, String)>)>,
    roles: Vec<String>,
    menu: Vec<MenuLine>,
    stores: Vec<String>,
    all_stores: bool,
    groups: Vec<Group>,
    changes: usize,
    back: String,
    next: Option<String>,
}

type Sight = BTreeMap<&'static str, Seen>;

struct Whose<'a> {
    title: String,
    about: String,
    roles: &'a [Assignment],
    planned: Option<(String, Vec<(String, String)>)>,
    back: String,
}

fn view(ctx: &Ctx, page: Page, whose: Whose<'_>, before: Option<&Sight>, after: &Sight) -> View<SeesPage> {
    let directory = ctx.house.identity.directories().now();
    let page = page.titled(whose.title);
    let role = |given: &Assignment| {
        format!("{} · {}", role_name(&page, &directory, &given.role), unit_name(&page, &directory, given.unit))
    };
    let had = |code: &str| before.is_none_or(|before| before.contains_key(code));
    let menu = ctx.house.menu.iter().filter_map(|entry| {
        let (now, then) = match entry.needs {
            None => (true, true),
            Some(needs) => (after.contains_key(needs.0), had(needs.0)),
        };
        let change = match (now, then) {
            (true, true) => "",
            (true, false) => "new",
            (false, true) if before.is_some() => "gone",
            (false, _) => return None,
        };
        Some(MenuLine { icon: web::icon(entry.icon), name: page.t(entry.label), change })
    });
    let codes: BTreeSet<&'static str> =
        after.keys().chain(before.map(|before| before.keys()).into_iter().flatten()).copied().collect();
    let mut groups: BTreeMap<&str, Vec<Line>> = BTreeMap::new();
    let mut changes = 0;
    for code in codes {
        let text = |seen: Option<&Seen>| {
            seen.map_or_else(|| page.t("identity-scope-none"), |seen| reach_text(&page, &directory, &seen.reach))
        };
        let now = after.get(code);
        let then = before.map(|before| before.get(code));
        let change = match (then, now) {
            (None, _) => "",
            (Some(None), Some(_)) => "new",
            (Some(Some(_)), None) => "gone",
            (Some(Some(then)), Some(now)) if then.reach != now.reach => "other",
            (Some(_), _) => "",
        };
        changes += usize::from(!change.is_empty());
        groups.entry(code.split('.').next().unwrap_or_default()).or_default().push(Line {
            name: permission_name(&page, code),
            reach: text(now),
            by: now.map(|seen| seen.by.iter().map(role).collect()).unwrap_or_default(),
            was: then.filter(|_| !change.is_empty()).map(text),
            change,
        });
    }
    let all_stores = after.values().any(|seen| seen.reach.company);
    let reached: BTreeSet<Id<of::Unit>> =
        after.values().flat_map(|seen| seen.reach.stores.iter().chain(&seen.reach.teams)).copied().collect();
    let stores = directory.tree().units().filter(|unit| reached.contains(&unit.id));
    View(SeesPage {
        about: whose.about,
        planned: whose.planned,
        roles: whose.roles.iter().map(role).collect(),
        menu: menu.collect(),
        stores: stores.map(|unit| unit.name_in(page.lang.locale.as_str()).to_owned()).collect(),
        all_stores,
        groups: groups.into_iter().map(|(group, lines)| Group { name: group_name(&page, group), lines }).collect(),
        changes,
        back: whose.back,
        next: None,
        page,
    })
}

fn sight_of(ctx: &Ctx, directory: &Directory, user: &User, roles: &[Assignment], changed: Option<&RoleRow>) -> Sight {
    let permissions = ctx.house.identity.directories().permissions();
    if user.active { sight(directory, permissions, user.id, user.home, roles, changed) } else { Sight::new() }
}

/// `GET /settings/people/{id}/sees`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    let directory = ctx.house.identity.directories().now();
    let user =
        directory.user(Id::new(id)).filter(|user| may_ask(&ctx, &directory, user)).ok_or_else(Fault::not_found)?;
    let roles = directory.assignments(user.id);
    let whose = Whose {
        title: page.t1("administration-sees-title", "name", user.name.clone()),
        about: unit_name(&page, &directory, user.home),
        roles,
        planned: None,
        back: format!("/settings/people/{id}"),
    };
    let after = sight_of(&ctx, &directory, user, roles, None);
    Ok(view(&ctx, page, whose, None, &after).into_response())
}

/// What the person would see after a change of the person that is not saved yet.
pub(crate) fn planned(
    ctx: &Ctx,
    page: Page,
    user: &User,
    changed: &User,
    roles: &[Assignment],
    form: &Form,
) -> Result<Response, Failure> {
    let directory = ctx.house.identity.directories().now();
    if !may_ask(ctx, &directory, user) {
        return Err(Fault::not_found().into());
    }
    let before = sight_of(ctx, &directory, user, directory.assignments(user.id), None);
    let after = sight_of(ctx, &directory, changed, roles, None);
    let action = format!("/settings/people/{}", user.id);
    let whose = Whose {
        title: page.t1("administration-sees-planned", "name", changed.name.clone()),
        about: page.t("administration-not-saved-yet"),
        roles,
        back: action.clone(),
        planned: Some((action, kept(form, &["look", "password"]))),
    };
    Ok(view(ctx, page, whose, Some(&before), &after).into_response())
}

/// What somebody who has a role would see after a change of the role that is not saved yet.
pub(crate) fn with_role(
    ctx: &Ctx,
    page: Page,
    changed: &RoleRow,
    person: Option<Id<of::User>>,
    form: &Form,
) -> Result<Response, Failure> {
    let directory = ctx.house.identity.directories().now();
    let action = format!("/settings/roles/{}", changed.code);
    let planned = Some((action.clone(), kept(form, &["look"])));
    let user = person.and_then(|id| directory.user(id)).filter(|user| may_ask(ctx, &directory, user));
    let role = role_name(&page, &directory, &changed.code);
    if let Some(user) = user {
        let roles = directory.assignments(user.id);
        let before = sight_of(ctx, &directory, user, roles, None);
        let after = sight_of(ctx, &directory, user, roles, Some(changed));
        let whose = Whose {
            title: page.t1("administration-sees-planned", "name", user.name.clone()),
            about: page.t1("administration-sees-role", "role", role),
            roles,
            planned,
            back: action,
        };
        return Ok(view(ctx, page, whose, Some(&before), &after).into_response());
    }
    // Nobody has it yet: as given where the asking person works.
    ctx.require(ROLES_VIEW, &place_of_unit(directory.tree(), ctx.actor.home.unwrap_or(Id::new(0))))?;
    let at = ctx.actor.home.ok_or_else(Fault::not_found)?;
    let roles = [Assignment { role: changed.code.clone(), unit: at }];
    let permissions = ctx.house.identity.directories().permissions();
    let somebody = Id::new(0);
    let before = sight(&directory, permissions, somebody, at, &roles, None);
    let after = sight(&directory, permissions, somebody, at, &roles, Some(changed));
    let whose = Whose {
        title: page.t1("administration-sees-planned", "name", role),
        about: page.t("administration-not-saved-yet"),
        roles: &roles,
        planned,
        back: action,
    };
    Ok(view(ctx, page, whose, Some(&before), &after).into_response())
}

fn kept(form: &Form, without: &[&str]) -> Vec<(String, String)> {
    form.pairs().iter().filter(|(name, _)| !without.contains(&name.as_str())).cloned().collect()
}
