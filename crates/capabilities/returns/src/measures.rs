use metrics::{Direction, Formula, MetricDef, Unit};

const BY_WAY: &[&str] = &["way"];

const fn counted(id: &'static str, part: &'static str, direction: Direction, records: &'static str) -> MetricDef {
    MetricDef { id, unit: Unit::Count, direction, formula: Formula::Sum(part), dimensions: BY_WAY, records }
}

/// The numbers that returns bring.
pub(crate) const METRICS: &[MetricDef] = &[
    counted("returns-opened", "returns.opened", Direction::Down, "/returns?show=all"),
    counted("returns-completed", "returns.completed", Direction::Neutral, "/returns?show=over&state=completed"),
    counted("returns-refused", "returns.refused", Direction::Neutral, "/returns?show=over&state=refused"),
    MetricDef {
        unit: Unit::Money,
        ..counted("returns-refunded-law", "returns.refunded_law", Direction::Down, "/returns?show=over&way=refund")
    },
    MetricDef {
        unit: Unit::Money,
        ..counted("returns-refunded-extra", "returns.refunded_extra", Direction::Down, "/returns?show=over&way=refund")
    },
];
