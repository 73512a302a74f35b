use capability::Ctx;
use journal::{Recorded, RecordedChange};
use kernel::{Cursor, Fault, Id, RecordRef, Timestamp, of};

use super::access::VIEW;
use super::events::RECORD;
use crate::domain::{Direction, Visibility, Way};
use crate::store::{self, MessageId};

/// Entries read at once.
const CHUNK: i64 = 500;

/// What happened to a case, newest first.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// Newest first.
    pub items: Vec<Item>,
    /// Where older ones begin.
    pub next: Option<Cursor>,
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its number in the case's journal, from 1.
    pub seq: i64,
    /// What happened, e.g. `case.accepted`; `case.message_posted` has a message.
    pub verb: String,
    /// `staff`, `token`, `customer` or `system`.
    pub actor_kind: String,
    /// The member of staff.
    pub user: Option<Id<of::User>>,
    /// Who did it.
    pub actor_name: String,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When it was typed in.
    pub entered_at: Timestamp,
    /// What was said.
    pub message: Option<Told>,
    /// Named fields before and after, without those of the message.
    pub changes: Vec<RecordedChange>,
    /// True when a signed seal covers it.
    pub sealed: bool,
}

/// A message in the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Who may read it.
    pub visibility: Visibility,
    /// Which way it went.
    pub direction: Direction,
    /// What was said; empty when it has been erased.
    pub body: String,
    /// Its id.
    pub id: Option<Id<MessageId>>,
    /// By which way it went out.
    pub way: Option<Way>,
}

/// What happened to the case `id`: everything is in its journal, messages too.
///
/// # Errors
/// `not-found`.
pub async fn timeline(ctx: &Ctx, id: Id<of::Case>, after: Option<Cursor>, limit: u16) -> Result<Timeline, Fault> {
    let limit = usize::from(limit.clamp(1, 200));
    let before = after.map_or(i64::MAX, |cursor| cursor.id);
    let entries = ctx
        .read((id, ctx.clone(), before), |tx, (id, ctx, before)| {
            Box::pin(async move {
                let case = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
                ctx.require(VIEW, &case)?;
                // The journal is read in its own order; a case's is short.
                let record = RecordRef::new(RECORD, *id);
                let mut all: Vec<Recorded> = Vec::new();
                loop {
                    let more = journal::of_record(tx, &record, all.last().map(|entry| entry.seq), CHUNK).await?;
                    let ended = i64::try_from(more.len()).unwrap_or(CHUNK) < CHUNK;
                    all.extend(more);
                    if ended || all.last().is_some_and(|entry| entry.seq >= *before) {
                        break;
                    }
                }
                all.retain(|entry| entry.seq < *before);
                Ok(all)
            })
        })
        .await?;
    let more = entries.len() > limit;
    let items: Vec<Item> = entries.into_iter().rev().take(limit).map(item).collect();
    let next = items.last().filter(|_| more).map(|last| Cursor { key: last.happened_at.millis(), id: last.seq });
    Ok(Timeline { items, next })
}

fn item(entry: Recorded) -> Item {
    let said =
        |field: &str| entry.changes.iter().find(|change| change.field == field).and_then(|change| change.after.clone());
    let message = match (
        said("visibility").and_then(|word| Visibility::parse(&word)),
        said("direction").and_then(|word| Direction::parse(&word)),
    ) {
        (Some(visibility), Some(direction)) => Some(Told {
            visibility,
            direction,
            body: said("text").unwrap_or_default(),
            id: said("message").and_then(|id| id.parse().ok()),
            way: said("way").and_then(|way| Way::parse(&way)),
        }),
        _ => None,
    };
    let own =
        |field: &str| message.is_some() && matches!(field, "visibility" | "direction" | "message" | "text" | "way");
    Item {
        seq: entry.seq,
        verb: entry.verb.clone(),
        actor_kind: entry.actor_kind.clone(),
        user: entry.user,
        actor_name: entry.actor_name.clone(),
        happened_at: entry.happened_at,
        entered_at: entry.entered_at,
        changes: entry.changes.iter().filter(|change| !own(&change.field)).cloned().collect(),
        message,
        sealed: entry.sealed,
    }
}
