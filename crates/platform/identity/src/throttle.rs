use kernel::Timestamp;

/// How failures slow down further tries of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Failures that cost nothing.
    pub free: i64,
    /// The wait after the first failure beyond, in milliseconds; it doubles with each further one.
    pub first_wait: i64,
    /// The longest wait, in milliseconds, so that nobody can lock another out for long.
    pub longest_wait: i64,
    /// Failures are forgotten when there was none for this many milliseconds.
    pub forget: i64,
}

/// For one login (also the first-run code).
pub const LOGIN_RULE: Rule = Rule { free: 5, first_wait: 5_000, longest_wait: 15 * 60_000, forget: 24 * 3_600_000 };
/// For one address; a store's counter PCs often share one, so it is wider.
pub const ADDRESS_RULE: Rule = Rule { free: 30, first_wait: 5_000, longest_wait: 15 * 60_000, forget: 3_600_000 };

/// The failures of one login or address so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// How many.
    pub failures: i64,
    /// When the last one was.
    pub last_at: Timestamp,
    /// No try before this instant.
    pub blocked_until: Timestamp,
}

impl Attempts {
    /// Milliseconds still to wait at `now`; zero when a try is allowed.
    pub fn wait(&self, now: Timestamp) -> i64 {
        self.blocked_until.since(now).max(0)
    }
    /// The state after one more failure at `now`.
    #[must_use]
    pub fn failed(before: Option<Self>, rule: &Rule, now: Timestamp) -> Self {
        let kept = before.filter(|before| now.since(before.last_at) < rule.forget).map_or(0, |before| before.failures);
        let failures = kept.saturating_add(1);
        Self { failures, last_at: now, blocked_until: now.plus(rule.wait_after(failures)) }
    }
}

impl Rule {
    /// The wait in milliseconds that `failures` cost.
    pub fn wait_after(&self, failures: i64) -> i64 {
        let beyond = failures - self.free;
        if beyond <= 0 {
            return 0;
        }
        // Twenty doublings are beyond any longest wait in use and far from overflow.
        (self.first_wait << (beyond - 1).min(20)).min(self.longest_wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let waits: Vec<i64> = (4..=15).map(|n| LOGIN_RULE.wait_after(n) / 1000).collect();
        assert_eq!(waits, [0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(LOGIN_RULE.wait_after(i64::MAX), 900_000);
    }

    #[test]
    fn failures_are_forgotten_after_a_quiet_day() {
        let t = Timestamp::from_millis;
        let mut state = None;
        for n in 0..7 {
            state = Some(Attempts::failed(state, &LOGIN_RULE, t(n)));
        }
        assert_eq!(state.unwrap().wait(t(6)), 10_000);
        assert_eq!(state.unwrap().wait(t(6 + 10_000)), 0);
        assert_eq!(Attempts::failed(state, &LOGIN_RULE, t(6 + LOGIN_RULE.forget)).failures, 1);
        assert_eq!(Attempts::failed(state, &LOGIN_RULE, t(5 + LOGIN_RULE.forget)).failures, 8);
    }
}
