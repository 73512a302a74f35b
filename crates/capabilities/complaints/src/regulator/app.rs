//! Use cases around regulator cases.

mod access;
mod act;
mod enter;
mod events;
mod look;
mod seal;
mod statement;

pub use access::{ENTER, HANDLE, HOLD, LEGAL, PERMISSIONS, STATEMENT, VIEW};
pub use act::{Done, act, act_within, guard_complaint, lacks, lacks_of};
pub(crate) use enter::came;
pub use enter::{Entered, Notice, claimant, enter, enter_within, prepare};
pub(crate) use events::FORGOTTEN;
pub use look::{Detail, Export, History, Page, counts, detail, export, history, list};
pub use seal::{Admitted, admit, admitted, dismiss, hold, lift_hold, restrict, sealed_unit, unrestrict};
pub(crate) use statement::{LONGEST, answered};
pub use statement::{Sources, ask, draft, edit, printed, sources};

/// The field of search in which stands what the authority passed on.
pub(crate) const PIECE: i64 = 31;
