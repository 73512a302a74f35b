//! The rules of the general flow: states, commands, stages and deadlines, without any I/O.
//!
//! One function decides: [`decide`] takes what is known of a case, a command and who gives it, and answers with everything
//! that follows, or with the reason why not. Source of the flow: the six steps 需求 → 受理记录 → 分析与方案 → 确认与执行 →
//! 效果评估 → 满意度.

mod cause;
mod check;
mod clocks;
mod command;
mod decide;
mod decision;
mod delicate;
mod guard;
mod message;
mod number;
mod plan;
mod policy;
mod refusal;
mod scan;
mod stage;
mod state;
mod symptom;
mod task;
mod way;
mod words;

pub use cause::Cause;
pub use check::{Act, CheckResult, CheckState, LinkKind, may_check, may_take_back};
pub use clocks::{ClockAction, ClockNow, Share};
pub use command::{CloseBy, Command, CommandName, Proof, ProofKind, Side};
pub use decide::{decide, granted, not_granted, take_in};
pub use decision::{Count, Decision, FollowUp, Notice};
pub use delicate::{Condition, Said as SaidReply, names_money};
pub use guard::{Facts, Limits, guard, offers};
pub use message::{Direction, Spoken, Visibility, mentioned, spoken};
pub use number::Number;
pub use plan::{Party, Plan, PlanLine, PlanOption, PlanState};
pub use policy::{Deadline, Limit, LimitRow, Policy, PolicyRow, Unit, WARN_SHARE};
pub use refusal::Refusal;
pub use scan::{Odd, Scanned, once};
pub use stage::Stage;
pub use state::{Active, Category, State, Step, Wait};
pub use symptom::{Confidence, FaultClass};
pub use task::{TaskAct, TaskCommand, TaskState, task_after};
pub use way::{Reach, Way};
pub use words::{Channel, Kind, Outcome, Priority, Purpose, StateName, WaitReason, Wish};

#[cfg(test)]
mod tests;
