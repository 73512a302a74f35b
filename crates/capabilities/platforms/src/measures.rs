use metrics::{Direction, Formula, MetricDef, Unit};

const BY_PLATFORM: &[&str] = &["platform"];

const fn sum(
    id: &'static str,
    unit: Unit,
    direction: Direction,
    part: &'static str,
    records: &'static str,
) -> MetricDef {
    MetricDef { id, unit, direction, formula: Formula::Sum(part), dimensions: BY_PLATFORM, records }
}

const fn share(id: &'static str, part: &'static str, of: &'static str, records: &'static str) -> MetricDef {
    MetricDef {
        id,
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Ratio(part, of),
        dimensions: BY_PLATFORM,
        records,
    }
}

/// The numbers that platforms bring.
pub(crate) const METRICS: &[MetricDef] = &[
    sum("platforms-orders", Unit::Count, Direction::Down, "platforms.orders", "/platform-orders?show=all"),
    share(
        "platforms-answered-in-time",
        "platforms.answered_in_time",
        "platforms.answered",
        "/platform-orders?show=all",
    ),
    share("platforms-settled-in-time", "platforms.settled_in_time", "platforms.settled", "/platform-orders?show=over"),
    sum("platforms-missed", Unit::Count, Direction::Down, "platforms.missed", "/platform-orders?show=near"),
    sum(
        "platforms-interventions",
        Unit::Count,
        Direction::Down,
        "platforms.interventions",
        "/platform-orders?show=intervention",
    ),
    share("platforms-won", "platforms.won", "platforms.ruled", "/platform-orders?show=over"),
    sum("platforms-insurance", Unit::Money, Direction::Neutral, "platforms.insurance", "/platform-orders?show=all"),
];
