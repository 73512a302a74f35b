//! What was learned, and how it is kept.

use crate::calibrate::confidences;
use crate::grams::{Gram, counted, digest, runs};
use crate::reasons::{Reason, reasons};
use crate::text::{Sign, mix, signs};
use crate::train::{MOST_LABELS, Machines};

/// A label with its confidence and reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion<'m> {
    /// The likeliest label.
    pub label: &'m str,
    /// How likely it is right, from 0 to 1: of a hundred suggestions at 0.9 about ninety are right.
    pub confidence: f32,
    /// What spoke most for it, the strongest first; may be empty when only punctuation or length did.
    pub reasons: Vec<Reason>,
}

/// Tells labels apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    labels: Vec<String>,
    /// In order.
    grams: Vec<Gram>,
    /// Per run.
    rarity: Vec<f32>,
    /// Per run the weights of all machines, in steps of the machine.
    weights: Vec<i16>,
    /// Per machine: the size of a step, and the constant.
    machines: Vec<(f32, f32)>,
    steepness: f32,
}

/// Why bytes are not a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// Something else.
    #[error("this is not a model of texts")]
    NotOne,
    /// Made by a newer program.
    #[error("the model has version {found}; this program reads version {known}")]
    Version {
        /// Of the bytes.
        found: u16,
        /// Of this program.
        known: u16,
    },
    /// Cut off or changed.
    #[error("the model is damaged; learn it anew")]
    Damaged,
}

/// Natural logarithm of how much oftener than by chance two characters of one word stand in one text, plus one (rarities begin at one).
const COHESION: f32 = 2.2;

const MAGIC: [u8; 4] = *b"ACTC";

impl Model {
    /// Version of [`Self::to_bytes`].
    pub const VERSION: u16 = 1;

    pub(crate) fn new(
        labels: Vec<String>,
        grams: Vec<Gram>,
        rarity: &[f32],
        machines: &Machines,
        steepness: f32,
    ) -> Self {
        let steps: Vec<f32> = machines
            .each
            .iter()
            .map(|(weights, _)| {
                let largest = weights.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
                (largest / f32::from(i16::MAX)).max(f32::MIN_POSITIVE)
            })
            .collect();
        let mut weights = Vec::with_capacity(grams.len() * machines.each.len());
        for at in 0..grams.len() {
            for ((machine, _), step) in machines.each.iter().zip(&steps) {
                weights.push(whole(machine.get(at).copied().unwrap_or_default() / step));
            }
        }
        let machines = steps.into_iter().zip(machines.each.iter().map(|(_, constant)| *constant)).collect();
        Self { labels, grams, rarity: rarity.to_vec(), weights, machines, steepness }
    }

