use capability::Ctx;
use kernel::{Cursor, Fault, Id, Permission, Reach, of};
use search::Query;

use super::access::VIEW;
use super::events::RECORD;
use crate::store::{self, CaseRow, Filter, Order, Tally};

/// Most cases that a search inside a list looks at.
const FOUND: usize = 500;

/// A page of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// In the list's order.
    pub rows: Vec<CaseRow>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Cases within reach that `filter` means.
///
/// # Errors
/// `busy` when the database is away.
pub async fn list(ctx: &Ctx, filter: Filter, order: Order, after: Option<Cursor>, limit: u16) -> Result<Page, Fault> {
    reached(ctx, VIEW, filter, order, after, limit).await
}

pub(super) async fn reached(
    ctx: &Ctx,
    permission: Permission,
    filter: Filter,
    order: Order,
    after: Option<Cursor>,
    limit: u16,
) -> Result<Page, Fault> {
    let limit = limit.clamp(1, 1_000);
    let input = (filter, ctx.reach(permission), order, after, i64::from(limit));
    let mut rows = ctx
        .read(input, |tx, (filter, reach, order, after, limit)| {
            Box::pin(async move {
                let filter = found(tx, filter, reach).await?;
                Ok(store::list(tx, &filter, *order, reach, *after, limit + 1).await?)
            })
        })
        .await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let next = rows.last().filter(|_| more).map(|row| order.behind(row));
    Ok(Page { rows, next })
}

/// How many cases within reach `filter` means, exact up to 1,000.
///
/// # Errors
/// `busy` when the database is away.
pub async fn count(ctx: &Ctx, filter: Filter) -> Result<Tally, Fault> {
    ctx.read((filter, ctx.reach(VIEW)), |tx, (filter, reach)| {
        Box::pin(async move {
            let filter = found(tx, filter, reach).await?;
            Ok(store::count(tx, &filter, reach).await?)
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

/// Narrows `filter` to what search finds for its text.
pub(super) async fn found(tx: &mut db::Tx, filter: &Filter, reach: &Reach) -> Result<Filter, Fault> {
    let Some(text) = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(filter.clone());
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
    Ok(Filter { ids: Some(ids), ..filter.clone() })
}
