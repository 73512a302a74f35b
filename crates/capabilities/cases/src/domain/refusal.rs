use kernel::Fault;

/// Why a command is not carried out: a stable code, whose text is `fault-<code>`, and what the text needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The code.
    pub code: &'static str,
    /// Named values for the text.
    pub args: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal without values.
    pub const fn new(code: &'static str) -> Self {
        Self { code, args: Vec::new() }
    }
    /// Adds a value for the text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
    /// All codes, for the catalogue of error codes.
    pub const CODES: &'static [&'static str] = &[
        SIDE,
        OVER,
        ACCEPT_FIRST,
        ACCEPTED_ALREADY,
        PAST,
        WAITING,
        NOT_WAITING,
        NOT_WAITING_FOR_CUSTOMER,
        NO_PLAN,
        PLAN_FIRST,
        OPTION_UNKNOWN,
        RESOLVED_ALREADY,
        NOT_RESOLVED,
        NOT_DONE_YET,
        REOPEN_WINDOW,
        REJECT_ONLY_NEW,
        CANCEL_CALL,
        MERGE_ITSELF,
        MERGE_LATE,
        WAIT_PAST,
        WAIT_TOO_LONG,
        PROOF,
        CLOSE_BY,
        TASKS_OPEN,
        TASK_OVER,
        TASK_TAKEN,
        CHECK_OWN,
        CHECK_EARLY,
        CHECK_NONE,
        BACK_NONE,
        BACK_CHANGED,
        BACK_LATE,
        BACK_OTHERS,
        APPROVAL_PENDING,
        OWN_FLOW,
    ];
}

/// The case's kind has a flow of its own.
pub const OWN_FLOW: &str = "cases-own-flow";
/// This side may not give this command.
pub const SIDE: &str = "cases-side";
/// Closed, rejected, cancelled or merged.
pub const OVER: &str = "cases-over";
/// Nobody has it yet.
pub const ACCEPT_FIRST: &str = "cases-accept-first";
/// Somebody has it already.
pub const ACCEPTED_ALREADY: &str = "cases-accepted-already";
/// The case is past this step.
pub const PAST: &str = "cases-past";
/// It waits; it has to go on first.
pub const WAITING: &str = "cases-waiting";
/// It does not wait.
pub const NOT_WAITING: &str = "cases-not-waiting";
/// It waits for somebody else than the customer.
pub const NOT_WAITING_FOR_CUSTOMER: &str = "cases-not-waiting-for-customer";
/// No plan is with the customer.
pub const NO_PLAN: &str = "cases-no-plan";
/// The customer has to agree to a plan first.
pub const PLAN_FIRST: &str = "cases-plan-first";
/// The plan has no such option.
pub const OPTION_UNKNOWN: &str = "cases-option-unknown";
/// Already resolved.
pub const RESOLVED_ALREADY: &str = "cases-resolved-already";
/// Not resolved yet.
pub const NOT_RESOLVED: &str = "cases-not-resolved";
/// It is still open, there is nothing to open again.
pub const NOT_DONE_YET: &str = "cases-not-done-yet";
/// Closed too long ago: open a follow-up case.
pub const REOPEN_WINDOW: &str = "cases-reopen-window";
/// Only a new case can be rejected.
pub const REJECT_ONLY_NEW: &str = "cases-reject-only-new";
/// Work has begun; the customer has to call the store.
pub const CANCEL_CALL: &str = "cases-cancel-call";
/// A case cannot go on in itself.
pub const MERGE_ITSELF: &str = "cases-merge-itself";
/// A plan is agreed; too late to merge.
pub const MERGE_LATE: &str = "cases-merge-late";
/// The wake-up time is past.
pub const WAIT_PAST: &str = "cases-wait-past";
/// The wake-up time is too far away.
pub const WAIT_TOO_LONG: &str = "cases-wait-too-long";
/// This proof cannot come from this side.
pub const PROOF: &str = "cases-proof";
/// This side cannot close that way.
pub const CLOSE_BY: &str = "cases-close-by";
/// Tasks that it gave are still open.
pub const TASKS_OPEN: &str = "cases-tasks-open";
/// The task is over.
pub const TASK_OVER: &str = "cases-task-over";
/// Somebody has taken the task on.
pub const TASK_TAKEN: &str = "cases-task-taken";
/// Whoever solved it does not check it.
pub const CHECK_OWN: &str = "cases-check-own";
/// The case is not closed yet.
pub const CHECK_EARLY: &str = "cases-check-early";
/// There is nothing to check, or it is done.
pub const CHECK_NONE: &str = "cases-check-none";
/// There is no act to take back.
pub const BACK_NONE: &str = "cases-back-none";
/// Something has happened since.
pub const BACK_CHANGED: &str = "cases-back-changed";
/// Too long ago.
pub const BACK_LATE: &str = "cases-back-late";
/// Somebody else did it.
pub const BACK_OTHERS: &str = "cases-back-others";

/// What comes on top of the law is not approved yet.
pub const APPROVAL_PENDING: &str = "cases-approval-pending";

impl From<Refusal> for Fault {
    #[track_caller]
    fn from(refusal: Refusal) -> Self {
        refusal.args.into_iter().fold(Self::refused(refusal.code), |fault, (name, value)| fault.with(name, value))
    }
}
