use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use askama::Template;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::header::{ACCEPT, ALLOW, CONTENT_TYPE, HOST, HeaderName, LOCATION, REFERER, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use kernel::{Fault, FaultKind};
use serde::Serialize;

use crate::edge::RequestId;
use crate::layout::{Page, View};
use crate::markup::Markup;
use crate::preferences::local_path;
use crate::{Lang, Locale};

const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
const HX_RETARGET: HeaderName = HeaderName::from_static("hx-retarget");
const HX_RESWAP: HeaderName = HeaderName::from_static("hx-reswap");
const HX_REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");

/// A fault as an answer. What it looks like (page, fragment, problem+json) is decided by [`show`], which knows the request.
#[derive(Debug, Clone)]
pub struct Failure(pub Fault);

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl From<askama::Error> for Failure {
    #[track_caller]
    fn from(error: askama::Error) -> Self {
        Self(Fault::internal(error))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.kind().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if let Some((_, seconds)) = self.0.args().iter().find(|(name, _)| *name == "retry_after")
            && let Ok(seconds) = HeaderValue::from_str(seconds)
        {
            response.headers_mut().insert(RETRY_AFTER, seconds);
        } else if matches!(self.0.kind(), FaultKind::Busy | FaultKind::TooMany) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Where customers' pages are: links, requests, ratings and decisions.
const CUSTOMERS: [&str; 4] = ["/c/", "/r/", "/rate/", "/a/"];

/// What is said about a fault, in the reader's words.
struct Said {
    title: String,
    detail: String,
    fields: Vec<SaidField>,
    icon: &'static str,
    alert: bool,
    retry: bool,
    sign_in: bool,
    number: bool,
    path: String,
    /// The page that the request came from, for a way back.
    back: Option<String>,
    /// Whether it says a way home; customers have none.
    home: bool,
}

#[derive(Serialize)]
struct SaidField {
    field: String,
    code: &'static str,
    text: String,
}

impl Said {
    fn new(lang: &Lang, fault: &Fault, path: &str) -> Self {
        let key = format!("fault-{}", fault.code());
        let general = format!("fault-kind-{}", kind_word(fault.kind()));
        let fields = fault.fields().iter().map(|error| SaidField {
            field: error.field.clone(),
            code: error.code,
            text: lang.field_error(error),
        });
        Self {
            title: lang.find_stated(&key, fault.args()).unwrap_or_else(|| lang.t(&general)),
            detail: lang
                .find_stated(&format!("{key}.about"), fault.args())
                .unwrap_or_else(|| lang.t(&format!("{general}.about"))),
            fields: fields.collect(),
            icon: match fault.kind() {
                FaultKind::Forbidden | FaultKind::Unauthenticated => "lock",
                FaultKind::NotFound => "search",
                _ => "alert-triangle",
            },
            alert: fault.kind().status() >= 500,
            retry: matches!(fault.kind(), FaultKind::Busy | FaultKind::TooMany | FaultKind::Internal),
            sign_in: fault.kind() == FaultKind::Unauthenticated,
            number: fault.kind().status() >= 500,
            path: path.to_owned(),
            back: None,
            home: true,
        }
    }
    /// For somebody who is not signed in: a customer with a link that names nothing has no numbers to look up.
    fn outside(mut self, lang: &Lang, fault: &Fault) -> Self {
        if fault.code() == "not-found" {
            self.detail = lang.t("fault-not-found-outside");
        }
        self.home = !CUSTOMERS.iter().any(|part| self.path.starts_with(part));
        self
    }
    fn sign_in_href(&self) -> String {
        sign_in_href(&self.path)
    }
}

const fn kind_word(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Invalid => "invalid",
        FaultKind::Unauthenticated => "unauthenticated",
        FaultKind::Forbidden => "forbidden",
        FaultKind::NotFound => "not-found",
        FaultKind::Refused => "refused",
        FaultKind::Conflict => "conflict",
        FaultKind::Stale => "stale",
        FaultKind::VersionMissing => "version-missing",
        FaultKind::TooLarge => "too-large",
        FaultKind::MediaType => "media-type",
        FaultKind::Method => "method",
        FaultKind::TooMany => "too-many",
        FaultKind::Busy => "busy",
        FaultKind::Internal => "internal",
    }
}

/// The login page that comes back to `path`.
pub fn sign_in_href(path: &str) -> String {
    let next = serde_urlencoded::to_string([("next", path)]).unwrap_or_default();
    format!("/login?{next}")
}

/// RFC 9457 problem details.
#[derive(Serialize)]
struct Problem<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'static str,
    #[serde(skip_serializing_if = "<[SaidField]>::is_empty")]
    fields: &'a [SaidField],
    request: &'a str,
}

#[derive(Template)]
#[template(path = "fault_page.html")]
struct FaultPage {
    page: Page,
    said: Said,
}

#[derive(Template)]
#[template(path = "fault_plain.html")]
struct FaultPlain {
    page: Page,
    said: Said,
}

#[derive(Template)]
#[template(path = "fault_fragment.html")]
struct FaultFragment<'a> {
    lang: &'a Lang,
    said: &'a Said,
    request: &'a str,
}

