//! Messages to customers: what went to whom, by what, in which words, and what it cost.
//!
//! Nouns: 发件箱 = outbox ([`app::list`]), 发送设置 = settings ([`app::settings`]), 消息文字 = wording ([`app::texts`]), 回执 = receipt
//! ([`app::receipts`]).
//!
//! Invariants: addresses are masked and links hidden for everybody; a secret that was typed is never shown again and stands in no
//! journal; words name only variables that exist; a receipt counts only with the provider's signature. Not here: sending
//! (`messaging`), what customers are told when (`cases`, `surveys`), what staff are told (`notices`).

mod api;
pub mod app;
mod history;
mod metrics;
mod pages;
mod permissions;

pub use permissions::{RESEND, SETTINGS, TEMPLATES_EDIT, TEMPLATES_VIEW, VIEW};

use std::sync::Arc;

use ::jobs::{JobError, JobKind};
use capability::{Access, Capability, Installation, Jobs, MenuEntry, MenuGroup, Route};
use utoipa::OpenApi;

const MENU: &[MenuEntry] = &[
    MenuEntry {
        group: MenuGroup::Management,
        order: 60,
        label: "messaging-menu-outbox",
        href: "/outbox",
        icon: "send",
        go: None,
        needs: Some(VIEW),
    },
    MenuEntry {
        group: MenuGroup::Settings,
        order: 70,
        label: "messaging-menu-texts",
        href: "/settings/templates",
        icon: "message",
        go: None,
        needs: Some(TEMPLATES_VIEW),
    },
    MenuEntry {
        group: MenuGroup::Settings,
        order: 71,
        label: "messaging-menu-settings",
        href: "/settings/messaging",
        icon: "mail",
        go: None,
        needs: Some(SETTINGS),
    },
];

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let view = Access::Needs(VIEW);
    let settings = Access::Needs(SETTINGS);
    let texts = Access::Needs(TEMPLATES_VIEW);
    let edit = Access::Needs(TEMPLATES_EDIT);
    Capability {
        routes: vec![
            Route::get("/outbox", view, pages::list::list),
            Route::get("/outbox/{id}", view, pages::message::show),
            Route::post("/outbox/{id}/resend", Access::Needs(RESEND), pages::message::resend),
            Route::get("/settings/messaging", settings, pages::settings::show),
            Route::post("/settings/messaging/mail", settings, pages::settings::save_mail),
            Route::post("/settings/messaging/sms", settings, pages::settings::save_sms),
            Route::post("/settings/messaging/quiet", settings, pages::settings::save_quiet),
            Route::post("/settings/messaging/trial", settings, pages::settings::trial),
            Route::get("/settings/templates", texts, pages::texts::list),
            Route::get("/settings/templates/{code}/{channel}/{locale}", texts, pages::texts::show),
            Route::post("/settings/templates/{code}/{channel}/{locale}", edit, pages::texts::save),
            Route::get("/api/v1/messages", view, api::outbox::list),
            Route::post("/api/v1/messages/receipts", Access::Public, api::receipts::take),
            Route::get("/api/v1/messages/settings", settings, api::settings::show),
            Route::patch("/api/v1/messages/settings/mail", settings, api::settings::change_mail),
            Route::patch("/api/v1/messages/settings/sms", settings, api::settings::change_sms),
            Route::patch("/api/v1/messages/settings/quiet", settings, api::settings::change_quiet),
            Route::post("/api/v1/messages/settings/trial", settings, api::settings::trial),
            Route::get("/api/v1/messages/{id}", view, api::outbox::show),
            Route::post("/api/v1/messages/{id}/resend", Access::Needs(RESEND), api::outbox::resend),
            Route::get("/api/v1/message-templates", texts, api::texts::list),
            Route::get("/api/v1/message-templates/{code}/{channel}/{locale}", texts, api::texts::show),
            Route::patch("/api/v1/message-templates/{code}/{channel}/{locale}", edit, api::texts::change),
            Route::post("/api/v1/message-templates/{code}/{channel}/{locale}/preview", texts, api::texts::preview),
        ],
        menu: MENU,
        permissions: permissions::DEFS,
        metrics: metrics::METRICS,
        jobs,
        openapi: Some(api::Description::openapi()),
        ..Capability::new("outbox")
    }
}

fn jobs(house: &Arc<Installation>) -> Jobs {
    let house = Arc::downgrade(house);
    let failed = JobKind::new(messaging::FAILED_JOB, 5, move |_, body| {
        let house = house.clone();
        async move {
            let house = house.upgrade().ok_or_else(|| JobError::retry("the program stops"))?;
            let id = body.parse::<i64>().map_err(JobError::give_up)?;
            app::tell_of_failure(house, kernel::Id::new(id)).await.map_err(JobError::retry)
        }
    });
    Jobs { kinds: vec![failed], periodic: Vec::new() }
}
