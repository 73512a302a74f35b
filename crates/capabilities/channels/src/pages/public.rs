//! What customers see without signing in: forms behind codes and inside other sites, and a page for each store.

use std::net::SocketAddr;

use askama::Template;
use axum::Extension;
use axum::extract::{ConnectInfo, Path, RawQuery};
use axum::http::header::{CONTENT_SECURITY_POLICY, X_FRAME_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use capability::{Ctx, Upload};
use cases::pages::poster::{Sheet, poster as sheet};
use cases::pages::request::{Door, send_at, show_at};
use identity::Unit;
use kernel::{Fault, FaultKind, Id};
use web::{Failure, Filled, Form, Lang, Markup, PublicPage, View};

use crate::app::{self, Portal};
use crate::domain::Kind;
use crate::store::Channel;

/// The form of `channel` with its own word on who may show it inside a page.
fn door(channel: &Channel, store: Unit) -> Door {
    Door {
        store,
        path: format!("/w/{}", channel.code),
        way: channel.kind.way(),
        via: Some(channel.id),
        framed: channel.frames.is_some(),
    }
}

/// Says who may show the page inside a page of theirs.
fn framed(channel: &Channel, mut answer: Response) -> Response {
    let Some(frames) = &channel.frames else { return answer };
    let origins = frames.split_whitespace().collect::<Vec<_>>().join(" ");
    let policy = format!(
        "default-src 'self'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'self' {origins}; \
         img-src 'self' data: blob:; object-src 'none'; script-src 'self'; style-src 'self'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        // Browsers that know frame-ancestors do not read this one; for those that do not, the strictest that is true.
        answer.headers_mut().insert(X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    }
    answer
}

/// `GET /w/{code}`
pub(crate) async fn form(
    lang: Lang,
    ctx: Ctx,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let (channel, store) = app::door(&ctx, &code).await?;
    let answer = show_at(lang, &ctx, &door(&channel, store), query).await?;
    Ok(framed(&channel, answer))
}

/// `POST /w/{code}`
pub(crate) async fn send(
    lang: Lang,
    ctx: Ctx,
    Path(code): Path<String>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    upload: Upload,
) -> Result<Response, Failure> {
    let (channel, store) = app::door(&ctx, &code).await?;
    let peer = peer.map(|Extension(ConnectInfo(peer))| peer);
    let answer = send_at(lang, &ctx, &door(&channel, store), peer, upload).await?;
    if answer.status() == StatusCode::TOO_MANY_REQUESTS {
        app::flooded(&ctx, channel.id).await?;
    }
    Ok(framed(&channel, answer))
}

/// `GET /channels/{id}/poster?size=a4|a5`
pub(crate) async fn poster(
    lang: Lang,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let channel = app::get(&ctx, Id::new(id)).await?;
    if !channel.active || !matches!(channel.kind, Kind::WebForm | Kind::QrPoster) {
        return Err(Fault::not_found().into());
    }
    let directory = ctx.house.identity.directories().now();
    let store = directory.unit(channel.store).ok_or_else(Fault::not_found)?;
    let wanted = Sheet {
        store,
        path: &format!("/w/{}", channel.code),
        action: &format!("/channels/{id}/poster"),
        back: &format!("/channels/{id}"),
        stores: Vec::new(),
    };
    sheet(lang, &ctx, wanted, form.raw("size") == "a5").await
}

#[derive(Template)]
#[template(path = "channels_portal.html")]
struct PortalPage {
    page: PublicPage,
    action: String,
    form: Filled,
    /// The way to the form.
    request: String,
    /// Name, number as shown, number to dial.
    phones: Vec<(String, String, String)>,
    mails: Vec<String>,
    address: Option<String>,
    week: Vec<(String, String)>,
    /// A link may be on its way.
    asked: bool,
    /// What other capabilities say to everybody.
    pieces: Vec<Markup>,
}

async fn portal_page(ctx: &Ctx, lang: Lang, portal: Portal, form: Filled, asked: bool) -> Result<PortalPage, Fault> {
    let Portal { store, channels, week } = portal;
    let path = format!("/s/{}", store.code);
    let form_of = channels.iter().find(|channel| channel.kind == Kind::WebForm);
    let request = form_of.map_or_else(|| format!("/r/{}", store.code), |channel| format!("/w/{}", channel.code));
    let of = |kind: Kind| {
        channels
            .iter()
            .filter(move |channel| channel.kind == kind)
            .filter_map(|channel| channel.address.clone().map(|address| (channel.name.clone(), address)))
    };
    let dial = |number: &str| number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>();
    let mut phones: Vec<_> = of(Kind::Phone).map(|(name, number)| (name, number.clone(), dial(&number))).collect();
    if let (true, Some(number)) = (phones.is_empty(), &store.phone) {
        phones.push((lang.t("channels-portal-store"), number.clone(), dial(number)));
    }
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let week = week
        .into_iter()
        .map(|(day, hours)| {
            let open: Vec<String> = hours.iter().map(|(from, to)| format!("{}–{}", clock(*from), clock(*to))).collect();
            let text = if open.is_empty() { lang.t("channels-portal-closed") } else { open.join(" · ") };
            let weekday = lang.t(&format!("calendar-weekday-{}", day.date().weekday().to_monday_one_offset()));
            (format!("{} {weekday}", lang.day(day)), text)
        })
        .collect();
    let mut pieces = Vec::new();
    for piece in &ctx.house.portal {
        pieces.push(piece(ctx, &lang, store.id).await?);
    }
    Ok(PortalPage {
        pieces,
        mails: of(Kind::Mailbox).map(|(_, address)| address).collect(),
        phones,
        address: store.address.clone(),
        request,
        week,
        action: format!("{path}/track"),
        form,
        asked,
        page: cases::pages::public_page(ctx, lang, "channels-portal-title", Some(store.id), &path),
    })
}

/// `GET /s/{store}`: how to reach the store and what it is doing for you.
pub(crate) async fn portal(
    lang: Lang,
    ctx: Ctx,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let asked = Form::from_query(&query.unwrap_or_default()).raw("done") == "asked";
    let portal = app::portal(&ctx, &code).await?;
    let page = portal_page(&ctx, lang, portal, Filled::new(), asked).await?;
    Ok(([web::no_referrer()], View(page)).into_response())
}

/// `POST /s/{store}/track`: another link to the progress, to the telephone that we know.
pub(crate) async fn track(lang: Lang, ctx: Ctx, Path(code): Path<String>, form: Form) -> Result<Response, Failure> {
    let portal = app::portal(&ctx, &code).await?;
    match cases::app::send_tracking(&ctx, portal.store.id, form.raw("number"), form.raw("phone")).await {
        Ok(()) => Ok(super::go_to(&format!("/s/{code}?done=asked"))),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = portal_page(&ctx, lang, portal, form.into_filled_with(&fault), false).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, [web::no_referrer()], View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}
