//! Negotiation of a return (协商方案): typed offers of ours and counter-offers of the customer on top of what the law gives, each with
//! its validity, one standing at a time; the customer's yes with its proof carries it out. What exceeds somebody's own limit is asked
//! for then; the law's part never waits for any of it.

pub(crate) mod api;
pub mod app;
pub mod domain;
pub(crate) mod pages;
pub mod store;
