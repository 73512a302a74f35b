use kernel::Timestamp;

use super::clocks::{ClockAction, Clocks, Share};
use super::command::{CloseBy, Command, Proof, Side};
use super::decision::{Count, Decision, FollowUp, Notice};
use super::guard::{Facts, guard};
use super::plan::Plan;
use super::refusal::{self, Refusal};
use super::stage::Stage;
use super::state::{Active, State, Wait};

/// One case more or less that is not over.
const OPEN_NOW: &str = "cases.open_now";

/// What follows from taking a case in.
pub fn take_in() -> Decision {
    let mut clocks = Clocks::of(&std::collections::BTreeMap::new());
    clocks.start(Stage::Acknowledge);
    clocks.start(Stage::FirstAnswer);
    Decision {
        next: State::New,
        clocks: clocks.actions(),
        verb: "case.taken_in",
        answers: false,
        counts: vec![one("cases.taken_in"), Count { part: OPEN_NOW, n: 1 }],
        notices: vec![Notice::TakenIn],
        follow_ups: Vec::new(),
    }
}

/// What follows from `command`, given by `side` at `now`, for a case of which `facts` are known.
///
/// # Errors
/// The reason why the command is not carried out; nothing changes then.
pub fn decide(facts: &Facts, command: &Command, side: Side, now: Timestamp) -> Result<Decision, Refusal> {
    guard(facts, command.name(), side, now)?;
    let mut clocks = Clocks::of(&facts.clocks);
    let mut made = Made::new(facts.state);
    match command {
        Command::Accept { .. } => {
            clocks.stop(Stage::Acknowledge);
            clocks.start(Stage::Plan);
            made.go(State::Active(Active::Accepted), "case.accepted")
                .count(one("cases.accepted"))
                .tell(Notice::Accepted);
        }
        Command::Assign { .. } => {
            made.go(facts.state, "case.assigned");
        }
        Command::Analyse => {
            made.go(State::Active(Active::Analysing), "case.analysed");
        }
        Command::Propose(plan) => propose(facts, plan, &mut clocks, &mut made, now),
        Command::Confirm { option, proof } => {
            proof_fits(proof, side)?;
            if *option >= facts.options {
                return Err(Refusal::new(refusal::OPTION_UNKNOWN).with("options", facts.options));
            }
            if facts.held.contains(option) {
                return Err(Refusal::new(refusal::APPROVAL_PENDING));
            }
            clocks.stop(Stage::CustomerAnswer);
            begin_work(facts, &mut clocks);
            made.go(State::Active(Active::Executing), "case.confirmed").then(FollowUp::RevokeDecideLinks);
        }
        Command::Decline { .. } => {
            clocks.stop(Stage::CustomerAnswer);
            clocks.resume_all();
            clocks.start(Stage::Plan);
            made.go(State::Active(Active::Analysing), "case.declined")
                .count(one("plans.declined"))
                .then(FollowUp::RevokeDecideLinks);
            if facts.declined.saturating_add(1) >= facts.limits.escalate_at {
                made.then(FollowUp::Escalate);
            }
        }
        Command::Wait { reason, until, owner, .. } => {
            if *until <= now {
                return Err(Refusal::new(refusal::WAIT_PAST));
            }
            if *until > facts.limits.wait_until(now) {
                return Err(Refusal::new(refusal::WAIT_TOO_LONG).with("days", facts.limits.wait_days));
            }
            let previous = match facts.state {
                State::Active(active) => active,
                State::Waiting(wait) => wait.previous,
                // The guard has let only these two pass.
                State::New | State::Resolved | State::Closed | State::Rejected | State::Cancelled | State::Merged => {
                    return Err(Refusal::new(refusal::ACCEPT_FIRST));
                }
            };
            clocks.resume_all();
            clocks.pause_for(*reason);
            made.go(State::Waiting(Wait { reason: *reason, until: *until, owner: *owner, previous }), "case.waiting");
        }
        Command::Resume => {
            clocks.resume_all();
            made.go(facts.state.wait().map_or(facts.state, |wait| State::Active(wait.previous)), "case.resumed");
        }
        Command::Resolve { .. } => {
            clocks.stop(Stage::FirstAnswer);
            clocks.stop(Stage::Plan);
            clocks.stop(Stage::Solution);
            clocks.stop(Stage::NextAnswer);
            clocks.stop(Stage::PromisedCall);
            clocks.stop(Stage::PromisedReady);
            clocks.drop_stage(Stage::CustomerAnswer);
            clocks.start(Stage::Confirm);
            made.go(State::Resolved, "case.resolved").count(one("cases.resolved")).tell(Notice::Resolved).answer();
        }
        Command::Close(by) => {
            close_fits(by, side)?;
            clocks.stop(Stage::Confirm);
            clocks.drop_all();
            made.go(State::Closed, "case.closed")
                .count(one("cases.closed"))
                .count(Count { part: OPEN_NOW, n: -1 })
                .tell(Notice::Closed)
                .then(FollowUp::InviteToRate);
        }
        Command::Reopen { .. } => {
            clocks.drop_stage(Stage::Confirm);
            clocks.start_with(Stage::Solution, Share::Half);
            clocks.start(Stage::NextAnswer);
            made.go(State::Active(Active::Executing), "case.reopened")
                .count(one("cases.reopened"))
                .tell(Notice::Reopened);
            if facts.state == State::Closed {
                made.count(Count { part: OPEN_NOW, n: 1 });
            }
        }
        Command::Reject { .. } => {
            clocks.stop(Stage::Acknowledge);
            clocks.stop(Stage::FirstAnswer);
            clocks.drop_all();
            void(&mut made, State::Rejected, "case.rejected", Notice::Rejected);
            made.then(FollowUp::WithdrawTasks).answer();
        }
        Command::Cancel { .. } => {
            clocks.drop_all();
            void(&mut made, State::Cancelled, "case.cancelled", Notice::Cancelled);
            made.then(FollowUp::WithdrawTasks);
        }
        Command::Merge { into } => {
            if *into == facts.id {
                return Err(Refusal::new(refusal::MERGE_ITSELF));
            }
            clocks.drop_all();
            void(&mut made, State::Merged, "case.merged", Notice::Merged);
        }
    }
    Ok(made.decision(clocks.actions()))
}

