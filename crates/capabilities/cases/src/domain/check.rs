use kernel::{Day, Id, Timestamp, of};

use super::guard::Limits;
use super::refusal::{self, Refusal};
use super::words::Kind;
use kernel::words;

words! {
    /// Whether it held (回查结果).
    pub enum CheckResult {
        /// It holds (有效).
        Worked = "worked",
        /// In part (部分有效).
        Partly = "partly",
        /// It does not (无效): it goes on in a follow-up case.
        Failed = "failed",
    }
}

words! {
    /// Where a check stands.
    pub enum CheckState {
        /// The case is resolved; the day is not known yet.
        Noted = "noted",
        /// The case is closed, and somebody looks again on a day.
        Planned = "planned",
        /// Somebody has looked.
        Done = "done",
        /// The case went on instead.
        Dropped = "dropped",
    }
}

impl Limits {
    /// The day on which somebody looks whether a case of `kind` closed on `closed` holds; `None` when nobody has to: a question
    /// or a suggestion is answered, not repaired.
    pub fn check_on(&self, kind: Kind, closed: Day) -> Option<Day> {
        let days = i32::try_from(self.check_days).ok()?;
        (days > 0 && kind.needs_confirmation()).then(|| closed.plus(days))
    }
}

/// Whether `by` may say how a case holds that `solver` solved. A person never marks their own work.
///
/// # Errors
/// Why not.
pub fn may_check(state: CheckState, solver: Option<Id<of::User>>, by: Option<Id<of::User>>) -> Result<(), Refusal> {
    match state {
        CheckState::Planned if solver.is_some() && solver == by => Err(Refusal::new(refusal::CHECK_OWN)),
        CheckState::Planned => Ok(()),
        CheckState::Noted => Err(Refusal::new(refusal::CHECK_EARLY)),
        CheckState::Done | CheckState::Dropped => Err(Refusal::new(refusal::CHECK_NONE)),
    }
}

words! {
    /// What a case has to do with another (关联).
    pub enum LinkKind {
        /// It continues the other, which was over (后续单).
        FollowUp = "follow_up",
        /// It is about the same as the other (重复).
        Duplicate = "duplicate",
        /// The other brought it about (起因).
        CausedBy = "caused_by",
        /// They have to do with each other (相关).
        Related = "related",
        /// It goes on in the other (并入).
        Merged = "merged",
    }
}

impl LinkKind {
    /// The ones that people set by hand; the others follow from acts.
    pub const BY_HAND: [Self; 3] = [Self::Related, Self::Duplicate, Self::CausedBy];
}

/// An act that somebody may want to take back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// What was done.
    pub command: super::CommandName,
    /// The case's version after it.
    pub version: i64,
    /// Who did it.
    pub by: Id<of::User>,
    /// When.
    pub at: Timestamp,
}

impl Act {
    /// Until when it can be taken back.
    pub const fn until(&self, limits: &Limits) -> Timestamp {
        match self.command {
            super::CommandName::Merge => self.at.plus(limits.merge_days * 86_400_000),
            _ => self.at.plus(limits.take_back_minutes * 60_000),
        }
    }
}

/// Whether `by` may take `act` back on a case of `version` at `now`; `senior` for those who may close cases without the
/// customer's word.
///
/// # Errors
/// Why not.
pub fn may_take_back(
    act: Option<&Act>,
    version: i64,
    limits: &Limits,
    by: Option<Id<of::User>>,
    senior: bool,
    now: Timestamp,
) -> Result<(), Refusal> {
    match act {
        None => Err(Refusal::new(refusal::BACK_NONE)),
        Some(act) if act.version != version => Err(Refusal::new(refusal::BACK_CHANGED)),
        Some(act) if now > act.until(limits) => Err(Refusal::new(refusal::BACK_LATE)),
        Some(act) if Some(act.by) != by && !senior => Err(Refusal::new(refusal::BACK_OTHERS)),
        Some(_) => Ok(()),
    }
}
