use kernel::Timestamp;

use super::clocks::{ClockAction, Clocks, Share};
use super::command::{CloseBy, Command, Proof, Side};
use super::decision::{Count, Decision, FollowUp, Notice};
use super::guard::{Facts, guard};
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
        Command::Propose(_) => propose(facts, &mut clocks, &mut made),
        Command::Confirm { option, proof } => {
            proof_fits(proof, side)?;
            if *option >= facts.options {
                return Err(Refusal::new(refusal::OPTION_UNKNOWN).with("options", facts.options));
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

/// A plan is an answer. Where the customer's yes is needed, the customer's time begins; a solution that was already promised
/// stands still until then. Elsewhere work begins at once.
fn propose(facts: &Facts, clocks: &mut Clocks, made: &mut Made) {
    clocks.stop(Stage::FirstAnswer);
    clocks.stop(Stage::Plan);
    clocks.stop(Stage::PromisedCall);
    clocks.start(Stage::NextAnswer);
    if facts.kind.needs_confirmation() {
        clocks.pause_for(super::words::WaitReason::Customer);
        clocks.start(Stage::CustomerAnswer);
        made.go(State::Active(Active::PlanProposed), "case.plan_proposed").tell(Notice::PlanReady);
    } else {
        begin_work(facts, clocks);
        made.go(State::Active(Active::Executing), "case.plan_proposed").tell(Notice::PlanReady);
    }
    made.count(one("plans.proposed")).answer();
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
