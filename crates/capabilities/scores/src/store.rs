//! Rows of scores; the only SQL of this crate.

use std::collections::{BTreeMap, BTreeSet};

use db::{DbError, Filter as Sql, FromRow, Row, Tx, Value, args, values};
use kernel::{Day, Id, IdGen, Place, Placed, Timestamp, of};
use scoring::Counted;

use crate::domain::{BY_DAY, Live, Stored};
use crate::proposals::{Fate, Sign};

/// Marks the id of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryId {}
/// Marks the id of a judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JudgementId {}
/// Marks the id of a special deduction or bonus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpecialId {}

/// Evidence that somebody entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: Id<EntryId>,
    /// A kind of record of the scheme.
    pub kind: String,
    /// Where it belongs.
    pub unit: Id<of::Unit>,
    /// Whom it is about.
    pub person: Option<Id<of::User>>,
    /// In a few words.
    pub title: String,
    /// More.
    pub note: Option<String>,
    /// A visit or sample that conforms.
    pub met: bool,
    /// When it happened.
    pub happened_on: Day,
    /// Its last day.
    pub valid_until: Option<Day>,
    /// When it was written down.
    pub entered_at: Timestamp,
    /// By whom.
    pub entered_by: Option<Id<of::User>>,
    /// When it was taken back.
    pub withdrawn_at: Option<Timestamp>,
    /// Why.
    pub withdrawn_why: Option<String>,
    /// What measures a promise: a stage of cases.
    pub measure: Option<String>,
    /// What we answered to an event outside.
    pub answer: Option<String>,
}

impl Placed for Entry {
    fn place(&self) -> Place {
        Place { store: self.unit, team: None, owner: self.entered_by }
    }
}

const ENTRY: &str =
    "SELECT id, kind, unit_id, person_id, title, note, met, happened_on, valid_until, entered_at, entered_by,
    withdrawn_at, withdrawn_why, measure, answer FROM score_entry WHERE ";

impl FromRow for Entry {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            kind: c.next()?,
            unit: c.next()?,
            person: c.next()?,
            title: c.next()?,
            note: c.next()?,
            met: c.next()?,
            happened_on: c.next()?,
            valid_until: c.next()?,
            entered_at: c.next()?,
            entered_by: c.next()?,
            withdrawn_at: c.next()?,
            withdrawn_why: c.next()?,
            measure: c.next()?,
            answer: c.next()?,
        })
    }
}

/// Inserts an entry.
///
/// # Errors
/// What the database says.
pub async fn insert_entry(tx: &mut Tx, one: &Entry) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO score_entry (id, kind, unit_id, person_id, title, note, met, happened_on, valid_until, entered_at, entered_by,
         measure) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            one.id,
            &*one.kind,
            one.unit,
            one.person,
            &*one.title,
            one.note.clone(),
            one.met,
            one.happened_on,
            one.valid_until,
            one.entered_at,
            one.entered_by,
            one.measure.clone()
        ],
    )
    .await
    .map(|_| ())
}

/// The entry `id`.
///
/// # Errors
/// What the database says.
pub async fn entry(tx: &mut Tx, id: Id<EntryId>) -> Result<Option<Entry>, DbError> {
    let mut query = Sql::new(ENTRY);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// Takes an entry back; false when it was already.
///
/// # Errors
/// What the database says.
pub async fn withdraw(
    tx: &mut Tx,
    id: Id<EntryId>,
    by: Option<Id<of::User>>,
    at: Timestamp,
    why: &str,
) -> Result<bool, DbError> {
    let sql = "UPDATE score_entry SET withdrawn_at = $2, withdrawn_by = $3, withdrawn_why = $4
        WHERE id = $1 AND withdrawn_at IS NULL";
    Ok(tx.exec(sql, args![id, at, by, why]).await? == 1)
}

/// Writes our answer to an event outside; false when it has one, or was taken back.
///
/// # Errors
/// What the database says.
pub async fn answer(
    tx: &mut Tx,
    id: Id<EntryId>,
    by: Option<Id<of::User>>,
    at: Timestamp,
    answer: &str,
) -> Result<bool, DbError> {
    let sql = "UPDATE score_entry SET answer = $2, answered_at = $3, answered_by = $4
        WHERE id = $1 AND answer IS NULL AND withdrawn_at IS NULL";
    Ok(tx.exec(sql, args![id, answer, at, by]).await? == 1)
}

/// Everything that had been entered by `at` and not taken back by then.
///
/// # Errors
/// What the database says.
pub async fn entries_at(tx: &mut Tx, at: Timestamp) -> Result<Vec<Entry>, DbError> {
    let mut query = Sql::new(ENTRY);
    query
        .bind("entered_at <= ? AND (withdrawn_at IS NULL OR withdrawn_at > ?) ORDER BY happened_on, id", args![at, at]);
    tx.all(query.sql(), query.values()).await
}

/// What a list of entries is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// Of these kinds; empty = all.
    pub kinds: Vec<String>,
    /// Of these units.
    pub units: Vec<Id<of::Unit>>,
    /// That end on this day at the latest, and have not been taken back.
    pub ends_by: Option<Day>,
}

