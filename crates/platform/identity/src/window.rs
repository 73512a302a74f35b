use kernel::{Fault, Timestamp};

/// When the account of somebody from outside is good. Accounts of staff have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// From then on,
    pub opens_at: Timestamp,
    /// and before then,
    pub closes_at: Timestamp,
    /// unless somebody closed it early.
    pub closed_at: Option<Timestamp>,
}

/// Why an account is no good now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// Its time has not come.
    NotYet,
    /// Its time is over.
    Over,
    /// Somebody closed it.
    Closed,
}

impl Window {
    /// Why nobody uses the account at `now`; none when it is open.
    pub fn shut(&self, now: Timestamp) -> Option<Shut> {
        if self.closed_at.is_some_and(|at| at <= now) {
            Some(Shut::Closed)
        } else if now < self.opens_at {
            Some(Shut::NotYet)
        } else if now >= self.closes_at {
            Some(Shut::Over)
        } else {
            None
        }
    }
}

impl Shut {
    /// What its holder reads.
    pub fn fault(self) -> Fault {
        Fault::refused(match self {
            Self::NotYet => "identity-access-not-yet",
            Self::Over => "identity-access-over",
            Self::Closed => "identity-access-withdrawn",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_two_ends_and_may_be_closed() {
        let at = Timestamp::from_millis;
        let window = Window { opens_at: at(10), closes_at: at(20), closed_at: None };
        let said = [9, 10, 19, 20].map(|now| window.shut(at(now)));
        assert_eq!(said, [Some(Shut::NotYet), None, None, Some(Shut::Over)]);
        let closed = Window { closed_at: Some(at(15)), ..window };
        assert_eq!((closed.shut(at(14)), closed.shut(at(15))), (None, Some(Shut::Closed)));
    }
}
