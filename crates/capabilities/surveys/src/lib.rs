//! Satisfaction surveys (满意度): every customer whose case is closed is asked, by rule and never by choice of staff.
//!
//! Nouns: 评价邀请 = invitation, 评价 = [`domain::Answer`], 满意 = csat (1–5), 推荐 = nps (0–10), 省力 = effort (1–5),
//! 补救 = [`domain::Recovery`].
//!
//! Invariants: one survey per case, made in the transaction that closes it; an answer can be changed by the customer for 24
//! hours and by nobody else ever; the metrics gain exactly the difference; a low rating leaves an internal message on its case
//! and stays on the list until somebody has made up for it. Not here: links (`cases`), sending (`messaging`), asking by phone,
//! excluding ratings (headquarters, later).

mod api;
pub mod app;
pub mod domain;
mod listen;
mod measures;
mod pages;
pub mod store;

use capability::{Access, Capability, MenuEntry, MenuGroup, Route, Watch};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let view = Access::Needs(app::VIEW);
    Capability {
        routes: vec![
            Route::get("/rate/{token}", Access::Link, pages::rate),
            Route::post("/rate/{token}", Access::Link, pages::answer),
            Route::get("/surveys", view, pages::list),
            Route::get("/surveys/{id}/recovered", Access::Needs(app::RECOVER), pages::recovering),
            Route::post("/surveys/{id}/recovered", Access::Needs(app::RECOVER), pages::recovered),
            Route::get("/api/v1/surveys", view, api::list),
        ],
        permissions: app::PERMISSIONS,
        menu: MENU,
        metrics: measures::METRICS,
        listeners: &[listen::invite_on_close],
        watch: &[Watch { kind: app::RECORD, needs: app::VIEW }],
        openapi: Some(api::openapi()),
        ..Capability::new("surveys")
    }
}

const MENU: &[MenuEntry] = &[MenuEntry {
    group: MenuGroup::Improvement,
    order: 10,
    label: "surveys-menu",
    href: "/surveys",
    icon: "mood-smile",
    go: None,
    needs: Some(app::VIEW),
}];
