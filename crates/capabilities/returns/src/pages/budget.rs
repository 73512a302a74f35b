use askama::Template;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::Ctx;
use kernel::{FaultKind, of};
use web::{Failure, Filled, Form, Markup, Page, View};

use super::shown::store_name;
use crate::app;

#[derive(Template)]
#[template(path = "returns_budgets.html")]
struct BudgetPage {
    page: Page,
    month: String,
    rows: Vec<Row>,
    refusal: Option<Markup>,
    form: Filled,
}

struct Row {
    store: String,
    id: String,
    amount: String,
    reserved: String,
    spent: String,
    released: String,
    left: String,
    over: bool,
    version: i64,
}

async fn render(page: Page, ctx: &Ctx, form: Filled, refusal: Option<Markup>) -> Result<BudgetPage, kernel::Fault> {
    let lang = page.lang.clone();
    let (month, all) = app::budgets(ctx).await?;
    let rows = all.into_iter().map(|(store, budget)| Row {
        store: store_name(ctx, &lang, store),
        id: store.to_string(),
        amount: budget
            .amount
            .map(|money| format!("{}.{:02}", money.fen() / 100, money.fen() % 100))
            .unwrap_or_default(),
        reserved: lang.money(budget.reserved),
        spent: lang.money(budget.spent),
        released: lang.money(budget.released),
        left: budget.left().map_or_else(|| "–".to_owned(), |left| lang.money(left)),
        over: budget.left().is_some_and(|left| left < kernel::Money::ZERO),
        version: budget.version,
    });
    Ok(BudgetPage { month, rows: rows.collect(), refusal, form, page: page.named("returns-budget-title") })
}

/// `GET /returns/budgets?done=`
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<impl IntoResponse, Failure> {
    let mut page = page;
    if Form::from_query(&query.unwrap_or_default()).raw("done") == "set" {
        page.flash = Some(web::Flash { text: page.t("returns-budget-set"), undo: None });
    }
    Ok(View(render(page, &ctx, Filled::new(), None).await?))
}

/// `POST /returns/budgets`
pub(crate) async fn set(page: Page, ctx: Ctx, mut form: Form) -> Result<Response, Failure> {
    let version = form.version("version")?;
    let (store, amount) = (form.id::<of::Unit>("store"), form.money("amount"));
    let done = match form.check() {
        Err(fault) => Err(fault),
        Ok(()) => app::set_budget(&ctx, form.need(store)?, form.need(amount)?, version).await,
    };
    let fault = match done {
        Ok(()) => return Ok(Redirect::to("/returns/budgets?done=set").into_response()),
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
