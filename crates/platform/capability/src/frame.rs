//! The frame of a staff page: language, menu, person.

use std::sync::Arc;

use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION};
use axum::http::{HeaderMap, Uri};
use identity::{Means, SessionInfo};
use kernel::Permission;
use web::cookies::Theme;
use web::{Lang, Locale, Me, Menu, MenuItem, Page};

use crate::{Ctx, MenuEntry, MenuGroup};

/// The language: what this browser chose, else what the person has set, else what the browser prefers. A program that names a
/// language means it, while browsers name theirs unasked.
pub(crate) fn locale_of(headers: &HeaderMap, session: &SessionInfo, preferred: Locale) -> Locale {
    let chosen = web::cookies::cookie(headers, web::cookies::LANGUAGE).is_some();
    if chosen || (headers.contains_key(AUTHORIZATION) && headers.contains_key(ACCEPT_LANGUAGE)) {
        return preferred;
    }
    session.user.locale.parse().unwrap_or(preferred)
}

/// The frame of the page that `ctx` asked for.
pub(crate) fn page(ctx: &Ctx, headers: &HeaderMap, uri: &Uri) -> Page {
    let lang = Lang::new(ctx.locale, ctx.house.zone.clone(), ctx.now());
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut page = Page::new(lang, path);
    page.theme = Theme::of(headers);
    page.request = Arc::clone(&ctx.request);
    // A program that calls the API reads no menu.
    let Some(session) = ctx.session.as_ref().filter(|session| matches!(session.by, Means::Session(_))) else {
        return page;
    };
    page.theme = page.theme.or(match session.user.theme {
        identity::Theme::System => None,
        identity::Theme::Light => Some(Theme::Light),
        identity::Theme::Dark => Some(Theme::Dark),
    });
    page.menu = Arc::new(menu(&ctx.house.menu, |permission| ctx.actor.holds(permission)));
    let directory = ctx.house.identity.directories().now();
    let roles = directory.assignments(session.user.id);
    let role = roles.first().map(|given| match directory.role_name(&given.role) {
        Some(name) => name.to_owned(),
        None => page.lang.t(&format!("identity-role-{}", given.role.replace('_', "-"))),
    });
    let unit = directory.unit(roles.first().map_or(session.user.home, |assignment| assignment.unit));
    page.me = Some(Me {
        key: session.user.id.to_string(),
        name: session.user.name.clone(),
        role: role.unwrap_or_default(),
        scope: unit.map(|unit| unit.name_in(ctx.locale.as_str()).to_owned()).unwrap_or_default(),
        keys_off: session.user.keys_off,
        session_ends: session.ends_at,
        turns: identity::counter_of(&directory, session.user.id).is_some(),
        idle: session.has_pin,
    });
    page.live = Some("/events");
    page
}

fn menu(entries: &[MenuEntry], holds: impl Fn(Permission) -> bool) -> Menu {
    let mut menu = Menu::default();
    let seen = entries.iter().filter(|entry| entry.needs.is_none_or(&holds));
    for entry in seen {
        // The settings have a page of their own that lists them; here they are one entry.
        if entry.group == MenuGroup::Settings {
            settings(&mut menu);
            continue;
        }
        let mut item = MenuItem::new(entry.label, entry.href, entry.icon);
        item.go = entry.go;
        let heading = heading(entry.group);
        match menu.groups.last_mut() {
            Some(group) if group.heading == heading => group.items.push(item.clone()),
            Some(_) | None => menu.groups.push(web::MenuGroup { heading, items: vec![item.clone()] }),
        }
        if entry.group == MenuGroup::Work && menu.bar.len() < 4 {
            menu.bar.push(item);
        }
    }
    menu
}

fn settings(menu: &mut Menu) {
    let item = MenuItem::new("web-nav-settings", "/settings", "settings").go("z");
    let last = menu.groups.last_mut();
    match last {
        Some(group) if group.items.last().is_some_and(|last| last.href == item.href) => {}
        Some(group) if group.heading == heading(MenuGroup::Management) => group.items.push(item),
        Some(_) | None => {
            menu.groups.push(web::MenuGroup { heading: heading(MenuGroup::Management), items: vec![item] });
        }
    }
}

const fn heading(group: MenuGroup) -> Option<&'static str> {
    match group {
        MenuGroup::Work => None,
        MenuGroup::Reference => Some("web-nav-reference"),
        MenuGroup::Improvement => Some("web-nav-improvement"),
        MenuGroup::Management => Some("web-nav-management"),
        MenuGroup::Settings => Some("web-nav-settings"),
    }
}
