use kernel::{Fault, Id, Timestamp, of};

use super::seats::Seat;
use super::words::{State, Verdict, What};

/// One yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// Whose.
    pub seat: Seat,
    /// When.
    pub at: Timestamp,
}

/// What is known of a question when something is decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What has become of it.
    pub state: State,
    /// Who asked.
    pub asked_by: Id<of::User>,
    /// Who can answer now.
    pub seats: Vec<Seat>,
    /// Who said yes already.
    pub signed: Vec<Signature>,
    /// How many different persons have to say yes.
    pub needed: usize,
    /// From then on it is void.
    pub expires_at: Timestamp,
}

/// What somebody, or time, does to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// `user` answers.
    Answer(Id<of::User>, Verdict),
    /// `user` takes it back; the program does when it was overtaken (`None`).
    Withdraw(Option<Id<of::User>>),
    /// Time is up.
    Expire,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The state afterwards.
    pub next: State,
    /// The step that is written down.
    pub what: What,
    /// Who did it, and in whose name; nobody when time or the program did.
    pub seat: Option<Seat>,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is decided already.
    Over,
    /// Nobody decides what they asked for themselves.
    Own,
    /// The same person cannot say yes twice.
    Signed,
    /// It is not this person's turn.
    NotYours,
    /// Only whoever asked takes it back.
    NotAsker,
    /// It is void.
    Void,
    /// Its time is not up.
    NotYet,
}

impl Refusal {
    /// All of them, for tests of their words.
    pub const ALL: [Self; 7] =
        [Self::Over, Self::Own, Self::Signed, Self::NotYours, Self::NotAsker, Self::Void, Self::NotYet];
    /// The stable code; `fault-<code>` is its text.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Over => "approvals-over",
            Self::Own => "approvals-own",
            Self::Signed => "approvals-signed",
            Self::NotYours => "approvals-not-yours",
            Self::NotAsker => "approvals-not-asker",
            Self::Void => "approvals-void",
            Self::NotYet => "approvals-not-yet",
        }
    }
}

impl From<Refusal> for Fault {
    #[track_caller]
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal.code())
    }
}

/// What follows from `act` at `now`.
///
/// # Errors
/// Why it is not done; nothing changes then.
pub fn decide(facts: &Facts, act: Act, now: Timestamp) -> Result<Decision, Refusal> {
    if facts.state != State::Asked {
        return Err(Refusal::Over);
    }
    match act {
        Act::Answer(user, verdict) => answer(facts, user, verdict, now),
        Act::Withdraw(Some(user)) if user != facts.asked_by => Err(Refusal::NotAsker),
        Act::Withdraw(user) => Ok(Decision {
            next: State::Withdrawn,
            what: What::Withdrawn,
            seat: user.map(|user| Seat { user, in_name_of: None }),
        }),
        Act::Expire if now < facts.expires_at => Err(Refusal::NotYet),
        Act::Expire => Ok(Decision { next: State::Expired, what: What::Expired, seat: None }),
    }
}

fn answer(facts: &Facts, user: Id<of::User>, verdict: Verdict, now: Timestamp) -> Result<Decision, Refusal> {
    if user == facts.asked_by {
        return Err(Refusal::Own);
    }
    if facts.signed.iter().any(|signature| signature.seat.user == user) {
        return Err(Refusal::Signed);
    }
    let seat = facts.seats.iter().copied().find(|seat| seat.user == user).ok_or(Refusal::NotYours)?;
    if now >= facts.expires_at {
        return Err(Refusal::Void);
    }
    Ok(match verdict {
        // One no is enough.
        Verdict::Decline => Decision { next: State::Declined, what: What::Declined, seat: Some(seat) },
        Verdict::Grant => {
            let enough = facts.signed.len().saturating_add(1) >= facts.needed;
            let next = if enough { State::Granted } else { State::Asked };
            Decision { next, what: What::Granted, seat: Some(seat) }
        }
    })
}
