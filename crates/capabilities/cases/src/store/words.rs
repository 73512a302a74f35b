//! How the words of the domain are bound and read.

use db::{Cell, FromValue, Value};

use crate::domain::{
    Category, Cause, Channel, CheckResult, CheckState, CommandName, Confidence, Direction, FaultClass, Kind, LinkKind,
    Outcome, Party, PlanState, Priority, ProofKind, Purpose, Stage, StateName, TaskState, Unit, Visibility, WaitReason,
    Wish,
};

macro_rules! stored_words {
    ($($name:ident),* $(,)?) => {
        $(
            impl From<$name> for Value {
                fn from(word: $name) -> Self {
                    Self::Text(word.as_str().to_owned())
                }
            }
            impl FromValue for $name {
                fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
                    match cell {
                        Cell::Text(text) => Self::parse(text).ok_or_else(|| concat!("no ", stringify!($name)).to_owned()),
                        Cell::Null | Cell::Int(_) | Cell::Bool(_) | Cell::Bytes(_) => {
                            Err(concat!("no text where ", stringify!($name), " is expected").to_owned())
                        }
                    }
                }
            }
        )*
    };
}
stored_words!(
    Category,
    Cause,
    Channel,
    CheckResult,
    CheckState,
    CommandName,
    Confidence,
    Direction,
    FaultClass,
    Kind,
    LinkKind,
    Outcome,
    Party,
    PlanState,
    Priority,
    ProofKind,
    Purpose,
    Stage,
    StateName,
    TaskState,
    Unit,
    Visibility,
    WaitReason,
    Wish,
);