/// A plan of which everything is beyond what whoever proposes may give alone waits for approval: the customer has heard nothing, so
/// no clock of ours stands still or is met by it. Any other plan goes out.
fn propose(facts: &Facts, plan: &Plan, clocks: &mut Clocks, made: &mut Made, now: Timestamp) {
    let (State::Active(active), Some(owner), true) = (facts.state, facts.actor, plan.is_held(facts.own_limit)) else {
        return go_out(facts, clocks, made.go(facts.state, "case.plan_proposed").count(one("plans.proposed")));
    };
    // An older plan is no longer with the customer.
    let previous = if active == Active::PlanProposed { Active::Analysing } else { active };
    let until = facts.limits.wait_until(now);
    let wait = Wait { reason: super::words::WaitReason::Approval, until, owner, previous };
    if active == Active::PlanProposed {
        clocks.drop_stage(Stage::CustomerAnswer);
        clocks.resume_all();
        clocks.start(Stage::Plan);
    }
    made.go(State::Waiting(wait), "case.plan_proposed").count(one("plans.proposed"));
}

/// What follows when the extra of the present plan is granted: if it was held altogether, it goes out now.
pub fn granted(facts: &Facts, held_altogether: bool) -> Decision {
    let mut clocks = Clocks::of(&facts.clocks);
    let mut made = Made::new(facts.state);
    made.go(facts.state, "case.approval_granted");
    let waits = match facts.state {
        State::Waiting(wait) => wait.reason == super::words::WaitReason::Approval,
        // Somebody went on with something else meanwhile.
        State::Active(active) => matches!(active, Active::Accepted | Active::Analysing),
        State::New | State::Resolved | State::Closed | State::Rejected | State::Cancelled | State::Merged => false,
    };
    if held_altogether && waits {
        go_out(facts, &mut clocks, &mut made);
    }
    made.decision(clocks.actions())
}

