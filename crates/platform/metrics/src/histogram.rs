//! Histograms for percentiles: whole numbers fall into buckets that grow with the number, eight to each doubling, so a
//! percentile is right to within 1/16 of itself however wide the numbers spread, and two histograms add up.

/// The dimension under which a histogram part keeps its buckets.
pub const BUCKET: &str = "bucket";

/// Numbers below this have a bucket of their own.
const EXACT: i64 = 16;
/// log₂ of [`EXACT`].
const EXACT_BITS: u32 = 4;
/// log₂ of the buckets per doubling.
const SUB_BITS: u32 = 3;

/// The bucket that `value` falls into; negative values count as zero.
pub fn bucket(value: i64) -> u16 {
    let value = value.max(0);
    if value < EXACT {
        return u16::try_from(value).unwrap_or(0);
    }
    let exponent = i64::BITS - 1 - value.leading_zeros();
    let sub = (value >> (exponent - SUB_BITS)) & ((1 << SUB_BITS) - 1);
    let bucket = EXACT + i64::from((exponent - EXACT_BITS) << SUB_BITS) + sub;
    u16::try_from(bucket).unwrap_or(u16::MAX)
}

/// The lowest and highest number that fall into `bucket`.
pub fn bounds(bucket: u16) -> (i64, i64) {
    let bucket = i64::from(bucket);
    if bucket < EXACT {
        return (bucket, bucket);
    }
    let above = bucket - EXACT;
    let shift = above >> SUB_BITS;
    let sub = above & ((1 << SUB_BITS) - 1);
    let width = 1_i64.checked_shl(u32::try_from(shift + 1).unwrap_or(u32::MAX)).unwrap_or(i64::MAX);
    let low = ((1 << SUB_BITS) + sub).saturating_mul(width);
    (low, low.saturating_add(width - 1))
}

/// The bucket as the value of a dimension; sorts as text.
pub(crate) fn bucket_label(value: i64) -> String {
    format!("{:03}", bucket(value))
}

/// The bucket that `percent` % of what is counted does not exceed; `None` when nothing is counted. `counts` in bucket order.
pub(crate) fn percentile(counts: impl Iterator<Item = (u16, i64)> + Clone, percent: u8) -> Option<u16> {
    let total: i128 = counts.clone().map(|(_, n)| i128::from(n)).sum();
    if total <= 0 {
        return None;
    }
    let rank = (total * i128::from(percent) + 99) / 100;
    let mut below = 0;
    for (bucket, n) in counts {
        below += i128::from(n);
        if below >= rank.max(1) {
            return Some(bucket);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn buckets_join_without_gap_or_overlap() {
        let mut next = 0;
        for n in 0..=bucket(i64::MAX) {
            let (low, high) = bounds(n);
            assert_eq!(low, next, "bucket {n}");
            assert_eq!((bucket(low), bucket(high)), (n, n));
            if high == i64::MAX {
                assert_eq!(n, bucket(i64::MAX));
                return;
            }
            next = high + 1;
        }
        panic!("the last bucket ends below the largest number");
    }

    proptest! {
        #[test]
        fn a_percentile_is_near_the_true_one(mut values in prop::collection::vec(0_i64..5_000_000, 1..200), percent in 1_u8..=100) {
            let mut counts = BTreeMap::new();
            for value in &values {
                *counts.entry(bucket(*value)).or_insert(0) += 1;
            }
            values.sort_unstable();
            let rank = (values.len() * usize::from(percent)).div_ceil(100).max(1);
            let (low, high) = bounds(percentile(counts.iter().map(|(bucket, n)| (*bucket, *n)), percent).unwrap());
            prop_assert!((low..=high).contains(&values[rank - 1]));
            prop_assert!(high - low <= low / 8);
        }
    }
}
