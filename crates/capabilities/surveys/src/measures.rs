use metrics::{Direction, Formula, MetricDef, Unit};

const DIMENSIONS: &[&str] = &["kind", "channel", "via"];
const WITH_REASON: &[&str] = &["kind", "channel", "reason", "via"];

/// The numbers that surveys bring. Ratings count on the day of the answer, invitations on theirs.
pub(crate) const METRICS: &[MetricDef] = &[
    metric(
        "surveys-invited",
        Unit::Count,
        Direction::Neutral,
        Formula::Sum("surveys.invited"),
        "/surveys?show=invited",
    ),
    metric("surveys-answered", Unit::Count, Direction::Up, Formula::Sum("surveys.answered"), "/surveys?show=answered"),
    metric(
        "surveys-response",
        Unit::Ratio,
        Direction::Up,
        Formula::Ratio("surveys.answered", "surveys.invited"),
        "/surveys?show=invited",
    ),
    metric(
        "surveys-csat",
        Unit::Hundredths,
        Direction::Up,
        Formula::Mean("surveys.csat_sum", "surveys.csat_count"),
        "/surveys?show=answered",
    ),
    metric(
        "surveys-satisfied",
        Unit::Ratio,
        Direction::Up,
        Formula::Ratio("surveys.csat_good", "surveys.csat_count"),
        "/surveys?show=answered",
    ),
    metric("surveys-low", Unit::Count, Direction::Down, Formula::Sum("surveys.low"), "/surveys?show=low"),
    metric(
        "surveys-nps",
        Unit::Ratio,
        Direction::Up,
        Formula::Ratio("surveys.nps_net", "surveys.nps_count"),
        "/surveys?show=nps",
    ),
    metric(
        "surveys-effort",
        Unit::Hundredths,
        Direction::Up,
        Formula::Mean("surveys.effort_sum", "surveys.effort_count"),
        "/surveys?show=effort",
    ),
    MetricDef {
        dimensions: WITH_REASON,
        ..metric(
            "surveys-skipped",
            Unit::Count,
            Direction::Neutral,
            Formula::Sum("surveys.skipped"),
            "/surveys?show=skipped",
        )
    },
    metric(
        "surveys-excluded",
        Unit::Count,
        Direction::Down,
        Formula::Sum("surveys.excluded"),
        "/surveys?show=excluded",
    ),
    metric(
        "surveys-excluded-rate",
        Unit::Ratio,
        Direction::Down,
        Formula::Ratio("surveys.excluded", "surveys.given"),
        "/surveys?show=excluded",
    ),
    metric(
        "surveys-recovered-in-time",
        Unit::Ratio,
        Direction::Up,
        Formula::Ratio("surveys.recovered_in_time", "surveys.recovered"),
        "/surveys?show=recovered",
    ),
];

const fn metric(
    id: &'static str,
    unit: Unit,
    direction: Direction,
    formula: Formula,
    records: &'static str,
) -> MetricDef {
    MetricDef { id, unit, direction, formula, dimensions: DIMENSIONS, records }
}
