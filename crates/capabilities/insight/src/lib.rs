//! Reading: the dictionary of metrics with its numbers, and finding records by what their texts say.
//!
//! Nouns: 指标 = metric, 指标字典 = dictionary, 时间段 = [`numbers::Span`], 查找 = [`finding::find`], 命中 = [`finding::Row`].
//!
//! Invariants: a number is read only over stores that the actor reaches, a record is found only within the reach of its own kind's
//! permission, and reach is part of the SQL; every number states what it is made of and leads to its records; whole phone
//! numbers are masked even inside what was found. Not here: what is counted (each capability), how numbers are kept
//! (`metrics`), how texts are found (`search`), how results are compared between companies.

mod api;
pub mod finding;
pub mod numbers;
mod pages;
mod permissions;

pub use permissions::VIEW;

use capability::{Access, Capability, MenuEntry, MenuGroup, Route};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let view = Access::Needs(VIEW);
    Capability {
        routes: vec![
            Route::get("/metrics", view, pages::overview),
            Route::get("/metrics/{id}", view, pages::metric),
            // Whoever is signed in may look; what is found is cut to what they may see.
            Route::get("/search", Access::SignedIn, pages::search),
            Route::get("/api/v1/metrics", view, api::metrics::list),
            Route::get("/api/v1/metrics/{id}", view, api::metrics::show),
            Route::get("/api/v1/search", Access::SignedIn, api::search::list),
        ],
        permissions: permissions::DEFS,
        menu: MENU,
        openapi: Some(api::openapi()),
        ..Capability::new("insight")
    }
}

const MENU: &[MenuEntry] = &[MenuEntry {
    group: MenuGroup::Management,
    order: 40,
    label: "insight-menu",
    href: "/metrics",
    icon: "report-analytics",
    go: Some("b"),
    needs: Some(VIEW),
}];
