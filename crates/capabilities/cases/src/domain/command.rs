use kernel::{ActorKind, Id, Timestamp, of};

use super::cause::Cause;
use super::plan::Plan;
use super::words::{Kind, Outcome, Priority, WaitReason};
use kernel::words;

words! {
    /// From which side a command comes.
    pub enum Side {
        /// The customer, behind a signed link.
        Customer = "customer",
        /// A member of staff, or a program acting for one.
        Staff = "staff",
        /// Timers and imports.
        System = "system",
    }
}

impl From<ActorKind> for Side {
    fn from(kind: ActorKind) -> Self {
        match kind {
            ActorKind::Staff | ActorKind::Token => Self::Staff,
            ActorKind::Customer => Self::Customer,
            ActorKind::System => Self::System,
        }
    }
}

words! {
    /// How the customer's word reached us.
    pub enum ProofKind {
        /// By the signed link.
        Link = "link",
        /// Signed at the counter.
        Counter = "counter",
        /// Said on the phone; who called whom is in the note.
        Phone = "phone",
    }
}

/// The customer's word, and how we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// By the signed link.
    Link,
    /// Signed at the counter.
    Counter,
    /// Said on the phone, with a note of the call.
    Phone(String),
}

impl Proof {
    /// How it reached us.
    pub const fn kind(&self) -> ProofKind {
        match self {
            Self::Link => ProofKind::Link,
            Self::Counter => ProofKind::Counter,
            Self::Phone(_) => ProofKind::Phone,
        }
    }
    /// The note of the call.
    pub fn note(&self) -> Option<&str> {
        match self {
            Self::Phone(note) => Some(note),
            Self::Link | Self::Counter => None,
        }
    }
}

/// Who says that a resolved case is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CloseBy {
    /// The customer said so.
    Customer(Proof),
    /// Nobody said anything for the time that the policy gives.
    System,
    /// A manager, with a reason.
    Manager(String),
}

/// What somebody wants to happen to a case. Texts are trimmed and never empty, except notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Take it on (受理).
    Accept {
        /// Who has it from now on.
        owner: Id<of::User>,
        /// How urgent it really is.
        priority: Priority,
        /// What kind it really is.
        kind: Kind,
    },
    /// Give it to somebody, or to a team (指派).
    Assign {
        /// Who has it from now on.
        owner: Option<Id<of::User>>,
        /// The team that works on it.
        team: Option<Id<of::Unit>>,
    },
    /// Begin to look for the cause (开始分析).
    Analyse,
    /// Propose what to do (提交方案).
    Propose(Plan),
    /// The customer says yes (确认方案).
    Confirm {
        /// Which option, from 0.
        option: usize,
        /// How we know.
        proof: Proof,
    },
    /// The customer says no (不同意方案).
    Decline {
        /// Why.
        reason: String,
    },
    /// Wait for something (转等待).
    Wait {
        /// For what.
        reason: WaitReason,
        /// When somebody looks again.
        until: Timestamp,
        /// Who looks.
        owner: Id<of::User>,
        /// What exactly.
        note: String,
    },
    /// Go on (继续处理).
    Resume,
    /// Done from our side (标为已解决).
    Resolve {
        /// What came of it.
        outcome: Outcome,
        /// What lay behind it.
        cause: Cause,
        /// What was done.
        note: String,
    },
    /// Over (关闭).
    Close(CloseBy),
    /// Not over after all (重新打开).
    Reopen {
        /// What is still wrong.
        wrong: String,
    },
    /// Not taken on (不受理).
    Reject {
        /// Why; the customer reads it.
        reason: String,
    },
    /// Withdrawn (撤销).
    Cancel {
        /// Why.
        reason: String,
    },
    /// Goes on in another case (并入).
    Merge {
        /// In which.
        into: Id<of::Case>,
    },
}

words! {
    /// The name of a command: the last part of its address in the API and of its button.
    pub enum CommandName {
        /// 受理
        Accept = "accept",
        /// 指派
        Assign = "assign",
        /// 开始分析
        Analyse = "analyse",
        /// 提交方案
        Propose = "propose",
        /// 确认方案
        Confirm = "confirm",
        /// 不同意方案
        Decline = "decline",
        /// 转等待
        Wait = "wait",
        /// 继续处理
        Resume = "resume",
        /// 标为已解决
        Resolve = "resolve",
        /// 关闭
        Close = "close",
        /// 重新打开
        Reopen = "reopen",
        /// 不受理
        Reject = "reject",
        /// 撤销
        Cancel = "cancel",
        /// 并入
        Merge = "merge",
    }
}

impl Command {
    /// Its name.
    pub const fn name(&self) -> CommandName {
        match self {
            Self::Accept { .. } => CommandName::Accept,
            Self::Assign { .. } => CommandName::Assign,
            Self::Analyse => CommandName::Analyse,
            Self::Propose(_) => CommandName::Propose,
            Self::Confirm { .. } => CommandName::Confirm,
            Self::Decline { .. } => CommandName::Decline,
            Self::Wait { .. } => CommandName::Wait,
            Self::Resume => CommandName::Resume,
            Self::Resolve { .. } => CommandName::Resolve,
            Self::Close(_) => CommandName::Close,
            Self::Reopen { .. } => CommandName::Reopen,
            Self::Reject { .. } => CommandName::Reject,
            Self::Cancel { .. } => CommandName::Cancel,
            Self::Merge { .. } => CommandName::Merge,
        }
    }
}
