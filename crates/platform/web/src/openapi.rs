use std::sync::Arc;

use axum::Router;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::routing::get;
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};

/// One description of the whole API out of the capabilities' parts.
pub fn merge(title: &str, version: &str, parts: impl IntoIterator<Item = OpenApi>) -> OpenApi {
    let whole = OpenApiBuilder::new().info(InfoBuilder::new().title(title).version(version).build()).build();
    parts.into_iter().fold(whole, OpenApi::merge_from)
}

/// `GET /openapi.json`.
pub fn route(whole: &OpenApi) -> Router {
    let text: Arc<str> = whole.to_json().unwrap_or_else(|_| "{}".to_owned()).into();
    let answer = move || {
        let text = Arc::clone(&text);
        async move { ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], text.to_string()) }
    };
    Router::new().route("/openapi.json", get(answer))
}
