use db::{DbError, Filter as Sql, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id, Money, Timestamp, of};
use parties::domain::SoldBy;
use parties::store::TermsId;
use serde::{Deserialize, Serialize};

use super::rows::ReturnId;
use crate::domain::Way;
use crate::domain::replay::{ReplayState, Tried};

db::stored_words!(ReplayState, Tried);

/// Marks the id of a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ReplayId {}

/// A draft that is tried on past returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// Its id.
    pub id: Id<ReplayId>,
    /// What is tried.
    pub what: Tried,
    /// The terms that the draft would follow.
    pub terms: Option<Id<TermsId>>,
    /// The version that it was written over.
    pub base: Option<i64>,
    /// What people call it.
    pub name: String,
    /// The terms as typed, as JSON.
    pub draft: String,
    /// The own limit that is tried.
    pub limit: Option<Money>,
    /// Returns judged from this day on.
    pub from: Day,
    /// To this day.
    pub to: Day,
    /// How far it is.
    pub state: ReplayState,
    /// Lines looked at.
    pub looked: i64,
    /// Of so many.
    pub total: i64,
    /// What it came to, as JSON.
    pub outcome: Option<String>,
    /// Who asked.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// Counts its changes.
    pub version: i64,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, what, terms_id, base_version, name, draft, limit_fen, from_day, to_day, state, looked, total, outcome, asked_by,
            asked_at, done_at, version FROM policy_replay ",
            $rest
        )
    };
}

impl FromRow for Replay {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            what: c.next()?,
            terms: c.next()?,
            base: c.next()?,
            name: c.next()?,
            draft: c.next()?,
            limit: c.next()?,
            from: c.next()?,
            to: c.next()?,
            state: c.next()?,
            looked: c.next()?,
            total: c.next()?,
            outcome: c.next()?,
            by: c.next()?,
            at: c.next()?,
            done_at: c.next()?,
            version: c.next()?,
        })
    }
}

/// Inserts a replay.
///
/// # Errors
/// What the database says.
pub async fn insert_replay(tx: &mut Tx, one: &Replay) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO policy_replay (id, what, terms_id, base_version, name, draft, limit_fen, from_day, to_day, state, looked, total,
            asked_by, asked_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            one.id,
            one.what,
            one.terms,
            one.base,
            &*one.name,
            &*one.draft,
            one.limit,
            one.from,
            one.to,
            one.state,
            one.looked,
            one.total,
            one.by,
            one.at,
            one.version
        ],
    )
    .await
    .map(|_| ())
}

/// The replay `id`.
///
/// # Errors
/// What the database says.
pub async fn get_replay(tx: &mut Tx, id: Id<ReplayId>) -> Result<Option<Replay>, DbError> {
    tx.one(select!("WHERE id = $1"), args![id]).await
}

/// Replays, newest first, behind `after`, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn list_replays(tx: &mut Tx, after: Option<i64>, limit: i64) -> Result<Vec<Replay>, DbError> {
    tx.all(select!("WHERE id < $1 ORDER BY id DESC LIMIT $2"), args![after.unwrap_or(i64::MAX), limit]).await
}

/// Saves how far it is; false when its version is no longer the present one.
///
/// # Errors
/// What the database says.
pub async fn save_replay(tx: &mut Tx, one: &Replay) -> Result<bool, DbError> {
    let changed = tx
        .exec(
            "UPDATE policy_replay SET state = $3, looked = $4, total = $5, outcome = $6, done_at = $7, version = version + 1
             WHERE id = $1 AND version = $2",
            args![one.id, one.version, one.state, one.looked, one.total, one.outcome.clone(), one.done_at],
        )
        .await?;
    Ok(changed == 1)
}

/// A return that would have gone otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Which.
    pub of: Id<ReturnId>,
    /// Its number.
    pub number: String,
    /// What came back.
    pub goods: String,
    /// What was given, in fen.
    pub was_fen: i64,
    /// What would be, in fen.
    pub would_fen: i64,
    /// The last day then.
    pub was_day: Option<Day>,
    /// The last day by the draft.
    pub would_day: Option<Day>,
}

impl FromRow for Difference {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            of: c.next()?,
            number: c.next()?,
            goods: c.next::<Option<String>>()?.unwrap_or_default(),
            was_fen: c.next()?,
            would_fen: c.next()?,
            was_day: c.next()?,
            would_day: c.next()?,
        })
    }
}

