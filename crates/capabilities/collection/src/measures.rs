use metrics::{Direction, Formula, MetricDef, Unit};

/// The numbers of call-backs, on the day of the call; the list counts on the day on which it was drawn.
pub(crate) const METRICS: &[MetricDef] = &[
    MetricDef {
        id: "collection-callbacks",
        unit: Unit::Count,
        direction: Direction::Neutral,
        formula: Formula::Sum("callbacks.calls"),
        dimensions: &[],
        records: "/callbacks?show=open",
    },
    MetricDef {
        id: "collection-callbacks-reached",
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Ratio("callbacks.reached", "callbacks.drawn"),
        dimensions: &[],
        records: "/callbacks?show=open",
    },
    MetricDef {
        id: "collection-callbacks-bad",
        unit: Unit::Ratio,
        direction: Direction::Down,
        formula: Formula::Ratio("callbacks.bad", "callbacks.reached"),
        dimensions: &[],
        records: "/callbacks?show=open",
    },
];
