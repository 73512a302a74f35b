//! Rows of self-assessments; with `certificates::store` the only SQL of this crate.

use db::{DbError, Filter as Sql, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id, Place, Placed, Timestamp, of};

/// Marks the id of a self-assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AssessmentId {}

/// A self-assessment as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Its id.
    pub id: Id<AssessmentId>,
    /// Code of the scheme.
    pub scheme: String,
    /// Its version.
    pub version: String,
    /// Of which unit.
    pub unit: Id<of::Unit>,
    /// Of which day.
    pub day: Day,
    /// What it is for.
    pub title: String,
    /// More.
    pub note: Option<String>,
    /// Tenths of a hundred, taken strictly.
    pub low: Option<i64>,
    /// In proportion.
    pub high: Option<i64>,
    /// Code of the level at the low end.
    pub level_low: Option<String>,
    /// At the high end.
    pub level_high: Option<String>,
    /// Some points are allocated.
    pub estimate: bool,
    /// Who made it.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
    /// By whom.
    pub withdrawn_by: Option<Id<of::User>>,
    /// Why.
    pub withdrawn_why: Option<String>,
}

impl Placed for Assessment {
    fn place(&self) -> Place {
        Place { store: self.unit, team: None, owner: self.by }
    }
}

const ROW: &str =
    "SELECT id, scheme, scheme_version, unit_id, day, title, note, low, high, level_low, level_high, estimate,
    made_by, made_at, withdrawn_at, withdrawn_by, withdrawn_why FROM assessment WHERE ";

impl FromRow for Assessment {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            scheme: c.next()?,
            version: c.next()?,
            unit: c.next()?,
            day: c.next()?,
            title: c.next()?,
            note: c.next()?,
            low: c.next()?,
            high: c.next()?,
            level_low: c.next()?,
            level_high: c.next()?,
            estimate: c.next()?,
            by: c.next()?,
            at: c.next()?,
            withdrawn_at: c.next()?,
            withdrawn_by: c.next()?,
            withdrawn_why: c.next()?,
        })
    }
}

/// Inserts `one` with what was signed and its proof; false when the same was made before.
///
/// # Errors
/// What the database says.
pub async fn insert(tx: &mut Tx, one: &Assessment, body: &str, proof: &str) -> Result<bool, DbError> {
    let sql = "INSERT INTO assessment (id, scheme, scheme_version, unit_id, day, title, note, low, high, level_low, level_high,
        estimate, made_by, made_at, body, proof) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT (scheme, unit_id, day, title) WHERE withdrawn_at IS NULL DO NOTHING";
    let values = args![
        one.id,
        &*one.scheme,
        &*one.version,
        one.unit,
        one.day,
        &*one.title,
        one.note.clone(),
        one.low,
        one.high,
        one.level_low.clone(),
        one.level_high.clone(),
        one.estimate,
        one.by,
        one.at,
        body,
        proof
    ];
    Ok(tx.exec(sql, values).await? == 1)
}

/// The self-assessment `id`.
///
/// # Errors
/// What the database says.
pub async fn get(tx: &mut Tx, id: Id<AssessmentId>) -> Result<Option<Assessment>, DbError> {
    let mut query = Sql::new(ROW);
    query.bind("id = ?", args![id]);
    tx.one(query.sql(), query.values()).await
}

/// What was signed, and its proof.
///
/// # Errors
/// What the database says.
pub async fn signed(tx: &mut Tx, id: Id<AssessmentId>) -> Result<Option<(String, String)>, DbError> {
    tx.one("SELECT body, proof FROM assessment WHERE id = $1", args![id]).await
}

/// Withdraws it; false when it was already.
///
/// # Errors
/// What the database says.
pub async fn withdraw(
    tx: &mut Tx,
    id: Id<AssessmentId>,
    by: Option<Id<of::User>>,
    at: Timestamp,
    why: &str,
) -> Result<bool, DbError> {
    let sql = "UPDATE assessment SET withdrawn_at = $2, withdrawn_by = $3, withdrawn_why = $4
        WHERE id = $1 AND withdrawn_at IS NULL";
    Ok(tx.exec(sql, args![id, at, by, why]).await? == 1)
}

/// At most `limit`, newest day first, from behind `after`; of `units` only, where they are given.
///
/// # Errors
/// What the database says.
pub async fn list(
    tx: &mut Tx,
    units: Option<&[Id<of::Unit>]>,
    after: Option<(Day, Id<AssessmentId>)>,
    limit: i64,
) -> Result<Vec<Assessment>, DbError> {
    let mut query = Sql::new(ROW);
    match units {
        None => query.push("1 = 1"),
        Some(units) => query.bind_in("unit_id", units.iter().copied().map(Value::from)),
    };
    if let Some((day, id)) = after {
        query.bind(" AND (day, id) < (?, ?)", args![day, id]);
    }
    query.bind(" ORDER BY day DESC, id DESC LIMIT ?", args![limit]);
    tx.all(query.sql(), query.values()).await
}

/// Where the next page of a list begins.
pub fn cursor_of(one: &Assessment) -> String {
    format!("{}_{}", one.day, one.id)
}

/// Reads what [`cursor_of`] writes.
pub fn read_cursor(text: &str) -> Option<(Day, Id<AssessmentId>)> {
    let (day, id) = text.split_once('_')?;
    Some((day.parse().ok()?, id.parse().ok()?))
}
