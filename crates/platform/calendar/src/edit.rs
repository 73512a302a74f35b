//! Reading and editing calendars. The caller checks permissions and records the edit in the journal.

use std::sync::Arc;

use db::{DbError, Tx};
use jiff::civil::Date;
use kernel::{Day, Fault, FieldErrors, Id, IdGen, of};
use worktime::{Calendar, Declared, Holidays, Override, WeeklyPattern, weekday_name};

use crate::load::{self, Wanted};
use crate::refusal::unreadable;
use crate::store::calendars::{self as rows, HolidayRow, OverrideRow, Owner};

/// A calendar of the company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkCalendar {
    /// Its id.
    pub id: Id<Self>,
    /// Its code, e.g. `office`.
    pub code: String,
    /// Its name, as people of the company call it.
    pub name: String,
    /// IANA name of its time zone.
    pub zone: String,
    /// Whether public holidays are rest days.
    pub holidays: bool,
    /// Whether stores that were given no calendar work by it.
    pub fallback: bool,
}

/// A calendar to be.
#[derive(Debug, Clone)]
pub struct NewCalendar {
    /// Code, unique.
    pub code: String,
    /// Name.
    pub name: String,
    /// IANA name of its time zone.
    pub zone: String,
    /// Whether public holidays are rest days.
    pub holidays: bool,
    /// Whether stores that were given no calendar work by it; at most one calendar may.
    pub fallback: bool,
    /// Its ordinary week.
    pub pattern: WeeklyPattern,
}

/// Whose exceptional day it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everybody who works by this calendar.
    Calendar(Id<WorkCalendar>),
    /// One store; wins over its calendar's.
    Unit(Id<of::Unit>),
}

impl From<Scope> for Owner {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Calendar(calendar) => Self { calendar: Some(calendar), unit: None },
            Scope::Unit(unit) => Self { calendar: None, unit: Some(unit) },
        }
    }
}

/// All calendars by code.
///
/// # Errors
/// When the database fails.
pub async fn calendars(tx: &mut Tx) -> Result<Vec<WorkCalendar>, DbError> {
    rows::all(tx).await
}

/// The calendar that a store works by now, with its exceptional days.
///
/// # Errors
/// `calendar-missing` when there is none at all, or the database fails.
pub async fn of_store(tx: &mut Tx, store: Id<of::Unit>) -> Result<Arc<Calendar>, Fault> {
    Ok(load::current(tx, &Wanted::Store(store)).await?.calendar)
}

/// The holiday table as it stands.
///
/// # Errors
/// When the database fails.
pub async fn holidays(tx: &mut Tx) -> Result<Holidays, Fault> {
    load::holidays_at(tx, i64::MAX - 1).await
}

/// Exceptional days from `from` on, in order.
///
/// # Errors
/// When the database fails.
pub async fn overrides(tx: &mut Tx, of: Scope, from: Day) -> Result<Vec<(Day, Override)>, Fault> {
    let found = rows::overrides_of(tx, of.into(), from).await?;
    let read = |row: OverrideRow| Ok((row.day, Override { hours: row.hours.parse()?, note: row.note }));
    found.into_iter().map(read).collect::<Result<_, _>>().map_err(|error| unreadable(&error))
}

/// Adds a calendar.
///
/// # Errors
/// `invalid` for an empty code or name or a zone that is none, `conflict` for a code that is taken, or the database fails.
pub async fn create(tx: &mut Tx, ids: &IdGen, new: &NewCalendar) -> Result<Id<WorkCalendar>, Fault> {
    let mut errors = FieldErrors::default();
    if new.code.trim().is_empty() {
        errors.add("code", "required");
    }
    if new.name.trim().is_empty() {
        errors.add("name", "required");
    }
    if kernel::Zone::named(&new.zone).is_err() {
        errors.add("zone", "calendar-zone");
    }
    errors.check()?;
    let edition = next_edition(tx, ids).await?;
    let card = WorkCalendar {
        id: ids.next(),
        code: new.code.trim().to_owned(),
        name: new.name.trim().to_owned(),
        zone: new.zone.clone(),
        holidays: new.holidays,
        fallback: new.fallback,
    };
    rows::insert(tx, &card, edition).await?;
    rows::put_pattern(tx, ids, card.id, first_day(), &new.pattern.to_string(), edition).await?;
    Ok(card.id)
}

/// Gives a calendar another ordinary week from a day on.
///
/// # Errors
/// When the database fails.
pub async fn set_hours(
    tx: &mut Tx,
    ids: &IdGen,
    calendar: Id<WorkCalendar>,
    from: Day,
    pattern: &WeeklyPattern,
) -> Result<(), Fault> {
    let edition = next_edition(tx, ids).await?;
    Ok(rows::put_pattern(tx, ids, calendar, from, &pattern.to_string(), edition).await?)
}

/// Writes the holiday table of a year anew, and makes the year known.
///
/// # Errors
/// `invalid` for a date of another year or one that is listed twice, or the database fails.
pub async fn declare_year(tx: &mut Tx, ids: &IdGen, year: i16, days: &[(Date, Declared)]) -> Result<(), Fault> {
    let mut table = Holidays::default();
    for (date, what) in days {
        if date.year() != year || table.declare(*date, what.clone()).is_err() {
            let mut errors = FieldErrors::default();
            errors.add_with("days", "calendar-day", vec![("day", date.to_string())]);
            return Err(Fault::invalid(errors));
        }
    }
    let edition = next_edition(tx, ids).await?;
    put_year(tx, ids, year, table.iter(), edition).await
}

