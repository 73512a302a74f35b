use metrics::{Direction, Formula, MetricDef, Unit};

const DIMENSIONS: &[&str] = &["nature", "platform"];

/// The numbers that regulator cases bring.
pub(crate) const METRICS: [MetricDef; 5] = [
    MetricDef {
        id: "complaints-reg-received",
        unit: Unit::Count,
        direction: Direction::Down,
        formula: Formula::Sum("regulator.received"),
        dimensions: DIMENSIONS,
        records: "/regulator?show=all",
    },
    MetricDef {
        id: "complaints-reg-open",
        unit: Unit::Count,
        direction: Direction::Down,
        formula: Formula::Sum("regulator.open_now"),
        dimensions: DIMENSIONS,
        records: "/regulator?show=open",
    },
    MetricDef {
        id: "complaints-reg-replied",
        unit: Unit::Count,
        direction: Direction::Neutral,
        formula: Formula::Sum("regulator.replied"),
        dimensions: DIMENSIONS,
        records: "/regulator?show=replied",
    },
    MetricDef {
        id: "complaints-reg-late",
        unit: Unit::Count,
        direction: Direction::Down,
        formula: Formula::Sum("regulator.late"),
        dimensions: DIMENSIONS,
        records: "/regulator?show=late_reply",
    },
    MetricDef {
        id: "complaints-reg-in-time",
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Ratio("regulator.in_time", "regulator.replied"),
        dimensions: DIMENSIONS,
        records: "/regulator?show=replied",
    },
];
