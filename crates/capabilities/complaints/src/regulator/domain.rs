//! The two flows of what an authority passes on, without any I/O.

use kernel::{Money, Timestamp, words};

use crate::domain::Refusal;

words! {
    /// Where the notice came from (平台).
    pub enum Platform {
        /// 全国 12315 平台
        P12315 = "12315",
        /// 12345 热线
        P12345 = "12345",
        /// 其他部门
        Other = "other",
    }
}

words! {
    /// What it is by law; the two go different ways (来件性质).
    pub enum Nature {
        /// Somebody wants the own matter settled (投诉).
        Complaint = "complaint",
        /// Somebody reports a breach of the law (举报).
        Report = "report",
    }
}

words! {
    /// Where it stands with the authority.
    pub enum RegulatorState {
        /// Here; the answer is owed (待答复).
        Received = "received",
        /// We have said whether we take part in the mediation (调解中).
        Mediating = "mediating",
        /// The written answer is out (已答复).
        Replied = "replied",
        /// The authority has ended it (已办结).
        Ended = "ended",
    }
}

words! {
    /// Whether we take part in the authority's mediation.
    pub enum Mediation {
        /// 同意调解
        Joined = "joined",
        /// 不同意调解
        Declined = "declined",
    }
}

words! {
    /// How the written answer went out.
    pub enum ReplyWay {
        /// On the platform.
        Platform = "platform",
        /// By letter.
        Letter = "letter",
        /// Handed over.
        Visit = "visit",
        /// By mail.
        Mail = "mail",
    }
}

words! {
    /// How the authority ended it.
    pub enum RegulatorOutcome {
        /// 达成调解
        Agreement = "agreement",
        /// 调解未达成
        NoAgreement = "no_agreement",
        /// 投诉人撤回
        Withdrawn = "withdrawn",
        /// 不予受理
        NotAccepted = "not_accepted",
        /// 未发现违法
        NoViolation = "no_violation",
        /// 责令改正
        Corrected = "corrected",
        /// 行政处罚
        Penalty = "penalty",
    }
}

impl RegulatorOutcome {
    /// Whether something of that nature can end so.
    pub const fn fits(self, nature: Nature) -> bool {
        match nature {
            Nature::Complaint => {
                matches!(self, Self::Agreement | Self::NoAgreement | Self::Withdrawn | Self::NotAccepted)
            }
            Nature::Report => matches!(self, Self::NoViolation | Self::Corrected | Self::Penalty | Self::NotAccepted),
        }
    }
}

words! {
    /// What is done with it: the last part of its address.
    pub enum RegulatorAct {
        /// 是否参加调解
        Mediate = "mediate",
        /// 答复监管部门
        Reply = "reply",
        /// 办结
        End = "end",
        /// 改答复时限
        Extend = "extend",
    }
}

/// What somebody wants to happen. Texts are trimmed and never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Say whether we take part in the mediation.
    Mediate {
        /// We do or we do not.
        mediation: Mediation,
        /// What was agreed, or why not.
        note: String,
    },
    /// The signed statement went out.
    Reply {
        /// How.
        way: ReplyWay,
        /// The proof: number of the receipt, the parcel, who took it.
        note: String,
    },
    /// The authority has ended it.
    End {
        /// How.
        outcome: RegulatorOutcome,
        /// In its words.
        note: String,
        /// What we paid by it.
        paid: Money,
    },
    /// The authority has stated another due time.
    Extend {
        /// Until then.
        due_at: Timestamp,
        /// Who said so, and why.
        note: String,
    },
}

impl Act {
    /// Its name.
    pub const fn name(&self) -> RegulatorAct {
        match self {
            Self::Mediate { .. } => RegulatorAct::Mediate,
            Self::Reply { .. } => RegulatorAct::Reply,
            Self::End { .. } => RegulatorAct::End,
            Self::Extend { .. } => RegulatorAct::Extend,
        }
    }
}

/// Not in this state.
pub const NOT_NOW: &str = "complaints-reg-not-now";
/// Reports are not mediated.
pub const NO_MEDIATION: &str = "complaints-reg-no-mediation";
/// The statement is not signed.
pub const UNSIGNED: &str = "complaints-reg-unsigned";
/// A signed statement never changes.
pub const SIGNED: &str = "complaints-reg-signed";
/// The statement waits for the second person.
pub const ASKED: &str = "complaints-reg-asked";
/// The statement has holes.
pub const HOLES: &str = "complaints-reg-holes";
/// There is no statement yet.
pub const NO_STATEMENT: &str = "complaints-reg-no-statement";
/// The number is here already.
pub const KNOWN: &str = "complaints-reg-known";
/// Whoever takes lists over may not enter notices there.
pub const NO_IMPORT: &str = "complaints-reg-import";
/// A report goes its own way.
pub const REPORT: &str = "complaints-reg-report";
/// The case is held for the law.
pub const HELD: &str = "complaints-held";

