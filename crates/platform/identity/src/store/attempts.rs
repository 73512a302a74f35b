//! Failures of signing in.

use db::{DbError, FromRow, Row, Tx, args};
use kernel::{Fault, FaultKind, Timestamp};

use crate::throttle::{Attempts, Rule};

impl FromRow for Attempts {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self { failures: c.next()?, last_at: c.next()?, blocked_until: c.next()? })
    }
}

/// Counts a try of `subject` as a failure before it is checked, so that many at once cannot slip through; a success takes
/// it back. Refuses when the subject has to wait.
pub(crate) async fn begin(tx: &mut Tx, subject: &str, rule: &Rule, now: Timestamp) -> Result<(), Fault> {
    let before: Option<Attempts> =
        tx.one("SELECT failures, last_at, blocked_until FROM login_attempt WHERE subject = $1", args![subject]).await?;
    let wait = before.map_or(0, |before| before.wait(now));
    if wait > 0 {
        return Err(Fault::new(FaultKind::TooMany, "identity-too-many-tries").with("retry_after", (wait + 999) / 1000));
    }
    let after = Attempts::failed(before, rule, now);
    tx.exec(
        "INSERT INTO login_attempt (subject, failures, last_at, blocked_until) VALUES ($1, $2, $3, $4)
         ON CONFLICT (subject) DO UPDATE
         SET failures = excluded.failures, last_at = excluded.last_at, blocked_until = excluded.blocked_until",
        args![subject, after.failures, after.last_at, after.blocked_until],
    )
    .await?;
    Ok(())
}

/// Forgets the failures of `subject`.
pub(crate) async fn clear(tx: &mut Tx, subject: &str) -> Result<(), DbError> {
    tx.exec("DELETE FROM login_attempt WHERE subject = $1", args![subject]).await?;
    Ok(())
}

/// Takes one counted try of `subject` back, because it succeeded.
pub(crate) async fn take_back(tx: &mut Tx, subject: &str, now: Timestamp) -> Result<(), DbError> {
    tx.exec(
        "UPDATE login_attempt SET failures = failures - 1, blocked_until = $1 WHERE subject = $2 AND failures > 0",
        args![now, subject],
    )
    .await?;
    Ok(())
}

/// Removes what is older than every rule remembers.
pub(crate) async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<(), DbError> {
    tx.exec("DELETE FROM login_attempt WHERE last_at < $1", args![now.plus(-48 * 3_600_000)]).await?;
    Ok(())
}
