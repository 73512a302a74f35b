use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Failure, Filled, Form, Page, View};

use crate::app;
use crate::domain::Recovery;
use crate::store::{Survey, SurveyId};

/// Longest note, in characters.
const NOTE: usize = 1000;

#[derive(Template)]
#[template(path = "surveys_recover.html")]
struct RecoverPage {
    page: Page,
    survey: Survey,
    form: Filled,
    stale: bool,
}

/// `GET /surveys/{id}/recovered`: what was done to make up for a low rating.
pub(crate) async fn recovering(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let survey = app::get(&ctx, Id::<SurveyId>::new(id)).await?;
    if survey.recovery != Recovery::Open {
        return Err(Fault::refused("surveys-nothing-to-recover").into());
    }
    Ok(View(RecoverPage { page: page.named("surveys-recover-title"), survey, form: Filled::new(), stale: false }))
}

/// `POST /surveys/{id}/recovered`
pub(crate) async fn recovered(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::<SurveyId>::new(id);
    let (note, version) = (form.text("note", NOTE), form.version("version")?);
    let done = match form.check() {
        Ok(()) => app::recover(&ctx, id, version, note).await,
        Err(fault) => Err(fault),
    };
    let Err(fault) = done else { return Ok(Redirect::to("/surveys?show=recovery").into_response()) };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    // Nothing is lost: the same form again, on the present version.
    let survey = app::get(&ctx, id).await?;
    let stale = fault.kind() == FaultKind::Stale;
    let page =
        RecoverPage { page: page.named("surveys-recover-title"), survey, form: form.into_filled_with(&fault), stale };
    Ok((status, View(page)).into_response())
}
