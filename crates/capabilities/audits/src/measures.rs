use metrics::{Direction, Formula, MetricDef, Unit};

const fn sum(id: &'static str, direction: Direction, part: &'static str) -> MetricDef {
    MetricDef {
        id,
        unit: Unit::Count,
        direction,
        formula: Formula::Sum(part),
        dimensions: &[],
        records: "/findings?show=all",
    }
}

/// The numbers of audits.
pub(crate) const METRICS: &[MetricDef] =
    &[sum("audits-findings", Direction::Down, "audits.findings"), sum("audits-closed", Direction::Up, "audits.closed")];
