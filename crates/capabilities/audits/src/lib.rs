//! Audits (审核): from outside, of our own, and mystery visits; samples that anybody can draw again; assessors who are let in for some
//! days; findings and what is done about them.
//!
//! Nouns: 审核 = audit ([`store::Audit`]), 审核日程 = plan ([`store::Line`]), 抽样 = sample ([`store::Drawn`]), 外部评审员 = assessor from
//! outside ([`store::Access`]), 不符合项 · 观察项 = finding ([`store::Finding`]), 验证 = judgement of an answer.
//!
//! Invariants: a sample is never changed, and its seed, rule and population are kept, so that whoever draws again gets the same or reads
//! what changed; somebody from outside sees the score, the sample and drawn cases of the one audit that they were let in to, masked,
//! within their days, and every page that they ask for is noted; who writes and who takes access away never meet halfway; a finding is
//! closed by a yes to an answer, from whoever wrote it, or from somebody who keeps audits when the writer is gone, never from who
//! answered. Not here: the score and its evidence (`scores`), when accounts from outside are good (`identity`).

mod api;
pub mod app;
pub mod domain;
mod jobs;
mod measures;
mod pages;
pub mod store;

use capability::{Access, Capability, MenuEntry, MenuGroup, Route, Watch};

/// What this capability brings to the program.
pub fn capability() -> Capability {
    let (view, edit) = (Access::Needs(app::VIEW), Access::Needs(app::EDIT));
    // Assessors from outside, leads and owners hold no permission for it: whether they see one is looked at in each.
    let seen = Access::SignedIn;
    Capability {
        routes: vec![
            Route::get("/assessing", seen, pages::home::show),
            Route::get("/audits", view, pages::list::show),
            Route::get("/audits/new", edit, pages::edit::new),
            Route::post("/audits", edit, pages::edit::create),
            Route::get("/audits/{id}", seen, pages::detail::show),
            Route::post("/audits/{id}", edit, pages::edit::save),
            Route::get("/audits/{id}/edit", edit, pages::edit::edit),
            Route::post("/audits/{id}/state", edit, pages::detail::go),
            Route::post("/audits/{id}/lines", edit, pages::detail::add_line),
            Route::post("/audits/{id}/lines/{line}/remove", edit, pages::detail::remove_line),
            Route::get("/audits/{id}/draw", edit, pages::sample::ask),
            Route::post("/audits/{id}/draw", edit, pages::sample::draw),
            Route::get("/audits/{id}/sample", seen, pages::sample::show),
            Route::get("/audits/{id}/sample.csv", seen, pages::sample::csv),
            Route::get("/audits/{id}/cases/{case}", seen, pages::sheet::show),
            Route::get("/audits/{id}/access", edit, pages::access::ask),
            Route::post("/audits/{id}/access", edit, pages::access::give),
            Route::post("/audits/{id}/access/{user}/withdraw", edit, pages::access::withdraw),
            Route::get("/audits/{id}/visits/{user}", view, pages::access::visits),
            Route::get("/audits/{id}/findings/new", seen, pages::finding::new),
            Route::post("/audits/{id}/findings", seen, pages::finding::write),
            Route::get("/findings", seen, pages::finding::list),
            Route::get("/findings/{id}", seen, pages::finding::show),
            Route::get("/findings/{id}/print", seen, pages::finding::print),
            Route::post("/findings/{id}/assign", edit, pages::finding::assign),
            Route::post("/findings/{id}/answer", seen, pages::finding::answer),
            Route::post("/findings/{id}/judge", seen, pages::finding::judge),
            Route::get("/api/v1/audits", view, api::list),
            Route::post("/api/v1/audits", edit, api::create),
            Route::get("/api/v1/audits/{id}", seen, api::show),
            Route::post("/api/v1/audits/{id}/draws", edit, api::draw),
            Route::get("/api/v1/audits/{id}/sample", seen, api::sample),
            Route::post("/api/v1/audits/{id}/findings", seen, api::write),
            Route::get("/api/v1/findings", seen, api::findings),
            Route::get("/api/v1/findings/{id}", seen, api::finding),
            Route::post("/api/v1/findings/{id}/{command}", seen, api::command),
        ],
        permissions: app::PERMISSIONS,
        menu: MENU,
        landing: Some((app::ASSESS, "/assessing")),
        metrics: measures::METRICS,
        jobs: jobs::jobs,
        watch: &[Watch { kind: app::RECORD, needs: app::VIEW }, Watch { kind: app::FINDING, needs: app::FINDINGS }],
        file_doors: &[app::DOOR],
        finders: &[app::FINDER, app::FINDING_FINDER],
        openapi: Some(api::openapi()),
        ..Capability::new("audits")
    }
}

const MENU: &[MenuEntry] = &[
    MenuEntry {
        group: MenuGroup::Work,
        order: 5,
        label: "audits-assessing-menu",
        href: "/assessing",
        icon: "clipboard-check",
        go: None,
        needs: Some(app::ASSESS),
    },
    MenuEntry {
        group: MenuGroup::Improvement,
        order: 30,
        label: "audits-findings-menu",
        href: "/findings",
        icon: "flag",
        go: None,
        needs: Some(app::FINDINGS),
    },
    MenuEntry {
        group: MenuGroup::Management,
        order: 33,
        label: "audits-menu",
        href: "/audits",
        icon: "clipboard-check",
        go: None,
        needs: Some(app::VIEW),
    },
];
