//! Pages of shops on platforms and their orders.

pub(crate) mod beside;
pub(crate) mod command;
pub(crate) mod detail;
pub(crate) mod import;
pub(crate) mod insurance;
pub(crate) mod list;
pub(crate) mod shops;
mod shown;
