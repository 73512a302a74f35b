//! Claims on makers and suppliers (向厂家索赔): what a returned, exchanged or repaired unit cost us is claimed from its maker.
//!
//! Nouns: 索赔单 = [`store::Claim`], 步骤 = [`store::Step`], 索赔期限 = [`store::Term`], 应收 = receivable ([`store::Receivable`]), 索赔包 =
//! pack ([`app::pack`]).
//!
//! Invariants: a line of a return and a repair are claimed once at a time; a claim opens by itself when the law's part of a return is
//! refunded or its exchange is delivered; every step has its day, person, reference and, where something is given up, its reason; days
//! never run backwards; what is claimed is receivable from the day it is sent until it is credited or written off; what is booked
//! balances and is booked once; the maker's cut-off is data, somebody is told before it passes. A pack names goods and money, never the
//! customer. Not here: returns and their money (`returns`), what happened to a unit (`parties`).

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
    let (terms, export) = (Access::Needs(app::TERMS), Access::Needs(app::EXPORT));
    Capability {
        routes: vec![
            Route::get("/claims", view, pages::list::show),
            Route::get("/claims.csv", export, pages::export::claims),
            Route::get("/claims/receivables", view, pages::receivables::show),
            Route::get("/claims/receivables.csv", export, pages::export::receivables),
            Route::get("/claims/terms", terms, pages::terms::show),
            Route::post("/claims/terms", terms, pages::terms::set),
            Route::get("/claims/beside", view, pages::beside::show),
            Route::get("/claims/new", handle, pages::new::ask),
            Route::post("/claims/new", handle, pages::new::open),
            Route::get("/claims/{id}", view, pages::detail::show),
            Route::get("/claims/{id}/print", view, pages::pack::print),
            Route::get("/claims/{id}/pack.zip", handle, pages::pack::file),
            Route::get("/claims/{id}/do/{command}", view, pages::command::ask),
            Route::post("/claims/{id}/do/{command}", view, pages::command::give),
            Route::get("/api/v1/claims", view, api::list),
            Route::post("/api/v1/claims", handle, api::open),
            Route::get("/api/v1/claims/receivables", view, api::receivables),
            Route::get("/api/v1/claims/terms", view, api::terms),
            Route::post("/api/v1/claims/terms", terms, api::set_term),
            Route::get("/api/v1/claims/{id}", view, api::show),
            Route::post("/api/v1/claims/{id}/{command}", view, api::command),
        ],
        permissions: app::PERMISSIONS,
        menu: MENU,
        metrics: measures::METRICS,
        listeners: &[listen::follow],
        jobs: jobs::jobs,
        watch: &[Watch { kind: app::RECORD, needs: app::VIEW }],
        openapi: Some(api::openapi()),
        ..Capability::new("claims")
    }
}

const MENU: &[MenuEntry] = &[
    MenuEntry {
        group: MenuGroup::Work,
        order: 27,
        label: "claims-menu",
        href: "/claims",
        icon: "building-factory-2",
        go: None,
        needs: Some(app::VIEW),
    },
    MenuEntry {
        group: MenuGroup::Management,
        order: 41,
        label: "claims-terms-menu",
        href: "/claims/terms",
        icon: "calendar-event",
        go: None,
        needs: Some(app::TERMS),
    },
];
