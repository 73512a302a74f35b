//! Starting clocks.

use std::sync::Arc;

use db::{Tx, Value};
use kernel::{Fault, Id, IdGen, RecordRef, Timestamp, of};
use worktime::{Calendar, Calendars, Entry, Policy};

use crate::clock::{Clock, Entered, Standing, Told};
use crate::ledger::evaluated;
use crate::load::{self, Key, Loaded, Wanted};
use crate::store::clocks::{self as rows, EntryRow};

/// The calendar that a clock runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis<'a> {
    /// That of its store, with the store's exceptional days.
    Store,
    /// The one with this code, e.g. `office` for the working days that a law means.
    Named(&'a str),
}

/// A clock to be.
#[derive(Debug, Clone)]
pub struct NewClock<'a> {
    /// The record it belongs to.
    pub record: &'a RecordRef,
    /// What it waits for, in the record's words.
    pub stage: &'a str,
    /// The store that it counts for.
    pub store: Id<of::Unit>,
    /// On which calendar it runs.
    pub basis: Basis<'a>,
    /// How much time it allows.
    pub policy: Policy,
    /// When it starts.
    pub at: Timestamp,
}

/// Starts clocks, all in one round.
///
/// # Errors
/// `calendar-missing`, `calendar-never-works`, `calendar-too-far` or `calendar-allowance` when no due time can be given, or the
/// database fails.
pub async fn start(tx: &mut Tx, ids: &IdGen, entered: &Entered, clocks: &[NewClock<'_>]) -> Result<Vec<Clock>, Fault> {
    let mut batch = Batch::default();
    for new in clocks {
        let loaded = batch.calendar(tx, new).await?;
        batch.add(ids, new, &[], loaded, entered.at, |_| *entered)?;
    }
    batch.write(tx).await
}

/// Writes clocks whose story is known, all in one round: for the demo company, for imports and for load. The entries of each story
/// follow its start and name no calendar; they count as entered when they happened, by `by`. `now` is when the stories are told.
///
/// # Errors
/// As [`start`], and those of entries that cannot be.
pub async fn replay(
    tx: &mut Tx,
    ids: &IdGen,
    by: Option<Id<of::User>>,
    now: Timestamp,
    clocks: &[(NewClock<'_>, Vec<Entry>)],
) -> Result<Vec<Clock>, Fault> {
    let mut batch = Batch::default();
    for (new, story) in clocks {
        let loaded = batch.calendar(tx, new).await?;
        batch.add(ids, new, story, loaded, now, |at| Entered { by, at })?;
    }
    batch.write(tx).await
}

/// Clocks that are written together.
#[derive(Default)]
struct Batch {
    /// Calendars that were asked for; clocks that start together mostly share one.
    loaded: Vec<(Wanted, Loaded)>,
    clocks: Vec<Clock>,
    statements: Vec<(&'static str, Vec<Value>)>,
}

impl Batch {
    async fn calendar(&mut self, tx: &mut Tx, new: &NewClock<'_>) -> Result<Loaded, Fault> {
        let wanted = match new.basis {
            Basis::Store => Wanted::Store(new.store),
            Basis::Named(code) => Wanted::Named(code.to_owned()),
        };
        if let Some((_, loaded)) = self.loaded.iter().find(|(known, _)| *known == wanted) {
            return Ok(loaded.clone());
        }
        let loaded = load::current(tx, &wanted).await?;
        self.loaded.push((wanted, loaded.clone()));
        Ok(loaded)
    }

    fn add(
        &mut self,
        ids: &IdGen,
        new: &NewClock<'_>,
        story: &[Entry],
        loaded: Loaded,
        now: Timestamp,
        entered: impl Fn(Timestamp) -> Entered,
    ) -> Result<(), Fault> {
        let Loaded { key, calendar } = loaded;
        let start = Entry::Start { at: new.at.to_jiff(), policy: new.policy.clone(), calendar: key.reference() };
        let entries: Vec<EntryRow> = std::iter::once((start, Some(key)))
            .chain(story.iter().map(|entry| (entry.clone(), None)))
            .map(|(entry, calendar)| EntryRow { entered: entered(Timestamp::from_jiff(entry.at())), entry, calendar })
            .collect();
        let calendars: Calendars = std::iter::once::<Arc<Calendar>>(calendar).collect();
        let status = evaluated(&entries, &calendars, now)?;
        let mut clock = unwritten(ids, new, &key);
        clock.follow(&status, now);
        for (seq, row) in (1..).zip(&entries) {
            clock.entries = seq;
            self.statements.push((rows::APPEND, rows::append_values(clock.id, seq, row)));
        }
        let first = self.statements.len() - entries.len();
        self.statements.insert(first, (rows::INSERT, rows::insert_values(&clock)));
        self.clocks.push(clock);
        Ok(())
    }

    async fn write(self, tx: &mut Tx) -> Result<Vec<Clock>, Fault> {
        let statements: Vec<(&str, &[Value])> =
            self.statements.iter().map(|(sql, values)| (*sql, values.as_slice())).collect();
        tx.batch(&statements).await?;
        Ok(self.clocks)
    }
}

/// The clock before anything follows from its ledger.
fn unwritten(ids: &IdGen, new: &NewClock<'_>, key: &Key) -> Clock {
    Clock {
        id: ids.next(),
        record_kind: new.record.kind.to_owned(),
        record_id: new.record.id,
        stage: new.stage.to_owned(),
        store: new.store,
        calendar_code: match new.basis {
            Basis::Store => None,
            Basis::Named(code) => Some(code.to_owned()),
        },
        calendar_id: key.calendar,
        calendar_version: key.version,
        policy_code: String::new(),
        policy_version: 0,
        unit: String::new(),
        amount: 0,
        state: Standing::Running,
        started_at: new.at,
        due_at: None,
        warn_at: None,
        next_at: None,
        told: Told::Nothing,
        breached_at: None,
        paused_at: None,
        pause_reason: None,
        stopped_at: None,
        outcome: None,
        entries: 0,
        version: 1,
    }
}
