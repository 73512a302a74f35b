//! How long complaints are kept (保存期限), the archive that fills by itself, and the promised times that have no other page.
//!
//! Invariants: nothing is kept shorter than the law's least; what is held for the law is never proposed nor erased; only a person lets the
//! words of an archived complaint go.

pub mod app;
mod pages;
mod routes;
pub mod store;

pub(crate) use pages::openapi;
pub(crate) use routes::{ENTRY, routes};

use kernel::words;

/// The least that anything is kept, in years: as long as a claim can be brought (民法典 §188; 电子商务法 §31 says the same of
/// transactions).
pub const LEAST_YEARS: i64 = 3;
/// The longest.
pub const MOST_YEARS: i64 = 30;

words! {
    /// Kinds of archived complaints, each with its own time.
    pub enum ArchiveKind {
        /// What customers told us.
        Complaint = "complaint",
        /// What an authority passed on as a complaint.
        Regulator = "regulator",
        /// What an authority passed on as a report.
        Report = "report",
    }
}

words! {
    /// What happens to an archived complaint whose time is over.
    pub enum Ending {
        /// Kept longer.
        Keep = "keep",
        /// Its words go.
        Erase = "erase",
    }
}
