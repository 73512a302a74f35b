use metrics::{Direction, Formula, MetricDef, Unit};

/// Numbers can be broken down by the channel.
const BY: &[&str] = &["channel"];

const fn sum(
    id: &'static str,
    unit: Unit,
    direction: Direction,
    part: &'static str,
    records: &'static str,
) -> MetricDef {
    MetricDef { id, unit, direction, formula: Formula::Sum(part), dimensions: BY, records }
}

/// The metrics of this capability; counted by `messaging` in the transaction that settles a message.
pub(crate) const METRICS: &[MetricDef] = &[
    sum("messages-sent", Unit::Count, Direction::Neutral, "messages.sent", "/outbox?show=sent"),
    sum("messages-delivered", Unit::Count, Direction::Up, "messages.delivered", "/outbox?show=sent"),
    sum("messages-failed", Unit::Count, Direction::Down, "messages.failed", "/outbox?show=failed"),
    sum("messages-cost", Unit::Money, Direction::Down, "messages.cost", "/outbox?show=sent"),
];
