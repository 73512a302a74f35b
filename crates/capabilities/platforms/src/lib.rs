//! Shops on platforms (平台店): 抖音, 京东, 天猫 and the like, and what their buyers ask for after the sale.
//!
//! Nouns: 平台 = [`store::Platform`], 平台店 = [`store::Shop`], 平台售后单 = [`store::Order`], 平台时限 = [`store::ClockRow`], 运费险 =
//! [`domain::Insurance`], 平台介入 = [`domain::State::Intervention`].
//!
//! Invariants: an order comes once per platform and number, however often its file or call comes, with its case, and with its sale and
//! return where nothing has to be asked; a file with a wrong line is taken over not at all; a deadline is the platform's own moment or
//! the hours that somebody entered with their source, never a guess, and says which; kept is what was done and entered in time; goods
//! that came back are refused only with photos of the opening and of the scales; freight insurance adds up; platform terms that are bound
//! to shops hold for what these shops sell and nowhere else. The platform's flow and ours do not wait for each other. Not here: the
//! return, its verdict and its money (`returns`), complaints that stand on platforms (`collection`).

mod api;
pub mod app;
pub mod domain;
mod jobs;
mod listen;
mod measures;
mod pages;
pub mod store;

use capability::{Access, Capability, MenuEntry, MenuGroup, Route, Watch};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let (view, handle) = (Access::Needs(app::VIEW), Access::Needs(app::HANDLE));
    let (import, shops) = (Access::Needs(app::IMPORT), Access::Needs(app::SHOPS));
    Capability {
        routes: vec![
            Route::get("/platform-orders", view, pages::list::show),
            Route::get("/platform-orders/import", import, pages::import::show),
            Route::post("/platform-orders/import", import, pages::import::take),
            Route::get("/platform-orders/beside", view, pages::beside::show),
            Route::get("/platform-orders/{id}", view, pages::detail::show),
            Route::get("/platform-orders/{id}/insurance", handle, pages::insurance::ask),
            Route::post("/platform-orders/{id}/insurance", handle, pages::insurance::say),
            Route::get("/platform-orders/{id}/do/{command}", handle, pages::command::ask),
            Route::post("/platform-orders/{id}/do/{command}", handle, pages::command::give),
            Route::get("/platform-shops", view, pages::shops::list),
            Route::get("/platform-shops/new", shops, pages::shops::new),
            Route::post("/platform-shops/new", shops, pages::shops::make),
            Route::get("/platform-shops/{id}", shops, pages::shops::edit),
            Route::post("/platform-shops/{id}", shops, pages::shops::save),
            Route::get("/api/v1/platform-orders", view, api::list),
            Route::post("/api/v1/platform-orders", import, api::take),
            Route::get("/api/v1/platform-orders/{id}", view, api::show),
            Route::post("/api/v1/platform-orders/{id}/insurance", handle, api::insure),
            Route::post("/api/v1/platform-orders/{id}/{command}", handle, api::command),
            Route::get("/api/v1/platform-shops", view, api::shops),
            Route::post("/api/v1/platform-shops", shops, api::save_shop),
        ],
        permissions: app::PERMISSIONS,
        menu: MENU,
        metrics: measures::METRICS,
        listeners: &[listen::follow],
        jobs: jobs::jobs,
        file_doors: &[app::DOOR],
        watch: &[Watch { kind: app::RECORD, needs: app::VIEW }],
        openapi: Some(api::openapi()),
        ..Capability::new("platforms")
    }
}

const MENU: &[MenuEntry] = &[
    MenuEntry {
        group: MenuGroup::Work,
        order: 28,
        label: "platforms-menu",
        href: "/platform-orders",
        icon: "world",
        go: None,
        needs: Some(app::VIEW),
    },
    MenuEntry {
        group: MenuGroup::Management,
        order: 43,
        label: "platforms-shops-menu",
        href: "/platform-shops",
        icon: "building-store",
        go: None,
        needs: Some(app::SHOPS),
    },
];
