//! Use cases around self-assessments.

mod bundle;
mod look;
mod make;

pub use bundle::{Bundle, PER_CLAUSE, Row, bundle};
pub use look::{Detail, FINDER, Listed, compare, detail, list, withdraw};
pub use make::{Draft, make, replay};

/// The word for self-assessments in journal, search and live events.
pub const RECORD: &str = "assessment";
/// Longest title, in characters.
pub const TITLE: usize = 120;
/// Longest note and reason.
pub const TEXT: usize = 2_000;
/// Rows of a page.
pub const ROWS: i64 = 25;
/// Most entries that are kept of one indicator, the newest first.
pub const ENTRIES: usize = 12;
