use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Id, Timestamp, of};

use super::rows::ApprovalId;

/// Marks the id of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkId {}

/// A link that one person can decide one question with, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: Id<LinkId>,
    /// The question.
    pub approval: Id<ApprovalId>,
    /// Who decides with it.
    pub user: Id<of::User>,
    /// Not good from then on.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

impl FromRow for Link {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            approval: c.next()?,
            user: c.next()?,
            expires_at: c.next()?,
            used_at: c.next()?,
            revoked_at: c.next()?,
        })
    }
}

/// Inserts a link whose token has the digest `hash`.
///
/// # Errors
/// What the database says.
pub async fn insert_link(tx: &mut Tx, link: &Link, hash: &str, now: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO approval_link (id, token_hash, approval_id, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        args![link.id, hash, link.approval, link.user, now, link.expires_at],
    )
    .await
    .map(|_| ())
}

/// The link whose token has the digest `hash`.
///
/// # Errors
/// What the database says.
pub async fn link_by_hash(tx: &mut Tx, hash: &str) -> Result<Option<Link>, DbError> {
    tx.one(
        "SELECT id, approval_id, user_id, expires_at, used_at, revoked_at FROM approval_link WHERE token_hash = $1",
        args![hash],
    )
    .await
}

/// Notes that the link was opened, once.
///
/// # Errors
/// What the database says.
pub async fn mark_opened(tx: &mut Tx, id: Id<LinkId>, now: Timestamp) -> Result<(), DbError> {
    tx.exec("UPDATE approval_link SET opened_at = $2 WHERE id = $1 AND opened_at IS NULL", args![id, now])
        .await
        .map(|_| ())
}

/// Uses the link up; false when it is used or taken back already.
///
/// # Errors
/// What the database says.
pub async fn mark_used(tx: &mut Tx, id: Id<LinkId>, now: Timestamp) -> Result<bool, DbError> {
    let used = tx
        .exec(
            "UPDATE approval_link SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL",
            args![id, now],
        )
        .await?;
    Ok(used == 1)
}

/// Takes back the links to `approval` that are not used, of everybody or of `user` alone.
///
/// # Errors
/// What the database says.
pub async fn revoke(
    tx: &mut Tx,
    approval: Id<ApprovalId>,
    user: Option<Id<of::User>>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut change = db::Filter::new(
        "UPDATE approval_link SET revoked_at = ? WHERE approval_id = ? AND used_at IS NULL AND revoked_at IS NULL",
    );
    change.args(args![now, approval]);
    if let Some(user) = user {
        change.bind(" AND user_id = ?", args![user]);
    }
    tx.exec(change.sql(), change.values()).await.map(|_| ())
}
