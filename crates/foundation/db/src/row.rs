use kernel::{Day, Id, Money, Ratio, Timestamp};
use rusqlite::types::ValueRef;
use tokio_postgres::types::Type;

use crate::DbError;

/// One row of an answer, of either engine.
pub struct Row<'a>(Source<'a>);

enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

/// What stands in one column of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// NULL.
    Null,
    /// A number; on SQLite also a BOOLEAN.
    Int(i64),
    /// A BOOLEAN of PostgreSQL.
    Bool(bool),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl<'a> Row<'a> {
    pub(crate) const fn sqlite(row: &'a rusqlite::Row<'a>) -> Self {
        Self(Source::Sqlite(row))
    }
    pub(crate) const fn postgres(row: &'a tokio_postgres::Row) -> Self {
        Self(Source::Postgres(row))
    }
    /// The value of column `index`, counted from 0.
    ///
    /// # Errors
    /// When there is no such column or it holds something that is no `T`.
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, DbError> {
        let cell = match self.0 {
            Source::Sqlite(row) => sqlite_cell(row, index),
            Source::Postgres(row) => postgres_cell(row, index),
        };
        cell.and_then(T::from_cell).map_err(|why| DbError::sql(format!("column {index} ({}): {why}", self.name(index))))
    }
    /// Reads the columns one after another, from the first.
    pub const fn columns(&self) -> Columns<'_> {
        Columns { row: self, next: 0 }
    }
    fn name(&self, index: usize) -> &str {
        match self.0 {
            Source::Sqlite(row) => row.as_ref().column_name(index).unwrap_or("none"),
            Source::Postgres(row) => row.columns().get(index).map_or("none", |column| column.name()),
        }
    }
}

fn sqlite_cell<'r>(row: &'r rusqlite::Row<'_>, index: usize) -> Result<Cell<'r>, String> {
    Ok(match row.get_ref(index).map_err(|error| error.to_string())? {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(n) => Cell::Int(n),
        ValueRef::Real(_) => {
            return Err("a floating point number; cast it in the SQL, e.g. CAST(… AS BIGINT)".to_owned());
        }
        ValueRef::Text(text) => Cell::Text(std::str::from_utf8(text).map_err(|error| error.to_string())?),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes),
    })
}

fn postgres_cell(row: &tokio_postgres::Row, index: usize) -> Result<Cell<'_>, String> {
    fn cell<'r, T: tokio_postgres::types::FromSql<'r>>(
        row: &'r tokio_postgres::Row,
        index: usize,
        make: impl FnOnce(T) -> Cell<'r>,
    ) -> Result<Cell<'r>, String> {
        let value: Option<T> = row.try_get(index).map_err(|error| error.to_string())?;
        Ok(value.map_or(Cell::Null, make))
    }
    match *row.columns().get(index).ok_or("there is no such column")?.type_() {
        Type::INT8 => cell(row, index, Cell::Int),
        Type::INT4 => cell(row, index, |n: i32| Cell::Int(n.into())),
        Type::INT2 => cell(row, index, |n: i16| Cell::Int(n.into())),
        Type::BOOL => cell(row, index, Cell::Bool),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => cell(row, index, Cell::Text),
        Type::BYTEA => cell(row, index, Cell::Bytes),
        ref other => Err(format!("type {other} is not read; cast it in the SQL, e.g. CAST(SUM(n) AS BIGINT)")),
    }
}

/// Reads a row's columns in order, so that a struct's fields and the SELECT list stay side by side.
pub struct Columns<'r> {
    row: &'r Row<'r>,
    next: usize,
}

impl Columns<'_> {
    /// The value of the next column.
    ///
    /// # Errors
    /// As [`Row::get`].
    #[expect(clippy::should_implement_trait, reason = "each call may read another type, which an iterator cannot")]
    pub fn next<T: FromValue>(&mut self) -> Result<T, DbError> {
        let index = self.next;
        self.next += 1;
        self.row.get(index)
    }
}

/// A type that one column can be read as.
pub trait FromValue: Sized {
    /// Reads it, or says what stands there instead.
    ///
    /// # Errors
    /// When the cell holds something else.
    fn from_cell(cell: Cell<'_>) -> Result<Self, String>;
}

fn unlike<T>(wanted: &str, cell: Cell<'_>) -> Result<T, String> {
    // The value stays out of the message: it may be personal.
    let found = match cell {
        Cell::Null => "NULL",
        Cell::Int(_) => "a number",
        Cell::Bool(_) => "a boolean",
        Cell::Text(_) => "a text",
        Cell::Bytes(_) => "bytes",
    };
    Err(format!("{found} where {wanted} is expected"))
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        if cell == Cell::Null { Ok(None) } else { T::from_cell(cell).map(Some) }
    }
}
impl FromValue for bool {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Bool(yes) => Ok(yes),
            Cell::Int(0) => Ok(false),
            Cell::Int(1) => Ok(true),
            Cell::Null | Cell::Int(_) | Cell::Text(_) | Cell::Bytes(_) => unlike("a boolean", cell),
        }
    }
}
impl<T> FromValue for Id<T> {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        i64::from_cell(cell).map(Self::new)
    }
}

macro_rules! from_value {
    ($($type:ty, $wanted:literal, $pattern:pat => $value:expr;)*) => {
        $(impl FromValue for $type {
            fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
                if let $pattern = cell { $value } else { unlike($wanted, cell) }
            }
        })*
    };
}
from_value! {
    i64, "a number", Cell::Int(n) => Ok(n);
    String, "a text", Cell::Text(text) => Ok(text.to_owned());
    Vec<u8>, "bytes", Cell::Bytes(bytes) => Ok(bytes.to_vec());
    Timestamp, "an instant in milliseconds", Cell::Int(n) => Ok(Self::from_millis(n));
    Money, "an amount in fen", Cell::Int(n) => Ok(Self::from_fen(n));
    Ratio, "a ratio in basis points", Cell::Int(n) => Ok(Self::from_basis_points(n));
    Day, "a day as YYYY-MM-DD", Cell::Text(text) => text.parse().map_err(|_why| "not a day as YYYY-MM-DD".to_owned());
}

/// A type that a whole row can be read as: one value, a tuple, or a struct that reads its fields by [`Row::columns`].
pub trait FromRow: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// When a column is missing or holds something else.
    fn from_row(row: &Row<'_>) -> Result<Self, DbError>;
}

macro_rules! from_row_value {
    ($($type:ty),*) => {
        $(impl FromRow for $type {
            fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
                row.get(0)
            }
        })*
    };
}
from_row_value!(i64, bool, String, Vec<u8>, Timestamp, Day, Money, Ratio);
impl<T> FromRow for Id<T> {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        row.get(0)
    }
}
impl<T: FromValue> FromRow for Option<T> {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        row.get(0)
    }
}

macro_rules! from_row_tuple {
    ($($type:ident)+) => {
        impl<$($type: FromValue),+> FromRow for ($($type,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
                let mut columns = row.columns();
                Ok(($(columns.next::<$type>()?,)+))
            }
        }
    };
}
from_row_tuple!(A);
from_row_tuple!(A B);
from_row_tuple!(A B C);
from_row_tuple!(A B C D);
from_row_tuple!(A B C D E);
from_row_tuple!(A B C D E F);
from_row_tuple!(A B C D E F G);
from_row_tuple!(A B C D E F G H);
from_row_tuple!(A B C D E F G H I);
from_row_tuple!(A B C D E F G H I J);
from_row_tuple!(A B C D E F G H I J K);
from_row_tuple!(A B C D E F G H I J K L);
