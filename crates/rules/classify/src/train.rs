//! Learning from examples.

use std::collections::BTreeMap;

use crate::calibrate::{CAUTIOUS, steepness};
use crate::grams::{Gram, counted};
use crate::model::Model;
use crate::solve::{Features, Problem, solve};
use crate::text::{fingerprint, signs};

/// How to learn.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// Texts in which a run must stand before it counts; 1 learns by heart what stands in one text only.
    pub seen_in: u32,
    /// Price of an error against simplicity. Higher follows the examples more closely.
    pub price: f32,
    /// How much more a rare label weighs: 0 not at all, 1 so that all labels weigh the same.
    pub balance: f32,
    /// Fewest texts that a model may be learned from.
    pub fewest: usize,
}

impl Default for Settings {
    /// Found by cross-validation on shop reviews.
    fn default() -> Self {
        Self { seen_in: 2, price: 0.5, balance: 0.5, fewest: 20 }
    }
}

/// Why nothing could be learned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// There are not enough texts with a label.
    #[error("{texts} texts with a label are too few, {fewest} are needed")]
    TooFew {
        /// There are.
        texts: usize,
        /// Needed.
        fewest: usize,
    },
    /// All texts have the same label.
    #[error("all texts have the label {label:?}; there is nothing to tell apart")]
    OneLabel {
        /// The label.
        label: String,
    },
    /// More labels than can be told apart by a model of sensible size.
    #[error("{labels} different labels are too many, {most} can be learned")]
    TooManyLabels {
        /// There are.
        labels: usize,
        /// Possible.
        most: usize,
    },
    /// No run of characters stands in enough texts.
    #[error("the texts have nothing in common to learn from")]
    NothingCommon,
}

/// Most labels of a model.
pub const MOST_LABELS: usize = 200;
/// Parts into which the texts are cut to measure confidence.
const FOLDS: u64 = 3;
/// Added to every count before a ratio is taken, so that a run never seen with a label is unlikely but not impossible.
const SMOOTHING: f32 = 0.5;

/// Takes examples one by one; keeps the digests of their runs, not the texts.
#[derive(Debug, Default)]
pub struct Trainer {
    examples: Vec<Example>,
    labels: BTreeMap<String, usize>,
}

#[derive(Debug)]
struct Example {
    runs: Vec<(Gram, f32)>,
    label: usize,
    fold: u64,
}

impl Trainer {
    /// Without examples.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One more example. A text without any character, or a label that is empty, is passed over.
    pub fn add(&mut self, text: &str, label: &str) {
        let runs = counted(&signs(text));
        if runs.is_empty() || label.is_empty() {
            return;
        }
        let next = self.labels.len();
        let label = *self.labels.entry(label.to_owned()).or_insert(next);
        // Copies of a text stay together, or confidence would be measured on what was learned by heart.
        self.examples.push(Example { runs, label, fold: crate::text::mix(fingerprint(text)) % FOLDS });
    }

    /// Examples taken.
    #[must_use]
    pub fn len(&self) -> usize {
        self.examples.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.examples.is_empty()
    }

    /// Learns. About a second for 10,000 reviews and two labels.
    ///
    /// # Errors
    /// Too few texts, fewer than two labels or more than [`MOST_LABELS`], or texts without anything in common.
    pub fn finish(self, settings: &Settings) -> Result<Model, TrainError> {
        let texts = self.examples.len();
        if texts < settings.fewest {
            return Err(TrainError::TooFew { texts, fewest: settings.fewest });
        }
        if let (1, Some(label)) = (self.labels.len(), self.labels.keys().next()) {
            return Err(TrainError::OneLabel { label: label.clone() });
        }
        if self.labels.len() > MOST_LABELS {
            return Err(TrainError::TooManyLabels { labels: self.labels.len(), most: MOST_LABELS });
        }
        let Self { examples, labels } = self;
        let vocabulary = Vocabulary::of(&examples, settings.seen_in);
        if vocabulary.grams.is_empty() {
            return Err(TrainError::NothingCommon);
        }
        // In the order of their names, so that the order of the examples does not show in the model's labels.
        let mut places = vec![0; labels.len()];
        for (place, at) in labels.values().enumerate() {
            if let Some(slot) = places.get_mut(*at) {
                *slot = place;
            }
        }
        let rows: Vec<Row> = examples
            .into_iter()
            .map(|example| Row {
                features: vocabulary.features(&example.runs),
                label: places.get(example.label).copied().unwrap_or_default(),
                fold: example.fold,
            })
            .collect();
        let columns = vocabulary.grams.len();
        let all: Vec<&Row> = rows.iter().collect();
        let machines = Machines::learn(&all, labels.len(), columns, settings);
        let steepness = measured(&rows, labels.len(), columns, settings);
        Ok(Model::new(labels.into_keys().collect(), vocabulary.grams, &vocabulary.rarity, &machines, steepness))
    }
}

