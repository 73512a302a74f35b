//! Scheduled reviews of returns (退换货例会): every week, month and quarter a job freezes the figures, what came back most, why, and what
//! is still to be decided; people add decisions with somebody and a day, and sign. A product whose return rate jumps against its own
//! history raises an alarm once a month.

pub(crate) mod api;
pub mod app;
pub mod domain;
pub(crate) mod jobs;
pub(crate) mod pages;
pub mod store;
