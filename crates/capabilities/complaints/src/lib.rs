//! Complaints (投诉): a case of that kind has a flow of its own, from registration to the archive.
//!
//! Nouns: 投诉 = [`store::Complaint`], 严重度 = [`domain::Severity`], 责任认定 = [`domain::Command::Conclude`], 处理方式 =
//! [`domain::Line`], 回访 = [`domain::Command::CallBack`], 申诉 = [`domain::Command::Appeal`].
//!
//! Invariants: a complaint stands beside its case, has the case's id and version, and moves only by what [`domain::decide`] allows;
//! each move drives the case in the same transaction ([`cases::app::flow`]), so that queue, clocks and the customer's page are the
//! case's; nobody whom it is about handles it; whoever handled it does not call back; an appeal goes to somebody new and higher, once;
//! what is offered beyond one's limit, and not taking a severe one on, waits for a second signature. Not here: the case, its tasks,
//! files and links (`cases`), signatures (`approvals`).

mod api;
pub mod app;
pub mod domain;
mod jobs;
pub mod keeping;
mod listen;
pub mod matrix;
mod measures;
mod pages;
pub mod regulator;
pub mod review;
pub mod store;

use capability::{Access, Capability, MenuEntry, MenuGroup, Route};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let view = Access::Needs(app::VIEW);
    Capability {
        routes: vec![
            Route::get("/complaints", view, pages::list),
            Route::get("/complaints.csv", Access::Needs(app::EXPORT), pages::export),
            Route::get("/complaints/causes", view, pages::causes),
            Route::get("/complaints/matrix", view, matrix::page_list),
            Route::get("/complaints/matrix/{topic}", view, matrix::page_edit),
            Route::post("/complaints/matrix/{topic}", Access::Needs(matrix::EDIT), matrix::page_save),
            Route::post("/complaints/{id}/matrix", view, matrix::page_give),
            Route::get("/complaints/reviews", view, review::page_list),
            Route::post("/complaints/reviews", Access::Needs(review::REVIEW), review::page_draw),
            Route::get("/complaints/reviews/new", Access::Needs(review::REVIEW), review::page_begin),
            Route::get("/complaints/reviews/sheet", view, review::page_sheet),
            Route::post("/complaints/reviews/sheet", Access::Needs(review::EDIT), review::page_sheet_save),
            Route::get("/complaints/reviews/{id}", view, review::page_show),
            Route::post("/complaints/reviews/{id}", Access::Needs(review::REVIEW), review::page_mark),
            Route::post("/complaints/reviews/{id}/answer", view, review::page_answer),
            Route::get("/complaints/{id}", view, pages::show),
            Route::get("/complaints/{id}/dossier.zip", Access::Needs(app::EXPORT), pages::dossier),
            Route::get("/complaints/{id}/do/{command}", view, pages::ask),
            Route::post("/complaints/{id}/do/{command}", view, pages::give),
            Route::get("/api/v1/complaints", view, api::list),
            Route::get("/api/v1/complaints/causes", view, api::causes),
            Route::get("/api/v1/complaints/matrix", view, matrix::api_list),
            Route::patch("/api/v1/complaints/matrix/{topic}", Access::Needs(matrix::EDIT), matrix::api_change),
            Route::get("/api/v1/complaints/{id}/matrix", view, matrix::api_of_complaint),
            Route::get("/api/v1/complaints/reviews", view, review::api_list),
            Route::post("/api/v1/complaints/reviews", Access::Needs(review::REVIEW), review::api_draw),
            Route::get("/api/v1/complaints/reviews/{id}", view, review::api_show),
            Route::post("/api/v1/complaints/reviews/{id}/marks", Access::Needs(review::REVIEW), review::api_mark),
            Route::post("/api/v1/complaints/reviews/{id}/answer", view, review::api_answer),
            Route::get("/api/v1/complaints/{id}", view, api::show),
            Route::get("/api/v1/complaints/{id}/dossier", Access::Needs(app::EXPORT), api::dossier),
            Route::post("/api/v1/complaints/{id}/{command}", view, api::command),
        ]
        .into_iter()
        .chain(regulator::routes())
        .chain(keeping::routes())
        .collect(),
        permissions: app::PERMISSIONS,
        menu: MENU,
        metrics: measures::METRICS,
        listeners: &[listen::follow, listen::forget_customer, matrix::inform],
        jobs: jobs::jobs,
        approval_kinds: &[app::NOT_ACCEPT, regulator::app::STATEMENT],
        openapi: Some(api::openapi().merge_from(regulator::api::openapi()).merge_from(keeping::openapi())),
        ..Capability::new("complaints")
    }
}

const MENU: &[MenuEntry] = &[
    MenuEntry {
        group: MenuGroup::Work,
        order: 35,
        label: "complaints-menu",
        href: "/complaints",
        icon: "message-exclamation",
        go: Some("o"),
        needs: Some(app::VIEW),
    },
    regulator::ENTRY,
    keeping::ENTRY,
];
