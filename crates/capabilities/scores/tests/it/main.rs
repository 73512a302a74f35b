//! Scores from the record to the page, on both engines.
#![cfg(test)]

mod board;
mod counting;
mod proposals;
mod registers;
mod schemes;
