//! Rows of scores; the only SQL of this crate.

use std::collections::BTreeMap;

use db::{DbError, Filter as Sql, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id, Place, Placed, Timestamp, of};
use scoring::Counted;

use crate::domain::{Live, Stored};

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
}

impl Placed for Entry {
    fn place(&self) -> Place {
        Place { store: self.unit, team: None, owner: self.entered_by }
    }
}

const ENTRY: &str =
    "SELECT id, kind, unit_id, person_id, title, note, met, happened_on, valid_until, entered_at, entered_by,
    withdrawn_at, withdrawn_why FROM score_entry WHERE ";

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
        })
    }
}

/// Inserts an entry.
///
/// # Errors
/// What the database says.
pub async fn insert_entry(tx: &mut Tx, one: &Entry) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO score_entry (id, kind, unit_id, person_id, title, note, met, happened_on, valid_until, entered_at, entered_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
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
            one.entered_by
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

/// What was computed last for a unit.
///
/// # Errors
/// What the database says.
pub async fn live(tx: &mut Tx, scheme: &str, unit: Id<of::Unit>) -> Result<Option<Live>, DbError> {
    let sql = "SELECT computed_at, body FROM score_live WHERE scheme = $1 AND unit_id = $2";
    let row = tx.one::<(Timestamp, String)>(sql, args![scheme, unit]).await?;
    Ok(row.and_then(|(at, body)| Some(Live { at, stored: read_body(&body)? })))
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

/// All that was computed last, by unit, as written.
///
/// # Errors
/// What the database says.
pub async fn bodies(tx: &mut Tx, scheme: &str) -> Result<BTreeMap<Id<of::Unit>, String>, DbError> {
    let rows: Vec<(Id<of::Unit>, String)> =
        tx.all("SELECT unit_id, body FROM score_live WHERE scheme = $1", args![scheme]).await?;
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

/// It was computed again, with the same result.
///
/// # Errors
/// What the database says.
pub async fn still(tx: &mut Tx, scheme: &str, at: Timestamp) -> Result<(), DbError> {
    tx.exec("UPDATE score_live SET computed_at = $2 WHERE scheme = $1", args![scheme, at]).await.map(|_| ())
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
