//! SQL on calendar data.

use db::{DbError, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id, IdGen, of};

use crate::edit::WorkCalendar;
use crate::load::Key;
use crate::store::corrupt;

impl FromRow for WorkCalendar {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            code: c.next()?,
            name: c.next()?,
            zone: c.next()?,
            holidays: c.next()?,
            fallback: c.next()?,
        })
    }
}

/// The token of the edition in force.
pub(crate) async fn token(tx: &mut Tx) -> Result<i64, DbError> {
    Ok(tx.one::<(i64,)>("SELECT token FROM calendar_edition", &[]).await?.map_or(0, |(token,)| token))
}

/// Begins the next edition.
pub(crate) async fn next_edition(tx: &mut Tx, ids: &IdGen, token: i64) -> Result<i64, DbError> {
    let sql = "UPDATE calendar_edition SET edition = CASE WHEN $1 > edition THEN $1 ELSE edition + 1 END, token = $2 \
               RETURNING edition";
    let edition = tx.one::<(i64,)>(sql, args![ids.next::<WorkCalendar>(), token]).await?;
    edition.map(|(edition,)| edition).ok_or_else(|| corrupt("the row of calendar_edition is missing"))
}

/// All calendars by code.
pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<WorkCalendar>, DbError> {
    tx.all("SELECT id, code, name, zone, holidays, fallback FROM calendar ORDER BY code", &[]).await
}

pub(crate) async fn by_id(tx: &mut Tx, id: Id<WorkCalendar>) -> Result<Option<WorkCalendar>, DbError> {
    tx.one("SELECT id, code, name, zone, holidays, fallback FROM calendar WHERE id = $1", args![id]).await
}

pub(crate) async fn by_code(tx: &mut Tx, code: &str) -> Result<Option<WorkCalendar>, DbError> {
    tx.one("SELECT id, code, name, zone, holidays, fallback FROM calendar WHERE code = $1", args![code]).await
}

/// The calendar of a unit: its own, else that of the nearest unit above it, else the fallback.
pub(crate) async fn of_unit(tx: &mut Tx, unit: Id<of::Unit>) -> Result<Option<WorkCalendar>, DbError> {
    let sql = "SELECT c.id, c.code, c.name, c.zone, c.holidays, c.fallback FROM org_unit u \
               JOIN org_unit above ON above.id = u.id OR u.path LIKE above.path || '%' \
               JOIN store_calendar s ON s.unit_id = above.id \
               JOIN calendar c ON c.id = s.calendar_id \
               WHERE u.id = $1 ORDER BY length(above.path) DESC LIMIT 1";
    match tx.one(sql, args![unit]).await? {
        Some(calendar) => Ok(Some(calendar)),
        None => tx.one("SELECT id, code, name, zone, holidays, fallback FROM calendar WHERE fallback", &[]).await,
    }
}

/// The edition that last touched a calendar as a unit works by it.
pub(crate) async fn version(
    tx: &mut Tx,
    calendar: Id<WorkCalendar>,
    unit: Option<Id<of::Unit>>,
    holidays: bool,
) -> Result<i64, DbError> {
    let sql = "SELECT MAX(touched.v) FROM (\
               SELECT since AS v FROM calendar WHERE id = $1 \
               UNION ALL SELECT since FROM calendar_pattern WHERE calendar_id = $1 \
               UNION ALL SELECT until FROM calendar_pattern WHERE calendar_id = $1 \
               UNION ALL SELECT since FROM calendar_override WHERE calendar_id = $1 OR unit_id = $2 \
               UNION ALL SELECT until FROM calendar_override WHERE calendar_id = $1 OR unit_id = $2 \
               UNION ALL SELECT since FROM calendar_year WHERE $3 \
               UNION ALL SELECT since FROM calendar_holiday WHERE $3 \
               UNION ALL SELECT until FROM calendar_holiday WHERE $3) AS touched";
    let newest = tx.one::<(Option<i64>,)>(sql, args![calendar, unit, holidays]).await?;
    Ok(newest.and_then(|(version,)| version).unwrap_or(0))
}

