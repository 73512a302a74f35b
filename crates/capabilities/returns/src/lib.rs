//! Returns and exchanges. Here now: verdicts, asked by staff question by question and by programs one or many at once.
//!
//! Nouns: 判定 = verdict ([`remedies::Verdict`]), 事实 = [`remedies::Facts`], 待问 = [`remedies::Question`], 规则库 =
//! [`remedies::Rulebook`].
//!
//! Invariants: the pages and the API judge by the same rulebook; what is said to a customer before inspection names conditions,
//! never an amount; nothing that is asked here is kept, so no verdict rests on a person's data.
//!
//! Not yet: the return itself (lines, goods in, goods out, money), offers and goodwill, claims on makers, terms of makers and of the
//! shop kept in the database (the API takes them with the question), verdicts kept with a case. Not here: the rules
//! (`remedies`), what covers a unit by its records (`parties`), how a case goes on (`cases`).

mod api;
mod asked;
mod pages;

pub use parties::verdict::{JUDGE, rulebook};

use capability::{Access, Capability, MenuEntry, MenuGroup, Route};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let judge = Access::Needs(JUDGE);
    Capability {
        routes: vec![
            Route::get("/verdicts", judge, pages::verdicts::show),
            Route::get("/verdicts/customer", judge, pages::verdicts::customer),
            Route::post("/api/v1/verdicts", judge, api::verdicts::judge),
        ],
        menu: MENU,
        openapi: Some(api::verdicts::openapi()),
        ..Capability::new("returns")
    }
}

const MENU: &[MenuEntry] = &[MenuEntry {
    group: MenuGroup::Work,
    order: 25,
    label: "returns-verdict-menu",
    href: "/verdicts",
    icon: "arrows-exchange",
    go: Some("v"),
    needs: Some(JUDGE),
}];
