use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::error::CalendarError;
use crate::pattern::weekday_named;

/// Public holidays and make-up days (调休) of the years that are known. A year that is not declared is unknown: counting goes on by
/// the weekly pattern, and says so in a warning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holidays {
    years: BTreeSet<i16>,
    days: BTreeMap<Date, Declared>,
}

/// What a holiday table says about a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declared {
    /// A rest day, with the code of its holiday (`spring-festival`).
    Off(String),
    /// A make-up day: worked by the hours of that weekday.
    WorkedAs(Weekday),
}

impl Holidays {
    /// The holidays of mainland China that are shipped with this crate (`data/cn.toml`): 2022 to 2026.
    pub fn china() -> Result<Self, CalendarError> {
        Self::from_toml(include_str!("../data/cn.toml"))
    }

    /// Reads a table of `[[year]]` with `year`, `off.<holiday code> = [dates]` and `work = [dates or { date, like }]`; a make-up day
    /// without `like` is worked by Monday's hours.
    pub fn from_toml(text: &str) -> Result<Self, CalendarError> {
        let file: File = toml::from_str(text).map_err(|error| CalendarError::Table(error.to_string()))?;
        let mut holidays = Self::default();
        for table in file.year {
            holidays.declare_year(table.year);
            let mut declare = |date: Date, what| {
                if date.year() != table.year {
                    return Err(CalendarError::OtherYear { date, year: table.year });
                }
                holidays.declare(date, what)
            };
            for (code, dates) in table.off {
                for date in dates {
                    declare(date, Declared::Off(code.clone()))?;
                }
            }
            for day in table.work {
                match day {
                    Worked::AsMonday(date) => declare(date, Declared::WorkedAs(Weekday::Monday))?,
                    Worked::As { date, like } => declare(date, Declared::WorkedAs(weekday_named(&like)?))?,
                }
            }
        }
        Ok(holidays)
    }

    /// Says that the table of this year is complete.
    pub fn declare_year(&mut self, year: i16) {
        self.years.insert(year);
    }
    /// Adds one date. It does not make its year known.
    pub fn declare(&mut self, date: Date, what: Declared) -> Result<(), CalendarError> {
        if self.days.insert(date, what).is_some() {
            return Err(CalendarError::DateTwice(date));
        }
        Ok(())
    }
    /// Whether the table of this year is complete.
    pub fn knows(&self, year: i16) -> bool {
        self.years.contains(&year)
    }
    /// The known years in order.
    pub fn years(&self) -> impl Iterator<Item = i16> + '_ {
        self.years.iter().copied()
    }
    /// What is declared for this date.
    pub fn on(&self, date: Date) -> Option<&Declared> {
        self.days.get(&date)
    }
    /// All declared dates in order.
    pub fn iter(&self) -> impl Iterator<Item = (Date, &Declared)> {
        self.days.iter().map(|(date, what)| (*date, what))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    year: Vec<Year>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    year: i16,
    off: BTreeMap<String, Vec<Date>>,
    #[serde(default)]
    work: Vec<Worked>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Worked {
    AsMonday(Date),
    As { date: Date, like: String },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_is_complete() {
        let china = Holidays::china().unwrap();
        assert_eq!(china.years().collect::<Vec<_>>(), [2022, 2023, 2024, 2025, 2026]);
        let count = |year: i16| {
            let of_year = china.iter().filter(|(date, _)| date.year() == year);
            let (off, worked): (Vec<_>, Vec<_>) = of_year.partition(|(_, what)| matches!(what, Declared::Off(_)));
            (off.len(), worked.len())
        };
        assert_eq!([2022, 2023, 2024, 2025, 2026].map(count), [(32, 7), (28, 7), (28, 8), (28, 5), (33, 6)]);
        // A make-up day is always a weekend day.
        assert!(china.iter().all(|(date, what)| matches!(what, Declared::Off(_))
            || matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)));
    }

    #[test]
    fn a_make_up_day_may_name_its_weekday() {
        let table = Holidays::from_toml(
            "[[year]]\nyear = 2030\nwork = [\"2030-02-09\", { date = \"2030-02-10\", like = \"fri\" }]\n[year.off]\n",
        )
        .unwrap();
        assert_eq!(table.on(Date::constant(2030, 2, 9)), Some(&Declared::WorkedAs(Weekday::Monday)));
        assert_eq!(table.on(Date::constant(2030, 2, 10)), Some(&Declared::WorkedAs(Weekday::Friday)));
    }

    #[test]
    fn contradictions_are_refused() {
        let twice = "[[year]]\nyear = 2030\nwork = [\"2030-02-09\"]\noff.x = [\"2030-02-09\"]";
        assert_eq!(Holidays::from_toml(twice), Err(CalendarError::DateTwice(Date::constant(2030, 2, 9))));
        let other = "[[year]]\nyear = 2030\noff.x = [\"2031-01-01\"]";
        assert_eq!(
            Holidays::from_toml(other),
            Err(CalendarError::OtherYear { date: Date::constant(2031, 1, 1), year: 2030 })
        );
        assert!(matches!(
            Holidays::from_toml("[[year]]\nyear = 2030\noff.x = [\"2030-02-30\"]"),
            Err(CalendarError::Table(_))
        ));
    }
}
