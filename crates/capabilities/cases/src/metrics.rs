//! What is counted about cases. Parts are appended by the use cases; words are `metric-<id>` in the locales.

use metrics::{Direction, Formula, MetricDef, Unit};

/// Every part of cases is broken down by these.
const BY: &[&str] = &["kind", "channel", "via"];
/// Deadlines also by these.
const BY_STAGE: &[&str] = &["kind", "channel", "stage", "via"];

const fn sum(id: &'static str, direction: Direction, part: &'static str, records: &'static str) -> MetricDef {
    MetricDef { id, unit: Unit::Count, direction, formula: Formula::Sum(part), dimensions: BY, records }
}

/// The metrics of this capability.
pub const METRICS: &[MetricDef] = &[
    sum("cases-taken-in", Direction::Neutral, "cases.taken_in", "/cases?measure=taken_in"),
    MetricDef {
        id: "cases-symptoms",
        unit: Unit::Count,
        direction: Direction::Neutral,
        formula: Formula::Sum("cases.symptoms"),
        dimensions: &["symptom", "fault_class"],
        records: "/cases?tab=all",
    },
    sum("cases-accepted", Direction::Neutral, "cases.accepted", "/cases?measure=accepted"),
    sum("cases-resolved", Direction::Up, "cases.resolved", "/cases?measure=resolved"),
    sum("cases-closed", Direction::Up, "cases.closed", "/cases?measure=closed"),
    sum("cases-reopened", Direction::Down, "cases.reopened", "/cases?measure=reopened"),
    // The change over the days that are asked for; from the beginning on it is the number of cases that are not over.
    sum("cases-open-change", Direction::Down, "cases.open_now", "/cases?measure=open"),
    MetricDef {
        dimensions: BY_STAGE,
        ..sum("cases-deadlines-missed", Direction::Down, "deadlines.missed", "/cases?measure=missed")
    },
    MetricDef {
        id: "cases-deadlines-on-time",
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Ratio("deadlines.met", "deadlines.ended"),
        dimensions: BY_STAGE,
        records: "/cases?measure=deadlines",
    },
    MetricDef {
        id: "cases-first-answer-minutes",
        unit: Unit::Minutes,
        direction: Direction::Down,
        formula: Formula::Mean("first_answer.minutes", "first_answer.count"),
        dimensions: BY,
        records: "/cases?measure=answered",
    },
    MetricDef {
        id: "cases-replies-on-time",
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Ratio("replies.met", "replies.ended"),
        dimensions: BY,
        records: "/cases?measure=deadlines",
    },
    MetricDef {
        id: "cases-resolution-hours",
        unit: Unit::Count,
        direction: Direction::Down,
        formula: Formula::Mean("resolution.hours", "resolution.count"),
        dimensions: BY,
        records: "/cases?measure=resolved_first",
    },
    sum("cases-plans-proposed", Direction::Neutral, "plans.proposed", "/cases?measure=proposed"),
    sum("cases-plans-declined", Direction::Down, "plans.declined", "/cases?measure=declined"),
    sum("cases-follow-ups", Direction::Down, "cases.follow_ups", "/cases?tab=all"),
    sum("cases-tasks-given", Direction::Neutral, "tasks.given", "/tasks?view=all"),
    sum("cases-tasks-done", Direction::Up, "tasks.done", "/tasks?view=all&over=true"),
    MetricDef {
        id: "cases-tasks-on-time",
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Ratio("tasks.on_time", "tasks.answered"),
        dimensions: BY,
        records: "/tasks?view=all&over=true",
    },
    sum("cases-checks-done", Direction::Up, "checks.done", "/cases?measure=closed"),
    sum("cases-checks-failed", Direction::Down, "checks.failed", "/cases?measure=closed"),
    MetricDef {
        id: "cases-checks-worked",
        unit: Unit::Ratio,
        direction: Direction::Up,
        formula: Formula::Ratio("checks.worked", "checks.done"),
        dimensions: BY,
        records: "/cases?measure=closed",
    },
];
