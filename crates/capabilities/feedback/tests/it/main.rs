//! Feedback from the counter to the model that learned from it, on both engines.
#![cfg(test)]

mod batch;
mod improve;
mod inbox;
mod learning;
mod shop;
mod tree;
