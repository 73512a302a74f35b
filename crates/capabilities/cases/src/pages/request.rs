//! The customer's request behind a store's QR code.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use askama::Template;
use axum::Extension;
use axum::extract::{ConnectInfo, Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, Upload, UploadRules};
use identity::{Unit, UnitKind};
use kernel::{Fault, FaultKind};
use web::{Choice, Failure, Filled, Form, Lang, PublicPage, View};

use super::picker::{self, GENERAL, Tap};
use super::{directory, public_page};
use crate::app::{self, Request};
use crate::domain::{Kind, Purpose};

/// What customers choose from, with the icon of each.
const KINDS: [(Kind, &str); 4] = [
    (Kind::Repair, "tool"),
    (Kind::Return, "arrow-back-up"),
    (Kind::Inquiry, "message-question"),
    (Kind::Complaint, "message-exclamation"),
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
}

struct Tile {
    value: &'static str,
    icon: web::Icon,
    title: String,
    about: String,
    on: bool,
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
    let store = store(&ctx, &code)?;
    let asked = Form::from_query(&query.unwrap_or_default());
    let mut form = Filled::new();
    for name in ["category", "kind"] {
        form = form.with(name, asked.raw(name));
    }
    let page = page(&ctx, lang, &store, form, None).await?;
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
    let store = store(&ctx, &code)?;
    let taken = upload.take(&ctx, UploadRules::CUSTOMER).await?;
    let form = taken.form.clone();
    let stamp = form.raw("stamp").to_owned();
    if form.has("look") {
        // The goods were chosen: their symptoms, with everything kept.
        let page = page(&ctx, lang, &store, form.into_filled(), Some(stamp)).await?;
        return Ok(([web::no_referrer()], View(page)).into_response());
    }
    let asked = Request {
        stamp: stamp.clone(),
        trap: form.raw("website").to_owned(),
        address: peer.map_or_else(|| "local".to_owned(), |Extension(ConnectInfo(peer))| network(peer.ip())),
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
        Ok(()) => app::request(&ctx, store.id, asked).await,
        Err(fault) => Err(fault),
    };
    match sent {
        Ok(requested) if requested.changed => {
            let href = app::link_path(Purpose::Track, &requested.token);
            let mut page = page(&ctx, lang, &store, form.into_filled(), None).await?;
            page.sent = Some((requested.number, href));
            Ok((StatusCode::CONFLICT, [web::no_referrer()], View(page)).into_response())
        }
        Ok(requested) => {
            let target = format!("{}?done=requested", app::link_path(Purpose::Track, &requested.token));
            Ok(([web::no_referrer()], Redirect::to(&target)).into_response())
        }
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            // Too quick keeps its stamp, so that the second press goes through; one that is no good is made anew.
            let old = fault.fields().of("stamp").is_some_and(|error| error.code == "cases-request-old");
            let stamp = Some(stamp).filter(|_| !old);
            let page = page(&ctx, lang, &store, form.into_filled_with(&fault), stamp).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, [web::no_referrer()], View(page)).into_response())
        }
        Err(fault) if fault.kind() == FaultKind::TooMany => {
            let notice = web::notice(&lang, &fault);
            let mut page = page(&ctx, lang, &store, form.into_filled(), Some(stamp)).await?;
            page.refusal = Some(notice);
            Ok((StatusCode::TOO_MANY_REQUESTS, [web::no_referrer()], View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn page(ctx: &Ctx, lang: Lang, store: &Unit, form: Filled, stamp: Option<String>) -> Result<RequestPage, Fault> {
    let catalogue = app::symptoms(&ctx.house).await?;
    let today = lang.now.day(&lang.zone);
    let chosen = catalogue.category(form.value("category")).filter(|category| category.is_offered(today));
    let category = chosen.map_or(GENERAL, |category| category.code.as_str());
    let kind = if form.value("kind").is_empty() { Kind::Repair.as_str() } else { form.value("kind") }.to_owned();
    let path = format!("/r/{}", store.code);
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
