//! Rows of approvals; the only SQL of this crate.

mod deputies;
mod limits;
mod links;
mod list;
mod rows;

pub use deputies::{Deputy, DeputyId, deputies, end_deputy, get_deputy, hold_deputies, insert_deputy, stands};
pub use limits::{Published, in_force, newest_version, publish, published, table};
pub use links::{Link, LinkId, insert_link, link_by_hash, mark_opened, mark_used, revoke};
pub use list::{Filter, Power, count, list};
pub use rows::{
    Approval, ApprovalId, Step, due_next, erase, get, hold, insert, keep_pace, of_record, of_records, save, stand_in,
    step, steps,
};
