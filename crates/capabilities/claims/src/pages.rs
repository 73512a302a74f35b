//! Pages of claims.

pub(crate) mod beside;
pub(crate) mod command;
pub(crate) mod detail;
pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod pack;
pub(crate) mod receivables;
mod shown;
pub(crate) mod terms;
