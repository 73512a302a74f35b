use axum::extract::RawQuery;
use axum::response::Response;
use capability::Ctx;
use futures_util::stream;
use kernel::Money;
use web::{Failure, Form, Lang, Page};

use super::shown::{store_name, user_name};
use crate::app;
use crate::store::Listed;

/// The columns, as Fluent keys.
const COLUMNS: [&str; 12] = [
    "returns-export-number",
    "returns-col-state",
    "returns-col-way",
    "returns-col-goods",
    "returns-export-lines",
    "returns-col-amount",
    "returns-col-store",
    "returns-export-owner",
    "returns-red-invoice",
    "returns-stock-receipt",
    "returns-col-opened",
    "returns-export-ended",
];

/// `GET /returns.csv`: what the list with the same address shows, all its pages. It names no customer.
pub(crate) async fn export(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    let mut form = Form::from_query(&query);
    let filter = super::list::filter(&mut form);
    let lang = page.lang.clone();
    let export = app::export(&ctx, filter, query).await?;
    let name = format!("{} {}", lang.t("returns-title"), lang.now.day(&lang.zone));
    let head = COLUMNS.iter().map(|key| lang.t(key)).collect();
    let rows = stream::try_unfold((ctx, lang, export), |(ctx, lang, mut export)| async move {
        let Some(page) = export.next(&ctx).await? else { return Ok::<_, kernel::Fault>(None) };
        let rows: Vec<_> = page.iter().map(|row| cells(&ctx, &lang, row)).collect();
        Ok(Some((rows, (ctx, lang, export))))
    });
    Ok(web::sheet(&name, head, rows))
}

fn cells(ctx: &Ctx, lang: &Lang, row: &Listed) -> Vec<String> {
    let one = &row.one;
    let amount = Money::from_fen(row.amount);
    vec![
        one.number.clone(),
        lang.word("returns-state", one.state.as_str()),
        lang.word("returns-way", one.way.as_str()),
        row.goods.clone(),
        row.lines.to_string(),
        format!("{}.{:02}", amount.fen() / 100, amount.fen() % 100),
        store_name(ctx, lang, one.store),
        user_name(ctx, one.owner),
        one.red_invoice.clone().unwrap_or_default(),
        one.stock_receipt.clone().unwrap_or_default(),
        lang.full(one.opened_at),
        one.ended_at.map(|at| lang.full(at)).unwrap_or_default(),
    ]
}
