//! Returns and verdicts for programs.

pub(crate) mod verdicts;
