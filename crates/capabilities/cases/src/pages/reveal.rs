use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, of};
use parties::app::Revealed;
use web::{Failure, Filled, Form, Page, View};

use crate::app;

#[derive(Template)]
#[template(path = "cases_reveal.html")]
struct RevealPage {
    page: Page,
    id: Id<of::Case>,
    back: String,
    number: String,
    name: String,
    form: Filled,
    shown: Option<Revealed>,
}

/// `GET /cases/{id}/reveal`: asks why.
pub(crate) async fn ask(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let (page, _) = reveal_page(page, &ctx, Id::new(id), Filled::new()).await?;
    Ok(View(page))
}

/// `POST /cases/{id}/reveal`: shows the customer's number; the reason stays in the journal.
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let reason = form.text("reason", 200);
    let wrong = form.check().err();
    let (mut page, customer) = reveal_page(page, &ctx, Id::new(id), form.into_filled()).await?;
    if wrong.is_some() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response());
    }
    match parties::app::reveal(&ctx, customer, &reason).await {
        Ok(shown) => page.shown = Some(shown),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response());
        }
        Err(fault) => return Err(fault.into()),
    }
    Ok(([(axum::http::header::CACHE_CONTROL, "no-store")], View(page)).into_response())
}

async fn reveal_page(
    page: Page,
    ctx: &Ctx,
    id: Id<of::Case>,
    form: Filled,
) -> Result<(RevealPage, Id<of::Customer>), Fault> {
    let detail = app::detail(ctx, id).await?;
    let card = detail.customer.ok_or_else(Fault::not_found)?;
    let page = RevealPage {
        id,
        back: format!("/cases/{id}"),
        number: detail.case.number,
        name: card.name,
        form,
        shown: None,
        page: page.named("cases-page-reveal-title"),
    };
    Ok((page, card.id))
}
