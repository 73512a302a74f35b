use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, Timestamp};
use serde::Serialize;

use crate::cookies::Theme;
use crate::markup::{Markup, json_block};
use crate::menu::{Menu, MenuItem};
use crate::{Failure, Lang};

/// The frame of a staff page: language, menu, person, place. The session layer puts one into every request; a handler takes
/// it as an argument, names the page with [`Page::titled`] and hands it to its template, which extends `layout_app.html`.
#[derive(Debug, Clone)]
pub struct Page {
    /// How the reader reads. A page is also read as its language: `page.t("…")`.
    pub lang: Lang,
    /// The title, in the reader's words.
    pub title: String,
    /// The menu of this person.
    pub menu: Arc<Menu>,
    /// Who is signed in; nobody on the login page.
    pub me: Option<Me>,
    /// The path and query of this page.
    pub path: String,
    /// The menu entry that the page belongs to where its own address does not say.
    pub within: Option<&'static str>,
    /// The chosen theme; the system's when nothing is chosen.
    pub theme: Option<Theme>,
    /// What the last action did, shown once.
    pub flash: Option<Flash>,
    /// Unread notices, where there are notices to read.
    pub notices: Option<i64>,
    /// The request's name, for reports of problems.
    pub request: Arc<str>,
    /// Where live events come from; `None` where nobody is signed in.
    pub live: Option<&'static str>,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct Me {
    /// Tells people on a shared PC apart in the browser's own storage; the user's id.
    pub key: String,
    /// The name.
    pub name: String,
    /// The role's name, in the reader's words.
    pub role: String,
    /// What the person sees: a store, a region, all.
    pub scope: String,
    /// True when single-key shortcuts are switched off.
    pub keys_off: bool,
    /// When the session ends without further use.
    pub session_ends: Option<Timestamp>,
    /// True for people who take turns at a counter PC.
    pub turns: bool,
    /// True when the screen locks by itself after three minutes without a touch: the person has a PIN to come back with.
    pub idle: bool,
}

impl Me {
    /// The first letter of the name, for the round sign.
    pub fn initial(&self) -> String {
        self.name.chars().next().map(String::from).unwrap_or_default()
    }
}

/// What the last action did, with the way back when there is one.
#[derive(Debug, Clone)]
pub struct Flash {
    /// The sentence, in the reader's words.
    pub text: String,
    /// Where a POST undoes it.
    pub undo: Option<String>,
}

impl Page {
    /// A frame without menu and person, as the login page has it.
    pub fn new(lang: Lang, path: &str) -> Self {
        Self {
            lang,
            title: String::new(),
            menu: Arc::default(),
            me: None,
            path: path.to_owned(),
            within: None,
            theme: None,
            flash: None,
            notices: None,
            request: "".into(),
            live: None,
        }
    }
    /// The page's title, already in the reader's words.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }
    /// The page's title by its Fluent key.
    #[must_use]
    pub fn named(self, key: &str) -> Self {
        let title = self.lang.t(key);
        self.titled(title)
    }
    /// The same page as a part of what the menu entry at `href` opens.
    #[must_use]
    pub const fn within(mut self, href: &'static str) -> Self {
        self.within = Some(href);
        self
    }
    /// The word for `data-bs-theme`; empty when nothing is chosen.
    pub fn theme_word(&self) -> &'static str {
        self.theme.map_or("", Theme::as_str)
    }
    /// True when this page belongs to `item`.
    pub fn is_current(&self, item: &MenuItem) -> bool {
        self.menu.current(self.within.unwrap_or(&self.path)) == Some(item.href)
    }
    /// True when no entry of the bottom bar is current.
    pub fn more_is_current(&self) -> bool {
        !self.menu.bar.iter().any(|item| self.is_current(item))
    }
    /// The texts that the scripts need, as a JSON block.
    pub fn words(&self) -> Markup {
        words(&self.lang)
    }
    /// The hidden field that makes a form harmless to send twice; stands inside `<form method="post">`.
    pub fn once(&self) -> Markup {
        once(&self.request)
    }
}

impl Deref for Page {
    type Target = Lang;
    fn deref(&self) -> &Lang {
        &self.lang
    }
}

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Fault::internal("a page outside the session layer").into())
    }
}

/// The frame of a customer's page: no menu, large type. Templates extend `layout_public.html`.
#[derive(Debug, Clone)]
pub struct PublicPage {
    /// How the reader reads.
    pub lang: Lang,
    /// The title, in the reader's words.
    pub title: String,
    /// The company's name.
    pub company: String,
    /// The store's name.
    pub store: String,
    /// The store's telephone number, if the customer may call.
    pub phone: Option<String>,
    /// The path, for the language switch.
    pub path: String,
    /// The request's name, which makes its forms harmless to send twice.
    pub request: Arc<str>,
}

