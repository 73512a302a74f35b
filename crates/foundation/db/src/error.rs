use std::fmt;

use kernel::{Fault, FaultKind};
use rusqlite::{ErrorCode, ffi};
use tokio_postgres::error::SqlState;

/// What went wrong, sorted by what a caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DbErrorKind {
    /// A unique constraint or primary key; `constraint` says which.
    Unique,
    /// A row that is pointed at is missing, or a row that is pointed at would go.
    ForeignKey,
    /// A CHECK; `constraint` is its name.
    Check,
    /// A column that must have a value has none.
    NotNull,
    /// Transactions collided and repeating did not help.
    Serialisation,
    /// No answer within the time limit: too slow, waiting too long, or locked by another program.
    Busy,
    /// The database is away: refused, closed, not readable.
    Gone,
    /// A queue or the disk is full.
    Full,
    /// The database's file is damaged or is no database.
    Corrupt,
    /// The statement, its values or what is read from it are wrong: a defect of the program, or a wrong address or setting.
    Sql,
    /// The body awaited something else than its database, or panicked.
    Body,
}

/// An error of the database. Never holds values of rows, because they may be personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DbError {
    /// What kind.
    pub kind: DbErrorKind,
    /// Unique and not-null: `table.column, table.column`, the same on both engines (for a unique index over expressions: the
    /// index). Check: the constraint's name. Foreign key: its name on PostgreSQL; SQLite does not tell.
    pub constraint: Option<String>,
    /// For the log and for operators.
    pub message: String,
}

impl DbError {
    pub(crate) fn new(kind: DbErrorKind, message: impl fmt::Display) -> Self {
        Self { kind, constraint: None, message: message.to_string() }
    }
    pub(crate) fn sql(message: impl fmt::Display) -> Self {
        Self::new(DbErrorKind::Sql, message)
    }
    /// True when a unique constraint over exactly these columns is broken, written `table.column, table.column`.
    pub fn is_duplicate_of(&self, columns: &str) -> bool {
        self.kind == DbErrorKind::Unique && self.constraint.as_deref() == Some(columns)
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "database: {}", self.message)?;
        self.constraint.as_ref().map_or(Ok(()), |constraint| write!(f, " ({constraint})"))
    }
}
impl std::error::Error for DbError {}

impl From<DbError> for Fault {
    #[track_caller]
    fn from(error: DbError) -> Self {
        match error.kind {
            DbErrorKind::Unique => {
                Self::new(FaultKind::Conflict, "duplicate").with("constraint", error.constraint.unwrap_or_default())
            }
            DbErrorKind::Serialisation | DbErrorKind::Busy | DbErrorKind::Gone | DbErrorKind::Full => Self::busy(error),
            DbErrorKind::ForeignKey
            | DbErrorKind::Check
            | DbErrorKind::NotNull
            | DbErrorKind::Corrupt
            | DbErrorKind::Sql
            | DbErrorKind::Body => Self::internal(error),
        }
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        let Some(code) = error.sqlite_error() else {
            return Self::sql(error);
        };
        let kind = match (code.code, code.extended_code) {
            (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID) => {
                DbErrorKind::Unique
            }
            (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => DbErrorKind::ForeignKey,
            (_, ffi::SQLITE_CONSTRAINT_CHECK) => DbErrorKind::Check,
            (_, ffi::SQLITE_CONSTRAINT_NOTNULL) => DbErrorKind::NotNull,
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::OperationInterrupted, _) => {
                DbErrorKind::Busy
            }
            (ErrorCode::DiskFull, _) => DbErrorKind::Full,
            (ErrorCode::SystemIoFailure | ErrorCode::CannotOpen, _) => DbErrorKind::Gone,
            (ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _) => DbErrorKind::Corrupt,
            _ => DbErrorKind::Sql,
        };
        // "UNIQUE constraint failed: customer.phone, customer.zone"; over expressions "…: index 'name'".
        let text = error.to_string();
        let constraint = text.split_once("constraint failed: ").map(|(_, rest)| {
            rest.strip_prefix("index '").and_then(|name| name.strip_suffix('\'')).unwrap_or(rest).to_owned()
        });
        Self { kind, constraint, message: text }
    }
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(refusal) = error.as_db_error() else {
            let kind = if error.is_closed() || is_io(&error) { DbErrorKind::Gone } else { DbErrorKind::Sql };
            return Self::new(kind, causes(&error));
        };
        let code = refusal.code();
        let kind = match code {
            _ if *code == SqlState::UNIQUE_VIOLATION => DbErrorKind::Unique,
            _ if *code == SqlState::FOREIGN_KEY_VIOLATION => DbErrorKind::ForeignKey,
            _ if *code == SqlState::CHECK_VIOLATION => DbErrorKind::Check,
            _ if *code == SqlState::NOT_NULL_VIOLATION => DbErrorKind::NotNull,
            _ if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED => {
                DbErrorKind::Serialisation
            }
            _ if *code == SqlState::QUERY_CANCELED || *code == SqlState::LOCK_NOT_AVAILABLE => DbErrorKind::Busy,
            _ if *code == SqlState::TOO_MANY_CONNECTIONS => DbErrorKind::Busy,
            _ if *code == SqlState::DISK_FULL => DbErrorKind::Full,
            // 08: connection; 57P: shut down, crashed, starting; 25P03: idle in a transaction for too long.
            _ if code.code().starts_with("08") || code.code().starts_with("57P") || code.code() == "25P03" => {
                DbErrorKind::Gone
            }
            _ if *code == SqlState::DATA_CORRUPTED || *code == SqlState::INDEX_CORRUPTED => DbErrorKind::Corrupt,
            _ => DbErrorKind::Sql,
        };
        let constraint = match (kind, refusal.table()) {
            (DbErrorKind::Unique, Some(table)) => refusal.detail().and_then(|detail| key_columns(table, detail)),
            (DbErrorKind::NotNull, Some(table)) => refusal.column().map(|column| format!("{table}.{column}")),
            _ => None,
        };
        Self {
            kind,
            constraint: constraint.or_else(|| refusal.constraint().map(str::to_owned)),
            message: format!("{} [{}]", refusal.message(), code.code()),
        }
    }
}

/// `Key (phone, zone)=(138…, 1) already exists.` gives `customer.phone, customer.zone`, as SQLite says it. The words around it
/// depend on the server's language, so only the brackets are read; a key with an expression gives `None`.
fn key_columns(table: &str, detail: &str) -> Option<String> {
    let (columns, _) = detail.split_once('(')?.1.split_once(")=(")?;
    if columns.contains('(') {
        return None;
    }
    Some(columns.split(", ").map(|column| format!("{table}.{column}")).collect::<Vec<_>>().join(", "))
}

fn is_io(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

/// The error and all that lies behind it in one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_key_reads_the_same_in_every_language() {
        let columns = Some("customer.phone, customer.zone".to_owned());
        assert_eq!(key_columns("customer", "Key (phone, zone)=(138, 1) already exists."), columns);
        assert_eq!(key_columns("customer", "键值\"(phone, zone)=(138, 1)\" 已经存在"), columns);
        assert_eq!(key_columns("customer", "Key (lower(name))=(x) already exists."), None);
    }

    #[test]
    fn only_what_may_succeed_later_is_busy() {
        let fault = |kind| Fault::from(DbError::new(kind, "x")).kind();
        assert_eq!(fault(DbErrorKind::Unique), FaultKind::Conflict);
        assert_eq!(fault(DbErrorKind::Full), FaultKind::Busy);
        assert_eq!(fault(DbErrorKind::Sql), FaultKind::Internal);
    }
}
