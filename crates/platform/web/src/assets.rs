use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::Fault;
use rust_embed::RustEmbed;

use crate::Failure;

#[derive(RustEmbed)]
#[folder = "../../../ui/dist"]
struct Built;

/// Plain name → name with the digest of its content.
static MANIFEST: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    Built::get("manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default()
});

/// Plain name → address, made once: templates ask for it on every page.
static ADDRESSES: LazyLock<BTreeMap<&'static str, String>> =
    LazyLock::new(|| MANIFEST.iter().map(|(name, file)| (name.as_str(), format!("/assets/{file}"))).collect());

/// The address of a built file by its plain name: `app.css`, `app.js`, `public.js`, `charts.js`, `barcode.js`, `barcode.wasm`, `icons.svg`,
/// `favicon.svg`.
pub fn asset(name: &'static str) -> &'static str {
    ADDRESSES.get(name).map_or(name, String::as_str)
}

/// `GET /assets/{file}`: the name carries the content's digest, so the answer may be kept for a year.
///
/// # Errors
/// `not-found`.
pub async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Failure> {
    if !MANIFEST.values().any(|known| *known == file) {
        return Err(Fault::not_found().into());
    }
    let tag = format!("\"{file}\"");
    if headers.get(IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == tag.as_bytes()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let (encoding, content) = best_form(&file, &headers).ok_or_else(Fault::not_found)?;
    let mut response = content.into_response();
    let set = response.headers_mut();
    set.insert(CONTENT_TYPE, HeaderValue::from_static(media_type(&file)));
    set.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    set.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        set.insert(ETAG, tag);
    }
    if let Some(encoding) = encoding {
        set.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

/// The smallest form that the browser takes.
fn best_form(file: &str, headers: &HeaderMap) -> Option<(Option<&'static str>, Vec<u8>)> {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |name: &str| {
        accepted.split(',').map(str::trim).any(|range| {
            let (coding, weight) = range.split_once(';').unwrap_or((range, ""));
            coding.trim() == name && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    for (encoding, suffix) in [("br", ".br"), ("gzip", ".gz")] {
        if takes(encoding)
            && let Some(found) = Built::get(&format!("{file}{suffix}"))
        {
            return Some((Some(encoding), found.data.into_owned()));
        }
    }
    Built::get(file).map(|found| (None, found.data.into_owned()))
}

fn media_type(file: &str) -> &'static str {
    match file.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}
