//! The customer's rating page and the list of answers.

mod list;
mod rate;
mod recover;

pub(crate) use list::{filter, list};
pub(crate) use rate::{answer, rate};
pub(crate) use recover::{recovered, recovering};
