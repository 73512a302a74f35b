//! How often strangers may send: one place for every form that needs no sign-in.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use kernel::{Fault, FaultKind, Timestamp};

/// Forms that one address may send at once; a shop's guests share one.
const BURST: i64 = 30;
/// Then one every so many milliseconds.
const EVERY: i64 = 2_000;
/// Addresses that are remembered; beyond, those that are full again are forgotten.
const REMEMBERED: usize = 10_000;

/// Counts what each address sends to forms that are open to everybody. Each node counts for itself.
#[derive(Debug, Default)]
pub struct Gate(Mutex<BTreeMap<String, Timestamp>>);

/// How often something may come: so many at once, then one every so many milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// At once.
    pub burst: i64,
    /// Milliseconds.
    pub every: i64,
}

impl Gate {
    /// Lets one more form of `address` through at `now`.
    ///
    /// # Errors
    /// `too-many` (429) with the seconds to wait.
    pub fn pass(&self, address: &str, now: Timestamp) -> Result<(), Fault> {
        self.pass_at(address, now, Pace { burst: BURST, every: EVERY })
    }

    /// As [`Gate::pass`], at another pace: for what comes from programs.
    ///
    /// # Errors
    /// `too-many` (429) with the seconds to wait.
    pub fn pass_at(&self, address: &str, now: Timestamp, pace: Pace) -> Result<(), Fault> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= REMEMBERED && !seen.contains_key(address) {
            seen.retain(|_, free_at| *free_at > now);
        }
        // Each form moves the instant at which the address is free again; it may lie a burst ahead.
        let free_at = seen.get(address).copied().unwrap_or(now).max(now);
        let wait = free_at.since(now) - (pace.burst - 1) * pace.every;
        if wait > 0 {
            return Err(Fault::new(FaultKind::TooMany, "too-many").with("retry_after", (wait + 999) / 1_000));
        }
        seen.insert(address.to_owned(), free_at.plus(pace.every));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_then_one_at_a_time() {
        let gate = Gate::default();
        let at = Timestamp::from_millis;
        for _ in 0..BURST {
            gate.pass("a", at(0)).unwrap();
        }
        let fault = gate.pass("a", at(0)).unwrap_err();
        assert_eq!((fault.code(), fault.args().first()), ("too-many", Some(&("retry_after", "2".to_owned()))));
        gate.pass("b", at(0)).unwrap();
        gate.pass("a", at(EVERY)).unwrap();
        gate.pass("a", at(EVERY)).unwrap_err();
    }
}
