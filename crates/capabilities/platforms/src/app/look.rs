//! Lists, one order with everything on its page, and what stands beside a return.

use capability::{Ctx, FileDoor, Work};
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{Cursor, Fault, Id, RecordRef, of};
use returns::store::ReturnId;
use search::Query;

use super::access::{HANDLE, VIEW};
use super::events::{self, RECORD, WORDS};
use crate::domain::{CommandName, guard};
use crate::store::{self, ClockRow, Filter, Listed, Order, OrderId, Shop, Step};

/// Counts go up to here, then "1000+" is shown.
pub const COUNTED: i64 = 1_000;
/// Most orders that a search inside the list looks at.
const FOUND: usize = 200;

/// Whoever sees an order sees its photos.
pub const DOOR: FileDoor = FileDoor { kind: RECORD, see: sees };

fn sees<'t>(tx: &'t mut Tx, ctx: &'t Ctx, id: i64) -> BoxFuture<'t, Result<(), Fault>> {
    Box::pin(async move {
        let one = store::get(tx, Id::new(id)).await?.ok_or_else(Fault::not_found)?;
        ctx.require(VIEW, &one)
    })
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub rows: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Orders within the actor's reach in which `text` is found.
///
/// # Errors
/// What the database says.
pub async fn list(
    ctx: &Ctx,
    filter: Filter,
    text: Option<String>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Page, Fault> {
    let input = (filter, text, ctx.reach(VIEW), ctx.now(), after.map(|cursor| cursor.id), limit);
    let mut rows = ctx
        .read(input, |tx, (filter, text, reach, now, after, limit)| {
            Box::pin(async move {
                let ids = match text {
                    Some(text) => {
                        let query = Query { text, reach, kinds: &[RECORD], limit: FOUND, before: None };
                        let found = search::find(tx, &query).await?;
                        Some(found.hits.iter().map(|hit| hit.record_id).collect::<Vec<i64>>())
                    }
                    None => filter.ids.clone(),
                };
                let filter = Filter { ids, ..filter.clone() };
                Ok(store::list(tx, &filter, reach, *now, *after, *limit + 1).await?)
            })
        })
        .await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = rows.last().filter(|_| more).map(|row| Cursor { key: row.one.id.get(), id: row.one.id.get() });
    Ok(Page { rows, next })
}

/// How many orders each filter shows, up to [`COUNTED`] + 1.
///
/// # Errors
/// What the database says.
pub async fn counts(ctx: &Ctx, filters: Vec<Filter>) -> Result<Vec<i64>, Fault> {
    ctx.read((filters, ctx.reach(VIEW), ctx.now()), |tx, (filters, reach, now)| {
        Box::pin(async move {
            let mut counts = Vec::new();
            for filter in filters {
                counts.push(store::count(tx, filter, reach, *now, COUNTED + 1).await?);
            }
            Ok(counts)
        })
    })
    .await
}

/// One order with everything on its page.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The order.
    pub one: Order,
    /// Its shop.
    pub shop: Shop,
    /// Its deadlines, oldest first.
    pub clocks: Vec<ClockRow>,
    /// Its steps, oldest first.
    pub steps: Vec<Step>,
    /// Its photos.
    pub photos: Vec<files::FileRow>,
    /// The number of its case.
    pub case: String,
    /// Its return.
    pub of: Option<returns::store::Return>,
    /// Its sale, where the actor may see it.
    pub sale: Option<parties::store::Sale>,
    /// Steps that the actor may enter, with why not now.
    pub offers: Vec<(CommandName, Option<&'static str>)>,
}

/// The order `id`, if the actor may see it.
///
/// # Errors
/// `not-found`.
pub async fn detail(ctx: &Ctx, id: Id<OrderId>) -> Result<Detail, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let one = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &one)?;
            let may = ctx.actor.may(HANDLE, &one);
            let all = CommandName::ALL.iter().copied().filter(|_| may);
            let of = match one.of {
                Some(of) => returns::store::get(tx, of).await?.filter(|of| ctx.actor.may(returns::app::VIEW, of)),
                None => None,
            };
            let sale = match one.sale {
                Some(sale) => parties::store::get_sale(tx, sale)
                    .await?
                    .filter(|sale| ctx.actor.may(parties::app::VIEW_SALES, sale)),
                None => None,
            };
            Ok(Detail {
                offers: all.map(|name| (name, guard(one.kind, one.state, name).err())).collect(),
                shop: store::get_shop(tx, one.shop).await?.ok_or_else(Fault::not_found)?,
                clocks: store::clocks(tx, *id).await?,
                steps: store::steps(tx, *id).await?,
                photos: files::of_record(tx, &RecordRef::new(RECORD, *id), false).await?,
                case: cases::store::get(tx, one.case).await?.map(|case| case.number).unwrap_or_default(),
                of,
                sale,
                one,
            })
        })
    })
    .await
}

/// An order beside its return, with its deadlines.
#[derive(Debug, Clone)]
pub struct Beside {
    /// The order.
    pub one: Order,
    /// Its deadlines.
    pub clocks: Vec<ClockRow>,
}

/// The orders of the return `id` that the actor may see.
///
/// # Errors
/// `not-found`.
pub async fn beside(ctx: &Ctx, id: Id<ReturnId>) -> Result<Vec<Beside>, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let of = returns::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(returns::app::VIEW, &of)?;
            let mut all = Vec::new();
            for one in store::of_return(tx, *id).await? {
                if ctx.actor.may(VIEW, &one) {
                    all.push(Beside { clocks: store::clocks(tx, one.id).await?, one });
                }
            }
            Ok(all)
        })
    })
    .await
}

/// A return was opened: the orders of its case that have none name it.
pub(crate) async fn joined(work: &mut Work<'_>, id: Id<ReturnId>) -> Result<(), Fault> {
    let Some(of) = returns::store::get(work.tx, id).await? else { return Ok(()) };
    for one in store::of_case(work.tx, of.case).await? {
        if store::set_return(work.tx, one.id, of.id, of.sale).await? {
            let event = events::event("platform_order.joined", Some(&one), &one);
            let _joined = work.record(event.change("return", None, Some(of.number.clone()))).await?;
        }
    }
    Ok(())
}

/// A customer is forgotten: what names a person is gone from the orders of `case`.
pub(crate) async fn erased(work: &mut Work<'_>, case: Id<of::Case>) -> Result<(), Fault> {
    for id in store::erase(work.tx, case).await? {
        let record = RecordRef::new(RECORD, id);
        work.forget(&record, &WORDS).await?;
        files::erase(work.tx, &record, work.now).await?;
        if let Some(one) = store::get(work.tx, id).await? {
            let event = events::event("platform_order.erased", Some(&one), &one).quietly();
            let _erased = work.record(event.index(events::piece(&one))).await?;
        }
    }
    Ok(())
}
