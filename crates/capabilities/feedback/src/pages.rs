//! Pages of the inbox.

mod detail;
mod list;
mod shown;

pub(crate) use detail::{label, read, show};
pub(crate) use list::{filter, list, train};
