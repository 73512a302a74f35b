//! Stories, and what holds for every story.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::samples::*;
use crate::domain::*;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Follows a case through decisions as the shell does.
struct Story {
    facts: Facts,
    open_now: i64,
    history: Vec<&'static str>,
}

impl Story {
    fn new(kind: Kind) -> Self {
        let mut story = Self { facts: facts(State::New, kind), open_now: 0, history: Vec::new() };
        story.facts.options = 0;
        story.follow(&take_in(), noon());
        story
    }
    fn tick(&mut self, command: &Command, side: Side, at: kernel::Timestamp) -> Result<Decision, Refusal> {
        let decision = decide(&self.facts, command, side, at)?;
        match command {
            Command::Propose(plan) if self.facts.kind.needs_confirmation() => self.facts.options = plan.options.len(),
            Command::Confirm { .. } => self.facts.options = 0,
            Command::Decline { .. } => {
                self.facts.options = 0;
                self.facts.declined += 1;
            }
            _ => {}
        }
        self.follow(&decision, at);
        Ok(decision)
    }
    fn follow(&mut self, decision: &Decision, at: kernel::Timestamp) {
        for action in &decision.clocks {
            act(&mut self.facts.clocks, *action);
        }
        self.open_now +=
            decision.counts.iter().filter(|count| count.part == "cases.open_now").map(|count| count.n).sum::<i64>();
        self.facts.state = decision.next;
        self.facts.closed_at = (decision.next == State::Closed).then_some(at);
        self.history.push(decision.verb);
    }
    fn running(&self) -> Vec<Stage> {
        self.facts.clocks.keys().copied().collect()
    }
}

/// A ledger that refuses what does not fit.
fn act(clocks: &mut BTreeMap<Stage, ClockNow>, action: ClockAction) {
    match action {
        ClockAction::Start(stage, _) => {
            assert_eq!(clocks.insert(stage, ClockNow::Running), None, "{stage} runs already")
        }
        ClockAction::Promise(stage, _) | ClockAction::Given(stage, _) => {
            assert!(clocks.insert(stage, ClockNow::Running).is_none(), "promised twice");
        }
        ClockAction::Stop(stage) | ClockAction::Drop(stage) => {
            assert!(clocks.remove(&stage).is_some(), "{stage} does not run")
        }
        ClockAction::Pause(stage, _) => assert_eq!(clocks.insert(stage, ClockNow::Paused), Some(ClockNow::Running)),
        ClockAction::Resume(stage) => assert_eq!(clocks.insert(stage, ClockNow::Running), Some(ClockNow::Paused)),
    }
}

fn give(story: &mut Story, command: CommandName, side: Side) -> Decision {
    let command = commands(side).into_iter().find(|one| one.name() == command).unwrap();
    story.tick(&command, side, noon()).unwrap()
}

#[test]
fn a_repair_from_the_counter_to_the_rating() {
    let mut story = Story::new(Kind::Repair);
    assert_eq!(story.running(), [Stage::Acknowledge, Stage::FirstAnswer]);
    give(&mut story, CommandName::Accept, Side::Staff);
    assert_eq!(story.running(), [Stage::FirstAnswer, Stage::Plan]);
    give(&mut story, CommandName::Analyse, Side::Staff);
    let proposed = give(&mut story, CommandName::Propose, Side::Staff);
    assert!(proposed.answers);
    assert_eq!(proposed.notices, [Notice::PlanReady]);
    assert_eq!(story.running(), [Stage::CustomerAnswer, Stage::NextAnswer]);
    give(&mut story, CommandName::Confirm, Side::Customer);
    assert_eq!(story.running(), [Stage::Solution, Stage::NextAnswer]);
    give(&mut story, CommandName::Wait, Side::Staff);
    assert_eq!(story.facts.clocks[&Stage::Solution], ClockNow::Paused);
    assert_eq!(
        story.facts.clocks[&Stage::NextAnswer],
        ClockNow::Running,
        "the customer is told while parts are on their way"
    );
    give(&mut story, CommandName::Resume, Side::System);
    assert_eq!(story.facts.clocks[&Stage::Solution], ClockNow::Running);
    give(&mut story, CommandName::Resolve, Side::Staff);
    assert_eq!(story.running(), [Stage::Confirm]);
    let closed = give(&mut story, CommandName::Close, Side::Customer);
    assert_eq!(closed.follow_ups, [FollowUp::InviteToRate]);
    assert!(story.running().is_empty());
    assert_eq!(story.open_now, 0);
}

