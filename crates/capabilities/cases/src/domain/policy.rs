use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::clocks::Share;
use super::stage::Stage;
use super::words::{Kind, Priority, words};

words! {
    /// In what a deadline is counted.
    pub enum Unit {
        /// Minutes of the store's working time.
        Working = "working",
        /// Minutes by the clock on the wall.
        Natural = "natural",
        /// Working days, until the last one's close.
        WorkingDays = "working_days",
    }
}

/// How much time a stage gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// How many minutes or days.
    pub amount: i64,
    /// Of what.
    pub unit: Unit,
    /// The version of the policy that says so; a case keeps it.
    pub version: i64,
}

impl Deadline {
    /// This share of the time, rounded up to a whole unit.
    #[must_use]
    pub const fn share(self, share: Share) -> Self {
        match share {
            Share::Full => self,
            Share::Half => Self { amount: self.amount.saturating_add(1) / 2, ..self },
        }
    }
}

/// One row of the policy: how long `stage` may take. `None` stands for every kind or every priority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRow {
    /// For which kind.
    pub kind: Option<Kind>,
    /// For which priority.
    pub priority: Option<Priority>,
    /// Which stage.
    pub stage: Stage,
    /// How much time.
    pub deadline: Deadline,
    /// From when on.
    pub effective_from: Timestamp,
}

/// The deadline policy (时限规则): versioned rows, of which the one that fits best at the time counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    rows: Vec<PolicyRow>,
}

impl Policy {
    /// The policy that these rows make.
    pub const fn new(rows: Vec<PolicyRow>) -> Self {
        Self { rows }
    }
    /// How long `stage` of a case may take when it begins at `at`: a row for the
    /// kind goes before one for all kinds, then one for the priority before one for all, then the newest that is in force by then.
    /// `None`: the stage has no deadline.
    pub fn deadline(&self, kind: Kind, priority: Priority, stage: Stage, at: Timestamp) -> Option<Deadline> {
        self.rows
            .iter()
            .filter(|row| row.stage == stage && row.effective_from <= at)
            .filter(|row| row.kind.is_none_or(|of| of == kind) && row.priority.is_none_or(|of| of == priority))
            .max_by_key(|row| (row.kind.is_some(), row.priority.is_some(), row.effective_from, row.deadline.version))
            .map(|row| row.deadline)
    }
}
