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

mod answer;
mod api;
mod asked;
mod pages;
mod words;

pub use answer::{JUDGE, rulebook};

use capability::{Access, Capability, MenuEntry, MenuGroup, PermissionDef, Route};
use kernel::Scope;

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let judge = Access::Needs(JUDGE);
    Capability {
        routes: vec![
            Route::get("/verdicts", judge, pages::show),
            Route::get("/verdicts/customer", judge, pages::customer),
            Route::post("/api/v1/verdicts", judge, api::judge),
        ],
        permissions: DEFS,
        menu: MENU,
        openapi: Some(api::openapi()),
        ..Capability::new("returns")
    }
}

/// Verdicts hold nobody's data: whoever speaks with customers may ask for them.
const DEFS: &[PermissionDef] = &[PermissionDef {
    permission: JUDGE,
    defaults: &[
        ("clerk", Scope::Company),
        ("technician", Scope::Company),
        ("store_manager", Scope::Company),
        ("region_manager", Scope::Company),
        ("headquarters_quality", Scope::Company),
    ],
}];

const MENU: &[MenuEntry] = &[MenuEntry {
    group: MenuGroup::Work,
    order: 25,
    label: "returns-verdict-menu",
    href: "/verdicts",
    icon: "arrows-exchange",
    go: Some("v"),
    needs: Some(JUDGE),
}];
