//! Screens of the platform: signing in, first run, one's own settings, people, organisation, roles, calendars,
//! deadlines, and the guided first run.
//!
//! Nouns: 登录 = sign in, 首次设置 = first run, 人员 = people ([`identity::User`]), 组织 = units ([`identity::Unit`]), 角色与权限 = roles,
//! 工作日历 = calendars, 启用码 = activation code, 权限预览 = sight (`domain::sight`).
//!
//! Invariants: every change of a person or unit is one recorded transaction with what was before and after; nobody gives a
//! role where they could not, and only an administrator touches an administrator (`domain::check_roles`); passwords and tokens
//! never reach the journal, a log or an answer that is kept. Not here: who may do what elsewhere (each capability), how
//! people are known again (`identity`), the session layer (`capability`).

mod api;
pub mod app;
mod commands;
mod domain;
mod files;
mod own_api;
mod pages;
mod paste;
mod people_api;
mod permissions;
mod settings_api;
mod store;

pub use commands::{create_token, create_user};
pub use permissions::{
    ADMINISTRATORS_APPOINT, CALENDARS_EDIT, CALENDARS_VIEW, HISTORY_VIEW, PEOPLE_EDIT, PEOPLE_VIEW, ROLES_EDIT,
    ROLES_VIEW, UNITS_EDIT, UNITS_VIEW,
};

use capability::{Access, Capability, MenuEntry, MenuGroup, Route};
use utoipa::OpenApi;

const fn entry(
    order: u16,
    label: &'static str,
    href: &'static str,
    icon: &'static str,
    needs: kernel::Permission,
) -> MenuEntry {
    MenuEntry { group: MenuGroup::Settings, order, label, href, icon, needs: Some(needs), go: None }
}

/// The settings: the page `/settings` lists these, each with the line `<label>-about`.
const MENU: &[MenuEntry] = &[
    entry(10, "administration-menu-people", "/settings/people", "users", PEOPLE_VIEW),
    entry(20, "administration-menu-units", "/settings/units", "building-store", UNITS_VIEW),
    entry(30, "administration-menu-roles", "/settings/roles", "shield-check", ROLES_VIEW),
    entry(40, "administration-menu-calendars", "/settings/calendars", "calendar", CALENDARS_VIEW),
    entry(50, "administration-menu-deadlines", "/settings/deadlines", "hourglass", cases::app::RULES_VIEW),
    entry(90, "administration-menu-history", "/settings/history", "history", HISTORY_VIEW),
    entry(95, "administration-menu-guide", "/setup/guide", "route", UNITS_EDIT),
];

