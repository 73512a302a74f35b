use super::words::WaitReason;
use kernel::words;

words! {
    /// A stretch of the flow that has a clock (时限).
    pub enum Stage {
        /// Until somebody has it (受理).
        Acknowledge = "acknowledge",
        /// Until the customer hears from a person (首次响应).
        FirstAnswer = "first_answer",
        /// Until there is a plan (给出方案).
        Plan = "plan",
        /// Until the customer has chosen (顾客确认方案).
        CustomerAnswer = "customer_answer",
        /// Until it is done (完成处理).
        Solution = "solution",
        /// Until the customer has said that it is done; then it closes by itself (确认解决).
        Confirm = "confirm",
        /// Until the customer hears something again: the update promise, begun anew by each public message (下次告知).
        NextAnswer = "next_answer",
        /// Until the call that the customer was promised (约定回电).
        PromisedCall = "promised_call",
        /// Until the day on which it was promised to be ready (约定取件).
        PromisedReady = "promised_ready",
        /// Until somebody has said whether a complaint is taken on (受理决定).
        Decision = "decision",
        /// Until somebody else than the handler has called whether it held (回访).
        CallBack = "call_back",
        /// Until the answer that an authority asked for, by the time that its notice states (答复监管部门).
        Authority = "authority",
    }
}

impl Stage {
    /// True for the two stages that measure the customer's time: running out is not a deadline missed by us.
    pub const fn is_customers(self) -> bool {
        match self {
            Self::CustomerAnswer | Self::Confirm => true,
            Self::Acknowledge
            | Self::FirstAnswer
            | Self::Plan
            | Self::Solution
            | Self::NextAnswer
            | Self::PromisedCall
            | Self::PromisedReady
            | Self::Decision
            | Self::CallBack
            | Self::Authority => false,
        }
    }
    /// True for what has its time from elsewhere than the policy: what one person promised one customer, and the flow of one kind.
    pub const fn is_promised(self) -> bool {
        matches!(self, Self::PromisedCall | Self::PromisedReady | Self::Decision | Self::CallBack | Self::Authority)
    }
    /// Whether waiting for `reason` stops this clock. Waiting for a supplier or for our own approval is our own time and
    /// stops nothing; the first answer and the update promise are never stopped, because telling the customer needs nobody.
    pub const fn pauses_for(self, reason: WaitReason) -> bool {
        match (self, reason) {
            (Self::Plan | Self::Solution, WaitReason::Customer | WaitReason::Appointment) => true,
            (Self::Solution, WaitReason::Parts) => true,
            (Self::Plan, WaitReason::Parts) => false,
            (Self::Plan | Self::Solution, WaitReason::Supplier | WaitReason::Approval) => false,
            (Self::Acknowledge | Self::FirstAnswer | Self::CustomerAnswer | Self::Confirm | Self::NextAnswer, _) => {
                false
            }
            // A word given to a customer stands, whatever we wait for.
            (Self::PromisedCall | Self::PromisedReady | Self::Decision | Self::CallBack | Self::Authority, _) => false,
        }
    }
}
