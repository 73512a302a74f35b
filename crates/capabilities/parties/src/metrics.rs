//! What is counted about sales; words are `metric-<id>` in the locales.

use metrics::{Direction, Formula, MetricDef, Unit};

const BY: &[&str] = &["product"];

/// The metrics of this capability: what others are measured against.
pub const METRICS: &[MetricDef] = &[
    MetricDef {
        id: "sales-units",
        unit: Unit::Count,
        direction: Direction::Neutral,
        formula: Formula::Sum("sales.units"),
        dimensions: BY,
        records: "/sales",
    },
    MetricDef {
        id: "sales-amount",
        unit: Unit::Money,
        direction: Direction::Neutral,
        formula: Formula::Sum("sales.amount"),
        dimensions: BY,
        records: "/sales",
    },
];
