//! What customers say (反馈): one inbox of feedback and complaints; the program suggests, a person decides, the program learns from it.
//!
//! Nouns: 反馈 = [`store::Item`], 建议 = [`domain::Suggestions`], 标注 = [`domain::Labels`] (category, sentiment, urgent, spam), 反馈类别 = [`domain::tree::Category`],
//! 模型 = [`store::ModelRow`].
//!
//! Invariants: an item exists for every case of the kinds feedback and complaint, made in the transaction that takes the case in (of those
//! that were over before there was an inbox there is none); a suggestion is derived data, carries its confidence, its reasons and the version
//! of its model, and never decides anything; only a person labels, which is journalled; nothing leaves the machine. Not here: the case itself (`cases`), the classifier (`classify`).

mod api;
pub mod app;
pub mod domain;
mod jobs;
mod listen;
mod measures;
mod pages;
pub mod store;

use capability::{Access, Capability, MenuEntry, MenuGroup, Route};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let view = Access::Needs(app::VIEW);
    let label = Access::Needs(app::LABEL);
    let improve = Access::Needs(app::IMPROVE);
    let edit = Access::Needs(app::CATEGORIES);
    Capability {
        routes: vec![
            Route::get("/feedback", view, pages::list),
            Route::get("/feedback/{id}", view, pages::show),
            Route::post("/feedback/{id}/labels", label, pages::label),
            Route::post("/feedback/batch", label, pages::batch),
            Route::post("/feedback/model/train", Access::Needs(app::TRAIN), pages::train),
            Route::post("/feedback/{id}/improvements", improve, pages::improve::begin),
            Route::get("/settings/categories", edit, pages::tree::list),
            Route::get("/settings/categories/new", edit, pages::tree::new),
            Route::post("/settings/categories", edit, pages::tree::add),
            Route::get("/settings/categories/{id}", edit, pages::tree::show),
            Route::post("/settings/categories/{id}", edit, pages::tree::change),
            Route::post("/settings/categories/{id}/retire", edit, pages::tree::retire),
            Route::post("/settings/categories/{id}/restore", edit, pages::tree::restore),
            Route::get("/api/v1/feedback-categories", Access::SignedIn, api::tree::list),
            Route::post("/api/v1/feedback-categories", edit, api::tree::add),
            Route::patch("/api/v1/feedback-categories/{id}", edit, api::tree::change),
            Route::post("/api/v1/feedback-categories/{id}/retire", edit, api::tree::retire),
            Route::post("/api/v1/feedback-categories/{id}/restore", edit, api::tree::restore),
            Route::get("/improvements", improve, pages::improve::list),
            Route::get("/improvements/{id}", improve, pages::improve::show),
            Route::post("/improvements/{id}", improve, pages::improve::change),
            Route::post("/improvements/{id}/publish", Access::Needs(app::PUBLISH), pages::improve::publish),
            Route::get("/api/v1/improvements", improve, api::improve::list),
            Route::get("/api/v1/improvements/{id}", improve, api::improve::show),
            Route::patch("/api/v1/improvements/{id}", improve, api::improve::change),
            Route::post("/api/v1/improvements/{id}/publish", Access::Needs(app::PUBLISH), api::improve::publish),
            Route::post("/api/v1/feedback/{id}/improvements", improve, api::improve::begin),
            Route::get("/api/v1/feedback", view, api::list),
            Route::get("/api/v1/feedback/{id}", view, api::show),
            Route::get("/api/v1/feedback/sources", view, api::sources),
            Route::post("/api/v1/feedback/batch", label, api::batch),
            Route::post("/api/v1/feedback/{id}/labels", label, api::label),
        ],
        permissions: app::PERMISSIONS,
        menu: MENU,
        metrics: measures::METRICS,
        listeners: &[listen::follow_case],
        jobs: jobs::jobs,
        portal: Some(pages::improve::portal),
        openapi: Some(api::openapi()),
        ..Capability::new("feedback")
    }
}

const MENU: &[MenuEntry] = &[
    MenuEntry {
        group: MenuGroup::Work,
        order: 45,
        label: "feedback-menu",
        href: "/feedback",
        icon: "inbox",
        go: Some("k"),
        needs: Some(app::VIEW),
    },
    MenuEntry {
        group: MenuGroup::Settings,
        order: 37,
        label: "feedback-tree-menu",
        href: "/settings/categories",
        icon: "tag",
        go: None,
        needs: Some(app::CATEGORIES),
    },
    MenuEntry {
        group: MenuGroup::Improvement,
        order: 10,
        label: "feedback-improvements-title",
        href: "/improvements",
        icon: "bulb",
        go: None,
        needs: Some(app::IMPROVE),
    },
];