/// What the request tells about the form of an answer.
struct Asked {
    path: String,
    back: Option<String>,
    method: Method,
    api: bool,
    htmx: bool,
    request: Arc<str>,
    lang: Lang,
    page: Option<Page>,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let headers = request.headers();
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let page = request.extensions().get::<Page>().cloned();
        let lang = page.as_ref().map(|page| page.lang.clone()).or_else(|| request.extensions().get::<Lang>().cloned());
        Self {
            api: wants_json(&path, headers),
            htmx: headers.contains_key(&HX_REQUEST),
            method: request.method().clone(),
            request: request.extensions().get::<RequestId>().map_or_else(|| "".into(), |id| Arc::clone(&id.0)),
            lang: lang.unwrap_or_else(|| fallback_lang(headers)),
            page,
            back: came_from(headers).filter(|back| *back != path),
            path,
        }
    }

    fn answer(self, fault: &Fault, headers: &HeaderMap) -> Response {
        let said = Said { back: self.back.clone(), ..Said::new(&self.lang, fault, &self.path) };
        let status = StatusCode::from_u16(fault.kind().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = if self.api {
            problem(&said, fault, &self.request)
        } else if self.htmx {
            self.fragment(&said, fault)
        } else if said.sign_in && self.method == Method::GET {
            return redirect(&said.sign_in_href());
        } else {
            self.whole_page(said, fault)
        };
        *response.status_mut() = status;
        for name in [RETRY_AFTER, ALLOW] {
            if let Some(value) = headers.get(&name) {
                response.headers_mut().insert(name, value.clone());
            }
        }
        response
    }

    fn fragment(&self, said: &Said, fault: &Fault) -> Response {
        let mut response = View(FaultFragment { lang: &self.lang, said, request: &self.request }).into_response();
        let headers = response.headers_mut();
        if fault.kind() == FaultKind::Unauthenticated {
            if let Ok(target) = HeaderValue::from_str(&said.sign_in_href()) {
                headers.insert(HX_REDIRECT, target);
            }
        } else {
            headers.insert(HX_RETARGET, HeaderValue::from_static("#flash"));
            headers.insert(HX_RESWAP, HeaderValue::from_static("innerHTML"));
        }
        response
    }

    fn whole_page(self, said: Said, fault: &Fault) -> Response {
        match self.page {
            Some(page) if page.me.is_some() => {
                View(FaultPage { page: page.titled(said.title.clone()), said }).into_response()
            }
            other => {
                let mut page =
                    other.unwrap_or_else(|| Page::new(self.lang.clone(), &self.path)).titled(said.title.clone());
                page.request = self.request;
                let said = said.outside(&self.lang, fault);
                View(FaultPlain { page, said }).into_response()
            }
        }
    }
}

/// The path of the page of ours that sent the request.
fn came_from(headers: &HeaderMap) -> Option<String> {
    let address = headers.get(REFERER)?.to_str().ok()?;
    let (authority, path) = address.split_once("://")?.1.split_once('/')?;
    let ours = headers.get(HOST).is_some_and(|host| host.as_bytes() == authority.as_bytes());
    let path = format!("/{path}");
    (ours && local_path(&path) == path).then_some(path)
}

