use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::amount::{BasisPoints, Millis};
use crate::calendar::{Calendar, CalendarRef, Calendars};
use crate::count::{Counted, DayCount, saturating, too_far};
use crate::error::{CountError, LedgerError};
use crate::ledger::{DueRule, Entry, Outcome, Policy, Run, Timeline};

/// Where a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Running, and there is time left.
    Running,
    /// Standing still, and there is time left.
    Paused,
    /// Past its due time, whether running, standing still, or stopped as met too late.
    Late,
    /// Met in time.
    Met,
    /// Stopped because it was not needed any more.
    Cancelled,
}

/// Everything that follows from a ledger at one instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Where the clock stands.
    pub state: State,
    /// When it started.
    pub started: Timestamp,
    /// When it is due; of a stopped clock as it stood at the stop. `None` while a pause keeps it open. Exactly at this instant is in time.
    pub due: Option<Timestamp>,
    /// When it would be due if it were resumed now (at the stop): set only while `due` is open.
    pub due_if_resumed: Option<Timestamp>,
    /// The first instant at which time ran out, by the entries that were then in force. A later change of policy does not undo it.
    pub breached: Option<Timestamp>,
    /// The pause it is in, or was stopped in.
    pub paused: Option<Paused>,
    /// When and how it was stopped.
    pub stopped: Option<Stopped>,
    /// The whole allowance. For deadlines in days it is the working time (working days) or wall-clock time (others) up to the due time.
    pub allowed: Millis,
    /// How much of it was used, in the same measure. May exceed it.
    pub used: Millis,
    /// What is left of it; negative = overdue.
    pub remaining: Millis,
    /// `used ÷ allowed`, rounded down; may exceed the whole.
    pub used_share: BasisPoints,
    /// The shares of the policy in force, in its order.
    pub thresholds: Vec<Threshold>,
    /// The policy in force.
    pub policy: Policy,
    /// The calendar in force.
    pub calendar: CalendarRef,
    /// What is uncertain about the numbers above.
    pub warnings: Vec<Warning>,
}

impl Status {
    /// The next instant at which this status changes by itself: a threshold, or the millisecond after the due time.
    pub fn next_instant(&self, now: Timestamp) -> Option<Timestamp> {
        if self.stopped.is_some() {
            return None;
        }
        let past_due = self.due.map(|due| saturating(due.as_millisecond().saturating_add(1)));
        self.thresholds.iter().filter_map(|threshold| threshold.at).chain(past_due).filter(|at| *at > now).min()
    }
}

/// A pause that has not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    /// Since when.
    pub since: Timestamp,
    /// Why, as entered.
    pub reason: String,
}

/// The end of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// When.
    pub at: Timestamp,
    /// How.
    pub outcome: Outcome,
}

/// A share of the allowance at which somebody wants to be warned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    /// The share.
    pub share: BasisPoints,
    /// When it is used; `None` while a pause keeps that open.
    pub at: Option<Timestamp>,
}

/// Something that makes a due time uncertain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "warning", rename_all = "kebab-case")]
pub enum Warning {
    /// The holidays of this year are not known; it was counted by the weekly pattern alone.
    UnknownYear {
        /// The year.
        year: i16,
        /// The calendar that does not know it.
        calendar: CalendarRef,
    },
}

/// Works out where a clock stands at `now`. Entries later than `now` have not happened yet, so that any past state can be asked for.
pub fn evaluate(entries: &[Entry], calendars: &Calendars, now: Timestamp) -> Result<Status, LedgerError> {
    let story = Timeline::read(entries, calendars, now)?;
    status(&story)
}

pub(crate) fn status(story: &Timeline<'_>) -> Result<Status, LedgerError> {
    let until = story.until;
    let mut breached = None;
    let mut due = None;
    let mut ends = story.epochs.iter().skip(1).map(|next| next.from);
    for epoch in &story.epochs {
        let end = ends.next();
        let runs: Vec<Run<'_>> = match end {
            Some(end) => story.runs.iter().filter_map(|run| run.until(end)).collect(),
            None => story.runs.clone(),
        };
        due = reach_due(&epoch.policy.rule, &runs, story.start)?;
        let set_from_outside = matches!(epoch.policy.rule, DueRule::Fixed { .. });
        if let Some(reached) = &mut due
            && epoch.change.is_some()
            && *reached < epoch.from
            && !set_from_outside
        {
            // Nobody could have met a due time that the change puts before itself: it is due at the change, unless it was late before.
            *reached = (*reached).max(breached.unwrap_or(epoch.from).min(epoch.from));
        }
        if let Some(reached) = due
            && breached.is_none()
            && reached < end.unwrap_or(until)
        {
            breached = Some(reached.max(epoch.from));
        }
    }

    let now_in_force = story.epochs.last().ok_or(LedgerError::NotStarted)?;
    let rule = &now_in_force.policy.rule;
    let measure = Measure::of(rule);
    // What comes next if the clock goes on (again) from here.
    let mut onward = story.runs.clone();
    if onward.last().is_none_or(|run| run.to.is_some()) {
        onward.push(Run { from: until, to: None, calendar: now_in_force.calendar });
    }
    let paused = story.paused();
    let projected = match due {
        Some(due) => due,
        None => reach_due(rule, &onward, story.start)?.ok_or_else(|| too_far(until))?,
    };
    let unpaused = [Run { from: story.start, to: None, calendar: now_in_force.calendar }];
    let (counted, onward): (&[Run<'_>], &[Run<'_>]) =
        if let DueRule::Fixed { .. } = rule { (&unpaused, &unpaused) } else { (&story.runs, &onward) };
    let used = measure.total(counted, until)?;
    let allowed = match rule {
        DueRule::Working { allowed } | DueRule::Natural { allowed } => *allowed,
        _ => measure.total(onward, projected)?,
    };
    let mut thresholds = Vec::with_capacity(now_in_force.policy.warn_at.len());
    for share in &now_in_force.policy.warn_at {
        let runs = if paused.is_some() { counted } else { onward };
        let at = measure.reach(runs, share.share_of(allowed).0)?;
        thresholds.push(Threshold { share: *share, at: at.map(saturating) });
    }
    let late = due.is_some_and(|due| due < until);
    let state = match story.stopped {
        Some(Outcome::Cancelled) => State::Cancelled,
        _ if late => State::Late,
        Some(Outcome::Met) => State::Met,
        None if paused.is_some() => State::Paused,
        None => State::Running,
    };
    let due_open = due.is_none() && paused.is_some();
    Ok(Status {
        state,
        started: saturating(story.start),
        due: (!due_open).then(|| saturating(projected)),
        due_if_resumed: due_open.then(|| saturating(projected)),
        breached: breached.map(saturating),
        paused: paused.map(|pause| Paused { since: saturating(pause.from), reason: pause.reason.to_owned() }),
        stopped: story.stopped.map(|outcome| Stopped { at: saturating(until), outcome }),
        allowed,
        used,
        remaining: allowed - used,
        used_share: BasisPoints::of(used, allowed),
        thresholds,
        policy: now_in_force.policy.clone(),
        calendar: now_in_force.calendar.reference().clone(),
        warnings: warnings(rule, onward, projected),
    })
}

