use kernel::{Id, of};

use super::refusal::{self, Refusal};
use kernel::words;

words! {
    /// Where a task stands (协同任务).
    pub enum TaskState {
        /// Given, nobody has taken it yet (未接收).
        Open = "open",
        /// Somebody works on it (处理中).
        Accepted = "accepted",
        /// Done, with an answer (已完成).
        Done = "done",
        /// Given back with a reason (已退回).
        Returned = "returned",
        /// No longer needed (已撤回).
        Withdrawn = "withdrawn",
    }
}

impl TaskState {
    /// True when nothing more is expected.
    pub const fn is_over(self) -> bool {
        match self {
            Self::Open | Self::Accepted => false,
            Self::Done | Self::Returned | Self::Withdrawn => true,
        }
    }
}

words! {
    /// What can happen to a task: the last part of its address in the API.
    pub enum TaskAct {
        /// 接收
        Accept = "accept",
        /// 转交
        HandOver = "hand_over",
        /// 完成
        Finish = "finish",
        /// 退回
        Return = "return",
        /// 撤回
        Withdraw = "withdraw",
    }
}

/// What somebody wants to happen to a task. Texts are trimmed and never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskCommand {
    /// Take it on.
    Accept,
    /// Give it to somebody who could have it.
    HandOver {
        /// Who has it from now on.
        to: Id<of::User>,
    },
    /// It is done.
    Finish {
        /// What came of it.
        answer: String,
    },
    /// Give it back to who asked.
    Return {
        /// Why.
        reason: String,
    },
    /// It is no longer needed.
    Withdraw {
        /// Why.
        reason: String,
    },
}

impl TaskCommand {
    /// Its name.
    pub const fn name(&self) -> TaskAct {
        match self {
            Self::Accept => TaskAct::Accept,
            Self::HandOver { .. } => TaskAct::HandOver,
            Self::Finish { .. } => TaskAct::Finish,
            Self::Return { .. } => TaskAct::Return,
            Self::Withdraw { .. } => TaskAct::Withdraw,
        }
    }
}

/// Where a task stands after `act`.
///
/// # Errors
/// Why it cannot be done now.
pub const fn task_after(state: TaskState, act: TaskAct) -> Result<TaskState, Refusal> {
    match (state, act) {
        (TaskState::Done | TaskState::Returned | TaskState::Withdrawn, _) => Err(Refusal::new(refusal::TASK_OVER)),
        (TaskState::Accepted, TaskAct::Accept) => Err(Refusal::new(refusal::TASK_TAKEN)),
        (TaskState::Open, TaskAct::Accept) => Ok(TaskState::Accepted),
        // Whoever gets it has to take it on.
        (TaskState::Open | TaskState::Accepted, TaskAct::HandOver) => Ok(TaskState::Open),
        (TaskState::Open | TaskState::Accepted, TaskAct::Finish) => Ok(TaskState::Done),
        (TaskState::Open | TaskState::Accepted, TaskAct::Return) => Ok(TaskState::Returned),
        (TaskState::Open | TaskState::Accepted, TaskAct::Withdraw) => Ok(TaskState::Withdrawn),
    }
}
