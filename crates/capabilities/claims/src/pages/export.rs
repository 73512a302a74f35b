use axum::extract::RawQuery;
use axum::response::Response;
use capability::Ctx;
use futures_util::stream;
use parties::domain::masked_code;
use web::{Failure, Form, Lang, Page};

use super::shown::{day, plain, store_name, user_name};
use crate::app;
use crate::store::Listed;

/// The columns, as Fluent keys.
const COLUMNS: [&str; 18] = [
    "claims-col-number",
    "claims-col-state",
    "claims-col-maker",
    "claims-col-ground",
    "claims-col-goods",
    "claims-col-serial",
    "claims-col-quantity",
    "claims-col-claimed",
    "claims-col-accepted",
    "claims-col-credited",
    "claims-col-written",
    "claims-col-left",
    "claims-col-of",
    "claims-col-store",
    "claims-col-owner",
    "claims-col-due",
    "claims-col-sent",
    "claims-col-last",
];

/// `GET /claims.csv`: what the list with the same address shows, all its pages; serial numbers are masked.
pub(crate) async fn claims(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    let mut form = Form::from_query(&query);
    let filter = super::list::filter(&mut form, &page.lang);
    let lang = page.lang.clone();
    let export = app::export(&ctx, filter, query).await?;
    let name = format!("{} {}", lang.t("claims-title"), lang.now.day(&lang.zone));
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
    vec![
        one.number.clone(),
        lang.word("claims-state", one.state.as_str()),
        one.maker.clone(),
        lang.word("claims-ground", one.ground.as_str()),
        one.goods.clone(),
        one.serial.as_deref().map(masked_code).unwrap_or_default(),
        one.quantity.to_string(),
        plain(one.claimed),
        one.accepted.map(plain).unwrap_or_default(),
        plain(one.credited),
        plain(one.written),
        plain(one.receivable()),
        row.of.clone().unwrap_or_default(),
        store_name(ctx, lang, one.store),
        user_name(ctx, one.owner),
        day(lang, one.due_on),
        day(lang, one.sent_on),
        day(lang, Some(one.last_on)),
    ]
}

/// `GET /claims/receivables.csv`
pub(crate) async fn receivables(page: Page, ctx: Ctx) -> Result<Response, Failure> {
    let lang = page.lang.clone();
    let all = app::export_receivables(&ctx).await?;
    let name = format!("{} {}", lang.t("claims-receivables"), lang.now.day(&lang.zone));
    let ages = ["0", "1", "2", "3"].map(|age| lang.word("claims-age", age));
    let mut head = vec![lang.t("claims-col-maker")];
    head.extend(ages);
    head.extend([lang.t("claims-col-left"), lang.t("claims-col-claims")]);
    let rows = all.into_iter().map(|row| {
        let mut cells = vec![row.maker];
        cells.extend(row.ages.map(plain));
        cells.extend([plain(row.total), row.claims.to_string()]);
        cells
    });
    let rows: Vec<Vec<String>> = rows.collect();
    Ok(web::sheet(&name, head, stream::iter([Ok(rows)])))
}
