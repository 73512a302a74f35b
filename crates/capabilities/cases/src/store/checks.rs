use db::{DbError, FromRow, Row, Tx, Value, args, values};
use kernel::{Cursor, Day, Id, Reach, Timestamp, of};

use crate::domain::{CheckResult, CheckState};

/// Marks the id of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckId {}

/// A check as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its id.
    pub id: Id<CheckId>,
    /// Of which case.
    pub case: Id<of::Case>,
    /// The case's store.
    pub store: Id<of::Unit>,
    /// Where it stands.
    pub state: CheckState,
    /// Who solved the case.
    pub solver: Option<Id<of::User>>,
    /// On which day somebody looks.
    pub planned_on: Option<Day>,
    /// What was found.
    pub result: Option<CheckResult>,
    /// In words.
    pub note: Option<String>,
    /// Who looked.
    pub checked_by: Option<Id<of::User>>,
    /// When.
    pub checked_at: Option<Timestamp>,
    /// The case in which it goes on.
    pub follow_up: Option<Id<of::Case>>,
}

macro_rules! columns {
    () => {
        "id, case_id, store_id, state, solver_id, planned_on, result, note, checked_by, checked_at, follow_up_id"
    };
}

impl FromRow for Check {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            case: c.next()?,
            store: c.next()?,
            state: c.next()?,
            solver: c.next()?,
            planned_on: c.next()?,
            result: c.next()?,
            note: c.next()?,
            checked_by: c.next()?,
            checked_at: c.next()?,
            follow_up: c.next()?,
        })
    }
}

/// Inserts checks; pipelined where the engine can.
///
/// # Errors
/// What the database says; `Unique` when the case has one that is not over.
pub async fn insert_checks(tx: &mut Tx, checks: &[Check]) -> Result<(), DbError> {
    let rows: Vec<Vec<Value>> = checks
        .iter()
        .map(|check| {
            values![
                check.id,
                check.case,
                check.store,
                check.state,
                check.solver,
                check.planned_on,
                check.result,
                &check.note,
                check.checked_by,
                check.checked_at,
                check.follow_up
            ]
        })
        .collect();
    let insert =
        concat!("INSERT INTO case_check (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (insert, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// The checks of `case`, newest first.
///
/// # Errors
/// What the database says.
pub async fn checks_of(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Check>, DbError> {
    tx.all(concat!("SELECT ", columns!(), " FROM case_check WHERE case_id = $1 ORDER BY id DESC LIMIT 20"), args![case])
        .await
}

/// The check of `case` that is not over.
///
/// # Errors
/// What the database says.
pub async fn live_check(tx: &mut Tx, case: Id<of::Case>) -> Result<Option<Check>, DbError> {
    tx.one(
        concat!("SELECT ", columns!(), " FROM case_check WHERE case_id = $1 AND state IN ('noted', 'planned')"),
        args![case],
    )
    .await
}

/// Saves what can change of `check`, if it still stands at `from`; false when it does not.
///
/// # Errors
/// What the database says.
pub async fn save_check(tx: &mut Tx, check: &Check, from: CheckState) -> Result<bool, DbError> {
    let saved = tx
        .exec(
            "UPDATE case_check SET state = $3, solver_id = $4, planned_on = $5, result = $6, note = $7, checked_by = $8,
                checked_at = $9, follow_up_id = $10 WHERE id = $1 AND state = $2",
            args![
                check.id,
                from,
                check.state,
                check.solver,
                check.planned_on,
                check.result,
                &check.note,
                check.checked_by,
                check.checked_at,
                check.follow_up
            ],
        )
        .await?;
    Ok(saved == 1)
}

/// A check with what a list shows of its case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckLine {
    /// Its id.
    pub id: Id<CheckId>,
    /// The case.
    pub case: Id<of::Case>,
    /// The case's number.
    pub number: String,
    /// What it is about.
    pub subject: String,
    /// Whose it is.
    pub customer_name: String,
    /// The case's store.
    pub store: Id<of::Unit>,
    /// On which day somebody looks.
    pub planned_on: Day,
    /// Who solved the case.
    pub solver: Option<Id<of::User>>,
}

impl FromRow for CheckLine {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            case: c.next()?,
            number: c.next()?,
            subject: c.next()?,
            customer_name: c.next()?,
            store: c.next()?,
            planned_on: c.next()?,
            solver: c.next()?,
        })
    }
}

/// Planned checks up to `day` within `reach` that `by` may do, the oldest first.
///
/// # Errors
/// What the database says.
pub async fn due_checks(
    tx: &mut Tx,
    reach: &Reach,
    by: Option<Id<of::User>>,
    day: Day,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<CheckLine>, DbError> {
    let mut find = db::Filter::new(
        "SELECT k.id, k.case_id, c.number, c.subject, c.customer_name, k.store_id, k.planned_on, k.solver_id
         FROM case_check k JOIN service_case c ON c.id = k.case_id WHERE k.state = 'planned' AND k.planned_on <= ?",
    );
    find.args(args![day]);
    find.reach(reach, "k.store_id", "c.team_id", "c.owner_id");
    if let Some(by) = by {
        find.bind(" AND (k.solver_id IS NULL OR k.solver_id <> ?)", args![by]);
    }
    if let Some(after) = after {
        // The key is the day as a number: 20261122.
        find.bind(" AND (k.planned_on, k.id) > (?, ?)", args![day_of(after.key), after.id]);
    }
    find.bind(" ORDER BY k.planned_on, k.id LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

fn day_of(key: i64) -> String {
    format!("{:04}-{:02}-{:02}", key / 10_000, key / 100 % 100, key % 100)
}

/// The cursor's key for a day.
pub fn day_key(day: Day) -> i64 {
    day.to_string().split('-').filter_map(|part| part.parse::<i64>().ok()).fold(0, |key, part| key * 100 + part)
}
