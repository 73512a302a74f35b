//! State subsidies on returns: what a return would make of them, and the tasks of finance.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{Cursor, FaultKind, Id, Money};
use parties::domain::subsidy::Duty;
use parties::store::Subsidy;
use web::{Chip, Failure, Filled, Form, Lang, Markup, Page, View};

use super::shown::store_name;
use crate::app;
use crate::domain::Way;
use crate::store::{Owed, OwedState, OwedWhat};

/// Rows of a page.
const ROWS: i64 = 50;

/// What is owed, in a line.
pub(crate) struct OwedShown {
    pub line: i64,
    pub text: String,
    pub about: String,
    pub chip: Chip,
    pub open: bool,
    pub href: String,
    pub number: String,
}

/// What is owed, in words.
pub(super) fn shown(lang: &Lang, one: &Owed) -> OwedShown {
    let today = lang.now.day(&lang.zone);
    let (tone, icon) = match one.state {
        OwedState::Open if one.due < today => ("late", "alert-triangle"),
        OwedState::Open => ("soon", "clock"),
        OwedState::Done => ("ok", "check"),
        OwedState::Void => ("line", "x"),
    };
    let text = match one.what {
        OwedWhat::Repay => lang.t1("returns-subsidy-repay", "sum", lang.money(one.amount)),
        OwedWhat::Report => lang.t("returns-subsidy-report"),
    };
    let mut about = vec![one.account.clone(), lang.t1("returns-subsidy-due", "day", one.due.to_string())];
    about.extend(one.reference.clone());
    OwedShown {
        line: one.line,
        text,
        about: about.join(" · "),
        chip: web::chip(tone, icon, lang.word("returns-subsidy-state", one.state.as_str())),
        open: one.state == OwedState::Open,
        href: format!("/returns/{}", one.of),
        number: one.number.clone(),
    }
}

/// What a return of goods with `subsidy` would make of it, for whoever is about to open it.
pub(super) fn warning(lang: &Lang, subsidy: &Subsidy) -> String {
    let draft = &subsidy.programme.draft;
    let sum = lang.money(Money::from_fen(subsidy.amount_fen));
    let on = |way: Way| {
        let key = match app::duty(subsidy, way) {
            Duty::Repay => "returns-subsidy-warn-repay",
            Duty::Report => "returns-subsidy-warn-report",
            Duty::Keep => "returns-subsidy-warn-keep",
        };
        lang.t2(key, "way", lang.word("returns-way", way.as_str()), "sum", sum.clone())
    };
    let name = format!("{} · {} · {}", draft.region, draft.name, draft.batch);
    let mut said =
        vec![lang.t2("returns-subsidy-used", "name", name, "sum", sum.clone()), on(Way::Refund), on(Way::Exchange)];
    if draft.forfeits {
        said.push(lang.t("returns-subsidy-warn-forfeit"));
    }
    said.join("\n")
}

#[derive(Template)]
#[template(path = "returns_subsidies.html")]
struct SubsidiesPage {
    page: Page,
    rows: Vec<(OwedShown, String)>,
    next: Option<String>,
    first: Option<String>,
}

/// `GET /returns/subsidies?after=`
pub(crate) async fn list(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let form = Form::from_query(&query.unwrap_or_default());
    let after = form.raw("after").parse::<Cursor>().ok();
    let (rows, next) = app::owed_open(&ctx, after, ROWS).await?;
    let lang = page.lang.clone();
    let rows = rows.iter().map(|one| (shown(&lang, one), store_name(&ctx, &lang, one.store)));
    Ok(View(SubsidiesPage {
        rows: rows.collect(),
        next: next.map(|next| format!("/returns/subsidies?after={next}")),
        first: after.map(|_| "/returns/subsidies".to_owned()),
        page: page.named("returns-subsidies-title"),
    }))
}

#[derive(Template)]
#[template(path = "returns_subsidy.html")]
struct SettlePage {
    page: Page,
    id: i64,
    number: String,
    form: Filled,
    refusal: Option<Markup>,
    rows: Vec<OwedShown>,
}

async fn settle_page(page: Page, ctx: &Ctx, id: i64, form: Filled) -> Result<SettlePage, kernel::Fault> {
    let detail = app::detail(ctx, Id::new(id)).await?;
    let lang = page.lang.clone();
    Ok(SettlePage {
        id,
        number: detail.one.number.clone(),
        form,
        refusal: None,
        rows: detail.owed.iter().map(|one| shown(&lang, one)).collect(),
        page: page.named("returns-subsidy-title"),
    })
}

/// `GET /returns/{id}/subsidy`
pub(crate) async fn ask(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<impl IntoResponse, Failure> {
    Ok(View(settle_page(page, &ctx, id, Filled::new()).await?))
}

/// `POST /returns/{id}/subsidy`
pub(crate) async fn settle(page: Page, ctx: Ctx, Path(id): Path<i64>, mut form: Form) -> Result<Response, Failure> {
    let line = form.number("line", 1..=1_000);
    let reference = form.raw("reference").to_owned();
    let done = match (form.check(), line) {
        (Ok(()), Some(line)) => app::settle_subsidy(&ctx, Id::new(id), line, &reference).await,
        (Err(fault), _) => Err(fault),
        _ => Err(kernel::Fault::field("line", "required")),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/returns/{id}")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = settle_page(page, &ctx, id, form.into_filled_with(&fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}
