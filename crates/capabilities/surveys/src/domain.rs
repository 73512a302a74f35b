//! The rules of a survey, without any I/O.

mod rule;

pub use rule::{Facts, Rule, Skipped, Verdict};

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How long a customer may change the answer: 24 hours, in milliseconds.
const CHANGEABLE: i64 = 86_400_000;
/// The highest rating that asks for making up (1 很差, 2 不满意).
pub const LOW: i64 = 2;

/// Whether the problem is solved, in the customer's eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Solved {
    /// 解决了
    Yes,
    /// 部分解决
    Partly,
    /// 没有
    No,
}

impl Solved {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Yes, Self::Partly, Self::No];
    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// Whether somebody has made up for a low rating (补救).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Recovery {
    /// Nothing to make up for.
    None,
    /// Somebody has to.
    Open,
    /// Done, with a note.
    Done,
}

impl Recovery {
    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Open => "open",
            Self::Done => "done",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::None, Self::Open, Self::Done].into_iter().find(|one| one.as_str() == text)
    }
}

/// How an answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// The customer gave it behind the link.
    Link,
    /// The customer said it on the phone, and a member of staff who had not done the work noted it.
    Phone,
}

impl AnsweredBy {
    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Phone => "phone",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Link, Self::Phone].into_iter().find(|one| one.as_str() == text)
    }
}

/// What makes one look twice at an answer. It counts all the same: only headquarters excludes, with a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Flagged {
    /// Given where a member of staff was signed in.
    OwnStaff,
    /// Given from a network where staff of the store sign in.
    OwnNetwork,
}

impl Flagged {
    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OwnStaff => "own_staff",
            Self::OwnNetwork => "own_network",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::OwnStaff, Self::OwnNetwork].into_iter().find(|one| one.as_str() == text)
    }
}

/// What a customer answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// How satisfied, 1 (很差) to 5 (很满意).
    pub csat: i64,
    /// How likely to recommend us, 0 to 10.
    pub nps: Option<i64>,
    /// How easy it was, 1 (很费劲) to 5 (很轻松).
    pub effort: Option<i64>,
    /// Whether it is solved.
    pub solved: Option<Solved>,
    /// In the customer's words.
    pub words: Option<String>,
}

impl Answer {
    /// True when somebody should make up for it.
    pub const fn is_low(&self) -> bool {
        self.csat <= LOW
    }

    /// What this answer adds to the metrics.
    fn parts(&self) -> [(&'static str, i64); 9] {
        let net = match self.nps {
            Some(9..) => 1,
            Some(7 | 8) | None => 0,
            Some(_) => -1,
        };
        let given = |mark: Option<i64>| i64::from(mark.is_some());
        [
            ("surveys.answered", 1),
            ("surveys.low", i64::from(self.is_low())),
            // Marks are counted in hundredths, so that their mean keeps two decimals.
            ("surveys.csat_sum", self.csat * 100),
            ("surveys.csat_count", 1),
            ("surveys.csat_good", i64::from(self.csat >= 4)),
            ("surveys.nps_net", net),
            ("surveys.nps_count", given(self.nps)),
            ("surveys.effort_sum", self.effort.unwrap_or(0) * 100),
            ("surveys.effort_count", given(self.effort)),
        ]
    }
}

/// What the metrics gain when `before` becomes `after`; parts that stay the same are left out.
pub fn counted(before: Option<&Answer>, after: &Answer) -> Vec<(&'static str, i64)> {
    let old = before.map_or([("", 0); 9], Answer::parts);
    let gains = after.parts().into_iter().zip(old).map(|((part, new), (_, old))| (part, new - old));
    gains.filter(|(_, n)| *n != 0).collect()
}

/// What the metrics lose when headquarters excludes `answer`, and how many exclusions they gain; the other way round when it
/// counts again.
pub fn excluded(answer: &Answer, now: bool) -> Vec<(&'static str, i64)> {
    let sign = if now { -1 } else { 1 };
    let lost = counted(None, answer).into_iter().map(|(part, n)| (part, sign * n));
    lost.chain([("surveys.excluded", -sign)]).collect()
}

/// Whether an answer given at `answered` can still be changed at `now`.
pub const fn changeable(answered: Timestamp, now: Timestamp) -> bool {
    now.since(answered) < CHANGEABLE
}

/// Where making up stands after an answer: a low rating opens it; a rating that was raised closes what nobody has begun; what is
/// done stays done.
pub const fn recovery_after(before: Recovery, answer: &Answer) -> Recovery {
    match (before, answer.is_low()) {
        (Recovery::Done, _) => Recovery::Done,
        (Recovery::None | Recovery::Open, true) => Recovery::Open,
        (Recovery::None | Recovery::Open, false) => Recovery::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(csat: i64, nps: Option<i64>) -> Answer {
        Answer { csat, nps, effort: None, solved: None, words: None }
    }

    #[test]
    fn a_first_answer_counts_whole_and_a_change_only_its_difference() {
        let first = counted(None, &answer(2, Some(9)));
        assert!(first.contains(&("surveys.answered", 1)) && first.contains(&("surveys.low", 1)));
        assert!(first.contains(&("surveys.csat_sum", 200)) && first.contains(&("surveys.nps_net", 1)));
        let change = counted(Some(&answer(2, Some(9))), &answer(5, Some(6)));
        assert_eq!(
            change,
            [("surveys.low", -1), ("surveys.csat_sum", 300), ("surveys.csat_good", 1), ("surveys.nps_net", -2)]
        );
        assert_eq!(counted(Some(&answer(4, None)), &answer(4, None)), []);
    }

    #[test]
    fn nine_and_ten_recommend_seven_and_eight_do_neither() {
        let net = |nps| {
            counted(None, &answer(4, Some(nps)))
                .into_iter()
                .find(|(part, _)| *part == "surveys.nps_net")
                .map_or(0, |(_, n)| n)
        };
        assert_eq!((0..=10).map(net).collect::<Vec<_>>(), [-1, -1, -1, -1, -1, -1, -1, 0, 0, 1, 1]);
    }

    #[test]
    fn making_up_follows_the_rating_until_it_is_done() {
        assert_eq!(recovery_after(Recovery::None, &answer(1, None)), Recovery::Open);
        assert_eq!(recovery_after(Recovery::Open, &answer(3, None)), Recovery::None);
        assert_eq!(recovery_after(Recovery::Done, &answer(1, None)), Recovery::Done);
    }
}
