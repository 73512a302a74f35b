use std::fmt;
use std::ops::{Add, Neg, Sub};

use serde::{Deserialize, Serialize};

/// An amount of money in integer fen (分, 1/100 yuan). Arithmetic saturates, so an absurd sum stays absurd and never wraps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// From fen.
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }
    /// In fen, to bind into SQL.
    pub const fn fen(self) -> i64 {
        self.0
    }
}
impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}
impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}
impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}
impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}
impl fmt::Display for Money {
    /// `¥3,299.00`, with a true minus sign before the currency.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fen = self.0.unsigned_abs();
        let yuan = (fen / 100).to_string();
        let mut grouped = String::new();
        for (n, digit) in yuan.chars().enumerate() {
            if n > 0 && (yuan.len() - n).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        write!(f, "{}¥{grouped}.{:02}", if self.0 < 0 { "−" } else { "" }, fen % 100)
    }
}

/// A ratio in integer basis points: 10,000 is 100 %.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ratio(i64);

impl Ratio {
    /// From basis points.
    pub const fn from_basis_points(points: i64) -> Self {
        Self(points)
    }
    /// In basis points.
    pub const fn basis_points(self) -> i64 {
        self.0
    }
    /// `part ÷ whole`, rounded half away from zero; `None` when `whole` is zero.
    pub fn of(part: i64, whole: i64) -> Option<Self> {
        if whole == 0 {
            return None;
        }
        let (doubled, whole) = (i128::from(part) * 20_000, i128::from(whole));
        let rounded = (doubled + if (doubled < 0) == (whole < 0) { whole } else { -whole }) / (whole * 2);
        i64::try_from(rounded).ok().map(Self)
    }
}
impl fmt::Display for Ratio {
    /// `87.5%`, one decimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0.unsigned_abs() + 5) / 10;
        write!(f, "{}{}.{}%", if self.0 < 0 { "−" } else { "" }, tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_like_a_price() {
        assert_eq!(Money::from_fen(329_900).to_string(), "¥3,299.00");
        assert_eq!(Money::from_fen(-5).to_string(), "−¥0.05");
        assert_eq!(Money::from_fen(100_000_000).to_string(), "¥1,000,000.00");
    }

    #[test]
    fn ratios_round_half_away_from_zero() {
        assert_eq!(Ratio::of(1, 3).map(Ratio::basis_points), Some(3333));
        assert_eq!(Ratio::of(2, 3).map(Ratio::basis_points), Some(6667));
        assert_eq!(Ratio::of(-1, 20_000).map(Ratio::basis_points), Some(-1));
        assert_eq!(Ratio::of(1, 0), None);
        assert_eq!(Ratio::from_basis_points(8750).to_string(), "87.5%");
    }
}
