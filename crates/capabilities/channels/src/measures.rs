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
    calls("channels-calls", Direction::Neutral, "calls.received", "/calls?show=all"),
    calls("channels-calls-missed", Direction::Down, "calls.missed", "/calls?show=missed"),
    MetricDef {
        unit: Unit::Ratio,
        formula: Formula::Ratio("calls.in_time", "calls.received"),
        ..calls("channels-calls-in-time", Direction::Up, "calls.in_time", "/calls?show=all")
    },
    MetricDef {
        unit: Unit::Ratio,
        formula: Formula::Ratio("calls.called_back", "calls.missed"),
        ..calls("channels-calls-called-back", Direction::Up, "calls.called_back", "/calls?show=missed")
    },
];

const fn calls(id: &'static str, direction: Direction, part: &'static str, records: &'static str) -> MetricDef {
    MetricDef { id, unit: Unit::Count, direction, formula: Formula::Sum(part), dimensions: &["via"], records }
}
