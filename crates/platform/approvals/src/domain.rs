//! Who decides, within which limits, and what follows from an answer. Pure.

mod decide;
mod limits;
mod seats;
mod split;
mod words;

#[cfg(test)]
mod tests;

pub use decide::{Act, Decision, Facts, Refusal, Signature, decide};
pub use limits::{ANY, Limit, LimitTable, Rule};
pub use seats::{Asked, Holder, Seat, Stand, next_turn, seats};
pub use split::Split;
pub use words::{Show, State, Verdict, What};
