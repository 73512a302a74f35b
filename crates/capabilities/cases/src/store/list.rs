//! Lists of cases: which, in which order, within which reach; page by page, and counted as far as people read numbers.

mod count;
mod filter;
mod part;
mod read;

pub use count::{Tally, count, count_all, counts};
pub use filter::{Filter, Measure, Measured};
pub use read::{Listed, Order, Selected, list, overdue_waits};
