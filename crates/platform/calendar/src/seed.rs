use db::Tx;
use kernel::{Fault, IdGen};
use worktime::Holidays;

use crate::edit::{self, NewCalendar};
use crate::refusal::unreadable;
use crate::store::calendars as rows;

/// Brings the shipped data in: the public holidays of years that nobody has declared yet and, into an empty database, two calendars:
/// `store` (every day 09:00 to 21:00, holidays too; for stores that are given no other) and `office` (Monday to Friday with a lunch
/// break, public holidays off; for legal working days). Doing it again changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn seed(tx: &mut Tx, ids: &IdGen) -> Result<(), Fault> {
    let china = Holidays::china().map_err(|error| unreadable(&error))?;
    let known = rows::years(tx, i64::MAX).await?;
    let missing: Vec<i16> = china.years().filter(|year| !known.contains(&i64::from(*year))).collect();
    if !missing.is_empty() {
        let edition = edit::next_edition(tx, ids).await?;
        for year in missing {
            let days = china.iter().filter(|(date, _)| date.year() == year);
            edit::put_year(tx, ids, year, days, edition).await?;
        }
    }
    if rows::all(tx).await?.is_empty() {
        for (code, name, holidays, pattern) in [
            ("store", "门店营业", false, "mon-sun 09:00-21:00"),
            ("office", "总部办公", true, "mon-fri 09:00-12:00,13:30-18:00"),
        ] {
            let new = NewCalendar {
                code: code.to_owned(),
                name: name.to_owned(),
                zone: "Asia/Shanghai".to_owned(),
                holidays,
                fallback: code == "store",
                pattern: pattern.parse().map_err(|error| unreadable(&error))?,
            };
            edit::create(tx, ids, &new).await?;
        }
    }
    Ok(())
}
