//! The solver against trying everything, and what a model must not say.

use std::collections::BTreeSet;

use investment::{Action, Gain, Goal, Model, ModelError, Plan, Span, alternatives, solve};
use proptest::prelude::*;

/// An action as it is drawn: cost, days, two gains, probability, and by what it is bound to an earlier one.
type Drawn = (i64, u32, [(usize, i64, i64); 2], (i64, i64), Option<usize>, Option<usize>);

fn drawn() -> impl Strategy<Value = Drawn> {
    let gain = (0..3usize, 0..20i64, 0..10i64);
    (
        0..50_000i64,
        0..40u32,
        [gain.clone(), gain],
        (50..=100i64, 0..=50i64),
        prop::option::weighted(0.3, 0..8usize),
        prop::option::weighted(0.2, 0..8usize),
    )
}

fn model(base: i64, gaps: [i64; 3], all: &[Drawn]) -> Model {
    let mut model = Model::new(base);
    for (at, gap) in gaps.into_iter().enumerate() {
        model.gap(&format!("g{at}"), gap);
    }
    for (at, (cost, days, gains, likely, needs, excludes)) in all.iter().enumerate() {
        let mut action = Action::new(&format!("a{at}"), *cost, *days).likely(likely.0, (likely.0 + likely.1).min(100));
        for (indicator, low, more) in gains {
            action = action.gains(&format!("g{indicator}"), Gain { low: *low, high: low + more });
        }
        // Only on earlier ones: no circle can come about.
        if let Some(other) = needs.filter(|other| *other < at) {
            action = action.needs(&format!("a{other}"));
        }
        if let Some(other) = excludes.filter(|other| *other < at) {
            action = action.excludes(&format!("a{other}"));
        }
        model.action(action);
    }
    model
}

