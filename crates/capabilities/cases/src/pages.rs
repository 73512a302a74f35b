//! Pages of staff and customers about cases.

mod beside;
mod clash;
mod clock;
mod command;
mod customer;
mod detail;
mod drafts;
pub(crate) mod export;
mod files;
mod flow;
mod goods;
mod intake;
mod link;
mod list;
mod picker;
pub mod poster;
mod print;
mod record;
mod reply_texts;
pub mod request;
mod reveal;
mod scan;
mod shown;
mod symptom_change;
mod symptoms;
mod tasks;
mod via;
mod ways;
mod wechat;
mod workbench;

use std::sync::Arc;

use capability::{Access, Ctx, MenuEntry, MenuGroup, Route};
use identity::Directory;
use kernel::{Id, of};
use web::{Choice, Lang, Page, PublicPage};

use crate::app::{EXPORT, RULES_EDIT, RULES_VIEW, SCAN, SYMPTOMS, TAKE_IN, TASK_VIEW, VIEW, WORK};

pub(crate) use list::known as known_filter;
pub(crate) use scan::{layer_word, say as scan_say};

/// Where the pages are.
pub(crate) fn routes() -> Vec<Route> {
    let (view, take_in, work) = (Access::Needs(VIEW), Access::Needs(TAKE_IN), Access::Needs(WORK));
    vec![
        Route::get("/", Access::SignedIn, workbench::show),
        Route::get("/scan", Access::Needs(SCAN), scan::show),
        Route::get("/cases", view, list::show),
        Route::get("/cases.csv", Access::Needs(EXPORT), export::show),
        Route::post("/cases/lists", view, list::keep),
        Route::post("/cases/lists/{id}/forget", view, list::forget),
        Route::get("/cases/new", take_in, intake::show),
        Route::post("/cases/new", take_in, intake::create),
        Route::get("/cases/new/lookup", take_in, intake::lookup),
        Route::get("/cases/new/symptoms", take_in, picker::show),
        Route::get("/cases/new/via", take_in, via::show),
        Route::get("/cases/new/goods", take_in, goods::show),
        Route::get("/cases/new/beside", take_in, beside::show),
        Route::post("/cases/new/draft", take_in, drafts::keep),
        Route::post("/cases/new/drafts/{id}/discard", take_in, drafts::discard),
        Route::get("/cases/{id}/similar", view, beside::similar),
        Route::get("/settings/symptoms", Access::Needs(SYMPTOMS), symptoms::show),
        Route::post("/settings/symptoms", Access::Needs(SYMPTOMS), symptoms::add),
        Route::get("/settings/symptoms/{id}", Access::Needs(SYMPTOMS), symptom_change::edit),
        Route::post("/settings/symptoms/{id}", Access::Needs(SYMPTOMS), symptom_change::change),
        Route::post("/settings/symptoms/{id}/retire", Access::Needs(SYMPTOMS), symptoms::retire),
        Route::get("/cases/{id}", view, detail::show),
        Route::post("/cases/{id}/messages", work, record::post),
        Route::post("/cases/{id}/reply-draft", work, reply_texts::keep),
        Route::get("/settings/replies", Access::Needs(RULES_VIEW), reply_texts::list),
        Route::get("/settings/replies/texts/new", Access::Needs(RULES_EDIT), reply_texts::new_text),
        Route::post("/settings/replies/texts/new", Access::Needs(RULES_EDIT), reply_texts::create_text),
        Route::get("/settings/replies/texts/{id}", Access::Needs(RULES_VIEW), reply_texts::show_text),
        Route::post("/settings/replies/texts/{id}", Access::Needs(RULES_EDIT), reply_texts::change_text),
        Route::get("/settings/replies/rules/new", Access::Needs(RULES_EDIT), reply_texts::new_rule),
        Route::post("/settings/replies/rules/new", Access::Needs(RULES_EDIT), reply_texts::create_rule),
        Route::get("/settings/replies/rules/{id}", Access::Needs(RULES_VIEW), reply_texts::show_rule),
        Route::post("/settings/replies/rules/{id}", Access::Needs(RULES_EDIT), reply_texts::change_rule),
        Route::get("/cases/{id}/replies/{message}/print", view, ways::letter),
        Route::post("/cases/{id}/replies/{message}/print", work, ways::print),
        Route::post("/cases/{id}/files", work, files::add),
        Route::post("/cases/{id}/files/{file}/remove", work, files::remove),
        Route::post("/cases/{id}/files/{file}/restore", work, files::restore),
        Route::get("/cases/{id}/clocks/{clock}", view, clock::show),
        Route::get("/cases/{id}/do/{command}", view, command::ask),
        Route::post("/cases/{id}/do/{command}", view, command::give),
        Route::post("/cases/{id}/back/{version}", view, flow::back),
        Route::get("/cases/{id}/check", view, flow::check_form),
        Route::post("/cases/{id}/check", view, flow::check),
        Route::get("/cases/{id}/follow-up", take_in, flow::follow_up_form),
        Route::post("/cases/{id}/follow-up", take_in, flow::follow_up),
        Route::get("/cases/{id}/related", view, flow::link_form),
        Route::post("/cases/{id}/related", view, flow::link),
        Route::get("/cases/{id}/tasks/new", work, tasks::ask),
        Route::post("/cases/{id}/tasks/new", work, tasks::give),
        Route::get("/tasks", Access::SignedIn, tasks::list),
        Route::get("/tasks/{id}", Access::SignedIn, tasks::show),
        Route::get("/tasks/{id}/clock", Access::SignedIn, tasks::clock),
        Route::post("/tasks/{id}/{act}", Access::SignedIn, tasks::act),
        Route::get("/cases/{id}/print", view, print::show),
        Route::post("/cases/{id}/print", work, print::print),
        Route::get("/cases/{id}/link", work, link::ask),
        Route::post("/cases/{id}/link", work, link::issue),
        Route::get("/cases/{id}/wechat", work, wechat::ask),
        Route::post("/cases/{id}/wechat", work, wechat::make),
        Route::post("/cases/{id}/copied", work, wechat::copied),
        Route::post("/cases/{id}/language", work, wechat::speak),
        Route::get("/cases/{id}/reveal", Access::Needs(parties::app::REVEAL), reveal::ask),
        Route::post("/cases/{id}/reveal", Access::Needs(parties::app::REVEAL), reveal::show),
        Route::get("/cases/poster", take_in, poster::show),
        Route::get("/r/{store}", Access::Public, request::show),
        Route::post("/r/{store}", Access::Public, request::send),
        Route::get("/c/{token}", Access::Link, customer::show),
        Route::post("/c/{token}/decide", Access::Link, customer::decide),
        Route::post("/c/{token}/message", Access::Link, customer::message),
        Route::post("/c/{token}/files", Access::Link, customer::photos),
        Route::get("/c/{token}/files/{file}", Access::Link, files::of_customer),
        Route::get("/c/{token}/files/{file}/small", Access::Link, files::small_of_customer),
        Route::post("/c/{token}/close", Access::Link, customer::close),
        Route::post("/c/{token}/reopen", Access::Link, customer::reopen),
    ]
}

