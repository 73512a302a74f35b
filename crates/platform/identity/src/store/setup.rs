//! First-run codes.

use db::{DbError, Tx, args};
use kernel::Timestamp;

pub(crate) async fn insert_code(
    tx: &mut Tx,
    code_hash: &str,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.exec("DELETE FROM setup_code WHERE expires_at < $1", args![now]).await?;
    tx.exec("INSERT INTO setup_code (code_hash, expires_at) VALUES ($1, $2)", args![code_hash, expires_at]).await?;
    Ok(())
}

pub(crate) async fn holds_code(tx: &mut Tx, code_hash: &str, now: Timestamp) -> Result<bool, DbError> {
    let row: Option<(String,)> = tx
        .one("SELECT code_hash FROM setup_code WHERE code_hash = $1 AND expires_at > $2", args![code_hash, now])
        .await?;
    Ok(row.is_some())
}

pub(crate) async fn clear_codes(tx: &mut Tx) -> Result<(), DbError> {
    tx.exec("DELETE FROM setup_code", args![]).await?;
    Ok(())
}
