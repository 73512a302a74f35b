//! What the program brings for a trade: deadlines that fit how its goods are repaired and delivered. Promises of the house, not law.

use capability::Ctx;
use cases::app::{Allowance, DeadlineChange, PolicyChange, RowName};
use cases::domain::{Kind, Policy, Priority, Stage, Unit, WARN_SHARE};
use kernel::{Fault, Timestamp};

/// A trade that the program has defaults for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trade {
    /// Household appliances (家电): work at the customer's home.
    Appliances,
    /// Phones and computers (手机数码): quick counters.
    Phones,
    /// Furniture (家具): delivery, workshops, long parts.
    Furniture,
    /// Anything else (综合零售): what the program begins with.
    General,
}

type Rule = (Kind, Priority, Stage, i64, Unit);

impl Trade {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Appliances, Self::Phones, Self::Furniture, Self::General];

    /// The word that is stored; `administration-trade-<word>` is its text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Appliances => "appliances",
            Self::Phones => "phones",
            Self::Furniture => "furniture",
            Self::General => "general",
        }
    }
    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trade| trade.as_str() == text)
    }

    const fn rules(self) -> &'static [Rule] {
        use Kind::{Installation, Repair, Return};
        use Priority::{High, Normal};
        match self {
            Self::Appliances => &[
                (Repair, High, Stage::Solution, 3, Unit::WorkingDays),
                (Repair, Normal, Stage::Solution, 7, Unit::WorkingDays),
                (Installation, High, Stage::Solution, 2, Unit::WorkingDays),
                (Installation, Normal, Stage::Solution, 3, Unit::WorkingDays),
            ],
            Self::Phones => &[
                (Repair, Normal, Stage::Acknowledge, 15, Unit::Working),
                (Repair, High, Stage::Solution, 1, Unit::WorkingDays),
                (Repair, Normal, Stage::Solution, 3, Unit::WorkingDays),
                (Return, Normal, Stage::Plan, 240, Unit::Working),
            ],
            Self::Furniture => &[
                (Repair, High, Stage::Solution, 5, Unit::WorkingDays),
                (Repair, Normal, Stage::Solution, 10, Unit::WorkingDays),
                (Installation, High, Stage::Solution, 3, Unit::WorkingDays),
                (Installation, Normal, Stage::Solution, 5, Unit::WorkingDays),
            ],
            Self::General => &[],
        }
    }

    /// What is different in `policy` once this trade's defaults count at `at`.
    pub fn changes(self, policy: &Policy, at: Timestamp) -> Vec<DeadlineChange> {
        let mut changes: Vec<DeadlineChange> = Vec::new();
        for (kind, priority, stage, _, _) in Self::ALL.iter().flat_map(|trade| trade.rules()) {
            let name = RowName(Some(*kind), Some(*priority), *stage);
            let own = self.rules().iter().find(|rule| (rule.0, rule.1, rule.2) == (*kind, *priority, *stage));
            let to = own.map(|rule| Allowance { amount: rule.3, unit: rule.4, warn_share: WARN_SHARE });
            let present = policy.row(name.0, name.1, name.2, at).filter(|row| !row.withdrawn).map(|row| Allowance {
                amount: row.deadline.amount,
                unit: row.deadline.unit,
                warn_share: row.deadline.warn_share,
            });
            let known =
                changes.iter().any(|change| (change.kind, change.priority, change.stage) == (name.0, name.1, name.2));
            if present != to && !known {
                changes.push(DeadlineChange { kind: name.0, priority: name.1, stage: name.2, to });
            }
        }
        changes
    }
}

/// Brings the deadlines of `trade` in, from now on. Answers how many changed.
///
/// # Errors
/// Not found without the right to change deadlines; stale.
pub async fn apply(ctx: &Ctx, trade: Trade) -> Result<usize, Fault> {
    let policy = cases::app::policy(ctx).await?;
    let now = ctx.now();
    let deadlines = trade.changes(&policy, now);
    let count = deadlines.len();
    if count > 0 {
        let change = PolicyChange { version: policy.version(), from: now, deadlines, limits: Vec::new() };
        cases::app::change_policy(ctx, change).await?;
    }
    Ok(count)
}
