use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::error::CalendarError;
use crate::holidays::{Declared, Holidays};
use crate::hours::{DAY_MINUTES, DayHours};
use crate::pattern::WeeklyPattern;

/// Names one version of a calendar. A version never changes; new hours are a new version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CalendarRef {
    /// Code of the calendar, e.g. `office`, or of a calendar as one store works it.
    pub code: String,
    /// Its version.
    pub version: i64,
}

impl fmt::Display for CalendarRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} version {}", self.code, self.version)
    }
}

/// The hours of a single date that differ from everything else (例外日): stock-taking, a power cut, a longer festival evening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Hours of this date; none = closed.
    pub hours: DayHours,
    /// Why, in the words of the person who entered it.
    pub note: Option<String>,
}

/// One version of a working calendar (工作日历): when work is done, in one time zone.
/// For each date the first of these that says something counts: override, holiday table, weekly pattern.
#[derive(Debug, Clone)]
pub struct Calendar {
    reference: CalendarRef,
    zone: TimeZone,
    zone_name: String,
    pattern: WeeklyPattern,
    /// Patterns that replace the first one, each from its date on.
    later: BTreeMap<Date, WeeklyPattern>,
    holidays: Option<Arc<Holidays>>,
    overrides: BTreeMap<Date, Override>,
}

/// What a date is in a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayKind {
    /// The weekly pattern gives it hours.
    Working,
    /// The weekly pattern gives it none.
    Weekend,
    /// A rest day of the holiday table.
    Holiday,
    /// Worked in exchange for a holiday (调休).
    MakeUp,
    /// Has hours of its own, or is closed by exception.
    Override,
}

/// One date as a calendar sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayPlan<'a> {
    /// What it is.
    pub kind: DayKind,
    /// The hours that begin on it.
    pub hours: &'a DayHours,
    /// The code of the holiday, or the note of the override.
    pub note: Option<&'a str>,
    /// The weekday whose hours a make-up day works.
    pub like: Option<Weekday>,
}

static CLOSED: DayHours = DayHours::CLOSED;

impl Calendar {
    /// `zone` is an IANA name. Without `holidays` (a shop that opens on holidays too) no year is unknown and nothing is warned about.
    pub fn new(
        reference: CalendarRef,
        zone: &str,
        pattern: WeeklyPattern,
        holidays: Option<Arc<Holidays>>,
    ) -> Result<Self, CalendarError> {
        Ok(Self {
            reference,
            zone: TimeZone::get(zone).map_err(|_unknown| CalendarError::Zone(zone.to_owned()))?,
            zone_name: zone.to_owned(),
            pattern,
            later: BTreeMap::new(),
            holidays,
            overrides: BTreeMap::new(),
        })
    }
    /// Replaces the ordinary week from `from` on, e.g. by summer hours, until another pattern replaces it in turn.
    pub fn with_pattern_from(mut self, from: Date, pattern: WeeklyPattern) -> Self {
        self.later.insert(from, pattern);
        self
    }
    /// Gives single dates other hours. A later override of the same date replaces the earlier one.
    pub fn with_overrides(mut self, overrides: impl IntoIterator<Item = (Date, Override)>) -> Self {
        self.overrides.extend(overrides);
        self
    }

