use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Choice, Failure, Filled, Form, Lang, Page, View};

use super::rate::{effort_choices, nps_choices, rating, solved_choices};
use crate::app::{self, Given};
use crate::store::{Survey, SurveyId};

#[derive(Template)]
#[template(path = "surveys_phone.html")]
struct PhonePage {
    page: Page,
    survey: Survey,
    form: Filled,
    csat: Vec<Choice>,
    solved: Vec<Choice>,
    effort: Vec<Choice>,
    nps: Vec<Choice>,
    stale: bool,
}

fn filled(page: Page, survey: Survey, form: Filled, stale: bool) -> PhonePage {
    let lang: &Lang = &page.lang;
    PhonePage {
        csat: (1..=5).map(|mark: i64| Choice::new(mark.to_string(), lang.t(&format!("surveys-csat-{mark}")))).collect(),
        solved: solved_choices(lang),
        effort: effort_choices(lang),
        nps: nps_choices(),
        survey,
        form,
        stale,
        page: page.named("surveys-phone-title"),
    }
}

/// `GET /surveys/{id}/phone`: what a customer says on the phone.
pub(crate) async fn ask(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let survey = app::get(&ctx, Id::<SurveyId>::new(id)).await?;
    if survey.answer.is_some() {
        return Err(Fault::refused("surveys-answered-already").into());
    }
    Ok(View(filled(page, survey, Filled::new(), false)))
}

/// `POST /surveys/{id}/phone`
pub(crate) async fn note(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::<SurveyId>::new(id);
    let version = form.version("version")?;
    let given = Given { csat: form.number("csat", 1..=5), rest: Some(rating(&mut form)) };
    let done = match form.check() {
        Ok(()) => app::note_by_phone(&ctx, id, version, given).await,
        Err(fault) => Err(fault),
    };
    let Err(fault) = done else { return Ok(Redirect::to(&format!("/surveys/{id}")).into_response()) };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    let survey = app::get(&ctx, id).await?;
    let stale = fault.kind() == FaultKind::Stale;
    Ok((status, View(filled(page, survey, form.into_filled_with(&fault), stale))).into_response())
}
