use db::{DbError, FromRow, Row, Tx, Value, args};
use kernel::{Id, IdGen, Money, Timestamp};

use super::rows::ClaimId;
use crate::domain::Account;

/// A posted line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// What happened.
    pub what: String,
    /// When.
    pub at: Timestamp,
    /// Which account.
    pub account: Account,
    /// How much; debits are positive.
    pub amount: Money,
}

impl FromRow for Posted {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { what: c.next()?, at: c.next()?, account: c.next()?, amount: c.next()? })
    }
}

/// Posts `lines`, which add up to nothing, under `key`, once; false when it was posted before.
///
/// # Errors
/// What the database says.
pub async fn post(
    tx: &mut Tx,
    ids: &IdGen,
    claim: Id<ClaimId>,
    (key, what): (String, &'static str),
    lines: &[(Account, Money)],
    at: Timestamp,
) -> Result<bool, DbError> {
    let id: Id<Posted> = ids.next();
    let made = tx
        .exec(
            "INSERT INTO claim_entry (id, entry_key, claim_id, what, posted_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (entry_key) DO NOTHING",
            args![id, key, claim, what, at],
        )
        .await?;
    if made == 0 {
        return Ok(false);
    }
    const LINE: &str = "INSERT INTO claim_posting (entry_id, position, account, amount_fen) VALUES ($1, $2, $3, $4)";
    let rows: Vec<Vec<Value>> = lines
        .iter()
        .zip(1_i64..)
        .map(|((account, amount), n)| vec![id.into(), n.into(), (*account).into(), (*amount).into()])
        .collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (LINE, row.as_slice())).collect();
    tx.batch(&statements).await?;
    Ok(true)
}

/// What was booked for a claim, in order.
///
/// # Errors
/// What the database says.
pub async fn entries_of(tx: &mut Tx, id: Id<ClaimId>) -> Result<Vec<Posted>, DbError> {
    tx.all(
        "SELECT e.what, e.posted_at, l.account, l.amount_fen FROM claim_entry e JOIN claim_posting l ON l.entry_id = e.id
         WHERE e.claim_id = $1 ORDER BY e.id, l.position",
        args![id],
    )
    .await
}

/// What stands on an account for a claim.
///
/// # Errors
/// What the database says.
pub async fn balance_of(tx: &mut Tx, id: Id<ClaimId>, account: Account) -> Result<Money, DbError> {
    let found: Option<(Money,)> = tx
        .one(
            "SELECT CAST(COALESCE(SUM(l.amount_fen), 0) AS BIGINT) FROM claim_entry e JOIN claim_posting l ON l.entry_id = e.id
             WHERE e.claim_id = $1 AND l.account = $2",
            args![id, account],
        )
        .await?;
    Ok(found.map_or(Money::ZERO, |(sum,)| sum))
}

/// Entries that do not balance; there are none.
///
/// # Errors
/// What the database says.
pub async fn unbalanced(tx: &mut Tx) -> Result<i64, DbError> {
    let found: Option<(i64,)> = tx
        .one(
            "SELECT COUNT(*) FROM (SELECT entry_id FROM claim_posting GROUP BY entry_id HAVING SUM(amount_fen) <> 0) AS off",
            &[],
        )
        .await?;
    Ok(found.map_or(0, |(n,)| n))
}
