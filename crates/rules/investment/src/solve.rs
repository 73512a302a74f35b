use std::collections::BTreeSet;

use good_lp::{
    Expression, ProblemVariables, ResolutionError, Solution, SolverModel, Variable, constraint, microlp, variable,
};

use crate::model::{Links, Model, ModelError};
use crate::plan::{Plan, plan};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// The least cost that reaches the target with the margin, in tenths of a point.
    Reach {
        /// The score that is asked for.
        target: i64,
        /// So much above it.
        margin: i64,
    },
    /// The most points for this budget in fen, and among those the cheapest.
    Spend {
        /// The most that may be spent.
        budget: i64,
    },
}

/// The best plan for `goal` within `days`; `budget` caps the cost of a plan that reaches a target. `None` when there is no way.
///
/// # Errors
/// When the model contradicts itself.
pub fn solve(model: &Model, goal: &Goal, days: u32, budget: Option<i64>) -> Result<Option<Plan>, ModelError> {
    let links = model.checked()?;
    let open = open(model, &links, days);
    let without = BTreeSet::new();
    best(model, &links, &open, goal, budget, &without)
}

/// At most `most` other plans for the same goal: each the cheapest that does without one step of the best. Different from each
/// other, the cheapest first.
///
/// # Errors
/// When the model contradicts itself.
pub fn alternatives(
    model: &Model,
    goal: &Goal,
    days: u32,
    budget: Option<i64>,
    than: &Plan,
    most: usize,
) -> Result<Vec<Plan>, ModelError> {
    let links = model.checked()?;
    let open = open(model, &links, days);
    let mut found: Vec<Plan> = Vec::new();
    for step in &than.steps {
        let without = BTreeSet::from([step.action]);
        if let Some(plan) = best(model, &links, &open, goal, budget, &without)?
            && !found.iter().any(|other| other.steps == plan.steps)
        {
            found.push(plan);
        }
    }
    match goal {
        Goal::Reach { .. } => found.sort_by_key(|plan| (plan.cost, plan.days)),
        Goal::Spend { .. } => found.sort_by_key(|plan| (-plan.after.low, plan.cost)),
    }
    found.truncate(most);
    Ok(found)
}

/// What can be done in time, with everything that it needs.
fn open(model: &Model, links: &Links, days: u32) -> BTreeSet<usize> {
    model.ends(links).into_iter().enumerate().filter(|(_, end)| *end <= days).map(|(at, _)| at).collect()
}

fn best(
    model: &Model,
    links: &Links,
    open: &BTreeSet<usize>,
    goal: &Goal,
    budget: Option<i64>,
    without: &BTreeSet<usize>,
) -> Result<Option<Plan>, ModelError> {
    let open: Vec<usize> =
        open.iter().copied().filter(|at| !without.contains(at) && links.before(*at).is_disjoint(without)).collect();
    let chosen = match *goal {
        Goal::Reach { target, margin } => {
            let asked = target.saturating_add(margin);
            Program::new(model, links, &open).cheapest(asked, budget)?
        }
        Goal::Spend { budget } => {
            let Some(most) = Program::new(model, links, &open).most(budget)? else { return Ok(None) };
            let reached = model.total(&most).low;
            // The same points may be had for less.
            Program::new(model, links, &open).cheapest(reached, Some(budget))?.or(Some(most))
        }
    };
    let Some(chosen) = chosen else { return Ok(None) };
    let plan = plan(model, links, &chosen);
    holds(model, links, goal, budget, &chosen, &plan)?;
    Ok(Some(plan))
}

/// The sums again, in integers.
fn holds(
    model: &Model,
    links: &Links,
    goal: &Goal,
    budget: Option<i64>,
    chosen: &BTreeSet<usize>,
    plan: &Plan,
) -> Result<(), ModelError> {
    let broken = |what: String| Err(ModelError::Solver(what));
    for at in chosen {
        if !links.before(*at).is_subset(chosen) {
            return broken(format!("{} lacks what it needs", name(model, *at)));
        }
        if links.excludes.get(*at).into_iter().flatten().any(|other| chosen.contains(other)) {
            return broken(format!("{} stands beside what it excludes", name(model, *at)));
        }
    }
    let most = match *goal {
        Goal::Reach { target, margin } if plan.after.low < target.saturating_add(margin) => {
            return broken(format!("{} of {} tenths", plan.after.low, target.saturating_add(margin)));
        }
        Goal::Reach { .. } => budget,
        Goal::Spend { budget } => Some(budget),
    };
    match most.filter(|most| plan.cost > *most) {
        Some(most) => broken(format!("{} of {most} fen", plan.cost)),
        None => Ok(()),
    }
}

