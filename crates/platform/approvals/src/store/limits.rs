use db::{DbError, FromRow, Row, Tx, Value, args, values};
use kernel::{Id, Money, Timestamp, of};

use crate::domain::{Limit, LimitTable, Rule};

/// A published version of the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its number.
    pub version: i64,
    /// From when on it counts.
    pub effective_from: Timestamp,
    /// Why it was made.
    pub note: String,
    /// By whom; nobody for the one that came with the program.
    pub by: Option<Id<of::User>>,
    /// When.
    pub at: Timestamp,
}

impl FromRow for Published {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { version: c.next()?, effective_from: c.next()?, note: c.next()?, by: c.next()?, at: c.next()? })
    }
}

/// Published versions, newest first, at most 100.
///
/// # Errors
/// What the database says.
pub async fn published(tx: &mut Tx) -> Result<Vec<Published>, DbError> {
    tx.all(
        "SELECT version, effective_from, note, published_by, published_at FROM approval_limits ORDER BY version DESC LIMIT 100",
        &[],
    )
    .await
}

/// The number of the newest version.
///
/// # Errors
/// What the database says.
pub async fn newest_version(tx: &mut Tx) -> Result<i64, DbError> {
    Ok(tx.one("SELECT MAX(version) FROM approval_limits", &[]).await?.unwrap_or_default())
}

/// The limits that count at `at`: the newest version whose day has come.
///
/// # Errors
/// What the database says.
pub async fn in_force(tx: &mut Tx, at: Timestamp) -> Result<LimitTable, DbError> {
    let version: Option<i64> =
        tx.one("SELECT MAX(version) FROM approval_limits WHERE effective_from <= $1", args![at]).await?;
    table(tx, version.unwrap_or(1)).await
}

/// The limits of `version`.
///
/// # Errors
/// What the database says.
pub async fn table(tx: &mut Tx, version: i64) -> Result<LimitTable, DbError> {
    let from: Option<Timestamp> =
        tx.one("SELECT effective_from FROM approval_limits WHERE version = $1", args![version]).await?;
    let limits: Vec<(String, String, Option<Money>)> =
        tx.all("SELECT kind, role_code, limit_fen FROM approval_limit WHERE version = $1", args![version]).await?;
    let rules: Vec<(String, Option<Money>, i64, i64)> = tx
        .all("SELECT kind, two_from_fen, minutes, days FROM approval_rule WHERE version = $1", args![version])
        .await?;
    Ok(LimitTable {
        version,
        effective_from: from.unwrap_or(Timestamp::from_millis(0)),
        limits: limits.into_iter().map(|(kind, role, fen)| ((kind, role), Limit::from_stored(fen))).collect(),
        rules: rules
            .into_iter()
            .map(|(kind, two_from, minutes, days)| (kind, Rule { two_from, minutes, days }))
            .collect(),
    })
}

/// Writes `table` as a version of its own.
///
/// # Errors
/// What the database says; `Unique` when the version exists.
pub async fn publish(
    tx: &mut Tx,
    table: &LimitTable,
    note: &str,
    by: Option<Id<of::User>>,
    at: Timestamp,
) -> Result<(), DbError> {
    let mut rows: Vec<(&str, Vec<Value>)> = vec![(
        "INSERT INTO approval_limits (version, effective_from, note, published_by, published_at) VALUES ($1, $2, $3, $4, $5)",
        values![table.version, table.effective_from, note, by, at],
    )];
    for ((kind, role), limit) in &table.limits {
        rows.push((
            "INSERT INTO approval_limit (version, kind, role_code, limit_fen) VALUES ($1, $2, $3, $4)",
            values![table.version, kind, role, limit.stored()],
        ));
    }
    for (kind, rule) in &table.rules {
        rows.push((
            "INSERT INTO approval_rule (version, kind, two_from_fen, minutes, days) VALUES ($1, $2, $3, $4, $5)",
            values![table.version, kind, rule.two_from, rule.minutes, rule.days],
        ));
    }
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|(sql, values)| (*sql, values.as_slice())).collect();
    let (first, rest) = statements.split_at(1);
    tx.batch(first).await?;
    tx.batch(rest).await
}
