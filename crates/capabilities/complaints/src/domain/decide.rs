use kernel::{Id, Timestamp, of};

use super::command::{Command, CommandName};
use super::refusal::{self, Refusal};
use super::state::{Move, State};
use super::words::Severity;

/// How far up somebody sits: an appeal goes to somebody who sits higher than whoever had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// In a store.
    Store,
    /// Over a region.
    Region,
    /// At headquarters.
    Company,
}

/// What is known of a complaint when something is decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Where it stands.
    pub state: State,
    /// How grave it is.
    pub severity: Severity,
    /// Who acts, if it is a member of staff.
    pub actor: Option<Id<of::User>>,
    /// Who has it.
    pub handler: Option<Id<of::User>>,
    /// Who had it before an appeal, with how far up that person sits.
    pub before: Option<(Id<of::User>, Level)>,
    /// Whom it is about.
    pub interested: Vec<Id<of::User>>,
    /// A second signature is asked for.
    pub pending: bool,
    /// How many lines the offer has, and how many are carried out.
    pub lines: (usize, usize),
    /// How often it was appealed.
    pub appeals: i64,
    /// The last instant for an appeal, once it is over.
    pub appeal_until: Option<Timestamp>,
    /// What the dossier lacks.
    pub lacks: Vec<&'static str>,
}

/// Whether a command of this name can be given now, whatever its input.
///
/// # Errors
/// Why not.
pub fn guard(facts: &Facts, name: CommandName, now: Timestamp) -> Result<(), Refusal> {
    let fits = |moved: &Move| facts.state.after(*moved);
    let mut possible = name.moves().iter().map(fits);
    match possible.find(Result::is_ok) {
        Some(_) => {}
        None => return Err(Refusal(refusal::NOT_NOW)),
    }
    if facts.pending && name != CommandName::Withdraw {
        return Err(Refusal(refusal::PENDING));
    }
    let interested = facts.actor.is_some_and(|actor| facts.interested.contains(&actor));
    if interested && !matches!(name, CommandName::Execute) {
        return Err(Refusal(refusal::INTERESTED));
    }
    match name {
        CommandName::Submit if facts.lines.0 == 0 => Err(Refusal(refusal::NO_LINES)),
        CommandName::Finish if facts.lines.1 < facts.lines.0 => Err(Refusal(refusal::LINES_OPEN)),
        CommandName::CallBack if facts.actor.is_some() && facts.actor == facts.handler => {
            Err(Refusal(refusal::OWN_CALL))
        }
        CommandName::Appeal if facts.appeals > 0 => Err(Refusal(refusal::APPEAL_FINAL)),
        CommandName::Appeal if facts.appeal_until.is_none_or(|until| now > until) => Err(Refusal(refusal::APPEAL_LATE)),
        CommandName::Archive if !facts.lacks.is_empty() => Err(Refusal(refusal::INCOMPLETE)),
        _ => Ok(()),
    }
}

/// Where `command` leads, when everything that it needs is granted already: the offer that waits for a yes is the shell's to ask for.
/// `level` says how far up somebody sits.
///
/// # Errors
/// Why not.
pub fn decide(
    facts: &Facts,
    command: &Command,
    level: impl Fn(Id<of::User>) -> Level,
    now: Timestamp,
) -> Result<State, Refusal> {
    guard(facts, command.name(), now)?;
    match command {
        Command::Accept { handler, interested, .. } if interested.contains(handler) => {
            Err(Refusal(refusal::INTERESTED))
        }
        Command::TakeAppeal { handler } => {
            if facts.interested.contains(handler) {
                return Err(Refusal(refusal::INTERESTED));
            }
            match facts.before {
                Some((before, had)) if before == *handler || !higher(level(*handler), had) => {
                    Err(Refusal(refusal::HIGHER))
                }
                _ => facts.state.after(Move::TakeAppeal),
            }
        }
        Command::CallBack { holds, .. } => facts.state.after(if *holds { Move::Holds } else { Move::Fails }),
        Command::Submit { .. } => facts.state.after(Move::Offer),
        other => match other.name().moves() {
            [moved, ..] => facts.state.after(*moved),
            [] => Err(Refusal(refusal::NOT_NOW)),
        },
    }
}

/// Nobody sits above headquarters: there somebody else decides.
fn higher(new: Level, old: Level) -> bool {
    new > old || (new == Level::Company && old == Level::Company)
}
