use db::Tx;
use kernel::{Fault, Id, Timestamp, of};
use worktime::Entry;

use crate::clock::{Clock, Entered};
use crate::ledger::{Ledger, append};
use crate::load::{self, Wanted};
use crate::store::clocks as rows;

/// The reason under which [`follow_calendars`] enters a change.
const REASON: &str = "calendar";

/// How far [`follow_calendars`] has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// Clocks that moved to another edition, as they now stand; their due times may differ.
    pub changed: Vec<Clock>,
    /// When each of them was due before, in the same order.
    pub was_due: Vec<Option<Timestamp>>,
    /// Where to go on; `None` when all open clocks have been seen.
    pub next: Option<Id<of::Clock>>,
}

/// Moves up to `limit` open clocks after `after` to the newest edition of their calendar, from `entered.at` on: after an edit of
/// hours, holidays, exceptional days or of who works by what. Clocks whose calendar was not touched stay as they are.
///
/// # Errors
/// When a due time can no longer be given (`calendar-never-works`), or the database fails.
pub async fn follow_calendars(
    tx: &mut Tx,
    entered: &Entered,
    after: Option<Id<of::Clock>>,
    limit: i64,
) -> Result<Followed, Fault> {
    let open = rows::open(tx, after, limit).await?;
    let full = i64::try_from(open.len()).is_ok_and(|found| found >= limit);
    let next = open.last().map(|clock| clock.id).filter(|_| full);
    let (mut changed, mut was_due) = (Vec::new(), Vec::new());
    for clock in open {
        let wanted = match &clock.calendar_code {
            Some(code) => Wanted::Named(code.clone()),
            None => Wanted::Store(clock.store),
        };
        let newest = load::current(tx, &wanted).await?;
        if newest.key.calendar == clock.calendar_id && newest.key.version == clock.calendar_version {
            continue;
        }
        let ledger = Ledger::open(tx, clock.id).await?;
        // An entry that was dated ahead is not overtaken.
        let last = ledger.entries.last().map_or(entered.at.to_jiff(), |row| row.entry.at());
        let entry = Entry::Change {
            at: entered.at.to_jiff().max(last),
            policy: None,
            calendar: Some(newest.key.reference()),
            reason: REASON.to_owned(),
        };
        was_due.push(clock.due_at);
        changed.push(append(tx, entered, ledger, entry, Some(newest)).await?);
    }
    Ok(Followed { changed, was_due, next })
}