/// The ordinary weeks of a calendar with the day each begins on.
pub(crate) async fn patterns(
    tx: &mut Tx,
    calendar: Id<WorkCalendar>,
    version: i64,
) -> Result<Vec<(Day, String)>, DbError> {
    let sql = "SELECT from_day, pattern FROM calendar_pattern \
               WHERE calendar_id = $1 AND since <= $2 AND (until IS NULL OR until > $2) ORDER BY from_day";
    tx.all(sql, args![calendar, version]).await
}

/// The years whose holidays are known.
pub(crate) async fn years(tx: &mut Tx, version: i64) -> Result<Vec<i64>, DbError> {
    let years: Vec<(i64,)> =
        tx.all("SELECT year FROM calendar_year WHERE since <= $1 ORDER BY year", args![version]).await?;
    Ok(years.into_iter().map(|(year,)| year).collect())
}

/// A row of the holiday table: one of the two is set.
pub(crate) struct HolidayRow {
    pub day: Day,
    pub holiday: Option<String>,
    pub worked_as: Option<String>,
}
impl FromRow for HolidayRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { day: c.next()?, holiday: c.next()?, worked_as: c.next()? })
    }
}

pub(crate) async fn holidays(tx: &mut Tx, version: i64) -> Result<Vec<HolidayRow>, DbError> {
    let sql = "SELECT day, holiday, worked_as FROM calendar_holiday \
               WHERE since <= $1 AND (until IS NULL OR until > $1) ORDER BY day";
    tx.all(sql, args![version]).await
}

/// Other hours on a single day.
pub(crate) struct OverrideRow {
    pub day: Day,
    pub hours: String,
    pub note: Option<String>,
}
impl FromRow for OverrideRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { day: c.next()?, hours: c.next()?, note: c.next()? })
    }
}

/// The exceptional days of a calendar and then those of its unit.
pub(crate) async fn overrides(tx: &mut Tx, key: &Key) -> Result<Vec<OverrideRow>, DbError> {
    let sql = "SELECT day, hours, note FROM calendar_override \
               WHERE (calendar_id = $1 OR unit_id = $2) AND since <= $3 AND (until IS NULL OR until > $3) \
               ORDER BY CASE WHEN unit_id IS NULL THEN 0 ELSE 1 END, day";
    tx.all(sql, args![key.calendar, key.unit, key.version]).await
}

/// The exceptional days of a calendar or unit from a day on, as they stand.
pub(crate) async fn overrides_of(tx: &mut Tx, of: Owner, from: Day) -> Result<Vec<OverrideRow>, DbError> {
    let sql = "SELECT day, hours, note FROM calendar_override \
               WHERE (calendar_id = $1 OR unit_id = $2) AND until IS NULL AND day >= $3 ORDER BY day";
    tx.all(sql, args![of.calendar, of.unit, from]).await
}

/// Whose exceptional day: one of the two.
#[derive(Clone, Copy)]
pub(crate) struct Owner {
    pub calendar: Option<Id<WorkCalendar>>,
    pub unit: Option<Id<of::Unit>>,
}

pub(crate) async fn insert(tx: &mut Tx, calendar: &WorkCalendar, edition: i64) -> Result<(), DbError> {
    let sql =
        "INSERT INTO calendar (id, code, name, zone, holidays, fallback, since) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let WorkCalendar { id, code, name, zone, holidays, fallback } = calendar;
    tx.exec(sql, args![*id, code, name, zone, *holidays, *fallback, edition]).await?;
    Ok(())
}

/// Ends the present row of this day and adds another.
pub(crate) async fn put_pattern(
    tx: &mut Tx,
    ids: &IdGen,
    calendar: Id<WorkCalendar>,
    from: Day,
    pattern: &str,
    edition: i64,
) -> Result<(), DbError> {
    let end = "UPDATE calendar_pattern SET until = $3 WHERE calendar_id = $1 AND from_day = $2 AND until IS NULL";
    tx.exec(end, args![calendar, from, edition]).await?;
    let add = "INSERT INTO calendar_pattern (id, calendar_id, from_day, pattern, since) VALUES ($1, $2, $3, $4, $5)";
    tx.exec(add, args![ids.next::<WorkCalendar>(), calendar, from, pattern, edition]).await?;
    Ok(())
}

