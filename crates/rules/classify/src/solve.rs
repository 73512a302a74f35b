//! One linear support vector machine.
#![expect(
    clippy::indexing_slicing,
    reason = "columns and rows are numbered by the caller's own vocabulary; checks cost a third of the time"
)]

/// Column and value of the features that a text has.
pub(crate) type Features = Vec<(u32, f32)>;

/// What `solve` learns from.
pub(crate) struct Problem<'a> {
    /// One per text.
    pub(crate) rows: &'a [&'a Features],
    /// Whether the text has the label.
    pub(crate) wanted: &'a [bool],
    /// Each column's factor.
    pub(crate) scale: &'a [f32],
    /// Price of an error, for texts with the label and without.
    pub(crate) price: (f32, f32),
}

const MOST_ROUNDS: usize = 30;
/// A round that moves nothing by more is the last one.
const STILL: f32 = 0.02;

/// Weights per column, already multiplied by the column's factor, and the constant: dual coordinate descent for the squared hinge loss
/// (Hsieh, Chang, Lin, Keerthi, Sundararajan: A Dual Coordinate Descent Method for Large-scale Linear SVM, ICML 2008, algorithm 1).
pub(crate) fn solve(problem: &Problem<'_>) -> (Vec<f32>, f32) {
    let Problem { rows, wanted, scale, price } = *problem;
    let mut weights = vec![0.0_f32; scale.len()];
    let mut constant = 0.0_f32;
    let mut alphas = vec![0.0_f32; rows.len()];
    let lengths: Vec<f32> = rows
        .iter()
        .map(|row| 1.0 + row.iter().map(|(column, value)| (value * scale[*column as usize]).powi(2)).sum::<f32>())
        .collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut dice = Dice(1);
    for _ in 0..MOST_ROUNDS {
        dice.shuffle(&mut order);
        let mut furthest = 0.0_f32;
        for &at in &order {
            let (side, price) = if wanted[at] { (1.0, price.0) } else { (-1.0, price.1) };
            let slack = 0.5 / price;
            let mut score = constant;
            for &(column, value) in rows[at] {
                score += weights[column as usize] * value * scale[column as usize];
            }
            let gradient = side * score - 1.0 + slack * alphas[at];
            let step = if alphas[at] > 0.0 { gradient } else { gradient.min(0.0) };
            furthest = furthest.max(step.abs());
            if step.abs() < 1e-6 {
                continue;
            }
            let alpha = (alphas[at] - gradient / (lengths[at] + slack)).max(0.0);
            let moved = (alpha - alphas[at]) * side;
            alphas[at] = alpha;
            for &(column, value) in rows[at] {
                weights[column as usize] += moved * value * scale[column as usize];
            }
            constant += moved;
        }
        if furthest < STILL {
            break;
        }
    }
    for (weight, factor) in weights.iter_mut().zip(scale) {
        *weight *= factor;
    }
    (weights, constant)
}

/// The same throws every time: the order must vary between rounds, but never between runs.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(crate::text::mix(self.0) % bound).unwrap_or_default()
    }

    fn shuffle(&mut self, order: &mut [usize]) {
        for at in (1..order.len()).rev() {
            let other = self.below(at + 1);
            order.swap(at, other);
        }
    }
}
