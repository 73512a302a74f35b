//! The live score (星级看板): what the company's own records earn by GB/T 27922, what each point rests on, and what moved it.
//!
//! Nouns: 评分 = score ([`domain::Stored`]), 证据 = entry ([`store::Entry`]), 人工认定 = judgement ([`store::Judgement`]), 特别扣分 = special
//! deduction ([`store::Special`]), 范围 = extent ([`domain::Extent`]).
//!
//! Invariants: opening a page reads what is stored; a job computes it from metrics, entries and judgements, and a day that is over is
//! never written again; no data earns nothing; what is entered late counts from its entry on and moves no day before it; whoever
//! judges says why, and the journal keeps who and when; only a certification body awards a level. Not here: how points are counted
//! (`scoring`), what is counted (`metrics` and each capability).

mod api;
pub mod app;
mod collect;
pub mod counting;
pub mod domain;
mod jobs;
mod pages;
pub mod plan;
pub mod proposals;
pub mod registers;
pub mod schemes;
pub mod store;

use capability::{Access, Capability, MenuEntry, MenuGroup, Route, Watch};

pub use api::{ScoreOut, score_of};
pub use pages::{EvidenceWords, evidence_words, state_words, unit_words, why_words};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let view = Access::Needs(app::VIEW);
    let record = Access::Needs(app::RECORD);
    let judge = Access::Needs(app::JUDGE);
    let schemes = Access::Needs(app::SCHEMES);
    Capability {
        routes: vec![
            Route::get("/score", view, pages::board::show),
            Route::get("/score/items/{clause}", view, pages::item::show),
            Route::post("/score/items/{clause}", judge, pages::item::say),
            Route::get("/score/records", view, pages::records::list),
            Route::get("/score/records/new", record, pages::records::new),
            Route::post("/score/records", record, pages::records::enter),
            Route::post("/score/records/{id}/withdraw", record, pages::records::withdraw),
            Route::get("/score/records/paste", record, pages::registers::paste),
            Route::post("/score/records/paste", record, pages::registers::pasted),
            Route::post("/score/records/{id}/answer", record, pages::registers::answer),
            Route::get("/score/registers", view, pages::registers::list),
            Route::get("/score/registers/{group}", view, pages::registers::show),
            Route::get("/score/rules", view, pages::rules::show),
            Route::post("/score/special", judge, pages::rules::confirm),
            Route::post("/score/special/{id}/end", judge, pages::rules::end),
            Route::get("/score/proposals", view, pages::proposals::list),
            Route::post("/score/proposals/{id}", judge, pages::proposals::decide),
            Route::get("/score/schemes", schemes, pages::schemes::list),
            Route::post("/score/schemes", schemes, pages::schemes::load),
            Route::post("/score/schemes/choice", schemes, pages::schemes::choose),
            Route::get("/score/schemes/{id}", schemes, pages::schemes::compare),
            Route::get("/score/plan", view, pages::plan::show),
            Route::post("/score/plan", judge, pages::plan::give),
            // Whoever was given a step ends it; the use case looks whose it is.
            Route::post("/score/tasks/{id}/done", Access::SignedIn, pages::plan::done),
            Route::get("/api/v1/score", view, api::show),
            Route::get("/api/v1/score/plan", view, api::plan),
            Route::post("/api/v1/score/items/{clause}", judge, api::say),
            Route::get("/api/v1/score/registers", view, api::registers),
            Route::post("/api/v1/score/records/{id}/answer", record, api::answer),
            Route::get("/api/v1/score/proposals", view, api::proposals),
            Route::post("/api/v1/score/proposals/{id}", judge, api::decide),
            Route::get("/api/v1/score/schemes", schemes, api::schemes),
            Route::post("/api/v1/score/schemes", schemes, api::load),
            Route::post("/api/v1/score/schemes/choice", schemes, api::choose),
            Route::get("/api/v1/score/records", view, api::records),
            Route::post("/api/v1/score/records", record, api::enter),
        ],
        permissions: app::PERMISSIONS,
        menu: MENU,
        watch: &[Watch { kind: app::LIVE, needs: app::VIEW }],
        jobs: jobs::jobs,
        listeners: &[counting::touch],
        openapi: Some(api::openapi()),
        ..Capability::new("scores")
    }
}

const MENU: &[MenuEntry] = &[
    MenuEntry {
        group: MenuGroup::Management,
        order: 30,
        label: "scores-menu",
        href: "/score",
        icon: "star",
        go: None,
        needs: Some(app::VIEW),
    },
    MenuEntry {
        group: MenuGroup::Settings,
        order: 80,
        label: "scores-schemes-title",
        href: "/score/schemes",
        icon: "report-analytics",
        go: None,
        needs: Some(app::SCHEMES),
    },
];
