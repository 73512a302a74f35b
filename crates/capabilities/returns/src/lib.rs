//! Returns and exchanges (退换货), and the verdicts on what a customer may ask for.
//!
//! Nouns: 退换货单 = [`store::Return`], 行 = [`store::LineRow`], 款项 = [`store::Payment`] (法定, 店规多退), 验货 =
//! [`domain::Command::Inspect`], 定级 = [`domain::Grade`], 善意额度 = [`store::Budget`], 对账 = [`store::Mismatch`], 判定 = verdict
//! ([`remedies::Verdict`]), 事实 = [`remedies::Facts`], 待问 = [`remedies::Question`], 规则库 = [`remedies::Rulebook`].
//!
//! Invariants: a return is opened from a case and keeps, line by line, the facts, the whole verdict and the version of the rules, so
//! that it can be judged again; three tracks (goods in, goods out, money) do not wait for each other; what the law gives never waits for
//! a yes, only what goes beyond it does, and that is borne by the store's budget of the month; a part of the money is confirmed once and
//! paid once, whoever repeats it; what is booked balances; a return is over by itself when every track is at its end and POS
//! reference, red e-invoice and stock receipt are there; a unit of a sale comes back once. The pages and the API judge by the same
//! rulebook; what is said to a customer before inspection names conditions, never an amount.
//!
//! Not yet: price differences of exchanges. Not here: the rules (`remedies`), what covers a unit and what happened to it (`parties`), how a case goes
//! on (`cases`), who says yes (`approvals`).

mod api;
pub mod app;
mod asked;
pub mod domain;
mod jobs;
mod listen;
mod measures;
mod pages;
pub mod proposals;
pub mod reviews;
pub mod store;

pub use parties::verdict::{JUDGE, rulebook};

use capability::{Access, Capability, MenuEntry, MenuGroup, Route, Watch};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let (judge, view) = (Access::Needs(JUDGE), Access::Needs(app::VIEW));
    let tries = Access::Needs(parties::app::TRY_TERMS);
    let (handle, money, budget) = (Access::Needs(app::HANDLE), Access::Needs(app::MONEY), Access::Needs(app::BUDGET));
    let mut openapi = api::verdicts::openapi();
    openapi.merge(api::openapi());
    openapi.merge(api::replays::openapi());
    openapi.merge(proposals::api::openapi());
    openapi.merge(reviews::api::openapi());
    let (seen, signed) = (Access::Needs(reviews::app::VIEW), Access::Needs(reviews::app::SIGN));
    Capability {
        routes: vec![
            Route::get("/verdicts", judge, pages::verdicts::show),
            Route::get("/verdicts/customer", judge, pages::verdicts::customer),
            Route::post("/api/v1/verdicts", judge, api::verdicts::judge),
            Route::get("/returns", view, pages::list::show),
            Route::get("/returns.csv", Access::Needs(app::EXPORT), pages::export::export),
            Route::get("/returns/of/{case}", handle, pages::new::ask),
            Route::post("/returns/of/{case}", handle, pages::new::open),
            Route::get("/returns/mismatches", money, pages::pos::show),
            Route::post("/returns/mismatches", money, pages::pos::record),
            Route::get("/returns/budgets", budget, pages::budget::show),
            Route::post("/returns/budgets", budget, pages::budget::set),
            Route::get("/returns/replays", tries, pages::replay::list),
            Route::post("/returns/replays", tries, pages::replay::begin),
            Route::get("/returns/replays/{id}", tries, pages::replay::show),
            Route::post(
                "/returns/replays/{id}/publish",
                Access::Needs(parties::app::EDIT_TERMS),
                pages::replay::publish,
            ),
            Route::get("/api/v1/policy-replays", tries, api::replays::list),
            Route::post("/api/v1/policy-replays", tries, api::replays::begin),
            Route::get("/api/v1/policy-replays/{id}", tries, api::replays::show),
            Route::post(
                "/api/v1/policy-replays/{id}/publish",
                Access::Needs(parties::app::EDIT_TERMS),
                api::replays::publish,
            ),
            Route::get("/returns/subsidies", money, pages::subsidy::list),
            Route::get("/returns/{id}/subsidy", money, pages::subsidy::ask),
            Route::post("/returns/{id}/subsidy", money, pages::subsidy::settle),
            Route::post("/api/v1/returns/{id}/subsidy", money, api::settle_subsidy),
            Route::get("/returns/reviews", seen, reviews::pages::list),
            Route::get("/returns/reviews/{id}", seen, reviews::pages::show),
            Route::get("/returns/reviews/{id}/print", seen, reviews::pages::print),
            Route::post("/returns/reviews/{id}/decisions", signed, reviews::pages::decide),
            Route::post("/returns/reviews/{id}/done", seen, reviews::pages::done),
            Route::post("/returns/reviews/{id}/sign", signed, reviews::pages::sign),
            Route::get("/api/v1/returns/reviews", seen, reviews::api::list),
            Route::get("/api/v1/returns/reviews/{id}", seen, reviews::api::show),
            Route::post("/api/v1/returns/reviews/{id}/decisions", signed, reviews::api::decide),
            Route::get("/returns/{id}", view, pages::detail::show),
            Route::get("/returns/{id}/print", view, pages::print::show),
            Route::get("/returns/{id}/proposals", handle, proposals::pages::ask),
            Route::post("/returns/{id}/proposals", handle, proposals::pages::propose),
            Route::get("/returns/{id}/proposals/{seq}/{act}", handle, proposals::pages::ask_answer),
            Route::post("/returns/{id}/proposals/{seq}/{act}", handle, proposals::pages::answer),
            Route::get("/returns/{id}/do/{command}", view, pages::command::ask),
            Route::post("/returns/{id}/do/{command}", view, pages::command::give),
            Route::get("/api/v1/returns", view, api::list),
            Route::post("/api/v1/returns", handle, api::open),
            Route::get("/api/v1/returns/mismatches", money, api::mismatches),
            Route::post("/api/v1/pos-refunds", money, api::record_pos),
            Route::get("/api/v1/returns/{id}", view, api::show),
            Route::get("/api/v1/returns/{id}/proposals", view, proposals::api::list),
            Route::post("/api/v1/returns/{id}/proposals", handle, proposals::api::propose),
            Route::post("/api/v1/returns/{id}/proposals/{number}/{act}", handle, proposals::api::answer),
            Route::post("/api/v1/returns/{id}/{command}", view, api::command),
        ],
        permissions: app::PERMISSIONS,
        menu: MENU,
        metrics: measures::METRICS,
        listeners: &[listen::follow],
        jobs: work,
        file_doors: &[app::DOOR],
        watch: &[
            Watch { kind: app::RECORD, needs: app::VIEW },
            Watch { kind: app::REPLAY_RECORD, needs: parties::app::TRY_TERMS },
        ],
        openapi: Some(openapi),
        ..Capability::new("returns")
    }
}

