//! The poster with a store's QR code.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
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
    let public = ctx.house.secure_url();
    let code = match public {
        Some(public) => {
            let address = format!("{public}/r/{}", unit.code);
            Some((square(&address, &lang.t("cases-poster-code"))?, address))
        }
        None => None,
    };
    let locale = lang.locale.as_str();
    let store = unit.name_in(locale).to_owned();
    Ok(View(PosterPage {
        company: directory.company().map(|unit| unit.name_in(locale).to_owned()).unwrap_or_default(),
        phone: unit.phone.clone().unwrap_or_default(),
        page: PrintPage::new(lang, "cases-poster-title", "/cases/new").about(store.clone()),
        store,
        code,
        stores: reached,
        chosen,
        small: form.raw("size") == "a5",
        minutes: app::answer_minutes(&ctx).await?,
    })
    .into_response())
}
