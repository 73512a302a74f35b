//! REST for cases: the same use cases as the pages.

mod body;
mod handlers;

use capability::{Access, Route};
use utoipa::OpenApi;

use crate::app::{EXPORT, TAKE_IN, VIEW};

/// The routes. Commands and messages need at least sight of cases; what each needs is checked on its case.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/cases", Access::Needs(VIEW), handlers::list),
        Route::get("/api/v1/cases/export", Access::Needs(EXPORT), handlers::export),
        Route::post("/api/v1/cases", Access::Needs(TAKE_IN), handlers::create),
        Route::get("/api/v1/cases/{id}", Access::Needs(VIEW), handlers::show),
        Route::get("/api/v1/cases/{id}/timeline", Access::Needs(VIEW), handlers::timeline),
        Route::post("/api/v1/cases/{id}/messages", Access::Needs(VIEW), handlers::post_message),
        Route::post("/api/v1/cases/{id}/links", Access::Needs(VIEW), handlers::issue_link),
        Route::post("/api/v1/cases/{id}/{command}", Access::Needs(VIEW), handlers::command),
    ]
}

/// This capability's part of the API's description.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(
    handlers::list,
    handlers::export,
    handlers::create,
    handlers::show,
    handlers::timeline,
    handlers::post_message,
    handlers::issue_link,
    handlers::command
))]
struct Described;