/// What is known when something is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// What it is.
    pub nature: Nature,
    /// Where it stands.
    pub state: RegulatorState,
    /// The statement is signed.
    pub signed: bool,
}

/// Whether `act` can be done now.
///
/// # Errors
/// Why not.
pub const fn guard(known: &Known, act: RegulatorAct) -> Result<(), Refusal> {
    use RegulatorState::{Ended, Mediating, Received, Replied};
    match (act, known.state) {
        (_, Ended) => Err(Refusal(NOT_NOW)),
        (RegulatorAct::Mediate, _) if matches!(known.nature, Nature::Report) => Err(Refusal(NO_MEDIATION)),
        (RegulatorAct::Mediate, Received | Mediating | Replied) => Ok(()),
        (RegulatorAct::Reply, Received | Mediating) if !known.signed => Err(Refusal(UNSIGNED)),
        (RegulatorAct::Reply | RegulatorAct::Extend, Received | Mediating) | (RegulatorAct::End, Replied) => Ok(()),
        (RegulatorAct::Reply | RegulatorAct::Extend, Replied) => Err(Refusal(NOT_NOW)),
        // Taken back or not taken on before anybody answered.
        (RegulatorAct::End, Received | Mediating) => Ok(()),
    }
}

/// Where `act` leads.
///
/// # Errors
/// Why not; an outcome that does not fit is the field's error and not found here.
pub const fn decide(known: &Known, act: &Act) -> Result<RegulatorState, Refusal> {
    if let Err(refusal) = guard(known, act.name()) {
        return Err(refusal);
    }
    match act {
        Act::Mediate { .. } => Ok(match known.state {
            RegulatorState::Replied => RegulatorState::Replied,
            _ => RegulatorState::Mediating,
        }),
        Act::Reply { .. } => Ok(RegulatorState::Replied),
        Act::End { outcome, .. } => match (known.state, outcome) {
            // Whatever else it is, it was answered first.
            (
                RegulatorState::Received | RegulatorState::Mediating,
                RegulatorOutcome::Agreement
                | RegulatorOutcome::NoAgreement
                | RegulatorOutcome::NoViolation
                | RegulatorOutcome::Corrected
                | RegulatorOutcome::Penalty,
            ) => Err(Refusal(NOT_NOW)),
            _ => Ok(RegulatorState::Ended),
        },
        Act::Extend { .. } => Ok(known.state),
    }
}

/// A platform's number as it is compared: letters and digits, in capitals.
pub fn key(platform: Platform, number: &str) -> String {
    let plain: String = number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    format!("{platform}:{plain}")
}

/// What marks a hole in a statement: it is not signed while one is left.
pub const HOLE: &str = "【待";

#[cfg(test)]
mod tests {
    use super::*;

    const fn known(nature: Nature, state: RegulatorState, signed: bool) -> Known {
        Known { nature, state, signed }
    }

    #[test]
    fn the_table() {
        let mut lines = Vec::new();
        for nature in Nature::ALL {
            for state in RegulatorState::ALL {
                for signed in [false, true] {
                    let may =
                        RegulatorAct::ALL.iter().filter(|act| guard(&known(*nature, *state, signed), **act).is_ok());
                    let may: Vec<&str> = may.map(|act| act.as_str()).collect();
                    lines.push(format!(
                        "{nature} {state} {}: {}",
                        if signed { "signed" } else { "draft" },
                        may.join(" ")
                    ));
                }
            }
        }
        assert_eq!(
            lines,
            [
                "complaint received draft: mediate end extend",
                "complaint received signed: mediate reply end extend",
                "complaint mediating draft: mediate end extend",
                "complaint mediating signed: mediate reply end extend",
                "complaint replied draft: mediate end",
                "complaint replied signed: mediate end",
                "complaint ended draft: ",
                "complaint ended signed: ",
                "report received draft: end extend",
                "report received signed: reply end extend",
                "report mediating draft: end extend",
                "report mediating signed: reply end extend",
                "report replied draft: end",
                "report replied signed: end",
                "report ended draft: ",
                "report ended signed: ",
            ]
        );
    }

    #[test]
    fn nothing_ends_by_agreement_before_the_answer() {
        let end = |outcome| Act::End { outcome, note: "x".into(), paid: Money::ZERO };
        let fresh = known(Nature::Complaint, RegulatorState::Received, true);
        assert!(decide(&fresh, &end(RegulatorOutcome::Agreement)).is_err());
        assert_eq!(decide(&fresh, &end(RegulatorOutcome::Withdrawn)), Ok(RegulatorState::Ended));
        for outcome in RegulatorOutcome::ALL {
            assert!(outcome.fits(Nature::Complaint) || outcome.fits(Nature::Report), "{outcome}");
        }
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        assert_eq!(key(Platform::P12315, "1233 0100-2026a"), "12315:123301002026A");
    }
}
