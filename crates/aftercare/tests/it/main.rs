//! The program as a whole: what it declares, who may call what, and that nobody sees what is not theirs.
#![expect(clippy::print_stderr, reason = "tests say what they looked at")]

mod access;
mod bad_input;
mod catalogue;
mod errors;
mod import;
mod outage;
mod scope;