/// Ends the present table of a year and writes another.
pub(crate) async fn put_year(
    tx: &mut Tx,
    ids: &IdGen,
    year: i64,
    days: &[HolidayRow],
    edition: i64,
) -> Result<(), DbError> {
    let end = "UPDATE calendar_holiday SET until = $3 WHERE day >= $1 AND day <= $2 AND until IS NULL";
    tx.exec(end, args![format!("{year:04}-01-01"), format!("{year:04}-12-31"), edition]).await?;
    let know = "INSERT INTO calendar_year (year, since) VALUES ($1, $2) ON CONFLICT (year) DO NOTHING";
    tx.exec(know, args![year, edition]).await?;
    let add = "INSERT INTO calendar_holiday (id, day, holiday, worked_as, since) VALUES ($1, $2, $3, $4, $5)";
    let rows: Vec<[Value; 5]> = days
        .iter()
        .map(|row| {
            let id = ids.next::<WorkCalendar>();
            [id.into(), row.day.into(), Value::from(&row.holiday), Value::from(&row.worked_as), edition.into()]
        })
        .collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (add, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// Ends the exceptional day, if there is one.
pub(crate) async fn end_override(tx: &mut Tx, of: Owner, day: Day, edition: i64) -> Result<bool, DbError> {
    let sql = "UPDATE calendar_override SET until = $4 \
               WHERE (calendar_id = $1 OR unit_id = $2) AND day = $3 AND until IS NULL";
    Ok(tx.exec(sql, args![of.calendar, of.unit, day, edition]).await? > 0)
}

pub(crate) async fn add_override(
    tx: &mut Tx,
    ids: &IdGen,
    of: Owner,
    row: &OverrideRow,
    edition: i64,
) -> Result<(), DbError> {
    let sql = "INSERT INTO calendar_override (id, calendar_id, unit_id, day, hours, note, since) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let id = ids.next::<WorkCalendar>();
    tx.exec(sql, args![id, of.calendar, of.unit, row.day, &row.hours, &row.note, edition]).await?;
    Ok(())
}

pub(crate) async fn assign(tx: &mut Tx, unit: Id<of::Unit>, calendar: Id<WorkCalendar>) -> Result<(), DbError> {
    let sql = "INSERT INTO store_calendar (unit_id, calendar_id) VALUES ($1, $2) \
               ON CONFLICT (unit_id) DO UPDATE SET calendar_id = excluded.calendar_id";
    tx.exec(sql, args![unit, calendar]).await?;
    Ok(())
}

/// The edition in force.
pub(crate) async fn edition(tx: &mut Tx) -> Result<i64, DbError> {
    Ok(tx.one::<(i64,)>("SELECT edition FROM calendar_edition", &[]).await?.map_or(0, |(edition,)| edition))
}

/// Ends the week that begins on a day.
pub(crate) async fn end_pattern(
    tx: &mut Tx,
    calendar: Id<WorkCalendar>,
    from: Day,
    edition: i64,
) -> Result<bool, DbError> {
    let sql = "UPDATE calendar_pattern SET until = $3 WHERE calendar_id = $1 AND from_day = $2 AND until IS NULL";
    Ok(tx.exec(sql, args![calendar, from, edition]).await? > 0)
}

pub(crate) async fn assigned(tx: &mut Tx) -> Result<Vec<(Id<of::Unit>, Id<WorkCalendar>)>, DbError> {
    tx.all("SELECT unit_id, calendar_id FROM store_calendar ORDER BY unit_id", &[]).await
}

pub(crate) async fn unassign(tx: &mut Tx, unit: Id<of::Unit>) -> Result<(), DbError> {
    tx.exec("DELETE FROM store_calendar WHERE unit_id = $1", args![unit]).await?;
    Ok(())
}

pub(crate) async fn units_with_overrides(tx: &mut Tx, from: Day) -> Result<Vec<Id<of::Unit>>, DbError> {
    let sql = "SELECT DISTINCT unit_id FROM calendar_override \
               WHERE unit_id IS NOT NULL AND until IS NULL AND day >= $1 ORDER BY unit_id";
    let units: Vec<(Id<of::Unit>,)> = tx.all(sql, args![from]).await?;
    Ok(units.into_iter().map(|(unit,)| unit).collect())
}
