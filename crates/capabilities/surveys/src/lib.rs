//! Satisfaction surveys (满意度): the customers of closed cases are asked by a rule, never by choice of staff.
//!
//! Nouns: 评价邀请 = invitation, 评价 = [`domain::Answer`], 满意 = csat (1–5), 推荐 = nps (0–10), 省力 = effort (1–5),
//! 补救 = [`domain::Recovery`], 调查规则 = [`domain::Rule`], 不邀请 = [`domain::Skipped`], 排除 = [`app::exclude`].
//!
//! Invariants: a case is decided about once, in the transaction that closes it, by the rule in force; who is not asked is kept with
//! the reason; an answer can be changed by the customer for 24 hours and by nobody else ever; what is said on the phone is noted by
//! somebody who did not do the work; only headquarters excludes an answer, with a reason, and how many is published by store; the
//! metrics gain exactly the difference; a low rating leaves an internal message on its case and has an owner and a deadline until
//! somebody has made up for it. Not here: links (`cases`), sending (`messaging`).

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
    let view = Access::Needs(app::VIEW);
    Capability {
        routes: vec![
            Route::get("/rate/{token}", Access::Link, pages::rate),
            Route::post("/rate/{token}", Access::Link, pages::answer),
            Route::get("/surveys", view, pages::list),
            Route::get("/surveys/{id}", view, pages::show),
            Route::get("/surveys/{id}/phone", Access::Needs(app::NOTE), pages::ask),
            Route::post("/surveys/{id}/phone", Access::Needs(app::NOTE), pages::note),
            Route::post("/surveys/{id}/exclude", Access::Needs(app::EXCLUDE), pages::exclude),
            Route::post("/surveys/{id}/wechat", view, pages::invitation),
            Route::post("/surveys/{id}/owner", Access::Needs(app::RECOVER), pages::hand_over),
            Route::get("/settings/surveys", Access::Needs(app::SETTINGS), pages::show_rule),
            Route::post("/settings/surveys", Access::Needs(app::SETTINGS), pages::save_rule),
            Route::get("/surveys/{id}/recovered", Access::Needs(app::RECOVER), pages::recovering),
            Route::post("/surveys/{id}/recovered", Access::Needs(app::RECOVER), pages::recovered),
            Route::get("/api/v1/surveys", view, api::list),
            Route::get("/api/v1/surveys/rule", view, api::rule),
            Route::post("/api/v1/surveys/rule", Access::Needs(app::SETTINGS), api::change_rule),
            Route::get("/api/v1/surveys/{id}", view, api::show),
            Route::post("/api/v1/surveys/{id}/phone", Access::Needs(app::NOTE), api::phone),
            Route::post("/api/v1/surveys/{id}/exclude", Access::Needs(app::EXCLUDE), api::exclude),
            Route::post("/api/v1/surveys/{id}/owner", Access::Needs(app::RECOVER), api::owner),
            Route::post("/api/v1/surveys/{id}/text", view, api::invitation),
            Route::post("/api/v1/surveys/{id}/recovered", Access::Needs(app::RECOVER), api::recovered),
        ],
        permissions: app::PERMISSIONS,
        menu: MENU,
        metrics: measures::METRICS,
        listeners: &[listen::decide_on_close, listen::follow_customer, listen::forget_customer, listen::guard_link],
        jobs: jobs::jobs,
        watch: &[Watch { kind: app::RECORD, needs: app::VIEW }],
        openapi: Some(api::openapi()),
        ..Capability::new("surveys")
    }
}

const MENU: &[MenuEntry] = &[
    MenuEntry {
        group: MenuGroup::Improvement,
        order: 10,
        label: "surveys-menu",
        href: "/surveys",
        icon: "mood-smile",
        go: Some("m"),
        needs: Some(app::VIEW),
    },
    MenuEntry {
        group: MenuGroup::Settings,
        order: 60,
        label: "surveys-rule-menu",
        href: "/settings/surveys",
        icon: "mood-smile",
        go: None,
        needs: Some(app::SETTINGS),
    },
];
