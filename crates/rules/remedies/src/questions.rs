//! What to ask next: what each missing fact would change.

use serde::Serialize;

use crate::condition::{Test, Tests, words_of};
use crate::facts::{Contradiction, Facts};
use crate::rulebook::{Length, RuleSet, Rulebook, Terms};
use crate::verdict::Verdict;
use crate::words::{FactName, Remedy};

/// A fact that is missing and matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The fact.
    pub fact: FactName,
    /// What would follow from its values; values with the same consequence stand together. Empty where only a sum hangs on it.
    pub answers: Vec<WhatIf>,
}

/// What would follow from an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhatIf {
    /// The values, as words.
    pub values: Vec<String>,
    /// What would be open for certain.
    pub open: Vec<Remedy>,
    /// What could still become open.
    pub possible: Vec<Remedy>,
}

impl Rulebook {
    /// The questions that are left after `verdict`, in the order in which to ask them. A fact whose values would all lead to the same
    /// answer is not asked, unless a sum hangs on it.
    pub fn questions(
        &self,
        facts: &Facts,
        layers: &[Terms],
        verdict: &Verdict<'_>,
    ) -> Result<Vec<Question>, Contradiction> {
        let mut questions = Vec::new();
        for fact in verdict.missing.iter() {
            let mut answers: Vec<WhatIf> = Vec::new();
            let mut told_apart: Vec<Vec<(Remedy, Vec<String>)>> = Vec::new();
            for value in self.values(fact, facts, layers) {
                let mut told = facts.clone();
                if told.set(fact, &value).is_err() || told.check().is_err() {
                    continue;
                }
                let then = self.verdict(&told, layers)?;
                let remedies = |list: &[crate::Open<'_>]| {
                    let mut named: Vec<Remedy> = list.iter().map(|open| open.remedy).collect();
                    named.sort_unstable();
                    named.dedup();
                    named
                };
                let (open, possible) = (remedies(&then.remedies), remedies(&then.possible));
                // What only may be open is told apart by its rules as well: while another fact is missing nothing may be certain yet.
                let mut grounds: Vec<(Remedy, Vec<String>)> = then
                    .possible
                    .iter()
                    .map(|open| (open.remedy, open.grounds.iter().map(|ground| ground.rule.to_owned()).collect()))
                    .collect();
                grounds.sort_unstable();
                let same = answers
                    .iter_mut()
                    .zip(&told_apart)
                    .find(|(answer, other)| answer.open == open && answer.possible == possible && **other == grounds);
                match same {
                    Some((answer, _)) => answer.values.push(value),
                    None => {
                        answers.push(WhatIf { values: vec![value], open, possible });
                        told_apart.push(grounds);
                    }
                }
            }
            let sum = fact == FactName::PriceFen;
            if answers.len() > 1 || sum || fact == FactName::Category {
                questions.push(Question { fact, answers: if answers.len() > 1 { answers } else { Vec::new() } });
            }
        }
        Ok(questions)
    }

    /// Values of a fact that may lead to different answers: every word; each limit of a number and its neighbours; for a day each end of
    /// a window and the day beyond.
    fn values(&self, fact: FactName, facts: &Facts, layers: &[Terms]) -> Vec<String> {
        let words = words_of(fact);
        if !words.is_empty() {
            return words.iter().map(|word| (*word).to_owned()).collect();
        }
        let category = facts.category.as_deref().and_then(|id| self.found(id));
        let mut sets: Vec<&RuleSet> =
            category.map(|(_, set)| set).into_iter().chain(self.generic().filter(|_| category.is_none())).collect();
        sets.push(&self.common);
        sets.extend(layers.iter().map(|terms| &terms.0));
        match fact {
            FactName::Component => {
                let parts =
                    category.into_iter().flat_map(|(category, _)| category.parts()).map(|part| part.name.clone());
                ["whole".to_owned()].into_iter().chain(parts).collect()
            }
            FactName::Bought | FactName::Received | FactName::FactoryDate => {
                let mut days = vec![facts.claim_date];
                for window in sets.iter().flat_map(|set| &set.windows) {
                    let months = match window.length {
                        Length::Days(days_long) => {
                            days.push(facts.claim_date.plus_days(-i64::from(days_long)));
                            days.push(facts.claim_date.plus_days(-i64::from(days_long) - 4));
                            continue;
                        }
                        Length::Months(months) => Some(months),
                        Length::WholeUnit => category.and_then(|(category, _)| category.whole_unit_months),
                        Length::Component => None,
                    };
                    if let Some(months) = months {
                        days.push(facts.claim_date.plus_months(-months));
                        days.push(facts.claim_date.plus_months(-months).plus_days(-4));
                    }
                }
                days.sort_unstable_by(|a, b| b.cmp(a));
                days.dedup();
                days.iter().map(ToString::to_string).collect()
            }
            FactName::Installed | FactName::ExchangedOn | FactName::PartReplacedOn => {
                vec!["none".to_owned(), facts.claim_date.to_string()]
            }
            FactName::RepairsDone
            | FactName::DaysInRepair
            | FactName::OpenRepairDays
            | FactName::PartsWaitDays
            | FactName::Km => {
                let mut values = vec![0];
                for tests in sets.iter().flat_map(|set| &set.rules).map(|rule| &rule.tests) {
                    limits(tests, fact, &mut values);
                }
                if fact == FactName::Km {
                    let own = category.and_then(|(category, _)| category.whole_unit_km);
                    for km in sets.iter().flat_map(|set| &set.windows).filter_map(|window| window.km).chain(own) {
                        values.extend([i64::from(km), i64::from(km) + 1]);
                    }
                }
                if fact == FactName::DaysInRepair {
                    values.push(i64::from(facts.open_repair_days.unwrap_or(0)));
                    values.extend([10, 30, 90]);
                }
                values.retain(|value| *value >= 0);
                values.sort_unstable();
                values.dedup();
                values.iter().map(ToString::to_string).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn limits(tests: &Tests, fact: FactName, values: &mut Vec<i64>) {
    for test in tests {
        match test {
            Test::Number { count, least, most } if count.fact() == fact || fact == FactName::PartsWaitDays => {
                values.extend(
                    [*least, least.saturating_sub(1), *most, most.saturating_add(1)]
                        .iter()
                        .filter(|n| n.abs() < i64::from(u32::MAX)),
                );
            }
            Test::Any(cases) => cases.iter().for_each(|case| limits(case, fact, values)),
            _ => {}
        }
    }
}
