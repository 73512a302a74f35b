//! Adding, subtracting and measuring working time, and deadlines in days. Everything goes day by day, never minute by minute.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::amount::Millis;
use crate::calendar::{Calendar, Span};
use crate::error::CountError;
use crate::hours::DAY_MINUTES;

/// Days without working time after which a calendar counts as never working: ten years.
const EMPTY_DAYS: u32 = 3_660;
/// Days that one operation may count over: a hundred years.
const MOST_DAYS: u32 = 36_600;

/// When the last day of a deadline in days is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayEnd {
    /// At 24:00 (民法典 § 203 ¶ 2 first half).
    Midnight,
    /// When work stops on that day, at 24:00 at the latest, and if no work is done on it (民法典 § 203 ¶ 2 second half).
    Close,
}

impl Calendar {
    /// The instant at which `working` time has passed since `from`. Exactly used-up hours end at the end of the interval (18:00), not
    /// at the start of the next; no time added is no change; less than none subtracts.
    pub fn add(&self, from: Timestamp, working: Millis) -> Result<Timestamp, CountError> {
        instant(self.add_ms(from.as_millisecond(), working.0)?, from)
    }

    /// The latest instant from which `working` time passes until `to`. Exactly used-up hours begin at the start of the interval.
    pub fn sub(&self, to: Timestamp, working: Millis) -> Result<Timestamp, CountError> {
        instant(self.add_ms(to.as_millisecond(), working.0.saturating_neg())?, to)
    }

    /// The working time between two instants; negative if `to` comes before `from`.
    pub fn elapsed(&self, from: Timestamp, to: Timestamp) -> Result<Millis, CountError> {
        let (from, to) = (from.as_millisecond(), to.as_millisecond());
        if from <= to { self.elapsed_ms(from, to).map(Millis) } else { self.elapsed_ms(to, from).map(|ms| Millis(-ms)) }
    }

    /// The end of the `days`-th working day after the day of `event`, which is not counted. `days` = 0 is the end of that day itself
    /// if work is still to be done on it, otherwise of the next working day.
    pub fn end_of_working_day(&self, event: Timestamp, days: u32, end: DayEnd) -> Result<Timestamp, CountError> {
        self.count_days(event, DayCount { days, which: Counted::Working, end })
    }

    /// The end of the `days`-th calendar day after the day of `event`, which is not counted (民法典 § 201). With `roll`, a last day
    /// that is a rest day is replaced by the next working day (民法典 § 203 ¶ 1).
    pub fn end_of_calendar_day(
        &self,
        event: Timestamp,
        days: u32,
        roll: bool,
        end: DayEnd,
    ) -> Result<Timestamp, CountError> {
        self.count_days(event, DayCount { days, which: Counted::All { roll }, end })
    }

    fn count_days(&self, event: Timestamp, count: DayCount) -> Result<Timestamp, CountError> {
        let event_ms = event.as_millisecond();
        let day_one = self.date_of(event_ms).ok_or_else(|| too_far(event_ms))?;
        let end = self.reach_day(count, day_one, event_ms, None, &mut 0)?.ok_or_else(|| too_far(event_ms))?;
        instant(end, event)
    }

    pub(crate) fn add_ms(&self, from: i64, working: i64) -> Result<i64, CountError> {
        if working == 0 {
            return Ok(from);
        }
        let forwards = working > 0;
        let mut left = working.saturating_abs();
        let mut date = self.date_of(from).ok_or_else(|| too_far(from))?;
        if forwards {
            // Hours that began yesterday may run past midnight.
            date = date.yesterday().map_err(|_edge| too_far(from))?;
        }
        let everything = if forwards { Span { from, to: i64::MAX } } else { Span { from: i64::MIN, to: from } };
        let (mut spans, mut empty_days) = (Vec::new(), 0);
        for _ in 0..MOST_DAYS {
            self.spans_of(date, &mut spans).ok_or_else(|| too_far(from))?;
            if !forwards {
                spans.reverse();
            }
            empty_days += 1;
            for span in spans.iter().filter_map(|span| span.overlap(everything)) {
                empty_days = 0;
                let length = span.to - span.from;
                if left <= length {
                    return Ok(if forwards { span.from + left } else { span.to - left });
                }
                left -= length;
            }
            if empty_days > EMPTY_DAYS {
                return Err(self.never_works(from));
            }
            date = if forwards { date.tomorrow() } else { date.yesterday() }.map_err(|_edge| too_far(from))?;
        }
        Err(too_far(from))
    }

