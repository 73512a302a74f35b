//! The only SQL of this crate. Whoever changes a unit, a person, a role or a grant through it ends with a new version of
//! the directory, so that every node reads it again.

pub mod activation;
pub(crate) mod attempts;
pub mod pins;
pub mod roles;
pub mod sessions;
pub(crate) mod setup;
pub mod tokens;
pub mod units;
pub mod users;
pub mod windows;

use db::{DbError, Tx, args};

/// The directory's version.
pub(crate) async fn version(tx: &mut Tx) -> Result<i64, DbError> {
    let row: Option<(i64,)> = tx.one("SELECT version FROM directory_version WHERE only_row = 1", args![]).await?;
    Ok(row.map_or(0, |(version,)| version))
}

/// Makes the directory's version a new one.
pub(crate) async fn touch(tx: &mut Tx) -> Result<(), DbError> {
    tx.exec("UPDATE directory_version SET version = version + 1 WHERE only_row = 1", args![]).await?;
    Ok(())
}
