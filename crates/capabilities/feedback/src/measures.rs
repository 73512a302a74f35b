use metrics::{Direction, Formula, MetricDef, Unit};

const DIMENSIONS: &[&str] = &["kind", "channel"];

/// The numbers that feedback brings; all count on the day on which a person first decided.
pub(crate) const METRICS: &[MetricDef] = &[
    MetricDef {
        id: "feedback-labelled",
        unit: Unit::Count,
        direction: Direction::Neutral,
        formula: Formula::Sum("feedback.labelled"),
        dimensions: DIMENSIONS,
        records: "/feedback?show=counted",
    },
    MetricDef {
        id: "feedback-negative",
        unit: Unit::Ratio,
        direction: Direction::Down,
        formula: Formula::Ratio("feedback.negative", "feedback.labelled"),
        dimensions: DIMENSIONS,
        records: "/feedback?show=negative",
    },
    MetricDef {
        id: "feedback-agreed",
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Ratio("feedback.agreed", "feedback.judged"),
        dimensions: DIMENSIONS,
        records: "/feedback?show=judged",
    },
    MetricDef {
        id: "feedback-improvements-begun",
        unit: Unit::Count,
        direction: Direction::Neutral,
        formula: Formula::Sum("improvements.begun"),
        dimensions: &[],
        records: "/improvements?state=",
    },
    MetricDef {
        id: "feedback-improvements-done",
        unit: Unit::Count,
        direction: Direction::Up,
        formula: Formula::Sum("improvements.done"),
        dimensions: &[],
        records: "/improvements?state=done",
    },
];
