//! How often papers of a case were printed. The only SQL on `case_print`.

use db::{DbError, Tx, args};
use kernel::{Id, Timestamp, of};

/// How often one kind of paper was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prints {
    /// How often, with the last time.
    pub times: i64,
    /// The first time.
    pub first_at: Timestamp,
}

/// How often `paper` of `case` was printed, if ever.
///
/// # Errors
/// When the database fails.
pub async fn prints(tx: &mut Tx, case: Id<of::Case>, paper: &str) -> Result<Option<Prints>, DbError> {
    let sql = "SELECT copies, first_at FROM case_print WHERE case_id = $1 AND paper = $2";
    let found: Option<(i64, Timestamp)> = tx.one(sql, args![case, paper]).await?;
    Ok(found.map(|(times, first_at)| Prints { times, first_at }))
}

/// Counts one more print of `paper`.
///
/// # Errors
/// When the database fails.
pub async fn count_print(tx: &mut Tx, case: Id<of::Case>, paper: &str, now: Timestamp) -> Result<Prints, DbError> {
    let sql = "INSERT INTO case_print (case_id, paper, copies, first_at, last_at) VALUES ($1, $2, 1, $3, $3)
               ON CONFLICT (case_id, paper) DO UPDATE SET copies = case_print.copies + 1, last_at = excluded.last_at
               RETURNING copies, first_at";
    let counted: Option<(i64, Timestamp)> = tx.one(sql, args![case, paper, now]).await?;
    let (times, first_at) = counted.unwrap_or((1, now));
    Ok(Prints { times, first_at })
}
