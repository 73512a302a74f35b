//! API tokens: what other programs sign in with, in a person's name.

use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Fault, Id, IdGen, Timestamp, of};

use super::sessions::Claim;

/// An API token, as its owner sees it in a list. The token itself is shown once, when it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to within five minutes.
    pub last_used_at: Option<Timestamp>,
    /// When it ends, if ever.
    pub expires_at: Option<Timestamp>,
}

impl FromRow for Token {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            name: c.next()?,
            created_at: c.next()?,
            last_used_at: c.next()?,
            expires_at: c.next()?,
        })
    }
}

/// Adds a token that acts as `user`; `token_hash` is the digest of [`crate::Secret::token`], made before the transaction so that
/// what a write answers never holds the token itself. Answers its id.
///
/// # Errors
/// `invalid` when the name is missing or too long.
pub async fn insert(
    tx: &mut Tx,
    ids: &IdGen,
    now: Timestamp,
    user: Id<of::User>,
    name: &str,
    token_hash: &str,
    expires_at: Option<Timestamp>,
) -> Result<i64, Fault> {
    let mut errors = kernel::FieldErrors::default();
    let name = crate::draft::tidy_name(&mut errors, "name", name);
    errors.check()?;
    let id = ids.next::<()>().get();
    tx.exec(
        "INSERT INTO api_token (id, user_id, name, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        args![id, user, name, token_hash, now, expires_at],
    )
    .await?;
    Ok(id)
}

pub(crate) async fn claim(tx: &mut Tx, token_hash: &str) -> Result<Option<Claim>, DbError> {
    // A token has no idle limit; one without an end has the end of time.
    tx.one(
        "SELECT t.id, t.user_id, COALESCE(t.last_used_at, 0), CAST(9223372036854775807 AS BIGINT),
                COALESCE(t.expires_at, 9223372036854775807), t.revoked_at, v.version,
                CAST(NULL AS BIGINT), CAST(0 AS BIGINT), w.opens_at, w.closes_at, w.closed_at
         FROM api_token t CROSS JOIN directory_version v LEFT JOIN account_window w ON w.user_id = t.user_id WHERE t.token_hash = $1",
        args![token_hash],
    )
    .await
}

pub(crate) async fn note_use(tx: &mut Tx, id: i64, now: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "UPDATE api_token SET last_used_at = $1 WHERE id = $2 AND (last_used_at IS NULL OR last_used_at < $3)",
        args![now, id, now],
    )
    .await?;
    Ok(())
}

/// Ends the token `id` of `user`. Answers its name.
///
/// # Errors
/// Not found when `user` has no such token.
pub async fn revoke(tx: &mut Tx, user: Id<of::User>, id: i64, now: Timestamp) -> Result<String, Fault> {
    let row: Option<(String,)> = tx
        .one(
            "UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND user_id = $3 AND revoked_at IS NULL RETURNING name",
            args![now, id, user],
        )
        .await?;
    row.map(|(name,)| name).ok_or_else(Fault::not_found)
}

/// Ends every token of `user`. Answers how many.
///
/// # Errors
/// When the database fails.
pub async fn revoke_all(tx: &mut Tx, user: Id<of::User>, now: Timestamp) -> Result<u64, DbError> {
    tx.exec("UPDATE api_token SET revoked_at = $1 WHERE user_id = $2 AND revoked_at IS NULL", args![now, user]).await
}

/// The tokens of `user` that still stand, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_user(tx: &mut Tx, user: Id<of::User>, now: Timestamp) -> Result<Vec<Token>, DbError> {
    tx.all(
        "SELECT id, name, created_at, last_used_at, expires_at FROM api_token
         WHERE user_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) ORDER BY id DESC",
        args![user, now],
    )
    .await
}
