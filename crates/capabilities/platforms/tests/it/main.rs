//! Orders of platforms from their import to their end, on both engines.
#![cfg(test)]

mod flow;
mod pages;
mod shop;
mod taken;