/// At most `limit` entries, newest first, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn entries(
    tx: &mut Tx,
    filter: &EntryFilter,
    after: Option<(Day, Id<EntryId>)>,
    limit: i64,
) -> Result<Vec<Entry>, DbError> {
    let mut query = Sql::new(ENTRY);
    query.bind_in("unit_id", filter.units.iter().copied().map(Value::from));
    if !filter.kinds.is_empty() {
        query.push(" AND ").bind_in("kind", filter.kinds.iter().map(|kind| Value::from(kind.as_str())));
    }
    if let Some(day) = filter.ends_by {
        query.bind(" AND withdrawn_at IS NULL AND valid_until <= ?", args![day]);
    }
    if let Some((day, id)) = after {
        query.bind(" AND (happened_on, id) < (?, ?)", args![day, id]);
    }
    query.bind(" ORDER BY happened_on DESC, id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// Where the next page of a list of entries begins.
pub fn cursor_of(entry: &Entry) -> String {
    format!("{}_{}", entry.happened_on, entry.id)
}

/// Reads what [`cursor_of`] writes.
pub fn read_cursor(text: &str) -> Option<(Day, Id<EntryId>)> {
    let (day, id) = text.split_once('_')?;
    Some((day.parse().ok()?, id.parse().ok()?))
}

/// Entries that end by `day` and of whose end nobody was told.
///
/// # Errors
/// What the database says.
pub async fn ending(tx: &mut Tx, day: Day, limit: i64) -> Result<Vec<Entry>, DbError> {
    let mut query = Sql::new(ENTRY);
    query.bind(
        "valid_until <= ? AND withdrawn_at IS NULL AND (told_until IS NULL OR told_until <> valid_until)
         ORDER BY valid_until, id LIMIT ?",
        args![day, limit],
    );
    tx.all(query.sql(), query.values()).await
}

/// Somebody was told of the end.
///
/// # Errors
/// What the database says.
pub async fn told(tx: &mut Tx, id: Id<EntryId>) -> Result<(), DbError> {
    tx.exec("UPDATE score_entry SET told_until = valid_until WHERE id = $1", args![id]).await.map(|_| ())
}

/// What somebody said of an indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Its id.
    pub id: Id<JudgementId>,
    /// Which indicator.
    pub clause: String,
    /// Where.
    pub unit: Id<of::Unit>,
    /// Per cent; `None` = it does not apply.
    pub percent: Option<i64>,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
    /// Until when it held.
    pub ended_at: Option<Timestamp>,
}

const JUDGEMENT: &str =
    "SELECT id, clause, unit_id, percent, reason, judged_by, judged_at, ended_at FROM score_judgement WHERE ";

impl FromRow for Judgement {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            clause: c.next()?,
            unit: c.next()?,
            percent: c.next()?,
            reason: c.next()?,
            by: c.next()?,
            at: c.next()?,
            ended_at: c.next()?,
        })
    }
}

/// Ends the judgement that holds, if one does; it.
///
/// # Errors
/// What the database says.
pub async fn end_judgement(
    tx: &mut Tx,
    scheme: &str,
    clause: &str,
    unit: Id<of::Unit>,
    by: Option<Id<of::User>>,
    at: Timestamp,
) -> Result<Option<Judgement>, DbError> {
    let mut query = Sql::new(JUDGEMENT);
    query.bind("scheme = ? AND clause = ? AND unit_id = ? AND ended_at IS NULL", args![scheme, clause, unit]);
    let found: Option<Judgement> = tx.one(query.sql(), query.values()).await?;
    if let Some(one) = &found {
        let sql = "UPDATE score_judgement SET ended_at = $2, ended_by = $3 WHERE id = $1";
        tx.exec(sql, args![one.id, at, by]).await?;
    }
    Ok(found)
}

/// Inserts a judgement.
///
/// # Errors
/// What the database says.
pub async fn insert_judgement(tx: &mut Tx, scheme: &str, one: &Judgement) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO score_judgement (id, scheme, clause, unit_id, percent, reason, judged_by, judged_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![one.id, scheme, &*one.clause, one.unit, one.percent, &*one.reason, one.by, one.at],
    )
    .await
    .map(|_| ())
}

/// The judgements that held at `at`.
///
/// # Errors
/// What the database says.
pub async fn judgements_at(tx: &mut Tx, scheme: &str, at: Timestamp) -> Result<Vec<Judgement>, DbError> {
    let mut query = Sql::new(JUDGEMENT);
    query.bind(
        "scheme = ? AND judged_at <= ? AND (ended_at IS NULL OR ended_at > ?) ORDER BY id",
        args![scheme, at, at],
    );
    tx.all(query.sql(), query.values()).await
}

/// Judgements of one indicator at these units, newest first, at most 50.
///
/// # Errors
/// What the database says.
pub async fn judgements_of(
    tx: &mut Tx,
    scheme: &str,
    clause: &str,
    units: &[Id<of::Unit>],
) -> Result<Vec<Judgement>, DbError> {
    let mut query = Sql::new(JUDGEMENT);
    query
        .bind("scheme = ? AND clause = ? AND ", args![scheme, clause])
        .bind_in("unit_id", units.iter().copied().map(Value::from))
        .push(" ORDER BY judged_at DESC, id DESC LIMIT 50");
    tx.all(query.sql(), query.values()).await
}

/// A special deduction or bonus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Special {
    /// Its id.
    pub id: Id<SpecialId>,
    /// Where.
    pub unit: Id<of::Unit>,
    /// The code of a cause; `None` = a bonus.
    pub cause: Option<String>,
    /// What happened.
    pub reason: String,
    /// When.
    pub happened_on: Day,
    /// Who confirmed it.
    pub by: Option<Id<of::User>>,
    /// When they did.
    pub at: Timestamp,
}

const SPECIAL: &str = "SELECT id, unit_id, cause, reason, happened_on, said_by, said_at FROM score_special WHERE ";

impl FromRow for Special {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            unit: c.next()?,
            cause: c.next()?,
            reason: c.next()?,
            happened_on: c.next()?,
            by: c.next()?,
            at: c.next()?,
        })
    }
}

/// Inserts a special deduction or bonus.
///
/// # Errors
/// What the database says.
pub async fn insert_special(tx: &mut Tx, scheme: &str, one: &Special) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO score_special (id, scheme, unit_id, cause, reason, happened_on, said_by, said_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![one.id, scheme, one.unit, one.cause.clone(), &*one.reason, one.happened_on, one.by, one.at],
    )
    .await
    .map(|_| ())
}

