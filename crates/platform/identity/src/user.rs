use kernel::{Id, Timestamp, of};

/// How pages look for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// As the person's system.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text)
    }
}

/// A member of staff who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: Id<of::User>,
    /// The staff number or name for signing in (工号), in lower case. Unique.
    pub login: String,
    /// The name that records show.
    pub name: String,
    /// The person's own telephone, also good for signing in.
    pub phone: Option<String>,
    /// Electronic mail for notices.
    pub email: Option<String>,
    /// Where the person works.
    pub home: Id<of::Unit>,
    /// `zh-CN` or `en`.
    pub locale: String,
    /// Light, dark or as the system.
    pub theme: Theme,
    /// True when the person has switched single-key shortcuts off.
    pub keys_off: bool,
    /// False when the person has left.
    pub active: bool,
    /// Counts the changes.
    pub version: i64,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// A role that a person has at a unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    /// The role's code.
    pub role: String,
    /// Where it is given.
    pub unit: Id<of::Unit>,
}
