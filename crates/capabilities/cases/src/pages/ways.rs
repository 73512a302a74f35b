//! By which way a reply goes, and its letter.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, Id, of};
use web::{Choice, Failure, Filled, Lang, PrintPage, View};

use super::directory;
use crate::app::{self, WORK};
use crate::domain::Way;

/// The choice beside the send button, and what to do when nothing reaches the customer.
#[derive(Template)]
#[template(path = "cases_ways.html")]
pub(super) struct Ways {
    page: Lang,
    field: web::Field,
    /// Nothing that is known reaches the customer.
    none: bool,
}

impl askama::filters::HtmlSafe for Ways {}

impl Ways {
    pub(super) async fn of(ctx: &Ctx, lang: &Lang, id: Id<of::Case>, form: &Filled) -> Result<Self, Fault> {
        let ways = app::reply_ways(ctx, id).await?;
        let choices: Vec<Choice> = ways
            .open
            .iter()
            .map(|(way, to)| {
                let word = lang.word("cases-way", way.as_str());
                let text = if to.is_empty() { word } else { format!("{word} {to}") };
                Choice::new(way.as_str(), text)
            })
            .collect();
        let usual = ways.usual.unwrap_or(Way::Page);
        let field = web::select(lang, form, "way", "cases-way").options(&choices).likely(usual.as_str());
        Ok(Self { page: lang.clone(), field: field.hint("cases-way-hint"), none: ways.usual.is_none() })
    }
}

#[derive(Template)]
#[template(path = "cases_letter.html")]
struct LetterPage {
    page: PrintPage,
    company: String,
    store: String,
    store_phone: String,
    address: String,
    customer: String,
    number: String,
    at: String,
    body: String,
    by: String,
}

/// `GET /cases/{id}/replies/{message}/print`: the letter.
pub(crate) async fn letter(lang: Lang, ctx: Ctx, Path((id, message)): Path<(i64, i64)>) -> Result<Response, Failure> {
    let (case, said) = app::letter(&ctx, Id::new(id), Id::new(message)).await?;
    let directory = directory(&ctx);
    let locale = lang.locale.as_str();
    let unit = directory.unit(case.store);
    let name = unit.map(|unit| unit.name_in(locale).to_owned()).unwrap_or_default();
    Ok(View(LetterPage {
        company: directory.company().map(|unit| unit.name_in(locale).to_owned()).unwrap_or_default(),
        store_phone: unit.and_then(|unit| unit.phone.clone()).unwrap_or_default(),
        address: unit.and_then(|unit| unit.address.clone()).unwrap_or_default(),
        store: name,
        customer: case.customer_name,
        number: case.number,
        at: lang.date(said.created_at),
        body: said.body,
        by: said.author_name,
        page: PrintPage::new(lang, "cases-letter-title", &format!("/cases/{id}")),
    })
    .into_response())
}

/// `POST /cases/{id}/replies/{message}/print`: notes that it was printed, and leads to it.
pub(crate) async fn print(ctx: Ctx, Path((id, message)): Path<(i64, i64)>) -> Result<Response, Failure> {
    if !ctx.actor.holds(WORK) {
        return Err(Fault::forbidden().into());
    }
    app::letter_printed(&ctx, Id::new(id), Id::new(message)).await?;
    Ok(Redirect::to(&format!("/cases/{id}/replies/{message}/print")).into_response())
}
