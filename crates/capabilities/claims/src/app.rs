//! Use cases around claims.

mod access;
mod act;
mod events;
mod look;
mod open;
mod pack;
mod terms;
mod watch;

pub use access::{EXPORT, HANDLE, MONEY, PERMISSIONS, TERMS, VIEW};
pub use act::{command, command_within};
pub use events::RECORD;
pub use look::{
    Beside, COUNTED, Detail, Export, Page, beside_return, beside_unit, counts, detail, export, export_receivables,
    list, makers, of_serial, receivables,
};
pub(crate) use open::after_return;
pub use open::{Candidate, Source, Wanted, candidate, open};
pub use pack::{Pack, Proof, pack, pack_file};
pub use terms::{TermInput, set_term, terms};
pub use watch::watch;
