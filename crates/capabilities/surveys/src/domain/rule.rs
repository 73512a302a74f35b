use std::collections::BTreeSet;

use cases::domain::Kind;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Milliseconds of an hour and of a day.
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Who is asked how satisfied they are, and when: the company's own data, in versions (调查规则).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Counts the changes.
    pub version: i64,
    /// Kinds of case after which customers are asked.
    pub kinds: BTreeSet<Kind>,
    /// Hours between closing and asking, 0 to 168.
    pub delay_hours: i64,
    /// Days in which nobody is asked twice, 0 to 365; 0 = always.
    pub quiet_days: i64,
    /// Only those are asked who have agreed to be contacted.
    pub needs_consent: bool,
    /// Hours in which somebody makes up for a low rating, 1 to 336.
    pub recovery_hours: i64,
}

/// What the rule wants to know of a case that is closed. Nothing of it can be chosen by staff at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The case's kind.
    pub kind: Kind,
    /// It was taken over from elsewhere.
    pub imported: bool,
    /// The customer is named.
    pub named: bool,
    /// The customer has a number.
    pub phone: bool,
    /// The customer has agreed to be contacted.
    pub consent: bool,
    /// When the customer was last asked, about whichever case.
    pub last_asked: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Timestamp,
}

/// Why a customer is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Skipped {
    /// Nobody is named.
    Anonymous,
    /// Taken over from elsewhere: it is long ago.
    Imported,
    /// Cases of this kind are not asked about.
    Kind,
    /// There is no number to ask by.
    NoPhone,
    /// The customer has not agreed to be contacted.
    NoConsent,
    /// The customer was asked not long ago.
    Quiet,
}

impl Skipped {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Anonymous, Self::Imported, Self::Kind, Self::NoPhone, Self::NoConsent, Self::Quiet];
    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Imported => "imported",
            Self::Kind => "kind",
            Self::NoPhone => "no_phone",
            Self::NoConsent => "no_consent",
            Self::Quiet => "quiet",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// What the rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The customer is asked, from then on.
    Ask(Timestamp),
    /// The customer is not asked.
    Skip(Skipped),
}

impl Rule {
    /// Whether the customer of a closed case is asked. Every eligible one is; there is nothing to choose.
    pub fn verdict(&self, facts: &Facts) -> Verdict {
        let recently = |asked: Timestamp| facts.closed_at.since(asked) < self.quiet_days * DAY;
        let skipped = [
            (!facts.named, Skipped::Anonymous),
            (facts.imported, Skipped::Imported),
            (!self.kinds.contains(&facts.kind), Skipped::Kind),
            (!facts.phone, Skipped::NoPhone),
            (self.needs_consent && !facts.consent, Skipped::NoConsent),
            (facts.last_asked.is_some_and(recently), Skipped::Quiet),
        ];
        match skipped.into_iter().find(|(applies, _)| *applies) {
            Some((_, why)) => Verdict::Skip(why),
            None => Verdict::Ask(facts.closed_at.plus(self.delay_hours * HOUR)),
        }
    }
    /// Until when somebody has made up for a low rating that was given at `at`.
    pub const fn recovered_by(&self, at: Timestamp) -> Timestamp {
        at.plus(self.recovery_hours * HOUR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rules() -> impl Strategy<Value = Rule> {
        let kinds = prop::sample::subsequence(Kind::ALL.to_vec(), 0..=Kind::ALL.len());
        (kinds, 0..=168_i64, 0..=365_i64, any::<bool>()).prop_map(|(kinds, delay_hours, quiet_days, needs_consent)| {
            Rule {
                version: 1,
                kinds: kinds.into_iter().collect(),
                delay_hours,
                quiet_days,
                needs_consent,
                recovery_hours: 24,
            }
        })
    }
    fn facts() -> impl Strategy<Value = Facts> {
        let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
        let asked = prop::option::of(0..400 * DAY);
        (prop::sample::select(Kind::ALL.to_vec()), flags, asked).prop_map(
            |(kind, (imported, named, phone, consent), ago)| {
                let closed_at = Timestamp::from_millis(500 * DAY);
                Facts {
                    kind,
                    imported,
                    named,
                    phone,
                    consent,
                    last_asked: ago.map(|ago| closed_at.plus(-ago)),
                    closed_at,
                }
            },
        )
    }

    proptest! {
        #[test]
        fn whoever_is_eligible_is_asked_and_nobody_else(rule in rules(), facts in facts()) {
            let quiet = facts.last_asked.is_some_and(|asked| facts.closed_at.since(asked) < rule.quiet_days * DAY);
            let eligible = facts.named && !facts.imported && facts.phone && rule.kinds.contains(&facts.kind)
                && (facts.consent || !rule.needs_consent) && !quiet;
            prop_assert_eq!(matches!(rule.verdict(&facts), Verdict::Ask(_)), eligible);
        }

        #[test]
        fn asking_never_comes_before_the_closing_and_never_late(rule in rules(), facts in facts()) {
            if let Verdict::Ask(at) = rule.verdict(&facts) {
                prop_assert_eq!(at.since(facts.closed_at), rule.delay_hours * HOUR);
            }
        }

        #[test]
        fn a_longer_quiet_time_asks_nobody_more(rule in rules(), facts in facts(), more in 0..200_i64) {
            let longer = Rule { quiet_days: rule.quiet_days + more, ..rule.clone() };
            if matches!(longer.verdict(&facts), Verdict::Ask(_)) {
                prop_assert!(matches!(rule.verdict(&facts), Verdict::Ask(_)));
            }
        }

        #[test]
        fn nobody_is_asked_twice_within_the_quiet_time(rule in rules(), days in prop::collection::vec(0..60_i64, 1..30)) {
            let (mut now, mut asked) = (Timestamp::from_millis(0), Vec::new());
            for day in days {
                now = now.plus(day * DAY);
                let facts = Facts {
                    kind: Kind::Repair, imported: false, named: true, phone: true, consent: true,
                    last_asked: asked.last().copied(), closed_at: now,
                };
                if matches!(rule.verdict(&facts), Verdict::Ask(_)) {
                    asked.push(now);
                }
            }
            for pair in asked.windows(2) {
                prop_assert!(pair[1].since(pair[0]) >= rule.quiet_days * DAY);
            }
        }
    }
}
