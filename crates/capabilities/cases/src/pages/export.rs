//! Lists as files: the columns of an export in the reader's language.

use axum::extract::RawQuery;
use axum::response::Response;
use capability::Ctx;
use futures_util::stream;
use identity::Directory;
use kernel::{Fault, Timestamp};
use web::{Failure, Form, Lang, Page};

use super::list::Asked;
use super::{directory, unit_name};
use crate::app::{self, Catalogue, Exported, Filter, Order};

/// The columns, as Fluent keys.
const COLUMNS: [&str; 23] = [
    "cases-export-number",
    "cases-page-kind",
    "cases-page-channel",
    "cases-page-priority",
    "cases-export-state",
    "cases-export-step",
    "cases-export-subject",
    "cases-page-product",
    "cases-page-customer",
    "cases-page-phone",
    "cases-page-store",
    "cases-page-owner",
    "cases-export-due-stage",
    "cases-export-due",
    "cases-export-came",
    "cases-export-entered",
    "cases-export-accepted",
    "cases-export-answered",
    "cases-export-resolved",
    "cases-export-closed",
    "cases-export-outcome",
    "cases-export-cause",
    "cases-export-reopened",
];

/// `GET /cases.csv`: what the list with the same address shows, all its pages.
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let asked = Asked::read(&ctx, &page, &mut form);
    Ok(file(ctx, page.lang.clone(), asked.filter.clone(), asked.order, asked.words()).await?)
}

/// The cases that `filter` means as a file; `words` describe the filter in the journal.
pub(crate) async fn file(ctx: Ctx, lang: Lang, filter: Filter, order: Order, words: String) -> Result<Response, Fault> {
    let export = app::export(&ctx, filter, order, words).await?;
    let name = format!("{} {}", lang.t("cases-page-list"), lang.now.day(&lang.zone));
    let head = COLUMNS.iter().map(|key| lang.t(key)).collect();
    let catalogue = app::symptoms(&ctx.house).await?;
    let rows = stream::try_unfold((ctx, lang, catalogue, export), |(ctx, lang, catalogue, mut export)| async move {
        let Some(page) = export.next(&ctx).await? else { return Ok(None) };
        let directory = directory(&ctx);
        let rows: Vec<_> = page.iter().map(|row| cells(&directory, &catalogue, &lang, &row.case)).collect();
        Ok(Some((rows, (ctx, lang, catalogue, export))))
    });
    Ok(web::sheet(&name, head, rows))
}

/// A row as people read it: masked as on the screen, instants in the reader's zone.
fn cells(directory: &Directory, catalogue: &Catalogue, lang: &Lang, row: &Exported) -> Vec<String> {
    let case = &row.case;
    let at = |at: Option<Timestamp>| at.map(|at| lang.full(at)).unwrap_or_default();
    vec![
        case.number.clone(),
        lang.word("cases-kind", case.kind.as_str()),
        lang.word("cases-channel", case.channel.as_str()),
        lang.word("cases-priority", case.priority.as_str()),
        lang.word("cases-state", case.state.name().as_str()),
        case.step.number().to_string(),
        case.subject.clone(),
        case.product.clone().unwrap_or_default(),
        case.customer_name.clone(),
        case.phone.clone(),
        unit_name(directory, lang, case.store),
        case.owner.and_then(|owner| directory.user_name(owner)).unwrap_or_default().to_owned(),
        case.due.map(|due| lang.word("cases-stage", due.stage.as_str())).unwrap_or_default(),
        at(case.due.map(|due| due.at)),
        lang.full(case.happened_at),
        lang.full(case.created_at),
        at(row.accepted_at),
        at(row.first_answered_at),
        at(row.resolved_at),
        at(row.closed_at),
        row.outcome.map(|outcome| lang.word("cases-outcome", outcome.as_str())).unwrap_or_default(),
        row.cause.as_ref().map(|cause| catalogue.cause_name(cause.as_str(), lang.locale.as_str())).unwrap_or_default(),
        row.reopened.to_string(),
    ]
}
