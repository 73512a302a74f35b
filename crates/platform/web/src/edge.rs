use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_LENGTH, HeaderName};
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::{Stream, StreamExt as _};
use kernel::{Clock, Fault, IdGen, Zone};
use percent_encoding::percent_decode_str;
use tokio::runtime::Handle;
use tower_http::compression::CompressionLayer;

use crate::{ClientNetwork, Failure, Lang, Page, Proxies, assets, cookies, fault, security};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The largest body of a form or API call in bytes; uploads set their own limit on their route.
pub const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// What the edge needs to know about the installation.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where people reach the installation from outside, `https://care.example.com`, without a path.
    public_url: Option<Arc<str>>,
    clock: Clock,
    ids: IdGen,
    zone: Zone,
    proxies: Proxies,
}

impl Settings {
    /// Settings of an installation in `zone`; `public_url` as the operator gave it.
    pub fn new(public_url: Option<&str>, clock: Clock, ids: IdGen, zone: Zone) -> Self {
        Self {
            public_url: public_url.map(|url| url.trim_end_matches('/').into()),
            clock,
            ids,
            zone,
            proxies: Proxies::default(),
        }
    }
    /// The same with proxies whose word about the client's address is taken.
    #[must_use]
    pub fn behind(mut self, proxies: Proxies) -> Self {
        self.proxies = proxies;
        self
    }
    /// True when people come over HTTPS; cookies are then `Secure`.
    pub fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
    pub(crate) fn public_origin(&self) -> Option<&str> {
        self.public_url.as_deref()
    }
}

/// Names one request in the log, in error pages, in the journal and in the `x-request-id` header.
#[derive(Debug, Clone)]
pub struct RequestId(pub Arc<str>);

/// Everything around the pages: request name, language, body limit, origin check, security headers, compression, error pages,
/// `/assets`. The session layer goes between [`inside`] and this: `outside(inside(routes).layer(session), settings)`.
pub fn outside(routes: Router, settings: Settings) -> Router {
    routes
        .route("/assets/{file}", get(assets::serve))
        .layer(from_fn_with_state(settings.clone(), security::same_origin))
        .layer(from_fn(fault::show))
        .layer(from_fn_with_state(settings.clone(), security::headers))
        .layer(CompressionLayer::new().quality(tower_http::CompressionLevel::Precise(4)))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn(heard_out))
        .layer(from_fn_with_state(settings, name_request))
}

/// What stands between the session layer and the pages: error pages with the person's menu, and the answer for addresses
/// that nobody knows.
pub fn inside(routes: Router) -> Router {
    routes.fallback(unknown).layer(from_fn(readable)).layer(from_fn(fault::show))
}

/// An address whose escapes hold no text names nothing.
async fn readable(request: Request, next: Next) -> Response {
    if percent_decode_str(request.uri().path()).decode_utf8().is_err() {
        return Failure(Fault::not_found()).into_response();
    }
    next.run(request).await
}

async fn unknown() -> Failure {
    Fault::not_found().into()
}

/// The most that is read and thrown away after an answer, in bytes, and for how long.
const HEARD_OUT: usize = 32 * 1024 * 1024;
const HEARD_FOR: Duration = Duration::from_secs(10);

/// Somebody who sends too much reads the answer only after having sent all of it; a closed connection would be all that they see.
/// So what is left of a large body is read on and thrown away, within limits, when nobody wants it any more.
async fn heard_out(request: Request, next: Next) -> Response {
    let declared = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length <= BODY_LIMIT) || request.body().is_end_stream() {
        return next.run(request).await;
    }
    next.run(request.map(|body| Body::from_stream(HeardOut(Some(body.into_data_stream()))))).await
}

struct HeardOut(Option<BodyDataStream>);

impl Stream for HeardOut {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.0.as_mut().map_or(Poll::Ready(None), |body| body.poll_next_unpin(context));
        if let Poll::Ready(None | Some(Err(_))) = next {
            self.0 = None;
        }
        next
    }
}

impl Drop for HeardOut {
    fn drop(&mut self) {
        let (Some(mut body), Ok(runtime)) = (self.0.take(), Handle::try_current()) else { return };
        runtime.spawn(tokio::time::timeout(HEARD_FOR, async move {
            let mut left = HEARD_OUT;
            while let Some(Ok(piece)) = body.next().await
                && let Some(rest) = left.checked_sub(piece.len())
            {
                left = rest;
            }
        }));
    }
}

async fn name_request(State(settings): State<Settings>, mut request: Request, next: Next) -> Response {
    let name: Arc<str> = short_name(settings.ids.next::<()>().get()).into();
    let lang = Lang::new(cookies::locale_of(request.headers()), settings.zone.clone(), settings.clock.now());
    let client = settings.proxies.client(request.extensions(), request.headers());
    request.extensions_mut().insert(ClientNetwork::of(client));
    request.extensions_mut().insert(RequestId(Arc::clone(&name)));
    request.extensions_mut().insert(lang);
    request.extensions_mut().insert(settings);
    let mut response = next.run(request).await;
    if let Ok(name) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(X_REQUEST_ID, name);
    }
    response
}

/// A number in base 32 without letters that are mistaken for digits: short enough to read out on the telephone.
fn short_name(id: i64) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut rest = id.unsigned_abs();
    let mut name = Vec::new();
    while rest > 0 {
        let digit = usize::try_from(rest % 32).unwrap_or_default();
        name.push(LETTERS.get(digit).copied().unwrap_or(b'0'));
        rest /= 32;
    }
    name.reverse();
    String::from_utf8(name).unwrap_or_default()
}

impl<S: Sync> FromRequestParts<S> for Lang {
    type Rejection = Failure;

    /// The signed-in person's language, else the request's.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let page = parts.extensions.get::<Page>().map(|page| page.lang.clone());
        page.or_else(|| parts.extensions.get::<Self>().cloned())
            .ok_or_else(|| Fault::internal("a request that did not pass the edge").into())
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Fault::internal("a request that did not pass the edge").into())
    }
}

impl<S: Sync> FromRequestParts<S> for Settings {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Fault::internal("a request that did not pass the edge").into())
    }
}
