use cases::domain::{Active, State as CaseState};

use super::refusal::{self, Refusal};
use kernel::words;

words! {
    /// Where a complaint stands (features.md §6.2).
    pub enum State {
        /// Here, nobody has looked (已登记).
        Registered = "registered",
        /// Somebody finds out whether it is ours to take on (筛查中).
        Screening = "screening",
        /// Taken on (已受理).
        Accepted = "accepted",
        /// Facts are being found out (调查中).
        Investigating = "investigating",
        /// Who has to answer for it is found (已认定).
        Verdict = "verdict",
        /// What to offer is being worked out (拟方案).
        Proposal = "proposal",
        /// The offer waits for a yes from above (待审批).
        Approval = "approval",
        /// The offer is with the customer (待顾客答复).
        Offered = "offered",
        /// The customer said yes (已达成一致).
        Agreed = "agreed",
        /// It is being carried out (执行中).
        Executing = "executing",
        /// Somebody else calls whether it held (待回访).
        FollowUp = "follow_up",
        /// Over (已结案).
        Closed = "closed",
        /// Read only, with a date until when it is kept (已归档).
        Archived = "archived",
        /// Not taken on (不受理).
        NotAccepted = "not_accepted",
        /// Goes on in another one (重复).
        Duplicate = "duplicate",
        /// The customer took it back (已撤诉).
        Withdrawn = "withdrawn",
        /// Somebody else's to decide (已转出).
        Transferred = "transferred",
        /// The customer does not accept how it ended (已申诉).
        Appealed = "appealed",
    }
}

words! {
    /// What moves a complaint.
    pub enum Move {
        /// Somebody looks.
        Screen = "screen",
        /// Taken on.
        Accept = "accept",
        /// Not taken on.
        NotAccept = "not_accept",
        /// The same as another one.
        Duplicate = "duplicate",
        /// Passed on.
        Transfer = "transfer",
        /// The customer takes it back.
        Withdraw = "withdraw",
        /// Finding out begins.
        Investigate = "investigate",
        /// What was found.
        Conclude = "conclude",
        /// What to offer.
        Draft = "draft",
        /// The offer needs a yes from above.
        Ask = "ask",
        /// The yes did not come.
        NotGranted = "not_granted",
        /// The offer goes out.
        Offer = "offer",
        /// The customer wants something else.
        CustomerNo = "customer_no",
        /// The customer agrees.
        CustomerYes = "customer_yes",
        /// Carrying out begins.
        Begin = "begin",
        /// A line is carried out.
        Execute = "execute",
        /// All lines are.
        Finish = "finish",
        /// The call says that it held.
        Holds = "holds",
        /// The call says that it did not.
        Fails = "fails",
        /// The customer does not accept how it ended.
        Appeal = "appeal",
        /// Somebody new and higher takes it.
        TakeAppeal = "take_appeal",
        /// Into the archive.
        Archive = "archive",
    }
}

impl State {
    /// Where the case stands by it, and with it the step of the service flow; nothing for what ended without work, which keeps its
    /// step, and for a duplicate, whose case is merged.
    pub const fn case(self) -> CaseState {
        match self {
            Self::Registered | Self::Screening => CaseState::New,
            Self::Accepted | Self::Appealed => CaseState::Active(Active::Accepted),
            Self::Investigating | Self::Verdict | Self::Proposal | Self::Approval => {
                CaseState::Active(Active::Analysing)
            }
            Self::Offered => CaseState::Active(Active::PlanProposed),
            Self::Agreed | Self::Executing => CaseState::Active(Active::Executing),
            Self::FollowUp => CaseState::Resolved,
            Self::Closed | Self::Archived => CaseState::Closed,
            Self::NotAccepted | Self::Transferred => CaseState::Rejected,
            Self::Withdrawn => CaseState::Cancelled,
            Self::Duplicate => CaseState::Merged,
        }
    }
    /// The state of a complaint whose case was worked on before it had this flow.
    pub const fn of_case(state: CaseState) -> Self {
        match state {
            CaseState::New => Self::Registered,
            CaseState::Active(active) => Self::of_active(active),
            CaseState::Waiting(wait) => Self::of_active(wait.previous),
            CaseState::Resolved => Self::FollowUp,
            CaseState::Closed => Self::Closed,
            CaseState::Rejected => Self::NotAccepted,
            CaseState::Cancelled => Self::Withdrawn,
            CaseState::Merged => Self::Duplicate,
        }
    }
    const fn of_active(active: Active) -> Self {
        match active {
            Active::Accepted => Self::Accepted,
            // What was planned in the general flow has no lines: it is worked out anew.
            Active::Analysing | Active::PlanProposed => Self::Investigating,
            Active::Executing => Self::Executing,
        }
    }
    /// Nothing more is expected, unless the customer appeals.
    pub const fn is_over(self) -> bool {
        self.case().is_over()
    }
    /// Where it stands after `moved`.
    ///
    /// # Errors
    /// `complaints-not-now`.
    pub const fn after(self, moved: Move) -> Result<Self, Refusal> {
        let next = match (moved, self) {
            (Move::Screen, Self::Registered) => Self::Screening,
            (Move::Accept, Self::Screening) => Self::Accepted,
            (Move::NotAccept, Self::Screening) => Self::NotAccepted,
            (Move::Duplicate, Self::Screening) => Self::Duplicate,
            (Move::Transfer, Self::Screening) => Self::Transferred,
            (
                Move::Withdraw,
                Self::Registered
                | Self::Screening
                | Self::Accepted
                | Self::Investigating
                | Self::Verdict
                | Self::Proposal
                | Self::Approval
                | Self::Offered,
            ) => Self::Withdrawn,
            (Move::Investigate, Self::Accepted) => Self::Investigating,
            (Move::Conclude, Self::Investigating) => Self::Verdict,
            (Move::Draft, Self::Verdict | Self::Proposal) => Self::Proposal,
            (Move::Ask, Self::Proposal) => Self::Approval,
            (Move::NotGranted, Self::Approval) => Self::Proposal,
            (Move::Offer, Self::Proposal | Self::Approval) => Self::Offered,
            (Move::CustomerNo, Self::Offered) => Self::Proposal,
            (Move::CustomerYes, Self::Offered) => Self::Agreed,
            (Move::Begin, Self::Agreed) => Self::Executing,
            (Move::Execute, Self::Executing) => Self::Executing,
            (Move::Finish, Self::Executing) => Self::FollowUp,
            (Move::Holds, Self::FollowUp) => Self::Closed,
            (Move::Fails, Self::FollowUp) => Self::Investigating,
            (Move::Appeal, Self::Closed | Self::NotAccepted) => Self::Appealed,
            (Move::TakeAppeal, Self::Appealed) => Self::Investigating,
            (Move::Archive, Self::Closed) => Self::Archived,
            _ => return Err(Refusal(refusal::NOT_NOW)),
        };
        Ok(next)
    }
}