/// What follows when it is not granted, for the reason that `verb` names: a case that waited for it goes on where it was.
pub fn not_granted(facts: &Facts, held_altogether: bool, verb: &'static str) -> Decision {
    let mut made = Made::new(facts.state);
    let next = match facts.state {
        State::Waiting(wait) if held_altogether && wait.reason == super::words::WaitReason::Approval => {
            State::Active(wait.previous)
        }
        other => other,
    };
    made.go(next, verb);
    made.decision(Vec::new())
}

/// A plan is an answer. Where the customer's yes is needed, the customer's time begins; a solution that was already promised
/// stands still until then. Elsewhere work begins at once.
fn go_out(facts: &Facts, clocks: &mut Clocks, made: &mut Made) {
    let verb = made.0.verb;
    clocks.stop(Stage::FirstAnswer);
    clocks.stop(Stage::Plan);
    clocks.stop(Stage::PromisedCall);
    clocks.start(Stage::NextAnswer);
    if facts.kind.needs_confirmation() {
        clocks.pause_for(super::words::WaitReason::Customer);
        clocks.start(Stage::CustomerAnswer);
        made.go(State::Active(Active::PlanProposed), verb).tell(Notice::PlanReady);
    } else {
        begin_work(facts, clocks);
        made.go(State::Active(Active::Executing), verb).tell(Notice::PlanReady);
    }
    made.answer();
}

/// The solution's clock goes on if it stood still, or begins.
fn begin_work(facts: &Facts, clocks: &mut Clocks) {
    if facts.clocks.contains_key(&Stage::Solution) {
        clocks.resume(Stage::Solution);
    } else {
        clocks.start(Stage::Solution);
    }
    clocks.start_if_none(Stage::NextAnswer);
}

fn void(made: &mut Made, state: State, verb: &'static str, notice: Notice) {
    made.go(state, verb).count(Count { part: OPEN_NOW, n: -1 }).tell(notice).then(FollowUp::RevokeDecideLinks);
}

/// The link proves only what the customer does; staff note the counter or the phone.
fn proof_fits(proof: &Proof, side: Side) -> Result<(), Refusal> {
    match (side, proof) {
        (Side::Customer, Proof::Link) | (Side::Staff, Proof::Counter | Proof::Phone(_)) => Ok(()),
        (Side::Customer | Side::Staff | Side::System, _) => Err(Refusal::new(refusal::PROOF)),
    }
}

fn close_fits(by: &CloseBy, side: Side) -> Result<(), Refusal> {
    match (side, by) {
        (Side::Customer | Side::Staff, CloseBy::Customer(proof)) => proof_fits(proof, side),
        (Side::Staff, CloseBy::Manager(_)) | (Side::System, CloseBy::System) => Ok(()),
        (Side::Customer | Side::Staff | Side::System, _) => Err(Refusal::new(refusal::CLOSE_BY)),
    }
}

const fn one(part: &'static str) -> Count {
    Count { part, n: 1 }
}

/// A decision in the making.
struct Made(Decision);

impl Made {
    const fn new(state: State) -> Self {
        Self(Decision {
            next: state,
            clocks: Vec::new(),
            verb: "",
            answers: false,
            counts: Vec::new(),
            notices: Vec::new(),
            follow_ups: Vec::new(),
        })
    }
    fn go(&mut self, next: State, verb: &'static str) -> &mut Self {
        self.0.next = next;
        self.0.verb = verb;
        self
    }
    fn count(&mut self, count: Count) -> &mut Self {
        self.0.counts.push(count);
        self
    }
    fn tell(&mut self, notice: Notice) -> &mut Self {
        self.0.notices.push(notice);
        self
    }
    fn then(&mut self, follow_up: FollowUp) -> &mut Self {
        self.0.follow_ups.push(follow_up);
        self
    }
    const fn answer(&mut self) {
        self.0.answers = true;
    }
    fn decision(self, clocks: Vec<ClockAction>) -> Decision {
        Decision { clocks, ..self.0 }
    }
}
