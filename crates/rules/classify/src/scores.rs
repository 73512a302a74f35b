//! How well a model does on texts whose labels are known.

use std::collections::BTreeMap;

/// Counts right and wrong answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scores {
    classes: BTreeMap<String, Counts>,
    texts: u64,
    right: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    right: u64,
    texts: u64,
    answered: u64,
}

/// One label's part.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassScore<'s> {
    /// The label.
    pub label: &'s str,
    /// Texts that have it.
    pub texts: u64,
    /// Of the answers with this label, how many were right (0 to 1).
    pub precision: f64,
    /// Of the texts with this label, how many were found (0 to 1).
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
}

impl Scores {
    /// One more text: the label it has, and the one that was answered.
    pub fn add(&mut self, is: &str, answered: &str) {
        self.texts += 1;
        self.class(is).texts += 1;
        self.class(answered).answered += 1;
        if is == answered {
            self.right += 1;
            self.class(is).right += 1;
        }
    }

    fn class(&mut self, label: &str) -> &mut Counts {
        self.classes.entry(label.to_owned()).or_default()
    }

    /// Texts counted.
    #[must_use]
    pub fn texts(&self) -> u64 {
        self.texts
    }

    /// Share of right answers, 0 to 1.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        share(self.right, self.texts)
    }

    /// Mean of the labels' F1, each label weighing the same; over the labels that texts have or answers named.
    #[must_use]
    pub fn macro_f1(&self) -> f64 {
        let sum: f64 = self.classes().map(|class| class.f1).sum();
        sum / (self.classes.len().max(1) as f64)
    }

    /// Each label, in order.
    pub fn classes(&self) -> impl Iterator<Item = ClassScore<'_>> {
        self.classes.iter().map(|(label, counts)| ClassScore {
            label,
            texts: counts.texts,
            precision: share(counts.right, counts.answered),
            recall: share(counts.right, counts.texts),
            f1: share(2 * counts.right, counts.texts + counts.answered),
        })
    }
}

fn share(part: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let mut scores = Scores::default();
        for (is, answered) in [("a", "a"), ("a", "a"), ("a", "b"), ("b", "b"), ("c", "a")] {
            scores.add(is, answered);
        }
        assert_eq!(scores.texts(), 5);
        assert!((scores.accuracy() - 0.6).abs() < 1e-9);
        let f1: Vec<f64> = scores.classes().map(|class| class.f1).collect();
        assert!((f1[0] - 2.0 / 3.0).abs() < 1e-9 && (f1[1] - 2.0 / 3.0).abs() < 1e-9 && f1[2] == 0.0, "{f1:?}");
        assert!((scores.macro_f1() - 4.0 / 9.0).abs() < 1e-9);
        assert!(Scores::default().macro_f1() == 0.0);
    }
}
