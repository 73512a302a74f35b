use std::fmt;
use std::str::FromStr;

/// Where the next page of a list begins: the sort key and the id of the last row shown. `key.id` in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The last row's sort key (an instant in milliseconds, or whatever integer orders the list).
    pub key: i64,
    /// The last row's id, which breaks ties.
    pub id: i64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.key, self.id)
    }
}
impl FromStr for Cursor {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (key, id) = text.split_once('.').ok_or(())?;
        Ok(Self { key: key.parse().map_err(|_bad| ())?, id: id.parse().map_err(|_bad| ())? })
    }
}
