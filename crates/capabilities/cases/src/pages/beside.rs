//! What stands beside a request: cases that may be the same, and cases that were solved before.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, Id};
use web::{Chip, Failure, Filled, Form, Lang, Page, View};

use super::directory;
use super::goods::{self, Picked};
use crate::app::{self, Asked, Catalogue, Solved, Twin, VIEW, Why};

/// Nothing is like it; nothing was said yet.
const NONE: &str = "cases-intake-similar-nothing";
const WRITE: &str = "cases-intake-similar-none";

/// Both, as a fragment: the solved ones go into the side column, the possible twins into their place in the form.
#[derive(Template)]
#[template(path = "cases_beside.html")]
pub(super) struct Beside {
    pub page: Lang,
    pub solved: Vec<Example>,
    pub twins: Vec<Like>,
    /// Sent by itself: the twins say where they belong.
    pub apart: bool,
    /// What is said when nothing is like it.
    pub none: &'static str,
}

impl askama::filters::HtmlSafe for Beside {}

impl Beside {
    /// The possible twins alone.
    pub(super) fn twins(&self) -> Twins<'_> {
        Twins { page: &self.page, twins: &self.twins }
    }
}

#[derive(Template)]
#[template(path = "cases_twins.html")]
pub(super) struct Twins<'a> {
    page: &'a Lang,
    twins: &'a [Like],
}

impl askama::filters::HtmlSafe for Twins<'_> {}

/// A case that may be the same.
pub(super) struct Like {
    why: String,
    href: String,
    subject: String,
    number: String,
    when: String,
    owner: String,
    chip: Chip,
}

/// A solved case.
pub(super) struct Example {
    href: String,
    subject: String,
    number: String,
    about: String,
    note: String,
}

impl Like {
    fn of(ctx: &Ctx, lang: &Lang, Twin { case, why }: &Twin) -> Self {
        let directory = directory(ctx);
        Self {
            why: lang.word("cases-intake-twin", why.as_str()),
            href: format!("/cases/{}", case.id),
            subject: case.subject.clone(),
            number: case.number.clone(),
            when: lang.ago(case.happened_at),
            owner: case.owner.and_then(|owner| directory.user_name(owner)).unwrap_or_default().to_owned(),
            chip: web::chip("info", "circle-dot", lang.word("cases-state", case.state.name().as_str())),
        }
    }
}

impl Example {
    fn of(lang: &Lang, catalogue: &Catalogue, Solved { case, same_symptom, same_product }: &Solved) -> Self {
        let mut about = Vec::new();
        if *same_product {
            about.push(lang.t("cases-intake-same-product"));
        }
        if *same_symptom {
            about.push(lang.t("cases-intake-same-symptom"));
        }
        about.extend(case.cause.as_ref().map(|cause| catalogue.cause_name(cause.as_str(), lang.locale.as_str())));
        about.extend(case.outcome.map(|outcome| lang.word("cases-outcome", outcome.as_str())));
        if case.reopened > 0 {
            about.push(lang.t1("cases-page-reopened", "n", case.reopened));
        }
        Self {
            href: format!("/cases/{}", case.id),
            subject: case.subject.clone(),
            number: case.number.clone(),
            about: about.join(" · "),
            note: case.result_note.clone().unwrap_or_default(),
        }
    }
}

/// What the form says of the request; `customer` is whom it has chosen.
pub(super) fn asked(form: &Filled, customer: &str, picked: Option<&Picked>) -> Asked {
    let text = |name: &str, most: usize| form.value(name).chars().take(most).collect::<String>();
    let or =
        |typed: String, known: Option<String>| if typed.trim().is_empty() { known.unwrap_or_default() } else { typed };
    Asked {
        store: form.value("store").parse().ok().map(Id::new),
        customer: customer.parse().ok().map(Id::new),
        product: or(text("product", 120), picked.map(|unit| unit.product.clone())),
        serial: or(text("serial", 60), picked.map(|unit| unit.serial.clone())),
        slip: text("slip", 40),
        subject: text("subject", 200),
        symptoms: form.all("symptoms").take(6).map(str::to_owned).collect(),
        own: None,
    }
}

pub(super) async fn of(ctx: &Ctx, lang: &Lang, asked: Asked, apart: bool) -> Result<Beside, Fault> {
    if !ctx.actor.holds(VIEW) {
        return Ok(Beside { page: lang.clone(), solved: Vec::new(), twins: Vec::new(), apart, none: NONE });
    }
    let says_something = !asked.subject.trim().is_empty() || !asked.symptoms.is_empty();
    let solved = if says_something { app::similar(ctx, asked.clone()).await? } else { Vec::new() };
    let catalogue = app::symptoms(&ctx.house).await?;
    // What the chosen customer has open stands at the customer.
    let mut twins = app::twins(ctx, asked).await?;
    twins.retain(|twin| twin.why != Why::Customer);
    Ok(Beside {
        solved: solved.iter().map(|one| Example::of(lang, &catalogue, one)).collect(),
        twins: twins.iter().map(|twin| Like::of(ctx, lang, twin)).collect(),
        apart,
        none: if says_something { NONE } else { WRITE },
        page: lang.clone(),
    })
}

/// `GET /cases/new/beside?…`: while the form is filled in.
pub(crate) async fn show(lang: Lang, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let form = Form::from_query(&query.unwrap_or_default()).into_filled();
    let picked = goods::picked(&ctx, form.value("unit")).await?;
    let asked = asked(&form, form.value("customer"), picked.as_ref());
    Ok(View(of(&ctx, &lang, asked, true).await?).into_response())
}

#[derive(Template)]
#[template(path = "cases_similar.html")]
struct SimilarPage {
    page: Page,
    beside: Beside,
    back: String,
    number: String,
}

/// `GET /cases/{id}/similar`: solved cases that are like this one; a fragment for its page, a page of its own without scripts.
pub(crate) async fn similar(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    headers: axum::http::HeaderMap,
) -> Result<Response, Failure> {
    let detail = app::detail(&ctx, Id::new(id)).await?;
    let lang = page.lang.clone();
    let solved = app::similar(&ctx, Asked::of(&detail)).await?;
    let catalogue = app::symptoms(&ctx.house).await?;
    let beside = Beside {
        solved: solved.iter().map(|one| Example::of(&lang, &catalogue, one)).collect(),
        twins: Vec::new(),
        apart: false,
        none: NONE,
        page: lang,
    };
    if super::wants_fragment(&headers) {
        return Ok(View(beside).into_response());
    }
    let page = page.named("cases-intake-similar");
    Ok(View(SimilarPage { beside, back: format!("/cases/{id}"), number: detail.case.number, page }).into_response())
}
