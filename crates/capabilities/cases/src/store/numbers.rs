use db::{DbError, Tx, args};
use kernel::Day;

/// How many numbers a node takes at once.
pub const BLOCK: i64 = 100;

/// Takes the next block of the numbers that begin with `prefix` on `day`; gives its first sequence.
///
/// # Errors
/// What the database says.
pub async fn reserve(tx: &mut Tx, prefix: &str, day: Day) -> Result<i64, DbError> {
    let taken: Option<i64> = tx
        .one(
            "INSERT INTO number_block (prefix, day, taken) VALUES ($1, $2, $3)
             ON CONFLICT (prefix, day) DO UPDATE SET taken = number_block.taken + $3 RETURNING taken",
            args![prefix, day, BLOCK],
        )
        .await?;
    Ok(taken.unwrap_or(BLOCK) - BLOCK + 1)
}
