use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Money};
use parties::domain::masked_code;
use web::{Failure, Filled, Form, Markup, Page, View};

use super::shown::{day, plain};
use crate::app::{self, Candidate, Source, Wanted};

/// Longest reason, in characters.
const TEXT: usize = 400;

#[derive(Template)]
#[template(path = "claims_new.html")]
struct NewPage {
    page: Page,
    form: Filled,
    facts: Vec<(String, String)>,
    refusal: Option<Markup>,
    back: String,
    claimed: bool,
}

/// What a claim is to be about: `return` and `line`, or `repair`.
///
/// # Errors
/// `not-found` when nothing is named.
pub(crate) fn source(form: &mut Form) -> Result<Source, Fault> {
    let of = form.id_or_none("return");
    let line = form.number_or_none("line", 1..=10_000);
    match (of, form.id_or_none("repair")) {
        (Some(of), _) => Ok(Source::Line(of, line.unwrap_or(1))),
        (None, Some(repair)) => Ok(Source::Repair(repair)),
        (None, None) => Err(Fault::not_found()),
    }
}

/// What is claimed, as a page or a program sends it.
///
/// # Errors
/// `invalid` with every field.
pub(crate) fn read(form: &mut Form) -> Result<Wanted, Fault> {
    let source = source(form)?;
    let amount = form.money("amount");
    let reason = form.text("reason", TEXT);
    form.check()?;
    Ok(Wanted { source, amount: form.need(amount)?, reason })
}

fn render(page: Page, found: &Candidate, form: Filled, refusal: Option<Markup>) -> NewPage {
    let lang = page.lang.clone();
    let mut facts = vec![
        (lang.t("claims-col-maker"), found.maker.clone()),
        (lang.t("claims-col-goods"), format!("{} × {}", found.goods, found.quantity)),
        (lang.t("claims-col-serial"), found.serial.as_deref().map(masked_code).unwrap_or_default()),
        (lang.t("claims-col-ground"), lang.word("claims-ground", found.ground.as_str())),
        (lang.t("claims-bought"), day(&lang, found.days.bought)),
    ];
    if found.cost > Money::ZERO {
        facts.push((lang.t("claims-cost"), lang.money(found.cost)));
    }
    facts.retain(|(_, value)| !value.is_empty());
    NewPage {
        form,
        facts,
        refusal,
        back: match (found.of, found.unit) {
            (Some(of), _) => format!("/returns/{of}"),
            (None, Some(unit)) => format!("/units/{unit}"),
            (None, None) => "/claims".to_owned(),
        },
        claimed: found.claimed,
        page: page.named("claims-new"),
    }
}

#[derive(Template)]
#[template(path = "claims_find.html")]
struct FindPage {
    page: Page,
    form: Filled,
    asked: bool,
    repairs: Vec<(String, String, String)>,
    claims: Vec<(String, String, String)>,
}

/// Which repair is to be claimed: found by the unit's serial number.
async fn find(page: Page, ctx: &Ctx, mut form: Form) -> Result<FindPage, Fault> {
    let lang = page.lang.clone();
    let serial = form.text_or_none("serial", 60);
    let found = match &serial {
        Some(serial) => app::of_serial(ctx, serial).await?,
        None => app::Beside::default(),
    };
    let repairs = found.repairs.iter().map(|repair| {
        let days = format!("{} – {}", lang.day(repair.draft.began), day(&lang, repair.draft.ended));
        (format!("/claims/new?repair={}", repair.id), repair.draft.body.clone(), days)
    });
    let claims = found.claims.iter().map(|one| {
        let about = format!("{} · {}", one.maker, lang.money(one.claimed));
        (format!("/claims/{}", one.id), about, one.number.clone())
    });
    Ok(FindPage {
        repairs: repairs.collect(),
        claims: claims.collect(),
        asked: serial.is_some(),
        form: form.into_filled(),
        page: page.named("claims-new-repair"),
    })
}

/// `GET /claims/new?return=&line=|repair=|serial=`: without anything named the repair is looked for.
pub(crate) async fn ask(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    if !form.has("return") && !form.has("repair") {
        return Ok(View(find(page, &ctx, form).await?).into_response());
    }
    let found = app::candidate(&ctx, source(&mut form)?).await?;
    let mut filled = form.into_filled().with("reason", found.reason.clone());
    if found.cost > Money::ZERO {
        filled = filled.with("amount", plain(found.cost));
    }
    Ok(View(render(page, &found, filled, None)).into_response())
}

/// `POST /claims/new`
pub(crate) async fn open(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let found = app::candidate(&ctx, source(&mut form)?).await?;
    let done = match read(&mut form) {
        Ok(wanted) => app::open(&ctx, wanted).await,
        Err(fault) => Err(fault),
    };
    let fault = match done {
        Ok(one) => return Ok(Redirect::to(&format!("/claims/{}?done=opened", one.id)).into_response()),
        Err(fault) => fault,
    };
    let status = match fault.kind() {
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Refused => StatusCode::CONFLICT,
        _ => return Err(fault.into()),
    };
    let refusal = (fault.kind() == FaultKind::Refused).then(|| web::notice(&page.lang, &fault));
    Ok((status, View(render(page, &found, form.into_filled_with(&fault), refusal))).into_response())
}
