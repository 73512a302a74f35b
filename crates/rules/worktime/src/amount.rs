use std::ops::{Add, Neg, Sub};

use serde::{Deserialize, Serialize};

/// A length of time in milliseconds; negative means backwards or overdue. Arithmetic saturates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// No time.
    pub const ZERO: Self = Self(0);
    /// One minute.
    pub const MINUTE: Self = Self(60_000);
    /// One hour.
    pub const HOUR: Self = Self(3_600_000);

    /// `n` minutes.
    pub const fn minutes(n: i64) -> Self {
        Self(n.saturating_mul(Self::MINUTE.0))
    }
    /// `n` hours.
    pub const fn hours(n: i64) -> Self {
        Self(n.saturating_mul(Self::HOUR.0))
    }
}
impl Add for Millis {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}
impl Sub for Millis {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}
impl Neg for Millis {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}
impl std::iter::Sum for Millis {
    fn sum<I: Iterator<Item = Self>>(lengths: I) -> Self {
        lengths.fold(Self::ZERO, Add::add)
    }
}

/// A share in integer basis points: 10,000 is the whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BasisPoints(pub i64);

impl BasisPoints {
    /// All of it.
    pub const WHOLE: Self = Self(10_000);

    /// `part ÷ whole`, rounded down. The share of nothing is the whole: an allowance of zero is used up at once.
    pub(crate) fn of(part: Millis, whole: Millis) -> Self {
        if whole.0 <= 0 {
            return Self::WHOLE;
        }
        let points = i128::from(part.0) * i128::from(Self::WHOLE.0) / i128::from(whole.0);
        Self(i64::try_from(points).unwrap_or(i64::MAX))
    }
    /// This share of `whole`, rounded up to the millisecond, so that a threshold is never announced early.
    pub(crate) fn share_of(self, whole: Millis) -> Millis {
        let scaled = i128::from(whole.0) * i128::from(self.0);
        let unit = i128::from(Self::WHOLE.0);
        Millis(i64::try_from(scaled.div_euclid(unit) + i128::from(scaled.rem_euclid(unit) != 0)).unwrap_or(i64::MAX))
    }
}
