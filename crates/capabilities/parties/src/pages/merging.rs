use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, of};
use web::{Failure, Field, Filled, Form, Markup, Page, View};

use super::frame::{Card, FormPage, Line, Section, store_name};
use crate::app::{self, AsOne, CustomerCard, EDIT, VIEW_SALES};
use crate::store::{Merge, SaleRow, UnitRow};

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
    let files = app::as_one(&ctx, Id::new(id), gone).await?;
    Ok(View(asked(page, &ctx, files, form.into_filled(), None).await?))
}

/// Two files before they become one: what each knows, and what the one file will know.
#[derive(Template)]
#[template(path = "parties_merge.html")]
struct MergePage {
    page: Page,
    kept: CustomerCard,
    gone: CustomerCard,
    rows: Vec<Fact>,
    versions: (i64, i64),
    reason: Field,
    form: Filled,
    refusal: Option<Markup>,
}

/// One thing that files know, in both.
struct Fact {
    name: String,
    gone: String,
    kept: String,
    after: String,
}

impl Fact {
    fn differs(&self) -> bool {
        self.gone != self.kept
    }
}

async fn asked(
    page: Page,
    ctx: &Ctx,
    AsOne { kept, gone, one }: AsOne,
    form: Filled,
    refusal: Option<Markup>,
) -> Result<MergePage, Fault> {
    let fact = |name: &str, of: &dyn Fn(&CustomerCard) -> String| Fact {
        name: page.t(name),
        gone: of(&gone),
        kept: of(&kept),
        after: of(&one),
    };
    let known = |value: &Option<String>| value.clone().unwrap_or_default();
    let consent =
        |card: &CustomerCard| page.t(if card.consent { "parties-page-consent-yes" } else { "parties-page-consent-no" });
    let mut rows = vec![
        fact("parties-field-name", &|card| card.name.clone()),
        fact("parties-field-phone", &|card| card.phone.clone()),
        fact("parties-field-wechat", &|card| known(&card.wechat)),
        fact("parties-field-email", &|card| known(&card.email)),
        fact("parties-field-address", &|card| known(&card.address)),
        fact("parties-field-vip", &|card| known(&card.vip)),
        fact("parties-field-tags", &|card| card.tags.join("、")),
        fact("parties-field-consent", &consent),
        fact("parties-field-note", &|card| known(&card.note)),
        fact("parties-field-external-id", &|card| known(&card.external_id)),
        fact("parties-head-store", &|card| store_name(ctx, &page.lang, card.store)),
        fact("parties-page-merge-made", &|card| page.date(card.created_at)),
    ];
    rows.retain(|row| !row.gone.is_empty() || !row.kept.is_empty());
    if ctx.actor.holds(VIEW_SALES) {
        let (goes, stays) = (app::owned(ctx, gone.id).await?, app::owned(ctx, kept.id).await?);
        let bring = |name: &str, gone: Vec<String>, kept: Vec<String>| Fact {
            name: page.t(name),
            after: [kept.clone(), gone.clone()].concat().join("\n"),
            gone: gone.join("\n"),
            kept: kept.join("\n"),
        };
        let units = |of: &[UnitRow]| of.iter().map(|row| row.product.draft.name.clone()).collect();
        let sales =
            |of: &[SaleRow]| of.iter().map(|row| format!("{} {}", page.day(row.sale.day), row.product)).collect();
        rows.push(bring("parties-page-units", units(&goes.0), units(&stays.0)));
        rows.push(bring("parties-page-sales", sales(&goes.1), sales(&stays.1)));
    }
    let reason = web::input(&page.lang, &form, "reason", "parties-field-reason").max(200).hint_text(&page.t1(
        "parties-page-merge-hint",
        "days",
        app::UNDO_DAYS,
    ));
    let versions = (kept.version, gone.version);
    let page = page.named("parties-page-merge-title");
    Ok(MergePage { page, kept, gone, rows, versions, reason, form, refusal })
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
    let files = app::as_one(&ctx, kept, gone).await?;
    let page = asked(page, &ctx, files, form.into_filled_with(&fault), refusal).await?;
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
    app::as_one(&ctx, found.kept, found.gone).await?;
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