pub(crate) async fn put_year<'a>(
    tx: &mut Tx,
    ids: &IdGen,
    year: i16,
    days: impl Iterator<Item = (Date, &'a Declared)>,
    edition: i64,
) -> Result<(), Fault> {
    let rows: Vec<HolidayRow> = days
        .map(|(date, what)| {
            let (holiday, worked_as) = match what {
                Declared::Off(holiday) => (Some(holiday.clone()), None),
                Declared::WorkedAs(weekday) => (None, Some(weekday_name(*weekday).to_owned())),
            };
            HolidayRow { day: date.into(), holiday, worked_as }
        })
        .collect();
    Ok(rows::put_year(tx, ids, year.into(), &rows, edition).await?)
}

/// Gives a day other hours, or closes it.
///
/// # Errors
/// When the database fails.
pub async fn set_override(tx: &mut Tx, ids: &IdGen, of: Scope, day: Day, special: &Override) -> Result<(), Fault> {
    let edition = next_edition(tx, ids).await?;
    rows::end_override(tx, of.into(), day, edition).await?;
    let row = OverrideRow { day, hours: special.hours.to_string(), note: special.note.clone() };
    Ok(rows::add_override(tx, ids, of.into(), &row, edition).await?)
}

/// Takes an exceptional day back; `false` when there was none.
///
/// # Errors
/// When the database fails.
pub async fn lift_override(tx: &mut Tx, ids: &IdGen, of: Scope, day: Day) -> Result<bool, Fault> {
    let edition = next_edition(tx, ids).await?;
    Ok(rows::end_override(tx, of.into(), day, edition).await?)
}

/// Lets a unit, and the units below it that have none of their own, work by a calendar.
///
/// # Errors
/// When the database fails.
pub async fn assign(tx: &mut Tx, ids: &IdGen, unit: Id<of::Unit>, calendar: Id<WorkCalendar>) -> Result<(), Fault> {
    next_edition(tx, ids).await?;
    Ok(rows::assign(tx, unit, calendar).await?)
}

/// The edition in force: what a person edits must not have changed since they read it.
///
/// # Errors
/// When the database fails.
pub async fn edition(tx: &mut Tx) -> Result<i64, DbError> {
    rows::edition(tx).await
}

/// The ordinary weeks of a calendar with the day each begins on, in order.
///
/// # Errors
/// When the database fails.
pub async fn weeks(tx: &mut Tx, calendar: Id<WorkCalendar>) -> Result<Vec<(Day, WeeklyPattern)>, Fault> {
    let found = rows::patterns(tx, calendar, i64::MAX - 1).await?;
    let read = |(day, text): (Day, String)| Ok((day, text.parse()?));
    found.into_iter().map(read).collect::<Result<_, _>>().map_err(|error| unreadable(&error))
}

/// Takes the week that begins on `from` back; the one before it goes on. `false` when there was none, or it is the first.
///
/// # Errors
/// When the database fails.
pub async fn drop_hours(tx: &mut Tx, ids: &IdGen, calendar: Id<WorkCalendar>, from: Day) -> Result<bool, Fault> {
    if from == first_day() {
        return Ok(false);
    }
    let edition = next_edition(tx, ids).await?;
    Ok(rows::end_pattern(tx, calendar, from, edition).await?)
}

/// Which units were given a calendar of their own.
///
/// # Errors
/// When the database fails.
pub async fn assigned(tx: &mut Tx) -> Result<Vec<(Id<of::Unit>, Id<WorkCalendar>)>, DbError> {
    rows::assigned(tx).await
}

/// Lets a unit work by the calendar of the units above it again.
///
/// # Errors
/// When the database fails.
pub async fn unassign(tx: &mut Tx, ids: &IdGen, unit: Id<of::Unit>) -> Result<(), Fault> {
    next_edition(tx, ids).await?;
    Ok(rows::unassign(tx, unit).await?)
}

/// Units with exceptional days of their own from `from` on.
///
/// # Errors
/// When the database fails.
pub async fn units_with_overrides(tx: &mut Tx, from: Day) -> Result<Vec<Id<of::Unit>>, DbError> {
    rows::units_with_overrides(tx, from).await
}

/// How many clocks have not ended.
///
/// # Errors
/// When the database fails.
pub async fn open_clocks(tx: &mut Tx) -> Result<i64, DbError> {
    crate::store::clocks::count_open(tx).await
}

/// Begins an edition under a token that no other state of any database has.
pub(crate) async fn next_edition(tx: &mut Tx, ids: &IdGen) -> Result<i64, Fault> {
    let random = getrandom::u64().map_err(Fault::internal)?;
    let token = i64::try_from(random >> 1).map_err(Fault::internal)?.max(1);
    Ok(rows::next_edition(tx, ids, token).await?)
}

/// The day from which the first pattern of a calendar counts: before everything.
fn first_day() -> Day {
    Date::constant(1970, 1, 1).into()
}
