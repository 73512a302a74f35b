use db::{DbError, FromRow, Row, Tx, args};
use kernel::IdGen;

use crate::domain::{Deadline, Limit, LimitRow, Policy, PolicyRow};

struct Stored(PolicyRow);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self(PolicyRow {
            kind: c.next()?,
            priority: c.next()?,
            stage: c.next()?,
            deadline: Deadline { unit: c.next()?, amount: c.next()?, warn_share: c.next()?, version: c.next()? },
            effective_from: c.next()?,
            withdrawn: c.next()?,
        }))
    }
}

/// The deadline policy and the limits of the flow with all their versions.
///
/// # Errors
/// What the database says.
pub async fn policy(tx: &mut Tx) -> Result<Policy, DbError> {
    let version: Option<(i64,)> = tx.one("SELECT version FROM policy_version WHERE only_row = 1", args![]).await?;
    let rows: Vec<Stored> = tx
        .all(
            "SELECT kind, priority, stage, unit, amount, warn_share, version, effective_from, withdrawn
             FROM deadline_policy ORDER BY id",
            args![],
        )
        .await?;
    let limits: Vec<(String, i64, kernel::Timestamp, i64)> =
        tx.all("SELECT name, amount, effective_from, version FROM flow_limit ORDER BY id", args![]).await?;
    let limits = limits.into_iter().filter_map(|(name, amount, effective_from, version)| {
        Some(LimitRow { limit: Limit::parse(&name)?, amount, effective_from, version })
    });
    let policy = Policy::new(rows.into_iter().map(|Stored(row)| row).collect());
    Ok(policy.with_limits(limits.collect()).at_version(version.map_or(0, |(version,)| version)))
}

/// Makes the policy that was read at `version` the next one; `false` when somebody else has changed it meanwhile.
///
/// # Errors
/// What the database says.
pub async fn next_policy_version(tx: &mut Tx, version: i64) -> Result<bool, DbError> {
    let sql = "UPDATE policy_version SET version = version + 1 WHERE only_row = 1 AND version = $1";
    Ok(tx.exec(sql, args![version]).await? == 1)
}

/// Adds a row; rows are never changed.
///
/// # Errors
/// What the database says.
pub async fn insert_policy_row(tx: &mut Tx, ids: &IdGen, row: &PolicyRow) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO deadline_policy (id, kind, priority, stage, unit, amount, warn_share, version, effective_from, withdrawn)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            ids.next::<PolicyRow>(),
            row.kind.map(|kind| kind.as_str()),
            row.priority.map(|priority| priority.as_str()),
            row.stage.as_str(),
            row.deadline.unit.as_str(),
            row.deadline.amount,
            row.deadline.warn_share,
            row.deadline.version,
            row.effective_from,
            row.withdrawn
        ],
    )
    .await?;
    Ok(())
}

/// Adds a row of a limit; rows are never changed.
///
/// # Errors
/// What the database says.
pub async fn insert_limit_row(tx: &mut Tx, ids: &IdGen, row: &LimitRow) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO flow_limit (id, name, amount, effective_from, version) VALUES ($1, $2, $3, $4, $5)",
        args![ids.next::<LimitRow>(), row.limit.as_str(), row.amount, row.effective_from, row.version],
    )
    .await?;
    Ok(())
}
