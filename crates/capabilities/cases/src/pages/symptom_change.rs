//! One symptom as administration changes it.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Choice, Conflict, Failure, Filled, Form, Lang, Page, View};

use super::{choices, picker};
use crate::app::{self, Catalogue, Symptom, SymptomChange};
use crate::domain::{Confidence, FaultClass};

/// The company itself as a source.
const HOUSE: &str = "house";

#[derive(Template)]
#[template(path = "cases_settings_symptom.html")]
struct SymptomPage {
    page: Page,
    form: Filled,
    goods: String,
    action: String,
    hidden: Vec<(String, String)>,
    conflict: Option<Conflict>,
    classes: Vec<Choice>,
    answers: Vec<Choice>,
    rules: Vec<Choice>,
    sure: Vec<Choice>,
}

/// What the form holds.
fn fields(symptom: &Symptom, catalogue: &Catalogue, lang: &Lang) -> Vec<(String, String)> {
    let today = lang.now.day(&lang.zone);
    let place = catalogue.offered(&symptom.category, today).zip(1_i64..).find(|(other, _)| other.id == symptom.id);
    let (rule, article) = symptom.source.split_once('-').unwrap_or((HOUSE, ""));
    let pairs = [
        ("name_zh", symptom.name_zh.clone()),
        ("name_en", symptom.name_en.clone()),
        ("fault_class", symptom.class.to_string()),
        ("obvious", symptom.obvious.to_string()),
        ("danger", symptom.danger.to_string()),
        ("rule", rule.to_owned()),
        ("article", article.to_owned()),
        ("confidence", symptom.confidence.to_string()),
        ("position", place.map_or(1, |(_, place)| place).to_string()),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn label(lang: &Lang, name: &str) -> String {
    match name {
        "name_zh" => lang.t("cases-intake-name-zh"),
        "name_en" => lang.t("cases-intake-name-en"),
        "fault_class" => lang.t("cases-fault-class"),
        "obvious" => lang.t("cases-intake-obvious"),
        "danger" => lang.t("cases-intake-danger"),
        "rule" => lang.t("cases-symptom-edit-rule"),
        "article" => lang.t("cases-symptom-edit-article"),
        "confidence" => lang.t("cases-symptom-edit-confidence"),
        _ => lang.t("cases-symptom-edit-position"),
    }
}

fn render(page: Page, symptom: &Symptom, catalogue: &Catalogue, form: Filled) -> SymptomPage {
    let lang = page.lang.clone();
    let locale = lang.locale.as_str();
    let goods = catalogue.category(&symptom.category).map(|goods| goods.name_in(locale).to_owned());
    let rules = app::RULES.iter().map(|rule| Choice::new(*rule, lang.word("cases-source", &rule.to_lowercase())));
    SymptomPage {
        goods: goods.unwrap_or_default(),
        action: format!("/settings/symptoms/{}", symptom.id),
        hidden: Vec::new(),
        conflict: None,
        classes: choices(&lang, "cases-fault-class", FaultClass::ALL.iter().map(|class| class.as_str())),
        answers: choices(&lang, "cases-page-bool", ["true", "false"]),
        rules: std::iter::once(Choice::new(HOUSE, lang.word("cases-source", HOUSE))).chain(rules).collect(),
        sure: Confidence::ALL.iter().map(|one| Choice::new(one.as_str(), picker::sure(&lang, *one))).collect(),
        page: page.titled(symptom.name_in(locale).to_owned()),
        form,
    }
}

/// `GET /settings/symptoms/{id}`
pub(crate) async fn edit(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    let (symptom, catalogue) = app::editable_symptom(&ctx, Id::new(id)).await?;
    let now = fields(&symptom, &catalogue, &page.lang);
    let mut shown = render(page, &symptom, &catalogue, web::filled(&now));
    shown.hidden = web::seen(symptom.version, &now);
    Ok(View(shown).into_response())
}

/// `POST /settings/symptoms/{id}`
pub(crate) async fn change(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let mut form = web::taken(&form);
    let version = form.version("version")?;
    let source = match form.raw("rule") {
        "" | HOUSE => HOUSE.to_owned(),
        rule => format!("{rule}-{}", form.raw("article").trim()),
    };
    let change = SymptomChange {
        name_zh: form.raw("name_zh").to_owned(),
        name_en: Some(form.raw("name_en").to_owned()),
        class: form.choice("fault_class", FaultClass::parse),
        obvious: form.raw("obvious") == "true",
        danger: form.raw("danger") == "true",
        confidence: form.choice_or_none("confidence", Confidence::parse),
        position: form.number_or_none("position", 1..=1_000),
        source,
    };
    let fault = match form.check() {
        Ok(()) => match app::change_symptom(&ctx, Id::new(id), version, change).await {
            Ok(_) => return Ok(Redirect::to("/settings/symptoms?done=symptom-changed").into_response()),
            Err(fault) => fault,
        },
        Err(fault) => fault,
    };
    let (symptom, catalogue) = app::editable_symptom(&ctx, Id::new(id)).await?;
    let now = fields(&symptom, &catalogue, &page.lang);
    match fault.kind() {
        FaultKind::Invalid => {
            let hidden = form.pairs().iter().filter(|(name, _)| name.starts_with("seen.") || name == "version");
            let hidden = hidden.cloned().collect();
            if fault.fields().of("source").is_some() {
                form.reject("article", "cases-source");
            }
            let mut shown = render(page, &symptom, &catalogue, form.into_filled_with(&fault));
            shown.hidden = hidden;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(shown)).into_response())
        }
        FaultKind::Stale => {
            let lang = page.lang.clone();
            let (filled, clashes) = web::clashed(&form, &now, |name| label(&lang, name));
            let conflict = conflict(&ctx, &lang, &symptom, version, &clashes).await?;
            let mut shown = render(page, &symptom, &catalogue, filled);
            shown.hidden = web::seen(symptom.version, &now);
            shown.conflict = Some(conflict);
            Ok((StatusCode::PRECONDITION_FAILED, View(shown)).into_response())
        }
        _ => Err(fault.into()),
    }
}

async fn conflict(
    ctx: &Ctx,
    lang: &Lang,
    symptom: &Symptom,
    version: i64,
    clashes: &[web::Clash],
) -> Result<Conflict, Fault> {
    let record = app::symptom_record(symptom.id);
    let entries = ctx
        .read(record, |tx, record| Box::pin(async move { Ok(journal::of_record(tx, record, None, 100).await?) }))
        .await?;
    let newest = entries.last().map(|entry| (entry.actor_name.clone(), lang.at(entry.entered_at)));
    let (who, when) = newest.unwrap_or_default();
    Ok(web::conflict(lang, &who, &when, version, symptom.version, clashes, "/settings/symptoms"))
}
