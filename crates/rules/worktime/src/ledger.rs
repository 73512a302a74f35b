use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::amount::{BasisPoints, Millis};
use crate::calendar::{Calendar, CalendarRef, Calendars};
use crate::count::{DayEnd, saturating};
use crate::error::LedgerError;

/// How much time a clock allows (时限规则).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "unit", rename_all = "kebab-case")]
pub enum DueRule {
    /// Working time (工作时长). A pause takes no working time.
    Working {
        /// Allowance.
        allowed: Millis,
    },
    /// Wall-clock time (自然时长). A pause takes none.
    Natural {
        /// Allowance.
        allowed: Millis,
    },
    /// The end of a working day (工作日). The day of the start is not counted, nor is a day at whose end the clock is paused.
    WorkingDays {
        /// How many.
        days: u32,
        /// When the last one is over.
        end: DayEnd,
    },
    /// The end of a calendar day (自然日). The day of the start is not counted, nor is a day at whose end the clock is paused.
    CalendarDays {
        /// How many.
        days: u32,
        /// Whether a last day that is a rest day is replaced by the next working day.
        roll: bool,
        /// When the last one is over.
        end: DayEnd,
    },
    /// An instant that somebody else has set, e.g. an authority in its notice. A pause does not move it.
    Fixed {
        /// The instant.
        at: Timestamp,
    },
}

/// A due rule as some version of some policy states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Code of the policy.
    pub code: String,
    /// Version of the policy.
    pub version: i64,
    /// How much time it allows.
    pub rule: DueRule,
    /// Shares of the time at which somebody wants to be warned, e.g. 7,500.
    pub warn_at: Vec<BasisPoints>,
}

/// How a clock ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// What it was waiting for was done.
    Met,
    /// It is not needed any more.
    Cancelled,
}

/// One entry in the ledger of a clock. Entries are only ever appended; their instants never go back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub enum Entry {
    /// The clock begins to run.
    Start {
        /// When.
        at: Timestamp,
        /// By which policy.
        policy: Policy,
        /// On which calendar.
        calendar: CalendarRef,
    },
    /// The clock stands still from here on.
    Pause {
        /// When.
        at: Timestamp,
        /// Why: a code or a person's words.
        reason: String,
    },
    /// The clock runs again.
    Resume {
        /// When.
        at: Timestamp,
    },
    /// Policy or calendar are others from here on. Time already used stays used and is measured by the calendar of its day.
    Change {
        /// When.
        at: Timestamp,
        /// The new policy.
        policy: Option<Policy>,
        /// The new calendar.
        calendar: Option<CalendarRef>,
        /// Why: a code or a person's words.
        reason: String,
    },
    /// The clock has done its work.
    Stop {
        /// When.
        at: Timestamp,
        /// How it ended.
        outcome: Outcome,
    },
}

impl Entry {
    /// When it took effect.
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Start { at, .. }
            | Self::Pause { at, .. }
            | Self::Resume { at }
            | Self::Change { at, .. }
            | Self::Stop { at, .. } => *at,
        }
    }
}

/// The story that a ledger tells up to some instant.
pub(crate) struct Timeline<'a> {
    pub start: i64,
    /// The instant up to which the story is told: now, or the stop.
    pub until: i64,
    pub epochs: Vec<Epoch<'a>>,
    pub runs: Vec<Run<'a>>,
    pub pauses: Vec<Pause<'a>>,
    pub stopped: Option<Outcome>,
}

/// A stretch of the story under one policy and one calendar.
#[derive(Clone, Copy)]
pub(crate) struct Epoch<'a> {
    pub from: i64,
    pub policy: &'a Policy,
    pub calendar: &'a Calendar,
    /// What the change that began it named; none for the start.
    pub change: Option<&'a Entry>,
}

/// A stretch in which the clock ran on one calendar. Without an end it is still running.
#[derive(Clone, Copy)]
pub(crate) struct Run<'a> {
    pub from: i64,
    pub to: Option<i64>,
    pub calendar: &'a Calendar,
}

impl Run<'_> {
    /// This run as it stood at `end`: what comes later is cut off.
    pub(crate) fn until(self, end: i64) -> Option<Self> {
        (self.from < end).then_some(Self { to: Some(self.to.map_or(end, |to| to.min(end))), ..self })
    }
}