    /// Which version of which calendar this is.
    pub const fn reference(&self) -> &CalendarRef {
        &self.reference
    }
    /// IANA name of its time zone.
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }
    /// Its ordinary week at a date.
    pub fn pattern(&self, at: Date) -> &WeeklyPattern {
        self.later.range(..=at).next_back().map_or(&self.pattern, |(_, pattern)| pattern)
    }
    /// The holiday table it follows, if any.
    pub fn holidays(&self) -> Option<&Holidays> {
        self.holidays.as_deref()
    }
    /// The dates with hours of their own.
    pub const fn overrides(&self) -> &BTreeMap<Date, Override> {
        &self.overrides
    }

    /// What a date is and which hours begin on it.
    pub fn day(&self, date: Date) -> DayPlan<'_> {
        if let Some(special) = self.overrides.get(&date) {
            return DayPlan {
                kind: DayKind::Override,
                hours: &special.hours,
                note: special.note.as_deref(),
                like: None,
            };
        }
        match self.holidays.as_ref().and_then(|table| table.on(date)) {
            Some(Declared::Off(code)) => {
                DayPlan { kind: DayKind::Holiday, hours: &CLOSED, note: Some(code), like: None }
            }
            Some(Declared::WorkedAs(like)) => {
                DayPlan { kind: DayKind::MakeUp, hours: self.pattern(date).hours(*like), note: None, like: Some(*like) }
            }
            None => {
                let hours = self.pattern(date).hours(date.weekday());
                let kind = if hours.is_closed() { DayKind::Weekend } else { DayKind::Working };
                DayPlan { kind, hours, note: None, like: None }
            }
        }
    }
    /// Whether work begins on this date.
    pub fn works_on(&self, date: Date) -> bool {
        !self.day(date).hours.is_closed()
    }
    /// Whether work is being done at this instant. The end of an interval is no longer work.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let at = at.as_millisecond();
        let mut spans = Vec::new();
        let Some(today) = self.date_of(at) else {
            return false;
        };
        [today.yesterday().ok(), Some(today)].into_iter().flatten().any(|date| {
            self.spans_of(date, &mut spans).is_some() && spans.iter().any(|span| span.from <= at && at < span.to)
        })
    }
    /// The date on the wall clock of this calendar; `None` outside the years that can be written down.
    pub fn date_at(&self, at: Timestamp) -> Option<Date> {
        self.date_of(at.as_millisecond())
    }
    /// Years between two instants whose holidays are not known, in order. They are counted by weekly pattern and overrides alone.
    pub fn unknown_years(&self, from: Timestamp, to: Timestamp) -> Vec<i16> {
        let Some(table) = &self.holidays else {
            return Vec::new();
        };
        match (self.date_at(from), self.date_at(to)) {
            (Some(first), Some(last)) => (first.year()..=last.year()).filter(|year| !table.knows(*year)).collect(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn date_of(&self, at: i64) -> Option<Date> {
        Some(self.zone.to_datetime(Timestamp::from_millisecond(at).ok()?).date())
    }

    /// The instant of a minute of the wall clock, counted from the midnight that begins `date`. A minute that summer time leaves out
    /// is moved forward with the clock; of one that comes twice the first is taken.
    pub(crate) fn instant_of(&self, date: Date, minute: u16) -> Option<i64> {
        let (date, minute) =
            if minute < DAY_MINUTES { (date, minute) } else { (date.tomorrow().ok()?, minute - DAY_MINUTES) };
        // An interval of 24 hours that begins in the evening ends on the next evening, never later.
        let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
        let wall = DateTime::from_parts(date, Time::new(hour, minute, 0, 0).ok()?);
        Some(self.zone.to_ambiguous_timestamp(wall).compatible().ok()?.as_millisecond())
    }

    /// Puts the working time that belongs to `date` into `spans`, in order and without overlaps. Time that the day before already
    /// covers (a night shift running into an early morning) stays with the day before.
    pub(crate) fn spans_of(&self, date: Date, spans: &mut Vec<Span>) -> Option<()> {
        spans.clear();
        let hours = self.day(date).hours;
        if hours.is_closed() {
            return Some(());
        }
        let eve = date.yesterday().ok()?;
        let mut covered = match self.day(eve).hours.close() {
            Some(close) if close > DAY_MINUTES => self.instant_of(eve, close)?,
            _ => i64::MIN,
        };
        for interval in hours.intervals() {
            let from = self.instant_of(date, interval.from())?.max(covered);
            let to = self.instant_of(date, interval.to())?;
            if from < to {
                spans.push(Span { from, to });
                covered = to;
            }
        }
        Some(())
    }
}

/// A stretch of time in milliseconds since the epoch; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub from: i64,
    pub to: i64,
}

impl Span {
    /// The part that both share.
    pub(crate) fn overlap(self, other: Self) -> Option<Self> {
        let shared = Self { from: self.from.max(other.from), to: self.to.min(other.to) };
        (shared.from < shared.to).then_some(shared)
    }
}

/// The calendar versions a ledger may name.
#[derive(Debug, Clone, Default)]
pub struct Calendars(BTreeMap<CalendarRef, Arc<Calendar>>);

impl Calendars {
    /// Adds a version; the same version handed in twice is kept once.
    pub fn insert(&mut self, calendar: impl Into<Arc<Calendar>>) {
        let calendar = calendar.into();
        self.0.insert(calendar.reference.clone(), calendar);
    }
    /// Finds a version.
    pub fn get(&self, reference: &CalendarRef) -> Option<&Calendar> {
        self.0.get(reference).map(AsRef::as_ref)
    }
}

impl<C: Into<Arc<Calendar>>> FromIterator<C> for Calendars {
    fn from_iter<I: IntoIterator<Item = C>>(calendars: I) -> Self {
        let mut all = Self::default();
        calendars.into_iter().for_each(|calendar| all.insert(calendar));
        all
    }
}
