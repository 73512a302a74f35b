use kernel::{Id, Money, Timestamp, of};
use serde::{Deserialize, Serialize};

use super::state::Move;
use cases::domain::Cause;

use super::words::{Party, Reason, Remedy, Severity, Source, Topic};
use kernel::words;

words! {
    /// The name of a command: the last part of its address in the API and of its button.
    pub enum CommandName {
        /// 开始筛查
        Screen = "screen",
        /// 受理
        Accept = "accept",
        /// 不受理
        NotAccept = "not_accept",
        /// 并入另一件
        Duplicate = "duplicate",
        /// 转出
        Transfer = "transfer",
        /// 顾客撤诉
        Withdraw = "withdraw",
        /// 开始调查
        Investigate = "investigate",
        /// 认定责任
        Conclude = "conclude",
        /// 拟方案
        Draft = "draft",
        /// 提交并答复顾客
        Submit = "submit",
        /// 开始执行
        Begin = "begin",
        /// 记录执行
        Execute = "execute",
        /// 执行完毕
        Finish = "finish",
        /// 回访
        CallBack = "call_back",
        /// 顾客申诉
        Appeal = "appeal",
        /// 接手申诉
        TakeAppeal = "take_appeal",
        /// 归档
        Archive = "archive",
    }
}

/// One line of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What.
    pub kind: Remedy,
    /// In words.
    pub text: String,
    /// What it costs us, in fen.
    pub amount: Money,
    /// The law gives it, so it waits for nobody.
    pub by_law: bool,
}

/// What somebody wants to happen to a complaint. Texts are trimmed and never empty, except notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Look at it.
    Screen {
        /// How grave it seems.
        severity: Severity,
        /// How we came to know.
        source: Source,
        /// Somebody was hurt or something damaged.
        harm: bool,
    },
    /// Take it on.
    Accept {
        /// How grave it is.
        severity: Severity,
        /// What it is about.
        topic: Topic,
        /// Who has it from now on.
        handler: Id<of::User>,
        /// Whom it is about.
        interested: Vec<Id<of::User>>,
    },
    /// Not take it on.
    NotAccept {
        /// Why.
        reason: Reason,
        /// What the customer reads.
        notice: String,
    },
    /// It is the same as another one.
    Duplicate {
        /// In which it goes on.
        of: Id<of::Case>,
    },
    /// Somebody else's to decide.
    Transfer {
        /// Whose, and what the customer reads.
        notice: String,
    },
    /// The customer takes it back.
    Withdraw {
        /// What the customer said.
        note: String,
    },
    /// Begin to find out.
    Investigate,
    /// What was found.
    Conclude {
        /// What happened.
        facts: String,
        /// By what we know.
        evidence: String,
        /// Who has to answer for it.
        party: Party,
        /// What lay behind it.
        cause: Cause,
        /// Which of our departments or stores.
        unit: Option<Id<of::Unit>>,
        /// Who of us.
        user: Option<Id<of::User>>,
    },
    /// What to offer.
    Draft {
        /// Never empty.
        lines: Vec<Line>,
    },
    /// Offer it, once it is granted if it has to be.
    Submit {
        /// What the customer reads.
        wording: String,
        /// Until when it can be taken.
        valid_until: Timestamp,
    },
    /// Begin to carry it out.
    Begin,
    /// One line is carried out.
    Execute {
        /// Which, from 1.
        line: i64,
        /// How, with the number of the refund, the parcel, the job.
        note: String,
    },
    /// All is carried out.
    Finish {
        /// The answer that the customer gets.
        answer: String,
    },
    /// The call whether it held.
    CallBack {
        /// It did.
        holds: bool,
        /// What the customer said.
        note: String,
        /// 1 to 5.
        satisfaction: Option<i64>,
    },
    /// The customer does not accept how it ended.
    Appeal {
        /// Why.
        why: String,
    },
    /// Somebody new and higher takes it.
    TakeAppeal {
        /// Who.
        handler: Id<of::User>,
    },
    /// Into the archive.
    Archive,
}

impl Command {
    /// Its name.
    pub const fn name(&self) -> CommandName {
        match self {
            Self::Screen { .. } => CommandName::Screen,
            Self::Accept { .. } => CommandName::Accept,
            Self::NotAccept { .. } => CommandName::NotAccept,
            Self::Duplicate { .. } => CommandName::Duplicate,
            Self::Transfer { .. } => CommandName::Transfer,
            Self::Withdraw { .. } => CommandName::Withdraw,
            Self::Investigate => CommandName::Investigate,
            Self::Conclude { .. } => CommandName::Conclude,
            Self::Draft { .. } => CommandName::Draft,
            Self::Submit { .. } => CommandName::Submit,
            Self::Begin => CommandName::Begin,
            Self::Execute { .. } => CommandName::Execute,
            Self::Finish { .. } => CommandName::Finish,
            Self::CallBack { .. } => CommandName::CallBack,
            Self::Appeal { .. } => CommandName::Appeal,
            Self::TakeAppeal { .. } => CommandName::TakeAppeal,
            Self::Archive => CommandName::Archive,
        }
    }
}

impl CommandName {
    /// The moves that it can make.
    pub const fn moves(self) -> &'static [Move] {
        match self {
            Self::Screen => &[Move::Screen],
            Self::Accept => &[Move::Accept],
            Self::NotAccept => &[Move::NotAccept],
            Self::Duplicate => &[Move::Duplicate],
            Self::Transfer => &[Move::Transfer],
            Self::Withdraw => &[Move::Withdraw],
            Self::Investigate => &[Move::Investigate],
            Self::Conclude => &[Move::Conclude],
            Self::Draft => &[Move::Draft],
            Self::Submit => &[Move::Ask, Move::Offer],
            Self::Begin => &[Move::Begin],
            Self::Execute => &[Move::Execute],
            Self::Finish => &[Move::Finish],
            Self::CallBack => &[Move::Holds, Move::Fails],
            Self::Appeal => &[Move::Appeal],
            Self::TakeAppeal => &[Move::TakeAppeal],
            Self::Archive => &[Move::Archive],
        }
    }
}
