//! Building a calendar from its rows, with a memory of what was built.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, Id, of};
use worktime::{Calendar, CalendarRef, Declared, Holidays, Override, weekday_named};

use crate::edit::WorkCalendar;
use crate::refusal::unreadable;
use crate::store::calendars as rows;

/// Names one version of a calendar as one store, or nobody in particular, works by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub calendar: Id<WorkCalendar>,
    /// The store whose exceptional days count.
    pub unit: Option<Id<of::Unit>>,
    pub version: i64,
}

impl Key {
    /// The name by which ledgers know it.
    pub(crate) fn reference(&self) -> CalendarRef {
        let code = match self.unit {
            Some(unit) => format!("{}@{unit}", self.calendar),
            None => self.calendar.to_string(),
        };
        CalendarRef { code, version: self.version }
    }
}

/// A calendar with its name in the database.
#[derive(Debug, Clone)]
pub(crate) struct Loaded {
    pub key: Key,
    pub calendar: Arc<Calendar>,
}

/// Which calendar is asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wanted {
    /// The one that a store works by.
    Store(Id<of::Unit>),
    /// The one with this code.
    Named(String),
}

/// What was built, by the token of the edition that was in force. A token is random, so a state that was rolled back, or that of
/// another database in the same process, is never mistaken for this one.
#[derive(Default)]
struct Memory {
    current: BTreeMap<(i64, Wanted), Loaded>,
    versions: BTreeMap<(i64, Key), Arc<Calendar>>,
}

static MEMORY: Mutex<Memory> = Mutex::new(Memory { current: BTreeMap::new(), versions: BTreeMap::new() });
/// Calendars kept; beyond it memory starts afresh. A calendar takes some ten kilobytes.
const MOST: usize = 1_000;

fn memory<T>(f: impl FnOnce(&mut Memory) -> T) -> T {
    let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
    if memory.current.len() + memory.versions.len() >= MOST {
        *memory = Memory::default();
    }
    f(&mut memory)
}

/// The newest version of the calendar that is wanted.
pub(crate) async fn current(tx: &mut Tx, wanted: &Wanted) -> Result<Loaded, Fault> {
    let token = rows::token(tx).await?;
    if let Some(loaded) = memory(|memory| memory.current.get(&(token, wanted.clone())).cloned()) {
        return Ok(loaded);
    }
    let (calendar, unit) = match wanted {
        Wanted::Store(unit) => (rows::of_unit(tx, *unit).await?, Some(*unit)),
        Wanted::Named(code) => (rows::by_code(tx, code).await?, None),
    };
    let calendar = calendar.ok_or_else(|| Fault::refused("calendar-missing"))?;
    let version = rows::version(tx, calendar.id, unit, calendar.holidays).await?;
    let key = Key { calendar: calendar.id, unit, version };
    let loaded = Loaded { key, calendar: at_version(tx, token, &key).await? };
    // Token 0: nothing was ever edited, and every new database has it.
    if token != 0 {
        memory(|memory| memory.current.insert((token, wanted.clone()), loaded.clone()));
    }
    Ok(loaded)
}

/// The versions that a ledger names.
pub(crate) async fn versions(tx: &mut Tx, keys: impl IntoIterator<Item = Key>) -> Result<Vec<Arc<Calendar>>, Fault> {
    let token = rows::token(tx).await?;
    let mut found = Vec::new();
    for key in keys {
        found.push(at_version(tx, token, &key).await?);
    }
    Ok(found)
}

async fn at_version(tx: &mut Tx, token: i64, key: &Key) -> Result<Arc<Calendar>, Fault> {
    if let Some(calendar) = memory(|memory| memory.versions.get(&(token, *key)).cloned()) {
        return Ok(calendar);
    }
    let calendar = Arc::new(build(tx, key).await?);
    if token != 0 {
        memory(|memory| memory.versions.insert((token, *key), Arc::clone(&calendar)));
    }
    Ok(calendar)
}

async fn build(tx: &mut Tx, key: &Key) -> Result<Calendar, Fault> {
    let card =
        rows::by_id(tx, key.calendar).await?.ok_or_else(|| Fault::internal("a clock names a calendar that is gone"))?;
    let mut patterns = rows::patterns(tx, key.calendar, key.version).await?.into_iter();
    let (_, first) = patterns.next().ok_or_else(|| Fault::internal("a calendar without hours"))?;
    let holidays = if card.holidays { Some(Arc::new(holidays_at(tx, key.version).await?)) } else { None };
    let first = first.parse().map_err(|error| unreadable(&error))?;
    let mut calendar =
        Calendar::new(key.reference(), &card.zone, first, holidays).map_err(|error| unreadable(&error))?;
    for (from, pattern) in patterns {
        calendar = calendar.with_pattern_from(from.date(), pattern.parse().map_err(|error| unreadable(&error))?);
    }
    let mut overrides: BTreeMap<Date, Override> = BTreeMap::new();
    // Those of the calendar come first, so that those of the store replace them.
    for row in rows::overrides(tx, key).await? {
        let hours = row.hours.parse().map_err(|error| unreadable(&error))?;
        overrides.insert(row.day.date(), Override { hours, note: row.note });
    }
    Ok(calendar.with_overrides(overrides))
}

/// The holiday table as of an edition.
pub(crate) async fn holidays_at(tx: &mut Tx, version: i64) -> Result<Holidays, Fault> {
    let mut table = Holidays::default();
    for year in rows::years(tx, version).await? {
        table.declare_year(i16::try_from(year).map_err(Fault::internal)?);
    }
    for row in rows::holidays(tx, version).await? {
        let what = match (row.holiday, row.worked_as) {
            (Some(holiday), _) => Declared::Off(holiday),
            (None, Some(weekday)) => Declared::WorkedAs(weekday_named(&weekday).map_err(|error| unreadable(&error))?),
            (None, None) => return Err(Fault::internal("a holiday row that says nothing")),
        };
        table.declare(row.day.date(), what).map_err(|error| unreadable(&error))?;
    }
    Ok(table)
}
