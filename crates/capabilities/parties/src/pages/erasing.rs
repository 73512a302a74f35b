//! Forgetting a customer for ever, and what stands against it.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, of};
use web::{Failure, Filled, Form, Page, View};

use super::frame::{Card, FormPage, Line, Section};
use crate::app::{self, CustomerCard, ERASE, Erasure};

/// What the customer's page says of it, with the ways on for whoever may.
pub(super) fn card(page: &Page, ctx: &Ctx, file: &CustomerCard, erasure: &Erasure) -> Option<Card> {
    let title = page.t("parties-erase-card");
    if let Some(at) = erasure.standing.erased_at {
        let facts = vec![(page.t("parties-erase-done"), Some(page.at(at)))];
        return Some(Card::facts(title, facts));
    }
    let id = file.id;
    let line = |word: &str, path: &str, icon| Line {
        href: format!("/customers/{id}/{path}"),
        icon,
        title: page.t(&format!("parties-erase-{word}")),
        meta: page.t(&format!("parties-erase-{word}-about")),
        chip: None,
        action: None,
    };
    let may = ctx.actor.may(ERASE, &app::At(file.store)) && file.merged_into.is_none();
    let mut rows = Vec::new();
    if let Some(approval) = erasure.asked {
        rows.push(Line { href: format!("/approvals/{approval}"), ..line("asked", "", "hourglass") });
    }
    match (&erasure.standing.held_for, may) {
        (Some(reason), true) => rows.push(Line { meta: reason.clone(), ..line("held", "hold", "lock") }),
        (None, true) => {
            if erasure.asked.is_none() {
                rows.push(line("ask", "erase", "trash"));
            }
            rows.push(line("hold", "hold", "lock"));
        }
        (Some(reason), false) => {
            return Some(Card::facts(title, vec![(page.t("parties-erase-held"), Some(reason.clone()))]));
        }
        (None, false) => {}
    }
    (!rows.is_empty()).then(|| Card { title, rows, ..Card::default() })
}

async fn held(ctx: &Ctx, id: Id<of::Customer>) -> Result<(CustomerCard, Erasure), Fault> {
    let card = app::get(ctx, id).await?;
    ctx.require(ERASE, &app::At(card.store))?;
    let erasure = app::erasure(ctx, id).await?;
    Ok((card, erasure))
}

/// The frame of both forms; `does` is the key of what the button says.
fn form_page(
    page: Page,
    card: &CustomerCard,
    (path, does): (&str, &str),
    fields: Section,
    form: Filled,
    title: &str,
) -> FormPage {
    FormPage {
        crumb: (page.t("parties-customers-title"), "/customers"),
        here: card.name.clone(),
        action: format!("/customers/{}/{path}", card.id),
        does: page.t(does),
        back: format!("/customers/{}", card.id),
        hidden: vec![("version".to_owned(), card.version.to_string())],
        sections: vec![fields],
        conflict: None,
        refusal: None,
        more: Vec::new(),
        form,
        page: page.named(title),
    }
}

fn erase_page(page: Page, card: &CustomerCard, form: Filled) -> FormPage {
    let field = web::area(&page.lang, &form, "reason", "parties-field-reason").rows(2).max(300);
    let fields = vec![field.hint("parties-erase-reason-hint")];
    let legend = page.t2("parties-erase-legend", "name", &card.name, "phone", &card.phone);
    let section = Section { legend, grid: false, fields };
    form_page(page, card, ("erase", "parties-erase-send"), section, form, "parties-erase-title")
}

fn hold_page(page: Page, card: &CustomerCard, erasure: &Erasure, form: Filled) -> FormPage {
    let now = erasure.standing.held_for.as_ref();
    let form = match now.filter(|_| form.value("held_for").is_empty()) {
        Some(reason) => form.with("held_for", reason.clone()),
        None => form,
    };
    let field = web::area(&page.lang, &form, "held_for", "parties-field-held-for").rows(2).max(300);
    let field = if now.is_some() { field.optional().hint("parties-erase-release-hint") } else { field };
    let legend = page.t("parties-erase-hold-about");
    let section = Section { legend, grid: false, fields: vec![field] };
    let does = if now.is_some() { "parties-page-save" } else { "parties-erase-hold" };
    form_page(page, card, ("hold", does), section, form, "parties-erase-hold")
}

/// `GET /customers/{id}/erase`
pub(crate) async fn ask(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let (card, _) = held(&ctx, Id::new(id)).await?;
    Ok(View(erase_page(page, &card, Filled::new())))
}

/// `POST /customers/{id}/erase`
pub(crate) async fn asked(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let version = form.version("version")?;
    let fault = match app::ask_erasure(&ctx, id, version, form.raw("reason")).await {
        Ok(_) => return Ok(Redirect::to(&format!("/customers/{id}")).into_response()),
        Err(fault) => fault,
    };
    let (card, _) = held(&ctx, id).await?;
    let (status, refusal) = refused(&page, &fault)?;
    let shown = FormPage { refusal, ..erase_page(page, &card, form.into_filled_with(&fault)) };
    Ok((status, View(shown)).into_response())
}

/// `GET /customers/{id}/hold`
pub(crate) async fn hold(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let (card, erasure) = held(&ctx, Id::new(id)).await?;
    Ok(View(hold_page(page, &card, &erasure, Filled::new())))
}

/// `POST /customers/{id}/hold`: an empty reason lets the file go.
pub(crate) async fn holding(page: Page, ctx: Ctx, Path(id): Path<i64>, form: Form) -> Result<Response, Failure> {
    let id = Id::new(id);
    let version = form.version("version")?;
    let (_, before) = held(&ctx, id).await?;
    let typed = form.raw("held_for").trim().to_owned();
    let reason = (!typed.is_empty() || before.standing.held_for.is_none()).then_some(typed.as_str());
    let fault = match app::hold(&ctx, id, version, reason).await {
        Ok(_) => return Ok(Redirect::to(&format!("/customers/{id}")).into_response()),
        Err(fault) => fault,
    };
    let (card, erasure) = held(&ctx, id).await?;
    let (status, refusal) = refused(&page, &fault)?;
    let shown = FormPage { refusal, ..hold_page(page, &card, &erasure, form.into_filled_with(&fault)) };
    Ok((status, View(shown)).into_response())
}

fn refused(page: &Page, fault: &Fault) -> Result<(StatusCode, Option<web::Markup>), Fault> {
    let notice = || Some(web::notice(&page.lang, fault));
    match fault.kind() {
        FaultKind::Invalid => Ok((StatusCode::UNPROCESSABLE_ENTITY, None)),
        FaultKind::Stale => Ok((StatusCode::PRECONDITION_FAILED, notice())),
        FaultKind::Refused => Ok((StatusCode::CONFLICT, notice())),
        _ => Err(fault.clone()),
    }
}
