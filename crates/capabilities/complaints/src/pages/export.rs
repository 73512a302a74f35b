use axum::extract::RawQuery;
use axum::response::Response;
use capability::Ctx;
use cases::app::Catalogue;
use futures_util::stream;
use kernel::Timestamp;
use web::{Failure, Form, Lang, Page};

use super::shown::{cause_name, unit_name, user_name};
use crate::app;
use crate::store::Listed;

/// The columns, as Fluent keys.
const COLUMNS: [&str; 18] = [
    "complaints-col-number",
    "complaints-col-severity",
    "complaints-col-state",
    "complaints-col-topic",
    "complaints-col-subject",
    "complaints-col-customer",
    "complaints-col-phone",
    "complaints-col-product",
    "complaints-col-store",
    "complaints-col-handler",
    "complaints-col-cause",
    "complaints-col-party",
    "complaints-col-unit",
    "complaints-col-registered",
    "complaints-col-accepted",
    "complaints-col-ended",
    "complaints-col-in-time",
    "complaints-col-reopened",
];

/// `GET /complaints.csv`: what the list with the same address shows, all its pages.
pub(crate) async fn export(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let query = query.unwrap_or_default();
    let mut form = Form::from_query(&query);
    let filter = super::filter(&mut form, &page);
    let lang = page.lang.clone();
    let catalogue = cases::app::symptoms(&ctx.house).await?;
    let export = app::export(&ctx, filter, query).await?;
    let name = format!("{} {}", lang.t("complaints-title"), lang.now.day(&lang.zone));
    let head = COLUMNS.iter().map(|key| lang.t(key)).collect();
    let rows = stream::try_unfold((ctx, lang, catalogue, export), |(ctx, lang, catalogue, mut export)| async move {
        let Some(page) = export.next(&ctx).await? else { return Ok::<_, kernel::Fault>(None) };
        let rows: Vec<_> = page.iter().map(|row| cells(&ctx, &lang, &catalogue, row)).collect();
        Ok(Some((rows, (ctx, lang, catalogue, export))))
    });
    Ok(web::sheet(&name, head, rows))
}

fn cells(ctx: &Ctx, lang: &Lang, catalogue: &Catalogue, row: &Listed) -> Vec<String> {
    let one = &row.complaint;
    let at = |at: Option<Timestamp>| at.map(|at| lang.full(at)).unwrap_or_default();
    vec![
        one.number.clone(),
        lang.word("complaints-severity", one.severity.as_str()),
        lang.word("complaints-state", one.state.as_str()),
        one.topic.map(|topic| lang.word("complaints-topic", topic.as_str())).unwrap_or_default(),
        row.subject.clone(),
        row.customer.clone(),
        row.phone.clone(),
        row.product.clone().unwrap_or_default(),
        unit_name(ctx, lang, Some(one.store)),
        user_name(ctx, one.owner),
        cause_name(lang, catalogue, one.cause.as_ref()),
        one.party.map(|party| lang.word("complaints-party", party.as_str())).unwrap_or_default(),
        unit_name(ctx, lang, one.unit),
        lang.full(one.registered_at),
        at(one.accepted_at),
        at(one.ended_at),
        one.in_time.map(|kept| lang.t(if kept { "complaints-yes" } else { "complaints-no" })).unwrap_or_default(),
        one.reopened.to_string(),
    ]
}
