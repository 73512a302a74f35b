//! What a clock is, and what follows from its ledger.

use kernel::{Id, Timestamp, of};
use worktime::{State, Status};

use crate::edit::WorkCalendar;
use crate::store::clocks as rows;

/// Whether a clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It runs.
    Running,
    /// It stands still and goes on with what is left.
    Paused,
    /// It has ended.
    Stopped,
}

impl Standing {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
        }
    }
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Paused, Self::Stopped].into_iter().find(|state| state.as_str() == text)
    }
}

/// How a clock ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Done in time.
    Met,
    /// Done too late.
    Late,
    /// Not needed any more; counts for nothing.
    Cancelled,
}

impl Ending {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Late => "late",
            Self::Cancelled => "cancelled",
        }
    }
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Met, Self::Late, Self::Cancelled].into_iter().find(|ending| ending.as_str() == text)
    }
}

/// A clock as it stands: what follows from its ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Its id.
    pub id: Id<of::Clock>,
    /// The word for the kind of record it belongs to.
    pub record_kind: String,
    /// That record's id.
    pub record_id: i64,
    /// What it waits for, in the record's words.
    pub stage: String,
    /// The store that it counts for.
    pub store: Id<of::Unit>,
    /// The calendar that was named for it; `None` = the store's.
    pub calendar_code: Option<String>,
    /// The calendar in force.
    pub calendar_id: Id<WorkCalendar>,
    /// The edition of that calendar in force.
    pub calendar_version: i64,
    /// The policy in force.
    pub policy_code: String,
    /// Its version.
    pub policy_version: i64,
    /// `working`, `natural` (milliseconds), `working-days`, `calendar-days` (days) or `fixed` (an instant).
    pub unit: String,
    /// How much of it the policy allows.
    pub amount: i64,
    /// Whether it runs.
    pub state: Standing,
    /// When it started.
    pub started_at: Timestamp,
    /// When it is due; exactly then is in time. `None` while a pause keeps that open.
    pub due_at: Option<Timestamp>,
    /// From here on it is due soon: the policy's first warning share.
    pub warn_at: Option<Timestamp>,
    /// When [`crate::sweep`] looks at it next.
    pub next_at: Option<Timestamp>,
    /// What was told last.
    pub(crate) told: Told,
    /// The first instant at which time ran out. Between that instant and the next sweep or entry it is not written yet.
    pub breached_at: Option<Timestamp>,
    /// Since when it stands still.
    pub paused_at: Option<Timestamp>,
    /// Why, as given to [`pause`].
    pub pause_reason: Option<String>,
    /// When it ended.
    pub stopped_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Ending>,
    /// How many entries its ledger has.
    pub entries: i64,
    /// Grows with every change.
    pub version: i64,
}

impl Clock {
    /// Whether it has not ended.
    pub const fn is_open(&self) -> bool {
        self.stopped_at.is_none()
    }
    /// Whether time has run out at `now`.
    pub fn is_late(&self, now: Timestamp) -> bool {
        match self.outcome {
            Some(ending) => ending == Ending::Late,
            None => self.due_at.is_some_and(|due| due < now),
        }
    }
}

/// Who entered something, and when. When it happened is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entered {
    /// The member of staff; `None` = a customer or the program.
    pub by: Option<Id<of::User>>,
    /// When it was entered.
    pub at: Timestamp,
}

/// What was told of a clock: how much of its time is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Nothing,
    Warned,
    Breached,
}

impl Told {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Warned => "warned",
            Self::Breached => "breached",
        }
    }
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Nothing, Self::Warned, Self::Breached].into_iter().find(|told| told.as_str() == text)
    }
}

impl Clock {
    /// Takes over what follows from the ledger.
    pub(crate) fn follow(&mut self, status: &Status, now: Timestamp) {
        let at = Timestamp::from_jiff;
        let (unit, amount) = rows::unit_amount(&status.policy.rule);
        self.policy_code.clone_from(&status.policy.code);
        self.policy_version = status.policy.version;
        unit.clone_into(&mut self.unit);
        self.amount = amount;
        self.due_at = status.due.map(at);
        self.warn_at = status.thresholds.first().and_then(|threshold| threshold.at).map(at);
        self.breached_at = status.breached.map(at);
        self.paused_at = status.paused.as_ref().map(|paused| at(paused.since));
        self.pause_reason = status.paused.as_ref().map(|paused| paused.reason.clone());
        self.stopped_at = status.stopped.map(|stopped| at(stopped.at));
        self.state = match (self.stopped_at, self.paused_at) {
            (Some(_), _) => Standing::Stopped,
            (None, Some(_)) => Standing::Paused,
            (None, None) => Standing::Running,
        };
        self.outcome = self.stopped_at.is_some().then_some(match status.state {
            State::Cancelled => Ending::Cancelled,
            State::Late => Ending::Late,
            State::Running | State::Paused | State::Met => Ending::Met,
        });
        // What is no longer so, because the clock was given more time, may come true again and is told again.
        if self.told == Told::Breached && self.due_at.is_none_or(|due| due >= now) {
            self.told = Told::Warned;
        }
        if self.told == Told::Warned && self.warn_at.is_none_or(|warn| warn > now) {
            self.told = Told::Nothing;
        }
        self.next_at = match self.told {
            _ if !self.is_open() => None,
            Told::Nothing => self.warn_at.or_else(|| self.past_due()),
            Told::Warned => self.past_due(),
            Told::Breached => None,
        };
    }

    /// The first instant at which it is late.
    pub(crate) fn past_due(&self) -> Option<Timestamp> {
        self.due_at.map(|due| due.plus(1))
    }
}