/// The special deductions and bonuses that held at `at`: of the year before it.
///
/// # Errors
/// What the database says.
pub async fn specials_at(tx: &mut Tx, scheme: &str, day: Day, at: Timestamp) -> Result<Vec<Special>, DbError> {
    let mut query = Sql::new(SPECIAL);
    query.bind(
        "scheme = ? AND said_at <= ? AND (ended_at IS NULL OR ended_at > ?) AND happened_on >= ? ORDER BY happened_on, id",
        args![scheme, at, at, day.plus(-365)],
    );
    tx.all(query.sql(), query.values()).await
}

/// The special deduction or bonus `id`, unless it was taken back.
///
/// # Errors
/// What the database says.
pub async fn special(tx: &mut Tx, id: Id<SpecialId>) -> Result<Option<Special>, DbError> {
    let mut query = Sql::new(SPECIAL);
    query.bind("id = ? AND ended_at IS NULL", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// Takes it back.
///
/// # Errors
/// What the database says.
pub async fn end_special(
    tx: &mut Tx,
    id: Id<SpecialId>,
    by: Option<Id<of::User>>,
    at: Timestamp,
    why: &str,
) -> Result<(), DbError> {
    let sql = "UPDATE score_special SET ended_at = $2, ended_by = $3, ended_why = $4 WHERE id = $1";
    tx.exec(sql, args![id, at, by, why]).await.map(|_| ())
}

/// By store, what a fact counts of the year up to `at`; a fact about goods, which belong to no store, has the key `None`.
///
/// # Errors
/// What the database says.
pub async fn fact(
    tx: &mut Tx,
    name: &str,
    from: Timestamp,
    at: Timestamp,
    days: (Day, Day),
) -> Result<BTreeMap<Option<Id<of::Unit>>, Counted>, DbError> {
    let by_store = |rows: Vec<(Id<of::Unit>, i64, i64)>| {
        rows.into_iter().map(|(store, good, all)| (Some(store), Counted { good, all })).collect()
    };
    let of_goods = |row: Option<(i64, i64)>| {
        row.into_iter().filter(|row| row.1 > 0).map(|(good, all)| (None, Counted { good, all })).collect()
    };
    Ok(match name {
        "cases_with_customer_and_product" => by_store(
            tx.all(
                "SELECT store_id, CAST(SUM(CASE WHEN customer_id IS NOT NULL AND product IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT),
                 COUNT(*) FROM service_case WHERE created_at >= $1 AND created_at <= $2 AND merged_into IS NULL GROUP BY store_id",
                args![from, at],
            )
            .await?,
        ),
        "complaints_on_file" => by_store(
            tx.all(
                "SELECT store_id, CAST(SUM(CASE WHEN customer_id IS NOT NULL AND owner_id IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT),
                 COUNT(*) FROM service_case WHERE kind = 'complaint' AND created_at >= $1 AND created_at <= $2
                 AND merged_into IS NULL GROUP BY store_id",
                args![from, at],
            )
            .await?,
        ),
        "sales_with_terms" => by_store(
            tx.all(
                "SELECT store_id, CAST(SUM(CASE WHEN EXISTS (SELECT 1 FROM sale_cover WHERE sale_cover.sale_id = sale.id) THEN 1
                 ELSE 0 END) AS BIGINT), COUNT(*) FROM sale WHERE sold_on >= $1 AND sold_on <= $2 GROUP BY store_id",
                args![days.0, days.1],
            )
            .await?,
        ),
        "warranty_by_law" => of_goods(
            tx.one(
                "SELECT COALESCE(CAST(SUM(CASE WHEN COALESCE(maker_months, law_months) >= law_months THEN 1 ELSE 0 END) AS BIGINT), 0),
                 COUNT(*) FROM product WHERE law_months IS NOT NULL",
                args![],
            )
            .await?,
        ),
        "warranty_shown" => of_goods(
            tx.one(
                "SELECT COALESCE(CAST(SUM(CASE WHEN law_months IS NOT NULL OR maker_months IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT), 0),
                 COUNT(*) FROM product",
                args![],
            )
            .await?,
        ),
        _ => BTreeMap::new(),
    })
}

/// What an older program wrote in another shape counts as nothing; it is computed anew.
fn read_body(text: &str) -> Option<Stored> {
    serde_json::from_str(text).ok()
}

/// What was computed last for a unit; it holds as of when somebody looked last.
///
/// # Errors
/// What the database says.
pub async fn live(tx: &mut Tx, scheme: &str, unit: Id<of::Unit>) -> Result<Option<Live>, DbError> {
    let sql = "SELECT computed_at, body, (SELECT checked_at FROM score_state WHERE id = 1) FROM score_live
        WHERE scheme = $1 AND unit_id = $2";
    let row = tx.one::<(Timestamp, String, Option<Timestamp>)>(sql, args![scheme, unit]).await?;
    Ok(row.and_then(|(at, body, looked)| {
        Some(Live { at: looked.map_or(at, |looked| looked.max(at)), stored: read_body(&body)? })
    }))
}

/// The ends of these units, as computed last.
///
/// # Errors
/// What the database says.
pub async fn ends(
    tx: &mut Tx,
    scheme: &str,
    units: &[Id<of::Unit>],
) -> Result<BTreeMap<Id<of::Unit>, (Option<i64>, Option<i64>)>, DbError> {
    let mut query = Sql::new("SELECT unit_id, low, high FROM score_live WHERE scheme = ? AND ");
    query.args(args![scheme]).bind_in("unit_id", units.iter().copied().map(Value::from));
    let rows: Vec<(Id<of::Unit>, Option<i64>, Option<i64>)> = tx.all(query.sql(), query.values()).await?;
    Ok(rows.into_iter().map(|(unit, low, high)| (unit, (low, high))).collect())
}

