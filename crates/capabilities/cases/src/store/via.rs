//! By which registered channel a case came.

use db::{DbError, Filter, FromRow, Row, Tx, args};
use kernel::{Id, Timestamp, of};

/// A registered channel as a case shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// Its id.
    pub id: Id<of::Channel>,
    /// The word of its kind in the register.
    pub kind: String,
    /// What people call it.
    pub name: String,
    /// Whose it is.
    pub store: Id<of::Unit>,
}

impl FromRow for Registered {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { id: c.next()?, kind: c.next()?, name: c.next()?, store: c.next()? })
    }
}

/// The open channels of `store`, by name.
///
/// # Errors
/// What the database says.
pub async fn registered_at(tx: &mut Tx, store: Id<of::Unit>) -> Result<Vec<Registered>, DbError> {
    tx.all(
        "SELECT id, kind, name, store_id FROM channel WHERE store_id = $1 AND active ORDER BY name, id",
        args![store],
    )
    .await
}

/// The channels with `ids`, closed ones too.
///
/// # Errors
/// What the database says.
pub async fn registered(tx: &mut Tx, ids: &[Id<of::Channel>]) -> Result<Vec<Registered>, DbError> {
    let mut query = Filter::new("SELECT id, kind, name, store_id FROM channel WHERE ");
    query.bind_in("id", ids.iter().map(|id| (*id).into()));
    tx.all(query.sql(), query.values()).await
}

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
