//! REST: the same numbers and the same finding as the pages.

pub(crate) mod metrics;
pub(crate) mod search;

use utoipa::OpenApi;

/// This capability's part of the API's description.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(metrics::list, metrics::show, search::list))]
struct Described;
