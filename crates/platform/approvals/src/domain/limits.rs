use std::collections::BTreeMap;

use kernel::{Money, Timestamp};
use serde::{Deserialize, Serialize};

/// The kind whose limits count for every kind without limits of its own.
pub const ANY: &str = "any";

/// How far somebody decides alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Limit {
    /// Up to and including this amount.
    UpTo(Money),
    /// Any amount.
    Unlimited,
}

impl Limit {
    /// Nothing alone.
    pub const NONE: Self = Self::UpTo(Money::ZERO);
    /// As stored: no amount is no limit.
    pub fn from_stored(fen: Option<Money>) -> Self {
        fen.map_or(Self::Unlimited, Self::UpTo)
    }
    /// As stored.
    pub const fn stored(self) -> Option<Money> {
        match self {
            Self::UpTo(amount) => Some(amount),
            Self::Unlimited => None,
        }
    }
    /// True when `amount` is within it.
    pub fn covers(self, amount: Money) -> bool {
        match self {
            Self::UpTo(most) => amount <= most,
            Self::Unlimited => true,
        }
    }
}

/// What goes for one kind of question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// From this extra on two persons say yes; none = one is always enough.
    pub two_from: Option<Money>,
    /// How long each level has, in minutes of the store's working time.
    pub minutes: i64,
    /// After how many days (24 hours each) an unanswered question is void.
    pub days: i64,
}

impl Default for Rule {
    fn default() -> Self {
        Self { two_from: None, minutes: 30, days: 7 }
    }
}

impl Rule {
    /// How many different persons have to say yes to `extra`.
    pub fn needed(&self, extra: Money) -> i64 {
        if self.two_from.is_some_and(|from| extra >= from) { 2 } else { 1 }
    }
}

/// One published version of all limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitTable {
    /// Its number, from 1.
    pub version: i64,
    /// From when on it counts.
    pub effective_from: Timestamp,
    /// By kind and role.
    pub limits: BTreeMap<(String, String), Limit>,
    /// By kind.
    pub rules: BTreeMap<String, Rule>,
}

impl LimitTable {
    /// The kind whose rows count for `kind`.
    fn rows_of<'k>(&self, kind: &'k str) -> &'k str {
        if self.limits.keys().any(|(own, _)| own == kind) { kind } else { ANY }
    }
    /// How far somebody with `roles` decides alone about `kind`: as far as the widest of them.
    pub fn limit<'r>(&self, kind: &str, roles: impl IntoIterator<Item = &'r str>) -> Limit {
        let kind = self.rows_of(kind);
        let widest = roles.into_iter().filter_map(|role| self.limits.get(&(kind.to_owned(), role.to_owned()))).max();
        widest.copied().unwrap_or(Limit::NONE)
    }
    /// What goes for `kind`.
    pub fn rule(&self, kind: &str) -> Rule {
        self.rules.get(kind).or_else(|| self.rules.get(ANY)).copied().unwrap_or_default()
    }
    /// What differs between two versions, as lines that a person reads: before and after. Both empty when nothing does.
    pub fn differences(&self, after: &Self) -> (Vec<String>, Vec<String>) {
        let (old, new) = (self.lines(), after.lines());
        let only = |some: &[String], others: &[String]| {
            some.iter().filter(|line| !others.contains(line)).cloned().collect::<Vec<_>>()
        };
        (only(&old, &new), only(&new, &old))
    }
    fn lines(&self) -> Vec<String> {
        let limits = self.limits.iter().map(|((kind, role), limit)| match limit {
            Limit::UpTo(amount) => format!("{kind} {role} ≤ {amount}"),
            Limit::Unlimited => format!("{kind} {role} ∞"),
        });
        let rules = self.rules.iter().map(|(kind, rule)| {
            let two = rule.two_from.map_or_else(|| "–".to_owned(), |from| from.to_string());
            format!("{kind} 2× ≥ {two}, {} min, {} d", rule.minutes, rule.days)
        });
        limits.chain(rules).collect()
    }
}
