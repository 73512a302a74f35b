use std::collections::BTreeMap;

use kernel::{Day, Id, Ratio, of};

use crate::definition::{Formula, MetricDef};
use crate::histogram::{bounds, percentile};

/// What is asked of a metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// Over these stores; a region or the company is the list of its stores. None means nothing.
    pub stores: Vec<Id<of::Unit>>,
    /// From this day on.
    pub from: Day,
    /// Up to and with this day.
    pub to: Day,
    /// One number, or one per what.
    pub by: By,
}

/// How a metric is broken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// One number over all.
    Total,
    /// A number for every day of the slice.
    Day,
    /// A number for every store of the slice.
    Store,
    /// A number for every value of this dimension that was counted.
    Dimension(&'static str),
}

/// What one number of a breakdown is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// All.
    Total,
    /// This day.
    Day(Day),
    /// This store.
    Store(Id<of::Unit>),
    /// This value of the dimension asked for.
    Value(String),
}

/// A number as it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// In the metric's unit.
    pub n: i64,
    /// True when it is an estimate (a percentile from a histogram), which must not look exact.
    pub estimated: bool,
    /// The lowest and highest that it can truly be; both `n` when it is exact.
    pub range: (i64, i64),
}

impl Reading {
    const fn exact(n: i64) -> Self {
        Self { n, estimated: false, range: (n, n) }
    }
}

/// One number of a breakdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What it is for.
    pub key: Key,
    /// The sums that it comes from, so that a page can say "34 of 40"; of a histogram, how many values were counted.
    pub parts: BTreeMap<&'static str, i64>,
    /// The number; `None` when there is none (nothing was counted that it could be a share or a mean of).
    pub value: Option<Reading>,
}

/// The sums behind one point: by part, and by bucket where the part is a histogram.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub plain: BTreeMap<String, i64>,
    pub buckets: BTreeMap<String, BTreeMap<u16, i64>>,
}

impl Sums {
    pub fn add(&mut self, part: &str, bucket: &str, n: i64) {
        let sum = match bucket.parse() {
            Ok(bucket) => self.buckets.entry(part.to_owned()).or_default().entry(bucket).or_default(),
            Err(_) => self.plain.entry(part.to_owned()).or_default(),
        };
        *sum = sum.saturating_add(n);
    }
    fn of(&self, part: &str) -> i64 {
        self.plain.get(part).copied().unwrap_or(0)
    }
}

impl MetricDef {
    /// The metric's point for `key` out of `sums`.
    pub(crate) fn point(&self, key: Key, sums: &Sums) -> Point {
        let mut parts = BTreeMap::new();
        let value = match self.formula {
            Formula::Sum(part) => {
                parts.insert(part, sums.of(part));
                Some(Reading::exact(sums.of(part)))
            }
            Formula::Ratio(part, whole) => {
                parts.extend([(part, sums.of(part)), (whole, sums.of(whole))]);
                Ratio::of(sums.of(part), sums.of(whole)).map(|ratio| Reading::exact(ratio.basis_points()))
            }
            Formula::Mean(sum, count) => {
                parts.extend([(sum, sums.of(sum)), (count, sums.of(count))]);
                divide(sums.of(sum), sums.of(count)).map(Reading::exact)
            }
            Formula::Percentile { histogram, percent } => {
                let counts = sums.buckets.get(histogram);
                let counts = counts.into_iter().flatten().map(|(bucket, n)| (*bucket, *n));
                parts.insert(histogram, counts.clone().map(|(_, n)| n).fold(0, i64::saturating_add));
                percentile(counts, percent).map(|bucket| {
                    let (low, high) = bounds(bucket);
                    Reading { n: low + (high - low) / 2, estimated: low < high, range: (low, high) }
                })
            }
        };
        Point { key, parts, value }
    }
}

/// `sum ÷ count`, rounded half away from zero; `None` when `count` is zero.
fn divide(sum: i64, count: i64) -> Option<i64> {
    if count == 0 {
        return None;
    }
    let (doubled, count) = (i128::from(sum) * 2, i128::from(count));
    let rounded = (doubled + if (doubled < 0) == (count < 0) { count } else { -count }) / (count * 2);
    i64::try_from(rounded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Direction, Unit};

    fn point(formula: Formula, sums: &[(&str, &str, i64)]) -> Point {
        let metric =
            MetricDef { id: "m", unit: Unit::Count, direction: Direction::Up, formula, dimensions: &[], records: "/x" };
        let mut all = Sums::default();
        sums.iter().for_each(|(part, bucket, n)| all.add(part, bucket, *n));
        metric.point(Key::Total, &all)
    }

    #[test]
    fn a_share_of_nothing_is_no_number_but_a_sum_of_nothing_is_zero() {
        assert_eq!(point(Formula::Sum("a"), &[]).value, Some(Reading::exact(0)));
        assert_eq!(point(Formula::Ratio("a", "b"), &[]).value, None);
        assert_eq!(point(Formula::Mean("a", "b"), &[]).value, None);
        assert_eq!(point(Formula::Percentile { histogram: "h", percent: 50 }, &[]).value, None);
    }

    #[test]
    fn ratios_and_means_round_half_away_from_zero() {
        assert_eq!(point(Formula::Ratio("a", "b"), &[("a", "", 1), ("b", "", 3)]).value, Some(Reading::exact(3333)));
        assert_eq!(point(Formula::Mean("a", "b"), &[("a", "", 5), ("b", "", 2)]).value, Some(Reading::exact(3)));
        assert_eq!(point(Formula::Mean("a", "b"), &[("a", "", -5), ("b", "", 2)]).value, Some(Reading::exact(-3)));
        assert_eq!(point(Formula::Mean("a", "b"), &[("a", "", 7), ("b", "", 3)]).value, Some(Reading::exact(2)));
    }

    #[test]
    fn a_percentile_says_that_it_is_estimated_and_how_far() {
        let h = point(Formula::Percentile { histogram: "h", percent: 90 }, &[("h", "003", 9), ("h", "024", 1)]);
        assert_eq!(h.value, Some(Reading::exact(3)));
        let h = point(Formula::Percentile { histogram: "h", percent: 100 }, &[("h", "003", 9), ("h", "024", 1)]);
        assert_eq!(h.value, Some(Reading { n: 33, estimated: true, range: (32, 35) }));
        assert_eq!(h.parts, BTreeMap::from([("h", 10)]));
    }
}
