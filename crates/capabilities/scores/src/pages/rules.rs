//! How it is counted: levels, marks, sources; special deductions and bonuses.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{FaultKind, Id};
use web::{Choice, Failure, Filled, Form, Page, View};

use super::{at, mark_word, unit_choices, unit_name, user_name};
use crate::app::{self, TEXT};

struct Said {
    id: String,
    what: String,
    reason: String,
    about: String,
}

#[derive(Template)]
#[template(path = "scores_rules.html")]
struct RulesPage {
    page: Page,
    name: String,
    note: String,
    back: String,
    scheme: String,
    most: Option<u32>,
    may_change: bool,
    levels: Vec<(String, String, String)>,
    allocated: usize,
    leaves: usize,
    sources: Vec<(String, String)>,
    deduction: String,
    bonus: String,
    specials: Vec<Said>,
    may_judge: bool,
    form: Filled,
    causes: Vec<Choice>,
    units: Vec<Choice>,
}

/// `GET /score/rules?unit=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let asked = Form::from_query(&query.unwrap_or_default());
    let unit = asked.raw("unit").to_owned();
    let code = asked.raw("scheme").to_owned();
    let today = page.lang.now.day(&page.lang.zone);
    let form = Filled::new().with("happened_on", today.to_string());
    Ok(View(render(page, &ctx, &unit, &code, form).await?))
}

async fn render(page: Page, ctx: &Ctx, asked: &str, code: &str, form: Filled) -> Result<RulesPage, Failure> {
    let unit = app::chosen(ctx, asked)?;
    let may_judge = app::may_judge(ctx, unit.id);
    let id = unit.id;
    let sheet = app::sheet_of(ctx, unit, code).await?;
    let scheme = sheet.scheme;
    let lang = page.lang.clone();
    let locale = lang.locale.as_str();
    let (allocated, leaves) = scheme.allocated();
    let cause = |code: &Option<String>| match code {
        Some(code) => scheme
            .causes
            .iter()
            .find(|(other, _)| other == code)
            .map_or_else(|| code.clone(), |(_, name)| name.text(locale).to_owned()),
        None => lang.t("scores-bonus"),
    };
    let mut causes: Vec<Choice> =
        scheme.causes.iter().map(|(code, name)| Choice::new(code.as_str(), name.text(locale))).collect();
    causes.push(Choice::new("bonus", lang.t("scores-bonus")));
    Ok(RulesPage {
        name: format!("{} · {}", scheme.name.text(locale), scheme.version),
        back: format!("/score?{}", at(scheme, id)),
        scheme: scheme.code.clone(),
        most: app::fatal(scheme),
        may_change: app::may_change_schemes(ctx),
        note: scheme.note.as_ref().map(|note| note.text(locale).to_owned()).unwrap_or_default(),
        levels: scheme
            .levels
            .iter()
            .map(|level| (level.name.text(locale).to_owned(), level.from.to_string(), mark_word(&lang, level.mark)))
            .collect(),
        allocated,
        leaves,
        sources: scheme.sources.iter().map(|one| (one.site.clone(), one.what.clone())).collect(),
        deduction: scheme.deduction.to_string(),
        bonus: scheme.bonus.to_string(),
        specials: sheet
            .specials
            .iter()
            .map(|one| Said {
                id: one.id.to_string(),
                what: cause(&one.cause),
                reason: one.reason.clone(),
                about: [lang.day(one.happened_on), unit_name(ctx, &lang, one.unit), user_name(ctx, one.by)].join(" · "),
            })
            .collect(),
        may_judge,
        form: if form.value("unit").is_empty() { form.with("unit", id.to_string()) } else { form },
        causes,
        units: unit_choices(&lang, &app::seen(ctx)),
        page: page.named("scores-rules-title"),
    })
}

/// `POST /score/special`
pub(crate) async fn confirm(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let unit = form.raw("unit").to_owned();
    let code = form.raw("scheme").to_owned();
    let cause = form.text("cause", 40);
    let reason = form.text("reason", TEXT);
    let happened_on = form.day("happened_on");
    let cause = (cause != "bonus").then_some(cause);
    let chosen = app::chosen(&ctx, &unit)?;
    let done = match form.check() {
        Ok(()) => app::confirm_special_of(&ctx, chosen.id, &code, cause, &reason, happened_on).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/score/rules?scheme={code}&unit={}", chosen.id)).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = render(page, &ctx, &unit, &code, form.into_filled_with(&fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /score/special/{id}/end`
pub(crate) async fn end(ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Redirect, Failure> {
    let why = form.text("why", TEXT);
    form.check()?;
    app::end_special(&ctx, Id::new(id), &why).await?;
    Ok(Redirect::to("/score/rules"))
}
