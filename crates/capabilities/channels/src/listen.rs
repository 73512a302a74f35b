use capability::{Event, Work};
use cases::domain::Channel as Way;
use futures_util::future::BoxFuture;
use kernel::{Fault, Id, RecordRef, of};
use metrics::Delta;

use crate::app::{self, CALL, DIMENSION};
use crate::domain::Kind;
use crate::store::{self, Caller};

/// Parts of cases and ratings that are counted by channel, too.
const PARTS: [&str; 3] = ["cases.", "surveys.", "replies."];
const MORE: [&str; 8] = [
    "deadlines.met",
    "deadlines.missed",
    "deadlines.ended",
    "first_answer.minutes",
    "first_answer.count",
    "resolution.hours",
    "resolution.count",
    "plans.proposed",
];

/// Gives a case that is taken in its channel, in the same transaction, and counts what happens to it for that channel, too.
pub(crate) fn follow_case<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        if event.record.kind != cases::app::RECORD {
            return Ok(());
        }
        let counted: Vec<&Delta> = event.deltas.iter().filter(|delta| counts(delta)).collect();
        if event.verb == "emotion.call_planned" {
            return crate::app::plan(work, event).await;
        }
        let taken_in = event.verb == "case.taken_in";
        if !taken_in && counted.is_empty() {
            return Ok(());
        }
        let case: Id<of::Case> = Id::new(event.record.id);
        let via = if taken_in { give(work, event, case).await? } else { cases::store::via(work.tx, case).await? };
        let Some(via) = via else { return Ok(()) };
        let deltas: Vec<Delta> = counted
            .into_iter()
            .map(|delta| Delta { dimension: Some((DIMENSION, via.to_string())), ..delta.clone() })
            .collect();
        if !deltas.is_empty() {
            metrics::append(work.tx, &work.ctx.house.ids, &deltas).await?;
        }
        Ok(())
    })
}

fn counts(delta: &Delta) -> bool {
    delta.dimension.is_none()
        && (PARTS.iter().any(|prefix| delta.part.starts_with(prefix)) || MORE.contains(&delta.part))
}

/// The channel that was named, the mailbox that was written to, or the only open one of its store and kind.
async fn give(work: &mut Work<'_>, event: &Event, case: Id<of::Case>) -> Result<Option<Id<of::Channel>>, Fault> {
    let said = |field: &str| {
        event.changes.iter().find(|change| change.field == field).and_then(|change| change.after.as_deref())
    };
    let named: Option<Id<of::Channel>> = said(cases::app::VIA).and_then(|id| id.parse().ok());
    let via = match named {
        Some(id) => {
            let channel = store::get(work.tx, id).await?.filter(|channel| channel.store == event.place.store);
            let channel = channel.ok_or_else(|| Fault::field("via", "unknown"))?;
            // Programs may name any channel that they speak for; people said how it reached us.
            let way = said("channel").and_then(Way::parse).unwrap_or(Way::Import);
            if way != Way::Api && !way.fits(channel.kind.as_str()) {
                return Err(Fault::field("via", "cases-via-kind"));
            }
            Some(channel.id)
        }
        None if said(cases::app::WRITTEN_TO).is_some() => {
            let address = said(cases::app::WRITTEN_TO).unwrap_or_default().to_lowercase();
            store::mailbox(work.tx, event.place.store, &address).await?
        }
        None => match said("channel").and_then(Way::parse).and_then(Kind::usual) {
            Some(kind) => store::only(work.tx, event.place.store, kind).await?,
            None => None,
        },
    };
    if let Some(via) = via {
        cases::store::set_via(work.tx, case, via).await?;
    }
    Ok(via)
}

/// Hears of a mailbox that is read: it is a channel of its store, registered under the same name unless its address is there already.
pub(crate) fn follow_mailbox<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        if event.record.kind != "mailbox" || !matches!(event.verb, "mailbox.added" | "mailbox.changed") {
            return Ok(());
        }
        let said = |field: &str| {
            event.changes.iter().find(|change| change.field == field).and_then(|change| change.after.as_deref())
        };
        // Another address is another channel; what came by the old one was counted there.
        let Some(address) = said("address") else { return Ok(()) };
        app::register_mailbox(work, event.place.store, address, said("name").unwrap_or(address), said("owner")).await
    })
}

/// Hears that a person is forgotten: what the call log keeps of them goes in the same transaction.
pub(crate) fn forget_caller<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        let of = match (event.record.kind, event.verb) {
            (parties::file::RECORD, parties::app::ERASED) => {
                let file = parties::store::get(work.tx, Id::new(event.record.id)).await?;
                let Some(phone) = file.and_then(|file| file.draft.phone) else { return Ok(()) };
                Caller::Number(phone.digits().to_owned())
            }
            (cases::app::RECORD, "case.erased") => Caller::Case(Id::new(event.record.id)),
            _ => return Ok(()),
        };
        for call in store::erase_calls(work.tx, &of).await? {
            work.forget(&RecordRef::new(CALL, call), &["phone", "recording", "note"]).await?;
        }
        Ok(())
    })
}
