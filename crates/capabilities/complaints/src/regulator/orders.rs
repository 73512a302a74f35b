//! The authority's own clocks: data, chosen by the day of the notice. They are shown as the authority's and drive nothing here.

use std::sync::LazyLock;

use kernel::{Day, words};
use serde::Deserialize;

use super::domain::Nature;

words! {
    /// What the authority has to do within its time.
    pub enum AuthorityStep {
        /// Say whether it takes the complaint on.
        Accept = "accept",
        /// Bring its mediation to an end.
        Mediate = "mediate",
        /// Find out whether a report is worth a proceeding.
        Verify = "verify",
    }
}

words! {
    /// How a limit is counted.
    pub enum AuthorityUnit {
        /// Working days.
        WorkingDays = "working_days",
        /// Calendar days.
        Days = "days",
    }
}

words! {
    /// How far the text of the rule itself was read.
    pub enum Confidence {
        /// The article was read.
        High = "high",
        /// Seen in official forms or copies.
        Medium = "medium",
    }
}

/// One clock of the authority.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AuthorityClock {
    /// For what.
    pub nature: Nature,
    /// What it has to do.
    pub step: AuthorityStep,
    /// The rule.
    pub order: String,
    /// Where in it.
    pub article: String,
    /// How long.
    pub limit: i64,
    /// Counted how.
    pub unit: AuthorityUnit,
    /// Notices of this day and later.
    pub from: Day,
    /// Up to this day.
    pub to: Option<Day>,
    /// How sure that is.
    pub confidence: Confidence,
}

#[derive(Deserialize)]
struct File {
    clock: Vec<AuthorityClock>,
}

/// The shipped table; a test reads it, so it is never broken.
static CLOCKS: LazyLock<Vec<AuthorityClock>> = LazyLock::new(|| {
    toml::from_str::<File>(include_str!("../../data/authority.toml")).map(|file| file.clock).unwrap_or_default()
});

/// The authority's clocks for something of `nature` whose notice bears the day `on`.
pub fn clocks(nature: Nature, on: Day) -> Vec<&'static AuthorityClock> {
    CLOCKS
        .iter()
        .filter(|clock| clock.nature == nature && clock.from <= on && clock.to.is_none_or(|to| on <= to))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_changes_with_the_day_of_the_notice() {
        assert!(toml::from_str::<File>(include_str!("../../data/authority.toml")).is_ok());
        let limits = |day: &str| -> Vec<(AuthorityStep, i64, AuthorityUnit)> {
            let found = clocks(Nature::Complaint, day.parse().unwrap());
            found.into_iter().map(|clock| (clock.step, clock.limit, clock.unit)).collect()
        };
        let accept = (AuthorityStep::Accept, 7, AuthorityUnit::WorkingDays);
        assert_eq!(limits("2026-04-14"), [accept, (AuthorityStep::Mediate, 45, AuthorityUnit::WorkingDays)]);
        assert_eq!(limits("2026-04-15"), [accept, (AuthorityStep::Mediate, 60, AuthorityUnit::Days)]);
        assert_eq!(clocks(Nature::Report, "2026-11-20".parse().unwrap()).len(), 1);
    }
}
