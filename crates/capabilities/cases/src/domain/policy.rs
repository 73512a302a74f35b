use kernel::Timestamp;

use super::clocks::Share;
use super::guard::Limits;
use super::stage::Stage;
use super::words::{Kind, Priority};
use kernel::words;

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
    /// From which share of it on the deadline is soon, in basis points.
    pub warn_share: i64,
    /// The version of the policy that says so; a case keeps it.
    pub version: i64,
}

/// The share that counts where nobody has said otherwise: three quarters.
pub const WARN_SHARE: i64 = 7_500;

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
    /// True when kind and priority have no time of their own any more from then on.
    pub withdrawn: bool,
}

words! {
    /// A limit of the flow that a company sets.
    pub enum Limit {
        /// [`Limits::reopen_days`].
        ReopenDays = "reopen_days",
        /// [`Limits::check_days`].
        CheckDays = "check_days",
        /// [`Limits::wait_days`].
        WaitDays = "wait_days",
        /// [`Limits::escalate_at`].
        EscalateAt = "escalate_at",
        /// [`Limits::merge_days`].
        MergeDays = "merge_days",
        /// [`Limits::take_back_minutes`].
        TakeBackMinutes = "take_back_minutes",
        /// [`Limits::region_minutes`].
        RegionMinutes = "region_minutes",
    }
}

impl Limit {
    /// What may be set.
    pub const fn range(self) -> std::ops::RangeInclusive<i64> {
        match self {
            Self::ReopenDays | Self::WaitDays | Self::MergeDays => 1..=365,
            Self::CheckDays => 1..=90,
            Self::EscalateAt => 1..=10,
            Self::TakeBackMinutes => 1..=1_440,
            Self::RegionMinutes => 1..=10_080,
        }
    }
    /// Its value among `limits`.
    pub const fn of(self, limits: &Limits) -> i64 {
        match self {
            Self::ReopenDays => limits.reopen_days,
            Self::CheckDays => limits.check_days,
            Self::WaitDays => limits.wait_days,
            Self::EscalateAt => limits.escalate_at,
            Self::MergeDays => limits.merge_days,
            Self::TakeBackMinutes => limits.take_back_minutes,
            Self::RegionMinutes => limits.region_minutes,
        }
    }
}

/// One limit from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitRow {
    /// Which.
    pub limit: Limit,
    /// How much.
    pub amount: i64,
    /// From when on.
    pub effective_from: Timestamp,
    /// The version of the policy that says so.
    pub version: i64,
}

/// The deadline policy (时限规则): versioned rows, of which the one that fits best at the time counts, and the limits of the flow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    rows: Vec<PolicyRow>,
    limits: Vec<LimitRow>,
    version: i64,
}

impl Policy {
    /// The policy that these rows make.
    pub const fn new(rows: Vec<PolicyRow>) -> Self {
        Self { rows, limits: Vec::new(), version: 0 }
    }
    /// The same with the company's limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Vec<LimitRow>) -> Self {
        self.limits = limits;
        self
    }
    /// The same, known to be this version.
    #[must_use]
    pub const fn at_version(mut self, version: i64) -> Self {
        self.version = version;
        self
    }
    /// Counts its changes.
    pub const fn version(&self) -> i64 {
        self.version
    }
    /// All rows, withdrawn and future ones too.
    pub fn rows(&self) -> &[PolicyRow] {
        &self.rows
    }
    /// All rows of limits.
    pub fn limit_rows(&self) -> &[LimitRow] {
        &self.limits
    }
    /// The row of exactly this kind, priority and stage that counts at `at`; a withdrawn one is answered too.
    pub fn row(
        &self,
        kind: Option<Kind>,
        priority: Option<Priority>,
        stage: Stage,
        at: Timestamp,
    ) -> Option<&PolicyRow> {
        let same = |row: &&PolicyRow| row.stage == stage && row.kind == kind && row.priority == priority;
        let in_force = self.rows.iter().filter(|row| row.effective_from <= at).filter(same);
        in_force.max_by_key(|row| (row.effective_from, row.deadline.version))
    }
    /// The row that says how long `stage` of a case may take when it begins at `at`: a row for the kind goes before one for all
    /// kinds, then one for the priority before one for all, then the newest that is in force by then.
    pub fn fitting(&self, kind: Kind, priority: Priority, stage: Stage, at: Timestamp) -> Option<&PolicyRow> {
        let (kind, priority) = (Some(kind), Some(priority));
        [(kind, priority), (kind, None), (None, priority), (None, None)]
            .into_iter()
            .filter_map(|(kind, priority)| self.row(kind, priority, stage, at))
            .find(|row| !row.withdrawn)
    }
    /// How long `stage` of a case may take when it begins at `at`. `None`: the stage has no deadline.
    pub fn deadline(&self, kind: Kind, priority: Priority, stage: Stage, at: Timestamp) -> Option<Deadline> {
        self.fitting(kind, priority, stage, at).map(|row| row.deadline)
    }
    /// The limits in force at `at`.
    pub fn limits(&self, at: Timestamp) -> Limits {
        let mut limits = Limits::default();
        let mut rows: Vec<&LimitRow> = self.limits.iter().filter(|row| row.effective_from <= at).collect();
        rows.sort_by_key(|row| (row.effective_from, row.version));
        for row in rows {
            match row.limit {
                Limit::ReopenDays => limits.reopen_days = row.amount,
                Limit::CheckDays => limits.check_days = row.amount,
                Limit::WaitDays => limits.wait_days = row.amount,
                Limit::EscalateAt => limits.escalate_at = row.amount,
                Limit::MergeDays => limits.merge_days = row.amount,
                Limit::TakeBackMinutes => limits.take_back_minutes = row.amount,
                Limit::RegionMinutes => limits.region_minutes = row.amount,
            }
        }
        limits
    }
}
