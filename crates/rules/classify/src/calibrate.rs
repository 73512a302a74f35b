//! From scores to confidences.

/// How steeply confidence follows the score when there were too few texts to measure it.
pub(crate) const CAUTIOUS: f32 = 1.5;

/// Confidences that sum to one.
pub(crate) fn confidences(scores: &[f32], steepness: f32) -> Vec<f32> {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let raised: Vec<f32> = scores.iter().map(|score| ((score - highest) * steepness).exp()).collect();
    let sum: f32 = raised.iter().sum();
    raised.into_iter().map(|value| value / sum).collect()
}

/// The steepness under which what happened was likeliest; `seen` holds the scores of texts that the scoring model had not learned from,
/// with the place of the right label. A golden-section search: the likelihood has one summit.
pub(crate) fn steepness(seen: &[(Vec<f32>, usize)]) -> f32 {
    if seen.len() < 20 {
        return CAUTIOUS;
    }
    let surprise = |steepness: f32| -> f64 {
        seen.iter()
            .map(|(scores, right)| {
                let given = confidences(scores, steepness).get(*right).copied().unwrap_or_default();
                -f64::from(given.max(1e-6)).ln()
            })
            .sum()
    };
    const GOLDEN: f32 = 0.618_034;
    let (mut low, mut high) = (0.1_f32, 12.0_f32);
    for _ in 0..32 {
        let (left, right) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
        if surprise(left) < surprise(right) {
            high = right;
        } else {
            low = left;
        }
    }
    f32::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_nine_times_of_ten_is_a_confidence_of_nine_tenths() {
        let seen: Vec<(Vec<f32>, usize)> = (0..100).map(|n| (vec![1.0, -1.0], usize::from(n % 10 == 0))).collect();
        let found = confidences(&[1.0, -1.0], steepness(&seen));
        assert!((found[0] - 0.9).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn few_texts_are_met_with_caution() {
        assert!((steepness(&[(vec![1.0, -1.0], 0)]) - CAUTIOUS).abs() < f32::EPSILON);
    }
}
