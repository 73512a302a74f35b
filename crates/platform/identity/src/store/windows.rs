//! When accounts from outside are good, and what their holders looked at.

use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Id, IdGen, Timestamp, of};

use crate::window::Window;

impl FromRow for Window {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { opens_at: c.next()?, closes_at: c.next()?, closed_at: c.next()? })
    }
}

/// One page that somebody from outside asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Its id; later ones are larger.
    pub id: i64,
    /// Who.
    pub user: Id<of::User>,
    /// When.
    pub at: Timestamp,
    /// `GET` and the like.
    pub method: String,
    /// What.
    pub path: String,
    /// What was answered, as HTTP says it.
    pub status: i64,
}

impl FromRow for Visit {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            user: c.next()?,
            at: c.next()?,
            method: c.next()?,
            path: c.next()?,
            status: c.next()?,
        })
    }
}

/// Makes the account of `user` one from outside, good in `window`.
///
/// # Errors
/// When the database fails.
pub async fn put(tx: &mut Tx, user: Id<of::User>, window: &Window) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO account_window (user_id, opens_at, closes_at, closed_at, uses) VALUES ($1, $2, $3, $4, 0)",
        args![user, window.opens_at, window.closes_at, window.closed_at],
    )
    .await?;
    Ok(())
}

/// When the account of `user` is good; none for staff.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, user: Id<of::User>) -> Result<Option<Window>, DbError> {
    tx.one("SELECT opens_at, closes_at, closed_at FROM account_window WHERE user_id = $1", args![user]).await
}

/// Holds the account of `user` until the end of the transaction; false when it is no good at `now`. Whoever closes it comes before
/// or after, never between.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &mut Tx, user: Id<of::User>, now: Timestamp) -> Result<bool, DbError> {
    let held = tx
        .exec(
            "UPDATE account_window SET uses = uses + 1
             WHERE user_id = $1 AND closed_at IS NULL AND opens_at <= $2 AND closes_at > $3",
            args![user, now, now],
        )
        .await?;
    Ok(held == 1)
}

/// Closes the account of `user` at `now`; false when it was closed or over already. Sessions stand, so that whoever holds one reads
/// why.
///
/// # Errors
/// When the database fails.
pub async fn close(tx: &mut Tx, user: Id<of::User>, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE account_window SET closed_at = $1 WHERE user_id = $2 AND closed_at IS NULL AND closes_at > $3";
    Ok(tx.exec(sql, args![now, user, now]).await? == 1)
}

pub(crate) async fn note(tx: &mut Tx, ids: &IdGen, visit: &Visit) -> Result<(), DbError> {
    let id = ids.next::<()>().get();
    tx.exec(
        "INSERT INTO account_visit (id, user_id, at, method, path, status) VALUES ($1, $2, $3, $4, $5, $6)",
        args![id, visit.user, visit.at, visit.method.as_str(), visit.path.as_str(), visit.status],
    )
    .await?;
    Ok(())
}

/// At most `limit` pages that `user` asked for, the last one first, from before the one with the id `before`.
///
/// # Errors
/// When the database fails.
pub async fn visits(tx: &mut Tx, user: Id<of::User>, before: Option<i64>, limit: i64) -> Result<Vec<Visit>, DbError> {
    tx.all(
        "SELECT id, user_id, at, method, path, status FROM account_visit WHERE user_id = $1 AND id < $2
         ORDER BY id DESC LIMIT $3",
        args![user, before.unwrap_or(i64::MAX), limit],
    )
    .await
}
