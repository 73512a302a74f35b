//! Call-backs: what may come of a call, when one may be made, and when a list gives up.

use kernel::{Timestamp, Zone, words};

words! {
    /// From where a list is drawn.
    pub enum Pool {
        /// Closed cases, by the day of closing.
        Cases = "cases",
        /// Complaints that are over, by the day on which they ended.
        Complaints = "complaints",
        /// Customers, by the day of buying; they need have no case.
        Customers = "customers",
    }
}

/// The levels that complaints may have.
pub const SEVERITIES: [&str; 4] = ["s1", "s2", "s3", "s4"];

words! {
    /// Where a customer of a list stands.
    pub enum ContactState {
        /// Somebody is to call.
        Waiting = "waiting",
        /// The customer has answered.
        Reached = "reached",
        /// Nobody got through.
        Unreached = "unreached",
        /// The customer does not want to be called, ever.
        Refused = "refused",
    }
}

words! {
    /// What came of a call.
    pub enum Outcome {
        /// The customer has answered.
        Reached = "reached",
        /// Nobody got through.
        NotReached = "not_reached",
        /// The customer does not want to be called.
        Refused = "refused",
        /// The number is somebody else's.
        WrongNumber = "wrong_number",
    }
}

/// A customer is tried so many times.
pub const TRIES: i64 = 3;
/// Scores up to here are bad: something has to come of them.
pub const BAD: i64 = 2;
/// Customers are called from this hour on and before that one, on their store's clock.
pub const HOURS: (i8, i8) = (9, 20);
const DAY: i64 = 86_400_000;

/// Whether customers of a store in `zone` may be called at `now`.
pub fn may_call(now: Timestamp, zone: &Zone) -> bool {
    let hour = now.civil(zone).hour();
    (HOURS.0..HOURS.1).contains(&hour)
}

/// Where a customer stands after a call, the `tries`th.
pub const fn after(outcome: Outcome, tries: i64) -> ContactState {
    match outcome {
        Outcome::Reached => ContactState::Reached,
        Outcome::Refused => ContactState::Refused,
        Outcome::WrongNumber => ContactState::Unreached,
        Outcome::NotReached if tries >= TRIES => ContactState::Unreached,
        Outcome::NotReached => ContactState::Waiting,
    }
}

/// When somebody tries again who says nothing else: at the same time tomorrow.
pub fn again(now: Timestamp) -> Timestamp {
    now.plus(DAY)
}

/// What is known of somebody who may be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// There is a number.
    pub phone: bool,
    /// The customer has agreed to be contacted.
    pub consent: bool,
    /// The customer once said not to be called.
    pub refused: bool,
    /// The customer waits in another list, or was called within its days of quiet.
    pub recent: bool,
}

/// Why somebody is not drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// Nobody to call.
    NoPhone,
    /// Does not want it.
    Refused,
    /// Was called not long ago.
    Recent,
}

impl Known {
    /// Why this customer is not drawn; `None` when they are.
    pub const fn left_out(self) -> Option<LeftOut> {
        if !self.phone {
            Some(LeftOut::NoPhone)
        } else if self.refused || !self.consent {
            Some(LeftOut::Refused)
        } else if self.recent {
            Some(LeftOut::Recent)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_gives_up_after_three_calls_and_a_no_is_for_good() {
        assert_eq!(after(Outcome::NotReached, 1), ContactState::Waiting);
        assert_eq!(after(Outcome::NotReached, TRIES), ContactState::Unreached);
        assert_eq!(after(Outcome::WrongNumber, 1), ContactState::Unreached);
        assert_eq!(after(Outcome::Refused, 1), ContactState::Refused);
        let fine = Known { phone: true, consent: true, refused: false, recent: false };
        assert_eq!(fine.left_out(), None);
        assert_eq!(Known { phone: false, refused: true, ..fine }.left_out(), Some(LeftOut::NoPhone));
        assert_eq!(Known { consent: false, recent: true, ..fine }.left_out(), Some(LeftOut::Refused));
        assert_eq!(Known { recent: true, ..fine }.left_out(), Some(LeftOut::Recent));
    }
}
