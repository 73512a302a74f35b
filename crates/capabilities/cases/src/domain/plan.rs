use approvals::domain::{Limit, Split};
use kernel::{Money, Timestamp};

use kernel::words;

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
    /// The law makes that party bear it (法定), so it waits for nobody.
    pub by_law: bool,
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
    /// What the store bears: by law, and on top of it.
    pub fn borne(&self) -> Split {
        let sum = |by_law: bool| {
            let ours = self.lines.iter().filter(|line| line.bearer == Party::Store && line.by_law == by_law);
            ours.map(|line| line.amount).sum()
        };
        Split { statutory: sum(true), extra: sum(false) }
    }
    /// Whether the customer can be asked about it only once the extra is granted: the extra is beyond `own` and there is nothing
    /// in it that the law gives. What the law gives never waits.
    pub fn is_held(&self, own: Limit) -> bool {
        !own.covers(self.borne().extra) && !self.lines.iter().any(|line| line.by_law)
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

impl Plan {
    /// What the store would bear at most: of the option with the largest extra.
    pub fn borne(&self) -> Split {
        let most = self.options.iter().map(PlanOption::borne).max_by_key(|split| (split.extra, split.statutory));
        most.unwrap_or_default()
    }
    /// The options, from 0, that wait for approval when whoever proposes may give `own` alone.
    pub fn held(&self, own: Limit) -> Vec<usize> {
        self.options.iter().enumerate().filter(|(_, option)| option.is_held(own)).map(|(nth, _)| nth).collect()
    }
    /// Whether the customer cannot be asked about any option yet.
    pub fn is_held(&self, own: Limit) -> bool {
        !self.options.is_empty() && self.options.iter().all(|option| option.is_held(own))
    }
}
