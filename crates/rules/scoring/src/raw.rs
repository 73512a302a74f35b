//! The shape of a scheme's file, as it is read. Unknown keys are errors.

use serde::Deserialize;

use crate::scheme::{Combine, Mark, Name, Per, Structure};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub scheme: Head,
    #[serde(default)]
    pub special: Special,
    #[serde(default)]
    pub level: Vec<Level>,
    #[serde(default)]
    pub fails: Vec<Fails>,
    #[serde(default)]
    pub source: Vec<crate::scheme::Source>,
    #[serde(default)]
    pub record: Vec<Record>,
    #[serde(default)]
    pub indicator: Vec<Indicator>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    pub code: String,
    pub version: String,
    pub zh: String,
    pub en: String,
    pub from: jiff::civil::Date,
    pub until: Option<jiff::civil::Date>,
    pub total: Tenths,
    pub note_zh: Option<String>,
    pub note_en: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Special {
    #[serde(default)]
    pub deduction: Tenths,
    #[serde(default)]
    pub bonus: Tenths,
    #[serde(default)]
    pub most_bonuses: u32,
    #[serde(default)]
    pub cause: Vec<Cause>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cause {
    pub code: String,
    pub zh: String,
    pub en: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Level {
    pub code: String,
    pub zh: String,
    pub en: String,
    pub from: Tenths,
    pub stars: u8,
    pub mark: Mark,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fails {
    pub deductions: Option<u32>,
    pub clause: Option<String>,
    pub below: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    pub name: String,
    pub zh: String,
    pub en: String,
    pub per: Per,
    pub days: Option<u32>,
    pub needs: Option<u32>,
    pub percent: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Indicator {
    pub clause: String,
    #[serde(default)]
    pub parent: String,
    pub zh: String,
    pub en: String,
    pub points: Tenths,
    pub mark: Mark,
    #[serde(default)]
    pub structure: Option<Structure>,
    #[serde(default)]
    pub sources: Vec<String>,
    pub scoring: Option<Scoring>,
    #[serde(default)]
    pub band: Vec<Band>,
    #[serde(default)]
    pub may_leave: bool,
    #[serde(default)]
    pub combine: Option<Combine>,
    #[serde(default)]
    pub part: Vec<Part>,
    pub rule_zh: Option<String>,
    pub rule_en: Option<String>,
    pub attach_zh: Option<String>,
    pub attach_en: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scoring {
    All,
    Share,
    Bands,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Band {
    pub from: u32,
    pub gives: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    pub metric: Option<String>,
    pub of: Option<String>,
    #[serde(rename = "where")]
    pub narrowed: Option<(String, String)>,
    pub days: Option<u32>,
    pub at_least: Option<i64>,
    pub at_most: Option<Hundredths>,
    pub full_at: Option<Hundredths>,
    pub record: Option<String>,
    #[serde(default)]
    pub met: bool,
    pub fact: Option<String>,
}

/// Points of a file: whole or with one decimal.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(try_from = "f64")]
pub(crate) struct Tenths(pub i64);

/// Per cent with at most two decimals, as basis points.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "f64")]
pub(crate) struct Hundredths(pub i64);

impl TryFrom<f64> for Tenths {
    type Error = String;
    fn try_from(typed: f64) -> Result<Self, String> {
        exact(typed, 10.0)
            .map(Self)
            .ok_or_else(|| format!("{typed} is no number of points: 0 to 10000, tenths at the finest"))
    }
}

impl TryFrom<f64> for Hundredths {
    type Error = String;
    fn try_from(typed: f64) -> Result<Self, String> {
        exact(typed, 100.0)
            .map(Self)
            .ok_or_else(|| format!("{typed} is no share in per cent with at most two decimals"))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "bounded just before")]
fn exact(typed: f64, by: f64) -> Option<i64> {
    let scaled = (typed * by).round();
    ((0.0..=10_000.0).contains(&typed) && (scaled - typed * by).abs() < 1e-6).then_some(scaled as i64)
}

impl From<Cause> for (String, Name) {
    fn from(one: Cause) -> Self {
        (one.code, Name { zh: one.zh, en: one.en })
    }
}
