//! What to spend on: the cheapest set of actions that reaches a target with a margin, or the most points for a budget.
//!
//! ```
//! use investment::{Action, Gain, Goal, Model, Span, solve};
//!
//! let mut model = Model::new(860); // 86.0 points today, in tenths
//! model.gap("5.1.2.2", 50);
//! model.gap("5.3.2.4", 20);
//! let train = model.action(Action::new("train", 240_000, 30).gains("5.1.2.2", Gain::sure(50)));
//! let drill = model.action(Action::new("drill", 30_000, 7).gains("5.3.2.4", Gain::sure(20)));
//! let plan = solve(&model, &Goal::Reach { target: 920, margin: 5 }, 90, None)?.expect("there is a way");
//! assert_eq!(plan.steps.iter().map(|step| step.action).collect::<Vec<_>>(), [drill, train]);
//! assert_eq!((plan.cost, plan.after, plan.proved), (270_000, Span { low: 930, high: 930 }, true));
//! # Ok::<(), investment::ModelError>(())
//! ```
//!
//! # Nouns
//! | 中文 | English | |
//! | --- | --- | --- |
//! | 措施 | [`Action`] | what may be done: cost in fen, days, gains, what it needs, what it excludes, how likely it works |
//! | 增益 | [`Gain`] | tenths of a point for one indicator, as an interval |
//! | 缺口 | gap | what an indicator can still gain; several actions never gain more together |
//! | 目标 | [`Goal`] | reach a score with a margin at the least cost, or gain the most for a budget |
//! | 方案 | [`Plan`] | steps in the order in which they can be done, cost, day, and the score afterwards as an interval |
//! | 余量 | margin | points above the target, against the luck of sampling |
//!
//! # How it decides
//! A plan counts what is sure: the low end of each gain × the low end of the probability. Uncertain gains stay intervals in the plan.
//! What cannot be finished in time, with everything that it needs before it, is left out beforehand. The rest is a mixed integer
//! program: one yes or no for each action, and for each indicator what is gained, at most the gap. Its solver proves the optimum; sums
//! are then taken again in integers, and a plan that does not keep what it says is not given out.
//!
//! # Invariants
//! - Pure: the same model gives the same plan; work is bounded by the model, not by a clock.
//! - A plan never needs what it does not contain, never contains what excludes each other, and ends by its day.
//! - Costs are integer fen, points integer tenths.
//!
//! # Not here
//! Which actions there are and what they gain today; tasks; whether it worked.

mod model;
mod plan;
mod solve;

pub use model::{Action, Gain, Model, ModelError, Span};
pub use plan::{Plan, Step};
pub use solve::{Goal, alternatives, solve};
