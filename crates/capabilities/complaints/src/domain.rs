//! The flow of a complaint: states, commands and who may not give them, without any I/O (features.md §6.2).

mod command;
mod decide;
pub mod refusal;
mod state;
mod words;

pub use cases::domain::Cause;
pub use command::{Command, CommandName, Line};
pub use decide::{Facts, Level, decide, guard};
pub use refusal::Refusal;
pub use state::{Move, State};
pub use words::{Party, Pending, Reason, Remedy, Severity, Source, Topic};

#[cfg(test)]
mod tests;
