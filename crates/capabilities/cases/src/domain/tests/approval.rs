use approvals::domain::Limit;
use kernel::Money;
use proptest::prelude::*;

use super::samples::{facts, noon};
use crate::domain::*;

fn line() -> impl Strategy<Value = PlanLine> {
    (0..2_000_i64, 0..Party::ALL.len(), any::<bool>()).prop_map(|(fen, party, by_law)| PlanLine {
        text: "x".into(),
        amount: Money::from_fen(fen),
        bearer: Party::ALL[party],
        by_law,
    })
}

fn plans() -> impl Strategy<Value = Plan> {
    let option =
        prop::collection::vec(line(), 0..5).prop_map(|lines| PlanOption { text: "x".into(), done_by: None, lines });
    prop::collection::vec(option, 1..4).prop_map(|options| Plan { findings: "x".into(), options })
}

fn limits() -> impl Strategy<Value = Limit> {
    prop_oneof![(0..3_000_i64).prop_map(|fen| Limit::UpTo(Money::from_fen(fen))), Just(Limit::Unlimited)]
}

proptest! {
    /// What the law gives is never held, whatever comes on top; what is held is beyond the limit.
    #[test]
    fn the_law_never_waits_and_nothing_waits_without_need(plan in plans(), own in limits()) {
        let held = plan.held(own);
        for (nth, option) in plan.options.iter().enumerate() {
            let borne = option.borne();
            let ours = option.lines.iter().filter(|line| line.bearer == Party::Store);
            prop_assert_eq!(borne.total(), ours.map(|line| line.amount).sum::<Money>());
            prop_assert!(!held.contains(&nth) || (!own.covers(borne.extra) && borne.statutory == Money::ZERO));
            prop_assert!(!option.lines.iter().any(|line| line.by_law) || !held.contains(&nth));
        }
        prop_assert_eq!(plan.is_held(own), held.len() == plan.options.len());
        prop_assert!(plan.held(Limit::Unlimited).is_empty());
    }

    /// A plan that waits altogether is no answer: the customer hears nothing, and no clock of ours stops or stands still. Granted,
    /// it leaves what it would have left at once; not granted, the case is where it was.
    #[test]
    fn a_held_plan_goes_out_only_when_it_is_granted(plan in plans(), own in limits(), kind in 0..Kind::ALL.len(), executing in any::<bool>()) {
        let active = if executing { Active::Executing } else { Active::Analysing };
        let kind = Kind::ALL[kind];
        let mut now = facts(State::Active(active), kind);
        now.clocks.insert(Stage::Plan, ClockNow::Running);
        now.clocks.insert(Stage::FirstAnswer, ClockNow::Running);
        now.own_limit = own;
        let free = Facts { own_limit: Limit::Unlimited, ..now.clone() };
        let command = Command::Propose(plan.clone());
        let at_once = decide(&free, &command, Side::Staff, noon()).unwrap();
        let asked = decide(&now, &command, Side::Staff, noon()).unwrap();
        if !plan.is_held(own) {
            prop_assert_eq!(asked, at_once);
            return Ok(());
        }
        let wait = asked.next.wait().unwrap();
        prop_assert_eq!((wait.reason, wait.previous), (WaitReason::Approval, active));
        prop_assert!(asked.notices.is_empty() && asked.clocks.is_empty() && !asked.answers);

        let waiting = Facts { state: asked.next, held: plan.held(own), ..now };
        for name in [CommandName::Confirm, CommandName::Decline] {
            let refusal = guard(&waiting, name, Side::Staff, noon()).unwrap_err();
            prop_assert_eq!(refusal.code, "cases-approval-pending");
        }
        let yes = granted(&waiting, true);
        prop_assert_eq!((yes.next, &yes.clocks, &yes.notices), (at_once.next, &at_once.clocks, &at_once.notices));
        prop_assert!(yes.answers);
        let no = not_granted(&waiting, true, "case.approval_declined");
        prop_assert_eq!(no.next, State::Active(active));
        prop_assert!(no.clocks.is_empty() && no.notices.is_empty());
    }
}
