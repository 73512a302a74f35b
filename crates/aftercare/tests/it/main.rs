//! The program as a whole: what it declares, who may call what, and that nobody sees what is not theirs.
#![cfg(test)]

mod access;
mod bad_input;
mod catalogue;
mod errors;
mod evaluate;
mod files;
mod import;
mod outage;
mod scope;
mod verdict;
