use metrics::{Direction, Formula, MetricDef, Unit};

const BY_MAKER: &[&str] = &["maker"];

const fn sum(
    id: &'static str,
    unit: Unit,
    direction: Direction,
    part: &'static str,
    records: &'static str,
) -> MetricDef {
    MetricDef { id, unit, direction, formula: Formula::Sum(part), dimensions: BY_MAKER, records }
}

/// The numbers that claims bring.
pub(crate) const METRICS: &[MetricDef] = &[
    sum("claims-opened", Unit::Count, Direction::Neutral, "claims.opened", "/claims?show=all"),
    sum("claims-claimed", Unit::Money, Direction::Neutral, "claims.claimed", "/claims?show=all"),
    sum("claims-credited", Unit::Money, Direction::Up, "claims.credited", "/claims?show=over&state=credited"),
    sum("claims-written-off", Unit::Money, Direction::Down, "claims.written_off", "/claims?show=over"),
    // What came in as owed less what was settled: over all days it is what makers owe.
    sum("claims-owed", Unit::Money, Direction::Down, "claims.owed", "/claims?show=all"),
    sum("claims-missed", Unit::Count, Direction::Down, "claims.missed", "/claims?show=near"),
    MetricDef {
        id: "claims-success",
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Ratio("claims.credited", "claims.settled"),
        dimensions: BY_MAKER,
        records: "/claims?show=over",
    },
    MetricDef {
        id: "claims-days-to-credit",
        unit: Unit::Count,
        direction: Direction::Down,
        formula: Formula::Mean("claims.days", "claims.won"),
        dimensions: BY_MAKER,
        records: "/claims?show=over&state=credited",
    },
];
