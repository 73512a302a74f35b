//! How the words of the domain are bound and read.

use crate::domain::{
    Category, Cause, Channel, CheckResult, CheckState, CommandName, Confidence, Direction, FaultClass, Kind, LinkKind,
    Outcome, Party, PlanState, Priority, ProofKind, Purpose, Stage, StateName, TaskState, Unit, Visibility, WaitReason,
    Way, Wish,
};

db::stored_words!(
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
    Way,
    Wish,
);
