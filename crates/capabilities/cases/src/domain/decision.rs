use super::clocks::ClockAction;
use super::state::State;
use kernel::words;

/// A number of the metric dictionary that goes up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The part of the metric, e.g. `cases.accepted`.
    pub part: &'static str,
    /// By how much.
    pub n: i64,
}

words! {
    /// What the customer is told.
    pub enum Notice {
        /// Your request is here, this is its number.
        TakenIn = "taken_in",
        /// Somebody works on it.
        Accepted = "accepted",
        /// A plan waits for your choice.
        PlanReady = "plan_ready",
        /// It is done; is it?
        Resolved = "resolved",
        /// It is open again.
        Reopened = "reopened",
        /// It is over; how was it?
        Closed = "closed",
        /// We cannot take it on, and why.
        Rejected = "rejected",
        /// It is withdrawn.
        Cancelled = "cancelled",
        /// It goes on under another number.
        Merged = "merged",
        /// Somebody wrote to you.
        Message = "message",
    }
}

/// What has to be done besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FollowUp {
    /// The store's manager looks at it: the customer has refused a third plan.
    Escalate,
    /// Ask the customer to rate.
    InviteToRate,
    /// Links that decide about a plan no longer work.
    RevokeDecideLinks,
    /// Tasks that are still open are withdrawn.
    WithdrawTasks,
}

/// Everything that follows from a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The state afterwards.
    pub next: State,
    /// What happens to the clocks, in order.
    pub clocks: Vec<ClockAction>,
    /// The journal's word, e.g. `case.accepted`.
    pub verb: &'static str,
    /// True when the customer hears from a person by it: the first answer is given.
    pub answers: bool,
    /// What is counted.
    pub counts: Vec<Count>,
    /// What the customer is told.
    pub notices: Vec<Notice>,
    /// What has to be done besides.
    pub follow_ups: Vec<FollowUp>,
}
