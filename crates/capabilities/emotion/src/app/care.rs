//! Words of care for whoever took it.

use capability::{Ctx, Event, Recorded, Work};
use cases::store::Case;
use kernel::{Cursor, Fault, Id, Place, RecordRef, of};
use metrics::Delta;
use notices::Notice;

use super::{CARE, CARE_RECORD, written};
use crate::store::{self, Care};

/// Fewer than so many are not told as a number: it would be about somebody.
pub const FEWEST: i64 = 5;
/// Words on one page.
const ROWS: i64 = 25;

/// Writes `text` to `to` about the case.
///
/// # Errors
/// `invalid` without words, for oneself, or for somebody one does not lead; `not-found`.
pub async fn comfort(ctx: &Ctx, case: Id<of::Case>, to: Id<of::User>, typed: &str) -> Result<(), Fault> {
    let text = written("text", typed)?;
    ctx.write((case, to, text), |work, (case, to, text)| {
        Box::pin(async move {
            let case = cases::store::get(work.tx, *case).await?.ok_or_else(Fault::not_found)?;
            work.require(cases::app::VIEW, &case)?;
            comfort_within(work, &case, *to, text).await
        })
    })
    .await
}

/// The same within a write that does more.
///
/// # Errors
/// As [`comfort`].
pub async fn comfort_within(
    work: &mut Work<'_>,
    case: &Case,
    to: Id<of::User>,
    text: &str,
) -> Result<Recorded<()>, Fault> {
    let directory = work.ctx.house.identity.directories().now();
    let by = work.ctx.actor.user.ok_or_else(Fault::forbidden)?;
    let home = directory.user(to).filter(|user| user.active && user.id != by).map(|user| user.home);
    let store = home.and_then(|home| directory.store_of(home).or_else(|| directory.unit(home)));
    let store = store.map(|unit| unit.id).ok_or_else(|| Fault::field("to", "unknown"))?;
    if !work.ctx.actor.may(CARE, &Place { store, team: None, owner: Some(to) }) {
        return Err(Fault::field("to", "emotion-not-yours"));
    }
    let care = Care {
        id: work.ctx.house.ids.next(),
        case: case.id,
        store,
        to,
        by,
        text: text.to_owned(),
        written_at: work.now,
        read_at: None,
    };
    store::insert_care(work.tx, &care).await?;
    // Its own record, not the case's: whoever reads the case's timeline does not read this.
    let place = Place { store, team: None, owner: Some(to) };
    let mut event = Event::new(RecordRef::new(CARE_RECORD, care.id), "care.written", place)
        .change("to", None, directory.user_name(to).map(str::to_owned))
        .personal("text", None, Some(care.text.clone()))
        .quietly();
    let zone = directory.unit(store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
    event.deltas = Delta::spread("emotion.care", store, work.now.day(&zone), 1, &[]);
    let recorded = work.record(event).await?;
    let notice = Notice::new("emotion.care", RecordRef::new(CARE_RECORD, care.id)).at("/care").number(&case.number);
    notices::tell(work, &[to], &notice).await?;
    Ok(recorded)
}

/// One page of words of care.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cares {
    /// Newest first.
    pub rows: Vec<Care>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Words for and from the reader, and those of the people whom the reader leads. The reader's own count as read afterwards.
///
/// # Errors
/// What the database says.
pub async fn cares(ctx: &Ctx, after: Option<Cursor>) -> Result<Cares, Fault> {
    let me = ctx.actor.user.ok_or_else(Fault::not_found)?;
    let page = ctx
        .read((me, ctx.reach(CARE), after), |tx, (me, reach, after)| {
            Box::pin(async move {
                let mut rows = store::cares(tx, *me, reach, *after, ROWS + 1).await?;
                let shown = usize::try_from(ROWS).unwrap_or(usize::MAX);
                let more = rows.len() > shown;
                rows.truncate(shown);
                let last = rows.last().filter(|_| more);
                let next = last.map(|row| Cursor { key: row.written_at.millis(), id: row.id.get() });
                Ok::<_, Fault>(Cares { rows, next })
            })
        })
        .await?;
    if page.rows.iter().any(|row| row.to == me && row.read_at.is_none()) {
        let now = ctx.now();
        ctx.house
            .db
            .write((me, now), |tx, (me, now)| {
                Box::pin(async move { store::care_read(tx, *me, *now).await.map_err(Fault::from) })
            })
            .await?;
    }
    Ok(page)
}
