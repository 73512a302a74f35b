//! Upset customers (情绪激动): who is, how we know, and what is done about it.
//!
//! Nouns: 情绪标记 = [`store::Flag`], 情绪词表 = [`domain::Lexicon`], 情绪规则 = [`store::Rules`], 转由上级处理 = [`store::HandOver`],
//! 冷静回访 = [`store::Call`], 关怀 = [`store::Care`].
//!
//! Invariants: a flag says how we know: the customer's own words, shown in the text, or a person with a reason; there is no score. Only
//! what the customer said is read, never what we answered. Each effect is visible and explained where it shows: the clock's ledger, the
//! timeline, the notice. The cooling call-back is made by somebody else than the handler. A word of care is between two people and
//! whoever leads them; only how many there are is counted. Not here: the case and its clocks (`cases`), the call log (`channels`), what
//! the text is about (`feedback`).

mod api;
pub mod app;
pub mod domain;
mod listen;
mod measures;
mod pages;
pub mod store;

use capability::{Access, Capability, MenuEntry, MenuGroup, Route};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let view = Access::Needs(cases::app::VIEW);
    let act = Access::Needs(app::ACT);
    let rules = Access::Needs(app::RULES_VIEW);
    let edit = Access::Needs(app::RULES_EDIT);
    let care = Access::Needs(app::CARE);
    let mine = Access::SignedIn;
    Capability {
        routes: vec![
            Route::get("/cases/{id}/emotion", view, pages::case::show),
            Route::post("/cases/{id}/emotion/raise", act, pages::case::raise),
            Route::post("/cases/{id}/emotion/end", act, pages::case::end),
            Route::post("/cases/{id}/emotion/hand-over", act, pages::case::hand_over),
            Route::post("/cases/{id}/emotion/take-over", act, pages::case::take_over),
            Route::post("/cases/{id}/emotion/call", act, pages::case::call),
            Route::post("/cases/{id}/emotion/care", care, pages::case::care),
            Route::get("/care", mine, pages::care::list),
            Route::get("/settings/emotion", rules, pages::rules::show),
            Route::post("/settings/emotion", edit, pages::rules::save),
            Route::get("/api/v1/cases/{id}/emotion", view, api::show),
            Route::post("/api/v1/cases/{id}/emotion/raise", act, api::raise),
            Route::post("/api/v1/cases/{id}/emotion/end", act, api::end),
            Route::post("/api/v1/cases/{id}/emotion/hand-over", act, api::hand_over),
            Route::post("/api/v1/cases/{id}/emotion/take-over", act, api::take_over),
            Route::post("/api/v1/cases/{id}/emotion/call", act, api::call),
            Route::post("/api/v1/cases/{id}/emotion/care", care, api::care),
            Route::get("/api/v1/care", mine, api::cares),
            Route::get("/api/v1/emotion/rules", rules, api::rules),
            Route::patch("/api/v1/emotion/rules", edit, api::save_rules),
        ],
        permissions: app::PERMISSIONS,
        menu: MENU,
        metrics: measures::METRICS,
        listeners: &[listen::follow],
        openapi: Some(api::openapi()),
        ..Capability::new("emotion")
    }
}

const MENU: &[MenuEntry] = &[MenuEntry {
    group: MenuGroup::Settings,
    order: 36,
    label: "emotion-menu",
    href: "/settings/emotion",
    icon: "mood-angry",
    go: None,
    needs: Some(app::RULES_VIEW),
}];
