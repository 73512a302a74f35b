//! The buttons of what customers complain about, for the goods at hand.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::Fault;
use parties::domain::{CauseKind, ListEntry};
use web::{Choice, Failure, Filled, Form, Lang, View};

use super::goods::{self, Picked};
use crate::app::{self, Catalogue, Symptom};
use crate::domain::{Confidence, FaultClass};

/// What fits all goods.
pub(super) const GENERAL: &str = "general";

#[derive(Template)]
#[template(path = "cases_symptoms.html")]
pub(super) struct Picker {
    pub page: Lang,
    /// The kind of goods whose symptoms are shown.
    pub category: String,
    pub symptoms: Vec<Tap>,
    pub error: Option<String>,
}

impl askama::filters::HtmlSafe for Picker {}

/// A symptom to tap.
pub(super) struct Tap {
    pub code: String,
    pub name: String,
    pub on: bool,
    pub danger: bool,
}

impl Tap {
    pub(super) fn of(lang: &Lang, symptom: &Symptom, on: bool) -> Self {
        Self {
            code: symptom.code.clone(),
            name: symptom.name_in(lang.locale.as_str()).to_owned(),
            on,
            danger: symptom.danger,
        }
    }
}

/// The kinds of goods to choose from.
pub(super) async fn categories(ctx: &Ctx, lang: &Lang) -> Result<Vec<Choice>, Fault> {
    let catalogue = app::symptoms(&ctx.house).await?;
    Ok(offered(&catalogue.categories, lang))
}

/// The causes to choose from.
pub(super) async fn causes(ctx: &Ctx, lang: &Lang) -> Result<Vec<Choice>, Fault> {
    let catalogue = app::symptoms(&ctx.house).await?;
    let (locale, today) = (lang.locale.as_str(), lang.now.day(&lang.zone));
    let causes = catalogue.causes_for(CauseKind::Case, today);
    Ok(causes.map(|cause| Choice::new(&cause.code, cause.name_in(locale))).collect())
}

/// The entries that are offered today.
pub(super) fn offered(entries: &[ListEntry], lang: &Lang) -> Vec<Choice> {
    let (locale, today) = (lang.locale.as_str(), lang.now.day(&lang.zone));
    let shown = entries.iter().filter(|entry| entry.is_offered(today));
    shown.map(|entry| Choice::new(&entry.code, entry.name_in(locale))).collect()
}

/// The symptoms for what the form says of the goods: the chosen kind, else what the product's name speaks of, else all goods.
/// What is tapped already stays in sight.
pub(super) async fn of(ctx: &Ctx, lang: &Lang, form: &Filled, picked: Option<&Picked>) -> Result<Picker, Fault> {
    let catalogue = app::symptoms(&ctx.house).await?;
    let today = lang.now.day(&lang.zone);
    let typed = form.value("product").trim();
    let product = if typed.is_empty() { picked.map_or("", |unit| unit.product.as_str()) } else { typed };
    let guess = || catalogue.guess(product, today);
    let chosen = catalogue.category(form.value("category")).filter(|category| category.is_offered(today));
    let category = chosen.or_else(guess).or_else(|| catalogue.category(GENERAL));
    let code = category.map(|category| category.code.clone()).unwrap_or_default();
    let on = |symptom: &Symptom| form.holds("symptoms", &symptom.code);
    let offered = catalogue.offered(&code, today);
    let tapped = catalogue
        .symptoms
        .iter()
        .filter(|symptom| symptom.category != code && symptom.is_offered(today) && on(symptom));
    Ok(Picker {
        symptoms: tapped.chain(offered).map(|symptom| Tap::of(lang, symptom, on(symptom))).collect(),
        category: category.map(|category| category.name_in(lang.locale.as_str()).to_owned()).unwrap_or_default(),
        error: form.error("symptoms", lang),
        page: lang.clone(),
    })
}

/// `GET /cases/new/symptoms?product=&category=&symptoms=`: the buttons anew, while the product is typed.
pub(crate) async fn show(lang: Lang, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let form = Form::from_query(&query.unwrap_or_default()).into_filled();
    let picked = goods::picked(&ctx, form.value("unit")).await?;
    Ok(View(of(&ctx, &lang, &form, picked.as_ref()).await?).into_response())
}

/// A symptom of a case, with what it counts as and why.
pub(super) struct Named {
    pub name: String,
    pub class: String,
    pub tone: &'static str,
    pub about: String,
    pub obvious: bool,
}

impl Named {
    pub(super) fn of(lang: &Lang, symptom: &Symptom) -> Self {
        let confidence = lang.word("cases-confidence", symptom.confidence.as_str());
        Self {
            name: symptom.name_in(lang.locale.as_str()).to_owned(),
            class: lang.word("cases-fault-class", symptom.class.as_str()),
            tone: tone(symptom.class),
            about: match symptom.own {
                true => source(lang, &symptom.source),
                false => lang.t2("cases-intake-source", "source", source(lang, &symptom.source), "sure", confidence),
            },
            obvious: symptom.obvious,
        }
    }
}

/// Colour means how far the customer's rights may go.
pub(super) const fn tone(class: FaultClass) -> &'static str {
    match class {
        FaultClass::None => "",
        FaultClass::Minor => "line",
        FaultClass::Performance => "soon",
        FaultClass::Serious => "late",
    }
}

/// A source as people read it: `PH2001-annex` → 移动电话机三包规定, 附件故障表.
pub(super) fn source(lang: &Lang, code: &str) -> String {
    let Some((rule, place)) = code.split_once('-') else { return lang.word("cases-source", code) };
    let rule = lang.word("cases-source", &rule.to_lowercase());
    match place {
        "annex" => lang.t1("cases-source-annex", "rule", rule),
        article => lang.t2("cases-source-article", "rule", rule, "article", article),
    }
}

/// How sure a source is, to choose from and to show.
pub(super) fn sure(lang: &Lang, confidence: Confidence) -> String {
    lang.word("cases-confidence", confidence.as_str())
}

/// What is offered of `category` today, for pages without a form of staff.
pub(super) fn taps(catalogue: &Catalogue, lang: &Lang, category: &str, form: &Filled) -> Vec<Tap> {
    let today = lang.now.day(&lang.zone);
    let offered = catalogue.offered(category, today);
    offered.map(|symptom| Tap::of(lang, symptom, form.holds("symptoms", &symptom.code))).collect()
}
