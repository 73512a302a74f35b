//! Hard cases (难题): what several cases have behind them, with an owner, experts and one timeline.
//!
//! Nouns: 难题 = [`store::Problem`], 专家 = expert ([`store::experts`]), 提升 = promote ([`app::promote`]).
//!
//! Invariants: a case belongs to at most one problem; a cause is known before anything counts as solved; whoever owns it or helps with it
//! sees it, wherever they work, but of its cases only those that they may see anyway; a problem is closed, never deleted. Not here: root
//! cause tools, plans and their effect (later), the cases themselves (`cases`).

mod api;
pub mod app;
pub mod domain;
mod jobs;
mod measures;
mod pages;
pub mod store;

use capability::{Access, Capability, MenuEntry, MenuGroup, Route, Watch};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    // Experts hold no permission for it: whether they see one is looked at in each.
    let seen = Access::SignedIn;
    let edit = Access::Needs(app::EDIT);
    Capability {
        routes: vec![
            Route::get("/problems", seen, pages::list),
            Route::get("/problems/{id}", seen, pages::show),
            Route::post("/problems/{id}", seen, pages::change),
            Route::post("/problems/{id}/posts", seen, pages::post),
            Route::post("/problems/{id}/unlink", seen, pages::unlink),
            Route::get("/cases/{id}/problem", Access::Needs(cases::app::VIEW), pages::of_case),
            Route::post("/cases/{id}/problem", edit, pages::promote),
            Route::get("/api/v1/problems", seen, api::list),
            Route::post("/api/v1/problems", edit, api::create),
            Route::get("/api/v1/problems/{id}", seen, api::show),
            Route::patch("/api/v1/problems/{id}", seen, api::change),
            Route::post("/api/v1/problems/{id}/cases", edit, api::link),
            Route::post("/api/v1/problems/{id}/posts", seen, api::post),
        ],
        permissions: app::PERMISSIONS,
        menu: MENU,
        watch: &[Watch { kind: app::RECORD, needs: app::VIEW }],
        metrics: measures::METRICS,
        jobs: jobs::jobs,
        file_doors: &[app::DOOR],
        finders: &[app::FINDER],
        openapi: Some(api::openapi()),
        ..Capability::new("problems")
    }
}

const MENU: &[MenuEntry] = &[MenuEntry {
    group: MenuGroup::Improvement,
    order: 20,
    label: "problems-menu",
    href: "/problems",
    icon: "bulb",
    go: None,
    needs: Some(app::VIEW),
}];
