//! Pages: the dictionary with its numbers, one number in depth, finding.

mod asked;
mod metric;
mod overview;
mod search;

pub(crate) use metric::show as metric;
pub(crate) use overview::show as overview;
pub(crate) use search::show as search;
