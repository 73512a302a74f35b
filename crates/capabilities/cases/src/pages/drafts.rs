//! Drafts of the intake form: kept while it is filled in, found again later.

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, Id};
use web::{Failure, Form, Lang, Page, View};

use super::{intake, wants_fragment, with_done};
use crate::app::{self, DraftId, Kept, TAKE_IN};

/// What a form sends that is no part of the draft.
const APART: [&str; 6] = ["once", "find", "keep", "done", "last", "number"];

/// A draft in a list.
pub(super) struct DraftLine {
    pub href: String,
    pub discard: String,
    pub title: String,
    pub when: String,
}

/// The person's drafts but for the one at hand.
pub(super) async fn lines(ctx: &Ctx, lang: &Lang, own: &str) -> Result<Vec<DraftLine>, Fault> {
    if !ctx.actor.holds(TAKE_IN) {
        return Ok(Vec::new());
    }
    let drafts = app::drafts(ctx).await?;
    let others = drafts.into_iter().filter(|draft| draft.id.to_string() != own);
    Ok(others
        .map(|draft| DraftLine {
            href: format!("/cases/new?draft={}", draft.id),
            discard: format!("/cases/new/drafts/{}/discard", draft.id),
            title: if draft.title.is_empty() { lang.t("cases-intake-draft-untitled") } else { draft.title },
            when: lang.ago(draft.updated_at),
        })
        .collect())
}

/// The intake form with what the draft `id` holds; a draft that was sent leads to its case.
pub(super) async fn restored(page: Page, ctx: &Ctx, id: i64, query: &Form) -> Result<Response, Failure> {
    let draft = app::draft(ctx, Id::new(id)).await?;
    if let Some(case) = draft.sent {
        return Ok(Redirect::to(&format!("/cases/{case}")).into_response());
    }
    let kept = page.time(draft.updated_at);
    let form = Form::from_query(&draft.fields).into_filled();
    let page = with_done(page, Some(&format!("done={}", query.raw("done"))));
    intake::from_draft(page, ctx, form, id.to_string(), kept).await
}

#[derive(Template)]
#[template(path = "cases_draft_kept.html")]
struct KeptNote {
    page: Lang,
    /// When; `None` when it was sent meanwhile.
    at: Option<String>,
}

/// `POST /cases/new/draft`: keeps what stands in the form, by itself while typing or with a button.
pub(crate) async fn keep(page: Page, ctx: Ctx, headers: HeaderMap, form: Form) -> Result<Response, Failure> {
    let Ok(id) = form.raw("once").parse::<i64>() else { return Err(Fault::field("once", "unknown").into()) };
    let pairs: Vec<&(String, String)> = form
        .pairs()
        .iter()
        .filter(|(name, value)| !value.is_empty() && !APART.contains(&name.as_str()) && name != "photo")
        .collect();
    let said = ["subject", "body", "product", "customer.name", "serial", "slip"];
    let fragment = wants_fragment(&headers);
    // A form into which nobody has typed anything is no draft.
    if fragment && said.iter().all(|name| !form.has(name)) && !form.has("customer.phone") && !form.has("symptoms") {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let title = match said.iter().find(|name| form.has(name)) {
        Some(name) => form.raw(name).to_owned(),
        None => title_of_symptoms(&ctx, &page.lang, &form).await?,
    };
    let fields = serde_urlencoded::to_string(&pairs).map_err(Fault::internal)?;
    let id: Id<DraftId> = Id::new(id);
    let at = app::keep_draft(&ctx, Kept { id, title, fields }).await?;
    let address = format!("/cases/new?draft={id}");
    if !fragment {
        return Ok(Redirect::to(&format!("{address}&done=draft")).into_response());
    }
    let note = KeptNote { at: at.map(|at| page.time(at)), page: page.lang };
    // Loading the page again brings the draft back.
    let header = at.map(|_| [("hx-replace-url", address)]);
    Ok((header, View(note)).into_response())
}

async fn title_of_symptoms(ctx: &Ctx, lang: &Lang, form: &Form) -> Result<String, Fault> {
    let catalogue = app::symptoms(&ctx.house).await?;
    let names = form.all("symptoms").filter_map(|code| catalogue.symptoms.iter().find(|one| one.code == code));
    Ok(names.map(|one| one.name_in(lang.locale.as_str())).collect::<Vec<_>>().join(" · "))
}

/// `POST /cases/new/drafts/{id}/discard`
pub(crate) async fn discard(ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    app::discard_draft(&ctx, Id::new(id)).await?;
    Ok(Redirect::to("/cases/new?done=draft-gone").into_response())
}
