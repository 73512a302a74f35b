//! The only SQL of this crate.

pub(crate) mod calendars;
pub(crate) mod clocks;

use db::{DbError, DbErrorKind};

/// A row that says what no row can say.
pub(crate) fn corrupt(message: impl Into<String>) -> DbError {
    DbError { kind: DbErrorKind::Corrupt, constraint: None, message: message.into() }
}
