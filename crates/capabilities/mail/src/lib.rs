//! Mailboxes that are read (邮箱): what customers write by mail becomes cases and messages.
//!
//! Nouns: 邮箱 = [`Mailbox`], 来信 = [`LetterRow`], 搁置 = a letter that is set aside ([`State::SetAside`]), 会话标签 = tag (`letters`).
//!
//! Invariants: every letter has one row per mailbox, UIDVALIDITY and UID, written in the transaction of what it became, so that a
//! program that dies neither loses nor doubles one; a second copy starts nothing; what no person wrote is kept and starts nothing; a
//! thread is believed by its keyed token, and only from those who take part in it; the letter as it came is kept as a file; a password is stored sealed and never shown.
//! Not here: reading the bytes of a letter (`letters`), sending (`messaging`), what a case does with it (`cases`).

mod api;
pub mod app;
mod imap;
mod jobs;
mod pages;
mod store;

pub use imap::Server;
pub use store::{LetterId, LetterRow, Mailbox, MailboxId, State};

use capability::{Access, Capability, MenuEntry, MenuGroup, Route};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let view = Access::Needs(app::VIEW);
    let settings = Access::Needs(app::SETTINGS);
    let retry = Access::Needs(app::RETRY);
    Capability {
        routes: vec![
            Route::get("/mailboxes", view, pages::list),
            Route::get("/mailboxes/new", settings, pages::new),
            Route::post("/mailboxes/try", settings, pages::try_new),
            Route::post("/mailboxes", settings, pages::create),
            Route::get("/mailboxes/{id}", view, pages::show),
            Route::get("/mailboxes/{id}/edit", settings, pages::edit),
            Route::post("/mailboxes/{id}", settings, pages::save),
            Route::post("/mailboxes/{id}/try", settings, pages::try_again),
            Route::post("/mailboxes/{id}/look", retry, pages::look),
            Route::get("/mailboxes/{id}/letters/{letter}", view, pages::letter::show),
            Route::post("/mailboxes/{id}/letters/{letter}/retry", retry, pages::retry),
            Route::get("/cases/{id}/letters", Access::Needs(cases::app::VIEW), pages::letter::of_case),
            Route::get("/api/v1/mailboxes", view, api::list),
            Route::post("/api/v1/mailboxes", settings, api::create),
            Route::get("/api/v1/mailboxes/{id}", view, api::show),
            Route::patch("/api/v1/mailboxes/{id}", settings, api::change),
            Route::post("/api/v1/mailboxes/{id}/look", retry, api::look),
            Route::post("/api/v1/mailboxes/{id}/try", settings, api::try_out),
            Route::get("/api/v1/mailboxes/{id}/letters", view, api::letters),
            Route::get("/api/v1/mailboxes/{id}/letters/{letter}", view, api::letter),
            Route::get("/api/v1/cases/{id}/letters", Access::Needs(cases::app::VIEW), api::of_case),
            Route::post("/api/v1/mailboxes/{id}/letters/{letter}/retry", retry, api::retry),
        ],
        menu: MENU,
        permissions: app::PERMISSIONS,
        jobs: jobs::jobs,
        listeners: &[app::forget_letters],
        file_doors: &[app::DOOR],
        openapi: Some(api::openapi()),
        ..Capability::new("mail")
    }
}

const MENU: &[MenuEntry] = &[MenuEntry {
    group: MenuGroup::Settings,
    order: 72,
    label: "mail-menu",
    href: "/mailboxes",
    icon: "mail",
    go: None,
    needs: Some(app::VIEW),
}];