/// Which time a rule counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Working,
    Natural,
}

impl Measure {
    pub(crate) const fn of(rule: &DueRule) -> Self {
        match rule {
            DueRule::Working { .. } | DueRule::WorkingDays { .. } => Self::Working,
            DueRule::Natural { .. } | DueRule::CalendarDays { .. } | DueRule::Fixed { .. } => Self::Natural,
        }
    }
    fn between(self, calendar: &Calendar, from: i64, to: i64) -> Result<i64, CountError> {
        match self {
            Self::Working => calendar.elapsed_ms(from, to),
            Self::Natural => Ok(to.saturating_sub(from).max(0)),
        }
    }
    /// The time that ran up to `until`.
    pub(crate) fn total(self, runs: &[Run<'_>], until: i64) -> Result<Millis, CountError> {
        runs.iter().filter_map(|run| run.until(until)).try_fold(Millis::ZERO, |sum, run| {
            self.between(run.calendar, run.from, run.to.unwrap_or(until)).map(|ms| sum + Millis(ms))
        })
    }
    /// The instant at which `allowed` has run, if it comes within the runs. Time used up exactly when a run ends is not over yet:
    /// nothing is late as long as the clock stands still.
    fn reach(self, runs: &[Run<'_>], allowed: i64) -> Result<Option<i64>, CountError> {
        let mut left = allowed;
        for run in runs {
            let length = match run.to {
                Some(to) => self.between(run.calendar, run.from, to)?,
                None => i64::MAX,
            };
            if length >= left {
                let reached = match self {
                    Self::Working => run.calendar.add_ms(run.from, left)?,
                    Self::Natural => run.from.checked_add(left).ok_or_else(|| too_far(run.from))?,
                };
                if run.to.is_none_or(|to| reached < to) {
                    return Ok(Some(reached));
                }
            }
            left -= length;
        }
        Ok(None)
    }
}

/// When time runs out, if it does so within the runs.
fn reach_due(rule: &DueRule, runs: &[Run<'_>], start: i64) -> Result<Option<i64>, CountError> {
    let count = match *rule {
        DueRule::Working { allowed } => return Measure::Working.reach(runs, allowed.0),
        DueRule::Natural { allowed } => return Measure::Natural.reach(runs, allowed.0),
        DueRule::Fixed { at } => return Ok(Some(at.as_millisecond())),
        DueRule::WorkingDays { days, end } => DayCount { days, which: Counted::Working, end },
        DueRule::CalendarDays { days, roll, end } => DayCount { days, which: Counted::All { roll }, end },
    };
    let mut counted = 0;
    for run in runs {
        let day_one = run.calendar.date_of(start).ok_or_else(|| too_far(start))?;
        if let Some(due) = run.calendar.reach_day(count, day_one, run.from, run.to, &mut counted)? {
            return Ok(Some(due));
        }
    }
    Ok(None)
}

fn warnings(rule: &DueRule, runs: &[Run<'_>], until: i64) -> Vec<Warning> {
    if matches!(rule, DueRule::Natural { .. } | DueRule::Fixed { .. } | DueRule::CalendarDays { roll: false, .. }) {
        return Vec::new();
    }
    let mut all: Vec<Warning> = Vec::new();
    for run in runs.iter().filter_map(|run| run.until(until.saturating_add(1))) {
        let years =
            run.calendar.unknown_years(saturating(run.from), saturating(run.to.unwrap_or(until).saturating_sub(1)));
        all.extend(
            years.into_iter().map(|year| Warning::UnknownYear { year, calendar: run.calendar.reference().clone() }),
        );
    }
    all.sort_unstable();
    all.dedup();
    all
}
