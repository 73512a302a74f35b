use kernel::Timestamp;

/// An unused session ends after two hours, in milliseconds.
pub const IDLE_LIMIT: i64 = 2 * 3_600_000;
/// A session ends after sixteen hours in any case: longer than any shift, shorter than the next day's.
pub const SHIFT_LIMIT: i64 = 16 * 3_600_000;
/// "Keep me signed in on this device": seven days, used or not.
pub const KEPT_LIMIT: i64 = 7 * 24 * 3_600_000;
/// The last use of a session or token is written down at most this often, in milliseconds.
pub const SEEN_STEP: i64 = 5 * 60_000;

/// What decides whether a session still stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Life {
    pub seen_at: Timestamp,
    pub idle_limit: i64,
    pub expires_at: Timestamp,
    pub revoked: bool,
}

impl Life {
    pub fn stands(&self, now: Timestamp) -> bool {
        !self.revoked && now < self.expires_at && now.since(self.seen_at) < self.idle_limit
    }
    /// When it ends if it is used now and never again; none when that is beyond all time.
    pub fn ends(&self, now: Timestamp) -> Option<Timestamp> {
        let end = self.expires_at.min(now.plus(self.idle_limit));
        (end.millis() < i64::MAX).then_some(end)
    }
    pub fn is_to_be_noted(&self, now: Timestamp) -> bool {
        now.since(self.seen_at) >= SEEN_STEP
    }
}

/// How long a new session lives: (idle limit, absolute limit) in milliseconds.
pub(crate) const fn limits(keep: bool) -> (i64, i64) {
    if keep { (KEPT_LIMIT, KEPT_LIMIT) } else { (IDLE_LIMIT, SHIFT_LIMIT) }
}
