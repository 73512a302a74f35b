use db::Tx;
use kernel::{Fault, Timestamp};

use crate::clock::{Clock, Told};
use crate::store::clocks as rows;

/// What a clock has come to by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crossing {
    /// It is due soon: the policy's first warning share is used.
    Warned,
    /// Its time has run out.
    Breached,
}

/// A clock that crossed a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossed {
    /// The clock as it now stands.
    pub clock: Clock,
    /// Which line. A clock that nobody looked at while it crossed both is told once, as breached.
    pub what: Crossing,
}

/// Finds up to `limit` open clocks that crossed a line by `now`, earliest first, and marks them, so that each crossing is answered
/// once. The answer must be acted on in the same transaction. As long as it has `limit` entries, there may be more.
///
/// # Errors
/// When the database fails.
pub async fn sweep(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Crossed>, Fault> {
    let mut crossed = Vec::new();
    for mut clock in rows::due(tx, now, limit).await? {
        let late = clock.is_late(now);
        if late {
            clock.told = Told::Breached;
            clock.next_at = None;
            clock.breached_at = clock.breached_at.or(clock.due_at);
        } else {
            clock.told = Told::Warned;
            clock.next_at = clock.past_due();
        }
        // Somebody else may have swept or stopped it in between.
        if rows::update(tx, &clock).await? {
            clock.version += 1;
            crossed.push(Crossed { clock, what: if late { Crossing::Breached } else { Crossing::Warned } });
        }
    }
    Ok(crossed)
}