/// What this capability brings.
pub fn capability() -> Capability {
    let mut capability = Capability::new("administration");
    capability.permissions = permissions::DEFS;
    capability.menu = MENU;
    let mut openapi = api::Description::openapi();
    openapi.merge(settings_api::Description::openapi());
    openapi.merge(people_api::Description::openapi());
    openapi.merge(own_api::Description::openapi());
    capability.openapi = Some(openapi);
    capability.routes = vec![
        Route::get("/login", Access::Public, pages::login::show),
        Route::post("/login", Access::Public, pages::login::sign_in),
        Route::post("/logout", Access::Public, pages::login::sign_out),
        Route::get("/setup", Access::Public, pages::setup::show),
        Route::post("/setup", Access::Public, pages::setup::found),
        Route::get("/switch", Access::Public, pages::switch::show),
        Route::post("/switch", Access::Public, pages::switch::take_over),
        Route::post("/switch/lock", Access::Public, pages::switch::lock),
        Route::get("/me/pin", Access::SignedIn, pages::switch::pin),
        Route::post("/me/pin", Access::SignedIn, pages::switch::save_pin),
        Route::get("/setup/guide", Access::Needs(UNITS_EDIT), pages::guide::show),
        Route::post("/setup/guide/{step}", Access::Needs(UNITS_EDIT), pages::guide::act),
        Route::get("/activate", Access::Public, pages::activate::show),
        Route::post("/activate", Access::Public, pages::activate::set),
        Route::get("/settings", Access::SignedIn, pages::settings::start),
        Route::get("/settings/history", Access::Needs(HISTORY_VIEW), pages::settings::changes),
        Route::get("/settings/calendars", Access::Needs(CALENDARS_VIEW), pages::calendars::list),
        Route::get("/settings/calendars/new", Access::Needs(CALENDARS_EDIT), pages::calendars::new),
        Route::post("/settings/calendars/change", Access::Needs(CALENDARS_EDIT), pages::calendars::change),
        Route::get("/settings/calendars/units/{id}", Access::Needs(CALENDARS_VIEW), pages::calendars::show_unit),
        Route::get("/settings/calendars/{id}", Access::Needs(CALENDARS_VIEW), pages::calendars::show),
        Route::get("/settings/holidays/{year}", Access::Needs(CALENDARS_VIEW), pages::calendars::year),
        Route::get("/settings/deadlines", Access::Needs(cases::app::RULES_VIEW), pages::deadlines::list),
        Route::get("/settings/deadlines/{name}", Access::Needs(cases::app::RULES_VIEW), pages::deadlines::show),
        Route::post("/settings/deadlines/{name}", Access::Needs(cases::app::RULES_EDIT), pages::deadlines::save),
        Route::post("/settings/flow-limits", Access::Needs(cases::app::RULES_EDIT), pages::deadlines::save_limits),
        Route::get("/me", Access::SignedIn, pages::me::show),
        Route::post("/me", Access::SignedIn, pages::me::save),
        Route::post("/me/password", Access::SignedIn, pages::me::change_password),
        Route::post("/me/tokens", Access::SignedIn, pages::me::create_token),
        Route::post("/me/tokens/{id}/revoke", Access::SignedIn, pages::me::revoke_token),
        Route::post("/me/sign-out-everywhere", Access::SignedIn, pages::me::sign_out_everywhere),
        Route::get("/settings/people", Access::Needs(PEOPLE_VIEW), pages::people::list),
        Route::post("/settings/people", Access::Needs(PEOPLE_EDIT), pages::people::create),
        Route::get("/settings/people/new", Access::Needs(PEOPLE_EDIT), pages::people::new),
        Route::get("/settings/people/import", Access::Needs(PEOPLE_EDIT), pages::import::show),
        Route::post("/settings/people/import", Access::Needs(PEOPLE_EDIT), pages::import::take),
        Route::get("/settings/people/{id}/sees", Access::Needs(ROLES_VIEW), pages::sees::show),
        Route::post("/settings/people/{id}/reset", Access::Needs(PEOPLE_EDIT), pages::people::reset),
        Route::post("/settings/people/{id}/end-sessions", Access::Needs(PEOPLE_EDIT), pages::people::end_sessions),
        Route::post("/settings/people/{id}/lock", Access::Needs(PEOPLE_EDIT), pages::people::lock),
        Route::get("/settings/people/{id}", Access::Needs(PEOPLE_VIEW), pages::people::show),
        Route::post("/settings/people/{id}", Access::Needs(PEOPLE_EDIT), pages::people::save),
        Route::get("/settings/units", Access::Needs(UNITS_VIEW), pages::units::list),
        Route::post("/settings/units", Access::Needs(UNITS_EDIT), pages::units::create),
        Route::get("/settings/units/new", Access::Needs(UNITS_EDIT), pages::units::new),
        Route::get("/settings/units/{id}", Access::Needs(UNITS_VIEW), pages::units::show),
        Route::post("/settings/units/{id}", Access::Needs(UNITS_EDIT), pages::units::save),
        Route::get("/settings/roles", Access::Needs(ROLES_VIEW), pages::roles::list),
        Route::post("/settings/roles", Access::Needs(ROLES_EDIT), pages::roles::create),
        Route::get("/settings/roles/new", Access::Needs(ROLES_EDIT), pages::roles::new),
        Route::get("/settings/roles/{code}", Access::Needs(ROLES_VIEW), pages::roles::show),
        Route::post("/settings/roles/{code}", Access::Needs(ROLES_EDIT), pages::roles::save),
        Route::post("/settings/roles/{code}/remove", Access::Needs(ROLES_EDIT), pages::roles::remove),
        Route::post("/files", Access::SignedIn, files::upload),
        Route::get("/files/{id}", Access::SignedIn, files::show),
        Route::get("/files/{id}/small", Access::SignedIn, files::small),
        Route::post("/api/v1/files", Access::SignedIn, files::upload),
        Route::get("/api/v1/files/{id}", Access::SignedIn, files::describe),
        Route::get("/api/v1/me", Access::SignedIn, api::me),
        Route::post("/api/v1/me/password", Access::SignedIn, own_api::change_password),
        Route::post("/api/v1/me/pin", Access::SignedIn, own_api::set_pin),
        Route::delete("/api/v1/me/pin", Access::SignedIn, own_api::clear_pin),
        Route::get("/api/v1/me/tokens", Access::SignedIn, own_api::tokens),
        Route::post("/api/v1/me/tokens", Access::SignedIn, own_api::create_token),
        Route::delete("/api/v1/me/tokens/{id}", Access::SignedIn, own_api::revoke_token),
        Route::get("/api/v1/settings/history", Access::Needs(HISTORY_VIEW), own_api::changes),
        Route::post("/api/v1/users/import", Access::Needs(PEOPLE_EDIT), own_api::import),
        Route::get("/api/v1/stores", Access::SignedIn, api::stores),
        Route::get("/api/v1/users", Access::Needs(PEOPLE_VIEW), api::users),
        Route::post("/api/v1/users", Access::Needs(PEOPLE_EDIT), settings_api::add_user),
        Route::patch("/api/v1/users/{id}", Access::Needs(PEOPLE_EDIT), settings_api::change_user),
        Route::get("/api/v1/users/{id}/sees", Access::Needs(ROLES_VIEW), settings_api::seen_by),
        Route::get("/api/v1/roles", Access::Needs(ROLES_VIEW), settings_api::roles),
        Route::post("/api/v1/users/{id}/end-sessions", Access::Needs(PEOPLE_EDIT), people_api::end_sessions),
        Route::post("/api/v1/users/{id}/lock", Access::Needs(PEOPLE_EDIT), people_api::lock),
        Route::post("/api/v1/users/{id}/reset", Access::Needs(PEOPLE_EDIT), people_api::reset),
        Route::post("/api/v1/roles", Access::Needs(ROLES_EDIT), people_api::add_role),
        Route::patch("/api/v1/roles/{code}", Access::Needs(ROLES_EDIT), people_api::change_role),
        Route::delete("/api/v1/roles/{code}", Access::Needs(ROLES_EDIT), people_api::remove_role),
        Route::get("/api/v1/organisation", Access::Needs(UNITS_VIEW), settings_api::units),
        Route::post("/api/v1/organisation", Access::Needs(UNITS_EDIT), people_api::add_unit),
        Route::patch("/api/v1/organisation/{id}", Access::Needs(UNITS_EDIT), people_api::change_unit),
        Route::get("/api/v1/calendars", Access::Needs(CALENDARS_VIEW), settings_api::calendars),
        Route::post("/api/v1/calendars/changes", Access::Needs(CALENDARS_EDIT), settings_api::change_calendar),
        Route::get("/api/v1/deadlines", Access::Needs(cases::app::RULES_VIEW), settings_api::deadlines),
        Route::post("/api/v1/deadlines", Access::Needs(cases::app::RULES_EDIT), settings_api::change_deadlines),
    ];
    capability
}
