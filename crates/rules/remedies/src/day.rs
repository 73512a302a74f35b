use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use worktime::{Declared, Holidays};

/// A calendar day, counted from 1970-01-01. Written `2026-03-10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// A day that does not exist, or lies outside 1970-01-01 … 2199-12-31.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a day between 1970-01-01 and 2199-12-31")]
pub struct NotADay(pub String);

impl Day {
    /// The last day that can be written.
    const LAST_YEAR: i32 = 2199;

    /// From year, month and day of the month.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1970..=Self::LAST_YEAR).contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        let month = i32::try_from(month).ok()?;
        let day = i32::try_from(day).ok()?;
        (1..=month_length(year, month)).contains(&day).then(|| Self(days_from_civil(year, month, day)))
    }

    /// So many days later; earlier when negative.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(i32::try_from(days.clamp(-100_000, 100_000)).unwrap_or(0)))
    }

    /// The corresponding day so many months later, the month's last day where there is none (MF-202).
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        let (year, month, day) = self.civil();
        let index = year.saturating_mul(12).saturating_add(month - 1).saturating_add(months);
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
        Self(days_from_civil(year, month, day.min(month_length(year, month))))
    }

    /// Days from `earlier` to this day; negative when it is later.
    pub fn since(self, earlier: Self) -> i64 {
        i64::from(self.0) - i64::from(earlier.0)
    }

    fn is_weekend(self) -> bool {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7) >= 5
    }

    fn civil(self) -> (i32, i32, i32) {
        // Proleptic Gregorian calendar in eras of 400 years that begin on 1 March.
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let of_era = z.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        (year_of_era + era * 400 + i32::from(month <= 2), month, day)
    }
}

fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = year - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - 719_468
}

fn month_length(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let read = || {
            let mut parts = text.splitn(3, '-');
            let mut number = |width: usize| {
                let part = parts.next()?;
                (part.len() == width && part.bytes().all(|b| b.is_ascii_digit())).then_some(part)
            };
            let (year, month, day) = (number(4)?, number(2)?, number(2)?);
            Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        };
        read().ok_or_else(|| NotADay(text.to_owned()))
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(days_from_civil(i32::from(date.year()), i32::from(date.month()), i32::from(date.day())))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Which days are rest days: weekends and declared holidays, without declared make-up days. Years outside the table count by
/// weekends only.
#[derive(Debug)]
pub(crate) struct RestDays {
    first: i32,
    rest: Vec<bool>,
    known: (i32, i32),
}

impl RestDays {
    pub(crate) fn of(holidays: &Holidays) -> Self {
        let years: Vec<i32> = holidays.years().map(i32::from).collect();
        let (Some(&from), Some(&to)) = (years.first(), years.last()) else {
            return Self { first: 0, rest: Vec::new(), known: (0, 0) };
        };
        let first = days_from_civil(from, 1, 1);
        let mut rest: Vec<bool> = (first..days_from_civil(to + 1, 1, 1)).map(|day| Day(day).is_weekend()).collect();
        for (date, declared) in holidays.iter() {
            let index = usize::try_from(Day::from(date).0 - first).ok();
            if let Some(slot) = index.and_then(|index| rest.get_mut(index)) {
                *slot = matches!(declared, Declared::Off(_));
            }
        }
        Self { first, rest, known: (from, to) }
    }

    fn is_rest(&self, day: Day) -> bool {
        let index = usize::try_from(day.0 - self.first).ok();
        index.and_then(|index| self.rest.get(index)).copied().unwrap_or_else(|| day.is_weekend())
    }

    /// The day itself, or the first working day after the rest (MF-203).
    pub(crate) fn roll(&self, mut day: Day) -> Day {
        while self.is_rest(day) {
            day = Day(day.0 + 1);
        }
        day
    }

    /// So many working days after `day`; the day itself is not counted.
    pub(crate) fn plus_working(&self, mut day: Day, days: u32) -> Day {
        let mut left = days;
        while left > 0 {
            day = Day(day.0 + 1);
            left -= u32::from(!self.is_rest(day));
        }
        day
    }

    /// Whether the holidays of the day's year are in the table.
    pub(crate) fn knows(&self, day: Day) -> bool {
        let (year, _, _) = day.civil();
        (self.known.0..=self.known.1).contains(&year)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_read_and_written() {
        for text in ["1970-01-01", "2024-02-29", "2026-12-31", "2000-03-01", "2199-12-31"] {
            assert_eq!(day(text).to_string(), text);
        }
        for text in
            ["2025-02-29", "2026-13-01", "2026-3-1", "", "x", "2026-01-01-", "1969-12-31", "2026-00-10", "+026-01-01"]
        {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
        assert_eq!(day("2025-09-10").since(day("2025-03-10")), 184);
    }

    #[test]
    fn months_end_on_the_corresponding_day() {
        assert_eq!(day("2026-01-31").plus_months(1), day("2026-02-28"));
        assert_eq!(day("2024-02-29").plus_months(12), day("2025-02-28"));
        assert_eq!(day("2025-08-31").plus_months(6), day("2026-02-28"));
    }

    #[test]
    fn rest_days_come_from_the_table() {
        let rest = RestDays::of(&Holidays::china().unwrap());
        assert_eq!(rest.roll(day("2026-02-17")), day("2026-02-24"));
        assert_eq!(rest.roll(day("2026-02-14")), day("2026-02-14"), "a make-up Saturday");
        assert_eq!(rest.roll(day("2027-03-13")), day("2027-03-15"), "an unknown year rolls by weekends");
        assert_eq!(rest.plus_working(day("2026-02-13"), 2), day("2026-02-24"));
    }

    #[test]
    fn agrees_with_another_calendar() {
        let mut at = Date::constant(1970, 1, 1);
        let mut expected = day("1970-01-01");
        while at.year() < 2110 {
            assert_eq!(Day::from(at), expected);
            assert_eq!(expected.to_string(), at.to_string());
            at = at.tomorrow().unwrap();
            expected = expected.plus_days(1);
        }
    }
}
