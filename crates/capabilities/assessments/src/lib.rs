//! Self-assessments (自评): what a unit's score was on a day and what it rested on, signed and never changed.
//!
//! Nouns: 自评 = [`store::Assessment`] with its [`domain::Body`], 对比 = comparison ([`domain::differences`]), 自评报告 = report, 证据包 =
//! evidence bundle ([`app::bundle()`]).
//!
//! Invariants: a self-assessment holds everything that it says, in both languages, as one signed text; it is never changed, only withdrawn
//! with a reason, and stays; today it takes the score as it stands, of an earlier day what was kept at its end, never anything computed
//! afterwards; what is estimated says so. Not here: how points are counted (`scoring`), the live score (`scores`).

mod access;
mod api;
pub mod app;
pub mod certificates;
pub mod domain;
mod jobs;
mod pages;
pub mod store;

use capability::{Access, Capability, MenuEntry, MenuGroup, Route, Watch};

pub use access::{CERTIFICATES, EXPORT, KEEP, MAKE, VIEW};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let (view, make, export) = (Access::Needs(VIEW), Access::Needs(MAKE), Access::Needs(EXPORT));
    let (register, keep) = (Access::Needs(CERTIFICATES), Access::Needs(KEEP));
    let mut openapi = api::openapi();
    openapi.merge(certificates::api::openapi());
    Capability {
        routes: vec![
            Route::get("/assessments", view, pages::list::show),
            Route::get("/assessments/new", make, pages::new::ask),
            Route::post("/assessments", make, pages::new::make),
            Route::get("/assessments/compare", view, pages::compare::show),
            Route::get("/assessments/{id}", view, pages::detail::show),
            Route::post("/assessments/{id}/withdraw", make, pages::detail::withdraw),
            Route::get("/assessments/{id}/report", view, pages::report::print),
            Route::get("/assessments/{id}/bundle.zip", export, pages::bundle::file),
            Route::get("/api/v1/assessments", view, api::list),
            Route::post("/api/v1/assessments", make, api::make),
            Route::get("/api/v1/assessments/compare", view, api::compare),
            Route::get("/api/v1/assessments/{id}", view, api::show),
            Route::post("/api/v1/assessments/{id}/withdraw", make, api::withdraw),
            Route::get("/certificates", register, certificates::pages::list),
            Route::get("/certificates/new", keep, certificates::pages::ask),
            Route::post("/certificates", keep, certificates::pages::enter),
            Route::get("/certificates/{id}", register, certificates::pages::show),
            Route::post("/certificates/{id}/visits/{visit}", keep, certificates::pages::visit),
            Route::post("/certificates/{id}/uses", keep, certificates::pages::add_use),
            Route::post("/certificates/{id}/uses/{use}/end", keep, certificates::pages::end_use),
            Route::post("/certificates/{id}/withdraw", keep, certificates::pages::withdraw),
            Route::get("/api/v1/certificates", register, certificates::api::list),
            Route::post("/api/v1/certificates", keep, certificates::api::enter),
            Route::get("/api/v1/certificates/{id}", register, certificates::api::show),
            Route::post("/api/v1/certificates/{id}/visits/{visit}", keep, certificates::api::visit),
            Route::post("/api/v1/certificates/{id}/uses", keep, certificates::api::add_use),
            Route::post("/api/v1/certificates/{id}/uses/{use}/end", keep, certificates::api::end_use),
            Route::post("/api/v1/certificates/{id}/withdraw", keep, certificates::api::withdraw),
        ],
        permissions: access::PERMISSIONS,
        menu: MENU,
        watch: &[Watch { kind: app::RECORD, needs: VIEW }],
        jobs: jobs::jobs,
        file_doors: &[certificates::app::DOOR],
        finders: &[app::FINDER],
        openapi: Some(openapi),
        ..Capability::new("assessments")
    }
}

const MENU: &[MenuEntry] = &[
    MenuEntry {
        group: MenuGroup::Management,
        order: 31,
        label: "assessments-menu",
        href: "/assessments",
        icon: "clipboard-check",
        go: None,
        needs: Some(VIEW),
    },
    MenuEntry {
        group: MenuGroup::Management,
        order: 32,
        label: "assessments-certificates-menu",
        href: "/certificates",
        icon: "award",
        go: None,
        needs: Some(CERTIFICATES),
    },
];
