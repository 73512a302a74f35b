//! After a calendar was edited: clocks that run take the new hours over, and their cases, tasks and approvals the new due time.

use std::collections::BTreeSet;

use capability::{Ctx, Recorded, Work};
use kernel::{Fault, Id, of};

use super::clocks::{Clocks, entered};
use super::events::{self, RECORD};
use super::tasks::{self, TASK};
use crate::store;

/// Clocks that one transaction looks at.
const BATCH: i64 = 100;

/// Moves every open clock to the newest edition of its calendar, and its case, task or approval to what follows. Answers how many
/// clocks changed.
///
/// # Errors
/// `calendar-never-works` when a calendar leaves a clock no time at all; `busy` when the database is away.
pub async fn follow_calendars(ctx: &Ctx) -> Result<i64, Fault> {
    let mut moved = 0;
    let mut after: Option<Id<of::Clock>> = None;
    loop {
        let (changed, next) = ctx.write(after, |work, after| Box::pin(follow(work, *after))).await?;
        moved += changed;
        match next {
            Some(next) => after = Some(next),
            None => return Ok(moved),
        }
    }
}

async fn follow(
    work: &mut Work<'_>,
    after: Option<Id<of::Clock>>,
) -> Result<Recorded<(i64, Option<Id<of::Clock>>)>, Fault> {
    let entered = entered(work);
    let followed = calendar::follow_calendars(work.tx, &entered, after, BATCH).await?;
    let changed = i64::try_from(followed.changed.len()).unwrap_or(BATCH);
    let ours = followed.changed.iter().filter(|clock| clock.record_kind == RECORD);
    let cases: BTreeSet<i64> = ours.map(|clock| clock.record_id).collect();
    let mut recorded = None;
    for id in cases {
        let Some(mut case) = store::hold(work.tx, Id::new(id)).await? else { continue };
        if case.state.is_over() {
            continue;
        }
        let due = Clocks::of(work, &case).await?.due();
        if due == case.due {
            continue;
        }
        let before = case.due.map(|due| due.at.to_string());
        case.due = due;
        store::save_pace(work.tx, &case).await?;
        let event = events::event(&case, "case.deadline_moved", work.now);
        recorded = Some(work.record(event.change("due", before, due.map(|due| due.at.to_string()))).await?);
    }
    for clock in &followed.changed {
        let moved = match clock.record_kind.as_str() {
            TASK => tasks::follow(work, clock).await?,
            approvals::app::RECORD => approvals::app::follow(work, clock).await?,
            _ => None,
        };
        recorded = moved.or(recorded);
    }
    let answer = (changed, followed.next);
    Ok(match recorded {
        Some(recorded) => recorded.with(answer),
        None => work.unchanged(answer),
    })
}
