//! Double entry in fen: what is granted is owed to the customer until the POS has paid it. Debits are positive.

use kernel::{Money, words};

use super::words::Part;

words! {
    /// Where money stands.
    pub enum Account {
        /// Refunds by law (法定退款).
        RefundLaw = "refund_law",
        /// What was given on top of it (店规多退).
        RefundExtra = "refund_extra",
        /// Owed to the customer (应付顾客).
        Customer = "customer",
        /// Left by the shop's POS (收银退款).
        Pos = "pos",
    }
}

/// Lines that do not add up to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the lines of the entry differ by {0} fen")]
pub struct Unbalanced(pub i64);

/// One entry, which balances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is posted under, once.
    pub key: String,
    /// What happened.
    pub what: &'static str,
    lines: Vec<(Account, Money)>,
}

impl Entry {
    /// An entry of `lines`; lines of nothing are left out.
    ///
    /// # Errors
    /// [`Unbalanced`] when they do not add up to nothing.
    pub fn new(key: String, what: &'static str, lines: &[(Account, Money)]) -> Result<Self, Unbalanced> {
        let sum = lines.iter().try_fold(0_i64, |sum, (_, amount)| sum.checked_add(amount.fen()));
        match sum {
            Some(0) => {}
            other => return Err(Unbalanced(other.unwrap_or(i64::MAX))),
        }
        Ok(Self { key, what, lines: lines.iter().filter(|(_, amount)| *amount != Money::ZERO).copied().collect() })
    }
    /// A part is confirmed: it is owed to the customer.
    ///
    /// # Errors
    /// Never for an amount of money; see [`Entry::new`].
    pub fn confirmed(payment: i64, part: Part, amount: Money) -> Result<Self, Unbalanced> {
        let expense = if part == Part::Law { Account::RefundLaw } else { Account::RefundExtra };
        let lines = [(expense, amount), (Account::Customer, Money::ZERO - amount)];
        Self::new(format!("return-payment-{payment}-confirmed"), "confirmed", &lines)
    }
    /// The POS has paid it: it is owed no longer.
    ///
    /// # Errors
    /// As [`Entry::confirmed`].
    pub fn paid(payment: i64, amount: Money) -> Result<Self, Unbalanced> {
        let lines = [(Account::Customer, amount), (Account::Pos, Money::ZERO - amount)];
        Self::new(format!("return-payment-{payment}-paid"), "paid", &lines)
    }
    /// Its lines.
    pub fn lines(&self) -> &[(Account, Money)] {
        &self.lines
    }
}
