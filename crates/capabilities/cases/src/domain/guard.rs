use std::collections::BTreeMap;

use approvals::domain::Limit;
use kernel::{Id, Timestamp, of};

use super::clocks::ClockNow;
use super::command::{CommandName, Side};
use super::refusal::{self, Refusal};
use super::stage::Stage;
use super::state::{Active, State};
use super::words::{Kind, WaitReason};

/// A day of 24 hours, in milliseconds.
const DAY: i64 = 86_400_000;

/// What the company has set; defaults are what most chains use. [`super::Policy::limits`] says which were in force when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many days after closing a case can be opened again.
    pub reopen_days: i64,
    /// How many days a case may wait at most before somebody looks again.
    pub wait_days: i64,
    /// The refused plan at which the manager is brought in.
    pub escalate_at: i64,
    /// How many days after merging a case can be taken out again.
    pub merge_days: i64,
    /// How many days after closing somebody else looks whether it held.
    pub check_days: i64,
    /// For how many minutes an act can be taken back.
    pub take_back_minutes: i64,
    /// How many minutes of working time after a missed deadline the region is told.
    pub region_minutes: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            reopen_days: 15,
            wait_days: 90,
            escalate_at: 3,
            merge_days: 30,
            check_days: 7,
            take_back_minutes: 60,
            region_minutes: 240,
        }
    }
}

impl Limits {
    /// The last instant at which a case closed at `closed` can be opened again.
    pub const fn reopen_until(&self, closed: Timestamp) -> Timestamp {
        closed.plus(self.reopen_days * DAY)
    }
    /// The latest wake-up time of a wait that begins at `now`.
    pub const fn wait_until(&self, now: Timestamp) -> Timestamp {
        now.plus(self.wait_days * DAY)
    }
}

/// What is known of a case when something is decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The case.
    pub id: Id<of::Case>,
    /// Where it stands.
    pub state: State,
    /// Its kind.
    pub kind: Kind,
    /// Clocks that are not stopped.
    pub clocks: BTreeMap<Stage, ClockNow>,
    /// How many options the plan has that is with the customer; 0 without such a plan.
    pub options: usize,
    /// How many plans the customer has refused.
    pub declined: i64,
    /// When it was closed, if it is.
    pub closed_at: Option<Timestamp>,
    /// How many of the tasks that it gave are not over.
    pub open_tasks: usize,
    /// What the company has set.
    pub limits: Limits,
    /// How much more than the law gives whoever acts may give alone.
    pub own_limit: Limit,
    /// Who acts, if it is a member of staff.
    pub actor: Option<Id<of::User>>,
    /// Options of the present plan that wait for approval, from 0.
    pub held: Vec<usize>,
    /// Its kind has a flow of its own, which moves it: only what the customer says and who has it come through the general flow.
    pub own_flow: bool,
}

/// Whether `side` may give the command `name` now, whatever its input. A waiting case takes the customer's choice at once,
/// as if it had gone on first.
///
/// # Errors
/// The reason why not.
pub fn guard(facts: &Facts, name: CommandName, side: Side, now: Timestamp) -> Result<(), Refusal> {
    side_may(name, side)?;
    if facts.own_flow && !matches!(name, CommandName::Confirm | CommandName::Decline | CommandName::Assign) {
        return refuse(refusal::OWN_FLOW);
    }
    match name {
        CommandName::Accept => match facts.state {
            State::New => Ok(()),
            State::Active(_) | State::Waiting(_) | State::Resolved => refuse(refusal::ACCEPTED_ALREADY),
            State::Closed | State::Rejected | State::Cancelled | State::Merged => refuse(refusal::OVER),
        },
        CommandName::Assign => not_over(facts),
        CommandName::Analyse => match working(facts)? {
            Active::Accepted => Ok(()),
            Active::Analysing | Active::PlanProposed | Active::Executing => refuse(refusal::PAST),
        },
        CommandName::Propose => working(facts).map(|_| ()),
        CommandName::Confirm | CommandName::Decline => match facts.state {
            State::Waiting(wait) if wait.reason == WaitReason::Approval && !facts.held.is_empty() => {
                refuse(refusal::APPROVAL_PENDING)
            }
            State::Active(Active::PlanProposed) => Ok(()),
            State::Waiting(wait) if wait.previous == Active::PlanProposed => Ok(()),
            State::New | State::Active(_) | State::Waiting(_) | State::Resolved => refuse(refusal::NO_PLAN),
            State::Closed | State::Rejected | State::Cancelled | State::Merged => refuse(refusal::OVER),
        },
        CommandName::Wait => match facts.state {
            State::Waiting(_) => Ok(()),
            _ => working(facts).map(|_| ()),
        },
        CommandName::Resume => match facts.state {
            State::Waiting(wait) if side == Side::Customer && wait.reason != WaitReason::Customer => {
                refuse(refusal::NOT_WAITING_FOR_CUSTOMER)
            }
            State::Waiting(_) => Ok(()),
            State::New | State::Active(_) | State::Resolved => refuse(refusal::NOT_WAITING),
            State::Closed | State::Rejected | State::Cancelled | State::Merged => refuse(refusal::OVER),
        },
        CommandName::Resolve => match working(facts)? {
            Active::Executing => tasks_over(facts),
            Active::Accepted | Active::Analysing if !facts.kind.needs_confirmation() => tasks_over(facts),
            Active::Accepted | Active::Analysing | Active::PlanProposed => refuse(refusal::PLAN_FIRST),
        },
        CommandName::Close => match facts.state {
            State::Resolved => Ok(()),
            State::New | State::Active(_) | State::Waiting(_) => refuse(refusal::NOT_RESOLVED),
            State::Closed | State::Rejected | State::Cancelled | State::Merged => refuse(refusal::OVER),
        },
        CommandName::Reopen => reopen(facts, now),
        CommandName::Reject => match facts.state {
            State::New => Ok(()),
            State::Active(_) | State::Waiting(_) | State::Resolved => refuse(refusal::REJECT_ONLY_NEW),
            State::Closed | State::Rejected | State::Cancelled | State::Merged => refuse(refusal::OVER),
        },
        CommandName::Cancel => cancel(facts, side),
        CommandName::Merge => match facts.state {
            State::New | State::Active(Active::Accepted | Active::Analysing) => tasks_over(facts),
            State::Waiting(wait) if matches!(wait.previous, Active::Accepted | Active::Analysing) => tasks_over(facts),
            State::Active(_) | State::Waiting(_) => refuse(refusal::MERGE_LATE),
            State::Resolved => refuse(refusal::RESOLVED_ALREADY),
            State::Closed | State::Rejected | State::Cancelled | State::Merged => refuse(refusal::OVER),
        },
    }
}

