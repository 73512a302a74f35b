//! Clocks: each function appends to a ledger and writes what follows from it.

use db::{DbError, Tx, Value};
use kernel::{Fault, Id, IdGen, RecordRef, Timestamp, of};
use worktime::{Calendars, Entry, Outcome, Policy, State, Status};

use crate::edit::WorkCalendar;
use crate::load::{self, Key, Loaded, Wanted};
use crate::refusal::refused;
use crate::store::clocks::{self as rows, EntryRow};

/// Whether a clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It runs.
    Running,
    /// It stands still and goes on with what is left.
    Paused,
    /// It has ended.
    Stopped,
}

impl Standing {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
        }
    }
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Paused, Self::Stopped]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// How a clock ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Done in time.
    Met,
    /// Done too late.
    Late,
    /// Not needed any more; counts for nothing.
    Cancelled,
}

impl Ending {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Late => "late",
            Self::Cancelled => "cancelled",
        }
    }
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Met, Self::Late, Self::Cancelled]
            .into_iter()
            .find(|ending| ending.as_str() == text)
    }
}

/// A clock as it stands: what follows from its ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Its id.
    pub id: Id<of::Clock>,
    /// The word for the kind of record it belongs to.
    pub record_kind: String,
    /// That record's id.
    pub record_id: i64,
    /// What it waits for, in the record's words.
    pub stage: String,
    /// The store that it counts for.
    pub store: Id<of::Unit>,
    /// The calendar that was named for it; `None` = the store's.
    pub calendar_code: Option<String>,
    /// The calendar in force.
    pub calendar_id: Id<WorkCalendar>,
    /// The edition of that calendar in force.
    pub calendar_version: i64,
    /// The policy in force.
    pub policy_code: String,
    /// Its version.
    pub policy_version: i64,
    /// `working`, `natural` (milliseconds), `working-days`, `calendar-days` (days) or `fixed` (an instant).
    pub unit: String,
    /// How much of it the policy allows.
    pub amount: i64,
    /// Whether it runs.
    pub state: Standing,
    /// When it started.
    pub started_at: Timestamp,
    /// When it is due; exactly then is in time. `None` while a pause keeps that open.
    pub due_at: Option<Timestamp>,
    /// From here on it is due soon: the policy's first warning share.
    pub warn_at: Option<Timestamp>,
    /// When [`crate::sweep`] looks at it next.
    pub next_at: Option<Timestamp>,
    /// What was told last.
    pub(crate) told: Told,
    /// The first instant at which time ran out. Between that instant and the next sweep or entry it is not written yet.
    pub breached_at: Option<Timestamp>,
    /// Since when it stands still.
    pub paused_at: Option<Timestamp>,
    /// Why, as given to [`pause`].
    pub pause_reason: Option<String>,
    /// When it ended.
    pub stopped_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Ending>,
    /// How many entries its ledger has.
    pub entries: i64,
    /// Grows with every change.
    pub version: i64,
}

impl Clock {
    /// Whether it has not ended.
    pub const fn is_open(&self) -> bool {
        self.stopped_at.is_none()
    }
    /// Whether time has run out at `now`.
    pub fn is_late(&self, now: Timestamp) -> bool {
        match self.outcome {
            Some(ending) => ending == Ending::Late,
            None => self.due_at.is_some_and(|due| due < now),
        }
    }
}

/// Who entered something, and when. When it happened is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entered {
    /// The member of staff; `None` = a customer or the program.
    pub by: Option<Id<of::User>>,
    /// When it was entered.
    pub at: Timestamp,
}

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

