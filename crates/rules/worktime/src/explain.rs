use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize, Serializer};

use crate::amount::Millis;
use crate::calendar::{Calendar, CalendarRef, Calendars, DayKind, Span};
use crate::count::{DayEnd, saturating, too_far};
use crate::error::LedgerError;
use crate::hours::DayHours;
use crate::ledger::{DueRule, Entry, Policy, Run, Timeline};
use crate::pattern::{weekday_name, weekday_named};
use crate::status::{Measure, Status, status};

/// Why a clock is due when it is due: every day that was counted and every day that was not, as data without prose.
/// It reaches from the start to the due time, even of a clock that was stopped before; while a pause keeps the due time open, to now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// IANA name of the time zone in which the dates are meant.
    pub zone: String,
    /// The policy under which it started; the one in force is in `status`.
    pub first_policy: Policy,
    /// The calendar on which it started; the one in force is in `status`.
    pub first_calendar: CalendarRef,
    /// Where the clock stands: start, due time, allowance, policy, warnings.
    pub status: Status,
    /// Days on which something was counted, in order. Empty for wall-clock and fixed rules, which do not look at days.
    pub days: Vec<CountedDay>,
    /// Days on which nothing was counted, in order.
    pub skipped: Vec<SkippedDay>,
    /// Pauses in order.
    pub pauses: Vec<PauseNote>,
    /// Changes of policy or calendar in order.
    pub changes: Vec<ChangeNote>,
}

/// A day on which something was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedDay {
    /// The day on which its hours begin; those of a night shift may end on the next.
    pub date: Date,
    /// What it is.
    pub kind: DayKind,
    /// Code of the holiday or note of the override.
    pub note: Option<String>,
    /// The weekday whose hours a make-up day works (`mon` … `sun`).
    #[serde(serialize_with = "write_weekday", deserialize_with = "read_weekday")]
    pub like: Option<Weekday>,
    /// The calendar that counted it. A date can come twice when the calendar changed on it.
    pub calendar: CalendarRef,
    /// Its working hours.
    pub hours: DayHours,
    /// What was counted of them; empty for deadlines in days.
    pub parts: Vec<Part>,
    /// Length of the parts.
    pub counted: Millis,
    /// Its place in a deadline in days: the first is 1.
    pub ordinal: Option<u32>,
}

/// A counted stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// From here
    pub from: Timestamp,
    /// to here.
    pub to: Timestamp,
}

/// A day on which nothing was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedDay {
    /// The day.
    pub date: Date,
    /// What it is.
    pub kind: DayKind,
    /// Code of the holiday or note of the override.
    pub note: Option<String>,
    /// Why nothing was counted.
    pub why: Skip,
}

/// Why a day was skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Skip {
    /// No work is done on it.
    Rest,
    /// The clock was paused during its hours (for deadlines in days: when it was over).
    Paused,
    /// The clock started after its hours or was due before them.
    OutsideHours,
    /// A deadline in days does not count the day of the event.
    StartDay,
    /// The last day of a deadline was a rest day and moved on.
    RolledOn,
}

/// A pause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PauseNote {
    /// Since when.
    pub from: Timestamp,
    /// Until when; `None` = it has not ended.
    pub to: Option<Timestamp>,
    /// Why, as entered.
    pub reason: String,
}

/// A change in mid-clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeNote {
    /// From when on.
    pub at: Timestamp,
    /// The new policy, if it changed.
    pub policy: Option<Policy>,
    /// The new calendar, if it changed.
    pub calendar: Option<CalendarRef>,
    /// Why, as entered.
    pub reason: String,
    /// What had been used by then, in the measure of the policy that went out of force.
    pub used_before: Millis,
}

