//! How enums of fixed words are bound and read.

/// Lets enums that `kernel::words!` made be bound as text and read back; a word that is none is an error that names the type.
#[macro_export]
macro_rules! stored_words {
    ($($name:ident),+ $(,)?) => {
        $(
            impl From<$name> for $crate::Value {
                fn from(word: $name) -> Self {
                    Self::Text(word.as_str().to_owned())
                }
            }
            impl $crate::FromValue for $name {
                fn from_cell(cell: $crate::Cell<'_>) -> Result<Self, String> {
                    match cell {
                        $crate::Cell::Text(text) => Self::parse(text).ok_or_else(|| concat!("no ", stringify!($name)).to_owned()),
                        $crate::Cell::Null | $crate::Cell::Int(_) | $crate::Cell::Bool(_) | $crate::Cell::Bytes(_) => {
                            Err(concat!("no text where ", stringify!($name), " is expected").to_owned())
                        }
                    }
                }
            }
        )+
    };
}
