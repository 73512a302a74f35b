//! Use cases around complaints.

mod access;
mod act;
mod adopt;
pub(crate) mod carry;
mod dossier;
mod events;
mod look;
mod sign;

pub use access::{CALL_BACK, DECIDE, EXPORT, HANDLE, NOT_ACCEPT, PERMISSIONS, SEVERE, VIEW};
pub(crate) use act::lacking;
pub use act::{Changed, command, command_within};
pub use adopt::{adopt_all, adopt_into, adopt_one};
pub(crate) use adopt::{adopt_within, came_from};
pub(crate) use carry::{customer_no, customer_yes};
pub use dossier::{Told, dossier};
pub(crate) use events::event;
pub use look::{Causes, Detail, Export, Offer, Page, causes, counts, detail, export, list, people};
pub(crate) use sign::answered;

/// Counts go up to here, then "1000+" is shown.
pub const COUNTED: i64 = 1_000;
