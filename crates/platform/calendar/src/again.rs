//! A clock as it was before somebody's act that is taken back.

use db::{Tx, Value};
use kernel::{Fault, Id, IdGen, of};

use crate::clock::{Clock, Entered};
use crate::ledger::{Ledger, evaluated};
use crate::store::clocks as rows;

/// Begins a clock with the first `entries` entries of the ledger of `clock`: it runs, or stands still, as that one did then. The
/// old one keeps its whole ledger; stop it first if it has not ended. What was told of the old one is not told again.
///
/// # Errors
/// `not-found`, or the database fails.
pub async fn again(
    tx: &mut Tx,
    ids: &IdGen,
    entered: &Entered,
    clock: Id<of::Clock>,
    entries: i64,
) -> Result<Clock, Fault> {
    let mut ledger = Ledger::open(tx, clock).await?;
    ledger.entries.truncate(usize::try_from(entries).unwrap_or_default());
    if ledger.entries.is_empty() {
        return Err(Fault::not_found());
    }
    let calendars = ledger.calendars(tx).await?;
    let status = evaluated(&ledger.entries, &calendars, entered.at)?;
    let mut new = Clock { id: ids.next(), entries, version: 1, ..ledger.clock.clone() };
    new.follow(&status, entered.at);
    if let Some(key) = rows::key_of(&ledger.entries, &status.calendar) {
        new.calendar_id = key.calendar;
        new.calendar_version = key.version;
    }
    let mut all: Vec<(&str, Vec<Value>)> = vec![(rows::INSERT, rows::insert_values(&new))];
    all.extend((1..).zip(&ledger.entries).map(|(seq, row)| (rows::APPEND, rows::append_values(new.id, seq, row))));
    let statements: Vec<(&str, &[Value])> = all.iter().map(|(sql, values)| (*sql, values.as_slice())).collect();
    tx.batch(&statements).await?;
    Ok(new)
}