/// A stretch in which the clock stood still. Without an end it still does.
#[derive(Clone, Copy)]
pub(crate) struct Pause<'a> {
    pub from: i64,
    pub to: Option<i64>,
    pub reason: &'a str,
}

impl<'a> Timeline<'a> {
    /// Reads the entries up to `now`, refusing impossible stories; later entries are checked too, but have not happened yet.
    pub(crate) fn read(entries: &'a [Entry], calendars: &'a Calendars, now: Timestamp) -> Result<Self, LedgerError> {
        let full = Self::read_all(entries, calendars)?;
        let now = now.as_millisecond();
        let happened = entries.partition_point(|entry| entry.at().as_millisecond() <= now);
        let mut story = match entries.get(..happened) {
            None | Some([]) => return Err(LedgerError::NotStarted),
            Some(all) if all.len() == entries.len() => full,
            Some(part) => Self::read_all(part, calendars)?,
        };
        if story.stopped.is_none() {
            story.until = now;
        }
        Ok(story)
    }

    fn read_all(entries: &'a [Entry], calendars: &'a Calendars) -> Result<Self, LedgerError> {
        let find = |reference: &CalendarRef| {
            calendars.get(reference).ok_or_else(|| LedgerError::UnknownCalendar(reference.clone()))
        };
        let (first, rest) = entries.split_first().ok_or(LedgerError::NotStarted)?;
        let Entry::Start { at, policy, calendar } = first else {
            return Err(LedgerError::NoStart);
        };
        check_allowance(policy, 0)?;
        let start = at.as_millisecond();
        let mut epoch = Epoch { from: start, policy, calendar: find(calendar)?, change: None };
        let mut story =
            Self { start, until: start, epochs: vec![epoch], runs: Vec::new(), pauses: Vec::new(), stopped: None };
        let mut running_from = Some(start);
        for (index, entry) in (1..).zip(rest) {
            let at = entry.at().as_millisecond();
            if story.stopped.is_some() {
                return Err(LedgerError::AfterStop { index });
            }
            if at < story.until {
                return Err(LedgerError::OutOfOrder { index, at: saturating(at) });
            }
            story.until = at;
            // Every entry but a resumption ends the run that is going on.
            let was_running = running_from.is_some();
            if let Some(from) = running_from.take()
                && from < at
            {
                story.runs.push(Run { from, to: Some(at), calendar: epoch.calendar });
            }
            match entry {
                Entry::Start { .. } => return Err(LedgerError::StartedTwice { index }),
                Entry::Pause { .. } if !was_running => {
                    return Err(LedgerError::PausedTwice { index });
                }
                Entry::Pause { reason, .. } => story.pauses.push(Pause { from: at, to: None, reason }),
                Entry::Resume { .. } => {
                    if was_running {
                        return Err(LedgerError::ResumedWithoutPause { index });
                    }
                    if let Some(pause) = story.pauses.last_mut() {
                        pause.to = Some(at);
                    }
                    running_from = Some(at);
                }
                Entry::Change { policy: None, calendar: None, .. } => return Err(LedgerError::EmptyChange { index }),
                Entry::Change { policy, calendar, .. } => {
                    let policy = policy.as_ref().unwrap_or(epoch.policy);
                    check_allowance(policy, index)?;
                    let calendar = calendar.as_ref().map_or(Ok(epoch.calendar), find)?;
                    epoch = Epoch { from: at, policy, calendar, change: Some(entry) };
                    story.epochs.push(epoch);
                    running_from = was_running.then_some(at);
                }
                Entry::Stop { outcome, .. } => story.stopped = Some(*outcome),
            }
        }
        if let Some(from) = running_from {
            story.runs.push(Run { from, to: None, calendar: epoch.calendar });
        }
        Ok(story)
    }

    /// The pause that the clock is in.
    pub(crate) fn paused(&self) -> Option<Pause<'a>> {
        self.pauses.last().filter(|pause| pause.to.is_none()).copied()
    }
}

fn check_allowance(policy: &Policy, index: usize) -> Result<(), LedgerError> {
    match policy.rule {
        DueRule::Working { allowed } | DueRule::Natural { allowed } if allowed < Millis::ZERO => {
            Err(LedgerError::NegativeAllowance { index })
        }
        _ => Ok(()),
    }
}
