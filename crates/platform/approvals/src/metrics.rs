//! What is counted. Words are `metric-<id>` in the locales.

use metrics::{Direction, Formula, MetricDef, Unit};

const fn sum(id: &'static str, direction: Direction, part: &'static str, records: &'static str) -> MetricDef {
    MetricDef { id, unit: Unit::Count, direction, formula: Formula::Sum(part), dimensions: &["kind"], records }
}

/// The metrics of approvals; each opens the questions that it counts.
pub(crate) const METRICS: &[MetricDef] = &[
    sum("approvals-asked", Direction::Neutral, "approvals.asked", "/approvals?show=all"),
    sum("approvals-granted", Direction::Neutral, "approvals.granted", "/approvals?show=granted"),
    sum("approvals-passed-upward", Direction::Down, "approvals.passed_upward", "/approvals?show=passed"),
    MetricDef {
        id: "approvals-in-time",
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Ratio("approvals.in_time", "approvals.answered"),
        dimensions: &["kind"],
        records: "/approvals?show=answered",
    },
];