/// What was computed last of these units, as written.
///
/// # Errors
/// What the database says.
pub async fn bodies(
    tx: &mut Tx,
    scheme: &str,
    units: &[Id<of::Unit>],
) -> Result<BTreeMap<Id<of::Unit>, String>, DbError> {
    let mut query = Sql::new("SELECT unit_id, body FROM score_live WHERE scheme = ? AND ");
    query.args(args![scheme]).bind_in("unit_id", units.iter().copied().map(Value::from));
    let rows: Vec<(Id<of::Unit>, String)> = tx.all(query.sql(), query.values()).await?;
    Ok(rows.into_iter().collect())
}

/// Writes what was computed, and as the last of its day.
///
/// # Errors
/// What the database says.
pub async fn keep_live(
    tx: &mut Tx,
    scheme: &str,
    unit: Id<of::Unit>,
    at: Timestamp,
    stored: &Stored,
    body: &str,
) -> Result<(), DbError> {
    let sql = "INSERT INTO score_live (scheme, unit_id, computed_at, low, high, body) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (scheme, unit_id) DO UPDATE SET computed_at = excluded.computed_at, low = excluded.low,
        high = excluded.high, body = excluded.body";
    tx.exec(sql, args![scheme, unit, at, stored.low, stored.high, body]).await.map(|_| ())
}

/// Writes the last of a day.
///
/// # Errors
/// What the database says.
pub async fn keep_day(
    tx: &mut Tx,
    scheme: &str,
    unit: Id<of::Unit>,
    day: Day,
    stored: &Stored,
    body: &str,
) -> Result<(), DbError> {
    let sql = "INSERT INTO score_day (scheme, unit_id, day, low, high, body) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (scheme, unit_id, day) DO UPDATE SET low = excluded.low, high = excluded.high, body = excluded.body";
    tx.exec(sql, args![scheme, unit, day, stored.low, stored.high, body]).await.map(|_| ())
}

/// The units that have a row of `day`.
///
/// # Errors
/// What the database says.
pub async fn of_day(tx: &mut Tx, scheme: &str, day: Day) -> Result<Vec<Id<of::Unit>>, DbError> {
    tx.all("SELECT unit_id FROM score_day WHERE scheme = $1 AND day = $2", args![scheme, day]).await
}

/// The ends of each day from `from` on.
///
/// # Errors
/// What the database says.
pub async fn trend(
    tx: &mut Tx,
    scheme: &str,
    unit: Id<of::Unit>,
    from: Day,
) -> Result<Vec<(Day, Option<i64>, Option<i64>)>, DbError> {
    let sql = "SELECT day, low, high FROM score_day WHERE scheme = $1 AND unit_id = $2 AND day >= $3 ORDER BY day";
    tx.all(sql, args![scheme, unit, from]).await
}

/// At most `limit` of the newest days whole, the oldest first.
///
/// # Errors
/// What the database says.
pub async fn days(tx: &mut Tx, scheme: &str, unit: Id<of::Unit>, limit: i64) -> Result<Vec<(Day, Stored)>, DbError> {
    let sql = "SELECT day, body FROM score_day WHERE scheme = $1 AND unit_id = $2 ORDER BY day DESC LIMIT $3";
    let rows: Vec<(Day, String)> = tx.all(sql, args![scheme, unit, limit]).await?;
    Ok(rows.into_iter().rev().filter_map(|(day, body)| Some((day, read_body(&body)?))).collect())
}

/// Marks the id of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskId {}

/// A step of a plan that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id.
    pub id: Id<TaskId>,
    /// Whose score it lifts.
    pub unit: Id<of::Unit>,
    /// Code of the action.
    pub action: String,
    /// The indicator.
    pub clause: String,
    /// In a few words.
    pub title: String,
    /// Who does it.
    pub owner: Id<of::User>,
    /// By when.
    pub due_on: Day,
    /// Fen.
    pub cost: i64,
    /// Tenths that it should gain: sure and possible.
    pub gain: (i64, i64),
    /// What the indicator had earned when it was given.
    pub before: (i64, i64),
    /// When it was given.
    pub given_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
}

const TASK: &str =
    "SELECT id, unit_id, action, clause, title, owner_id, due_on, cost, gain_low, gain_high, before_low, before_high,
    given_at, done_at FROM score_task WHERE ";

impl FromRow for Task {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            unit: c.next()?,
            action: c.next()?,
            clause: c.next()?,
            title: c.next()?,
            owner: c.next()?,
            due_on: c.next()?,
            cost: c.next()?,
            gain: (c.next()?, c.next()?),
            before: (c.next()?, c.next()?),
            given_at: c.next()?,
            done_at: c.next()?,
        })
    }
}

/// Inserts a task unless the same action is open there; false then.
///
/// # Errors
/// What the database says.
pub async fn insert_task(tx: &mut Tx, scheme: &str, one: &Task, by: Option<Id<of::User>>) -> Result<bool, DbError> {
    let sql = "INSERT INTO score_task (id, scheme, unit_id, action, clause, title, owner_id, due_on, cost, gain_low, gain_high,
        before_low, before_high, given_by, given_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        ON CONFLICT (scheme, unit_id, action) WHERE done_at IS NULL AND dropped_at IS NULL DO NOTHING";
    let values = args![
        one.id,
        scheme,
        one.unit,
        &*one.action,
        &*one.clause,
        &*one.title,
        one.owner,
        one.due_on,
        one.cost,
        one.gain.0,
        one.gain.1,
        one.before.0,
        one.before.1,
        by,
        one.given_at
    ];
    Ok(tx.exec(sql, values).await? == 1)
}

