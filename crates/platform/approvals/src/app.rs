//! Use cases around approvals.

mod access;
mod ask;
mod deputies;
mod forget;
mod limits;
mod links;
mod list;
mod people;
mod sweep;
mod turn;
mod verdict;

pub use access::{DECIDE, LIMITS_EDIT, LIMITS_VIEW, PERMISSIONS, VIEW};
pub use ask::{Ask, Outcome, ask, own_limit};
pub use deputies::{NewDeputy, deputies, end_deputy, may_set_for, set_deputy};
pub use forget::forget;
pub use limits::{Draft, Standing, publish, standing};
pub use links::{Opened, decide_by_link, link_path, opened};
pub use list::{COUNTED, Page, Wanted, counts, list};
pub use people::{Heard, Offices, heard};
pub use sweep::{Swept, follow, sweep};
pub use verdict::{Answered, Detail, decide, decide_within, detail, overtake, withdraw};

/// The word for approvals in the journal, in clocks and in live events.
pub const RECORD: &str = "approval";
