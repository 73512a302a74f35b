use capability::{Ctx, Event};
use kernel::{Day, Fault, Id, Money, Place, RecordRef};
use messaging::{Message, MessageFilter, MessageRow};
use metrics::{By, Slice};

use crate::metrics::METRICS;
use crate::permissions::{RESEND, VIEW};

/// How far counts go; beyond it is "1000+".
pub const COUNTED: i64 = 1000;
/// The word for messages in the journal.
const RECORD: &str = "message";

/// One page of the outbox.
#[derive(Debug, Clone)]
pub struct Page {
    /// What is on it.
    pub rows: Vec<MessageRow>,
    /// Where the next one begins.
    pub next: Option<Id<Message>>,
}

/// Messages to customers within the actor's reach, newest first.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, filter: MessageFilter, before: Option<Id<Message>>, limit: u16) -> Result<Page, Fault> {
    ctx.read((filter, ctx.reach(VIEW), before, limit), |tx, (filter, reach, before, limit)| {
        Box::pin(async move {
            let limit = usize::from(*limit);
            let asked = i64::try_from(limit).unwrap_or(200) + 1;
            let mut rows = messaging::list(tx, filter, reach, *before, asked).await?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().filter(|_| more).map(|row| row.id);
            Ok(Page { rows, next })
        })
    })
    .await
}

/// How many messages each filter shows, up to [`COUNTED`] + 1.
///
/// # Errors
/// What the database says.
pub async fn counts(ctx: &Ctx, filters: Vec<MessageFilter>) -> Result<Vec<i64>, Fault> {
    ctx.read((filters, ctx.reach(VIEW)), |tx, (filters, reach)| {
        Box::pin(async move {
            let mut counts = Vec::new();
            for filter in filters {
                counts.push(messaging::count(tx, filter, reach, COUNTED + 1).await?);
            }
            Ok(counts)
        })
    })
    .await
}

/// What went out in some days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Taken by a provider.
    pub sent: i64,
    /// Arrived, as receipts say.
    pub delivered: i64,
    /// Did not go out or did not arrive.
    pub failed: i64,
    /// What it cost.
    pub cost: Money,
}

/// The numbers of the stores that the actor reaches, from one day to another.
///
/// # Errors
/// What the database says.
pub async fn totals(ctx: &Ctx, from: Day, to: Day) -> Result<Totals, Fault> {
    let directory = ctx.house.identity.directories().now();
    let reach = ctx.reach(VIEW);
    let stores = directory.stores().map(|store| store.id).filter(|id| reach.company || reach.stores.contains(id));
    let slice = Slice { stores: stores.collect(), from, to, by: By::Total };
    let numbers = ctx
        .read(slice, |tx, slice| {
            Box::pin(async move {
                let mut numbers = Vec::new();
                for metric in METRICS {
                    let points = metrics::read(tx, metric, slice).await?;
                    numbers.push(points.first().and_then(|point| point.value).map_or(0, |reading| reading.n));
                }
                Ok(numbers)
            })
        })
        .await?;
    let number = |n: usize| numbers.get(n).copied().unwrap_or(0);
    Ok(Totals { sent: number(0), delivered: number(1), failed: number(2), cost: Money::from_fen(number(3)) })
}

fn place_of(message: &MessageRow) -> Result<Place, Fault> {
    // A message without a store went to staff and is nobody's to see here.
    let store = message.store.ok_or_else(Fault::not_found)?;
    Ok(Place { store, team: None, owner: None })
}

/// The message `id`, if the actor may see it.
///
/// # Errors
/// `not-found`.
pub async fn find(ctx: &Ctx, id: Id<Message>) -> Result<MessageRow, Fault> {
    let found = ctx.read(id, |tx, id| Box::pin(async move { Ok(messaging::find(tx, *id).await?) })).await?;
    let message: MessageRow = found.ok_or_else(Fault::not_found)?;
    ctx.require(VIEW, &place_of(&message)?)?;
    Ok(message)
}

/// Sends a message again that did not go out; `to` corrects the address.
///
/// # Errors
/// `not-found`; `message-not-resendable`; the field `to`.
pub async fn resend(ctx: &Ctx, id: Id<Message>, to: Option<String>) -> Result<(), Fault> {
    ctx.write((id, to), |work, (id, to)| {
        Box::pin(async move {
            let before = messaging::find(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            let place = place_of(&before)?;
            work.require(RESEND, &place)?;
            messaging::resend(work.tx, &work.ctx.house.ids, *id, to.as_deref(), work.now).await?;
            work.wake();
            let after = messaging::find(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            let event = Event::new(RecordRef::new(RECORD, *id), "message.resent", place)
                .change("state", Some(before.state.as_str().to_owned()), Some(after.state.as_str().to_owned()))
                .personal("to", Some(before.to), Some(after.to));
            work.record(event).await
        })
    })
    .await
}
