use super::clocks::{ClockAction, Clocks};
use super::command::Side;
use super::guard::Facts;
use super::stage::Stage;
use super::state::{Active, Category, State};
use super::words::WaitReason;
use kernel::words;

words! {
    /// Who may read a message.
    pub enum Visibility {
        /// The customer too.
        Public = "public",
        /// Staff only.
        Internal = "internal",
    }
}

words! {
    /// Which way a message went.
    pub enum Direction {
        /// From the customer to us.
        In = "in",
        /// From us to the customer, or among us.
        Out = "out",
    }
}

/// What a message does to its case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// The state afterwards: a case that waits for the customer goes on when the customer writes.
    pub next: State,
    /// What happens to the clocks, in order.
    pub clocks: Vec<ClockAction>,
    /// True when the customer hears from a person by it.
    pub answers: bool,
}

/// What follows from a message. A public word from staff is the first answer and begins the update promise anew; a word from
/// the customer wakes a case that waits for the customer and makes us owe an answer.
pub fn spoken(facts: &Facts, visibility: Visibility, side: Side) -> Spoken {
    let mut clocks = Clocks::of(&facts.clocks);
    let mut next = facts.state;
    let live = matches!(facts.state.category(), Category::Open | Category::Waiting);
    let answers = visibility == Visibility::Public && side == Side::Staff;
    if answers {
        clocks.stop(Stage::FirstAnswer);
        clocks.stop(Stage::NextAnswer);
        clocks.stop(Stage::PromisedCall);
        if live {
            clocks.start(Stage::NextAnswer);
        }
    } else if side == Side::Customer && live {
        if let Some(wait) = facts.state.wait()
            && wait.reason == WaitReason::Customer
        {
            clocks.resume_all();
            // A plan that is with the customer stays there: writing is not choosing.
            next = State::Active(wait.previous);
            if wait.previous == Active::PlanProposed {
                clocks.pause_for(WaitReason::Customer);
            }
        }
        if !facts.clocks.contains_key(&Stage::FirstAnswer) {
            clocks.start_if_none(Stage::NextAnswer);
        }
    }
    Spoken { next, clocks: clocks.actions(), answers }
}

/// The people whom `body` calls by `@name`, each once: the longest name that fits counts, and everybody who has it.
pub fn mentioned<'n, P: Copy + PartialEq>(body: &str, people: &[(P, &'n str)]) -> Vec<(P, &'n str)> {
    let mut found: Vec<(P, &'n str)> = Vec::new();
    let mut before = None;
    for (at, letter) in body.char_indices() {
        let called = matches!(letter, '@' | '＠') && !before.is_some_and(|letter: char| letter.is_ascii_alphanumeric());
        before = Some(letter);
        if !called {
            continue;
        }
        let Some(rest) = body.get(at.saturating_add(letter.len_utf8())..) else { continue };
        let fits = |name: &str| !name.is_empty() && rest.starts_with(name);
        let longest = people.iter().map(|(_, name)| *name).filter(|name| fits(name)).max_by_key(|name| name.len());
        for (person, name) in people.iter().filter(|(_, name)| Some(*name) == longest) {
            if !found.iter().any(|(known, _)| known == person) {
                found.push((*person, name));
            }
        }
    }
    found
}
