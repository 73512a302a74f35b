use kernel::Day;

/// The periods that pages offer, in days.
pub const PERIODS: [i32; 3] = [7, 30, 90];

/// The longest span that is read at once: two years.
pub const LONGEST: i32 = 731;

/// Business days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

impl Span {
    /// The last `days` days up to and with `today`.
    pub fn last(days: i32, today: Day) -> Self {
        Self { from: today.plus(1 - days.max(1)), to: today }
    }
    /// How many days it has; none or less when it ends before it begins.
    pub fn days(&self) -> i32 {
        (self.to.date() - self.from.date()).get_days() + 1
    }
    /// As many days just before it, to compare with.
    #[must_use]
    pub fn before(&self) -> Self {
        Self { from: self.from.plus(-self.days()), to: self.from.plus(-1) }
    }
    /// First and last day, as addresses carry them.
    pub const fn ends(&self) -> (Day, Day) {
        (self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_ends_today_and_the_one_before_joins_it() {
        let today: Day = "2026-11-22".parse().unwrap();
        let span = Span::last(30, today);
        assert_eq!((span.from.to_string().as_str(), span.to, span.days()), ("2026-10-24", today, 30));
        let before = span.before();
        assert_eq!((before.from.to_string().as_str(), before.to.to_string().as_str()), ("2026-09-24", "2026-10-23"));
        assert_eq!(before.days(), 30);
        assert_eq!(Span::last(1, today).days(), 1);
    }
}