    pub(crate) fn elapsed_ms(&self, from: i64, to: i64) -> Result<i64, CountError> {
        let Some(window) = (Span { from, to: i64::MAX }).overlap(Span { from: i64::MIN, to }) else {
            return Ok(0);
        };
        let mut date = self.date_of(from).and_then(|date| date.yesterday().ok()).ok_or_else(|| too_far(from))?;
        let last = self.date_of(to).ok_or_else(|| too_far(to))?;
        let (mut spans, mut total) = (Vec::new(), 0);
        for _ in 0..MOST_DAYS {
            if date > last {
                return Ok(total);
            }
            self.spans_of(date, &mut spans).ok_or_else(|| too_far(from))?;
            total += spans.iter().filter_map(|span| span.overlap(window)).map(|span| span.to - span.from).sum::<i64>();
            date = date.tomorrow().map_err(|_edge| too_far(from))?;
        }
        Err(too_far(from))
    }

    /// When the last day of a count is over, if the clock runs from `from` until `to` (`None` = on and on). `day_one` is the date of
    /// the event. A day counts if the clock runs at the instant at which the day is over. `counted` carries on from run to run.
    pub(crate) fn reach_day(
        &self,
        count: DayCount,
        day_one: Date,
        from: i64,
        to: Option<i64>,
        counted: &mut u32,
    ) -> Result<Option<i64>, CountError> {
        // The day that is over exactly at `from` still belongs to this run.
        let mut date = self.date_of(from.saturating_sub(1)).ok_or_else(|| too_far(from))?.max(day_one);
        let mut empty_days = 0;
        for _ in 0..MOST_DAYS {
            let over = self.day_over(date, count.end).ok_or_else(|| too_far(from))?;
            if to.is_some_and(|to| over >= to) {
                return Ok(None);
            }
            let works = self.works_on(date);
            if over >= from {
                *counted += u32::from(date > day_one && (works || count.which != Counted::Working));
                if *counted >= count.days && (works || count.which == (Counted::All { roll: false })) {
                    return Ok(Some(over));
                }
            }
            empty_days = if works { 0 } else { empty_days + 1 };
            if empty_days > EMPTY_DAYS && count.which != (Counted::All { roll: false }) {
                return Err(self.never_works(from));
            }
            date = date.tomorrow().map_err(|_edge| too_far(from))?;
        }
        Err(too_far(from))
    }

    /// The instant at which a date is over.
    pub(crate) fn day_over(&self, date: Date, end: DayEnd) -> Option<i64> {
        // A day is over at 24:00 even for a shop that works into the night, so that days end in their order.
        let close = match end {
            DayEnd::Midnight => None,
            DayEnd::Close => self.day(date).hours.close(),
        };
        self.instant_of(date, close.unwrap_or(DAY_MINUTES).min(DAY_MINUTES))
    }

    fn never_works(&self, from: i64) -> CountError {
        CountError::NeverWorks { calendar: self.reference().clone(), from: saturating(from) }
    }
}

/// A deadline in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DayCount {
    pub days: u32,
    pub which: Counted,
    pub end: DayEnd,
}

/// Which days a deadline counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    Working,
    All { roll: bool },
}

pub(crate) fn too_far(from: i64) -> CountError {
    CountError::TooFar { from: saturating(from) }
}

/// An instant for a message.
pub(crate) fn saturating(at: i64) -> Timestamp {
    Timestamp::from_millisecond(at).unwrap_or(if at < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

fn instant(at: i64, from: Timestamp) -> Result<Timestamp, CountError> {
    Timestamp::from_millisecond(at).map_err(|_outside| CountError::TooFar { from })
}
