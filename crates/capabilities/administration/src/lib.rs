//! Screens of the platform: signing in, first run, one's own settings, people, organisation, roles.
//!
//! Nouns: 登录 = sign in, 首次设置 = first run, 人员 = people ([`identity::User`]), 组织 = units ([`identity::Unit`]), 角色与权限 = roles.
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
mod pages;
mod permissions;

pub use commands::{create_token, create_user};
pub use permissions::{ADMINISTRATORS_APPOINT, PEOPLE_EDIT, PEOPLE_VIEW, ROLES_VIEW, UNITS_EDIT, UNITS_VIEW};

use capability::{Access, Capability, MenuEntry, MenuGroup, Route};
use utoipa::OpenApi;

const MENU: &[MenuEntry] = &[
    MenuEntry {
        group: MenuGroup::Settings,
        order: 10,
        label: "administration-menu-people",
        href: "/settings/people",
        icon: "users",
        needs: Some(PEOPLE_VIEW),
        go: None,
    },
    MenuEntry {
        group: MenuGroup::Settings,
        order: 20,
        label: "administration-menu-units",
        href: "/settings/units",
        icon: "building-store",
        needs: Some(UNITS_VIEW),
        go: None,
    },
    MenuEntry {
        group: MenuGroup::Settings,
        order: 30,
        label: "administration-menu-roles",
        href: "/settings/roles",
        icon: "shield-check",
        needs: Some(ROLES_VIEW),
        go: None,
    },
];

/// What this capability brings.
pub fn capability() -> Capability {
    let mut capability = Capability::new("administration");
    capability.permissions = permissions::DEFS;
    capability.menu = MENU;
    capability.openapi = Some(api::Description::openapi());
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
        Route::get("/me", Access::SignedIn, pages::me::show),
        Route::post("/me", Access::SignedIn, pages::me::save),
        Route::post("/me/password", Access::SignedIn, pages::me::change_password),
        Route::post("/me/tokens", Access::SignedIn, pages::me::create_token),
        Route::post("/me/tokens/{id}/revoke", Access::SignedIn, pages::me::revoke_token),
        Route::post("/me/sign-out-everywhere", Access::SignedIn, pages::me::sign_out_everywhere),
        Route::get("/settings/people", Access::Needs(PEOPLE_VIEW), pages::people::list),
        Route::post("/settings/people", Access::Needs(PEOPLE_EDIT), pages::people::create),
        Route::get("/settings/people/new", Access::Needs(PEOPLE_EDIT), pages::people::new),
        Route::get("/settings/people/{id}", Access::Needs(PEOPLE_VIEW), pages::people::show),
        Route::post("/settings/people/{id}", Access::Needs(PEOPLE_EDIT), pages::people::save),
        Route::get("/settings/units", Access::Needs(UNITS_VIEW), pages::units::list),
        Route::post("/settings/units", Access::Needs(UNITS_EDIT), pages::units::create),
        Route::get("/settings/units/new", Access::Needs(UNITS_EDIT), pages::units::new),
        Route::get("/settings/units/{id}", Access::Needs(UNITS_VIEW), pages::units::show),
        Route::post("/settings/units/{id}", Access::Needs(UNITS_EDIT), pages::units::save),
        Route::get("/settings/roles", Access::Needs(ROLES_VIEW), pages::roles::show),
        Route::post("/files", Access::SignedIn, files::upload),
        Route::get("/files/{id}", Access::SignedIn, files::show),
        Route::get("/files/{id}/small", Access::SignedIn, files::small),
        Route::post("/api/v1/files", Access::SignedIn, files::upload),
        Route::get("/api/v1/files/{id}", Access::SignedIn, files::describe),
        Route::get("/api/v1/me", Access::SignedIn, api::me),
        Route::get("/api/v1/stores", Access::SignedIn, api::stores),
        Route::get("/api/v1/users", Access::Needs(PEOPLE_VIEW), api::users),
    ];
    capability
}
