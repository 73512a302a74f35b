use metrics::{Direction, Formula, MetricDef, Unit};

/// The numbers of channels that no other capability counts. Volume, answer time and satisfaction are metrics of cases and surveys,
/// broken down by `via`.
pub(crate) const METRICS: &[MetricDef] = &[
    MetricDef {
        id: "channels-yield",
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Ratio("resolution.count", "cases.taken_in"),
        dimensions: &["kind", "channel", "via"],
        records: "/cases?measure=resolved_first",
    },
    MetricDef {
        id: "channels-tests-passed",
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Ratio("channels.tests_passed", "channels.tests"),
        dimensions: &["via"],
        records: "/channels?show=all",
    },
    MetricDef {
        id: "channels-went-quiet",
        unit: Unit::Count,
        direction: Direction::Down,
        formula: Formula::Sum("channels.quiet"),
        dimensions: &["via"],
        records: "/channels?show=all",
    },
    MetricDef {
        id: "channels-floods",
        unit: Unit::Count,
        direction: Direction::Down,
        formula: Formula::Sum("channels.floods"),
        dimensions: &["via"],
        records: "/channels?show=all",
    },
];
