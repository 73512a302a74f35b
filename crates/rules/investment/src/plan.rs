use std::collections::BTreeSet;

use crate::model::{Links, Model, Span};

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The place of its action in the model.
    pub action: usize,
    /// It can be done after so many days.
    pub ends: u32,
    /// What it adds to the score after the steps before it, in tenths.
    pub buys: Span,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// In the order in which they can be done.
    pub steps: Vec<Step>,
    /// Together, in fen.
    pub cost: i64,
    /// Everything is done after so many days.
    pub days: u32,
    /// The score afterwards, in tenths.
    pub after: Span,
    /// No other set of actions is better, on this model.
    pub proved: bool,
}

pub(crate) fn plan(model: &Model, links: &Links, chosen: &BTreeSet<usize>) -> Plan {
    let ends = model.ends(links);
    let end = |at: &usize| ends.get(*at).copied().unwrap_or(0);
    let mut order: Vec<usize> = chosen.iter().copied().collect();
    // What is needed ends earlier or, taking no days, is needed by fewer.
    order.sort_by_key(|at| (end(at), links.before(*at).len(), *at));
    let mut done = BTreeSet::new();
    let mut before = model.total(&done);
    let steps = order
        .into_iter()
        .map(|action| {
            done.insert(action);
            let after = model.total(&done);
            let buys = Span { low: after.low - before.low, high: after.high - before.high };
            before = after;
            Step { action, ends: end(&action), buys }
        })
        .collect();
    let cost = chosen.iter().filter_map(|at| model.get(*at)).map(|action| action.cost).fold(0, i64::saturating_add);
    Plan { steps, cost, days: chosen.iter().map(end).max().unwrap_or(0), after: before, proved: true }
}
