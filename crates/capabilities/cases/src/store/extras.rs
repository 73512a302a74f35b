use db::{DbError, FromRow, Row, Tx, Value, args};
use kernel::{Day, Id, Reach, Timestamp, of};

use super::case::Case;
use super::lines::{CaseRow, SELECT};
use crate::domain::{Cause, Outcome};

/// What only some intakes have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extras {
    /// The kind of goods, as symptoms are sorted.
    pub category: Option<String>,
    /// The sale's receipt.
    pub receipt: Option<String>,
    /// The number of the paper slip on which it was written down first.
    pub slip: Option<String>,
    /// When the customer was promised a call.
    pub promised_call: Option<Timestamp>,
    /// The day on which it was promised to be ready.
    pub promised_ready: Option<Day>,
}

impl Extras {
    /// True when there is nothing to store.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl FromRow for Extras {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            category: c.next()?,
            receipt: c.next()?,
            slip: c.next()?,
            promised_call: c.next()?,
            promised_ready: c.next()?,
        })
    }
}

/// What else was noted when `case` was taken in.
///
/// # Errors
/// What the database says.
pub async fn extras(tx: &mut Tx, case: Id<of::Case>) -> Result<Extras, DbError> {
    let found = tx
        .one(
            "SELECT category, receipt, slip, promised_call, promised_ready FROM case_intake WHERE case_id = $1",
            args![case],
        )
        .await?;
    Ok(found.unwrap_or_default())
}

/// Notes what else is known of cases; pipelined where the engine can.
///
/// # Errors
/// What the database says; `Unique` when the store has the slip already.
pub async fn insert_extras(tx: &mut Tx, rows: &[(&Case, &Extras)]) -> Result<(), DbError> {
    let values: Vec<[Value; 7]> = rows
        .iter()
        .filter(|(_, extras)| !extras.is_empty())
        .map(|(case, extras)| {
            [
                case.id.into(),
                case.store.into(),
                extras.category.clone().into(),
                extras.receipt.clone().into(),
                extras.slip.clone().into(),
                extras.promised_call.into(),
                extras.promised_ready.into(),
            ]
        })
        .collect();
    let insert = "INSERT INTO case_intake (case_id, store_id, category, receipt, slip, promised_call, promised_ready)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let statements: Vec<(&str, &[Value])> = values.iter().map(|row| (insert, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// The case that the paper slip `slip` of `store` became, with its number.
///
/// # Errors
/// What the database says.
pub async fn by_slip(tx: &mut Tx, store: Id<of::Unit>, slip: &str) -> Result<Option<(Id<of::Case>, String)>, DbError> {
    tx.one(
        "SELECT c.id, c.number FROM case_intake i JOIN service_case c ON c.id = i.case_id
         WHERE i.store_id = $1 AND i.slip = $2",
        args![store, slip],
    )
    .await
}

/// Cases about the unit `serial` within `reach` that are live or came after `since`, newest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn of_serial(
    tx: &mut Tx,
    serial: &str,
    since: Timestamp,
    reach: &Reach,
    limit: i64,
) -> Result<Vec<CaseRow>, DbError> {
    let mut find = db::Filter::new(SELECT);
    find.bind(" WHERE serial = ? AND (due_at IS NOT NULL OR happened_at >= ?)", args![serial, since]);
    find.reach(reach, "+store_id", "+team_id", "+owner_id");
    find.bind(" ORDER BY happened_at DESC, id DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// Cases that came to `store` after `since`, newest first, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn recent(
    tx: &mut Tx,
    store: Id<of::Unit>,
    since: Timestamp,
    reach: &Reach,
    limit: i64,
) -> Result<Vec<CaseRow>, DbError> {
    let mut find = db::Filter::new(SELECT);
    find.bind(" WHERE store_id = ? AND happened_at >= ?", args![store, since]);
    find.reach(reach, "+store_id", "+team_id", "+owner_id");
    find.bind(" ORDER BY happened_at DESC, id DESC LIMIT ?", args![limit]);
    tx.all(find.sql(), find.values()).await
}

/// A case that was solved, as an example for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SolvedRow {
    /// Its id.
    pub id: Id<of::Case>,
    /// What people call it.
    pub number: String,
    /// In a few words.
    pub subject: String,
    /// What the customer said.
    pub body: String,
    /// Which product.
    pub product: Option<String>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// What lay behind it.
    pub cause: Option<Cause>,
    /// What was done.
    pub result_note: Option<String>,
    /// How often it was opened again.
    pub reopened: i64,
    /// When it was resolved.
    pub resolved_at: Timestamp,
}

impl FromRow for SolvedRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            number: c.next()?,
            subject: c.next()?,
            body: c.next()?,
            product: c.next()?,
            outcome: c.next()?,
            cause: c.next()?,
            result_note: c.next()?,
            reopened: c.next()?,
            resolved_at: c.next()?,
        })
    }
}

/// Those of `ids` within `reach` that are solved, in no order.
///
/// # Errors
/// What the database says.
pub async fn solved(tx: &mut Tx, ids: &[Id<of::Case>], reach: &Reach) -> Result<Vec<SolvedRow>, DbError> {
    let mut find = db::Filter::new(
        "SELECT id, number, subject, body, product, outcome, cause, result_note, reopened, resolved_at FROM service_case WHERE ",
    );
    find.bind_in("id", ids.iter().copied().map(Value::from));
    find.push(" AND resolved_at IS NOT NULL AND state IN ('resolved', 'closed')");
    find.reach(reach, "+store_id", "+team_id", "+owner_id");
    tx.all(find.sql(), find.values()).await
}