struct Row {
    features: Features,
    label: usize,
    fold: u64,
}

/// The runs that count, in order, and how rare each is.
struct Vocabulary {
    grams: Vec<Gram>,
    rarity: Vec<f32>,
}

impl Vocabulary {
    fn of(examples: &[Example], seen_in: u32) -> Self {
        let mut all: Vec<Gram> =
            examples.iter().flat_map(|example| example.runs.iter().map(|(gram, _)| *gram)).collect();
        all.sort_unstable();
        let (mut grams, mut rarity) = (Vec::new(), Vec::new());
        let texts = examples.len() as f32;
        for same in all.chunk_by(|a, b| a == b) {
            if let Some(gram) = same.first().filter(|_| same.len() >= seen_in as usize) {
                grams.push(*gram);
                rarity.push(((1.0 + texts) / (1.0 + same.len() as f32)).ln() + 1.0);
            }
        }
        Self { grams, rarity }
    }

    /// Columns and values of a text, of length one.
    fn features(&self, runs: &[(Gram, f32)]) -> Features {
        let mut features: Features = runs
            .iter()
            .filter_map(|(gram, count)| {
                let at = self.grams.binary_search(gram).ok()?;
                Some((u32::try_from(at).ok()?, count * self.rarity.get(at)?))
            })
            .collect();
        let length = features.iter().map(|(_, value)| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        for (_, value) in &mut features {
            *value /= length;
        }
        features
    }
}

/// One machine per label; of two labels the second is the opposite of the first.
pub(crate) struct Machines {
    /// Weights per column, and the constant.
    pub(crate) each: Vec<(Vec<f32>, f32)>,
}

impl Machines {
    fn learn(rows: &[&Row], labels: usize, columns: usize, settings: &Settings) -> Self {
        let features: Vec<&Features> = rows.iter().map(|row| &row.features).collect();
        let machines = if labels == 2 { 1 } else { labels };
        let each = (0..machines)
            .map(|label| {
                let wanted: Vec<bool> = rows.iter().map(|row| row.label == label).collect();
                let with = wanted.iter().filter(|wanted| **wanted).count();
                if with == 0 || with == rows.len() {
                    return (vec![0.0; columns], if with == 0 { -1.0 } else { 1.0 });
                }
                let (with, without) = (with as f32, (rows.len() - with) as f32);
                let scale = ratios(&features, &wanted, columns);
                let price = (settings.price * (without / with).powf(settings.balance), settings.price);
                solve(&Problem { rows: &features, wanted: &wanted, scale: &scale, price })
            })
            .collect();
        Self { each }
    }

    fn scores(&self, features: &Features) -> Vec<f32> {
        let scores: Vec<f32> = self
            .each
            .iter()
            .map(|(weights, constant)| {
                let sum = features.iter().filter_map(|(column, value)| Some(weights.get(*column as usize)? * value));
                constant + sum.sum::<f32>()
            })
            .collect();
        match scores.as_slice() {
            [one] => vec![*one, -one],
            _ => scores,
        }
    }
}

/// How differently a column stands in texts with the label and without: the root of the log-count ratio's size.
fn ratios(rows: &[&Features], wanted: &[bool], columns: usize) -> Vec<f32> {
    let mut counts = vec![(SMOOTHING, SMOOTHING); columns];
    let (mut with, mut without) = (2.0 * SMOOTHING, 2.0 * SMOOTHING);
    for (row, wanted) in rows.iter().zip(wanted) {
        if *wanted {
            with += 1.0;
        } else {
            without += 1.0;
        }
        for (column, _) in row.iter() {
            if let Some(count) = counts.get_mut(*column as usize) {
                if *wanted {
                    count.0 += 1.0;
                } else {
                    count.1 += 1.0;
                }
            }
        }
    }
    counts.into_iter().map(|(a, b)| ((a / with) / (b / without)).ln().abs().sqrt()).collect()
}

/// Each part of the texts is scored by machines that learned from the others.
fn measured(rows: &[Row], labels: usize, columns: usize, settings: &Settings) -> f32 {
    let mut seen = Vec::with_capacity(rows.len());
    for fold in 0..FOLDS {
        let (asked, learned): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.fold == fold);
        if asked.is_empty() || learned.is_empty() {
            return CAUTIOUS;
        }
        let machines = Machines::learn(&learned, labels, columns, settings);
        seen.extend(asked.into_iter().map(|row| (machines.scores(&row.features), row.label)));
    }
    steepness(&seen)
}