    /// The labels that can be answered, in order.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The likeliest label, when its confidence is at least `at_least` (0 to 1). `None` too for a text of which nothing is known.
    #[must_use]
    pub fn suggest(&self, text: &str, at_least: f32) -> Option<Suggestion<'_>> {
        let signs = signs(text);
        let features = self.features(&counted(&signs))?;
        let scores = self.scores(&features);
        let confidences = confidences(&scores, self.steepness);
        let (best, confidence) = highest(&confidences)?;
        if confidence < at_least {
            return None;
        }
        let label = self.labels.get(best)?;
        // Against the next likeliest label: what both share explains nothing.
        let other = highest_but(&scores, best)?;
        let length = features.length;
        let weighed = runs(&signs).filter_map(|(gram, place)| {
            let at = self.grams.binary_search(&gram).ok()?;
            let value = self.rarity.get(at)? / length;
            Some((place, value * (self.weight(at, best)? - self.weight(at, other)?)))
        });
        Some(Suggestion { label, confidence, reasons: reasons(text, &signs, weighed, |at| self.one_word(&signs, at)) })
    }

    /// Every label with its confidence, the likeliest first; they sum to one. For a text of which nothing is known, what remains without it.
    #[must_use]
    pub fn rank(&self, text: &str) -> Vec<(&str, f32)> {
        let features = self.features(&counted(&signs(text)));
        let scores = self.scores(&features.unwrap_or(Known { values: Vec::new(), length: 1.0 }));
        let mut ranked: Vec<(&str, f32)> =
            self.labels.iter().map(String::as_str).zip(confidences(&scores, self.steepness)).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        ranked
    }

    /// Whether the characters at `at` and behind it belong to one word: they stand together far more often than chance would have them.
    fn one_word(&self, signs: &[Sign], at: usize) -> bool {
        let rarity = |run: &[Sign]| self.rarity.get(self.grams.binary_search(&digest(run)).ok()?).copied();
        let together = signs.get(at..at + 2).and_then(|pair| {
            let (first, second) = pair.split_at_checked(1)?;
            Some(rarity(first)? + rarity(second)? - rarity(pair)?)
        });
        together.is_some_and(|together| together > COHESION)
    }

    fn features(&self, runs: &[(Gram, f32)]) -> Option<Known> {
        let values: Vec<(usize, f32)> = runs
            .iter()
            .filter_map(|(gram, count)| {
                let at = self.grams.binary_search(gram).ok()?;
                Some((at, count * self.rarity.get(at)?))
            })
            .collect();
        let length = values.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
        (length > 0.0).then_some(Known { values, length })
    }

    fn scores(&self, known: &Known) -> Vec<f32> {
        let mut sums = vec![0.0_f32; self.machines.len()];
        for (at, value) in &known.values {
            let from = at * self.machines.len();
            let weights = self.weights.get(from..from + self.machines.len()).unwrap_or_default();
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += value * f32::from(*weight);
            }
        }
        let scores: Vec<f32> = sums
            .into_iter()
            .zip(&self.machines)
            .map(|(sum, (step, constant))| sum / known.length * step + constant)
            .collect();
        match scores.as_slice() {
            [one] => vec![*one, -one],
            _ => scores,
        }
    }

    /// What the run at `at` speaks for `label`.
    fn weight(&self, at: usize, label: usize) -> Option<f32> {
        let machines = self.machines.len();
        let (machine, side) = if machines == 1 && label == 1 { (0, -1.0) } else { (label, 1.0) };
        let weight = self.weights.get(at * machines + machine)?;
        Some(f32::from(*weight) * self.machines.get(machine)?.0 * side)
    }

    /// For keeping: a mark, a version, the numbers in little-endian order, a checksum.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + self.grams.len() * 8 + self.weights.len() * 2);
        bytes.extend(MAGIC);
        bytes.extend(Self::VERSION.to_le_bytes());
        count(&mut bytes, self.labels.len());
        for label in &self.labels {
            count(&mut bytes, label.len());
            bytes.extend(label.as_bytes());
        }
        bytes.extend(self.steepness.to_le_bytes());
        for (step, constant) in &self.machines {
            bytes.extend(step.to_le_bytes());
            bytes.extend(constant.to_le_bytes());
        }
        count(&mut bytes, self.grams.len());
        self.grams.iter().for_each(|gram| bytes.extend(gram.to_le_bytes()));
        self.rarity.iter().for_each(|rarity| bytes.extend(rarity.to_le_bytes()));
        self.weights.iter().for_each(|weight| bytes.extend(weight.to_le_bytes()));
        bytes.extend(checksum(&bytes).to_le_bytes());
        bytes
    }

    /// The model that was kept.
    ///
    /// # Errors
    /// Bytes that are none, of another version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut reading = Reading(bytes);
        if reading.take(MAGIC.len()).ok() != Some(MAGIC.as_slice()) {
            return Err(ModelError::NotOne);
        }
        let found = u16::from_le_bytes(reading.array()?);
        if found != Self::VERSION {
            return Err(ModelError::Version { found, known: Self::VERSION });
        }
        let (body, sum) = bytes.split_last_chunk::<8>().ok_or(ModelError::Damaged)?;
        if checksum(body) != u64::from_le_bytes(*sum) {
            return Err(ModelError::Damaged);
        }
        let labels = reading.count()?;
        if !(2..=MOST_LABELS).contains(&labels) {
            return Err(ModelError::Damaged);
        }
        let labels: Vec<String> = (0..labels)
            .map(|_| {
                let length = reading.count()?;
                let label = std::str::from_utf8(reading.take(length)?);
                label.map(str::to_owned).map_err(|_broken| ModelError::Damaged)
            })
            .collect::<Result<_, _>>()?;
        let steepness = f32::from_le_bytes(reading.array()?);
        let machines = if labels.len() == 2 { 1 } else { labels.len() };
        let machines: Vec<(f32, f32)> = (0..machines)
            .map(|_| Ok((f32::from_le_bytes(reading.array()?), f32::from_le_bytes(reading.array()?))))
            .collect::<Result<_, ModelError>>()?;
        let size = reading.count()?;
        let grams = reading.many(size, Gram::from_le_bytes)?;
        let rarity = reading.many(size, f32::from_le_bytes)?;
        let cells = size.checked_mul(machines.len()).ok_or(ModelError::Damaged)?;
        let weights = reading.many(cells, i16::from_le_bytes)?;
        let ordered = grams.is_sorted_by(|a, b| a < b);
        let numbers = [steepness].into_iter().chain(machines.iter().flat_map(|(a, b)| [*a, *b])).chain(rarity.clone());
        if reading.0.len() != 8 || !ordered || !numbers.into_iter().all(f32::is_finite) {
            return Err(ModelError::Damaged);
        }
        Ok(Self { labels, grams, rarity, weights, machines, steepness })
    }
}

/// What of a text is known: place of the run and its value, and the length of all of them together.
struct Known {
    values: Vec<(usize, f32)>,
    length: f32,
}

fn highest(values: &[f32]) -> Option<(usize, f32)> {
    values.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
}

fn highest_but(values: &[f32], not: usize) -> Option<usize> {
    let others = values.iter().enumerate().filter(|(at, _)| *at != not);
    others.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0))).map(|(at, _)| at)
}

#[expect(clippy::cast_possible_truncation, reason = "a conversion to a whole number stays within its bounds")]
fn whole(value: f32) -> i16 {
    value.round() as i16
}

fn count(bytes: &mut Vec<u8>, count: usize) {
    bytes.extend(u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

fn checksum(bytes: &[u8]) -> u64 {
    bytes.chunks(8).fold(0, |sum, chunk| {
        let mut word = [0; 8];
        word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        mix(sum ^ u64::from_le_bytes(word)).wrapping_add(1)
    })
}

struct Reading<'b>(&'b [u8]);

impl<'b> Reading<'b> {
    fn take(&mut self, length: usize) -> Result<&'b [u8], ModelError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(ModelError::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(ModelError::Damaged)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn count(&mut self) -> Result<usize, ModelError> {
        usize::try_from(u32::from_le_bytes(self.array()?)).map_err(|_small| ModelError::Damaged)
    }

    fn many<T, const N: usize>(&mut self, count: usize, read: fn([u8; N]) -> T) -> Result<Vec<T>, ModelError> {
        let bytes = self.take(count.checked_mul(N).ok_or(ModelError::Damaged)?)?;
        Ok(bytes.chunks_exact(N).filter_map(|chunk| chunk.try_into().ok()).map(read).collect())
    }
}
