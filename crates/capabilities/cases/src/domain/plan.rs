use kernel::{Money, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::words;

words! {
    /// Who bears a cost (谁出).
    pub enum Party {
        /// The customer (顾客).
        Customer = "customer",
        /// The store (门店).
        Store = "store",
        /// The maker (厂家).
        Maker = "maker",
        /// Whoever sold the extended warranty (延保方).
        Insurer = "insurer",
    }
}

words! {
    /// What became of a plan.
    pub enum PlanState {
        /// With the customer.
        Proposed = "proposed",
        /// The customer said yes.
        Confirmed = "confirmed",
        /// The customer said no.
        Declined = "declined",
        /// A newer version took its place.
        Superseded = "superseded",
    }
}

/// One line of cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLine {
    /// What for.
    pub text: String,
    /// How much, in fen; zero is allowed and shown.
    pub amount: Money,
    /// Who bears it.
    pub bearer: Party,
}

/// One of the ways that the customer can choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanOption {
    /// What would be done.
    pub text: String,
    /// When it would be done by.
    pub done_by: Option<Timestamp>,
    /// Its costs.
    pub lines: Vec<PlanLine>,
}

impl PlanOption {
    /// What the customer would pay.
    pub fn customer_pays(&self) -> Money {
        self.lines.iter().filter(|line| line.bearer == Party::Customer).map(|line| line.amount).sum()
    }
}

/// What is proposed (方案): findings and at least one option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What was found.
    pub findings: String,
    /// The ways to choose from; never empty.
    pub options: Vec<PlanOption>,
}
