//! The customer's request behind a store's QR code.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use askama::Template;
use axum::Extension;
use axum::extract::{ConnectInfo, Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, Upload, UploadRules};
use identity::{Unit, UnitKind};
use kernel::{Fault, FaultKind, Id, of};
use web::{Choice, Failure, Filled, Form, Lang, PublicPage, View};

use super::picker::{self, GENERAL, Tap};
use super::{directory, public_page};
use crate::app::{self, Request};
use crate::domain::{Channel, Kind, Purpose};

/// What customers choose from, with the icon of each.
const KINDS: [(Kind, &str); 5] = [
    (Kind::Repair, "tool"),
    (Kind::Return, "arrow-back-up"),
    (Kind::Inquiry, "message-question"),
    (Kind::Complaint, "message-exclamation"),
    (Kind::Feedback, "message"),
];

#[derive(Template)]
#[template(path = "cases_request.html")]
struct RequestPage {
    page: PublicPage,
    path: String,
    form: Filled,
    stamp: String,
    kinds: Vec<Tile>,
    categories: Vec<Choice>,
    taps: Vec<Tap>,
    /// Within how many minutes somebody answers.
    minutes: Option<i64>,
    /// Why it was not taken, when no field is at fault.
    refusal: Option<web::Markup>,
    /// Already a case: its number and the way to it.
    sent: Option<(String, String)>,
    /// Taken: its number and the way to it, which opens beside the page that shows the form.
    thanks: Option<(String, String)>,
}

struct Tile {
    value: &'static str,
    icon: web::Icon,
    title: String,
    about: String,
    on: bool,
}

/// Where a form stands: whose it is, its address, and how what it brings reached us.
#[derive(Debug, Clone)]
pub struct Door {
    /// The store.
    pub store: Unit,
    /// The form's address.
    pub path: String,
    /// How it reached us.
    pub way: Channel,
    /// By which registered channel.
    pub via: Option<Id<of::Channel>>,
    /// Shown inside another site's page: what follows opens beside it.
    pub framed: bool,
}

/// The open store with that code.
fn store(ctx: &Ctx, code: &str) -> Result<Unit, Fault> {
    let directory = directory(ctx);
    let found = directory.store_by_code(code).filter(|unit| unit.kind == UnitKind::Store && unit.active);
    found.cloned().ok_or_else(Fault::not_found)
}

/// `GET /r/{store}?category=&kind=`
pub(crate) async fn show(
    lang: Lang,
    ctx: Ctx,
    Path(code): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    show_at(lang, &ctx, &door(&ctx, &code)?, query).await
}

/// The door of a store's own form, behind its code.
fn door(ctx: &Ctx, code: &str) -> Result<Door, Fault> {
    let store = store(ctx, code)?;
    Ok(Door { path: format!("/r/{}", store.code), store, way: Channel::Qr, via: None, framed: false })
}

/// The form at `door`; `query` may hold `category` and `kind`.
///
/// # Errors
/// What the database says.
pub async fn show_at(lang: Lang, ctx: &Ctx, door: &Door, query: Option<String>) -> Result<Response, Failure> {
    let asked = Form::from_query(&query.unwrap_or_default());
    let mut form = Filled::new();
    for name in ["category", "kind"] {
        form = form.with(name, asked.raw(name));
    }
    let page = page(ctx, lang, door, form, None).await?;
    Ok(([web::no_referrer()], View(page)).into_response())
}

/// `POST /r/{store}`
pub(crate) async fn send(
    lang: Lang,
    ctx: Ctx,
    Path(code): Path<String>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    upload: Upload,
) -> Result<Response, Failure> {
    let door = door(&ctx, &code)?;
    let peer = peer.map(|Extension(ConnectInfo(peer))| peer);
    send_at(lang, &ctx, &door, peer, upload).await
}

