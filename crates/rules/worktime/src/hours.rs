use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::CalendarError;

/// Minutes in a day of the wall clock.
pub(crate) const DAY_MINUTES: u16 = 1_440;

/// A stretch of one day's working hours (时段) on the wall clock. It belongs to the day on which it begins, even if it ends on the
/// next. Text form: `09:00-12:00`, `18:00-24:00`, `22:00-06:00` (ends next day), `00:00-24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    from: u16,
    to: u16,
}

impl Interval {
    /// From minute `from` of the day (0 to 1,439) to minute `to`, counted from the same midnight: above 1,440 it is on the next day.
    /// `None` if it is empty or longer than 24 hours.
    pub fn new(from: u16, to: u16) -> Option<Self> {
        (from < DAY_MINUTES && from < to && to - from <= DAY_MINUTES).then_some(Self { from, to })
    }
    /// First minute, counted from the midnight that begins the day.
    pub const fn from(self) -> u16 {
        self.from
    }
    /// Minute at which it ends, counted from the same midnight; above 1,440 it is on the next day.
    pub const fn to(self) -> u16 {
        self.to
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let to = if self.to > DAY_MINUTES { self.to - DAY_MINUTES } else { self.to };
        write!(f, "{:02}:{:02}-{:02}:{:02}", self.from / 60, self.from % 60, to / 60, to % 60)
    }
}

impl FromStr for Interval {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let parse = || {
            let (from, to) = text.trim().split_once('-')?;
            let (from, to) = (wall_minute(from)?, wall_minute(to)?);
            // An end before the beginning is on the next day. Equal ends could mean nothing or 24 hours: refused.
            Self::new(from, if to < from { to + DAY_MINUTES } else { to })
        };
        parse().ok_or_else(|| CalendarError::Interval(text.trim().to_owned()))
    }
}

/// `HH:MM` up to 24:00, in minutes.
fn wall_minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let two_digits =
        |part: &str| (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u16>().ok())?;
    let (hour, minute) = (two_digits(hour)?, two_digits(minute)?);
    (minute < 60).then_some(hour * 60 + minute).filter(|total| *total <= DAY_MINUTES)
}

/// The working hours of one day: intervals in order that do not overlap; none means closed.
/// Text form: `09:00-12:00,13:30-18:00` or `closed`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayHours(Vec<Interval>);

impl DayHours {
    /// No hours at all.
    pub const CLOSED: Self = Self(Vec::new());

    /// Puts intervals in order and refuses those that share time.
    pub fn new(mut intervals: Vec<Interval>) -> Result<Self, CalendarError> {
        intervals.sort_unstable();
        for pair in intervals.windows(2) {
            if let [first, second] = pair
                && second.from < first.to
            {
                return Err(CalendarError::Overlap(*first, *second));
            }
        }
        Ok(Self(intervals))
    }
    /// The intervals in order.
    pub fn intervals(&self) -> &[Interval] {
        &self.0
    }
    /// Whether no work is done.
    pub fn is_closed(&self) -> bool {
        self.0.is_empty()
    }
    /// Minute of the last interval's end, counted from the midnight that begins the day.
    pub(crate) fn close(&self) -> Option<u16> {
        self.0.last().map(|last| last.to)
    }
}

impl fmt::Display for DayHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_closed() {
            return f.write_str("closed");
        }
        for (n, interval) in self.0.iter().enumerate() {
            write!(f, "{}{interval}", if n == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl FromStr for DayHours {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        if text.trim() == "closed" {
            return Ok(Self::CLOSED);
        }
        Self::new(text.split(',').map(str::parse).collect::<Result<_, _>>()?)
    }
}

impl TryFrom<String> for DayHours {
    type Error = CalendarError;
    fn try_from(text: String) -> Result<Self, CalendarError> {
        text.parse()
    }
}

impl From<DayHours> for String {
    fn from(hours: DayHours) -> Self {
        hours.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_read_back_as_written() {
        for text in [
            "closed",
            "09:00-12:00,13:30-18:00",
            "00:00-24:00",
            "22:00-06:00",
            "08:00-12:00,12:00-24:00",
            "00:00-01:00,23:00-24:00",
        ] {
            assert_eq!(text.parse::<DayHours>().map(|hours| hours.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("13:30-18:00, 09:00-12:00".parse::<DayHours>().unwrap().to_string(), "09:00-12:00,13:30-18:00");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "9:00-12:00",
            "09:00",
            "09:00-09:00",
            "24:00-25:00",
            "09:60-10:00",
            "09:00-12:00,",
            "-1:00-12:00",
            "+9:00-12:00",
            "09：00-12：00",
        ] {
            assert!(matches!(text.parse::<DayHours>(), Err(CalendarError::Interval(_))), "{text}");
        }
        assert!(matches!("09:00-12:00,11:59-13:00".parse::<DayHours>(), Err(CalendarError::Overlap(..))));
        assert!(matches!("22:00-06:00,23:00-24:00".parse::<DayHours>(), Err(CalendarError::Overlap(..))));
    }
}