/// What runs by itself: replays, and reviews.
fn work(house: &std::sync::Arc<capability::Installation>) -> capability::Jobs {
    let mut all = jobs::jobs(house);
    let reviews = reviews::jobs::jobs(house);
    all.kinds.extend(reviews.kinds);
    all.periodic.extend(reviews.periodic);
    all
}

const MENU: &[MenuEntry] = &[
    MenuEntry {
        group: MenuGroup::Work,
        order: 25,
        label: "returns-menu",
        href: "/returns",
        icon: "arrows-exchange",
        go: Some("t"),
        needs: Some(app::VIEW),
    },
    MenuEntry {
        group: MenuGroup::Work,
        order: 26,
        label: "returns-verdict-menu",
        href: "/verdicts",
        icon: "shield-check",
        go: Some("v"),
        needs: Some(JUDGE),
    },
    MenuEntry {
        group: MenuGroup::Management,
        order: 39,
        label: "returns-reviews-menu",
        href: "/returns/reviews",
        icon: "clipboard-check",
        go: None,
        needs: Some(reviews::app::VIEW),
    },
    MenuEntry {
        group: MenuGroup::Management,
        order: 40,
        label: "returns-budget-menu",
        href: "/returns/budgets",
        icon: "currency-yuan",
        go: None,
        needs: Some(app::BUDGET),
    },
    MenuEntry {
        group: MenuGroup::Management,
        order: 42,
        label: "returns-subsidies-menu",
        href: "/returns/subsidies",
        icon: "coin",
        go: None,
        needs: Some(app::MONEY),
    },
    MenuEntry {
        group: MenuGroup::Management,
        order: 41,
        label: "returns-replay-menu",
        href: "/returns/replays",
        icon: "history",
        go: None,
        needs: Some(parties::app::TRY_TERMS),
    },
];
