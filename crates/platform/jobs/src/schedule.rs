use kernel::{Timestamp, Zone};

/// When a periodic job is due.
#[derive(Debug, Clone)]
pub enum Every {
    /// Every so many milliseconds, counted from 1970 UTC, so that all nodes agree on the slots.
    Millis(i64),
    /// Once a day at a wall-clock time.
    Daily {
        /// 0 to 23.
        hour: i8,
        /// 0 to 59.
        minute: i8,
        /// Whose wall clock.
        zone: Zone,
    },
}

impl Every {
    /// The last slot that is not after `now`.
    pub fn slot(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Millis(period) => {
                let period = (*period).max(1);
                Timestamp::from_millis(now.millis() - now.millis().rem_euclid(period))
            }
            Self::Daily { hour, minute, zone } => {
                let today = now.day(zone).at(*hour, *minute, zone);
                if today <= now { today } else { now.day(zone).plus(-1).at(*hour, *minute, zone) }
            }
        }
    }

    /// The first slot after `now`.
    pub fn next(&self, now: Timestamp) -> Timestamp {
        match self {
            Self::Millis(period) => self.slot(now).plus((*period).max(1)),
            Self::Daily { hour, minute, zone } => {
                let today = now.day(zone).at(*hour, *minute, zone);
                if today > now { today } else { now.day(zone).plus(1).at(*hour, *minute, zone) }
            }
        }
    }
}

/// A job that comes back by itself. Only the latest missed slot is made up for: a machine that was off at night cleans up
/// once in the morning. A slot is skipped while the job of an earlier slot still waits or runs.
#[derive(Debug, Clone)]
pub struct Periodic {
    /// The kind of job; declared with the runner.
    pub kind: &'static str,
    /// When it is due.
    pub every: Every,
    /// What the job is given (JSON).
    pub body: String,
}

impl Periodic {
    /// A periodic job of `kind` without a body.
    pub fn new(kind: &'static str, every: Every) -> Self {
        Self { kind, every, body: "{}".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn millisecond_slots_are_the_same_for_all_nodes() {
        let every = Every::Millis(5_000);
        let now = at("2026-11-22T06:32:03.250Z");
        assert_eq!(every.slot(now), at("2026-11-22T06:32:00Z"));
        assert_eq!(every.next(now), at("2026-11-22T06:32:05Z"));
        assert_eq!(every.slot(every.next(now)), every.next(now));
    }

    #[test]
    fn daily_slots_follow_the_wall_clock() {
        let every = Every::Daily { hour: 3, minute: 30, zone: Zone::china() };
        assert_eq!(every.slot(at("2026-11-22T06:32:00Z")), at("2026-11-21T19:30:00Z"));
        assert_eq!(every.next(at("2026-11-22T06:32:00Z")), at("2026-11-22T19:30:00Z"));
        assert_eq!(every.slot(at("2026-11-21T19:29:59Z")), at("2026-11-20T19:30:00Z"));
        assert_eq!(every.slot(at("2026-11-21T19:30:00Z")), at("2026-11-21T19:30:00Z"));
        assert_eq!(every.next(at("2026-11-21T19:30:00Z")), at("2026-11-22T19:30:00Z"));
    }
}
