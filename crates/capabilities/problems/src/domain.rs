//! Where a problem stands and how it gets there, without any I/O.

use kernel::words;

words! {
    /// Where a problem stands.
    pub enum State {
        /// Nobody knows why yet (待查明).
        Open = "open",
        /// The cause is known, the way out is not (已知原因).
        KnownCause = "known_cause",
        /// There is a way out (已有办法).
        Solved = "solved",
        /// It does not come back (已关闭).
        Closed = "closed",
    }
}

impl State {
    /// Where it can go from here.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Open => &[Self::KnownCause, Self::Solved],
            Self::KnownCause => &[Self::Solved, Self::Open],
            Self::Solved => &[Self::Closed, Self::Open],
            Self::Closed => &[Self::Open],
        }
    }
    /// Somebody still works on it.
    pub const fn is_live(self) -> bool {
        !matches!(self, Self::Closed)
    }
}

/// Whether a problem with this cause and solution may go from `from` to `to`.
///
/// # Errors
/// The field and the code of what is missing; the field is empty for a way that there is not.
pub fn go(from: State, to: State, cause: bool, solution: bool) -> Result<(), (&'static str, &'static str)> {
    if from == to {
        return Ok(());
    }
    if !from.next().contains(&to) {
        return Err(("state", "problems-way"));
    }
    match to {
        State::Open => Ok(()),
        State::KnownCause | State::Solved | State::Closed if !cause => Err(("cause", "required")),
        State::Solved | State::Closed if !solution => Err(("solution", "required")),
        State::KnownCause | State::Solved | State::Closed => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_solved_without_cause_and_solution() {
        for from in State::ALL {
            for to in State::ALL {
                let free = go(*from, *to, true, true).is_ok();
                assert_eq!(free, from == to || from.next().contains(to));
                if from != to && *to != State::Open {
                    assert!(go(*from, *to, false, false).is_err(), "{from} {to}");
                }
            }
        }
        assert_eq!(go(State::Open, State::Solved, true, false), Err(("solution", "required")));
        assert_eq!(go(State::Open, State::Closed, true, true), Err(("state", "problems-way")));
    }
}
