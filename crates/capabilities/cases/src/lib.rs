//! Cases: everything that a customer brings, from the request to the rating.
//!
//! Nouns: 服务单 = case, 受理 = [`app::take_in`], 方案 = [`domain::Plan`], 时限 = [`domain::Stage`], 进度链接 = customer link
//! ([`app::valid_link`]), 跟进 = [`app::post_message`].
//!
//! Invariants: a state changes only by a command that [`domain::decide`] allows; a waiting case has a reason, an owner and a
//! wake-up time; a case that is over has no running clock; a decision link works once; clocks run on the time when the customer
//! came, not when it was typed in; a number opens nothing. Not here: who the customers are (`parties`), working time
//! (`calendar`), ratings (`surveys`), flows of complaints, returns and repairs beyond the general one (later).

pub mod api;
pub mod app;
pub mod domain;
pub mod jobs;
mod metrics;
pub mod pages;
pub mod store;

use capability::{Capability, Watch};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    Capability {
        routes: api::routes().into_iter().chain(pages::routes()).collect(),
        menu: pages::MENU,
        permissions: app::PERMISSIONS,
        jobs: jobs::jobs,
        watch: WATCH,
        metrics: metrics::METRICS,
        listeners: &[
            app::follow_customer,
            app::forget_customer,
            app::mark,
            app::listen,
            app::follow_answers,
            app::notify_staff,
        ],
        approval_kinds: &[app::GOODWILL, app::REPLY],
        file_doors: &[app::files::DOOR],
        openapi: Some(api::openapi()),
        ..Capability::new("cases")
    }
}

/// Pages hear of the cases that their reader may see.
const WATCH: &[Watch] =
    &[Watch { kind: app::RECORD, needs: app::VIEW }, Watch { kind: app::TASK, needs: app::TASK_VIEW }];
