use kernel::{Id, of, words};

words! {
    /// What somebody has to do with complaints of a topic.
    pub enum Part {
        /// Does it (负责).
        Responsible = "responsible",
        /// Answers for it and decides (拍板).
        Accountable = "accountable",
        /// Is asked (咨询).
        Consulted = "consulted",
        /// Is told (知会).
        Informed = "informed",
    }
}

/// Who has a part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Whoever has this role where the complaint stands.
    Role(String),
    /// A department or store.
    Unit(Id<of::Unit>),
}

impl Who {
    /// Reads `role:clerk` or `unit:ID`, as forms and the API send it.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().split_once(':')? {
            ("role", code) if !code.is_empty() && code.len() <= 60 => Some(Self::Role(code.to_owned())),
            ("unit", id) => id.parse().ok().map(Self::Unit),
            _ => None,
        }
    }
    /// As [`Who::parse`] reads it.
    pub fn word(&self) -> String {
        match self {
            Self::Role(code) => format!("role:{code}"),
            Self::Unit(id) => format!("unit:{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_read_as_it_is_written() {
        for word in ["role:clerk", "unit:12"] {
            assert_eq!(Who::parse(word).map(|who| who.word()).as_deref(), Some(word));
        }
        for wrong in ["", "role:", "unit:x", "user:1", "clerk"] {
            assert_eq!(Who::parse(wrong), None, "{wrong}");
        }
    }
}
