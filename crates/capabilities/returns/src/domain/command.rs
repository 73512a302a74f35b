use kernel::{Money, words};
use serde::{Deserialize, Serialize};

use super::words::{Check, Finding, Grade, Part};

words! {
    /// What can be done to a return.
    pub enum CommandName {
        /// Give more than the law.
        Offer = "offer",
        /// The goods are here.
        Receive = "receive",
        /// Somebody looked at them.
        Inspect = "inspect",
        /// What becomes of them.
        Grade = "grade",
        /// Another unit goes out.
        Send = "send",
        /// It is with the customer.
        Deliver = "deliver",
        /// Amount, payee and reason are right.
        Confirm = "confirm",
        /// The POS has refunded.
        Pay = "pay",
        /// Red invoice and stock receipt.
        Papers = "papers",
        /// Not what it was for: it goes back.
        Refuse = "refuse",
        /// Take it back.
        Cancel = "cancel",
    }
}

/// A command with its input. Lines are numbered from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// So much on top of the law, with why.
    Offer {
        /// How much.
        amount: Money,
        /// Why: the exception is explicit.
        reason: String,
    },
    /// The goods of a line are here.
    Receive {
        /// Which line.
        line: i64,
    },
    /// Somebody looked at them.
    Inspect {
        /// Which line.
        line: i64,
        /// What was found.
        finding: Finding,
        /// What was looked at and held good.
        checks: Vec<Check>,
        /// More of it.
        note: Option<String>,
    },
    /// What becomes of them.
    Grade {
        /// Which line.
        line: i64,
        /// What.
        grade: Grade,
    },
    /// Another unit goes out.
    Send {
        /// Which line.
        line: i64,
        /// Its serial number, where it has one.
        serial: Option<String>,
    },
    /// It is with the customer.
    Deliver {
        /// Which line.
        line: i64,
    },
    /// Amount, payee and reason are right.
    Confirm {
        /// Which part.
        part: Part,
        /// The amount that was seen.
        amount: Money,
    },
    /// The POS has refunded.
    Pay {
        /// Which part.
        part: Part,
        /// The POS's reference.
        pos_ref: String,
        /// What the POS says it paid.
        amount: Money,
    },
    /// What the shop's other programs made of it.
    Papers {
        /// The number of the red e-invoice.
        red_invoice: Option<String>,
        /// The number of the stock receipt.
        stock_receipt: Option<String>,
    },
    /// Not what it was for: it goes back.
    Refuse {
        /// Why.
        reason: String,
        /// What the way back costs the customer.
        cost: Money,
    },
    /// Take it back.
    Cancel {
        /// Why.
        reason: String,
    },
}

impl Command {
    /// Its name.
    pub const fn name(&self) -> CommandName {
        match self {
            Self::Offer { .. } => CommandName::Offer,
            Self::Receive { .. } => CommandName::Receive,
            Self::Inspect { .. } => CommandName::Inspect,
            Self::Grade { .. } => CommandName::Grade,
            Self::Send { .. } => CommandName::Send,
            Self::Deliver { .. } => CommandName::Deliver,
            Self::Confirm { .. } => CommandName::Confirm,
            Self::Pay { .. } => CommandName::Pay,
            Self::Papers { .. } => CommandName::Papers,
            Self::Refuse { .. } => CommandName::Refuse,
            Self::Cancel { .. } => CommandName::Cancel,
        }
    }
    /// The line that it is about.
    pub const fn line(&self) -> Option<i64> {
        match self {
            Self::Receive { line }
            | Self::Inspect { line, .. }
            | Self::Grade { line, .. }
            | Self::Send { line, .. }
            | Self::Deliver { line } => Some(*line),
            Self::Offer { .. }
            | Self::Confirm { .. }
            | Self::Pay { .. }
            | Self::Papers { .. }
            | Self::Refuse { .. }
            | Self::Cancel { .. } => None,
        }
    }
    /// The part of the money that it is about.
    pub const fn part(&self) -> Option<Part> {
        match self {
            Self::Confirm { part, .. } | Self::Pay { part, .. } => Some(*part),
            _ => None,
        }
    }
}
