use db::{DbError, FromRow, Row, Tx, args};

use crate::domain::{Deadline, Policy, PolicyRow};

struct Stored(PolicyRow);

impl FromRow for Stored {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self(PolicyRow {
            kind: c.next()?,
            priority: c.next()?,
            stage: c.next()?,
            deadline: Deadline { unit: c.next()?, amount: c.next()?, version: c.next()? },
            effective_from: c.next()?,
        }))
    }
}

/// The deadline policy with all its versions.
///
/// # Errors
/// What the database says.
pub async fn policy(tx: &mut Tx) -> Result<Policy, DbError> {
    let rows: Vec<Stored> = tx
        .all(
            "SELECT kind, priority, stage, unit, amount, version, effective_from FROM deadline_policy ORDER BY id",
            args![],
        )
        .await?;
    Ok(Policy::new(rows.into_iter().map(|Stored(row)| row).collect()))
}
