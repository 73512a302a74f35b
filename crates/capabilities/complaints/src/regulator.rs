//! Regulator cases (监管来件, T15): what an authority passed on, as a complaint with rows of its own beside it.
//!
//! Nouns: 监管来件 = [`store::RegulatorCase`], 投诉 and 举报 = [`domain::Nature`], 情况说明 = [`store::Statement`], 保密案卷 = a complaint that
//! stands in the sealed unit.
//!
//! Invariants: the due time is the one that the notice states and drives our clock; the authority's own clocks are data and never ours.
//! A report is sealed and held from the first instant: only who is admitted sees it, and nothing of it goes away; nobody mediates it and
//! nobody writes to whoever reported. A statement that is signed never changes.

pub(crate) mod api;
pub mod app;
pub mod domain;
mod measures;
pub mod orders;
mod pages;
mod routes;
pub mod store;

pub(crate) use measures::METRICS;
pub use pages::statement_body as written;
pub(crate) use routes::{ENTRY, routes};
