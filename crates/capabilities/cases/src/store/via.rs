//! By which registered channel a case came.

use db::{DbError, Tx, args};
use kernel::{Id, Timestamp, of};

/// The registered channel by which `case` came.
///
/// # Errors
/// What the database says.
pub async fn via(tx: &mut Tx, case: Id<of::Case>) -> Result<Option<Id<of::Channel>>, DbError> {
    let found: Option<(Option<Id<of::Channel>>,)> =
        tx.one("SELECT via_id FROM service_case WHERE id = $1", args![case]).await?;
    Ok(found.and_then(|(via,)| via))
}

/// Notes by which registered channel `case` came.
///
/// # Errors
/// What the database says.
pub async fn set_via(tx: &mut Tx, case: Id<of::Case>, via: Id<of::Channel>) -> Result<(), DbError> {
    tx.exec("UPDATE service_case SET via_id = $2 WHERE id = $1", args![case, via]).await.map(|_| ())
}

/// How many cases came by `via` from `from` on and before `before`.
///
/// # Errors
/// What the database says.
pub async fn came_by(tx: &mut Tx, via: Id<of::Channel>, from: Timestamp, before: Timestamp) -> Result<i64, DbError> {
    let found: Option<(i64,)> = tx
        .one(
            "SELECT COUNT(*) FROM service_case WHERE via_id = $1 AND happened_at >= $2 AND happened_at < $3",
            args![via, from, before],
        )
        .await?;
    Ok(found.map_or(0, |(n,)| n))
}

/// When the last case before `before` came by `via`.
///
/// # Errors
/// What the database says.
pub async fn last_by(tx: &mut Tx, via: Id<of::Channel>, before: Timestamp) -> Result<Option<Timestamp>, DbError> {
    tx.one(
        "SELECT happened_at FROM service_case WHERE via_id = $1 AND happened_at < $2 ORDER BY happened_at DESC LIMIT 1",
        args![via, before],
    )
    .await
}
