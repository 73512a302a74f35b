//! The list of symptoms as administration keeps it.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Chip, Choice, Failure, Filled, Form, Page, View};

use super::{choices, picker, with_done};
use crate::app::{self, NewSymptom};
use crate::domain::FaultClass;

#[derive(Template)]
#[template(path = "cases_settings_symptoms.html")]
struct SymptomsPage {
    page: Page,
    form: Filled,
    categories: Vec<Choice>,
    classes: Vec<Choice>,
    groups: Vec<Group>,
}

struct Group {
    name: String,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    other: String,
    class: Chip,
    obvious: bool,
    danger: bool,
    source: String,
    sure: String,
    since: String,
    ended: Option<String>,
    retire: String,
    edit: String,
}

/// `GET /settings/symptoms?category=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let form = Form::from_query(query.as_deref().unwrap_or_default()).into_filled();
    let page = with_done(page, query.as_deref());
    Ok(View(list(page, &ctx, form).await?).into_response())
}

async fn list(page: Page, ctx: &Ctx, form: Filled) -> Result<SymptomsPage, Fault> {
    let catalogue = app::symptoms(&ctx.house).await?;
    let lang = page.lang.clone();
    let (locale, today) = (lang.locale.as_str(), lang.now.day(&lang.zone));
    let other = if locale == "zh-CN" { "en" } else { "zh-CN" };
    let shown = form.value("category").to_owned();
    let groups =
        catalogue.categories.iter().filter(|category| shown.is_empty() || category.code == shown).map(|category| {
            let rows =
                catalogue.symptoms.iter().filter(|symptom| symptom.category == category.code).map(|symptom| Row {
                    name: symptom.name_in(locale).to_owned(),
                    other: symptom.name_in(other).to_owned(),
                    class: web::chip(
                        picker::tone(symptom.class),
                        "",
                        lang.word("cases-fault-class", symptom.class.as_str()),
                    ),
                    obvious: symptom.obvious,
                    danger: symptom.danger,
                    source: picker::source(&lang, &symptom.source),
                    sure: if symptom.own { String::new() } else { picker::sure(&lang, symptom.confidence) },
                    since: lang.day(symptom.from),
                    ended: symptom.to.filter(|to| *to <= today).map(|to| lang.day(to)),
                    retire: format!("/settings/symptoms/{}/retire", symptom.id),
                    edit: format!("/settings/symptoms/{}", symptom.id),
                });
            Group { name: category.name_in(locale).to_owned(), rows: rows.collect() }
        });
    Ok(SymptomsPage {
        groups: groups.collect(),
        categories: picker::categories(ctx, &lang).await?,
        classes: choices(&lang, "cases-fault-class", FaultClass::ALL.iter().map(|class| class.as_str())),
        form,
        page: page.named("cases-intake-settings"),
    })
}

/// `POST /settings/symptoms`
pub(crate) async fn add(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let class = form.choice("fault_class", FaultClass::parse);
    let category = form.raw("category").to_owned();
    let new = NewSymptom {
        category: category.clone(),
        name_zh: form.text("name_zh", 30),
        name_en: form.text_or_none("name_en", 60),
        class,
        obvious: form.flag("obvious"),
        danger: form.flag("danger"),
    };
    let added = match form.check() {
        Ok(()) => app::add_symptom(&ctx, new).await.map(|_| ()),
        Err(fault) => Err(fault),
    };
    match added {
        Ok(()) => {
            let back = serde_urlencoded::to_string([("category", &*category), ("done", "symptom-added")]);
            Ok(Redirect::to(&format!("/settings/symptoms?{}", back.unwrap_or_default())).into_response())
        }
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = list(page, &ctx, form.into_filled_with(&fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /settings/symptoms/{id}/retire`
pub(crate) async fn retire(ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    app::retire_symptom(&ctx, Id::new(id)).await?;
    Ok(Redirect::to("/settings/symptoms?done=symptom-retired").into_response())
}
