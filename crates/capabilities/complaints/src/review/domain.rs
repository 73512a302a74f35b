//! Which complaints are drawn, and what marks come to; no I/O.

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Criterion {
    /// 中文.
    pub name_zh: String,
    /// English.
    pub name_en: String,
    /// How much it counts against the others.
    pub weight: i64,
}

impl Criterion {
    /// Its name in `locale`.
    pub fn name_in(&self, locale: &str) -> &str {
        if locale == "en" { &self.name_en } else { &self.name_zh }
    }
}

/// The most points that one criterion gives.
pub const MOST: i64 = 5;

/// What marks come to, in basis points of what could be reached; `None` when nothing applies. What does not apply does not count.
pub fn score(marks: &[(i64, Option<i64>)]) -> Option<i64> {
    let given = marks.iter().filter_map(|(weight, points)| points.map(|points| (*weight, points)));
    let (sum, most) = given.fold((0_i64, 0_i64), |(sum, most), (weight, points)| {
        (sum.saturating_add(weight.saturating_mul(points)), most.saturating_add(weight.saturating_mul(MOST)))
    });
    // Rounded half up.
    (most > 0).then(|| sum.saturating_mul(10_000).saturating_add(most / 2) / most)
}

/// `size` of `all`, drawn by `seed`, in the order of `all`. The same input draws the same sample (SplitMix64, Steele et al. 2014; a
/// shuffle from the front).
pub fn sample<T: Copy>(all: &[T], size: usize, seed: i64) -> Vec<T> {
    let mut state = u64::from_ne_bytes(seed.to_ne_bytes());
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let mut places: Vec<usize> = (0..all.len()).collect();
    let size = size.min(places.len());
    for at in 0..size {
        let left = u64::try_from(places.len() - at).unwrap_or(1);
        let ahead = usize::try_from(next() % left).unwrap_or_default();
        places.swap(at, at + ahead);
    }
    places.truncate(size);
    places.sort_unstable();
    places.into_iter().filter_map(|place| all.get(place).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same() {
        let all: Vec<i64> = (0..100).collect();
        let first = sample(&all, 7, 20_261_122);
        assert_eq!(first, sample(&all, 7, 20_261_122));
        assert_eq!(first.len(), 7);
        assert!(first.windows(2).all(|pair| pair[0] < pair[1]), "{first:?}");
        assert_ne!(first, sample(&all, 7, 20_261_123));
        assert_eq!(sample(&all, 200, -1), all);
        assert!(sample::<i64>(&[], 3, 1).is_empty());
    }

    #[test]
    fn each_is_drawn_about_as_often_as_the_others() {
        let all: Vec<usize> = (0..10).collect();
        let mut times = [0; 10];
        for seed in 0..2_000 {
            for one in sample(&all, 3, seed) {
                times[one] += 1;
            }
        }
        assert!(times.iter().all(|n| (500..700).contains(n)), "{times:?}");
    }

    #[test]
    fn what_does_not_apply_does_not_count() {
        assert_eq!(score(&[(20, Some(5)), (80, None)]), Some(10_000));
        assert_eq!(score(&[(50, Some(5)), (50, Some(0))]), Some(5_000));
        assert_eq!(score(&[(1, Some(1)), (2, Some(5))]), Some(7_333));
        assert_eq!(score(&[(10, None)]), None);
    }
}
