//! Talk guides (话术) and coordination guides (协调指引): what a good colleague would say now, beside the case.
//!
//! Nouns: 话术 = [`store::Guide`], 情形 = [`domain::Situation`], 空格 = [`domain::BLANKS`].
//!
//! Invariants: a guide is changed by a new version and never rewritten; what is no longer offered is retired and kept; what a guide does
//! not name fits everything; calming words are shown for customers who are upset, and for nobody else. Not here: who is upset
//! (`feedback`), what a complaint is about (`complaints`); they hand over a [`domain::Situation`] and show [`beside`].

mod api;
pub mod app;
mod beside;
pub mod domain;
mod pages;
pub mod store;

pub use beside::{Beside, Fill, beside};

use capability::{Access, Capability, MenuEntry, MenuGroup, Route};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let view = Access::Needs(app::VIEW);
    let edit = Access::Needs(app::EDIT);
    Capability {
        routes: vec![
            Route::get("/guides", view, pages::list),
            Route::get("/guides/new", edit, pages::new),
            Route::post("/guides", edit, pages::add),
            Route::get("/guides/{id}", view, pages::show),
            Route::get("/guides/{id}/edit", edit, pages::edit),
            Route::post("/guides/{id}/edit", edit, pages::change),
            Route::post("/guides/{id}/retire", edit, pages::retire),
            Route::get("/api/v1/guides", view, api::list),
            Route::post("/api/v1/guides", edit, api::add),
            Route::get("/api/v1/guides/{id}", view, api::show),
            Route::patch("/api/v1/guides/{id}", edit, api::change),
            Route::post("/api/v1/guides/{id}/retire", edit, api::retire),
        ],
        permissions: app::PERMISSIONS,
        menu: MENU,
        openapi: Some(api::openapi()),
        ..Capability::new("guides")
    }
}

const MENU: &[MenuEntry] = &[MenuEntry {
    group: MenuGroup::Reference,
    order: 40,
    label: "guides-menu",
    href: "/guides",
    icon: "message-circle",
    go: None,
    needs: Some(app::VIEW),
}];
