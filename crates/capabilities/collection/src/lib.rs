//! What we collect ourselves (主动收集), before customers come: complaints that stand on platforms and with authorities, and what is heard
//! and seen in stores.
//!
//! Nouns: 导入投诉 = [`app::import`], 外部单号 = [`domain::Source`] and a number there, 巡店记录 = [`store::Entry`],
//! 回访名单 = [`store::campaign::Campaign`].
//!
//! Invariants: an outside number becomes a case once per source, however often its file comes; a table with a wrong line is taken over
//! not at all; when the customer complained is kept beside when it was typed in; an entry becomes at most one case; a list of
//! call-backs is drawn once, spares who said no and whoever was called not long ago. Not here: the
//! complaint itself (`complaints`, which hears [`app::CAME`]), ratings and their recovery (`surveys`).

mod api;
pub mod app;
pub mod domain;
mod listen;
mod measures;
mod pages;
pub mod store;

use capability::{Access, Capability, MenuEntry, MenuGroup, Route};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let import = Access::Needs(app::IMPORT);
    let patrol = Access::Needs(app::PATROL);
    let campaign = Access::Needs(app::campaign::CAMPAIGN);
    let call = Access::Needs(app::campaign::CALL_BACK);
    Capability {
        routes: vec![
            Route::get("/collection/import", import, pages::import::show),
            Route::post("/collection/import", import, pages::import::take),
            Route::get("/patrols", patrol, pages::patrol::list),
            Route::post("/patrols", patrol, pages::patrol::add),
            Route::get("/patrols/new", patrol, pages::patrol::new),
            Route::get("/patrols/{id}", patrol, pages::patrol::show),
            Route::post("/patrols/{id}/case", patrol, pages::patrol::become_case),
            Route::post("/patrols/{id}/done", patrol, pages::patrol::done),
            Route::get("/callbacks", call, pages::campaign::list),
            Route::get("/callbacks/new", campaign, pages::campaign::new),
            Route::post("/callbacks", campaign, pages::campaign::begin),
            Route::get("/callbacks/{id}", call, pages::campaign::show),
            Route::get("/callbacks/{id}/results.csv", campaign, pages::results::show),
            Route::post("/callbacks/{id}/close", campaign, pages::campaign::close),
            Route::get("/callbacks/customers/{id}", call, pages::campaign::calling),
            Route::post("/callbacks/customers/{id}", call, pages::campaign::note),
            Route::post("/callbacks/customers/{id}/case", call, pages::campaign::follow),
            Route::get("/api/v1/callbacks", call, api::campaign::list),
            Route::post("/api/v1/callbacks", campaign, api::campaign::begin),
            Route::get("/api/v1/callbacks/{id}", call, api::campaign::show),
            Route::get("/api/v1/callbacks/{id}/results", campaign, api::campaign::results),
            Route::post("/api/v1/callbacks/{id}/close", campaign, api::campaign::close),
            Route::post("/api/v1/callbacks/customers/{id}/calls", call, api::campaign::note),
            Route::post("/api/v1/callbacks/customers/{id}/case", call, api::campaign::follow),
            Route::post("/api/v1/collection/complaints", import, api::import),
            Route::get("/api/v1/patrols", patrol, api::list),
            Route::post("/api/v1/patrols", patrol, api::add),
            Route::get("/api/v1/patrols/{id}", patrol, api::show),
            Route::post("/api/v1/patrols/{id}/case", patrol, api::become_case),
            Route::post("/api/v1/patrols/{id}/done", patrol, api::done),
        ],
        permissions: app::PERMISSIONS,
        menu: MENU,
        metrics: measures::METRICS,
        listeners: &[listen::follow],
        file_doors: &[app::DOOR],
        openapi: Some(api::openapi()),
        ..Capability::new("collection")
    }
}

const MENU: &[MenuEntry] = &[
    MenuEntry {
        group: MenuGroup::Work,
        order: 48,
        label: "collection-callbacks-menu",
        href: "/callbacks",
        icon: "headset",
        go: None,
        needs: Some(app::campaign::CALL_BACK),
    },
    MenuEntry {
        group: MenuGroup::Work,
        order: 36,
        label: "collection-menu-patrols",
        href: "/patrols",
        icon: "building-store",
        go: None,
        needs: Some(app::PATROL),
    },
    MenuEntry {
        group: MenuGroup::Work,
        order: 37,
        label: "collection-menu-import",
        href: "/collection/import",
        icon: "file-import",
        go: None,
        needs: Some(app::IMPORT),
    },
];
