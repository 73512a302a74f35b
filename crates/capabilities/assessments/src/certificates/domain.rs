//! Where a certificate, a surveillance and a use of the mark stand on a day; without any I/O.

use kernel::{Day, words};

/// Months before its end from which a certificate is to be renewed.
pub const AHEAD: i32 = 3;

words! {
    /// Where a certificate stands.
    pub enum State {
        /// Its first day is still to come.
        Ahead = "ahead",
        /// It holds.
        Valid = "valid",
        /// It holds, and its end is so near that the renewal has to run.
        Renew = "renew",
        /// Its last day is over.
        Expired = "expired",
        /// It was given up or entered wrongly.
        Withdrawn = "withdrawn",
    }
}

/// Where a certificate stands on `today`.
pub fn state(from: Day, until: Day, withdrawn: bool, today: Day) -> State {
    match () {
        () if withdrawn => State::Withdrawn,
        () if today < from => State::Ahead,
        () if today > until => State::Expired,
        () if until <= today.plus_months(AHEAD) => State::Renew,
        () => State::Valid,
    }
}

/// The days of yearly surveillance within a certificate's time.
pub fn visits(from: Day, until: Day) -> Vec<Day> {
    (1..=20).map(|year| from.plus_months(12 * year)).take_while(|day| *day < until).collect()
}

words! {
    /// Where a surveillance or a use of the mark stands.
    pub enum Standing {
        /// Still to come, or allowed.
        Open = "open",
        /// Its day is over and nothing was done.
        Overdue = "overdue",
        /// It is done, or has ended.
        Over = "over",
    }
}

/// Where something stands on `today` that is due (or allowed) until `due`.
pub fn standing(due: Day, ended: bool, today: Day) -> Standing {
    match () {
        () if ended => Standing::Over,
        () if today > due => Standing::Overdue,
        () => Standing::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_certificate_is_renewed_three_months_ahead_and_holds_to_its_last_day() {
        let (from, until) = (day("2024-02-01"), day("2027-01-31"));
        let on = |today: &str| state(from, until, false, day(today));
        assert_eq!(on("2024-01-31"), State::Ahead);
        assert_eq!((on("2024-02-01"), on("2026-10-30")), (State::Valid, State::Valid));
        assert_eq!((on("2026-10-31"), on("2027-01-31")), (State::Renew, State::Renew));
        assert_eq!(on("2027-02-01"), State::Expired);
        assert_eq!(state(from, until, true, day("2026-01-01")), State::Withdrawn);
    }

    #[test]
    fn surveillance_is_yearly_and_never_on_the_last_day() {
        let days = visits(day("2024-02-29"), day("2027-02-28"));
        assert_eq!(days, [day("2025-02-28"), day("2026-02-28")]);
        assert!(visits(day("2024-01-01"), day("2024-12-31")).is_empty());
        assert_eq!(standing(day("2025-02-28"), false, day("2025-02-28")), Standing::Open);
        assert_eq!(standing(day("2025-02-28"), false, day("2025-03-01")), Standing::Overdue);
        assert_eq!(standing(day("2025-02-28"), true, day("2025-03-01")), Standing::Over);
    }
}
