use crate::regulator::METRICS as REGULATOR;
use metrics::{Direction, Formula, MetricDef, Unit};

const DIMENSIONS: &[&str] = &["severity", "topic", "cause"];

/// The numbers that complaints bring.
pub(crate) const METRICS: &[MetricDef] = &[
    MetricDef {
        id: "complaints-accepted",
        unit: Unit::Count,
        direction: Direction::Down,
        formula: Formula::Sum("complaints.accepted"),
        dimensions: &["severity", "topic"],
        records: "/complaints?show=accepted",
    },
    MetricDef {
        id: "complaints-concluded",
        unit: Unit::Count,
        direction: Direction::Down,
        formula: Formula::Sum("complaints.concluded"),
        dimensions: DIMENSIONS,
        records: "/complaints?show=concluded",
    },
    MetricDef {
        id: "complaints-closed",
        unit: Unit::Count,
        direction: Direction::Neutral,
        formula: Formula::Sum("complaints.closed"),
        dimensions: DIMENSIONS,
        records: "/complaints?show=closed",
    },
    MetricDef {
        id: "complaints-in-time",
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Ratio("complaints.in_time", "complaints.closed"),
        dimensions: DIMENSIONS,
        records: "/complaints?show=in_time",
    },
    MetricDef {
        id: "complaints-reopened",
        unit: Unit::Count,
        direction: Direction::Down,
        formula: Formula::Sum("complaints.reopened"),
        dimensions: DIMENSIONS,
        records: "/complaints?show=reopened",
    },
    MetricDef {
        id: "complaints-reviewed",
        unit: Unit::Count,
        direction: Direction::Neutral,
        formula: Formula::Sum("complaints.reviewed"),
        dimensions: &["severity", "topic"],
        records: "/complaints/reviews?show=scored",
    },
    MetricDef {
        id: "complaints-review-score",
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Mean("complaints.review_points", "complaints.reviewed"),
        dimensions: &["severity", "topic"],
        records: "/complaints/reviews?show=scored",
    },
    REGULATOR[0],
    REGULATOR[1],
    REGULATOR[2],
    REGULATOR[3],
    REGULATOR[4],
];
