use metrics::{Direction, Formula, MetricDef, Unit};

/// Parts that are counted by what the case is and where it came from.
const BY: &[&str] = &["kind", "channel"];

/// The numbers of upset customers. A case counts once, on the day on which the customer came.
pub(crate) const METRICS: &[MetricDef] = &[
    MetricDef {
        id: "emotion-cases",
        unit: Unit::Count,
        direction: Direction::Down,
        formula: Formula::Sum("emotion.cases"),
        dimensions: BY,
        records: "/cases?tab=all&feeling=upset",
    },
    MetricDef {
        id: "emotion-share",
        unit: Unit::Ratio,
        direction: Direction::Down,
        formula: Formula::Ratio("emotion.cases", "cases.taken_in"),
        dimensions: BY,
        records: "/cases?tab=all&feeling=upset",
    },
    MetricDef {
        id: "emotion-first-answer-minutes",
        unit: Unit::Minutes,
        direction: Direction::Down,
        formula: Formula::Mean("emotion.answer_minutes", "emotion.answers"),
        dimensions: BY,
        records: "/cases?tab=all&feeling=upset",
    },
    MetricDef {
        id: "emotion-handovers",
        unit: Unit::Count,
        direction: Direction::Neutral,
        formula: Formula::Sum("emotion.handovers"),
        dimensions: BY,
        records: "/cases?tab=all&feeling=upset",
    },
    MetricDef {
        id: "emotion-calls",
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Ratio("emotion.called", "emotion.planned"),
        dimensions: BY,
        records: "/cases?tab=all&feeling=upset",
    },
    // How many words of care there were; of whom and to whom is nobody's number.
    MetricDef {
        id: "emotion-care",
        unit: Unit::Count,
        direction: Direction::Neutral,
        formula: Formula::Sum("emotion.care"),
        dimensions: &[],
        records: "/care",
    },
];
