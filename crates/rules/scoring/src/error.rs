/// Why a scheme is none, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemeError {
    /// The file is no TOML, has an unknown key or lacks one; the text names line and key.
    #[error("the scheme cannot be read: {0}")]
    Read(String),
    /// A clause that is there twice.
    #[error("indicator {0} is there twice")]
    Twice(String),
    /// A parent that there is not.
    #[error("indicator {clause}: there is no indicator {parent}")]
    Parent {
        /// Whose parent.
        clause: String,
        /// What it says.
        parent: String,
    },
    /// An indicator that is its own ancestor.
    #[error("indicator {0}: it stands under itself")]
    Cycle(String),
    /// Parts that do not add up to the whole.
    #[error("indicator {clause}: it has {points} points, but what stands under it adds up to {sum}")]
    Sum {
        /// The group; empty for the whole scheme.
        clause: String,
        /// What it says.
        points: String,
        /// What the parts say.
        sum: String,
    },
    /// The indicators of the first tier that do not add up to the total.
    #[error("scheme: it has {points} points in all, but its indicators add up to {sum}")]
    Total {
        /// What it says.
        points: String,
        /// What the indicators say.
        sum: String,
    },
    /// Something about an indicator, level, record or condition that cannot be.
    #[error("{place}: {what}")]
    At {
        /// Such as `indicator 5.1.1` or `level star4`.
        place: String,
        /// What is wrong.
        what: String,
    },
    /// A record that the scheme does not define.
    #[error("indicator {clause}: the scheme has no record {name:?}")]
    Record {
        /// The indicator.
        clause: String,
        /// The record that it names.
        name: String,
    },
    /// A metric or fact that the program does not know.
    #[error("indicator {clause}: there is no {kind} {name:?}")]
    Unknown {
        /// The indicator.
        clause: String,
        /// `metric`, `dimension` or `fact`.
        kind: &'static str,
        /// What it names.
        name: String,
    },
    /// Two versions of one scheme on one day.
    #[error("scheme {code}: the versions {first} and {second} are both in force on {day}")]
    TwoVersions {
        /// The scheme.
        code: String,
        /// One version.
        first: String,
        /// The other.
        second: String,
        /// The first day on which both are.
        day: String,
    },
}

impl SchemeError {
    pub(crate) fn at(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self::At { place: place.into(), what: what.into() }
    }
}

impl SchemeError {
    /// The line of `text`, from 1, that is to blame, where one can be told.
    pub fn line_in(&self, text: &str) -> Option<usize> {
        let of = |key: &str, value: &str| {
            let stands = |line: &str| {
                let mut halves = line.trim_start().splitn(2, '=');
                let (name, rest) = (halves.next().unwrap_or_default().trim(), halves.next().unwrap_or_default());
                name == key
                    && rest
                        .trim_start()
                        .strip_prefix('"')
                        .and_then(|rest| rest.strip_prefix(value))
                        .is_some_and(|rest| rest.starts_with('"'))
            };
            text.lines().enumerate().filter(|(_, line)| stands(line)).map(|(at, _)| at + 1).collect::<Vec<_>>()
        };
        match self {
            // The reader of the file says "at line 3, column 5".
            Self::Read(what) => {
                let (_, rest) = what.split_once("at line ")?;
                rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
            }
            Self::Twice(clause) => of("clause", clause).get(1).copied(),
            Self::Parent { clause, .. }
            | Self::Cycle(clause)
            | Self::Sum { clause, .. }
            | Self::Record { clause, .. }
            | Self::Unknown { clause, .. } => of("clause", clause).first().copied(),
            Self::Total { .. } => text.lines().position(|line| line.trim_start().starts_with("total")).map(|at| at + 1),
            Self::At { place, .. } => {
                let (what, name) = place.split_once(' ').unwrap_or((place, ""));
                let key = match what {
                    "indicator" => "clause",
                    "record" => "name",
                    "level" => "code",
                    _ => {
                        return text
                            .lines()
                            .position(|line| line.trim() == format!("[{what}]") || line.trim() == format!("[[{what}]]"))
                            .map(|at| at + 1);
                    }
                };
                of(key, name).first().copied()
            }
            Self::TwoVersions { .. } => None,
        }
    }
}
