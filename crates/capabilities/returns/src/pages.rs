//! Pages of returns and verdicts.

pub(crate) mod budget;
pub(crate) mod command;
pub(crate) mod detail;
pub(crate) mod export;
mod layers;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod pos;
pub(crate) mod print;
pub(crate) mod replay;
mod shown;
pub(crate) mod subsidy;
pub(crate) mod verdicts;