/// Explains the due time of a clock as it stands at `now`.
pub fn explain(entries: &[Entry], calendars: &Calendars, now: Timestamp) -> Result<Explanation, LedgerError> {
    let mut story = Timeline::read(entries, calendars, now)?;
    let status = status(&story)?;
    let until = status.due.map_or(story.until, Timestamp::as_millisecond);
    if let Some(last) = story.epochs.last()
        && story.stopped.is_some()
        && story.until < until
    {
        // Stopped early: the due time counts on what would have run.
        story.runs.push(Run { from: story.until, to: None, calendar: last.calendar });
    }
    let rows = match &status.policy.rule {
        DueRule::Working { .. } => working_rows(&story, until)?,
        DueRule::WorkingDays { days, end } => day_rows(&story, until, *days, *end, true)?,
        DueRule::CalendarDays { days, end, .. } => day_rows(&story, until, *days, *end, false)?,
        DueRule::Natural { .. } | DueRule::Fixed { .. } => Rows::default(),
    };
    let pauses = story.pauses.iter().map(|pause| PauseNote {
        from: saturating(pause.from),
        to: pause.to.map(saturating),
        reason: pause.reason.to_owned(),
    });
    let mut changes = Vec::new();
    for (before, after) in story.epochs.iter().zip(story.epochs.iter().skip(1)) {
        if let Some(Entry::Change { at, policy, calendar, reason }) = after.change {
            changes.push(ChangeNote {
                at: *at,
                policy: policy.clone(),
                calendar: calendar.clone(),
                reason: reason.clone(),
                used_before: Measure::of(&before.policy.rule).total(&story.runs, after.from)?,
            });
        }
    }
    let (first, last) = story.epochs.first().zip(story.epochs.last()).ok_or(LedgerError::NotStarted)?;
    Ok(Explanation {
        zone: last.calendar.zone_name().to_owned(),
        first_policy: first.policy.clone(),
        first_calendar: first.calendar.reference().clone(),
        status,
        days: rows.counted,
        skipped: rows.skipped,
        pauses: pauses.collect(),
        changes,
    })
}

#[derive(Default)]
struct Rows {
    counted: Vec<CountedDay>,
    skipped: Vec<SkippedDay>,
}

/// The story cut where the calendar changes, each piece with its dates.
fn stints<'a>(story: &Timeline<'a>, until: i64) -> Result<Vec<(Span, &'a Calendar, Vec<Date>)>, LedgerError> {
    let mut all: Vec<(Span, &Calendar, Vec<Date>)> = Vec::new();
    for epoch in &story.epochs {
        match all.last_mut() {
            Some((_, calendar, _)) if calendar.reference() == epoch.calendar.reference() => {
                continue;
            }
            Some((before, ..)) => before.to = epoch.from,
            None => {}
        }
        all.push((Span { from: epoch.from, to: i64::MAX }, epoch.calendar, Vec::new()));
    }
    for (stint, calendar, dates) in &mut all {
        stint.to = stint.to.min(until).max(stint.from);
        let first = calendar.date_of(stint.from).ok_or_else(|| too_far(stint.from))?;
        // What is due at midnight is due at the end of the day before.
        let last = calendar.date_of(stint.to.saturating_sub(1)).ok_or_else(|| too_far(stint.to))?;
        dates.extend(first.series(jiff::Span::new().days(1)).take_while(|date| *date <= last));
    }
    Ok(all)
}

fn working_rows(story: &Timeline<'_>, until: i64) -> Result<Rows, LedgerError> {
    let mut rows = Rows::default();
    let mut spans = Vec::new();
    for (stint, calendar, dates) in stints(story, until)? {
        let running: Vec<Span> = story.runs.iter().filter_map(|run| run_span(run).overlap(stint)).collect();
        // Hours that began on the eve may run into the stint.
        let eve = dates.first().and_then(|first| first.yesterday().ok());
        for date in eve.into_iter().chain(dates.iter().copied()) {
            calendar.spans_of(date, &mut spans).ok_or_else(|| too_far(stint.from))?;
            let parts: Vec<Part> = spans
                .iter()
                .flat_map(|hours| running.iter().filter_map(|run| run.overlap(*hours)))
                .map(|part| Part { from: saturating(part.from), to: saturating(part.to) })
                .collect();
            let open_in_stint = spans.iter().any(|hours| hours.overlap(stint).is_some());
            if !parts.is_empty() {
                rows.count(calendar, date, parts, None);
            } else if Some(date) != eve {
                let why = match (spans.is_empty(), open_in_stint) {
                    (true, _) => Skip::Rest,
                    (false, true) => Skip::Paused,
                    (false, false) => Skip::OutsideHours,
                };
                rows.skip(calendar, date, why);
            }
        }
    }
    Ok(rows.tidied())
}

