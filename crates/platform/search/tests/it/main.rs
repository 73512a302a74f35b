//! Search on both engines.
#![cfg(test)]

mod fixture;
mod naive;
mod pages;
mod places;
mod property;
mod texts;
