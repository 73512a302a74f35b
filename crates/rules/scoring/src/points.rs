use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

/// Points in tenths: the finest that is counted, shown and stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(i64);

impl Points {
    /// None.
    pub const ZERO: Self = Self(0);

    /// So many tenths of a point.
    pub const fn tenths(n: i64) -> Self {
        Self(n)
    }
    /// So many whole points.
    pub const fn whole(n: i64) -> Self {
        Self(n.saturating_mul(10))
    }
    /// In tenths.
    pub const fn in_tenths(self) -> i64 {
        self.0
    }
    /// As a number with one decimal.
    #[expect(clippy::cast_precision_loss, reason = "points are small")]
    pub fn number(self) -> f64 {
        self.0 as f64 / 10.0
    }
}

impl Add for Points {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Points {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

/// `89.2`, and `40` when there are no tenths.
impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "−" } else { "" };
        let (whole, tenth) = (self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10);
        match tenth {
            0 => write!(f, "{sign}{whole}"),
            tenth => write!(f, "{sign}{whole}.{tenth}"),
        }
    }
}

/// The two ends of a range: taken strictly, and in proportion.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ends<T> {
    /// What is sure: what is sampled counts in full or not at all.
    pub low: T,
    /// What is sampled counts in proportion.
    pub high: T,
}

impl<T: Clone> Ends<T> {
    /// Both ends the same.
    pub fn both(one: T) -> Self {
        Self { low: one.clone(), high: one }
    }
}

impl Sum for Ends<Points> {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self { low: sum.low + one.low, high: sum.high + one.high })
    }
}
