use std::collections::BTreeMap;

use kernel::{Day, Id, of};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// What a metric's number counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Things.
    Count,
    /// Basis points: 10,000 is 100 %.
    Ratio,
    /// Minutes of working time.
    WorkingMinutes,
    /// Minutes of wall-clock time.
    Minutes,
    /// Fen.
    Money,
    /// Hundredths of a mark: a rating of 4.35 is 435.
    Hundredths,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither.
    Neutral,
}

/// How a metric's number comes from the sums of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formula {
    /// The sum of a part.
    Sum(&'static str),
    /// First part ÷ second part in basis points, rounded half away from zero; no number when the second is zero.
    Ratio(&'static str, &'static str),
    /// First part (a sum) ÷ second part (a count) as a whole number, rounded half away from zero; no number when the count is
    /// zero.
    Mean(&'static str, &'static str),
    /// The value that `percent` % of the values counted into the histogram part do not exceed (see [`crate::bucket`]). No
    /// number when nothing is counted.
    Percentile {
        /// The part that holds the histogram.
        histogram: &'static str,
        /// 1 to 100.
        percent: u8,
    },
}

impl Formula {
    /// The parts that it needs.
    pub fn parts(&self) -> Vec<&'static str> {
        match *self {
            Self::Sum(part) | Self::Percentile { histogram: part, .. } => vec![part],
            Self::Ratio(a, b) | Self::Mean(a, b) => vec![a, b],
        }
    }
}

/// The definition of one number. Its words are `metric-<id>` and `metric-<id>-about`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetricDef {
    /// Lower-case letters, digits and hyphens, beginning with the capability: `cases-answered-in-time`.
    pub id: &'static str,
    /// What it counts in.
    pub unit: Unit,
    /// Which way is better.
    pub direction: Direction,
    /// How it comes from its parts.
    pub formula: Formula,
    /// The dimensions by which it can be broken down, one at a time; empty for percentiles.
    pub dimensions: &'static [&'static str],
    /// The list page with the filter that shows the records that are counted: `/cases?measure=answered`.
    pub records: &'static str,
}

impl MetricDef {
    /// The key of its name in the locales.
    pub fn name_key(&self) -> String {
        format!("metric-{}", self.id)
    }
    /// The key of its explanation in the locales.
    pub fn about_key(&self) -> String {
        format!("metric-{}-about", self.id)
    }
    /// The address of the list of the records behind a number: of one store or all in reach, of these days, of one value of a
    /// dimension or all.
    pub fn records_link(
        &self,
        store: Option<Id<of::Unit>>,
        days: (Day, Day),
        dimension: Option<(&str, &str)>,
    ) -> String {
        let mark = if self.records.contains('?') { '&' } else { '?' };
        let mut link = format!("{}{mark}from={}&to={}", self.records, days.0, days.1);
        if let Some(store) = store {
            link.push_str(&format!("&store={store}"));
        }
        if let Some((dimension, value)) = dimension {
            link.push_str(&format!("&{dimension}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
        }
        link
    }
}

/// Why a set of definitions is none. A defect of the program, found when it starts (and by a test).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DictionaryError {
    /// Two metrics with one id.
    #[error("two metrics are called {0}")]
    Twice(&'static str),
    /// An id that cannot be a key in the locales.
    #[error("the metric id {0} has other characters than a-z, 0-9 and -")]
    Id(&'static str),
    /// A percentile that is not between 1 and 100, or with dimensions: a histogram uses up the one dimension of a part.
    #[error("the percentile {0} must be between 1 and 100 and have no dimensions")]
    Percentile(&'static str),
    /// A part that one metric uses as a histogram and another as a sum.
    #[error("the part {0} is a histogram for one metric and a sum for another")]
    Part(&'static str),
}

/// All metrics of the program.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    metrics: BTreeMap<&'static str, MetricDef>,
}

impl Dictionary {
    /// The dictionary of `definitions`.
    ///
    /// # Errors
    /// When they contradict each other.
    pub fn new(definitions: impl IntoIterator<Item = MetricDef>) -> Result<Self, DictionaryError> {
        let mut metrics = BTreeMap::new();
        let mut histogram_parts = BTreeMap::new();
        for definition in definitions {
            let id = definition.id;
            if id.is_empty() || !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
                return Err(DictionaryError::Id(id));
            }
            let is_histogram = match definition.formula {
                Formula::Percentile { percent, .. }
                    if !(1..=100).contains(&percent) || !definition.dimensions.is_empty() =>
                {
                    return Err(DictionaryError::Percentile(id));
                }
                Formula::Percentile { .. } => true,
                Formula::Sum(_) | Formula::Ratio(..) | Formula::Mean(..) => false,
            };
            for part in definition.formula.parts() {
                if *histogram_parts.entry(part).or_insert(is_histogram) != is_histogram {
                    return Err(DictionaryError::Part(part));
                }
            }
            if metrics.insert(id, definition).is_some() {
                return Err(DictionaryError::Twice(id));
            }
        }
        Ok(Self { metrics })
    }
    /// The metric called `id`.
    pub fn get(&self, id: &str) -> Option<&MetricDef> {
        self.metrics.get(id)
    }
    /// All metrics by id.
    pub fn iter(&self) -> impl Iterator<Item = &MetricDef> {
        self.metrics.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(id: &'static str, formula: Formula, dimensions: &'static [&'static str]) -> MetricDef {
        MetricDef { id, unit: Unit::Count, direction: Direction::Up, formula, dimensions, records: "/cases?measure=x" }
    }

    #[test]
    fn contradictions_are_found_at_the_start() {
        let sum = |id| metric(id, Formula::Sum("p"), &["kind"]);
        let p90 = |dimensions| metric("b", Formula::Percentile { histogram: "h", percent: 90 }, dimensions);
        assert!(Dictionary::new([sum("a"), p90(&[])]).is_ok());
        assert_eq!(Dictionary::new([sum("a"), sum("a")]).unwrap_err(), DictionaryError::Twice("a"));
        assert_eq!(Dictionary::new([sum("a.b")]).unwrap_err(), DictionaryError::Id("a.b"));
        assert_eq!(Dictionary::new([p90(&["kind"])]).unwrap_err(), DictionaryError::Percentile("b"));
        let mixed = [p90(&[]), metric("c", Formula::Sum("h"), &[])];
        assert_eq!(Dictionary::new(mixed).unwrap_err(), DictionaryError::Part("h"));
    }

    #[test]
    fn a_number_opens_the_records_that_it_counts() {
        let days = ("2026-11-01".parse().unwrap(), "2026-11-30".parse().unwrap());
        let link =
            metric("a", Formula::Sum("p"), &["cause"]).records_link(Some(Id::new(7)), days, Some(("cause", "a&b 屏")));
        assert_eq!(link, "/cases?measure=x&from=2026-11-01&to=2026-11-30&store=7&cause=a%26b%20%E5%B1%8F");
    }
}
