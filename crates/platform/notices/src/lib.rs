//! What members of staff are told inside the program: the bell, its page, and who wants to be told of what.
//!
//! Nouns: 通知 = [`Notice`], 通知种类 = [`Kind`], 铃铛 = the bell (how many are unread), 通知设置 = [`Choice`].
//!
//! A capability tells in the write that causes it:
//! ```text
//! notices::tell(work, &[owner], &Notice::new("task.given", record).number(&case.number).subject(&task.title)).await?;
//! ```
//! Invariants: a notice is in the same transaction as what it tells of; nobody is told of what they did themselves; a notice is
//! seen by its receiver only. Not here: what customers are told (`messaging`, `cases`), who is to be told (each capability).

mod api;
mod app;
mod kind;
mod pages;
mod store;
mod tell;

pub use app::{Page, choices, choose, list, open, read, read_all};
pub use kind::{KINDS, Kind};
pub use store::{Choice, NoticeId, NoticeRow, erase};
pub use tell::{Notice, tell};

use capability::{Access, Capability, Jobs, Route};
use jobs::{Every, JobError, JobKind, Periodic};
use utoipa::OpenApi;
use web::Lang;

/// What the platform brings to the program for notices.
pub fn capability() -> Capability {
    let mine = Access::SignedIn;
    Capability {
        routes: vec![
            Route::get("/notices", mine, pages::list),
            Route::get("/notices/bell", mine, pages::bell),
            Route::get("/notices/choices", mine, pages::choices),
            Route::post("/notices/choices", mine, pages::choose),
            Route::post("/notices/read-all", mine, pages::read_all),
            Route::get("/notices/{id}", mine, pages::open),
            Route::post("/notices/{id}/read", mine, pages::read),
            Route::get("/api/v1/notices", mine, api::list),
            Route::post("/api/v1/notices/read-all", mine, api::read_all),
            Route::get("/api/v1/notices/choices", mine, api::choices),
            Route::patch("/api/v1/notices/choices", mine, api::choose),
            Route::post("/api/v1/notices/{id}/read", mine, api::read),
        ],
        bell: Some(app::bell),
        jobs: |house| {
            let daily = Every::Daily { hour: 3, minute: 40, zone: house.zone.clone() };
            let forget = JobKind::new("notices.forget", 3, |run, _| async move {
                app::forget(&run.db, run.clock.now()).await.map_err(JobError::retry)
            });
            Jobs { kinds: vec![forget], periodic: vec![Periodic::new("notices.forget", daily)] }
        },
        openapi: Some(api::Description::openapi()),
        ..Capability::new("notices")
    }
}

/// The text of a notice of `kind` as `lang` reads; `word` finds its words.
fn said(lang: &Lang, kind: &str, word: impl Fn(&str) -> Option<String>) -> String {
    let said = word("text_key").map(|key| lang.t(&key));
    let due = word("due").and_then(|due| due.parse().ok()).map(|due| lang.at(kernel::Timestamp::from_millis(due)));
    let parts: Vec<String> = [said, word("text"), due].into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let text = parts.join(" ");
    let value = |name: &str| if name == "text" { text.clone() } else { word(name).unwrap_or_default() };
    let words = ["number", "subject", "who", "text"].map(|name| (name, web::Arg::to_fluent(&value(name))));
    web::text(lang.locale, &format!("notices-text-{}", kind.replace(['.', '_'], "-")), &words)
}
