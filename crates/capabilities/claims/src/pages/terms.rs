use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind};
use web::{Choice, Failure, Filled, Form, Markup, Page, View};

use crate::app::{self, TermInput};
use crate::domain::After;

#[derive(Template)]
#[template(path = "claims_terms.html")]
struct TermsPage {
    page: Page,
    rows: Vec<Row>,
    without: Vec<Choice>,
    afters: Vec<Choice>,
    form: Filled,
    refusal: Option<Markup>,
}

struct Row {
    maker: String,
    about: String,
    contact: String,
    href: String,
}

async fn render(page: Page, ctx: &Ctx, form: Filled, refusal: Option<Markup>) -> Result<TermsPage, Fault> {
    let lang = page.lang.clone();
    let terms = app::terms(ctx).await?;
    let makers = app::makers(ctx).await?;
    let without = makers.into_iter().filter(|maker| terms.iter().all(|term| term.maker != *maker));
    let rows = terms.iter().map(|term| Row {
        maker: term.maker.clone(),
        about: lang.t3(
            "claims-term-about",
            "days",
            term.days,
            "after",
            lang.word("claims-after", term.after.as_str()),
            "warn",
            term.warn_days,
        ),
        contact: term.contact.clone().unwrap_or_default(),
        href: format!("/claims/terms?{}", serde_urlencoded::to_string([("maker", &term.maker)]).unwrap_or_default()),
    });
    Ok(TermsPage {
        rows: rows.collect(),
        without: without.map(|maker| Choice::new(maker.clone(), maker)).collect(),
        afters: page.choices("claims-after", After::ALL.iter().map(|one| one.as_str())),
        form,
        refusal,
        page: page.named("claims-terms"),
    })
}

/// `GET /claims/terms?maker=&done=`: with a maker its terms stand in the form.
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut page = page;
    let asked = Form::from_query(&query.unwrap_or_default());
    if asked.raw("done") == "set" {
        page.flash = Some(web::Flash { text: page.t("claims-term-set"), undo: None });
    }
    let maker = asked.raw("maker");
    let mut form = Filled::new().with("after", After::Refunded.as_str()).with("version", "0").with("warn_days", "7");
    if !maker.is_empty() {
        form = form.with("maker", maker);
        if let Some(term) = app::terms(&ctx).await?.into_iter().find(|term| term.maker == maker) {
            form = form
                .with("days", term.days.to_string())
                .with("after", term.after.as_str())
                .with("warn_days", term.warn_days.to_string())
                .with("contact", term.contact.unwrap_or_default())
                .with("version", term.version.to_string());
        }
    }
    Ok(View(render(page, &ctx, form, None).await?))
}

/// What a maker allows, as a page or a program sends it.
///
/// # Errors
/// `invalid` with every field.
pub(crate) fn read(form: &mut Form, version: i64) -> Result<TermInput, Fault> {
    let maker = form.text("maker", 60);
    let days = form.number("days", 1..=3_650);
    let after = form.choice("after", After::parse);
    let warn_days = form.number("warn_days", 0..=3_650);
    let contact = form.text_or_none("contact", 200);
    form.check()?;
    Ok(TermInput {
        maker,
        days: form.need(days)?,
        after: form.need(after)?,
        warn_days: form.need(warn_days)?,
        contact,
        version,
    })
}

/// `POST /claims/terms`
pub(crate) async fn set(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let done = match read(&mut form, version) {
        Ok(input) => app::set_term(&ctx, input).await,
        Err(fault) => Err(fault),
    };
    let fault = match done {
        Ok(()) => return Ok(Redirect::to("/claims/terms?done=set").into_response()),
        Err(fault) => fault,
    };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Stale => StatusCode::PRECONDITION_FAILED,
        _ => return Err(fault.into()),
    };
    let refusal = (fault.kind() == FaultKind::Stale).then(|| web::notice(&page.lang, &fault));
    let page = render(page, &ctx, form.into_filled_with(&fault), refusal).await?;
    Ok((status, View(page)).into_response())
}
