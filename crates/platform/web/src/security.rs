use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, HeaderName, ORIGIN, REFERER,
    REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, FaultKind};

use crate::Failure;
use crate::edge::Settings;

/// Nothing inline, nothing from elsewhere. `data:` pictures are the ones inside the stylesheet (arrow, tick), `blob:` the
/// previews of photos that a person is about to send.
const POLICY: &str = "default-src 'self'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; \
    frame-ancestors 'none'; img-src 'self' data: blob:; object-src 'none'; script-src 'self'; style-src 'self'";

/// [`POLICY`] for the page that reads codes from the camera: where the browser cannot, a WebAssembly module does, which has to be
/// compiled. Older browsers do not know the word and go on without.
const POLICY_OF_READERS: &str = "default-src 'self'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; \
    frame-ancestors 'none'; img-src 'self' data: blob:; object-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'";

const PERMISSIONS: &str = "accelerometer=(), camera=(self), geolocation=(), gyroscope=(), magnetometer=(), microphone=(self), payment=(), usb=()";

/// Adds the security headers; what an answer has set itself stays (a customer link's `no-referrer`, a file's own policy).
pub async fn headers(State(settings): State<Settings>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let html = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let set = response.headers_mut();
    let mut default = |name: HeaderName, value: &'static str| {
        set.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(CONTENT_SECURITY_POLICY, POLICY);
    default(X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(X_FRAME_OPTIONS, "DENY");
    default(REFERRER_POLICY, "same-origin");
    default(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    default(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    default(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    // Pages hold personal data; a shared PC's back button must not show them after signing out.
    default(CACHE_CONTROL, if html { "no-store" } else { "no-cache" });
    if settings.is_https() {
        default(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// The header that customer pages add: their address is a secret and must not leave in `Referer`.
pub fn no_referrer() -> (HeaderName, HeaderValue) {
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer"))
}

/// The header of a page that reads codes from the camera.
pub fn reads_codes() -> (HeaderName, HeaderValue) {
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY_OF_READERS))
}

/// Refuses changes that another site's page sends with this site's cookies.
pub async fn same_origin(State(settings): State<Settings>, request: Request, next: Next) -> Response {
    if may_change(request.method(), request.headers(), request.uri(), settings.public_origin()) {
        next.run(request).await
    } else {
        Failure(Fault::new(FaultKind::Forbidden, "other-site")).into_response()
    }
}

/// Safe methods pass; a token in `Authorization` is no cookie and passes; otherwise the browser must say that the page which
/// sends is ours. A request without cookies and without any word about its origin comes from a program and passes.
fn may_change(method: &Method, headers: &HeaderMap, uri: &Uri, public: Option<&str>) -> bool {
    if method.is_safe() || (headers.contains_key(AUTHORIZATION) && !headers.contains_key(COOKIE)) {
        return true;
    }
    match text(headers, "sec-fetch-site") {
        Some("same-origin" | "none") => return true,
        Some(_) => return false,
        None => {}
    }
    let sender =
        text(headers, ORIGIN.as_str()).map(str::to_owned).or_else(|| text(headers, REFERER.as_str()).map(origin_of));
    match sender {
        Some(origin) => is_ours(&origin, headers, uri, public),
        None => !headers.contains_key(COOKIE),
    }
}

fn is_ours(origin: &str, headers: &HeaderMap, uri: &Uri, public: Option<&str>) -> bool {
    if public.is_some_and(|public| public.eq_ignore_ascii_case(origin)) {
        return true;
    }
    let Some((_, authority)) = origin.split_once("://") else {
        return false;
    };
    let host = text(headers, HOST.as_str()).or_else(|| uri.authority().map(|authority| authority.as_str()));
    // With a public address only that and the machine itself count; a proxy may hand on any Host.
    let trusted = public.is_none() || is_loopback(authority);
    trusted && host.is_some_and(|host| host.eq_ignore_ascii_case(authority))
}

fn is_loopback(authority: &str) -> bool {
    let name = authority.rsplit_once(':').map_or(
        authority,
        |(name, port)| {
            if port.parse::<u16>().is_ok() { name } else { authority }
        },
    );
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

fn origin_of(address: &str) -> String {
    match address.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.split(['/', '?', '#']).next().unwrap_or_default()),
        None => String::new(),
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(pairs: &[(&'static str, &'static str)], public: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        may_change(&Method::POST, &headers, &Uri::from_static("/cases"), public)
    }

    #[test]
    fn a_browser_is_believed_about_where_the_sending_page_is_from() {
        assert!(allowed(&[("cookie", "s=1"), ("sec-fetch-site", "same-origin")], None));
        assert!(allowed(&[("cookie", "s=1"), ("sec-fetch-site", "none")], None));
        assert!(!allowed(&[("cookie", "s=1"), ("sec-fetch-site", "same-site")], None));
        assert!(!allowed(
            &[("cookie", "s=1"), ("sec-fetch-site", "cross-site"), ("origin", "http://shop"), ("host", "shop")],
            None
        ));
    }

    #[test]
    fn older_browsers_send_an_origin_that_must_be_the_host_or_the_public_address() {
        let public = Some("https://care.example.com");
        assert!(allowed(&[("cookie", "s=1"), ("origin", "http://shop:8080"), ("host", "shop:8080")], None));
        assert!(!allowed(&[("cookie", "s=1"), ("origin", "http://evil"), ("host", "shop:8080")], None));
        assert!(!allowed(&[("cookie", "s=1"), ("origin", "null"), ("host", "shop:8080")], None));
        assert!(allowed(&[("cookie", "s=1"), ("origin", "https://care.example.com"), ("host", "inner")], public));
        assert!(!allowed(&[("cookie", "s=1"), ("origin", "https://evil"), ("host", "evil")], public));
        assert!(allowed(&[("cookie", "s=1"), ("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], public));
        assert!(allowed(&[("cookie", "s=1"), ("referer", "http://shop/cases?x"), ("host", "shop")], None));
    }

    #[test]
    fn programs_pass_without_cookies_and_nobody_with_cookies_and_no_origin() {
        assert!(allowed(&[], None));
        assert!(allowed(&[("authorization", "Bearer x")], None));
        assert!(!allowed(&[("cookie", "s=1")], None));
        assert!(!allowed(&[("cookie", "s=1"), ("authorization", "Bearer x")], None));
    }
}
