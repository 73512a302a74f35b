use db::{DbError, FromRow, Row, Tx, Value, args};
use kernel::{Id, Timestamp, of};

/// A merge of two customer files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Its id.
    pub id: Id<of::CustomerMerge>,
    /// The file that stays.
    pub kept: Id<of::Customer>,
    /// The file that goes on in it.
    pub gone: Id<of::Customer>,
    /// Why.
    pub reason: String,
    /// When.
    pub merged_at: Timestamp,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
}

impl FromRow for Merge {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            kept: c.next()?,
            gone: c.next()?,
            reason: c.next()?,
            merged_at: c.next()?,
            undone_at: c.next()?,
        })
    }
}

/// The merge `id`.
///
/// # Errors
/// What the database says.
pub async fn merge_of(tx: &mut Tx, id: Id<of::CustomerMerge>) -> Result<Option<Merge>, DbError> {
    let sql = "SELECT id, kept_id, gone_id, reason, merged_at, undone_at FROM customer_merge WHERE id = $1";
    tx.one(sql, args![id]).await
}

/// What was merged into the customer `kept`, newest first.
///
/// # Errors
/// What the database says.
pub async fn merges_of(tx: &mut Tx, kept: Id<of::Customer>) -> Result<Vec<Merge>, DbError> {
    let sql = "SELECT id, kept_id, gone_id, reason, merged_at, undone_at FROM customer_merge
        WHERE kept_id = $1 ORDER BY id DESC LIMIT 50";
    tx.all(sql, args![kept]).await
}

/// Inserts `merge`.
///
/// # Errors
/// What the database says.
pub async fn insert_merge(tx: &mut Tx, merge: &Merge) -> Result<(), DbError> {
    let sql = "INSERT INTO customer_merge (id, kept_id, gone_id, reason, merged_at, undone_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let row = args![merge.id, merge.kept, merge.gone, &*merge.reason, merge.merged_at, merge.undone_at];
    tx.exec(sql, row).await.map(|_| ())
}

/// Notes that `merge` moved the records `ids` of `kind`.
///
/// # Errors
/// What the database says.
pub async fn note_moved(tx: &mut Tx, merge: Id<of::CustomerMerge>, kind: &str, ids: &[i64]) -> Result<(), DbError> {
    const INSERT: &str = "INSERT INTO customer_moved (merge_id, kind, record_id) VALUES ($1, $2, $3)";
    let rows: Vec<Vec<Value>> = ids.iter().map(|id| vec![merge.into(), kind.into(), (*id).into()]).collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (INSERT, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// The records of `kind` that `merge` moved.
///
/// # Errors
/// What the database says.
pub async fn moved(tx: &mut Tx, merge: Id<of::CustomerMerge>, kind: &str) -> Result<Vec<i64>, DbError> {
    let sql = "SELECT record_id FROM customer_moved WHERE merge_id = $1 AND kind = $2 ORDER BY record_id";
    tx.all(sql, args![merge, kind]).await
}

/// Notes that `merge` was taken back; false when it was already.
///
/// # Errors
/// What the database says.
pub async fn undo_merge(tx: &mut Tx, merge: Id<of::CustomerMerge>, at: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE customer_merge SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL";
    Ok(tx.exec(sql, args![merge, at]).await? == 1)
}
