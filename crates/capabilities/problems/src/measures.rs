use metrics::{Direction, Formula, MetricDef, Unit};

const fn sum(id: &'static str, direction: Direction, part: &'static str, records: &'static str) -> MetricDef {
    MetricDef { id, unit: Unit::Count, direction, formula: Formula::Sum(part), dimensions: &[], records }
}

/// The numbers of problems.
pub(crate) const METRICS: &[MetricDef] = &[
    sum("problems-opened", Direction::Neutral, "problems.opened", "/problems?show=all"),
    sum("problems-solved", Direction::Up, "problems.solved", "/problems?show=solved"),
    sum("problems-cases", Direction::Down, "problems.cases", "/problems?show=all"),
];
