//! Which days a review is about, what it holds, and when a return rate has jumped; without any I/O.

use kernel::{Day, Ratio, words};
use serde::{Deserialize, Serialize};

words! {
    /// How often.
    pub enum Period {
        /// Every week (周).
        Week = "week",
        /// Every month (月).
        Month = "month",
        /// Every quarter (季).
        Quarter = "quarter",
    }
}

impl Period {
    /// The last whole one that is over on `today`: its first and last day.
    pub fn last(self, today: Day) -> (Day, Day) {
        let date = today.date();
        let first_of_month = today.plus(1 - i32::from(date.day()));
        match self {
            Self::Week => {
                let monday = today.plus(-i32::from(date.weekday().to_monday_zero_offset()));
                (monday.plus(-7), monday.plus(-1))
            }
            Self::Month => (first_of_month.plus_months(-1), first_of_month.plus(-1)),
            Self::Quarter => {
                let into = (i32::from(date.month()) - 1) % 3;
                let first = first_of_month.plus_months(-into);
                (first.plus_months(-3), first.plus(-1))
            }
        }
    }
    /// The one before the one that begins on `from`.
    pub fn before(self, from: Day) -> (Day, Day) {
        let first = match self {
            Self::Week => from.plus(-7),
            Self::Month => from.plus_months(-1),
            Self::Quarter => from.plus_months(-3),
        };
        (first, from.plus(-1))
    }
}

/// A number as it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Which metric.
    pub id: String,
    /// In its unit; none where nothing was counted.
    pub now: Option<i64>,
    /// In the period before.
    pub before: Option<i64>,
}

/// A product that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many came back.
    pub returned: i64,
    /// How many were sold in the same days.
    pub sold: i64,
}

/// What a review holds; it never changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// The numbers.
    pub figures: Vec<Figure>,
    /// What came back most.
    pub products: Vec<Product>,
    /// Why, by the cause that was found: word, how many lines.
    pub causes: Vec<(String, i64)>,
    /// Returns that were still open at the end.
    pub open: i64,
}

/// What was counted of a product in the last days and before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Came back lately.
    pub returned: i64,
    /// Sold lately.
    pub sold: i64,
    /// Came back in its history.
    pub before_returned: i64,
    /// Sold in its history.
    pub before_sold: i64,
}

/// Fewer than so many tell nothing.
pub const LEAST: i64 = 3;
/// The history has to know so many sold ones.
pub const KNOWN: i64 = 20;

impl Counted {
    /// Of what was sold, how much came back lately.
    pub fn rate(&self) -> Option<Ratio> {
        Ratio::of(self.returned, self.sold)
    }
    /// And before.
    pub fn history(&self) -> Option<Ratio> {
        Ratio::of(self.before_returned, self.before_sold)
    }
    /// Whether it has jumped: at least [`LEAST`] came back, the history is known, and there are both more than twice as many as it
    /// leads to expect and more than chance explains (two standard deviations of a rare event: (n − e)² > 4e, in whole numbers).
    pub fn jumped(&self) -> bool {
        if self.returned < LEAST || self.before_sold < KNOWN || self.sold <= 0 {
            return false;
        }
        // e = before_returned × sold ÷ before_sold; all is multiplied by before_sold.
        let wide = |n: i64| i128::from(n.max(0));
        let expected = wide(self.before_returned) * wide(self.sold);
        let seen = wide(self.returned) * wide(self.before_sold);
        let over = seen - expected;
        seen > 2 * expected && over > 0 && over * over > 4 * expected * wide(self.before_sold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_whole_period_is_over() {
        let of = |period: Period, today: &str| {
            let (from, to) = period.last(day(today));
            (from.to_string(), to.to_string())
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(of(Period::Week, "2026-11-22"), pair("2026-11-09", "2026-11-15"), "a Sunday belongs to its week");
        assert_eq!(of(Period::Week, "2026-11-23"), pair("2026-11-16", "2026-11-22"));
        assert_eq!(of(Period::Month, "2026-03-31"), pair("2026-02-01", "2026-02-28"));
        assert_eq!(of(Period::Quarter, "2026-11-22"), pair("2026-07-01", "2026-09-30"));
        assert_eq!(of(Period::Quarter, "2027-01-01"), pair("2026-10-01", "2026-12-31"));
        let (from, to) = Period::Quarter.before(day("2026-07-01"));
        assert_eq!((from.to_string(), to.to_string()), pair("2026-04-01", "2026-06-30"));
    }

    #[test]
    fn a_jump_is_more_than_twice_the_history_and_more_than_chance() {
        let counted =
            |returned, sold, before_returned, before_sold| Counted { returned, sold, before_returned, before_sold };
        assert!(counted(6, 100, 12, 1_000).jumped(), "1.2 % to 6 %");
        assert!(!counted(2, 10, 0, 1_000).jumped(), "too few");
        assert!(!counted(3, 100, 24, 1_000).jumped(), "as before");
        assert!(!counted(3, 100, 14, 1_000).jumped(), "chance explains it");
        assert!(!counted(9, 10, 0, 19).jumped(), "no history");
        assert!(counted(3, 100, 0, 500).jumped(), "never before");
    }
}