/// The tasks at a unit: open ones first, by day, at most 100.
///
/// # Errors
/// What the database says.
pub async fn tasks(tx: &mut Tx, scheme: &str, unit: Id<of::Unit>) -> Result<Vec<Task>, DbError> {
    let mut query = Sql::new(TASK);
    query.bind(
        "scheme = ? AND unit_id = ? AND dropped_at IS NULL
         ORDER BY CASE WHEN done_at IS NULL THEN 0 ELSE 1 END, due_on, id LIMIT 100",
        args![scheme, unit],
    );
    tx.all(query.sql(), query.values()).await
}

/// The task `id`.
///
/// # Errors
/// What the database says.
pub async fn task(tx: &mut Tx, id: Id<TaskId>) -> Result<Option<Task>, DbError> {
    let mut query = Sql::new(TASK);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// It is done.
///
/// # Errors
/// What the database says.
pub async fn task_done(tx: &mut Tx, id: Id<TaskId>, by: Option<Id<of::User>>, at: Timestamp) -> Result<(), DbError> {
    tx.exec("UPDATE score_task SET done_at = $2, done_by = $3 WHERE id = $1", args![id, at, by]).await.map(|_| ())
}

/// Something that may move a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// Its row.
    pub id: i64,
    /// case, sale, goods or unit.
    pub kind: String,
    /// The record that changed.
    pub record: i64,
    /// Where.
    pub unit: Id<of::Unit>,
    /// The day on which it stood before.
    pub day: Option<Day>,
}

impl FromRow for Touch {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { id: c.next()?, kind: c.next()?, record: c.next()?, unit: c.next()?, day: c.next()? })
    }
}

/// Marks the id of a touch.
enum TouchId {}

/// The values of one touch.
pub(crate) fn touch_row(
    ids: &IdGen,
    kind: &'static str,
    record: i64,
    unit: Id<of::Unit>,
    day: Option<&str>,
) -> Vec<Value> {
    values![ids.next::<TouchId>(), kind, record, unit, day.map(str::to_owned)]
}

/// The statements that write touches.
pub(crate) fn insert_touches(rows: Vec<Vec<Value>>) -> Vec<Sql> {
    Sql::of_rows("INSERT INTO score_touch (id, kind, record_id, unit_id, day) VALUES ", "(?, ?, ?, ?, ?)", "", rows)
}

/// At most `limit` touches that nobody has computed yet.
///
/// # Errors
/// What the database says.
pub async fn touches(tx: &mut Tx, limit: i64) -> Result<Vec<Touch>, DbError> {
    tx.all("SELECT id, kind, record_id, unit_id, day FROM score_touch ORDER BY id LIMIT $1", args![limit]).await
}

/// Takes away exactly these touches: what was written since stays.
///
/// # Errors
/// What the database says.
pub async fn forget_touches(tx: &mut Tx, ids: &[i64]) -> Result<(), DbError> {
    for some in ids.chunks(1_000) {
        let mut query = Sql::new("DELETE FROM score_touch WHERE ");
        query.bind_in("id", some.iter().copied().map(Value::from));
        tx.exec(query.sql(), query.values()).await?;
    }
    Ok(())
}

/// For which day and by what everything that is kept stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The day.
    pub day: Day,
    /// Of schemes, organisation and program.
    pub digest: String,
    /// Counts over goods, JSON.
    pub goods: String,
    /// One more with every pass.
    pub version: i64,
    /// When somebody looked last.
    pub checked_at: Timestamp,
}

impl FromRow for State {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { day: c.next()?, digest: c.next()?, goods: c.next()?, version: c.next()?, checked_at: c.next()? })
    }
}

/// The state; `None` before the first pass.
///
/// # Errors
/// What the database says.
pub async fn state(tx: &mut Tx) -> Result<Option<State>, DbError> {
    tx.one("SELECT day, digest, goods, version, checked_at FROM score_state WHERE id = 1", args![]).await
}

/// Writes the next state; false when another pass has been faster than the one that read `before`.
///
/// # Errors
/// What the database says.
pub async fn next_state(tx: &mut Tx, next: &State, before: Option<i64>) -> Result<bool, DbError> {
    let values = args![next.day, &*next.digest, &*next.goods, next.version, next.checked_at];
    let done = match before {
        None => {
            let sql =
                "INSERT INTO score_state (id, day, digest, goods, version, checked_at) VALUES (1, $1, $2, $3, $4, $5)
                ON CONFLICT (id) DO NOTHING";
            tx.exec(sql, values).await?
        }
        Some(before) => {
            let sql = "UPDATE score_state SET day = $1, digest = $2, goods = $3, version = $4, checked_at = $5
                WHERE id = 1 AND version = $6";
            let values = args![next.day, &*next.digest, &*next.goods, next.version, next.checked_at, before];
            tx.exec(sql, values).await?
        }
    };
    Ok(done == 1)
}

/// Somebody looked, and nothing had changed.
///
/// # Errors
/// What the database says.
pub async fn looked(tx: &mut Tx, at: Timestamp) -> Result<(), DbError> {
    tx.exec("UPDATE score_state SET checked_at = $1 WHERE id = 1 AND checked_at < $1", args![at]).await.map(|_| ())
}

/// A count of one fact at one store on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Which fact.
    pub fact: String,
    /// Where.
    pub store: Id<of::Unit>,
    /// How many conform.
    pub good: i64,
    /// Of how many.
    pub counted: i64,
}

impl FromRow for Cell {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { fact: c.next()?, store: c.next()?, good: c.next()?, counted: c.next()? })
    }
}

/// The cells of one day.
///
/// # Errors
/// What the database says.
pub async fn cells(tx: &mut Tx, day: Day) -> Result<Vec<Cell>, DbError> {
    let sql = "SELECT fact, store_id, good, counted FROM score_fact WHERE day = $1 ORDER BY fact, store_id";
    tx.all(sql, args![day]).await
}

