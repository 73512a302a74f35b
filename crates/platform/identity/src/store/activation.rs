//! Codes with which people set a first or a new password themselves. Only their digests are stored.

use db::{DbError, Tx, args};
use kernel::{Id, Timestamp, of};

/// Keeps the digest of a new code for `user`; an earlier one is good for nothing any more.
///
/// # Errors
/// When the database fails.
pub async fn put(
    tx: &mut Tx,
    user: Id<of::User>,
    code_hash: &str,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO activation_code (user_id, code_hash, expires_at, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id) DO UPDATE SET code_hash = excluded.code_hash, expires_at = excluded.expires_at,
             created_at = excluded.created_at",
        args![user, code_hash, expires_at, now],
    )
    .await?;
    Ok(())
}

/// True when `code_hash` is the digest of the code that `user` may use now.
///
/// # Errors
/// When the database fails.
pub async fn holds(tx: &mut Tx, user: Id<of::User>, code_hash: &str, now: Timestamp) -> Result<bool, DbError> {
    let found: Option<(i64,)> = tx
        .one(
            "SELECT user_id FROM activation_code WHERE user_id = $1 AND code_hash = $2 AND expires_at > $3",
            args![user, code_hash, now],
        )
        .await?;
    Ok(found.is_some())
}

/// Until when the code of `user` is good; none without one.
///
/// # Errors
/// When the database fails.
pub async fn until(tx: &mut Tx, user: Id<of::User>, now: Timestamp) -> Result<Option<Timestamp>, DbError> {
    let found: Option<(Timestamp,)> = tx
        .one("SELECT expires_at FROM activation_code WHERE user_id = $1 AND expires_at > $2", args![user, now])
        .await?;
    Ok(found.map(|(until,)| until))
}

/// Ends the code of `user`.
///
/// # Errors
/// When the database fails.
pub async fn clear(tx: &mut Tx, user: Id<of::User>) -> Result<(), DbError> {
    tx.exec("DELETE FROM activation_code WHERE user_id = $1", args![user]).await?;
    Ok(())
}
