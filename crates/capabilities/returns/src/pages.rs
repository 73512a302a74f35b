//! Pages of returns and verdicts.

pub(crate) mod verdicts;
