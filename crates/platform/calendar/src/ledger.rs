//! What happens to a clock after its start: each function appends to the ledger and writes what follows from it.

use db::{DbError, Tx};
use kernel::{Fault, Id, RecordRef, Timestamp, of};
use worktime::{Calendars, Entry, Outcome, Policy, Status};

use crate::clock::{Clock, Entered};
use crate::load::{self, Key, Loaded, Wanted};
use crate::refusal::refused;
use crate::store::clocks::{self as rows, EntryRow};

/// What becomes different in mid-clock; what is `None` stays.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// Another policy, e.g. of a higher priority.
    pub policy: Option<Policy>,
    /// Another store, whose calendar then counts.
    pub store: Option<Id<of::Unit>>,
    /// Why: a code or a person's words.
    pub reason: &'a str,
}

/// Lets a clock stand still from `at` on.
///
/// # Errors
/// `calendar-clock-paused`, `calendar-clock-stopped`, `calendar-clock-order` when `at` lies before its last entry, `not-found`,
/// or the database fails.
pub async fn pause(
    tx: &mut Tx,
    entered: &Entered,
    clock: Id<of::Clock>,
    at: Timestamp,
    reason: &str,
) -> Result<Clock, Fault> {
    let entry = Entry::Pause { at: at.to_jiff(), reason: reason.to_owned() };
    let ledger = Ledger::open(tx, clock).await?;
    append(tx, entered, ledger, entry, None).await
}

/// Lets a clock run again from `at` on, with what is left.
///
/// # Errors
/// `calendar-clock-not-paused`, else as [`pause`].
pub async fn resume(tx: &mut Tx, entered: &Entered, clock: Id<of::Clock>, at: Timestamp) -> Result<Clock, Fault> {
    let entry = Entry::Resume { at: at.to_jiff() };
    let ledger = Ledger::open(tx, clock).await?;
    append(tx, entered, ledger, entry, None).await
}

/// Puts a clock under another policy or another store's calendar from `at` on. Time used stays used.
///
/// # Errors
/// `calendar-clock-unchanged`, else as [`pause`] and [`start`].
pub async fn change(
    tx: &mut Tx,
    entered: &Entered,
    clock: Id<of::Clock>,
    at: Timestamp,
    change: &Change<'_>,
) -> Result<Clock, Fault> {
    let mut ledger = Ledger::open(tx, clock).await?;
    let mut calendar = None;
    if let Some(store) = change.store {
        ledger.clock.store = store;
        if ledger.clock.calendar_code.is_none() {
            calendar = Some(load::current(tx, &Wanted::Store(store)).await?);
        }
    }
    let entry = Entry::Change {
        at: at.to_jiff(),
        policy: change.policy.clone(),
        calendar: calendar.as_ref().map(|loaded| loaded.key.reference()),
        reason: change.reason.to_owned(),
    };
    if calendar.is_none() && change.policy.is_none() && change.store.is_some() {
        // A named calendar does not depend on the store: nothing to enter in the ledger.
        return ledger.keep(tx).await;
    }
    append(tx, entered, ledger, entry, calendar).await
}

/// Ends a clock. [`Clock::outcome`] says whether it was in time.
///
/// # Errors
/// As [`pause`].
pub async fn stop(
    tx: &mut Tx,
    entered: &Entered,
    clock: Id<of::Clock>,
    at: Timestamp,
    outcome: Outcome,
) -> Result<Clock, Fault> {
    let entry = Entry::Stop { at: at.to_jiff(), outcome };
    let ledger = Ledger::open(tx, clock).await?;
    append(tx, entered, ledger, entry, None).await
}

/// A clock.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, id: Id<of::Clock>) -> Result<Option<Clock>, DbError> {
    rows::get(tx, id).await
}

/// The clocks of a record, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_record(tx: &mut Tx, record: &RecordRef) -> Result<Vec<Clock>, DbError> {
    rows::of_record(tx, record).await
}

/// The clocks of several records of one kind, by record and oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_records(tx: &mut Tx, kind: &str, records: &[i64]) -> Result<Vec<Clock>, DbError> {
    rows::of_records(tx, kind, records).await
}

/// Where a clock stands at `now`, computed from its ledger.
///
/// # Errors
/// `not-found`, or the database fails.
pub async fn status(tx: &mut Tx, clock: Id<of::Clock>, now: Timestamp) -> Result<Status, Fault> {
    let ledger = Ledger::open(tx, clock).await?;
    let calendars = ledger.calendars(tx).await?;
    evaluated(&ledger.entries, &calendars, now)
}

/// A clock with its whole story.
pub(crate) struct Ledger {
    pub clock: Clock,
    pub entries: Vec<EntryRow>,
}

impl Ledger {
    pub(crate) async fn open(tx: &mut Tx, id: Id<of::Clock>) -> Result<Self, Fault> {
        let clock = rows::get(tx, id).await?.ok_or_else(Fault::not_found)?;
        let entries = rows::entries(tx, id).await?;
        Ok(Self { clock, entries })
    }
    /// The calendar versions that its entries name.
    pub(crate) async fn calendars(&self, tx: &mut Tx) -> Result<Calendars, Fault> {
        let keys: Vec<Key> = self.entries.iter().filter_map(|row| row.calendar).collect();
        Ok(load::versions(tx, keys).await?.into_iter().collect())
    }
    async fn keep(self, tx: &mut Tx) -> Result<Clock, Fault> {
        if !rows::update(tx, &self.clock).await? {
            return Err(Fault::stale(self.clock.version));
        }
        Ok(Clock { version: self.clock.version + 1, ..self.clock })
    }
}

/// Appends an entry and writes what follows from it. `calendar` is the one that the entry names.
pub(crate) async fn append(
    tx: &mut Tx,
    entered: &Entered,
    mut ledger: Ledger,
    entry: Entry,
    calendar: Option<Loaded>,
) -> Result<Clock, Fault> {
    let key = calendar.map(|loaded| loaded.key);
    ledger.entries.push(EntryRow { entry, calendar: key, entered: *entered });
    let calendars = ledger.calendars(tx).await?;
    let status = evaluated(&ledger.entries, &calendars, entered.at)?;
    ledger.clock.follow(&status, entered.at);
    ledger.clock.entries += 1;
    if let Some(key) = rows::key_of(&ledger.entries, &status.calendar) {
        ledger.clock.calendar_id = key.calendar;
        ledger.clock.calendar_version = key.version;
    }
    let values = ledger.entries.last().map(|row| rows::append_values(ledger.clock.id, ledger.clock.entries, row));
    // The clock first: whoever comes second finds it changed, before the ledger refuses a number that is taken.
    let clock = ledger.keep(tx).await?;
    if let Some(values) = values {
        tx.exec(rows::APPEND, &values).await?;
    }
    Ok(clock)
}

/// The state that follows from a ledger at the later of `now` and its last entry.
pub(crate) fn evaluated(rows: &[EntryRow], calendars: &Calendars, now: Timestamp) -> Result<Status, Fault> {
    let entries: Vec<Entry> = rows.iter().map(|row| row.entry.clone()).collect();
    let last = entries.last().map_or(now.to_jiff(), Entry::at);
    worktime::evaluate(&entries, calendars, last.max(now.to_jiff())).map_err(refused)
}
