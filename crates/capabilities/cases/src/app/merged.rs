//! What cases do when customer files are merged or parted: they follow their customer, in the same transaction.

use capability::{Event, Work};
use futures_util::future::BoxFuture;
use kernel::{Fault, Id, of};
use parties::app::{KEPT, MERGE};

use super::events::RECORD;
use crate::store;

/// What a merge calls the language that it took over.
const LANGUAGE: &str = "language";

/// Hears `customer.merged` and `customer.parted`.
pub(crate) fn follow_customer<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        let merged = match event.verb {
            "customer.merged" => true,
            "customer.parted" => false,
            _ => return Ok(()),
        };
        let named = |field: &str| {
            let change = event.changes.iter().find(|change| change.field == field)?;
            let id = if merged { change.after.as_deref() } else { change.before.as_deref() };
            id?.parse::<i64>().ok()
        };
        let (Some(kept), Some(merge)) = (named(KEPT), named(MERGE)) else { return Ok(()) };
        let (kept, gone): (Id<of::Customer>, Id<of::Customer>) = (Id::new(kept), Id::new(event.record.id));
        let merge: Id<of::CustomerMerge> = Id::new(merge);
        let (from, to) = if merged { (gone, kept) } else { (kept, gone) };
        let only = if merged { None } else { Some(parties::store::moved(work.tx, merge, RECORD).await?) };
        let Some((brief, _)) = parties::file::served(work.tx, to).await? else { return Ok(()) };
        let phone = brief.phone_masked.unwrap_or_default();
        let moved = store::move_customer(work.tx, (from, to), &brief.name, &phone, only.as_deref()).await?;
        if merged {
            parties::store::note_moved(work.tx, merge, RECORD, &moved).await?;
        }
        language(work, merged, (kept, gone), merge).await
    })
}

/// A chosen language goes with the customer where the other file has none, and goes back with the parting.
async fn language(
    work: &mut Work<'_>,
    merged: bool,
    (kept, gone): (Id<of::Customer>, Id<of::Customer>),
    merge: Id<of::CustomerMerge>,
) -> Result<(), Fault> {
    let own = messaging::language_of(work.tx, kept).await?;
    let brought = messaging::language_of(work.tx, gone).await?;
    if merged {
        if let (None, Some(locale)) = (own, brought) {
            messaging::set_language(work.tx, kept, &locale, work.now).await?;
            parties::store::note_moved(work.tx, merge, LANGUAGE, &[gone.get()]).await?;
        }
    } else if own.is_some() && own == brought && !parties::store::moved(work.tx, merge, LANGUAGE).await?.is_empty() {
        // What was chosen since is the kept customer's own choice.
        messaging::forget_language(work.tx, kept).await?;
    }
    Ok(())
}