/// All commands that `side` could ever give, each with the reason why it cannot be given now.
pub fn offers(facts: &Facts, side: Side, now: Timestamp) -> Vec<(CommandName, Result<(), Refusal>)> {
    CommandName::ALL
        .iter()
        .filter(|name| side_may(**name, side).is_ok())
        .map(|name| (*name, guard(facts, *name, side, now)))
        .collect()
}

fn side_may(name: CommandName, side: Side) -> Result<(), Refusal> {
    let may = match name {
        CommandName::Accept | CommandName::Assign => matches!(side, Side::Staff | Side::System),
        CommandName::Analyse
        | CommandName::Propose
        | CommandName::Wait
        | CommandName::Resolve
        | CommandName::Reject
        | CommandName::Merge => side == Side::Staff,
        CommandName::Confirm | CommandName::Decline | CommandName::Reopen | CommandName::Cancel => {
            matches!(side, Side::Staff | Side::Customer)
        }
        CommandName::Resume | CommandName::Close => true,
    };
    if may { Ok(()) } else { refuse(refusal::SIDE) }
}

/// A parent waits for its children.
fn tasks_over(facts: &Facts) -> Result<(), Refusal> {
    match facts.open_tasks {
        0 => Ok(()),
        n => Err(Refusal::new(refusal::TASKS_OPEN).with("n", n)),
    }
}

fn not_over(facts: &Facts) -> Result<(), Refusal> {
    if facts.state.is_over() { refuse(refusal::OVER) } else { Ok(()) }
}

/// The state in which work goes on, or why none does.
fn working(facts: &Facts) -> Result<Active, Refusal> {
    match facts.state {
        State::Active(active) => Ok(active),
        State::New => refuse(refusal::ACCEPT_FIRST),
        State::Waiting(_) => refuse(refusal::WAITING),
        State::Resolved => refuse(refusal::RESOLVED_ALREADY),
        State::Closed | State::Rejected | State::Cancelled | State::Merged => refuse(refusal::OVER),
    }
}

fn reopen(facts: &Facts, now: Timestamp) -> Result<(), Refusal> {
    match facts.state {
        State::Resolved => Ok(()),
        State::Closed => match facts.closed_at {
            Some(closed) if now <= facts.limits.reopen_until(closed) => Ok(()),
            _ => Err(Refusal::new(refusal::REOPEN_WINDOW).with("days", facts.limits.reopen_days)),
        },
        State::New | State::Active(_) | State::Waiting(_) => refuse(refusal::NOT_DONE_YET),
        State::Rejected | State::Cancelled | State::Merged => refuse(refusal::OVER),
    }
}

fn cancel(facts: &Facts, side: Side) -> Result<(), Refusal> {
    let active = match facts.state {
        State::New => return Ok(()),
        State::Active(active) => active,
        State::Waiting(wait) => wait.previous,
        State::Resolved => return refuse(refusal::RESOLVED_ALREADY),
        State::Closed | State::Rejected | State::Cancelled | State::Merged => return refuse(refusal::OVER),
    };
    match (side, active) {
        (Side::Customer, Active::Executing) => refuse(refusal::CANCEL_CALL),
        _ => Ok(()),
    }
}

fn refuse<T>(code: &'static str) -> Result<T, Refusal> {
    Err(Refusal::new(code))
}
