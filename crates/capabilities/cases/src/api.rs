//! REST for cases: the same use cases as the pages.

mod body;
mod drafts;
mod files;
mod flow;
mod handlers;
mod lists;
mod prints;
mod replies;
mod scan;
mod symptoms;
mod texts;

use capability::{Access, Route};
use utoipa::OpenApi;

use crate::app::{CHECK, EXPORT, RULES_EDIT, RULES_VIEW, SCAN, SYMPTOMS, TAKE_IN, VIEW};

/// The routes. Commands and messages need at least sight of cases; what each needs is checked on its case.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/scan", Access::Needs(SCAN), scan::scan),
        Route::get("/api/v1/cases", Access::Needs(VIEW), handlers::list),
        Route::get("/api/v1/cases/export", Access::Needs(EXPORT), handlers::export),
        Route::post("/api/v1/cases", Access::Needs(TAKE_IN), handlers::create),
        Route::get("/api/v1/cases/{id}", Access::Needs(VIEW), handlers::show),
        Route::get("/api/v1/cases/{id}/timeline", Access::Needs(VIEW), handlers::timeline),
        Route::post("/api/v1/cases/{id}/messages", Access::Needs(VIEW), handlers::post_message),
        Route::post("/api/v1/cases/{id}/links", Access::Needs(VIEW), handlers::issue_link),
        Route::get("/api/v1/cases/{id}/files", Access::Needs(VIEW), files::list),
        Route::post("/api/v1/cases/{id}/files", Access::Needs(VIEW), files::add),
        Route::delete("/api/v1/cases/{id}/files/{file}", Access::Needs(VIEW), files::remove),
        Route::post("/api/v1/cases/{id}/files/{file}/restore", Access::Needs(VIEW), files::restore),
        Route::post("/api/v1/cases/{id}/signatures", Access::Needs(VIEW), files::sign),
        Route::post("/api/v1/cases/{id}/take-back", Access::Needs(VIEW), flow::take_back),
        Route::post("/api/v1/cases/{id}/follow-up", Access::Needs(TAKE_IN), flow::follow_up),
        Route::post("/api/v1/cases/{id}/check", Access::Needs(VIEW), flow::check),
        Route::post("/api/v1/cases/{id}/related", Access::Needs(VIEW), flow::relate),
        Route::post("/api/v1/cases/{id}/unrelated", Access::Needs(VIEW), flow::unrelate),
        Route::get("/api/v1/checks", Access::Needs(CHECK), flow::checks),
        Route::get("/api/v1/tasks", Access::SignedIn, flow::tasks),
        Route::post("/api/v1/tasks", Access::Needs(VIEW), flow::give_task),
        Route::get("/api/v1/tasks/{id}", Access::SignedIn, flow::task),
        Route::post("/api/v1/tasks/{id}/{act}", Access::SignedIn, flow::task_act),
        Route::get("/api/v1/case-lists", Access::Needs(VIEW), lists::list),
        Route::post("/api/v1/case-lists", Access::Needs(VIEW), lists::keep),
        Route::delete("/api/v1/case-lists/{id}", Access::Needs(VIEW), lists::forget),
        Route::post("/api/v1/cases/{id}/texts", Access::Needs(VIEW), texts::make),
        Route::post("/api/v1/cases/{id}/copied", Access::Needs(VIEW), texts::copied),
        Route::post("/api/v1/cases/{id}/language", Access::Needs(VIEW), texts::speak),
        Route::get("/api/v1/cases/{id}/prints", Access::Needs(VIEW), prints::list),
        Route::post("/api/v1/cases/{id}/prints", Access::Needs(VIEW), prints::print),
        Route::post("/api/v1/cases/{id}/{command}", Access::Needs(VIEW), handlers::command),
        Route::get("/api/v1/cases/{id}/similar", Access::Needs(VIEW), symptoms::similar),
        Route::get("/api/v1/symptoms", Access::Needs(VIEW), symptoms::list),
        Route::post("/api/v1/symptoms", Access::Needs(SYMPTOMS), symptoms::add),
        Route::patch("/api/v1/symptoms/{id}", Access::Needs(SYMPTOMS), symptoms::change),
        Route::post("/api/v1/symptoms/{id}/retire", Access::Needs(SYMPTOMS), symptoms::retire),
        Route::get("/api/v1/drafts", Access::Needs(TAKE_IN), drafts::list),
        Route::get("/api/v1/reply-texts", Access::Needs(RULES_VIEW), replies::texts),
        Route::post("/api/v1/reply-texts", Access::Needs(RULES_EDIT), replies::new_text),
        Route::patch("/api/v1/reply-texts/{id}", Access::Needs(RULES_EDIT), replies::change_text),
        Route::get("/api/v1/reply-rules", Access::Needs(RULES_VIEW), replies::rules),
        Route::post("/api/v1/reply-rules", Access::Needs(RULES_EDIT), replies::new_rule),
        Route::patch("/api/v1/reply-rules/{id}", Access::Needs(RULES_EDIT), replies::change_rule),
        Route::post("/api/v1/drafts", Access::Needs(TAKE_IN), drafts::keep),
        Route::get("/api/v1/drafts/{id}", Access::Needs(TAKE_IN), drafts::show),
        Route::delete("/api/v1/drafts/{id}", Access::Needs(TAKE_IN), drafts::discard),
    ]
}

/// This capability's part of the API's description.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(
    scan::scan,
    handlers::list,
    handlers::export,
    handlers::create,
    handlers::show,
    handlers::timeline,
    handlers::post_message,
    handlers::issue_link,
    replies::texts,
    replies::new_text,
    replies::change_text,
    replies::rules,
    replies::new_rule,
    replies::change_rule,
    handlers::command,
    lists::list,
    lists::keep,
    lists::forget,
    prints::list,
    prints::print,
    texts::make,
    texts::copied,
    texts::speak,
    symptoms::similar,
    symptoms::list,
    symptoms::add,
    symptoms::change,
    symptoms::retire,
    drafts::list,
    drafts::keep,
    drafts::show,
    drafts::discard,
    files::list,
    files::add,
    files::remove,
    files::restore,
    files::sign,
    flow::take_back,
    flow::follow_up,
    flow::check,
    flow::checks,
    flow::relate,
    flow::unrelate,
    flow::tasks,
    flow::give_task,
    flow::task,
    flow::task_act
))]
struct Described;