/// Starts clocks, all in one round.
///
/// # Errors
/// `calendar-missing`, `calendar-never-works`, `calendar-too-far` or `calendar-allowance` when no due time can be given, or the
/// database fails.
pub async fn start(
    tx: &mut Tx,
    ids: &IdGen,
    entered: &Entered,
    clocks: &[NewClock<'_>],
) -> Result<Vec<Clock>, Fault> {
    let mut started = Vec::with_capacity(clocks.len());
    let mut statements: Vec<(&str, Vec<Value>)> = Vec::with_capacity(clocks.len() * 2);
    for new in clocks {
        let Loaded { key, calendar } = load::current(tx, &wanted(new.basis, new.store)).await?;
        let entry = Entry::Start {
            at: new.at.to_jiff(),
            policy: new.policy.clone(),
            calendar: key.reference(),
        };
        let row = EntryRow {
            entry,
            calendar: Some(key),
            entered: *entered,
        };
        let status = evaluated(&[&row], &[calendar].into_iter().collect(), entered.at)?;
        let mut clock = Clock {
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
            entries: 1,
            version: 1,
        };
        clock.follow(&status, entered.at);
        statements.push((rows::INSERT, rows::insert_values(&clock)));
        statements.push((rows::APPEND, rows::append_values(clock.id, 1, &row)));
        started.push(clock);
    }
    let statements: Vec<(&str, &[Value])> = statements
        .iter()
        .map(|(sql, values)| (*sql, values.as_slice()))
        .collect();
    tx.batch(&statements).await?;
    Ok(started)
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
    let entry = Entry::Pause {
        at: at.to_jiff(),
        reason: reason.to_owned(),
    };
    let ledger = Ledger::open(tx, clock).await?;
    append(tx, entered, ledger, entry, None).await
}

/// Lets a clock run again from `at` on, with what is left.
///
/// # Errors
/// `calendar-clock-not-paused`, else as [`pause`].
pub async fn resume(
    tx: &mut Tx,
    entered: &Entered,
    clock: Id<of::Clock>,
    at: Timestamp,
) -> Result<Clock, Fault> {
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
    let entry = Entry::Stop {
        at: at.to_jiff(),
        outcome,
    };
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
    evaluated(&ledger.rows(), &calendars, now)
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
    fn rows(&self) -> Vec<&EntryRow> {
        self.entries.iter().collect()
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
        Ok(Clock {
            version: self.clock.version + 1,
            ..self.clock
        })
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
    ledger.entries.push(EntryRow {
        entry,
        calendar: key,
        entered: *entered,
    });
    let calendars = ledger.calendars(tx).await?;
    let status = evaluated(&ledger.rows(), &calendars, entered.at)?;
    ledger.clock.follow(&status, entered.at);
    ledger.clock.entries += 1;
    if let Some(key) = rows::key_of(&ledger.entries, &status.calendar) {
        ledger.clock.calendar_id = key.calendar;
        ledger.clock.calendar_version = key.version;
    }
    let values = ledger
        .entries
        .last()
        .map(|row| rows::append_values(ledger.clock.id, ledger.clock.entries, row));
    // The clock first: whoever comes second finds it changed, before the ledger refuses a number that is taken.
    let clock = ledger.keep(tx).await?;
    if let Some(values) = values {
        tx.exec(rows::APPEND, &values).await?;
    }
    Ok(clock)
}

/// The state that follows from a ledger at the later of `now` and its last entry.
fn evaluated(rows: &[&EntryRow], calendars: &Calendars, now: Timestamp) -> Result<Status, Fault> {
    let entries: Vec<Entry> = rows.iter().map(|row| row.entry.clone()).collect();
    let last = entries.last().map_or(now.to_jiff(), Entry::at);
    worktime::evaluate(&entries, calendars, last.max(now.to_jiff())).map_err(refused)
}

fn wanted(basis: Basis<'_>, store: Id<of::Unit>) -> Wanted {
    match basis {
        Basis::Store => Wanted::Store(store),
        Basis::Named(code) => Wanted::Named(code.to_owned()),
    }
}

/// What was told of a clock: how much of its time is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Nothing,
    Warned,
    Breached,
}

impl Told {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Warned => "warned",
            Self::Breached => "breached",
        }
    }
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Nothing, Self::Warned, Self::Breached]
            .into_iter()
            .find(|told| told.as_str() == text)
    }
}

impl Clock {
    /// Takes over what follows from the ledger.
    fn follow(&mut self, status: &Status, now: Timestamp) {
        let at = Timestamp::from_jiff;
        let (unit, amount) = rows::unit_amount(&status.policy.rule);
        self.policy_code.clone_from(&status.policy.code);
        self.policy_version = status.policy.version;
        unit.clone_into(&mut self.unit);
        self.amount = amount;
        self.due_at = status.due.map(at);
        self.warn_at = status
            .thresholds
            .first()
            .and_then(|threshold| threshold.at)
            .map(at);
        self.breached_at = status.breached.map(at);
        self.paused_at = status.paused.as_ref().map(|paused| at(paused.since));
        self.pause_reason = status.paused.as_ref().map(|paused| paused.reason.clone());
        self.stopped_at = status.stopped.map(|stopped| at(stopped.at));
        self.state = match (self.stopped_at, self.paused_at) {
            (Some(_), _) => Standing::Stopped,
            (None, Some(_)) => Standing::Paused,
            (None, None) => Standing::Running,
        };
        self.outcome = self.stopped_at.is_some().then_some(match status.state {
            State::Cancelled => Ending::Cancelled,
            State::Late => Ending::Late,
            State::Running | State::Paused | State::Met => Ending::Met,
        });
        // What is no longer so, because the clock was given more time, may come true again and is told again.
        if self.told == Told::Breached && self.due_at.is_none_or(|due| due >= now) {
            self.told = Told::Warned;
        }
        if self.told == Told::Warned && self.warn_at.is_none_or(|warn| warn > now) {
            self.told = Told::Nothing;
        }
        self.next_at = match self.told {
            _ if !self.is_open() => None,
            Told::Nothing => self.warn_at.or_else(|| self.past_due()),
            Told::Warned => self.past_due(),
            Told::Breached => None,
        };
    }

    /// The first instant at which it is late.
    pub(crate) fn past_due(&self) -> Option<Timestamp> {
        self.due_at.map(|due| due.plus(1))
    }
}