fn name(model: &Model, at: usize) -> &str {
    model.get(at).map_or("?", |action| action.name.as_str())
}

/// The mixed integer program: yes or no for each open action, and what each indicator gains.
struct Program<'m> {
    variables: ProblemVariables,
    model: &'m Model,
    yes: Vec<(usize, Variable)>,
    cost: Expression,
    gained: Expression,
    limits: Vec<good_lp::Constraint>,
}

/// Amounts up to 2^53 are exact in the solver's numbers; a company's are far below.
#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn real(n: i64) -> f64 {
    n as f64
}

impl<'m> Program<'m> {
    fn new(model: &'m Model, links: &Links, open: &[usize]) -> Self {
        let mut variables = ProblemVariables::new();
        let yes: Vec<(usize, Variable)> = open.iter().map(|at| (*at, variables.add(variable().binary()))).collect();
        let of = |at: usize| yes.iter().find(|(other, _)| *other == at).map(|(_, variable)| *variable);
        let mut limits = Vec::new();
        let (mut cost, mut gained) = (Expression::from(0.0), Expression::from(0.0));
        for (at, variable) in &yes {
            let Some(action) = model.get(*at) else { continue };
            // In yuan, so that costs and points are of one size.
            cost += real(action.cost) / 100.0 * *variable;
            for before in links.needs.get(*at).into_iter().flatten() {
                if let Some(before) = of(*before) {
                    limits.push(constraint!(*variable <= before));
                }
            }
            for other in links.excludes.get(*at).into_iter().flatten() {
                if let Some(other) = of(*other) {
                    limits.push(constraint!(*variable + other <= 1.0));
                }
            }
        }
        for (indicator, gap) in model.gaps.iter().filter(|(_, gap)| **gap > 0) {
            let mut sum = Expression::from(0.0);
            let mut all = 0;
            for (at, variable) in &yes {
                let Some(action) = model.get(*at) else { continue };
                let gain = action.gains.get(indicator).map_or(0, |gain| action.expected(*gain).low);
                if gain > 0 {
                    sum += real(gain) * *variable;
                    all += gain;
                }
            }
            if all == 0 {
                continue;
            }
            if all <= *gap {
                // Nothing is cut off: the sum itself.
                gained += sum;
                continue;
            }
            let counted = variables.add(variable().min(0.0).max(real(*gap)));
            limits.push(constraint!(Expression::from(counted) <= sum));
            gained += counted;
        }
        Self { variables, model, yes, cost, gained, limits }
    }

    /// The least cost with at least `asked` tenths in all.
    fn cheapest(self, asked: i64, budget: Option<i64>) -> Result<Option<BTreeSet<usize>>, ModelError> {
        let lacking = asked.saturating_sub(self.model.base);
        if lacking <= 0 {
            return Ok(Some(BTreeSet::new()));
        }
        let Self { variables, yes, cost, gained, mut limits, .. } = self;
        // Tenths are whole: half of one below is not reached by any set.
        limits.push(constraint!(gained >= real(lacking) - 0.25));
        if let Some(budget) = budget {
            limits.push(constraint!(cost.clone() <= real(budget) / 100.0 + 0.0025));
        }
        answer(variables.minimise(cost).using(microlp), limits, &yes)
    }

    /// The most points for at most `budget`.
    fn most(self, budget: i64) -> Result<Option<BTreeSet<usize>>, ModelError> {
        let Self { variables, yes, cost, gained, mut limits, .. } = self;
        limits.push(constraint!(cost <= real(budget) / 100.0 + 0.0025));
        answer(variables.maximise(gained).using(microlp), limits, &yes)
    }
}

fn answer(
    mut problem: impl SolverModel<Error = ResolutionError>,
    limits: Vec<good_lp::Constraint>,
    yes: &[(usize, Variable)],
) -> Result<Option<BTreeSet<usize>>, ModelError> {
    for limit in limits {
        problem.add_constraint(limit);
    }
    match problem.solve() {
        Ok(solution) => {
            Ok(Some(yes.iter().filter(|(_, variable)| solution.value(*variable) > 0.5).map(|(at, _)| *at).collect()))
        }
        Err(ResolutionError::Infeasible) => Ok(None),
        Err(error) => Err(ModelError::Solver(error.to_string())),
    }
}
