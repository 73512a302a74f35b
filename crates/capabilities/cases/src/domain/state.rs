use kernel::{Id, Timestamp, of};
use serde::{Serialize, Serializer};

use super::words::{StateName, WaitReason};
use kernel::words;

/// Where a case stands in the general flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Taken in, nobody has it yet.
    New,
    /// Somebody works on it.
    Active(Active),
    /// It waits; never without a reason, an owner and a wake-up time.
    Waiting(Wait),
    /// Done from our side, the customer has not said so yet.
    Resolved,
    /// Over.
    Closed,
    /// Not taken on.
    Rejected,
    /// Withdrawn.
    Cancelled,
    /// Goes on in another case.
    Merged,
}

/// The states in which somebody works, and to which a wait returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Active {
    /// Somebody has it.
    Accepted,
    /// The cause is being looked for.
    Analysing,
    /// A plan is with the customer.
    PlanProposed,
    /// The plan is carried out.
    Executing,
}

/// What a case waits for, and where it goes on afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// For what.
    pub reason: WaitReason,
    /// When somebody looks again, whatever happens.
    pub until: Timestamp,
    /// Who looks.
    pub owner: Id<of::User>,
    /// Where it goes on.
    pub previous: Active,
}

words! {
    /// The few groups that rules, lists and reports use.
    pub enum Category {
        /// We have to do something.
        Open = "open",
        /// It waits for something named.
        Waiting = "waiting",
        /// Done from our side.
        Resolved = "resolved",
        /// Over.
        Closed = "closed",
        /// Never became work: rejected, cancelled or merged.
        Void = "void",
    }
}

/// One of the six steps of the service flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// 1 需求
    Request,
    /// 2 受理记录
    Intake,
    /// 3 分析与方案
    Analysis,
    /// 4 确认与执行
    Execution,
    /// 5 效果评估
    Effect,
    /// 6 满意度
    Satisfaction,
}

impl Step {
    /// All six, in order.
    pub const ALL: [Self; 6] =
        [Self::Request, Self::Intake, Self::Analysis, Self::Execution, Self::Effect, Self::Satisfaction];
    /// 1 to 6.
    pub const fn number(self) -> i64 {
        match self {
            Self::Request => 1,
            Self::Intake => 2,
            Self::Analysis => 3,
            Self::Execution => 4,
            Self::Effect => 5,
            Self::Satisfaction => 6,
        }
    }
    /// From 1 to 6.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.number() == number)
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.number())
    }
}

impl Active {
    /// All four, in order.
    pub const ALL: [Self; 4] = [Self::Accepted, Self::Analysing, Self::PlanProposed, Self::Executing];
    /// Its name.
    pub const fn name(self) -> StateName {
        match self {
            Self::Accepted => StateName::Accepted,
            Self::Analysing => StateName::Analysing,
            Self::PlanProposed => StateName::PlanProposed,
            Self::Executing => StateName::Executing,
        }
    }
    /// The state of that name, if work goes on in it.
    pub fn named(name: StateName) -> Option<Self> {
        Self::ALL.into_iter().find(|active| active.name() == name)
    }
    /// The step of the service flow that it belongs to.
    pub const fn step(self) -> Step {
        match self {
            Self::Accepted => Step::Intake,
            Self::Analysing => Step::Analysis,
            Self::PlanProposed | Self::Executing => Step::Execution,
        }
    }
}

impl State {
    /// Its name.
    pub const fn name(&self) -> StateName {
        match self {
            Self::New => StateName::New,
            Self::Active(active) => active.name(),
            Self::Waiting(_) => StateName::Waiting,
            Self::Resolved => StateName::Resolved,
            Self::Closed => StateName::Closed,
            Self::Rejected => StateName::Rejected,
            Self::Cancelled => StateName::Cancelled,
            Self::Merged => StateName::Merged,
        }
    }
    /// The state of that name; a waiting one needs `wait`. `None` when the two do not fit together.
    pub fn from_name(name: StateName, wait: Option<Wait>) -> Option<Self> {
        match name {
            StateName::New => Some(Self::New),
            StateName::Accepted | StateName::Analysing | StateName::PlanProposed | StateName::Executing => {
                Active::named(name).map(Self::Active)
            }
            StateName::Waiting => wait.map(Self::Waiting),
            StateName::Resolved => Some(Self::Resolved),
            StateName::Closed => Some(Self::Closed),
            StateName::Rejected => Some(Self::Rejected),
            StateName::Cancelled => Some(Self::Cancelled),
            StateName::Merged => Some(Self::Merged),
        }
    }
    /// Its group.
    pub const fn category(&self) -> Category {
        match self {
            Self::New | Self::Active(_) => Category::Open,
            Self::Waiting(_) => Category::Waiting,
            Self::Resolved => Category::Resolved,
            Self::Closed => Category::Closed,
            Self::Rejected | Self::Cancelled | Self::Merged => Category::Void,
        }
    }
    /// The step of the service flow; `None` for void cases, which keep the step at which they ended.
    pub const fn step(&self) -> Option<Step> {
        match self {
            Self::New => Some(Step::Request),
            Self::Active(active) => Some(active.step()),
            Self::Waiting(wait) => Some(wait.previous.step()),
            Self::Resolved => Some(Step::Effect),
            Self::Closed => Some(Step::Satisfaction),
            Self::Rejected | Self::Cancelled | Self::Merged => None,
        }
    }
    /// True when nothing more is expected: closed or void.
    pub const fn is_over(&self) -> bool {
        matches!(self.category(), Category::Closed | Category::Void)
    }
    /// What it waits for, if it waits.
    pub const fn wait(&self) -> Option<Wait> {
        match self {
            Self::Waiting(wait) => Some(*wait),
            Self::New
            | Self::Active(_)
            | Self::Resolved
            | Self::Closed
            | Self::Rejected
            | Self::Cancelled
            | Self::Merged => None,
        }
    }
}
