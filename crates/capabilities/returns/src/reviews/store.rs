//! Rows of reviews, decisions and alarms; the only SQL of this module.

use db::{DbError, Filter as Sql, FromRow, Row, Tx, args};
use kernel::{Day, Id, Timestamp, of};
use serde::{Deserialize, Serialize};

use super::domain::{Counted, Pack, Period};

db::stored_words!(Period);

/// Marks the id of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ReviewId {}

/// A review (例会).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Its id.
    pub id: Id<ReviewId>,
    /// How often.
    pub period: Period,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// When its figures were frozen.
    pub made_at: Timestamp,
    /// What it holds.
    pub pack: Pack,
    /// Who signed it.
    pub signed_by: Option<Id<of::User>>,
    /// When.
    pub signed_at: Option<Timestamp>,
    /// What was said.
    pub note: Option<String>,
    /// Counts its changes.
    pub version: i64,
}

impl FromRow for Review {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        let (id, period, from, to, made_at) = (c.next()?, c.next()?, c.next()?, c.next()?, c.next()?);
        let pack: String = c.next()?;
        Ok(Self {
            id,
            period,
            from,
            to,
            made_at,
            pack: serde_json::from_str(&pack).unwrap_or_default(),
            signed_by: c.next()?,
            signed_at: c.next()?,
            note: c.next()?,
            version: c.next()?,
        })
    }
}

const SELECT: &str =
    "SELECT id, period, from_on, to_on, made_at, pack, signed_by, signed_at, note, version FROM return_review WHERE ";

/// At most `limit` reviews, newest first, from behind `after`.
///
/// # Errors
/// What the database says.
pub async fn list(tx: &mut Tx, after: Option<i64>, limit: i64) -> Result<Vec<Review>, DbError> {
    let mut query = Sql::new(SELECT);
    query.push("1 = 1");
    if let Some(after) = after {
        query.bind(" AND id < ?", args![after]);
    }
    query.bind(" ORDER BY id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// The review `id`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, id: Id<ReviewId>) -> Result<Option<Review>, DbError> {
    let mut query = Sql::new(SELECT);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// Keeps a review; false when there is one of these days.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, one: &Review, pack: String) -> Result<bool, DbError> {
    let made = tx
        .exec(
            "INSERT INTO return_review (id, period, from_on, to_on, made_at, pack, version) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (period, from_on) DO NOTHING",
            args![one.id, one.period, one.from, one.to, one.made_at, pack, one.version],
        )
        .await?;
    Ok(made == 1)
}

/// Whether there is a review of these days.
///
/// # Errors
/// What the database says.
pub async fn made(tx: &mut Tx, period: Period, from: Day) -> Result<bool, DbError> {
    let found: Option<(i64,)> =
        tx.one("SELECT id FROM return_review WHERE period = $1 AND from_on = $2", args![period, from]).await?;
    Ok(found.is_some())
}

/// Signs a review as of `version`; false when somebody was faster.
///
/// # Errors
/// What the database says.
pub async fn sign(tx: &mut Tx, one: &Review) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE return_review SET signed_by = $3, signed_at = $4, note = $5, version = version + 1
             WHERE id = $1 AND version = $2 AND signed_at IS NULL",
            args![one.id, one.version, one.signed_by, one.signed_at, one.note.clone()],
        )
        .await?;
    Ok(changed == 1)
}

/// Marks the id of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DecisionId {}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its id.
    pub id: Id<DecisionId>,
    /// In which review.
    pub of: Id<ReviewId>,
    /// What.
    pub body: String,
    /// Who does it.
    pub owner: Id<of::User>,
    /// By when.
    pub due: Day,
    /// When it was done.
    pub done_on: Option<Day>,
    /// What came of it.
    pub done_note: Option<String>,
}

impl FromRow for Decision {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            of: c.next()?,
            body: c.next()?,
            owner: c.next()?,
            due: c.next()?,
            done_on: c.next()?,
            done_note: c.next()?,
        })
    }
}

const DECISIONS: &str = "SELECT id, review_id, body, owner_id, due_on, done_on, done_note FROM return_decision WHERE ";