/// Writes the cells of these days in the place of those that stood there, and forgets those before `from`.
///
/// # Errors
/// What the database says.
pub async fn keep_cells(tx: &mut Tx, days: &BTreeMap<Day, Vec<Cell>>, from: Day) -> Result<(), DbError> {
    if days.is_empty() {
        return Ok(());
    }
    tx.exec("DELETE FROM score_fact WHERE day < $1", args![from]).await?;
    let mut rows = Vec::new();
    for (day, cells) in days {
        tx.exec("DELETE FROM score_fact WHERE day = $1", args![*day]).await?;
        rows.extend(cells.iter().map(|cell| values![cell.fact.clone(), cell.store, *day, cell.good, cell.counted]));
    }
    let insert = "INSERT INTO score_fact (fact, store_id, day, good, counted) VALUES ";
    for statement in Sql::of_rows(insert, "(?, ?, ?, ?, ?)", "", rows) {
        tx.exec(statement.sql(), statement.values()).await?;
    }
    Ok(())
}

/// The sums of facts at these stores over these days, by fact and store.
///
/// # Errors
/// What the database says.
pub async fn fact_sums(
    tx: &mut Tx,
    stores: &[Id<of::Unit>],
    days: (Day, Day),
) -> Result<BTreeMap<(String, Id<of::Unit>), (i64, i64)>, DbError> {
    let mut query = Sql::new(
        "SELECT fact, store_id, CAST(SUM(good) AS BIGINT), CAST(SUM(counted) AS BIGINT) FROM score_fact WHERE ",
    );
    query
        .bind_in("fact", BY_DAY.into_iter().map(Value::from))
        .push(" AND ")
        .bind_in("store_id", stores.iter().copied().map(Value::from))
        .bind(" AND day >= ? AND day <= ? GROUP BY fact, store_id", args![days.0, days.1]);
    let rows: Vec<(String, Id<of::Unit>, i64, i64)> = tx.all(query.sql(), query.values()).await?;
    Ok(rows.into_iter().map(|(fact, store, good, counted)| ((fact, store), (good, counted))).collect())
}

/// When these cases were typed in.
///
/// # Errors
/// What the database says.
pub async fn entered_at(tx: &mut Tx, cases: &BTreeSet<i64>) -> Result<Vec<Timestamp>, DbError> {
    of_ids(tx, "SELECT created_at FROM service_case WHERE ", cases).await
}

/// On which days these sales were made.
///
/// # Errors
/// What the database says.
pub async fn sold_on(tx: &mut Tx, sales: &BTreeSet<i64>) -> Result<Vec<Day>, DbError> {
    of_ids(tx, "SELECT sold_on FROM sale WHERE ", sales).await
}

async fn of_ids<T>(tx: &mut Tx, select: &'static str, ids: &BTreeSet<i64>) -> Result<Vec<T>, DbError>
where
    T: FromRow,
{
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = Sql::new(select);
    query.bind_in("id", ids.iter().copied().map(Value::from));
    tx.all(query.sql(), query.values()).await
}

/// What was counted at each store.
///
/// # Errors
/// What the database says.
pub async fn bases(tx: &mut Tx) -> Result<Vec<(Id<of::Unit>, String)>, DbError> {
    tx.all("SELECT store_id, body FROM score_base", args![]).await
}

/// Keeps what was counted at these stores.
///
/// # Errors
/// What the database says.
pub async fn keep_bases(tx: &mut Tx, bases: &[(Id<of::Unit>, String)]) -> Result<(), DbError> {
    let rows = bases.iter().map(|(store, body)| values![*store, body.clone()]).collect();
    let again = " ON CONFLICT (store_id) DO UPDATE SET body = excluded.body";
    for statement in Sql::of_rows("INSERT INTO score_base (store_id, body) VALUES ", "(?, ?)", again, rows) {
        tx.exec(statement.sql(), statement.values()).await?;
    }
    Ok(())
}

/// Marks the id of a scheme that the company loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LoadedId {}

/// A scheme that the company loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Its id.
    pub id: Id<LoadedId>,
    /// Which scheme.
    pub code: String,
    /// Which version of it.
    pub version: String,
    /// Of its text.
    pub digest: String,
    /// By whom.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
}

impl FromRow for Loaded {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { id: c.next()?, code: c.next()?, version: c.next()?, digest: c.next()?, by: c.next()?, at: c.next()? })
    }
}

const LOADED: &str = "SELECT id, code, version, digest, loaded_by, loaded_at FROM score_scheme WHERE ";

/// Inserts a scheme; false when this version of it is there.
///
/// # Errors
/// What the database says.
pub async fn insert_scheme(tx: &mut Tx, one: &Loaded, body: &str) -> Result<bool, DbError> {
    let sql = "INSERT INTO score_scheme (id, code, version, digest, body, loaded_by, loaded_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (code, version) DO NOTHING";
    let values = args![one.id, &*one.code, &*one.version, &*one.digest, body, one.by, one.at];
    Ok(tx.exec(sql, values).await? == 1)
}

/// The loaded scheme `id`.
///
/// # Errors
/// What the database says.
pub async fn loaded(tx: &mut Tx, id: Id<LoadedId>) -> Result<Option<Loaded>, DbError> {
    let mut query = Sql::new(LOADED);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// All loaded schemes, by code, the newest first.
///
/// # Errors
/// What the database says.
pub async fn loaded_schemes(tx: &mut Tx) -> Result<Vec<Loaded>, DbError> {
    let mut query = Sql::new(LOADED);
    query.push("id > 0 ORDER BY code, id DESC LIMIT 200");
    tx.all(query.sql(), query.values()).await
}

/// The text of a loaded scheme.
///
/// # Errors
/// What the database says.
pub async fn scheme_body(tx: &mut Tx, id: Id<LoadedId>) -> Result<Option<String>, DbError> {
    tx.one("SELECT body FROM score_scheme WHERE id = $1", args![id]).await
}

/// Which version of a scheme counts from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Which scheme.
    pub code: String,
    /// The loaded one; `None` = the one that came with the program.
    pub loaded: Option<Id<LoadedId>>,
    /// From this day on.
    pub from_day: Day,
    /// Why.
    pub reason: String,
    /// Who chose it.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
}

