//! The results of a campaign as a file: its columns in the reader's language, masked as on the screen.

use axum::extract::Path;
use axum::response::Response;
use capability::Ctx;
use futures_util::stream;
use kernel::{Fault, Id};
use web::{Failure, Lang, Page};

use super::{unit_name, user_name};
use crate::app::results::results;
use crate::store::campaign::{CampaignId, Told};

/// The columns, as Fluent keys.
const COLUMNS: [&str; 13] = [
    "collection-contact-customer",
    "collection-callback-phone",
    "collection-callback-reason",
    "collection-callback-about-what",
    "collection-col-store",
    "collection-col-state",
    "collection-callback-tried",
    "collection-callback-last",
    "collection-callback-caller",
    "collection-callback-outcome",
    "collection-callback-mark",
    "collection-callback-said",
    "collection-callback-became",
];

/// `GET /callbacks/{id}/results.csv`
pub(crate) async fn show(page: Page, ctx: Ctx, Path(id): Path<i64>) -> Result<Response, Failure> {
    Ok(file(ctx, page.lang.clone(), Id::new(id)).await?)
}

/// The results of the campaign `id` as a file.
pub(crate) async fn file(ctx: Ctx, lang: Lang, id: Id<CampaignId>) -> Result<Response, Fault> {
    let results = results(&ctx, id).await?;
    let name = format!("{} {}", results.title, lang.now.day(&lang.zone));
    let head = COLUMNS.iter().map(|key| lang.t(key)).collect();
    let rows = stream::try_unfold((ctx, lang, results), |(ctx, lang, mut results)| async move {
        let Some(page) = results.next(&ctx).await? else { return Ok(None) };
        let rows: Vec<_> = page.iter().map(|told| cells(&ctx, &lang, told)).collect();
        Ok(Some((rows, (ctx, lang, results))))
    });
    Ok(web::sheet(&name, head, rows))
}

fn cells(ctx: &Ctx, lang: &Lang, told: &Told) -> Vec<String> {
    let (one, last) = (&told.contact, told.last.as_ref());
    vec![
        one.name.clone(),
        one.phone_masked.clone(),
        one.number.clone(),
        one.subject.clone(),
        unit_name(ctx, lang, one.store),
        lang.word("collection-contact", one.state.as_str()),
        one.tries.to_string(),
        last.map(|call| lang.full(call.at)).unwrap_or_default(),
        user_name(ctx, last.and_then(|call| call.by)),
        last.map(|call| lang.word("collection-outcome", call.outcome.as_str())).unwrap_or_default(),
        one.score.map(|score| score.to_string()).unwrap_or_default(),
        last.and_then(|call| call.note.clone()).unwrap_or_default(),
        told.follow_number.clone().unwrap_or_default(),
    ]
}
