use std::collections::BTreeMap;

/// Conforming of all: nineteen of twenty. For a sum alone, `good` is the sum and `all` zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// How many conform.
    pub good: i64,
    /// Of how many.
    pub all: i64,
}

/// A share in millionths, rounded down: only full conformity is [`Share::FULL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u32);

impl Share {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// All of it.
    pub const FULL: Self = Self(1_000_000);

    /// `part` of `whole`, between nothing and all; `None` without a whole.
    pub fn of(part: i64, whole: i64) -> Option<Self> {
        if whole <= 0 {
            return None;
        }
        let millionths = i128::from(part.clamp(0, whole)) * 1_000_000 / i128::from(whole);
        u32::try_from(millionths).ok().map(Self)
    }
    /// So many per cent; more than a hundred is all.
    pub fn percent(n: u32) -> Self {
        Self(n.min(100) * 10_000)
    }
    /// In millionths.
    pub const fn millionths(self) -> u32 {
        self.0
    }
    /// In whole per cent, rounded down.
    pub const fn in_percent(self) -> u32 {
        self.0 / 10_000
    }
    pub(crate) fn all_or_none(yes: bool) -> Self {
        if yes { Self::FULL } else { Self::NONE }
    }
    pub(crate) fn times(self, other: Self) -> Self {
        let product = u64::from(self.0) * u64::from(other.0) / 1_000_000;
        Self(u32::try_from(product).unwrap_or(u32::MAX))
    }
    pub(crate) fn mean(all: &[Self]) -> Self {
        let sum: u64 = all.iter().map(|one| u64::from(one.0)).sum();
        let n = u64::try_from(all.len()).unwrap_or(1).max(1);
        Self(u32::try_from(sum / n).unwrap_or(u32::MAX))
    }
}

/// What was found for one indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// One entry for each part of the indicator's evidence, in their order; `None` where there is no data.
    Counted(Vec<Option<Counted>>),
    /// A person judged it; who and why is kept by the caller.
    Judged(Share),
    /// It does not apply here and leaves the base.
    NotApplicable,
}

impl Finding {
    /// From data.
    pub fn counted(parts: impl IntoIterator<Item = Option<Counted>>) -> Self {
        Self::Counted(parts.into_iter().collect())
    }
}

/// Deductions and bonuses outside the items.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Special {
    /// Special deductions that a person confirmed.
    pub deductions: u32,
    /// Special bonuses that a person confirmed; more than the scheme allows do not count.
    pub bonuses: u32,
}

/// What was found, by clause. A clause without a finding has no data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    findings: BTreeMap<String, Finding>,
    /// Outside the items.
    pub special: Special,
}

impl Evidence {
    /// Puts what was found for `clause` in the place of what stood there.
    pub fn set(&mut self, clause: impl Into<String>, finding: Finding) {
        self.findings.insert(clause.into(), finding);
    }
    /// What was found for `clause`.
    pub fn get(&self, clause: &str) -> Option<&Finding> {
        self.findings.get(clause)
    }
}
