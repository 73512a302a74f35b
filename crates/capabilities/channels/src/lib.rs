//! The channels (渠道) by which customers reach a store: phone lines, forms, mailboxes, hooks of shops, counters, boxes and posters.
//!
//! Nouns: 渠道 = [`store::Channel`], 渠道类型 = [`domain::Kind`], 自测 = self-test ([`app::test`]), 安静 = quiet ([`domain::quiet`]),
//! 来电 = [`store::Call`].
//!
//! Invariants: a case has at most one channel, given when it is taken in and never by guess (by name, or where its store has one of
//! that kind only); what a channel brings is counted by the same metrics as everything else, broken down by channel; a channel is quiet
//! only against its own history in its own hours; a channel is never deleted, it is closed. Not here: the cases themselves (`cases`).

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
    let edit = Access::Needs(app::EDIT);
    let test = Access::Needs(app::TEST);
    let calls = Access::Needs(app::CALLS);
    Capability {
        routes: vec![
            Route::get("/channels", view, pages::list),
            Route::get("/channels/new", edit, pages::new),
            Route::post("/channels/new", edit, pages::create),
            Route::get("/channels/{id}", view, pages::show),
            Route::get("/channels/{id}/edit", edit, pages::edit),
            Route::post("/channels/{id}/edit", edit, pages::change),
            Route::post("/channels/{id}/test", test, pages::test),
            Route::get("/channels/{id}/poster", view, pages::public::poster),
            Route::post("/channels/{id}/secret", edit, pages::calls::secret),
            Route::get("/calls", calls, pages::calls::list),
            Route::get("/calls/ringing", Access::SignedIn, pages::calls::ringing),
            Route::get("/calls/{id}", calls, pages::calls::show),
            Route::post("/calls/{id}/case", calls, pages::calls::take),
            Route::post("/calls/{id}/back", calls, pages::calls::back),
            Route::post("/channels/{id}/callback", edit, pages::detail::callback),
            Route::post("/api/v1/hooks/{code}", Access::Public, api::hooks::take),
            Route::post("/api/v1/channels/{id}/callback", edit, api::hooks::callback),
            Route::post("/api/v1/calls", Access::Public, api::calls::take),
            Route::get("/api/v1/calls", calls, api::calls::list),
            Route::post("/api/v1/calls/{id}/back", calls, api::calls::back),
            Route::get("/w/{code}", Access::Public, pages::public::form),
            Route::post("/w/{code}", Access::Public, pages::public::send),
            Route::get("/s/{store}", Access::Public, pages::public::portal),
            Route::post("/s/{store}/track", Access::Public, pages::public::track),
            Route::get("/api/v1/channels", view, api::list),
            Route::post("/api/v1/channels", edit, api::create),
            Route::get("/api/v1/channels/{id}", view, api::show),
            Route::patch("/api/v1/channels/{id}", edit, api::change),
            Route::post("/api/v1/channels/{id}/tests", test, api::test),
        ],
        permissions: app::PERMISSIONS,
        menu: MENU,
        watch: &[Watch { kind: app::RECORD, needs: app::VIEW }, Watch { kind: app::CALL, needs: app::CALLS }],
        metrics: measures::METRICS,
        listeners: &[listen::follow_case, listen::follow_mailbox, listen::forget_caller],
        jobs: jobs::jobs,
        openapi: Some(api::openapi()),
        ..Capability::new("channels")
    }
}

const MENU: &[MenuEntry] = &[
    MenuEntry {
        group: MenuGroup::Work,
        order: 47,
        label: "channels-calls-menu",
        href: "/calls",
        icon: "phone",
        go: None,
        needs: Some(app::CALLS),
    },
    MenuEntry {
        group: MenuGroup::Management,
        order: 55,
        label: "channels-menu",
        href: "/channels",
        icon: "antenna",
        go: None,
        needs: Some(app::VIEW),
    },
];
