use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, of};
use web::{Failure, Filled, Form, Markup, Page, View};

use super::frame::{Card, FormPage, Line, Section};
use crate::app::{self, CustomerCard, EDIT};
use crate::store::Merge;

/// Files that may be the same person, each with the way to merge it.
pub(super) fn lines(page: &Page, id: Id<of::Customer>, alike: &[CustomerCard]) -> Vec<Line> {
    alike
        .iter()
        .map(|card| Line {
            href: format!("/customers/{}", card.id),
            icon: "users",
            title: card.name.clone(),
            meta: format!("{} · {}", card.phone, page.date(card.created_at)),
            chip: None,
            action: Some((page.t("parties-page-merge"), format!("/customers/{id}/merge?gone={}", card.id))),
        })
        .collect()
}

/// What was merged into a file, each with the way back while there is one.
pub(super) fn card(page: &Page, ctx: &Ctx, id: Id<of::Customer>, merges: &[(Merge, String)]) -> Card {
    let rows = merges.iter().map(|(merge, name)| Line {
        href: format!("/customers/{}", merge.gone),
        icon: "git-merge",
        title: name.clone(),
        meta: format!("{} · {}", page.date(merge.merged_at), merge.reason),
        chip: merge.undone_at.map(|_| web::chip("line", "", page.t("parties-page-parted"))),
        action: (app::can_part(ctx, merge) && ctx.actor.holds(EDIT))
            .then(|| (page.t("parties-page-part"), format!("/customers/{id}/merges/{}/undo", merge.id))),
    });
    Card { title: page.t("parties-page-merges"), rows: rows.collect(), ..Card::default() }
}

/// The note on a file that was merged.
pub(super) fn gone(page: &Page, into: Id<of::Customer>) -> Markup {
    Markup::ready(format!(
        "<div class=\"note\" role=\"status\">{}<div class=\"grow\">{} <a href=\"/customers/{into}\">{}</a></div></div>",
        web::icon("git-merge"),
        web::escape(&page.t("parties-page-gone")),
        web::escape(&page.t("parties-page-gone-open")),
    ))
}

/// `GET /customers/{id}/merge?gone=`: both files side by side, and why.
pub(crate) async fn ask(
    page: Page,
    ctx: Ctx,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let gone = form.id::<of::Customer>("gone").ok_or_else(Fault::not_found)?;
    let (kept, gone) = both(&ctx, Id::new(id), gone).await?;
    Ok(View(asked(page, &kept, &gone, form.into_filled())))
}

async fn both(
    ctx: &Ctx,
    kept: Id<of::Customer>,
    gone: Id<of::Customer>,
) -> Result<(CustomerCard, CustomerCard), Fault> {
    let (kept, gone) = (app::get(ctx, kept).await?, app::get(ctx, gone).await?);
    ctx.require(EDIT, &app::At(kept.store))?;
    ctx.require(EDIT, &app::At(gone.store))?;
    Ok((kept, gone))
}

fn asked(page: Page, kept: &CustomerCard, gone: &CustomerCard, form: Filled) -> FormPage {
    let about = format!("{} · {} → {} · {}", gone.name, gone.phone, kept.name, kept.phone);
    let reason = web::input(&page.lang, &form, "reason", "parties-field-reason").max(200).hint_text(&page.t1(
        "parties-page-merge-hint",
        "days",
        app::UNDO_DAYS,
    ));
    FormPage {
        crumb: (page.t("parties-customers-title"), "/customers"),
        here: kept.name.clone(),
        action: format!("/customers/{}/merge", kept.id),
        does: page.t("parties-page-merge-do"),
        back: format!("/customers/{}", kept.id),
        hidden: vec![
            ("gone".to_owned(), gone.id.to_string()),
            ("version".to_owned(), kept.version.to_string()),
            ("gone_version".to_owned(), gone.version.to_string()),
        ],
        sections: vec![Section { legend: about, grid: false, fields: vec![reason] }],
        conflict: None,
        refusal: None,
        more: Vec::new(),
        form,
        page: page.named("parties-page-merge-title"),
    }
}

/// `POST /customers/{id}/merge`
pub(crate) async fn merge(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let kept = Id::new(id);
    let gone = form.id::<of::Customer>("gone").ok_or_else(Fault::not_found)?;
    let versions = (form.version("version")?, form.version("gone_version")?);
    let fault = match app::merge(&ctx, kept, gone, versions, form.raw("reason")).await {
        Ok(card) => return Ok(Redirect::to(&format!("/customers/{}", card.id)).into_response()),
        Err(fault) => fault,
    };
    let (status, refusal) = match fault.kind() {
        FaultKind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, None),
        FaultKind::Stale => (StatusCode::PRECONDITION_FAILED, Some(web::notice(&page.lang, &fault))),
        FaultKind::Refused => (StatusCode::CONFLICT, Some(web::notice(&page.lang, &fault))),
        _ => return Err(fault.into()),
    };
    let (kept, gone) = both(&ctx, kept, gone).await?;
    let page = FormPage { refusal, ..asked(page, &kept, &gone, form.into_filled_with(&fault)) };
    Ok((status, View(page)).into_response())
}

/// `GET /customers/{id}/merges/{merge}/undo`: asks whether it is meant.
pub(crate) async fn ask_part(
    page: Page,
    ctx: Ctx,
    Path((id, merge)): Path<(i64, i64)>,
) -> Result<impl IntoResponse, Failure> {
    let merges = app::merges(&ctx, Id::new(id)).await?;
    let (found, name) = merges.into_iter().find(|(one, _)| one.id.get() == merge).ok_or_else(Fault::not_found)?;
    both(&ctx, found.kept, found.gone).await?;
    Ok(View(FormPage {
        crumb: (page.t("parties-customers-title"), "/customers"),
        here: name.clone(),
        action: format!("/customers/{id}/merges/{merge}/undo"),
        does: page.t("parties-page-part-do"),
        back: format!("/customers/{id}"),
        hidden: Vec::new(),
        sections: vec![Section {
            legend: page.t1("parties-page-part-about", "name", name),
            grid: false,
            fields: Vec::new(),
        }],
        conflict: None,
        refusal: None,
        more: Vec::new(),
        form: Filled::new(),
        page: page.named("parties-page-part"),
    }))
}

/// `POST /customers/{id}/merges/{merge}/undo`
pub(crate) async fn part(ctx: Ctx, Path((id, merge)): Path<(i64, i64)>) -> Result<Redirect, Failure> {
    let card = app::part(&ctx, Id::new(id), Id::new(merge)).await?;
    Ok(Redirect::to(&format!("/customers/{}", card.id)))
}
