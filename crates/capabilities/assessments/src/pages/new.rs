use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind};
use web::{Choice, Failure, Filled, Form, Page, View};

use crate::access::{self, MAKE};
use crate::app::{self, Draft, TEXT, TITLE};

#[derive(Template)]
#[template(path = "assessments_new.html")]
struct NewPage {
    page: Page,
    form: Filled,
    units: Vec<Choice>,
}

fn render(page: Page, ctx: &Ctx, form: Filled) -> Result<NewPage, Fault> {
    let units = access::reached(ctx, MAKE);
    if units.is_empty() || ctx.actor.user.is_none() {
        return Err(Fault::forbidden());
    }
    Ok(NewPage { units: scores::unit_words(&page.lang, &units), form, page: page.named("assessments-new") })
}

/// `GET /assessments/new?unit=`
pub(crate) async fn ask(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let asked = Form::from_query(&query.unwrap_or_default());
    let today = page.lang.now.day(&page.lang.zone).to_string();
    // The widest first, unless a page of one unit led here.
    let unit = match asked.raw("unit") {
        "" => access::reached(&ctx, MAKE).first().map(|unit| unit.id.to_string()).unwrap_or_default(),
        unit => unit.to_owned(),
    };
    let form = Filled::new().with("unit", unit).with("day", today);
    Ok(View(render(page, &ctx, form)?))
}

/// A self-assessment as a form or a program asks for it.
pub(crate) fn read(form: &mut Form) -> Draft {
    Draft {
        unit: form.id("unit"),
        day: form.day("day"),
        title: form.text("title", TITLE),
        note: form.text_or_none("note", TEXT),
    }
}

/// `POST /assessments`
pub(crate) async fn make(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let draft = read(&mut form);
    let done = match form.check() {
        Ok(()) => app::make(&ctx, &draft).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(id) => Ok(Redirect::to(&format!("/assessments/{id}")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = render(page, &ctx, form.into_filled_with(&fault))?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}
