use metrics::{Direction, Formula, MetricDef, Unit};

const BY_WAY: &[&str] = &["way"];
const BY_PRODUCT: &[&str] = &["product"];

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
    // Of what was sold, how much came back in the same days, by product.
    MetricDef {
        id: "returns-rate",
        unit: Unit::Ratio,
        direction: Direction::Down,
        formula: Formula::Ratio("returns.units", "sales.units"),
        dimensions: BY_PRODUCT,
        records: "/returns?show=all",
    },
    MetricDef {
        dimensions: BY_PRODUCT,
        ..counted("returns-units", "returns.units", Direction::Down, "/returns?show=all")
    },
    MetricDef {
        id: "returns-exchange-share",
        unit: Unit::Ratio,
        direction: Direction::Neutral,
        formula: Formula::Ratio("returns.exchanges", "returns.opened"),
        dimensions: &[],
        records: "/returns?show=all&way=exchange",
    },
    MetricDef {
        id: "returns-refund-time",
        unit: Unit::Minutes,
        direction: Direction::Down,
        formula: Formula::Mean("returns.refund_minutes", "returns.refunds"),
        dimensions: &[],
        records: "/returns?show=all&way=refund",
    },
];
