//! Where audits and findings stand and who may say so, without any I/O.

mod draw;
mod mask;

pub use draw::{Item, Outlet, Population, Rule, Sample, allot, draw, rank};
pub use mask::{masked_name, masked_text};

use kernel::{Id, of, words};

words! {
    /// Who looks.
    pub enum Kind {
        /// A body from outside (外部审核).
        External = "external",
        /// Our own people (内部审核).
        Internal = "internal",
        /// Somebody who buys and says nothing (神秘顾客).
        Mystery = "mystery",
    }
}

words! {
    /// Where an audit stands.
    pub enum State {
        /// Its days are ahead (已计划).
        Planned = "planned",
        /// Somebody looks (进行中).
        Running = "running",
        /// What came of it is known (已结束).
        Closed = "closed",
        /// It will not be (已取消).
        Cancelled = "cancelled",
    }
}

impl State {
    /// Where it can go from here.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Planned => &[Self::Running, Self::Cancelled],
            Self::Running => &[Self::Closed, Self::Cancelled],
            Self::Closed => &[Self::Running],
            Self::Cancelled => &[Self::Planned],
        }
    }
    /// Plan, sample and access can still change.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Planned | Self::Running)
    }
    /// Somebody says what came of it, or why not.
    pub const fn asks_result(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled)
    }
}

words! {
    /// How grave a finding is.
    pub enum Severity {
        /// A requirement is not met as a whole (严重不符合).
        Major = "major",
        /// A requirement is not met in a case (一般不符合).
        Minor = "minor",
        /// Nothing is broken yet (观察项).
        Observation = "observation",
    }
}

words! {
    /// Where a finding stands.
    pub enum FindingState {
        /// Somebody has to do something (待整改).
        Open = "open",
        /// Whoever wrote it has to look (待验证).
        Answered = "answered",
        /// It is good (已关闭).
        Closed = "closed",
    }
}

words! {
    /// What happens to a finding.
    pub enum Command {
        /// Somebody answers for it until a day.
        Assign = "assign",
        /// Cause, what was done, proof.
        Answer = "answer",
        /// It is good.
        Accept = "accept",
        /// It is not.
        Reject = "reject",
    }
}

/// Where `command` leads a finding that stands at `state` and has an owner or none; none when it cannot be.
pub const fn go(state: FindingState, command: Command, owned: bool) -> Option<FindingState> {
    match (state, command) {
        (FindingState::Open, Command::Assign) => Some(FindingState::Open),
        (FindingState::Open, Command::Answer) if owned => Some(FindingState::Answered),
        (FindingState::Answered, Command::Accept) => Some(FindingState::Closed),
        (FindingState::Answered, Command::Reject) => Some(FindingState::Open),
        (FindingState::Open | FindingState::Answered | FindingState::Closed, _) => None,
    }
}

/// Who asks to judge an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judge {
    /// Who.
    pub me: Id<of::User>,
    /// Who wrote the finding.
    pub writer: Id<of::User>,
    /// The writer can still sign in.
    pub writer_there: bool,
    /// Who answers for it.
    pub owner: Option<Id<of::User>>,
    /// Who answered.
    pub answered_by: Option<Id<of::User>>,
    /// Holds the permission to keep audits.
    pub keeps: bool,
}

impl Judge {
    /// Whoever wrote it judges; when they are gone, somebody who keeps audits. Never who answers for it, and never who answered.
    pub fn may(&self) -> bool {
        let own = self.owner == Some(self.me) || self.answered_by == Some(self.me);
        !own && (self.writer == self.me || (self.keeps && !self.writer_there))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audits_go_their_way() {
        let ways: Vec<_> =
            State::ALL.iter().flat_map(|from| from.next().iter().map(move |to| format!("{from} {to}"))).collect();
        let all = [
            "planned running",
            "planned cancelled",
            "running closed",
            "running cancelled",
            "closed running",
            "cancelled planned",
        ];
        assert_eq!(ways, all);
    }

    #[test]
    fn a_finding_is_closed_by_a_yes_to_an_answer_only() {
        for state in FindingState::ALL {
            for command in Command::ALL {
                for owned in [false, true] {
                    let closes = go(*state, *command, owned) == Some(FindingState::Closed);
                    assert_eq!(closes, *state == FindingState::Answered && *command == Command::Accept);
                }
            }
        }
        assert_eq!(go(FindingState::Open, Command::Answer, false), None, "nobody answers for nobody");
        assert_eq!(go(FindingState::Answered, Command::Reject, true), Some(FindingState::Open));
    }

    #[test]
    fn nobody_judges_their_own_answer() {
        let (writer, owner, keeper) = (Id::new(1), Id::new(2), Id::new(3));
        let judge = |me, writer_there, keeps| {
            Judge { me, writer, writer_there, owner: Some(owner), answered_by: Some(owner), keeps }.may()
        };
        assert!(judge(writer, true, false));
        assert!(!judge(owner, true, true) && !judge(owner, false, true));
        assert!(!judge(keeper, true, true), "the writer is there");
        assert!(judge(keeper, false, true) && !judge(keeper, false, false));
        let own = Judge { me: writer, writer, writer_there: true, owner: Some(writer), answered_by: None, keeps: true };
        assert!(!own.may());
    }
}