impl FromRow for Choice {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            code: c.next()?,
            loaded: c.next()?,
            from_day: c.next()?,
            reason: c.next()?,
            by: c.next()?,
            at: c.next()?,
        })
    }
}

/// Inserts a choice; false when something else was chosen for that day.
///
/// # Errors
/// What the database says.
pub async fn insert_choice(tx: &mut Tx, id: Id<LoadedId>, one: &Choice) -> Result<bool, DbError> {
    let sql = "INSERT INTO score_scheme_choice (id, code, scheme_id, from_day, reason, chosen_by, chosen_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (code, from_day) DO NOTHING";
    let values = args![id, &*one.code, one.loaded, one.from_day, &*one.reason, one.by, one.at];
    Ok(tx.exec(sql, values).await? == 1)
}

/// What was chosen, the newest day first, at most 50.
///
/// # Errors
/// What the database says.
pub async fn choices(tx: &mut Tx) -> Result<Vec<Choice>, DbError> {
    let sql = "SELECT code, scheme_id, from_day, reason, chosen_by, chosen_at FROM score_scheme_choice
        ORDER BY from_day DESC, id DESC LIMIT 50";
    tx.all(sql, args![]).await
}

/// What was chosen by `day`: the code and the loaded scheme with its digest, for each code the newest first.
#[derive(Debug)]
pub struct Chosen {
    /// Which scheme.
    pub code: String,
    /// The loaded one with its digest.
    pub scheme: Option<(Id<LoadedId>, String)>,
}

/// The choices that count by `day`.
///
/// # Errors
/// What the database says.
pub async fn choices_on(tx: &mut Tx, day: Day) -> Result<Vec<Chosen>, DbError> {
    let sql =
        "SELECT c.code, c.scheme_id, s.digest FROM score_scheme_choice c LEFT JOIN score_scheme s ON s.id = c.scheme_id
        WHERE c.from_day <= $1 ORDER BY c.code, c.from_day DESC, c.id DESC";
    let rows: Vec<(String, Option<Id<LoadedId>>, Option<String>)> = tx.all(sql, args![day]).await?;
    Ok(rows.into_iter().map(|(code, id, digest)| Chosen { code, scheme: id.zip(digest) }).collect())
}

/// Marks the id of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProposalId {}

/// A sign of a special deduction in the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// What was seen.
    pub sign: Sign,
    /// Of which kind the record is.
    pub record_kind: String,
    /// Which.
    pub record: i64,
    /// Where.
    pub unit: Id<of::Unit>,
    /// What people call it.
    pub number: String,
    /// What of it: a word.
    pub detail: Option<String>,
    /// When it happened.
    pub at: Timestamp,
}

/// A special deduction that the records suggest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its id.
    pub id: Id<ProposalId>,
    /// The code of a cause.
    pub cause: String,
    /// What was seen.
    pub sign: Sign,
    /// Of which kind the record is.
    pub record_kind: String,
    /// Which.
    pub record: i64,
    /// Where.
    pub unit: Id<of::Unit>,
    /// What people call the record.
    pub number: String,
    /// What of it: a word.
    pub detail: Option<String>,
    /// When it happened.
    pub happened_on: Day,
    /// When it was seen.
    pub seen_at: Timestamp,
    /// What became of it.
    pub fate: Fate,
    /// Who decided.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Option<Timestamp>,
    /// Why.
    pub reason: Option<String>,
}

const PROPOSAL: &str =
    "SELECT id, cause, sign, record_kind, record_id, unit_id, number, detail, happened_on, seen_at, state, decided_by,
    decided_at, reason FROM score_proposal WHERE ";

impl FromRow for Proposal {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            cause: c.next()?,
            sign: c.next()?,
            record_kind: c.next()?,
            record: c.next()?,
            unit: c.next()?,
            number: c.next()?,
            detail: c.next()?,
            happened_on: c.next()?,
            seen_at: c.next()?,
            fate: c.next()?,
            by: c.next()?,
            at: c.next()?,
            reason: c.next()?,
        })
    }
}

/// Inserts a proposal; false when the record has one for this cause.
///
/// # Errors
/// What the database says.
pub async fn insert_proposal(tx: &mut Tx, one: &Proposal) -> Result<bool, DbError> {
    let sql = "INSERT INTO score_proposal (id, cause, sign, record_kind, record_id, unit_id, number, detail, happened_on, seen_at,
        state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open') ON CONFLICT (record_kind, record_id, cause) DO NOTHING";
    let values = args![
        one.id,
        &*one.cause,
        one.sign,
        &*one.record_kind,
        one.record,
        one.unit,
        &*one.number,
        one.detail.clone(),
        one.happened_on,
        one.seen_at
    ];
    Ok(tx.exec(sql, values).await? == 1)
}

/// Whether the record of a sighting has a proposal for its cause.
///
/// # Errors
/// What the database says.
pub async fn proposed(tx: &mut Tx, one: &Sighting) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM score_proposal WHERE record_kind = $1 AND record_id = $2 AND cause = $3";
    let n: Option<i64> = tx.one(sql, args![&*one.record_kind, one.record, one.sign.cause()]).await?;
    Ok(n.is_some_and(|n| n > 0))
}