/// The decisions of a review, in order.
///
/// # Errors
/// What the database says.
pub async fn decisions(tx: &mut Tx, id: Id<ReviewId>) -> Result<Vec<Decision>, DbError> {
    let mut query = Sql::new(DECISIONS);
    query.bind("review_id = ? ORDER BY seq", args![id]);
    tx.all(query.sql(), query.values()).await
}

/// Decisions that are still open, the most urgent first.
///
/// # Errors
/// What the database says.
pub async fn open_decisions(tx: &mut Tx, limit: i64) -> Result<Vec<Decision>, DbError> {
    let mut query = Sql::new(DECISIONS);
    query.bind("done_on IS NULL ORDER BY due_on, id LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// The decision `id`.
///
/// # Errors
/// What the database says.
pub async fn decision(tx: &mut Tx, id: Id<DecisionId>) -> Result<Option<Decision>, DbError> {
    let mut query = Sql::new(DECISIONS);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// Keeps a decision.
///
/// # Errors
/// What the database says.
pub async fn decide(tx: &mut Tx, one: &Decision) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO return_decision (id, review_id, seq, body, owner_id, due_on)
         SELECT $1, $2, COALESCE(MAX(seq), 0) + 1, $3, $4, $5 FROM return_decision WHERE review_id = $2",
        args![one.id, one.of, one.body.clone(), one.owner, one.due],
    )
    .await
    .map(|_| ())
}

/// A decision is carried out; false when it was already.
///
/// # Errors
/// What the database says.
pub async fn done(
    tx: &mut Tx,
    id: Id<DecisionId>,
    day: Day,
    by: Option<Id<of::User>>,
    note: &str,
) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE return_decision SET done_on = $2, done_by = $3, done_note = $4 WHERE id = $1 AND done_on IS NULL",
            args![id, day, by, note],
        )
        .await?;
    Ok(changed == 1)
}

/// The facts by which lines of returns were judged that were opened from `from` on and before `before`.
///
/// # Errors
/// What the database says.
pub async fn facts(tx: &mut Tx, from: Timestamp, before: Timestamp, limit: i64) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = tx
        .all(
            "SELECT l.facts FROM product_return p JOIN return_line l ON l.return_id = p.id
             WHERE p.opened_at >= $1 AND p.opened_at < $2 ORDER BY p.id DESC LIMIT $3",
            args![from, before, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|(facts,)| facts).collect())
}

/// Returns that are open.
///
/// # Errors
/// What the database says.
pub async fn open(tx: &mut Tx) -> Result<i64, DbError> {
    let found: Option<(i64,)> = tx.one("SELECT COUNT(*) FROM product_return WHERE state = 'open'", &[]).await?;
    Ok(found.map_or(0, |(n,)| n))
}

/// A product whose return rate has jumped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Its code.
    pub product: String,
    /// When it was seen.
    pub day: Day,
    /// What was counted.
    pub counted: Counted,
}

impl FromRow for Alarm {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            product: c.next()?,
            day: c.next()?,
            counted: Counted {
                returned: c.next()?,
                sold: c.next()?,
                before_returned: c.next()?,
                before_sold: c.next()?,
            },
        })
    }
}

/// Raises an alarm; false when there is one of this product in this month.
///
/// # Errors
/// What the database says.
pub async fn raise(tx: &mut Tx, alarm: &Alarm, month: &str) -> Result<bool, DbError> {
    let counted = alarm.counted;
    let made = tx
        .exec(
            "INSERT INTO return_alarm (product, month, raised_on, returned, sold, before_returned, before_sold)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (product, month) DO NOTHING",
            args![
                alarm.product.clone(),
                month,
                alarm.day,
                counted.returned,
                counted.sold,
                counted.before_returned,
                counted.before_sold
            ],
        )
        .await?;
    Ok(made == 1)
}

/// The alarms since `from`, newest first.
///
/// # Errors
/// What the database says.
pub async fn alarms(tx: &mut Tx, from: Day, limit: i64) -> Result<Vec<Alarm>, DbError> {
    tx.all(
        "SELECT product, raised_on, returned, sold, before_returned, before_sold FROM return_alarm WHERE raised_on >= $1
         ORDER BY raised_on DESC, product LIMIT $2",
        args![from, limit],
    )
    .await
}
