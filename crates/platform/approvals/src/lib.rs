//! Approvals (审批): the one mechanism for everything that needs a second yes.
//!
//! Nouns: 审批 = [`store::Approval`], 法定部分与多给部分 = [`domain::Split`], 额度 = [`domain::Limit`], 轮到谁 = [`domain::Seat`],
//! 代理人 = [`store::Deputy`], 逐级上转 = passing upward ([`app::sweep`]), 审批链接 = link ([`app::link_path`]).
//!
//! Invariants: what the law gives never waits, only the extra does; nobody decides what they asked for, nor twice, nor in the name
//! of somebody who did; within one's own limit nobody is asked, and that is recorded; a level has 30 minutes of its store's
//! working time, then the next higher one has the same; limits are versions with dates and each question keeps its version; a
//! link decides once and for one person. A capability asks with [`app::ask`] inside its own transaction and hears the answer as
//! the event `approval.decided` (`approval.withdrawn`, `approval.expired`) inside the transaction that makes it. Not here: what
//! follows from an answer (whoever asked), telling people inside the program (whoever hears, with [`app::heard`]).

mod api;
pub mod app;
pub mod domain;
mod jobs;
mod metrics;
mod pages;
mod settings_api;
pub mod store;

use capability::{Access, Capability, MenuEntry, MenuGroup, Route, Watch};

/// What this crate brings to the program.
pub fn capability() -> Capability {
    let (view, decide) = (Access::Needs(app::VIEW), Access::Needs(app::VIEW));
    let (limits, edit) = (Access::Needs(app::LIMITS_VIEW), Access::Needs(app::LIMITS_EDIT));
    let mut routes = vec![
        Route::get("/approvals", view, pages::inbox::show),
        Route::get("/approvals/deputies", view, pages::deputies::show),
        Route::post("/approvals/deputies", view, pages::deputies::set),
        Route::post("/approvals/deputies/{id}/end", view, pages::deputies::end),
        Route::get("/approvals/{id}", view, pages::detail::show),
        Route::get("/approvals/{id}/{act}", decide, pages::act::ask),
        Route::post("/approvals/{id}/{act}", decide, pages::act::give),
        Route::get("/a/{token}", Access::Link, pages::link::show),
        Route::post("/a/{token}", Access::Link, pages::link::decide),
        Route::get("/settings/approval-limits", limits, pages::limits::show),
        Route::post("/settings/approval-limits", edit, pages::limits::publish),
    ];
    routes.extend(api::routes());
    routes.extend(settings_api::routes());
    let mut openapi = api::openapi();
    openapi.merge(settings_api::openapi());
    Capability {
        routes,
        permissions: app::PERMISSIONS,
        menu: MENU,
        jobs: jobs::jobs,
        metrics: metrics::METRICS,
        watch: &[Watch { kind: app::RECORD, needs: app::VIEW }],
        openapi: Some(openapi),
        ..Capability::new("approvals")
    }
}

const MENU: &[MenuEntry] = &[
    MenuEntry {
        group: MenuGroup::Work,
        order: 40,
        label: "approvals-menu",
        href: "/approvals",
        icon: "checklist",
        go: None,
        needs: Some(app::VIEW),
    },
    MenuEntry {
        group: MenuGroup::Settings,
        order: 40,
        label: "approvals-menu-limits",
        href: "/settings/approval-limits",
        icon: "currency-yuan",
        go: None,
        needs: Some(app::LIMITS_VIEW),
    },
];
