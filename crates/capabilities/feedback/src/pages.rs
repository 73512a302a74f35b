//! Pages of the inbox.

mod detail;
pub(crate) mod improve;
mod list;
mod narrow;
mod shown;
pub(crate) mod tree;

pub(crate) use detail::{label, read, show};
pub(crate) use list::{batch, list, train};
pub(crate) use narrow::filter;
