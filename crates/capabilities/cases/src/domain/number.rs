use std::fmt;

use kernel::Day;

/// A case number (单号), e.g. `FW20261118-0009`: the kind's letters, the day of intake, a sequence of that day over all stores.
/// Gaps are allowed; a number never opens anything by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number {
    prefix: &'static str,
    day: Day,
    sequence: i64,
}

impl Number {
    /// Number `sequence` (from 1) of `day`.
    pub const fn new(prefix: &'static str, day: Day, sequence: i64) -> Self {
        Self { prefix, day, sequence }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}-{:04}", self.prefix, self.day.date().strftime("%Y%m%d"), self.sequence)
    }
}