/// Takes what was sent from the form at `door`.
///
/// # Errors
/// What the use case says, where it is not shown in the form.
pub async fn send_at(
    lang: Lang,
    ctx: &Ctx,
    door: &Door,
    peer: Option<SocketAddr>,
    upload: Upload,
) -> Result<Response, Failure> {
    let taken = upload.take(ctx, UploadRules::CUSTOMER).await?;
    let form = taken.form.clone();
    let stamp = form.raw("stamp").to_owned();
    if form.has("look") {
        // The goods were chosen: their symptoms, with everything kept.
        let page = page(ctx, lang, door, form.into_filled(), Some(stamp)).await?;
        return Ok(([web::no_referrer()], View(page)).into_response());
    }
    let asked = Request {
        stamp: stamp.clone(),
        trap: form.raw("website").to_owned(),
        address: peer.map_or_else(|| "local".to_owned(), |peer| network(peer.ip())),
        way: Some(door.way),
        via: door.via,
        kind: Kind::parse(form.raw("kind")).filter(|kind| KINDS.iter().any(|(one, _)| one == kind)),
        category: form.raw("category").to_owned(),
        symptoms: form.all("symptoms").map(str::to_owned).collect(),
        words: form.raw("words").to_owned(),
        name: form.raw("name").to_owned(),
        phone: form.raw("phone").to_owned(),
        consent: form.flag("consent"),
        photos: taken.of("photo"),
    };
    // A photo that is none is said before anything is written.
    let sent = match form.check() {
        Ok(()) => app::request(ctx, door.store.id, asked).await,
        Err(fault) => Err(fault),
    };
    match sent {
        Ok(requested) if requested.changed => {
            let href = app::link_path(Purpose::Track, &requested.token);
            let mut page = page(ctx, lang, door, form.into_filled(), None).await?;
            page.sent = Some((requested.number, href));
            Ok((StatusCode::CONFLICT, [web::no_referrer()], View(page)).into_response())
        }
        // Its progress may not be shown inside another site's page, so it opens beside it.
        Ok(requested) if door.framed => {
            let href = app::link_path(Purpose::Track, &requested.token);
            let mut page = page(ctx, lang, door, form.into_filled(), None).await?;
            page.thanks = Some((requested.number, href));
            Ok(([web::no_referrer()], View(page)).into_response())
        }
        Ok(requested) => {
            let target = format!("{}?done=requested", app::link_path(Purpose::Track, &requested.token));
            Ok(([web::no_referrer()], Redirect::to(&target)).into_response())
        }
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            // Too quick keeps its stamp, so that the second press goes through; one that is no good is made anew.
            let old = fault.fields().of("stamp").is_some_and(|error| error.code == "cases-request-old");
            let stamp = Some(stamp).filter(|_| !old);
            let page = page(ctx, lang, door, form.into_filled_with(&fault), stamp).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, [web::no_referrer()], View(page)).into_response())
        }
        Err(fault) if fault.kind() == FaultKind::TooMany => {
            let notice = web::notice(&lang, &fault);
            let mut page = page(ctx, lang, door, form.into_filled(), Some(stamp)).await?;
            page.refusal = Some(notice);
            Ok((StatusCode::TOO_MANY_REQUESTS, [web::no_referrer()], View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn page(ctx: &Ctx, lang: Lang, door: &Door, form: Filled, stamp: Option<String>) -> Result<RequestPage, Fault> {
    let store = &door.store;
    let catalogue = app::symptoms(&ctx.house).await?;
    let today = lang.now.day(&lang.zone);
    let chosen = catalogue.category(form.value("category")).filter(|category| category.is_offered(today));
    let category = chosen.map_or(GENERAL, |category| category.code.as_str());
    let kind = if form.value("kind").is_empty() { Kind::Repair.as_str() } else { form.value("kind") }.to_owned();
    let path = door.path.clone();
    let tile = |(kind_of, icon): &(Kind, &'static str)| Tile {
        value: kind_of.as_str(),
        icon: web::icon_l(icon),
        title: lang.word("cases-request-kind", kind_of.as_str()),
        about: lang.word("cases-request-kind-about", kind_of.as_str()),
        on: kind_of.as_str() == kind,
    };
    Ok(RequestPage {
        stamp: match stamp {
            Some(stamp) => stamp,
            None => app::request_stamp(ctx, store.id).await?,
        },
        kinds: KINDS.iter().map(tile).collect(),
        categories: picker::categories(ctx, &lang).await?,
        taps: picker::taps(&catalogue, &lang, category, &form),
        minutes: app::answer_minutes(ctx).await?,
        refusal: None,
        sent: None,
        thanks: None,
        page: public_page(ctx, lang, "cases-request-title", Some(store.id), &path),
        path,
        form,
    })
}

/// One household has a whole /64 of IPv6, so requests are counted by that.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}
