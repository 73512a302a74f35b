use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use identity::Means;
use kernel::{Actor, Fault, FaultKind};
use serde::Deserialize;
use web::{ClientNetwork, Failure, Lang, LiveEvent, Locale};

use crate::replay::ReplayKey;
use crate::{Access, Capability, Ctx, Installation, frame};

/// The cookie that carries a session's token.
pub const SESSION_COOKIE: &str = "session";

/// The header with which a program makes a repeat harmless.
pub(crate) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The whole program as one router: every capability's routes behind their access, the session layer, the edge.
pub fn router(house: &Arc<Installation>, capabilities: Vec<Capability>) -> Router {
    let described = capabilities.iter().filter_map(|capability| capability.openapi.clone());
    let description = web::openapi::merge("Aftercare 售后管家", env!("CARGO_PKG_VERSION"), described);
    let mut routes = Router::new()
        .route("/readyz", get(ready))
        .route("/events", get(events))
        .route("/menu", get(web::preferences::menu))
        .route("/preferences/language", axum::routing::post(web::preferences::language))
        .route("/preferences/theme", axum::routing::post(web::preferences::theme))
        .route("/events/recent", get(events_recent))
        .merge(web::openapi::route(&description));
    for route in capabilities.into_iter().flat_map(|capability| capability.routes) {
        routes = routes.route(route.path, route.handler.layer(from_fn_with_state(route.access, admit)));
    }
    let settings =
        web::Settings::new(house.public_url.as_deref(), house.clock.clone(), house.ids.clone(), house.zone.clone())
            .behind(house.proxies.clone());
    let with_session = web::inside(routes).layer(from_fn(repeat)).layer(from_fn_with_state(Arc::clone(house), who));
    // Whether the process lives has nothing to do with who asks, nor with the database.
    web::outside(with_session.route("/healthz", get(|| async { "ok" })), settings)
}

/// Finds out who asks, from the session cookie or the bearer token, and puts [`Ctx`] and [`Page`] into the request.
async fn who(State(house): State<Arc<Installation>>, mut request: Request, next: Next) -> Response {
    let signed_in = match credentials(request.headers()) {
        Some(Credentials::Session(token)) => house.identity.resume(&token).await,
        Some(Credentials::Bearer(token)) => match house.identity.bearer(&token).await {
            Ok(None) => Err(Fault::unauthenticated()),
            found => found,
        },
        None => Ok(None),
    };
    let signed_in = match signed_in {
        Ok(signed_in) => signed_in,
        Err(fault) => return Failure::from(fault).into_response(),
    };
    let lang = request.extensions().get::<Lang>().cloned();
    let chosen = lang.as_ref().map_or_else(Locale::default, Lang::locale);
    let name = request.extensions().get::<web::RequestId>().map_or_else(|| "".into(), |id| Arc::clone(&id.0));
    let mut ctx = Ctx::new(house, Actor::customer(""), chosen, &name);
    if let Some(signed_in) = signed_in {
        if signed_in.session.locked {
            ctx.locked = Some(signed_in.session);
        } else if signed_in.session.shut.is_some() {
            ctx.shut = signed_in.session.shut;
        } else {
            // A program says in each request how it reads; a person has said so once.
            if matches!(signed_in.session.by, Means::Session(_)) {
                ctx.locale = frame::locale_of(request.headers(), &signed_in.session, chosen);
            }
            ctx.actor = signed_in.actor;
            ctx.session = Some(signed_in.session);
        }
    }
    let mut page = frame::page(&ctx, request.headers(), request.uri());
    let whole = is_whole_page(&request);
    page.notices = match unread(&ctx, whole).await {
        Ok(unread) => unread,
        Err(fault) => return Failure::from(fault).into_response(),
    };
    request.extensions_mut().insert(page);
    request.extensions_mut().insert(ctx.clone());
    let outside = ctx.session.as_ref().filter(|session| session.outside).map(|session| session.user.id);
    let Some(user) = outside.filter(|_| !request.uri().path().starts_with("/events")) else {
        return next.run(request).await;
    };
    // What somebody from outside sees is noted before they see it.
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let answer = next.run(request).await;
    let path = uri.path_and_query().map_or(uri.path(), |path| path.as_str());
    match ctx.house.identity.note_visit(user, method.as_str(), path, answer.status().as_u16()).await {
        Ok(()) => answer,
        Err(fault) => Failure::from(fault).into_response(),
    }
}

/// True where the answer may have a top bar: not for programs, parts of pages and streams.
fn is_whole_page(request: &Request) -> bool {
    let path = request.uri().path();
    !(path.starts_with("/api/") || path.starts_with("/events") || request.headers().contains_key("hx-request"))
}

/// What the bell shows.
async fn unread(ctx: &Ctx, whole: bool) -> Result<Option<i64>, Fault> {
    let (Some(bell), Some(user), true) = (ctx.house.bell, ctx.actor.user, whole) else { return Ok(None) };
    ctx.read((bell, user), |tx, (bell, user)| Box::pin(async move { bell(tx, *user).await })).await.map(Some)
}

enum Credentials {
    Session(String),
    Bearer(String),
}

