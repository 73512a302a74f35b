use std::fmt;
use std::str::FromStr;

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use crate::error::CalendarError;
use crate::hours::DayHours;

/// Weekdays in order, with the names used in text forms.
const WEEK: [(Weekday, &str); 7] = [
    (Weekday::Monday, "mon"),
    (Weekday::Tuesday, "tue"),
    (Weekday::Wednesday, "wed"),
    (Weekday::Thursday, "thu"),
    (Weekday::Friday, "fri"),
    (Weekday::Saturday, "sat"),
    (Weekday::Sunday, "sun"),
];

/// The name of a weekday in text forms: `mon` … `sun`.
pub const fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "mon",
        Weekday::Tuesday => "tue",
        Weekday::Wednesday => "wed",
        Weekday::Thursday => "thu",
        Weekday::Friday => "fri",
        Weekday::Saturday => "sat",
        Weekday::Sunday => "sun",
    }
}

/// The weekday with that name in text forms: `mon` … `sun`.
pub fn weekday_named(name: &str) -> Result<Weekday, CalendarError> {
    WEEK.iter()
        .find(|(_, known)| *known == name.trim())
        .map(|(weekday, _)| *weekday)
        .ok_or_else(|| CalendarError::Weekday(name.trim().to_owned()))
}

/// The hours of an ordinary week (周模式). Text form: `mon-fri 09:00-12:00,13:30-18:00; sat 10:00-16:00`; a weekday that is not named
/// is closed, and `closed` is a week without hours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WeeklyPattern([DayHours; 7]);

impl WeeklyPattern {
    /// From the hours of Monday to Sunday.
    pub const fn new(monday_to_sunday: [DayHours; 7]) -> Self {
        Self(monday_to_sunday)
    }
    /// The hours of a weekday.
    pub const fn hours(&self, weekday: Weekday) -> &DayHours {
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = &self.0;
        match weekday {
            Weekday::Monday => monday,
            Weekday::Tuesday => tuesday,
            Weekday::Wednesday => wednesday,
            Weekday::Thursday => thursday,
            Weekday::Friday => friday,
            Weekday::Saturday => saturday,
            Weekday::Sunday => sunday,
        }
    }
}

impl fmt::Display for WeeklyPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut days = WEEK.iter().zip(&self.0).peekable();
        let mut empty = true;
        while let Some(((_, first), hours)) = days.next() {
            let mut last = first;
            while let Some(((_, next), _)) = days.next_if(|(_, same)| *same == hours) {
                last = next;
            }
            if hours.is_closed() {
                continue;
            }
            let separator = if empty { "" } else { "; " };
            empty = false;
            if first == last {
                write!(f, "{separator}{first} {hours}")?;
            } else {
                write!(f, "{separator}{first}-{last} {hours}")?;
            }
        }
        if empty { f.write_str("closed") } else { Ok(()) }
    }
}

impl FromStr for WeeklyPattern {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let mut week: [Option<DayHours>; 7] = Default::default();
        if text.trim() == "closed" {
            return Ok(Self::default());
        }
        for clause in text.split(';') {
            let (days, hours) =
                clause.trim().split_once(' ').ok_or_else(|| CalendarError::Weekday(clause.trim().to_owned()))?;
            let hours: DayHours = hours.parse()?;
            let (first, last) = days.split_once('-').unwrap_or((days, days));
            let range = weekday_named(first)?.to_monday_zero_offset()..=weekday_named(last)?.to_monday_zero_offset();
            if range.is_empty() {
                return Err(CalendarError::Weekday(days.to_owned()));
            }
            for ((weekday, name), slot) in WEEK.iter().zip(&mut week) {
                if range.contains(&weekday.to_monday_zero_offset()) && slot.replace(hours.clone()).is_some() {
                    return Err(CalendarError::WeekdayTwice(name));
                }
            }
        }
        Ok(Self(week.map(Option::unwrap_or_default)))
    }
}

impl TryFrom<String> for WeeklyPattern {
    type Error = CalendarError;
    fn try_from(text: String) -> Result<Self, CalendarError> {
        text.parse()
    }
}

impl From<WeeklyPattern> for String {
    fn from(pattern: WeeklyPattern) -> Self {
        pattern.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_read_back_in_their_shortest_form() {
        for (text, canonical) in [
            ("mon-fri 09:00-12:00,13:30-18:00", "mon-fri 09:00-12:00,13:30-18:00"),
            ("mon 09:00-18:00; tue 09:00-18:00; sat closed; sun 10:00-16:00", "mon-tue 09:00-18:00; sun 10:00-16:00"),
            ("mon-sun 00:00-24:00", "mon-sun 00:00-24:00"),
            ("closed", "closed"),
        ] {
            assert_eq!(text.parse::<WeeklyPattern>().map(|pattern| pattern.to_string()), Ok(canonical.to_owned()));
        }
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(matches!("".parse::<WeeklyPattern>(), Err(CalendarError::Weekday(_))));
        assert!(matches!("fri-mon 09:00-18:00".parse::<WeeklyPattern>(), Err(CalendarError::Weekday(_))));
        assert!(matches!("周一 09:00-18:00".parse::<WeeklyPattern>(), Err(CalendarError::Weekday(_))));
        assert_eq!("mon-fri 09:00-18:00; wed closed".parse::<WeeklyPattern>(), Err(CalendarError::WeekdayTwice("wed")));
    }
}
