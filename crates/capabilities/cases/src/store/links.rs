use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Id, Timestamp, of};

use crate::domain::Purpose;

/// Marks the id of a customer link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkId {}

/// A link to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// Its id.
    pub id: Id<LinkId>,
    /// SHA-256 of the token, in hexadecimal.
    pub token_hash: String,
    /// Of which case.
    pub case: Id<of::Case>,
    /// What it is good for.
    pub purpose: Purpose,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: Option<Id<of::User>>,
    /// Not good from then on.
    pub expires_at: Timestamp,
}

/// A link as stored; the token itself is nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: Id<LinkId>,
    /// Of which case.
    pub case: Id<of::Case>,
    /// What it is good for.
    pub purpose: Purpose,
    /// When it was made.
    pub created_at: Timestamp,
    /// Not good from then on.
    pub expires_at: Timestamp,
    /// When the customer first opened it.
    pub opened_at: Option<Timestamp>,
    /// When it was used up.
    pub used_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

impl FromRow for Link {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            case: c.next()?,
            purpose: c.next()?,
            created_at: c.next()?,
            expires_at: c.next()?,
            opened_at: c.next()?,
            used_at: c.next()?,
            revoked_at: c.next()?,
        })
    }
}

/// Inserts `link`.
///
/// # Errors
/// What the database says.
pub async fn insert_link(tx: &mut Tx, link: &NewLink) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO customer_link (id, token_hash, case_id, purpose, created_at, created_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![link.id, &*link.token_hash, link.case, link.purpose, link.created_at, link.created_by, link.expires_at],
    )
    .await
    .map(|_| ())
}

/// The link whose token has this hash, good or not.
///
/// # Errors
/// What the database says.
pub async fn link_by_hash(tx: &mut Tx, token_hash: &str) -> Result<Option<Link>, DbError> {
    tx.one(
        "SELECT id, case_id, purpose, created_at, expires_at, opened_at, used_at, revoked_at
         FROM customer_link WHERE token_hash = $1",
        args![token_hash],
    )
    .await
}

/// The links of `case`, newest first.
///
/// # Errors
/// What the database says.
pub async fn links_of(tx: &mut Tx, case: Id<of::Case>) -> Result<Vec<Link>, DbError> {
    tx.all(
        "SELECT id, case_id, purpose, created_at, expires_at, opened_at, used_at, revoked_at
         FROM customer_link WHERE case_id = $1 ORDER BY id DESC LIMIT 20",
        args![case],
    )
    .await
}

/// Notes that the customer opened the link for the first time.
///
/// # Errors
/// What the database says.
pub async fn mark_opened(tx: &mut Tx, id: Id<LinkId>, now: Timestamp) -> Result<(), DbError> {
    tx.exec("UPDATE customer_link SET opened_at = $2 WHERE id = $1 AND opened_at IS NULL", args![id, now])
        .await
        .map(|_| ())
}

/// Uses the link up; false when somebody was faster or it was taken back.
///
/// # Errors
/// What the database says.
pub async fn mark_used(tx: &mut Tx, id: Id<LinkId>, now: Timestamp) -> Result<bool, DbError> {
    let used = tx
        .exec(
            "UPDATE customer_link SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL",
            args![id, now],
        )
        .await?;
    Ok(used == 1)
}

/// Takes back the links of `case` that are not used up; all of them, or those of one purpose.
///
/// # Errors
/// What the database says.
pub async fn revoke(tx: &mut Tx, case: Id<of::Case>, purpose: Option<Purpose>, now: Timestamp) -> Result<u64, DbError> {
    let mut change = db::Filter::new(
        "UPDATE customer_link SET revoked_at = ? WHERE case_id = ? AND used_at IS NULL AND revoked_at IS NULL",
    );
    change.args(args![now, case]);
    if let Some(purpose) = purpose {
        change.bind(" AND purpose = ?", args![purpose]);
    }
    tx.exec(change.sql(), change.values()).await
}