/// Replaces the differences of a replay.
///
/// # Errors
/// What the database says.
pub async fn save_differences(tx: &mut Tx, id: Id<ReplayId>, all: &[Difference]) -> Result<(), DbError> {
    const INSERT: &str =
        "INSERT INTO replay_difference (replay_id, position, return_id, was_fen, would_fen, was_day, would_day)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    tx.exec("DELETE FROM replay_difference WHERE replay_id = $1", args![id]).await?;
    let rows: Vec<Vec<Value>> = (1_i64..)
        .zip(all)
        .map(|(n, one)| {
            vec![
                id.into(),
                n.into(),
                one.of.into(),
                one.was_fen.into(),
                one.would_fen.into(),
                one.was_day.into(),
                one.would_day.into(),
            ]
        })
        .collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (INSERT, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// The differences of a replay behind `after`, at most `limit`, with their positions.
///
/// # Errors
/// What the database says.
pub async fn differences(tx: &mut Tx, id: Id<ReplayId>, after: i64, limit: i64) -> Result<Vec<Difference>, DbError> {
    tx.all(
        "SELECT d.return_id, p.number, (SELECT l.name FROM return_line l WHERE l.return_id = p.id AND l.seq = 1), d.was_fen, d.would_fen,
            d.was_day, d.would_day
         FROM replay_difference d JOIN product_return p ON p.id = d.return_id
         WHERE d.replay_id = $1 AND d.position > $2 ORDER BY d.position LIMIT $3",
        args![id, after, limit],
    )
    .await
}

/// How many returns were judged from `from` to `to`.
///
/// # Errors
/// What the database says.
pub async fn judged_between(tx: &mut Tx, from: Day, to: Day) -> Result<i64, DbError> {
    let row: Option<(i64,)> = tx
        .one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM product_return WHERE judged_on >= $1 AND judged_on <= $2",
            args![from, to],
        )
        .await?;
    Ok(row.map_or(0, |(n,)| n))
}

/// A line of a past return with what it was judged by.
#[derive(Debug, Clone)]
pub struct PastLine {
    /// The day as of which it was judged.
    pub judged_on: Day,
    /// The return.
    pub of: Id<ReturnId>,
    /// Its line.
    pub seq: i64,
    /// What the customer chose.
    pub way: Way,
    /// Whose it was.
    pub customer: Option<Id<of::Customer>>,
    /// What was paid for one.
    pub price: Money,
    /// How many.
    pub quantity: i64,
    /// The facts, as JSON.
    pub facts: String,
    /// The terms, as JSON.
    pub terms: String,
    /// The product.
    pub product: Id<of::Product>,
    /// Its brand.
    pub brand: String,
    /// Its group.
    pub goods: String,
    /// Where it was sold.
    pub store: Id<of::Unit>,
    /// How.
    pub channel: Option<SoldBy>,
}

impl FromRow for PastLine {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            judged_on: c.next()?,
            of: c.next()?,
            seq: c.next()?,
            way: c.next()?,
            customer: c.next()?,
            price: c.next()?,
            quantity: c.next()?,
            facts: c.next()?,
            terms: c.next::<Option<String>>()?.unwrap_or_default(),
            product: c.next()?,
            brand: c.next()?,
            goods: c.next()?,
            store: c.next()?,
            channel: SoldBy::parse(&c.next::<String>()?),
        })
    }
}

/// Where a reading of past lines goes on.
pub type Behind = (Day, Id<ReturnId>, i64);

/// Lines of returns judged up to `to`, oldest first, behind `after`, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn past_lines(tx: &mut Tx, after: Behind, to: Day, limit: i64) -> Result<Vec<PastLine>, DbError> {
    let mut find = Sql::new(
        "SELECT p.judged_on, p.id, l.seq, p.way, p.customer_id, l.price_fen, l.quantity, l.facts, l.terms, l.product_id, g.brand,
            g.category, s.store_id, s.channel
         FROM product_return p JOIN return_line l ON l.return_id = p.id JOIN product g ON g.id = l.product_id
         JOIN sale s ON s.id = p.sale_id",
    );
    find.bind(
        " WHERE p.judged_on >= ? AND p.judged_on <= ? AND (p.judged_on, p.id, l.seq) > (?, ?, ?)
          ORDER BY p.judged_on, p.id, l.seq LIMIT ?",
        args![after.0, to, after.0, after.1, after.2, limit],
    );
    tx.all(find.sql(), find.values()).await
}

/// What was given beyond the law on a past return.
#[derive(Debug, Clone)]
pub struct PastExtra {
    /// The day as of which it was judged.
    pub judged_on: Day,
    /// The return.
    pub of: Id<ReturnId>,
    /// Whose it was.
    pub customer: Option<Id<of::Customer>>,
    /// How much.
    pub amount: Money,
    /// Somebody was asked.
    pub asked: bool,
}

impl FromRow for PastExtra {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { judged_on: c.next()?, of: c.next()?, customer: c.next()?, amount: c.next()?, asked: c.next()? })
    }
}

/// What was given beyond the law on returns judged up to `to`, oldest first, behind `after`, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn past_extras(tx: &mut Tx, after: Behind, to: Day, limit: i64) -> Result<Vec<PastExtra>, DbError> {
    let mut find = Sql::new(
        "SELECT p.judged_on, p.id, p.customer_id, m.amount_fen, m.approval_id IS NOT NULL
         FROM product_return p JOIN return_payment m ON m.return_id = p.id AND m.part IN ('extra', 'grant')",
    );
    find.bind(
        " WHERE p.judged_on >= ? AND p.judged_on <= ? AND (p.judged_on, p.id) > (?, ?) ORDER BY p.judged_on, p.id LIMIT ?",
        args![after.0, to, after.0, after.1, limit],
    );
    tx.all(find.sql(), find.values()).await
}
