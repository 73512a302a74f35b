use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id};
use web::{Choice, Failure, Filled, Form, Page, View};

use super::shown;
use crate::app::{self, Draft, TEXT, TITLE};
use crate::domain::Kind;

#[derive(Template)]
#[template(path = "audits_edit.html")]
struct EditPage {
    page: Page,
    form: Filled,
    kinds: Vec<Choice>,
    people: Vec<Choice>,
    units: Vec<Choice>,
    action: String,
    back: String,
    version: Option<i64>,
    stale: bool,
}

fn rendered(page: Page, ctx: &Ctx, form: Filled, of: Option<(i64, i64)>, stale: bool) -> EditPage {
    let lang = page.lang.clone();
    let back = of.map_or_else(|| "/audits".to_owned(), |(id, _)| format!("/audits/{id}"));
    EditPage {
        kinds: lang.choices("audits-kind", Kind::ALL.iter().map(|kind| kind.as_str())),
        people: shown::people(ctx, &lang),
        units: shown::unit_choices(&lang, &app::scopes(ctx)),
        action: back.clone(),
        version: of.map(|(_, version)| version),
        page: page.named(if of.is_some() { "audits-edit" } else { "audits-new" }),
        form,
        back,
        stale,
    }
}

/// An audit as a form or a program sends it.
pub(crate) fn read(form: &mut Form) -> Draft {
    let units: Vec<_> = form.all("units").map(str::to_owned).collect();
    let ids: Vec<Option<Id<kernel::of::Unit>>> =
        units.iter().filter(|text| !text.is_empty()).map(|text| text.parse().ok()).collect();
    if ids.iter().any(Option::is_none) {
        form.reject("units", "unknown");
    }
    let scheme = form.text_or_none("scheme", TITLE).unwrap_or_else(|| app::SCHEME.to_owned());
    Draft {
        kind: form.choice("kind", Kind::parse),
        title: form.text("title", TITLE),
        scheme: if scheme.contains("27922") { app::SCHEME.to_owned() } else { scheme },
        body: form.text_or_none("body", TITLE),
        lead_name: form.text_or_none("lead_name", TITLE),
        lead: form.id_or_none("lead"),
        from_on: form.day("from_on"),
        until_on: form.day("until_on"),
        units: ids.into_iter().flatten().collect(),
        note: form.text_or_none("note", TEXT),
    }
}

/// `GET /audits/new`
pub(crate) async fn new(page: Page, ctx: Ctx) -> Result<impl IntoResponse, Failure> {
    let form = Filled::new().with("kind", Kind::External.as_str()).with("scheme", "GB/T 27922-2011");
    Ok(View(rendered(page, &ctx, form, None, false)))
}

/// `POST /audits`
pub(crate) async fn create(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let draft = read(&mut form);
    let done = match form.check() {
        Ok(()) => app::create(&ctx, draft).await.map(|audit| audit.id.get()),
        Err(fault) => Err(fault),
    };
    again(page, &ctx, form, done, None)
}

fn again(
    page: Page,
    ctx: &Ctx,
    form: Form,
    done: Result<i64, Fault>,
    of: Option<(i64, i64)>,
) -> Result<Response, Failure> {
    match done {
        Ok(id) => Ok(Redirect::to(&format!("/audits/{id}")).into_response()),
        Err(fault) if matches!(fault.kind(), FaultKind::Invalid | FaultKind::Stale) => {
            let stale = fault.kind() == FaultKind::Stale;
            let status = if stale { StatusCode::PRECONDITION_FAILED } else { StatusCode::UNPROCESSABLE_ENTITY };
            let form = form.into_filled_with(&fault);
            Ok((status, View(rendered(page, ctx, form, of, stale))).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `GET /audits/{id}/edit`
pub(crate) async fn edit(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    let whole = app::whole(&ctx, Id::new(id)).await?;
    let one = &whole.audit;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut form = Filled::new()
        .with("kind", one.kind.as_str())
        .with("title", one.title.as_str())
        .with("scheme", shown::scheme_name(one))
        .with("body", text(&one.body))
        .with("lead_name", text(&one.lead_name))
        .with("lead", one.lead.map(|lead| lead.to_string()).unwrap_or_default())
        .with("from_on", one.from_on.to_string())
        .with("until_on", one.until_on.to_string())
        .with("note", text(&one.note));
    for unit in &whole.units {
        form = form.with("units", unit.to_string());
    }
    Ok(View(rendered(page, &ctx, form, Some((id, one.version)), false)))
}

/// `POST /audits/{id}`
pub(crate) async fn save(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let draft = read(&mut form);
    let done = match form.check() {
        Ok(()) => app::change(&ctx, Id::new(id), version, draft).await.map(|_| id),
        Err(fault) => Err(fault),
    };
    let now = match &done {
        Err(fault) if fault.kind() == FaultKind::Stale => app::whole(&ctx, Id::new(id)).await?.audit.version,
        _ => version,
    };
    again(page, &ctx, form, done, Some((id, now)))
}