/// Where they stand in the menu.
pub(crate) const MENU: &[MenuEntry] = &[
    entry(0, "cases-page-workbench", "/", "layout-dashboard", Some("w"), None),
    entry(5, "cases-scan-title", "/scan", "scan", Some("s"), Some(SCAN)),
    entry(10, "cases-page-new", "/cases/new", "plus", None, Some(TAKE_IN)),
    entry(20, "cases-page-list", "/cases", "file-text", Some("f"), Some(VIEW)),
    entry(30, "cases-task-list", "/tasks", "checklist", Some("r"), Some(TASK_VIEW)),
    MenuEntry {
        group: MenuGroup::Settings,
        order: 40,
        label: "cases-intake-menu",
        href: "/settings/symptoms",
        icon: "stethoscope",
        go: None,
        needs: Some(SYMPTOMS),
    },
    MenuEntry {
        group: MenuGroup::Settings,
        order: 69,
        label: "cases-replies-title",
        href: "/settings/replies",
        icon: "message-circle",
        go: None,
        needs: Some(RULES_VIEW),
    },
];

const fn entry(
    order: u16,
    label: &'static str,
    href: &'static str,
    icon: &'static str,
    go: Option<&'static str>,
    needs: Option<kernel::Permission>,
) -> MenuEntry {
    MenuEntry { group: MenuGroup::Work, order, label, href, icon, go, needs }
}

/// The organisation and its people as last loaded.
pub(crate) fn directory(ctx: &Ctx) -> Arc<Directory> {
    ctx.house.identity.directories().now()
}

/// The name of a unit in the reader's language.
pub(crate) fn unit_name(directory: &Directory, lang: &Lang, id: Id<of::Unit>) -> String {
    directory.unit(id).map(|unit| unit.name_in(lang.locale.as_str()).to_owned()).unwrap_or_default()
}

/// The frame of a customer's page, named by the Fluent key `title`, of `store` when it is known.
pub fn public_page(ctx: &Ctx, lang: Lang, title: &str, store: Option<Id<of::Unit>>, path: &str) -> PublicPage {
    let directory = directory(ctx);
    let locale = lang.locale.as_str();
    let company = directory.company().map(|unit| unit.name_in(locale).to_owned()).unwrap_or_default();
    let unit = store.and_then(|id| directory.unit(id));
    let name = unit.map(|unit| unit.name_in(locale).to_owned()).unwrap_or_default();
    PublicPage::new(lang, title, &company, &name, path)
        .phone(unit.and_then(|unit| unit.phone.clone()))
        .asked(&ctx.request)
}

/// The stores in which the actor may do `permission`, to choose from; all open ones for reach over the company.
pub(crate) fn stores(ctx: &Ctx, lang: &Lang, permission: kernel::Permission) -> Vec<Choice> {
    let reach = ctx.reach(permission);
    let directory = directory(ctx);
    let home = ctx.actor.home.and_then(|home| directory.store_of(home)).map(|unit| unit.id);
    let reached = directory.stores().filter(|store| {
        let own = reach.own.is_some() || !reach.teams.is_empty();
        store.active && (reach.company || reach.stores.contains(&store.id) || (own && home == Some(store.id)))
    });
    reached.map(|store| Choice::new(store.id.to_string(), store.name_in(lang.locale.as_str()))).collect()
}

/// The words of an enum to choose from: `prefix-<word>`.
pub(crate) fn choices(lang: &Lang, prefix: &str, words: impl IntoIterator<Item = &'static str>) -> Vec<Choice> {
    words.into_iter().map(|word| Choice::new(word, lang.word(prefix, word))).collect()
}

/// True when the request comes from htmx and wants a fragment.
pub(crate) fn wants_fragment(headers: &axum::http::HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

/// Puts what the last action did (`?done=<word>`) on the page, once.
pub(crate) fn with_done(mut page: Page, query: Option<&str>) -> Page {
    let form = web::Form::from_query(query.unwrap_or_default());
    let done = form.raw("done").replace('_', "-");
    if !done.is_empty() && done.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
        page.flash = page.find(&format!("cases-page-done-{done}")).map(|text| web::Flash { text, undo: None });
    }
    page
}
