use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Id, Timestamp, of};

/// Marks the id of a kept filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SavedListId {}

/// A filter that somebody keeps under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedList {
    /// Its id.
    pub id: Id<SavedListId>,
    /// Its name.
    pub name: String,
    /// The part of the list's address after the question mark.
    pub address: String,
}

impl FromRow for SavedList {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { id: c.next()?, name: c.next()?, address: c.next()? })
    }
}

/// What `user` keeps, by name.
///
/// # Errors
/// What the database says.
pub async fn saved_lists(tx: &mut Tx, user: Id<of::User>, limit: i64) -> Result<Vec<SavedList>, DbError> {
    tx.all("SELECT id, name, address FROM saved_list WHERE user_id = $1 ORDER BY name, id LIMIT $2", args![user, limit])
        .await
}

/// Keeps `list` for `user`; one with the same name takes the new address.
///
/// # Errors
/// What the database says.
pub async fn save_list(tx: &mut Tx, user: Id<of::User>, list: &SavedList, now: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "INSERT INTO saved_list (id, user_id, name, address, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, name) DO UPDATE SET address = excluded.address",
        args![list.id, user, &*list.name, &*list.address, now],
    )
    .await
    .map(|_| ())
}

/// Forgets what `user` keeps as `id`; gives it, if there was such a one.
///
/// # Errors
/// What the database says.
pub async fn forget_list(tx: &mut Tx, user: Id<of::User>, id: Id<SavedListId>) -> Result<Option<SavedList>, DbError> {
    tx.one("DELETE FROM saved_list WHERE id = $1 AND user_id = $2 RETURNING id, name, address", args![id, user]).await
}