fn redirect(to: &str) -> Response {
    let target = HeaderValue::from_str(to).unwrap_or_else(|_| HeaderValue::from_static("/login"));
    (StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response()
}

fn problem(said: &Said, fault: &Fault, request: &str) -> Response {
    let problem = Problem {
        kind: format!("/problems/{}", fault.code()),
        title: &said.title,
        status: fault.kind().status(),
        detail: &said.detail,
        code: fault.code(),
        fields: &said.fields,
        request,
    };
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    ([(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))], body).into_response()
}

/// A reader of whom only the browser's headers are known; such answers carry no times.
fn fallback_lang(headers: &HeaderMap) -> Lang {
    Lang::new(crate::cookies::locale_of(headers), kernel::Zone::china(), kernel::Timestamp::from_millis(0))
}

fn wants_json(path: &str, headers: &HeaderMap) -> bool {
    // What is read by scripts alone is answered for programs: a stream that leads to the login page tells them nothing.
    let bare = path.split('?').next().unwrap_or_default();
    if path.starts_with("/api/") || matches!(bare, "/openapi.json" | "/events" | "/events/recent") {
        return true;
    }
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("json") && !accept.contains("text/html")
}

/// Renders failures for people and programs; put it inside the session layer (then error pages have the menu) and once more
/// outside of everything (for what fails before). Bare answers of the framework (404, 405, 413, 415 …) become faults too.
pub async fn show(request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    // A defect that panics is an error page like any other defect; its own words are in the log already.
    let ended = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = ended.unwrap_or_else(|_panic| Failure(Fault::internal("a panic")).into_response());
    let failure = match response.extensions_mut().remove::<Failure>() {
        None if response.status() == StatusCode::BAD_REQUEST => bad_request(&mut response).await,
        None => bare(&response),
        known => known,
    };
    let Some(Failure(fault)) = failure else {
        return response;
    };
    report(&fault, &asked);
    asked.answer(&fault, response.headers())
}

fn report(fault: &Fault, asked: &Asked) {
    if fault.kind().status() >= 500 {
        tracing::error!(%fault, at = %fault.location(), request = %asked.request, path = asked.path, "failed");
    } else {
        tracing::debug!(%fault, at = %fault.location(), request = %asked.request, path = asked.path, "refused");
    }
}

/// What the framework cannot read in an address (`/cases/x`, where ids are numbers) names nothing; anything else is unreadable.
async fn bad_request(response: &mut Response) -> Option<Failure> {
    let failure = bare(response)?;
    let body = to_bytes(std::mem::take(response.body_mut()), 1024).await.unwrap_or_default();
    Some(if body.starts_with(b"Invalid URL") { Failure(Fault::not_found()) } else { failure })
}

/// The fault that a bare answer of the framework stands for: an error status with a plain text or no body.
fn bare(response: &Response) -> Option<Failure> {
    let said = response.headers().get(CONTENT_TYPE).is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    if said {
        return None;
    }
    let (kind, code) = match response.status().as_u16() {
        400 | 422 => (FaultKind::Invalid, "unreadable"),
        404 => (FaultKind::NotFound, "not-found"),
        405 => (FaultKind::Method, "method"),
        408 => (FaultKind::Busy, "timeout"),
        411 | 413 => (FaultKind::TooLarge, "too-large"),
        415 => (FaultKind::MediaType, "media-type"),
        429 => (FaultKind::TooMany, "too-many"),
        500..=502 => (FaultKind::Internal, "internal"),
        503 | 504 => (FaultKind::Busy, "busy"),
        _ => return None,
    };
    Some(Failure(Fault::new(kind, code)))
}

/// Shows a fault's sentence inside a page that goes on (a refused action whose form stays on the screen).
pub fn notice(lang: &Lang, fault: &Fault) -> Markup {
    let said = Said::new(lang, fault, "");
    Markup::ready(FaultFragment { lang, said: &said, request: "" }.render().unwrap_or_default())
}

/// The sentence of a fault code in `locale`, for exports and command-line answers.
pub fn sentence(locale: Locale, fault: &Fault) -> String {
    let lang = Lang::new(locale, kernel::Zone::china(), kernel::Timestamp::from_millis(0));
    let said = Said::new(&lang, fault, "");
    said.fields.iter().fold(said.title, |text, field| format!("{text} {}: {}", field.field, field.text))
}
