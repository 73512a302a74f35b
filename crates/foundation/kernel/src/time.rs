use std::fmt;
use std::str::FromStr;

use jiff::civil;
use serde::{Deserialize, Serialize};

/// An instant: milliseconds since 1970-01-01 UTC. RFC 3339 in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970 UTC.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }
    /// Milliseconds since 1970 UTC, to bind into SQL.
    pub const fn millis(self) -> i64 {
        self.0
    }
    /// From the time library's instant; what is finer than a millisecond is dropped.
    pub fn from_jiff(at: jiff::Timestamp) -> Self {
        Self(at.as_millisecond())
    }
    /// As the time library's instant. Instants beyond its range (years before −9999 or after 9999) become its nearest end.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }
    /// This instant moved by `millis`.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
    /// Milliseconds from `earlier` to this instant.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
    /// The day that this instant falls on in `zone`.
    pub fn day(self, zone: &Zone) -> Day {
        Day(self.to_jiff().to_zoned(zone.0.clone()).date())
    }
    /// Date and wall-clock time in `zone`.
    pub fn civil(self, zone: &Zone) -> civil::DateTime {
        self.to_jiff().to_zoned(zone.0.clone()).datetime()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.to_jiff())
    }
}
impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl FromStr for Timestamp {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<jiff::Timestamp>().map(Self::from_jiff)
    }
}
impl From<Timestamp> for String {
    fn from(at: Timestamp) -> Self {
        at.to_string()
    }
}
impl TryFrom<String> for Timestamp {
    type Error = jiff::Error;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// A business day in a store's zone (营业日). `YYYY-MM-DD` in SQL and JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Day(civil::Date);

impl Day {
    /// The day `year-month-day`.
    ///
    /// # Errors
    /// When there is no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, jiff::Error> {
        civil::Date::new(year, month, day).map(Self)
    }
    /// As the time library's date.
    pub const fn date(self) -> civil::Date {
        self.0
    }
    /// The day `days` later (earlier when negative), within the calendar's range.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(days)))
    }
    /// The same day `months` later; the month's last where that month is shorter.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().months(months)))
    }
    /// Midnight at the start of this day in `zone`.
    pub fn start(self, zone: &Zone) -> Timestamp {
        self.at(0, 0, zone)
    }
    /// `hour:minute` of this day in `zone`; a time that a zone change skips moves on to the next that exists.
    pub fn at(self, hour: i8, minute: i8, zone: &Zone) -> Timestamp {
        let time = civil::Time::new(hour, minute, 0, 0).unwrap_or(civil::Time::midnight());
        match zone.0.to_ambiguous_zoned(self.0.to_datetime(time)).compatible() {
            Ok(at) => Timestamp::from_jiff(at.timestamp()),
            Err(_) => Timestamp::from_millis(i64::MAX),
        }
    }
}

impl From<civil::Date> for Day {
    fn from(date: civil::Date) -> Self {
        Self(date)
    }
}
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl FromStr for Day {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}
impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}
impl TryFrom<String> for Day {
    type Error = jiff::Error;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// A time zone by its IANA name, such as `Asia/Shanghai`; the tables are inside the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Zone(jiff::tz::TimeZone);

impl Zone {
    /// The zone named `name`.
    ///
    /// # Errors
    /// When no such zone is known.
    pub fn named(name: &str) -> Result<Self, jiff::Error> {
        jiff::tz::TimeZone::get(name).map(Self)
    }
    /// China's one zone, the default of a new installation.
    pub fn china() -> Self {
        Self::named("Asia/Shanghai").unwrap_or(Self(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))))
    }
    /// As the time library's zone.
    pub const fn tz(&self) -> &jiff::tz::TimeZone {
        &self.0
    }
    /// The IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("Asia/Shanghai")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_knows_its_day_in_the_stores_zone() {
        let at: Timestamp = "2026-11-21T16:30:00Z".parse().unwrap();
        assert_eq!(at.day(&Zone::china()).to_string(), "2026-11-22");
        assert_eq!(at.to_string(), "2026-11-21T16:30:00.000Z");
        assert_eq!(at.day(&Zone::china()).at(0, 30, &Zone::china()), at);
    }
}
