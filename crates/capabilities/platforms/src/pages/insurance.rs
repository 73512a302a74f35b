use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, Money};
use web::{Choice, Failure, Filled, Form, Page, View};

use crate::app::{self, Detail};
use crate::domain::{Insurance, InsuranceState, InsuredBy};
use crate::store::OrderId;

#[derive(Template)]
#[template(path = "platforms_insurance.html")]
struct InsurancePage {
    page: Page,
    id: Id<OrderId>,
    number: String,
    goods: String,
    version: i64,
    form: Filled,
    stale: bool,
    by: Vec<Choice>,
    states: Vec<Choice>,
}

fn render(page: Page, detail: &Detail, form: Filled) -> InsurancePage {
    InsurancePage {
        id: detail.one.id,
        number: detail.one.number.clone(),
        goods: detail.one.goods.clone(),
        version: detail.one.version,
        stale: false,
        by: page.choices("platforms-insured-by", InsuredBy::ALL.iter().map(|one| one.as_str())),
        states: page.choices("platforms-insurance", InsuranceState::ALL.iter().map(|one| one.as_str())),
        form,
        page: page.named("platforms-insurance"),
    }
}

/// `GET /platform-orders/{id}/insurance`
pub(crate) async fn ask(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let detail = app::detail(&ctx, Id::new(id)).await?;
    let known = detail.one.insurance;
    let mut form = Filled::new().with("insurance_by", known.by.as_str()).with("insurance_state", known.state.as_str());
    if known.amount > Money::ZERO {
        form = form.with("insurance_amount", known.amount.to_string());
    }
    Ok(View(render(page, &detail, form)))
}

/// The freight insurance as a page or a program sends it.
///
/// # Errors
/// `invalid` with every field.
pub(crate) fn read(form: &mut Form) -> Result<Insurance, Fault> {
    let by = form.choice("insurance_by", InsuredBy::parse);
    let state = form.choice("insurance_state", InsuranceState::parse);
    let amount = form.money_or_none("insurance_amount").unwrap_or(Money::ZERO);
    form.check()?;
    Ok(Insurance { by: form.need(by)?, state: form.need(state)?, amount })
}

/// `POST /platform-orders/{id}/insurance`
pub(crate) async fn say(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let id = Id::<OrderId>::new(id);
    app::detail(&ctx, id).await?;
    let version = form.version("version")?;
    let done = match read(&mut form) {
        Ok(insurance) => app::insure(&ctx, id, version, insurance).await,
        Err(fault) => Err(fault),
    };
    let fault = match done {
        Ok(_) => return Ok(Redirect::to(&format!("/platform-orders/{id}?done=insured")).into_response()),
        Err(fault) => fault,
    };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    let detail = app::detail(&ctx, id).await?;
    let mut page = render(page, &detail, form.into_filled_with(&fault));
    page.stale = fault.kind() == FaultKind::Stale;
    Ok((status, View(page)).into_response())
}
