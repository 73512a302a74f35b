//! The rules of a return, without any I/O: what the law gives of it, what may happen next on each of its three tracks (features.md
//! §6.3), and how its money is booked.

mod command;
mod decide;
mod entitled;
mod ledger;
pub mod refusal;
pub mod replay;
mod words;

pub use command::{Command, CommandName};
pub use decide::{Facts, LineFacts, complete, guard};
pub use entitled::{Entitled, entitled};
pub use ledger::{Account, Entry, Unbalanced};
pub use refusal::Refusal;
pub use words::{Check, Finding, GoodsIn, GoodsOut, Grade, Part, PayState, State, Way};

#[cfg(test)]
mod tests;