#[test]
fn the_third_refused_plan_goes_to_the_manager() {
    let mut story = Story::new(Kind::Repair);
    give(&mut story, CommandName::Accept, Side::Staff);
    for round in 1..=3 {
        give(&mut story, CommandName::Propose, Side::Staff);
        let declined = give(&mut story, CommandName::Decline, Side::Customer);
        assert_eq!(declined.next, State::Active(Active::Analysing));
        assert_eq!(declined.follow_ups.contains(&FollowUp::Escalate), round == 3, "round {round}");
    }
}

#[test]
fn a_closed_case_opens_again_within_the_window_only() {
    let mut story = Story::new(Kind::Inquiry);
    give(&mut story, CommandName::Accept, Side::Staff);
    give(&mut story, CommandName::Resolve, Side::Staff);
    give(&mut story, CommandName::Close, Side::Staff);
    let again = Command::Reopen { wrong: "no".into() };
    let late = decide(&story.facts, &again, Side::Customer, noon().plus(15 * DAY + 1)).unwrap_err();
    assert_eq!((late.code, late.args), ("cases-reopen-window", vec![("days", "15".to_owned())]));
    let reopened = story.tick(&again, Side::Customer, noon().plus(15 * DAY)).unwrap();
    assert!(
        reopened.clocks.contains(&ClockAction::Start(Stage::Solution, Share::Half)),
        "a case that comes back gets half the time"
    );
    assert_eq!(story.open_now, 1);
}

#[test]
fn a_wait_ends_in_the_future_and_not_beyond_the_limit() {
    let waiting =
        |until| Command::Wait { reason: WaitReason::Supplier, until, owner: kernel::Id::new(7), note: String::new() };
    let facts = facts(State::Active(Active::Executing), Kind::Repair);
    let code = |until| decide(&facts, &waiting(until), Side::Staff, noon()).map_err(|refusal| refusal.code);
    assert_eq!(code(noon()).unwrap_err(), "cases-wait-past");
    assert_eq!(code(noon().plus(90 * DAY + 1)).unwrap_err(), "cases-wait-too-long");
    assert!(code(noon().plus(90 * DAY)).is_ok());
}

#[test]
fn proof_by_link_is_the_customers_alone() {
    let facts = facts(State::Active(Active::PlanProposed), Kind::Repair);
    let code = |side, proof| {
        decide(&facts, &Command::Confirm { option: 0, proof }, side, noon()).map_err(|refusal| refusal.code).map(|_| ())
    };
    assert_eq!(code(Side::Staff, Proof::Link), Err("cases-proof"));
    assert_eq!(code(Side::Customer, Proof::Counter), Err("cases-proof"));
    assert_eq!(code(Side::Staff, Proof::Phone("said yes at 14:20".into())), Ok(()));
    let unknown = Command::Confirm { option: 2, proof: Proof::Link };
    assert_eq!(decide(&facts, &unknown, Side::Customer, noon()).unwrap_err().code, "cases-option-unknown");
}

#[test]
fn the_customers_word_wakes_a_case_that_waits_for_it() {
    let mut facts = facts(State::Waiting(wait(WaitReason::Customer, Active::Executing)), Kind::Repair);
    facts.clocks.insert(Stage::Solution, ClockNow::Paused);
    let woken = spoken(&facts, Visibility::Public, Side::Customer);
    assert_eq!(woken.next, State::Active(Active::Executing));
    assert_eq!(
        woken.clocks,
        [ClockAction::Resume(Stage::Solution), ClockAction::Start(Stage::NextAnswer, Share::Full)]
    );
    let ours = spoken(&facts, Visibility::Internal, Side::Staff);
    assert_eq!((ours.next, ours.clocks, ours.answers), (facts.state, Vec::new(), false));
}

