use db::{DbError, Tx, args};
use kernel::{Id, Timestamp, of};

/// Marks the id of a counted try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TryId {}

/// What stamps are sealed with, if it was made.
///
/// # Errors
/// What the database says.
pub async fn request_secret(tx: &mut Tx) -> Result<Option<String>, DbError> {
    Ok(tx.one::<(String,)>("SELECT secret FROM request_key WHERE only_row = 1", &[]).await?.map(|(secret,)| secret))
}

/// Keeps `secret` unless another node was faster.
///
/// # Errors
/// What the database says.
pub async fn keep_request_secret(tx: &mut Tx, secret: &str) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO request_key (only_row, secret) VALUES (1, $1) ON CONFLICT (only_row) DO NOTHING",
        args![secret],
    )
    .await
    .map(|_| ())
}

/// The case that the form with `stamp` became, and the digest of what it held.
///
/// # Errors
/// What the database says.
pub async fn request_sent(tx: &mut Tx, stamp: &str) -> Result<Option<(Id<of::Case>, String)>, DbError> {
    tx.one("SELECT case_id, body_digest FROM public_request WHERE stamp = $1", args![stamp]).await
}

/// Notes that the form with `stamp` became `case`.
///
/// # Errors
/// What the database says; `Unique` when it was sent at the same time.
pub async fn insert_request(
    tx: &mut Tx,
    stamp: &str,
    case: Id<of::Case>,
    body_digest: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO public_request (stamp, case_id, body_digest, created_at) VALUES ($1, $2, $3, $4)",
        args![stamp, case, body_digest, now],
    )
    .await
    .map(|_| ())
}

/// How often `subject` was counted after `since`, at most `limit`.
///
/// # Errors
/// What the database says.
pub async fn tries(tx: &mut Tx, subject: &str, since: Timestamp, limit: i64) -> Result<i64, DbError> {
    let n: Option<i64> = tx
        .one(
            "SELECT COUNT(*) FROM (SELECT id FROM request_try WHERE subject = $1 AND tried_at > $2 LIMIT $3) AS found",
            args![subject, since, limit],
        )
        .await?;
    Ok(n.unwrap_or_default())
}

/// Counts `subject` once.
///
/// # Errors
/// What the database says.
pub async fn insert_try(tx: &mut Tx, id: Id<TryId>, subject: &str, now: Timestamp) -> Result<(), DbError> {
    tx.exec("INSERT INTO request_try (id, subject, tried_at) VALUES ($1, $2, $3)", args![id, subject, now])
        .await
        .map(|_| ())
}

/// Forgets what is older than `before`.
///
/// # Errors
/// What the database says.
pub async fn forget_requests(tx: &mut Tx, before: Timestamp) -> Result<u64, DbError> {
    let tries = tx.exec("DELETE FROM request_try WHERE tried_at < $1", args![before]).await?;
    let forms = tx.exec("DELETE FROM public_request WHERE created_at < $1", args![before]).await?;
    Ok(tries.saturating_add(forms))
}
