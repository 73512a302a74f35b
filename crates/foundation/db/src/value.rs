use std::error::Error;

use kernel::{Day, Id, Money, Ratio, Timestamp};
use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{Format, IsNull, ToSql, Type};

/// A value that is bound to a `$n` of a statement. Made by `From`, usually through [`args!`](crate::args).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// NULL of whatever type the statement expects there.
    Null,
    /// BIGINT: numbers, ids, instants, money, ratios.
    Int(i64),
    /// BOOLEAN.
    Bool(bool),
    /// TEXT; a text with a NUL character is refused before it reaches an engine.
    Text(String),
    /// BYTEA / BLOB.
    Bytes(Vec<u8>),
}

/// The values of a statement in the order of `$1`, `$2` …: `args![id, "open", at]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::Value::from($value)),*] };
}

/// A row's values, owned: `values![id, "open", at]`.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}

macro_rules! value_from {
    ($($type:ty: $it:ident => $value:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($it: $type) -> Self {
                $value
            }
        })*
    };
}
value_from! {
    i64: n => Self::Int(n);
    i32: n => Self::Int(n.into());
    u32: n => Self::Int(n.into());
    u16: n => Self::Int(n.into());
    bool: yes => Self::Bool(yes);
    &str: text => Self::Text(text.to_owned());
    String: text => Self::Text(text);
    &String: text => Self::Text(text.clone());
    &Option<String>: text => Self::from(text.as_deref());
    Vec<u8>: bytes => Self::Bytes(bytes);
    &[u8]: bytes => Self::Bytes(bytes.to_vec());
    &Vec<u8>: bytes => Self::Bytes(bytes.clone());
    Timestamp: at => Self::Int(at.millis());
    Day: day => Self::Text(day.to_string());
    Money: amount => Self::Int(amount.fen());
    Ratio: ratio => Self::Int(ratio.basis_points());
}
impl<T> From<Id<T>> for Value {
    fn from(id: Id<T>) -> Self {
        Self::Int(id.get())
    }
}
impl<T> From<Option<T>> for Value
where
    Self: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Bool(yes) => ValueRef::Integer((*yes).into()),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl ToSql for Value {
    fn to_sql(&self, to: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self, to) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(n), &Type::INT8) => n.to_sql(to, out),
            (Self::Int(n), &Type::INT4) => i32::try_from(*n)?.to_sql(to, out),
            (Self::Int(n), &Type::INT2) => i16::try_from(*n)?.to_sql(to, out),
            (Self::Bool(yes), &Type::BOOL) => yes.to_sql(to, out),
            // The search types take a literal that the program wrote.
            (Self::Text(text), to) if is_search_type(to) => text.as_str().to_sql(&Type::TEXT, out),
            (Self::Text(text), to) if <&str as ToSql>::accepts(to) => text.as_str().to_sql(to, out),
            (Self::Bytes(bytes), &Type::BYTEA) => bytes.as_slice().to_sql(to, out),
            (Self::Int(_) | Self::Bool(_) | Self::Text(_) | Self::Bytes(_), to) => {
                // The value stays out of the message: it may be personal.
                Err(format!("a value of kind {} cannot be bound where {to} is expected", self.kind()).into())
            }
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    fn encode_format(&self, to: &Type) -> Format {
        if is_search_type(to) { Format::Text } else { Format::Binary }
    }
    tokio_postgres::types::to_sql_checked!();
}

fn is_search_type(to: &Type) -> bool {
    matches!(*to, Type::TS_VECTOR | Type::TSQUERY)
}

impl Value {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Int(_) => "BIGINT",
            Self::Bool(_) => "BOOLEAN",
            Self::Text(_) => "TEXT",
            Self::Bytes(_) => "BYTEA",
        }
    }
}
