//! Upset customers from their words to the call-back, on both engines.
#![cfg(test)]

mod acts;
mod flags;
mod pages;
mod shop;
