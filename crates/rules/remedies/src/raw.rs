//! The shapes of the rule files, as they are read. Unknown keys are errors.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::day::Day;
use crate::words::{Confidence, Extra, Layer, Phase, Remedy};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LawFile {
    pub(crate) version: String,
    pub(crate) source: Vec<Source>,
    pub(crate) remedy: Vec<RemedyKind>,
}

/// Where rules come from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its code, the first part of a clause.
    pub id: String,
    /// Its name in Chinese.
    pub title: String,
    /// In force since.
    pub from: Day,
    /// How sure its text is.
    pub confidence: Confidence,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemedyKind {
    pub(crate) code: Remedy,
    pub(crate) kind: Kind,
    pub(crate) payer: String,
}

/// What a lost invoice is weighed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Refund,
    Exchange,
    Repair,
    Distance,
    Paid,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CategoryFile {
    pub(crate) category: Vec<Category>,
}

/// A category of goods.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its code.
    pub id: String,
    /// Its name in Chinese.
    pub name: String,
    pub(crate) regime: String,
    #[serde(default)]
    pub(crate) cite: Vec<String>,
    pub(crate) from: Day,
    pub(crate) start_before_switch: Option<Vec<String>>,
    pub(crate) whole_unit_months: Option<i32>,
    pub(crate) whole_unit_km: Option<u32>,
    #[serde(default)]
    pub(crate) main_parts: Vec<Part>,
    #[serde(default)]
    pub(crate) accessories: Vec<Part>,
    #[serde(default)]
    pub(crate) software: Vec<Part>,
    pub(crate) daily_rate_per_100k: Option<u32>,
    pub(crate) durable: bool,
    /// How sure the entry is.
    pub confidence: Confidence,
}

/// A part or accessory that has its own validity.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its code.
    pub name: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Validity in months.
    pub months: i32,
}

impl Category {
    /// Its parts and accessories.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.main_parts.iter().chain(&self.accessories).chain(&self.software)
    }
}

/// A set of rules: what holds for all goods, a product rule, or the terms of a layer above the law.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFile {
    pub(crate) id: String,
    pub(crate) source: Option<String>,
    #[serde(default)]
    pub(crate) cite: Vec<String>,
    #[serde(default)]
    pub(crate) start: Vec<Start>,
    pub(crate) proof: Option<ProofTable>,
    #[serde(default)]
    pub(crate) window: Vec<Window>,
    #[serde(default)]
    pub(crate) rule: Vec<Rule>,
    #[serde(default)]
    pub(crate) clock: Vec<Clock>,
    // Only in layers above the law.
    pub(crate) layer: Option<Layer>,
    pub(crate) payer: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Start {
    pub(crate) latest_of: Vec<String>,
    pub(crate) cite: Vec<String>,
    pub(crate) from: Option<Day>,
    pub(crate) to: Option<Day>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProofTable {
    pub(crate) provable: Vec<Kind>,
    pub(crate) serial_only: Vec<Kind>,
    pub(crate) cite: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Window {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) cite: Vec<String>,
    pub(crate) days: Option<u32>,
    pub(crate) months: Option<i32>,
    pub(crate) months_of: Option<MonthsOf>,
    pub(crate) km: Option<u32>,
    pub(crate) from: Vec<String>,
    #[serde(default)]
    pub(crate) offset_days: u32,
    #[serde(default)]
    pub(crate) extended_by_repair: bool,
    pub(crate) extended_from: Option<Day>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MonthsOf {
    WholeUnit,
    Component,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    #[serde(default)]
    pub(crate) cite: Vec<String>,
    pub(crate) id: Option<String>,
    pub(crate) phase: Option<Phase>,
    pub(crate) ground: String,
    #[serde(default)]
    pub(crate) when: When,
    #[serde(default)]
    pub(crate) gives: Vec<Remedy>,
    /// What a layer says it does not give; void as far as the law gives it.
    #[serde(default)]
    pub(crate) denies: Vec<Remedy>,
    pub(crate) instead_of: Option<Remedy>,
    #[serde(default)]
    pub(crate) given_by: Vec<String>,
    #[serde(default)]
    pub(crate) turns: Vec<(Remedy, Remedy)>,
    pub(crate) ends: Option<Ends>,
    pub(crate) fee: Option<Fee>,
    pub(crate) compensation: Option<Compensation>,
    #[serde(default)]
    pub(crate) extras: Vec<Extra>,
    #[serde(default)]
    pub(crate) evidence: Vec<String>,
    /// A promise of a layer that stands beside what the law gives: its end is no end of the right.
    #[serde(default)]
    pub(crate) adds: bool,
    pub(crate) confidence: Option<Confidence>,
    #[serde(default)]
    pub(crate) person: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ends {
    /// Nothing after this is looked at.
    Everything,
    /// The rules about faults are not looked at; returns without a reason are.
    Faults,
}

/// What is kept back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fee {
    /// Price × daily rate × days.
    Depreciation,
    /// Price × km ÷ 1000 × coefficient.
    Usage,
    /// Extended warranty: the share of the price that the used part of the term cost.
    ProRata { price_fen: i64, months: i32 },
    /// A fixed sum.
    Fen(i64),
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Compensation {
    pub(crate) times_price: i64,
    pub(crate) at_least_fen: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Clock {
    pub(crate) code: String,
    pub(crate) cite: Vec<String>,
    #[serde(default)]
    pub(crate) when: When,
    pub(crate) counts: Option<String>,
    pub(crate) limit: Option<u32>,
    pub(crate) starts: Option<String>,
    pub(crate) days: Option<u32>,
    pub(crate) working_days: Option<u32>,
}

/// Conditions: all must hold. Keys are facts, `within`, `after`, `open`, `not_open` and `any`.
pub(crate) type When = BTreeMap<String, Condition>;

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Condition {
    Word(String),
    Words(Vec<String>),
    Number(Bounds),
    Any(Vec<When>),
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bounds {
    pub(crate) at_least: Option<i64>,
    pub(crate) at_most: Option<i64>,
    pub(crate) over: Option<i64>,
    pub(crate) under: Option<i64>,
}