/// The proposal `id`.
///
/// # Errors
/// What the database says.
pub async fn proposal(tx: &mut Tx, id: Id<ProposalId>) -> Result<Option<Proposal>, DbError> {
    let mut query = Sql::new(PROPOSAL);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// At most `limit` proposals at these units, open or decided, newest first, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn proposals(
    tx: &mut Tx,
    units: &[Id<of::Unit>],
    open: bool,
    after: Option<(Timestamp, i64)>,
    limit: i64,
) -> Result<Vec<Proposal>, DbError> {
    let mut query = Sql::new(PROPOSAL);
    query
        .push(if open { "state = 'open' AND " } else { "state <> 'open' AND " })
        .bind_in("unit_id", units.iter().copied().map(Value::from));
    if let Some((at, id)) = after {
        query.bind(" AND (seen_at, id) < (?, ?)", args![at, id]);
    }
    query.bind(" ORDER BY seen_at DESC, id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// How many proposals at these units wait.
///
/// # Errors
/// What the database says.
pub async fn open_proposals(tx: &mut Tx, units: &[Id<of::Unit>]) -> Result<i64, DbError> {
    let mut query = Sql::new("SELECT COUNT(*) FROM score_proposal WHERE state = 'open' AND ");
    query.bind_in("unit_id", units.iter().copied().map(Value::from));
    Ok(tx.one(query.sql(), query.values()).await?.unwrap_or(0))
}

/// Decides an open proposal; false when it is open no more.
///
/// # Errors
/// What the database says.
pub async fn decide(
    tx: &mut Tx,
    id: Id<ProposalId>,
    by: Option<Id<of::User>>,
    at: Timestamp,
    reason: &str,
    made: Option<Id<SpecialId>>,
) -> Result<bool, DbError> {
    let state = if made.is_some() { Fate::Confirmed } else { Fate::Dismissed };
    let sql = "UPDATE score_proposal SET state = $2, decided_by = $3, decided_at = $4, reason = $5, special_id = $6
        WHERE id = $1 AND state = 'open'";
    Ok(tx.exec(sql, args![id, state, by, at, reason, made]).await? == 1)
}

/// Where a page of proposals ended.
pub fn place_of(at: Timestamp, id: i64) -> String {
    format!("{}_{id}", at.millis())
}

/// Reads what [`place_of`] writes.
pub fn read_place(text: &str) -> Option<(Timestamp, i64)> {
    let (at, id) = text.split_once('_')?;
    Some((Timestamp::from_millis(at.parse().ok()?), id.parse().ok()?))
}

type Sighted = (i64, Id<of::Unit>, String, Timestamp, Option<String>);

fn sighted(sign: Sign, kind: &str, rows: Vec<Sighted>) -> Vec<Sighting> {
    let one = |(record, unit, number, at, detail): Sighted| Sighting {
        sign,
        record_kind: kind.to_owned(),
        record,
        unit,
        number,
        detail,
        at,
    };
    rows.into_iter().map(one).collect()
}

/// Refunds by law of returns opened since `from` whose goods are here for longer than `allowed` milliseconds, unpaid or paid late.
///
/// # Errors
/// What the database says.
pub async fn late_refunds(
    tx: &mut Tx,
    now: Timestamp,
    from: Timestamp,
    allowed: i64,
) -> Result<Vec<Sighting>, DbError> {
    let sql = "SELECT r.id, r.store_id, r.number, g.here_at + $3, NULL FROM product_return r
        JOIN return_payment p ON p.return_id = r.id AND p.part = 'law' AND p.state NOT IN ('declined', 'void')
        JOIN (SELECT o.id, COALESCE(MIN(l.inspected_at), CASE WHEN o.obvious THEN o.opened_at END) AS here_at
              FROM product_return o JOIN return_line l ON l.return_id = o.id
              WHERE o.opened_at >= $2 AND o.way = 'refund' GROUP BY o.id, o.obvious, o.opened_at) g ON g.id = r.id
        WHERE COALESCE(p.paid_at, $1) > g.here_at + $3 ORDER BY r.id LIMIT 500";
    let rows: Vec<Sighted> = tx.all(sql, args![now, from, allowed]).await?;
    Ok(sighted(Sign::LateRefund, "return", rows))
}

/// Complaints about personal data that were registered since `from`.
///
/// # Errors
/// What the database says.
pub async fn leaks(tx: &mut Tx, from: Timestamp) -> Result<Vec<Sighting>, DbError> {
    let sql = "SELECT case_id, store_id, number, registered_at, NULL FROM complaint
        WHERE registered_at >= $1 AND topic = 'privacy' AND state NOT IN ('duplicate', 'withdrawn', 'transferred', 'not_accepted')
        ORDER BY case_id LIMIT 500";
    Ok(sighted(Sign::Leak, "complaint", tx.all(sql, args![from]).await?))
}

/// Complaints registered since `from` of which a promised time was missed; the earliest of each.
///
/// # Errors
/// What the database says.
pub async fn broken_promises(tx: &mut Tx, from: Timestamp) -> Result<Vec<Sighting>, DbError> {
    let sql = "SELECT c.case_id, c.store_id, c.number, k.breached_at, k.stage FROM complaint c
        JOIN clock k ON k.record_kind = 'case' AND k.record_id = c.case_id
        WHERE c.registered_at >= $1 AND k.breached_at IS NOT NULL
        AND k.stage IN ('first_answer', 'plan', 'solution', 'promised_call', 'decision', 'call_back', 'authority')
        ORDER BY c.case_id, k.breached_at LIMIT 1000";
    let mut rows: Vec<Sighted> = tx.all(sql, args![from]).await?;
    rows.dedup_by_key(|row| row.0);
    Ok(sighted(Sign::OwnRule, "complaint", rows))
}

/// The last of one day; `None` when none was kept.
///
/// # Errors
/// What the database says.
pub async fn on_day(tx: &mut Tx, scheme: &str, unit: Id<of::Unit>, day: Day) -> Result<Option<Stored>, DbError> {
    let sql = "SELECT body FROM score_day WHERE scheme = $1 AND unit_id = $2 AND day = $3";
    let row: Option<String> = tx.one(sql, args![scheme, unit, day]).await?;
    Ok(row.and_then(|body| read_body(&body)))
}
