use std::time::Duration;

use capability::Ctx;
use kernel::{Cursor, Fault, Id, Reach, of};
use search::Query;

use super::access::VIEW;
use super::events::RECORD;
use crate::store::{self, CaseRow, Filter, Listed, Order, Tally};

/// Most cases that a search inside a list looks at.
const FOUND: usize = 500;
/// Longest time that a page of a list may take; a wider question is refused, so that nobody else waits for it.
const LONGEST: Duration = Duration::from_secs(3);

/// A page of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// In the list's order.
    pub rows: Vec<CaseRow>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// A page of a list with the numbers around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// In the list's order.
    pub rows: Vec<Listed<CaseRow>>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
    /// How many cases each of the filters that were to be counted means, in their order.
    pub tallies: Vec<Tally>,
    /// Search found more than it looks at: what is older is not here.
    pub cut: bool,
}

/// Cases within reach that `filter` means.
///
/// # Errors
/// `busy` when the database is away or the list takes too long.
pub async fn list(ctx: &Ctx, filter: Filter, order: Order, after: Option<Cursor>, limit: u16) -> Result<Page, Fault> {
    let Sheet { rows, next, .. } = list_and_count(ctx, filter, order, after, limit, Vec::new()).await?;
    Ok(Page { rows: rows.into_iter().map(|row| row.case).collect(), next })
}

/// The same with what orders each row, and how many cases each of `counted` means, out of one snapshot. A text is searched for
/// once, as `filter` says.
///
/// # Errors
/// Those of [`list`].
pub async fn list_and_count(
    ctx: &Ctx,
    filter: Filter,
    order: Order,
    after: Option<Cursor>,
    limit: u16,
    counted: Vec<Filter>,
) -> Result<Sheet, Fault> {
    let limit = limit.clamp(1, 1_000);
    let input = (filter, ctx.reach(VIEW), order, after, i64::from(limit), counted);
    let sheet = ctx.house.db.read_within(LONGEST, input, |tx, (filter, reach, order, after, limit, counted)| {
        Box::pin(async move {
            let found = found(tx, filter, reach).await?;
            let rows = store::list(tx, &found.filter, *order, reach, *after, limit + 1).await?;
            let searched = found.filter.ids.filter(|_| filter.ids.is_none());
            let within = |one: &Filter| Filter { ids: one.ids.clone().or_else(|| searched.clone()), ..one.clone() };
            let counted: Vec<Filter> = counted.iter().map(within).collect();
            let tallies = store::counts(tx, &counted, reach).await?;
            Ok::<_, Fault>(Sheet { rows, next: None, tallies, cut: found.cut })
        })
    });
    let mut sheet = sheet.await?;
    let more = sheet.rows.len() > usize::from(limit);
    sheet.rows.truncate(usize::from(limit));
    sheet.next = sheet.rows.last().filter(|_| more).map(Listed::cursor);
    Ok(sheet)
}

/// How many cases within reach `filter` means, exact up to 1,000.
///
/// # Errors
/// `busy` when the database is away.
pub async fn count(ctx: &Ctx, filter: Filter) -> Result<Tally, Fault> {
    let tallies = counts(ctx, vec![filter]).await?;
    tallies.first().copied().ok_or_else(|| Fault::internal("a count without a number"))
}

/// The same for each of `filters`, in their order and with one statement. None of them is searched for a text.
///
/// # Errors
/// `busy` when the database is away.
pub async fn counts(ctx: &Ctx, filters: Vec<Filter>) -> Result<Vec<Tally>, Fault> {
    ctx.read((filters, ctx.reach(VIEW)), |tx, (filters, reach)| {
        Box::pin(async move {
            let mut counted = Vec::new();
            for filter in filters {
                counted.push(found(tx, filter, reach).await?.filter);
            }
            Ok(store::counts(tx, &counted, reach).await?)
        })
    })
    .await
}

/// Live cases of `customer` within reach, newest first: at intake, so that nobody opens the same thing twice.
///
/// # Errors
/// `busy` when the database is away.
pub async fn open_of_customer(ctx: &Ctx, customer: Id<of::Customer>) -> Result<Vec<CaseRow>, Fault> {
    ctx.read((customer, ctx.reach(VIEW)), |tx, (customer, reach)| {
        Box::pin(async move { Ok(store::of_customer(tx, *customer, reach, 20).await?) })
    })
    .await
}

/// A filter whose text has been searched for.
pub(super) struct Found {
    pub filter: Filter,
    /// There was more than search looks at.
    pub cut: bool,
}

/// Narrows `filter` to what search finds for its text.
pub(super) async fn found(tx: &mut db::Tx, filter: &Filter, reach: &Reach) -> Result<Found, Fault> {
    let text = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty() && filter.ids.is_none());
    let Some(text) = text else {
        return Ok(Found { filter: filter.clone(), cut: false });
    };
    let mut ids = Vec::new();
    let mut before = None;
    // Several texts of one case are several hits, and a page may end early; a few rounds fill the list.
    for _ in 0..4 {
        let hits = search::find(tx, &Query { text, reach, kinds: &[RECORD], limit: FOUND, before }).await?;
        ids.extend(hits.hits.iter().map(|hit| hit.record_id));
        before = hits.next;
        if before.is_none() || ids.len() >= FOUND {
            break;
        }
    }
    ids.sort_unstable();
    ids.dedup();
    let ids = ids.into_iter().map(Id::new).collect();
    Ok(Found { filter: Filter { ids: Some(ids), ..filter.clone() }, cut: before.is_some() })
}