#[test]
fn a_public_word_is_the_first_answer_and_begins_the_update_promise_anew() {
    let mut facts = facts(State::Active(Active::Accepted), Kind::Repair);
    facts.clocks.insert(Stage::FirstAnswer, ClockNow::Running);
    let first = spoken(&facts, Visibility::Public, Side::Staff);
    assert!(first.answers);
    assert_eq!(
        first.clocks,
        [ClockAction::Stop(Stage::FirstAnswer), ClockAction::Start(Stage::NextAnswer, Share::Full)]
    );
    facts.clocks = BTreeMap::from([(Stage::NextAnswer, ClockNow::Running)]);
    let second = spoken(&facts, Visibility::Public, Side::Staff);
    assert_eq!(
        second.clocks,
        [ClockAction::Stop(Stage::NextAnswer), ClockAction::Start(Stage::NextAnswer, Share::Full)]
    );
}

#[derive(Debug, Clone)]
enum Move {
    Command(usize, usize, i64),
    /// A task is given, or one is over.
    Task(bool),
    Word(usize, usize, i64),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let step = 0..5 * DAY;
    let one = prop_oneof![
        4 => (0..14usize, 0..3usize, step.clone()).prop_map(|(command, side, later)| Move::Command(command, side, later)),
        1 => any::<bool>().prop_map(Move::Task),
        1 => (0..2usize, 0..3usize, step).prop_map(|(visibility, side, later)| Move::Word(visibility, side, later)),
    ];
    proptest::collection::vec(one, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever people try in whatever order: the ledger of clocks always fits (else `act` fails), a case that is over has no
    /// clock, the number of open cases agrees with the state, a waiting case can be read back whole, and what closed stays closed
    /// until somebody reopens it in time.
    #[test]
    fn no_story_leaves_the_table(kind in 0..Kind::ALL.len(), moves in moves()) {
        let mut story = Story::new(Kind::ALL[kind]);
        let mut now = noon();
        for one in moves {
            let before = story.facts.clone();
            match one {
                Move::Command(command, side, later) => {
                    now = now.plus(later);
                    let side = Side::ALL[side];
                    let mut command = commands(side)[command].clone();
                    if let Command::Wait { until, .. } = &mut command {
                        *until = now.plus(DAY);
                    }
                    if let Command::Accept { kind, .. } = &mut command {
                        *kind = story.facts.kind;
                    }
                    let offered = offers(&story.facts, side, now).into_iter().find(|(name, _)| *name == command.name());
                    match story.tick(&command, side, now) {
                        Ok(decision) => {
                            prop_assert_eq!(offered.map(|(_, free)| free), Some(Ok(())));
                            prop_assert!(!decision.verb.is_empty());
                            if matches!(command.name(), CommandName::Resolve | CommandName::Merge) {
                                prop_assert_eq!(before.open_tasks, 0, "a parent waits for its children");
                            }
                            if decision.follow_ups.contains(&FollowUp::WithdrawTasks) {
                                story.facts.open_tasks = 0;
                            }
                            if before.state == State::Closed {
                                prop_assert_eq!(command.name(), CommandName::Reopen);
                            }
                        }
                        Err(refusal) => {
                            prop_assert!(Refusal::CODES.contains(&refusal.code));
                            prop_assert_eq!(&before, &story.facts);
                        }
                    }
                }
                Move::Task(given) => {
                    let live = matches!(story.facts.state.category(), Category::Open | Category::Waiting);
                    let open = &mut story.facts.open_tasks;
                    *open = if given && live { *open + 1 } else { open.saturating_sub(1) };
                }
                Move::Word(visibility, side, later) => {
                    now = now.plus(later);
                    let said = spoken(&story.facts, Visibility::ALL[visibility], Side::ALL[side]);
                    for action in &said.clocks {
                        act(&mut story.facts.clocks, *action);
                    }
                    prop_assert!(said.next == before.state || before.state.wait().is_some());
                    story.facts.state = said.next;
                }
            }
            let state = story.facts.state;
            if state.is_over() {
                prop_assert!(story.facts.clocks.is_empty());
                prop_assert_eq!(story.facts.open_tasks, 0, "nobody works for a case that is over");
            }
            if state == State::New {
                prop_assert!(story.facts.clocks.contains_key(&Stage::Acknowledge));
            }
            prop_assert_eq!(story.open_now, i64::from(!state.is_over()));
            prop_assert_eq!(story.facts.closed_at.is_some(), state == State::Closed);
            prop_assert_eq!(State::from_name(state.name(), state.wait()), Some(state));
            if story.facts.clocks.values().any(|clock| *clock == ClockNow::Paused) {
                prop_assert!(matches!(state, State::Waiting(_) | State::Active(Active::PlanProposed)));
            }
        }
    }
}