/// Every set that keeps the rules: its cost and what is sure afterwards. Written without anything of the solver.
#[expect(clippy::indexing_slicing, reason = "every place is one of the set")]
fn everything(base: i64, gaps: [i64; 3], all: &[Drawn], days: u32) -> Vec<(i64, i64)> {
    let mut ends = Vec::new();
    for (at, (_, own, _, _, needs, _)) in all.iter().enumerate() {
        let before = needs.filter(|other| *other < at).map_or(0, |other| ends[other]);
        ends.push(before + own);
    }
    let mut found = Vec::new();
    for set in 0..1u32 << all.len() {
        let has = |at: usize| set >> at & 1 == 1;
        let chosen: Vec<usize> = (0..all.len()).filter(|at| has(*at)).collect();
        let whole = chosen.iter().all(|at| {
            let (_, _, _, _, needs, excludes) = all[*at];
            ends[*at] <= days
                && needs.is_none_or(|other| other >= *at || has(other))
                && !excludes.is_some_and(|other| other < *at && has(other))
        });
        if !whole {
            continue;
        }
        let mut sums = [0; 3];
        for at in &chosen {
            let (_, _, gains, likely, ..) = all[*at];
            // Of two gains for one indicator the later stands.
            let mut own = [0; 3];
            for (indicator, low, _) in gains {
                own[indicator] = low * likely.0 / 100;
            }
            for (sum, own) in sums.iter_mut().zip(own) {
                *sum += own;
            }
        }
        let after = base + sums.iter().zip(gaps).map(|(sum, gap)| (*sum).min(gap)).sum::<i64>();
        found.push((chosen.iter().map(|at| all[*at].0).sum(), after));
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_cheapest_way_is_the_cheapest(
        all in prop::collection::vec(drawn(), 0..9), gaps in [0..40i64, 0..40i64, 0..40i64], base in 0..50i64,
        target in 0..120i64, margin in 0..10i64, days in 0..90u32, budget in prop::option::of(0..200_000i64),
    ) {
        let model = model(base, gaps, &all);
        let plan = solve(&model, &Goal::Reach { target, margin }, days, budget).unwrap();
        let tried = everything(base, gaps, &all, days);
        let cheapest = tried.iter().filter(|(cost, after)| *after >= target + margin && budget.is_none_or(|most| *cost <= most)).map(|(cost, _)| *cost).min();
        // Nothing to do costs nothing, whatever the budget says.
        prop_assert_eq!(plan.as_ref().map(|plan| plan.cost), cheapest);
        if let Some(plan) = plan {
            prop_assert!(plan.proved && plan.days <= days && plan.after.low >= target + margin && plan.after.low <= plan.after.high);
            let bought: i64 = plan.steps.iter().map(|step| step.buys.low).sum();
            prop_assert_eq!(bought, plan.after.low - base);
        }
    }

    #[test]
    fn a_budget_buys_the_most(
        all in prop::collection::vec(drawn(), 0..9), gaps in [0..40i64, 0..40i64, 0..40i64], days in 0..90u32, budget in 0..150_000i64,
    ) {
        let plan = solve(&model(0, gaps, &all), &Goal::Spend { budget }, days, None).unwrap().unwrap();
        let tried = everything(0, gaps, &all, days);
        let most = tried.iter().filter(|(cost, _)| *cost <= budget).map(|(_, after)| *after).max();
        prop_assert_eq!(Some(plan.after.low), most);
        let cheapest = tried.iter().filter(|(_, after)| Some(*after) == most).map(|(cost, _)| *cost).min();
        prop_assert_eq!(Some(plan.cost), cheapest);
    }
}

/// Numbers that look like chance and are always the same.
fn scatter(n: u64) -> u64 {
    let mut x = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x ^= x >> 31;
    x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^ (x >> 27)
}

#[test]
fn two_hundred_actions_are_solved_to_the_optimum() {
    let mut model = Model::new(700);
    for gap in 0..47u64 {
        model.gap(&format!("g{gap}"), 5 + i64::try_from(scatter(gap) % 25).unwrap());
    }
    for at in 0..200u64 {
        let draw = |salt: u64, from: u64, to: u64| i64::try_from(from + scatter(at * 16 + salt) % (to - from)).unwrap();
        let mut action =
            Action::new(&format!("a{at}"), draw(1, 100, 2_000_000), u32::try_from(draw(2, 1, 60)).unwrap())
                .gains(&format!("g{}", draw(3, 0, 47)), Gain { low: draw(4, 1, 20), high: 30 })
                .likely(draw(5, 60, 100), 100);
        if at > 0 && draw(6, 0, 3) == 0 {
            action = action.needs(&format!("a{}", scatter(at) % at));
        }
        if at > 0 && draw(7, 0, 8) == 0 {
            action = action.excludes(&format!("a{}", scatter(at + 7) % at));
        }
        model.action(action);
    }
    let plan = solve(&model, &Goal::Reach { target: 900, margin: 10 }, 180, None).unwrap().unwrap();
    assert!(plan.proved && plan.after.low >= 910);
    // The reverse agrees: for one fen less the same is not to be had.
    let less = solve(&model, &Goal::Reach { target: 900, margin: 10 }, 180, Some(plan.cost - 1)).unwrap();
    assert_eq!(less, None);
}

fn three() -> Model {
    let mut model = Model::new(880);
    model.gap("g", 40);
    model.action(Action::new("cheap", 100, 1).gains("g", Gain::sure(20)));
    model.action(Action::new("dear", 900, 1).gains("g", Gain { low: 20, high: 40 }).likely(100, 100));
    model.action(Action::new("slow", 200, 90).gains("g", Gain::sure(20)));
    model
}

fn names(model: &Model, plan: &Plan) -> Vec<String> {
    plan.steps.iter().filter_map(|step| model.get(step.action)).map(|action| action.name.clone()).collect()
}

#[test]
fn other_ways_do_without_a_step() {
    let model = three();
    let goal = Goal::Reach { target: 900, margin: 0 };
    let plan = solve(&model, &goal, 365, None).unwrap().unwrap();
    assert_eq!(names(&model, &plan), ["cheap"]);
    let others = alternatives(&model, &goal, 365, None, &plan, 3).unwrap();
    assert_eq!(others.iter().map(|plan| names(&model, plan)).collect::<Vec<_>>(), [["slow"]]);
    // What is uncertain stays an interval.
    let dear = solve(&model, &Goal::Reach { target: 915, margin: 0 }, 30, None).unwrap().unwrap();
    assert_eq!((dear.after, dear.cost), (Span { low: 920, high: 920 }, 1_000));
    assert_eq!(dear.steps.iter().map(|step| step.buys.high).collect::<Vec<_>>(), [20, 20]);
    assert_eq!(solve(&model, &Goal::Reach { target: 930, margin: 0 }, 365, None).unwrap(), None);
}

#[test]
fn a_model_that_contradicts_itself_names_the_place() {
    let said = |actions: Vec<Action>| {
        let mut model = Model::new(0);
        for action in actions {
            model.action(action);
        }
        solve(&model, &Goal::Spend { budget: 1 }, 1, None).unwrap_err()
    };
    assert_eq!(said(vec![Action::new("a", 1, 1), Action::new("a", 1, 1)]), ModelError::Twice("a".into()));
    assert_eq!(said(vec![Action::new("a", 1, 1).needs("b")]).to_string(), "action a: there is no action b");
    let circle = vec![Action::new("a", 1, 1).needs("b"), Action::new("b", 1, 1).needs("a")];
    assert_eq!(said(circle), ModelError::Cycle("a".into()));
    assert_eq!(said(vec![Action::new("a", -1, 1)]).to_string(), "action a: its cost is negative");
    assert!(said(vec![Action::new("a", 1, 1).likely(90, 80)]).to_string().contains("low end first"));
    let ids: BTreeSet<_> = three().get(0).into_iter().map(|action| action.name.clone()).collect();
    assert_eq!(ids.len(), 1);
}
