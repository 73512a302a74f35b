//! REST for cases.
use capability::Route;
/// The routes.
pub fn routes() -> Vec<Route> { Vec::new() }
/// This capability's part of the API's description.
pub fn openapi() -> utoipa::openapi::OpenApi { utoipa::openapi::OpenApi::default() }
