//! Audits from the plan to the last yes, on both engines.
#![cfg(test)]

mod access;
mod flow;
mod house;
mod sampling;
