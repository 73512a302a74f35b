//! Claims from a refund to the maker's credit, on both engines.
#![cfg(test)]

mod flow;
mod pages;
mod shop;
