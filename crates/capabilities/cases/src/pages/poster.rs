//! The poster with a store's QR code.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use identity::Unit;
use kernel::Fault;
use web::{Choice, Failure, Form, Lang, Markup, PrintPage, View};

use super::print::square;
use super::{directory, stores};
use crate::app::{self, TAKE_IN};

#[derive(Template)]
#[template(path = "cases_poster.html")]
struct PosterPage {
    page: PrintPage,
    company: String,
    store: String,
    phone: String,
    /// The square code and the address that it holds; nothing without a public HTTPS address.
    code: Option<(Markup, String)>,
    stores: Vec<Choice>,
    chosen: String,
    small: bool,
    minutes: Option<i64>,
    /// Where the sheet's size and store are chosen.
    action: String,
}

/// `GET /cases/poster?store=&size=a4|a5`
pub(crate) async fn show(lang: Lang, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let reached = stores(&ctx, &lang, TAKE_IN);
    let directory = directory(&ctx);
    let home = ctx.actor.home.and_then(|home| directory.store_of(home)).map(|store| store.id.to_string());
    let wanted = if form.has("store") { Some(form.raw("store").to_owned()) } else { home };
    let chosen = match wanted {
        Some(wanted) if reached.iter().any(|store| store.value == wanted) => wanted,
        // A store that was named and is out of reach does not exist.
        Some(_) if form.has("store") => return Err(Fault::not_found().into()),
        _ => reached.first().map(|store| store.value.clone()).ok_or_else(Fault::not_found)?,
    };
    let unit = chosen.parse().ok().and_then(|id| directory.unit(id)).ok_or_else(Fault::not_found)?;
    let sheet = Sheet {
        store: unit,
        path: &format!("/r/{}", unit.code),
        action: "/cases/poster",
        back: "/cases/new",
        stores: reached,
    };
    poster(lang, &ctx, sheet, form.raw("size") == "a5").await
}

/// What a poster is about.
pub struct Sheet<'a> {
    /// Whose it is.
    pub store: &'a Unit,
    /// What its code leads to.
    pub path: &'a str,
    /// The poster's own address.
    pub action: &'a str,
    /// Where one comes from.
    pub back: &'a str,
    /// Stores to choose from; none where it is one channel's.
    pub stores: Vec<Choice>,
}

/// The poster as a page to print. Without a public HTTPS address there is no code, and the page says why.
///
/// # Errors
/// What the database says.
pub async fn poster(lang: Lang, ctx: &Ctx, sheet: Sheet<'_>, small: bool) -> Result<Response, Failure> {
    let code = match ctx.house.secure_url() {
        Some(public) => {
            let address = format!("{public}{}", sheet.path);
            Some((square(&address, &lang.t("cases-poster-code"))?, address))
        }
        None => None,
    };
    let directory = directory(ctx);
    let locale = lang.locale.as_str();
    let store = sheet.store.name_in(locale).to_owned();
    Ok(View(PosterPage {
        company: directory.company().map(|unit| unit.name_in(locale).to_owned()).unwrap_or_default(),
        phone: sheet.store.phone.clone().unwrap_or_default(),
        page: PrintPage::new(lang, "cases-poster-title", sheet.back).about(store.clone()),
        store,
        code,
        stores: sheet.stores,
        chosen: sheet.store.id.to_string(),
        small,
        minutes: app::answer_minutes(ctx).await?,
        action: sheet.action.to_owned(),
    })
    .into_response())
}