fn day_rows(story: &Timeline<'_>, until: i64, days: u32, end: DayEnd, working_only: bool) -> Result<Rows, LedgerError> {
    let mut rows = Rows::default();
    let mut ordinal = 0;
    for (stint, calendar, dates) in stints(story, until)? {
        let day_one = calendar.date_of(story.start);
        if stint.from >= until && stint.from > story.start {
            break;
        }
        // The day that is over exactly when the calendar changed is decided by the new one.
        let eve = dates.first().and_then(|first| first.yesterday().ok());
        for date in eve.into_iter().chain(dates.iter().copied()) {
            let over = calendar.day_over(date, end).ok_or_else(|| too_far(stint.from))?;
            let decided_before = over < stint.from && Some(date) != day_one;
            let decided_later = over >= stint.to && over != until;
            if Some(date) < day_one || decided_before || decided_later {
                continue;
            }
            let running =
                story.runs.iter().any(|run| run.from <= over && run.to.is_none_or(|to| over < to)) || over == until;
            if Some(date) == day_one {
                if days > 0 {
                    rows.skip(calendar, date, Skip::StartDay);
                }
            } else if working_only && !calendar.works_on(date) {
                rows.skip(calendar, date, Skip::Rest);
            } else if !running {
                rows.skip(calendar, date, Skip::Paused);
            } else {
                ordinal += 1;
                rows.count(calendar, date, Vec::new(), Some(ordinal));
            }
        }
    }
    // Days beyond the number came only because the last one was a rest day: that one moved on, up to the day that took its place.
    let beyond = rows.counted.iter().filter(|day| day.ordinal >= Some(days)).count();
    if days > 0 && beyond > 1 {
        let mut moved = rows.counted.split_off(rows.counted.len() - beyond);
        if let Some(mut last) = moved.pop() {
            last.ordinal = Some(days);
            rows.counted.push(last);
        }
        let rolled = moved.into_iter().map(|day| SkippedDay {
            date: day.date,
            kind: day.kind,
            note: day.note,
            why: Skip::RolledOn,
        });
        rows.skipped.extend(rolled);
    }
    Ok(rows.tidied())
}

impl Rows {
    fn count(&mut self, calendar: &Calendar, date: Date, parts: Vec<Part>, ordinal: Option<u32>) {
        let plan = calendar.day(date);
        let length = |part: &Part| Millis(part.to.as_millisecond() - part.from.as_millisecond());
        self.counted.push(CountedDay {
            date,
            kind: plan.kind,
            note: plan.note.map(str::to_owned),
            like: plan.like,
            calendar: calendar.reference().clone(),
            hours: plan.hours.clone(),
            counted: parts.iter().map(length).sum(),
            parts,
            ordinal,
        });
    }
    fn skip(&mut self, calendar: &Calendar, date: Date, why: Skip) {
        let plan = calendar.day(date);
        self.skipped.push(SkippedDay { date, kind: plan.kind, note: plan.note.map(str::to_owned), why });
    }
    /// In order, and each skipped date once, unless another calendar counted it.
    fn tidied(mut self) -> Self {
        let counted: BTreeSet<Date> = self.counted.iter().map(|day| day.date).collect();
        self.skipped.retain(|day| !counted.contains(&day.date));
        self.skipped.sort_by_key(|day| day.date);
        self.skipped.dedup_by_key(|day| day.date);
        self
    }
}

const fn run_span(run: &Run<'_>) -> Span {
    Span {
        from: run.from,
        to: match run.to {
            Some(to) => to,
            None => i64::MAX,
        },
    }
}

fn write_weekday<S: Serializer>(weekday: &Option<Weekday>, to: S) -> Result<S::Ok, S::Error> {
    weekday.map(weekday_name).serialize(to)
}

fn read_weekday<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Weekday>, D::Error> {
    let name = Option::<String>::deserialize(from)?;
    name.map(|name| weekday_named(&name)).transpose().map_err(serde::de::Error::custom)
}