impl PublicPage {
    /// A customer's page named by the Fluent key `title`.
    pub fn new(lang: Lang, title: &str, company: &str, store: &str, path: &str) -> Self {
        Self {
            title: lang.t(title),
            lang,
            company: company.to_owned(),
            store: store.to_owned(),
            phone: None,
            path: path.to_owned(),
            request: "".into(),
        }
    }
    /// The same made for the request of this name.
    #[must_use]
    pub fn asked(mut self, request: &Arc<str>) -> Self {
        self.request = Arc::clone(request);
        self
    }
    /// The hidden field that makes a form harmless to send twice; stands inside `<form method="post">`.
    pub fn once(&self) -> Markup {
        once(&self.request)
    }
    /// The same with the store's telephone number.
    #[must_use]
    pub fn phone(mut self, phone: Option<String>) -> Self {
        self.phone = phone;
        self
    }
    /// The digits for a `tel:` address.
    pub fn dial(&self) -> String {
        self.phone.iter().flat_map(|phone| phone.chars()).filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }
    /// The texts that the scripts need, as a JSON block.
    pub fn words(&self) -> Markup {
        words(&self.lang)
    }
}

impl Deref for PublicPage {
    type Target = Lang;
    fn deref(&self) -> &Lang {
        &self.lang
    }
}

/// The frame of paper: sheets in black on white. Templates extend `layout_print.html`.
#[derive(Debug, Clone)]
pub struct PrintPage {
    /// How the reader reads.
    pub lang: Lang,
    /// The title, in the reader's words.
    pub title: String,
    /// What lies on the sheets, beside the title.
    pub about: String,
    /// Where "back" leads.
    pub back: String,
}

impl PrintPage {
    /// A page of paper named by the Fluent key `title`.
    pub fn new(lang: Lang, title: &str, back: &str) -> Self {
        Self { title: lang.t(title), lang, about: String::new(), back: back.to_owned() }
    }
    /// The same with a line about what is printed.
    #[must_use]
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }
    /// The texts that the scripts need, as a JSON block.
    pub fn words(&self) -> Markup {
        words(&self.lang)
    }
}

impl Deref for PrintPage {
    type Target = Lang;
    fn deref(&self) -> &Lang {
        &self.lang
    }
}

/// Texts that the scripts need, with `{name}` where a value goes.
const SCRIPT_TEXTS: &[(&str, &[&str])] = &[
    ("due-left-min", &["n"]),
    ("due-left-hour", &["h"]),
    ("due-left-hour-min", &["h", "m"]),
    ("due-late-min", &["n"]),
    ("due-late-hour", &["h"]),
    ("due-late-hour-min", &["h", "m"]),
    ("due-late-day", &["n"]),
    ("due-today", &["time"]),
    ("due-tomorrow", &["time"]),
    ("due-before", &["date"]),
    ("due-crossed", &["n", "what"]),
    ("live-on", &[]),
    ("live-off", &[]),
    ("session-ends", &[]),
    ("copied", &[]),
    ("copy-failed", &[]),
    ("view-title", &[]),
    ("view-previous", &[]),
    ("view-next", &[]),
    ("view-open", &[]),
    ("view-close", &[]),
];

/// The name of the hidden field whose value makes a repeat of a form answer with the first one's result.
pub const FORM_KEY: &str = "form_key";

fn once(request: &str) -> Markup {
    match request {
        "" => Markup::default(),
        _ => Markup::ready(format!("<input type=\"hidden\" name=\"{FORM_KEY}\" value=\"{}\">", crate::escape(request))),
    }
}

#[derive(Serialize)]
struct Words {
    /// Minutes ahead of UTC.
    offset: i64,
    /// The page's instant in milliseconds: the reader's own clock may be wrong.
    now: i64,
    #[serde(flatten)]
    texts: BTreeMap<&'static str, String>,
}

fn words(lang: &Lang) -> Markup {
    let mut texts: BTreeMap<_, _> = SCRIPT_TEXTS
        .iter()
        .map(|(key, names)| {
            let values: Vec<_> = names.iter().map(|name| (*name, format!("{{{name}}}"))).collect();
            (*key, lang.stated(&format!("web-{key}"), &values))
        })
        .collect();
    // One day is said apart: languages with a singular have it, and the scripts know no plural rules.
    texts.insert("due-late-day-one", lang.t1("web-due-late-day", "n", 1));
    json_block(&Words { offset: lang.offset_minutes(), now: lang.now.millis(), texts })
}

/// A template as an answer: `Ok(View(CasePage { page, … }))`.
#[derive(Debug, Clone, Copy)]
pub struct View<T>(pub T);

impl<T: Template> IntoResponse for View<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => ([(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], html).into_response(),
            Err(error) => Failure::from(Fault::internal(error)).into_response(),
        }
    }
}
