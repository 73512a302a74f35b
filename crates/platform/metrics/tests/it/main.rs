//! Metrics on both engines.
#![cfg(test)]

mod fixture;
mod fold;
mod histories;
mod read;