fn credentials(headers: &HeaderMap) -> Option<Credentials> {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(value) = bearer {
        let token = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        return Some(Credentials::Bearer(token.map_or("", |(_, token)| token.trim()).to_owned()));
    }
    web::cookies::cookie(headers, SESSION_COOKIE).map(|token| Credentials::Session(token.to_owned()))
}

/// Lets through who may call the route.
async fn admit(State(access): State<Access>, ctx: Ctx, request: Request, next: Next) -> Response {
    let admitted = match access {
        // What needs no sign-in is open to everybody, so everybody is counted; signing in counts its own tries.
        Access::Public | Access::Link if !request.method().is_safe() && ctx.session.is_none() => {
            counted(&ctx, &request)
        }
        Access::Public | Access::Link => Ok(()),
        Access::SignedIn | Access::Needs(_) if ctx.session.is_none() => Err(Fault::unauthenticated()),
        Access::SignedIn => Ok(()),
        Access::Needs(permission) if ctx.actor.holds(permission) => Ok(()),
        Access::Needs(_) => Err(Fault::forbidden()),
    };
    match admitted {
        Ok(()) => next.run(request).await,
        Err(fault) => Failure::from(fault).into_response(),
    }
}

/// One more form of this address. Without a socket (tests) there is no address to count.
fn counted(ctx: &Ctx, request: &Request) -> Result<(), Fault> {
    let network = request.extensions().get::<ClientNetwork>().map(|network| Arc::clone(&network.0));
    match network.filter(|network| !network.is_empty()) {
        Some(network) => ctx.house.gate.pass(&network, ctx.now()),
        None => Ok(()),
    }
}

/// Gives a request its replay key, which covers what was sent: from the header `Idempotency-Key`, or from the hidden field of a
/// page's form. Uploads get theirs where they are read ([`crate::Upload`]): they are too large to be held here.
async fn repeat(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let named = request.headers().get(IDEMPOTENCY_KEY).cloned();
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/") || (named.is_none() && !kind.starts_with("application/x-www-form-urlencoded")) {
        return next.run(request).await;
    }
    match keyed(request, named.as_ref()).await {
        Ok(request) => next.run(request).await,
        Err(fault) => Failure::from(fault).into_response(),
    }
}

async fn keyed(request: Request, named: Option<&HeaderValue>) -> Result<Request, Fault> {
    let (mut parts, body) = request.into_parts();
    let too_large = |_| Fault::new(FaultKind::TooLarge, "too-large").with("max", web::BODY_LIMIT / 1024 / 1024);
    let body = to_bytes(body, web::BODY_LIMIT).await.map_err(too_large)?;
    let key = match named {
        Some(key) => Some(key_text(key)?.to_owned()),
        None => form_key(&body),
    };
    if let Some(key) = key
        && let Some(ctx) = parts.extensions.remove::<Ctx>()
    {
        let route = format!("{} {}", parts.method, parts.uri.path());
        let replay = ReplayKey::new(&ctx.actor, &route, &key, &body)?;
        parts.extensions.insert(ctx.replayable(Some(replay)));
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// The header's text.
pub(crate) fn key_text(key: &HeaderValue) -> Result<&str, Fault> {
    key.to_str().map_err(|_bad| Fault::new(FaultKind::Invalid, "idempotency-key-invalid"))
}

/// The value of the hidden field that makes a form harmless to send twice.
fn form_key(body: &[u8]) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(body).ok()?;
    pairs.into_iter().find(|(name, value)| name == web::FORM_KEY && !value.is_empty()).map(|(_, value)| value)
}

/// Ready when the database answers.
async fn ready(ctx: Ctx) -> Result<&'static str, Failure> {
    ctx.read((), |tx, ()| {
        Box::pin(async move {
            let _: Option<i64> = tx.one::<(i64,)>("SELECT 1", &[]).await?.map(|(one,)| one);
            Ok(())
        })
    })
    .await?;
    Ok("ready")
}

/// Live events as a stream, cut to what the reader reaches.
async fn events(ctx: Ctx, headers: HeaderMap) -> Result<Response, Failure> {
    signed_in(&ctx)?;
    let after = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let watching = ctx.clone();
    let shows = move |event: &LiveEvent| hears(&watching, event);
    Ok(ctx.house.live.stream(after, shows).into_response())
}

#[derive(Deserialize)]
struct After {
    after: Option<String>,
}

/// The same for browsers and networks that cannot keep a stream open.
async fn events_recent(ctx: Ctx, Query(query): Query<After>) -> Result<Response, Failure> {
    signed_in(&ctx)?;
    let shows = |event: &LiveEvent| hears(&ctx, event);
    Ok(Json(ctx.house.live.since(query.after.as_deref(), shows)).into_response())
}

/// Pages hear of records that their reader reaches, and of the reader's own notices.
fn hears(ctx: &Ctx, event: &LiveEvent) -> bool {
    if event.record.kind == crate::NOTICE {
        return event.place.owner.is_some() && event.place.owner == ctx.actor.user;
    }
    ctx.house.watch.iter().any(|watch| watch.shows(ctx, event))
}

fn signed_in(ctx: &Ctx) -> Result<(), Fault> {
    if ctx.session.is_some() { Ok(()) } else { Err(Fault::unauthenticated()) }
}
