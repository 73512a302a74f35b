//! Conditions of rules, compiled from data, and their evaluation over facts of which some are unknown.

use crate::day::Day;
use crate::facts::{Facts, Happened};
use crate::raw::{Condition, When};
use crate::rulebook::FactCount;
use crate::words::{
    CarEvent, Cause, Channel, ComponentKind, Condition as State, Exception, FactName, FactSet, Fault, Proof, Remedy,
    Special, YesNo,
};

/// All must hold.
pub(crate) type Tests = Vec<Test>;

#[derive(Debug)]
pub(crate) enum Test {
    Word { choice: Choice, allowed: u32 },
    Number { count: FactCount, least: i64, most: i64 },
    Within(usize),
    After(usize),
    Open(u32),
    NotOpen(u32),
    Any(Vec<Tests>),
}

/// A word that conditions compare: a fact, or what follows from facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    Channel,
    Fault,
    Cause,
    HasReceipt,
    Condition,
    Exception,
    SameModel,
    Special,
    CarEvent,
    /// What kind of thing the component is.
    Component,
    /// Whether the goods are durable.
    Durable,
    /// Whether the proof that there is leaves any right at all.
    Proven,
    /// Whether this unit was given in exchange.
    Exchanged,
    /// Whether the faulty part was replaced before.
    PartReplaced,
}

impl Choice {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "channel" => Self::Channel,
            "fault" => Self::Fault,
            "cause" => Self::Cause,
            "has_receipt" => Self::HasReceipt,
            "condition" => Self::Condition,
            "exception" => Self::Exception,
            "same_model" => Self::SameModel,
            "special" => Self::Special,
            "car_event" => Self::CarEvent,
            "component" => Self::Component,
            "durable" => Self::Durable,
            "proven" => Self::Proven,
            "exchanged" => Self::Exchanged,
            "part_replaced" => Self::PartReplaced,
            _ => return None,
        })
    }

    fn bit_of(self, word: &str) -> Option<u32> {
        match self {
            Self::Channel => Channel::parse(word).map(Channel::bit),
            Self::Fault => Fault::parse(word).map(Fault::bit),
            Self::Cause => Cause::parse(word).map(Cause::bit),
            Self::HasReceipt => Proof::parse(word).map(Proof::bit),
            Self::Condition => State::parse(word).map(State::bit),
            Self::Exception => Exception::parse(word).map(Exception::bit),
            Self::Special => Special::parse(word).map(Special::bit),
            Self::CarEvent => CarEvent::parse(word).map(CarEvent::bit),
            Self::Component => ComponentKind::parse(word).map(ComponentKind::bit),
            Self::SameModel | Self::Durable | Self::Proven | Self::Exchanged | Self::PartReplaced => {
                YesNo::parse(word).map(YesNo::bit)
            }
        }
    }

    pub(crate) fn fact(self) -> FactName {
        match self {
            Self::Channel => FactName::Channel,
            Self::Fault => FactName::Fault,
            Self::Cause => FactName::Cause,
            Self::HasReceipt | Self::Proven => FactName::HasReceipt,
            Self::Condition => FactName::Condition,
            Self::Exception => FactName::Exception,
            Self::SameModel => FactName::SameModel,
            Self::Special => FactName::Special,
            Self::CarEvent => FactName::CarEvent,
            Self::Component => FactName::Component,
            Self::Durable => FactName::Category,
            Self::Exchanged => FactName::ExchangedOn,
            Self::PartReplaced => FactName::PartReplacedOn,
        }
    }
}

/// The words that a fact may have; none where it is a number, a day or a code.
pub(crate) fn words_of(fact: FactName) -> &'static [&'static str] {
    macro_rules! all {
        ($($word:literal),+) => { &[$($word),+] };
    }
    match fact {
        FactName::Channel => all!("store", "online", "tv", "phone", "mail", "doorstep"),
        FactName::Fault => all!("performance", "minor", "serious", "none"),
        FactName::Cause => {
            all!(
                "product",
                "unknown",
                "misuse",
                "foreign_repair",
                "force_majeure",
                "altered_voucher",
                "model_mismatch",
                "virus",
                "pirated_software"
            )
        }
        FactName::HasReceipt => all!("yes", "provable", "serial_only", "no"),
        FactName::Condition => {
            all!(
                "intact",
                "opened_inspected",
                "missing_gift",
                "used_trace",
                "activated",
                "label_tampered",
                "seal_broken",
                "tag_removed",
                "damaged",
                "missing_accessory"
            )
        }
        FactName::Exception => {
            all!(
                "none",
                "custom",
                "fresh",
                "digital_opened",
                "periodical",
                "confirmable_confirmed",
                "confirmable_unconfirmed"
            )
        }
        FactName::SameModel => all!("yes", "no"),
        FactName::Special => all!("none", "authority_unqualified", "fraud", "danger"),
        FactName::CarEvent => {
            all!(
                "ordinary",
                "powertrain_fault",
                "steering_failure",
                "brake_failure",
                "body_crack",
                "fuel_leak",
                "battery_fire",
                "serious_safety",
                "assembly_replaced",
                "same_part_replaced",
                "repair_time",
                "same_problem"
            )
        }
        _ => &[],
    }
}

/// A day from which windows count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// Where the terms of the regime start.
    Start,
    Bought,
    Received,
    Installed,
    ExchangedOn,
    PartReplacedOn,
    FactoryDate,
}

impl Anchor {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "start" => Self::Start,
            "bought" => Self::Bought,
            "received" => Self::Received,
            "installed" => Self::Installed,
            "exchanged_on" => Self::ExchangedOn,
            "part_replaced_on" => Self::PartReplacedOn,
            "factory_date" => Self::FactoryDate,
            _ => return None,
        })
    }
}

/// The latest of several days, of which some may be unknown: it is at least `day`, and would be later if one of `missing` is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Latest {
    pub(crate) day: Option<Day>,
    pub(crate) missing: FactSet,
}

impl Latest {
    pub(crate) fn of(anchors: &[Anchor], facts: &Facts, start: Self) -> Self {
        anchors.iter().fold(Self::default(), |latest, anchor| {
            let known = |day: Option<Day>, fact| match day {
                Some(day) => Self { day: Some(day), missing: FactSet::EMPTY },
                None => Self { day: None, missing: FactSet::of(fact) },
            };
            let happened = |happened: Happened, fact| match happened {
                Happened::On(day) => known(Some(day), fact),
                Happened::Never => Self::default(),
                Happened::Unknown => known(None, fact),
            };
            let next = match anchor {
                Anchor::Start => start,
                Anchor::Bought => known(facts.bought, FactName::Bought),
                Anchor::Received => known(facts.received, FactName::Received),
                Anchor::FactoryDate => known(facts.factory_date, FactName::FactoryDate),
                Anchor::Installed => happened(facts.installed, FactName::Installed),
                Anchor::ExchangedOn => happened(facts.exchanged_on, FactName::ExchangedOn),
                Anchor::PartReplacedOn => happened(facts.part_replaced_on, FactName::PartReplacedOn),
            };
            Self { day: latest.day.max(next.day), missing: latest.missing.and(next.missing) }
        })
    }
}

/// Compiles the conditions of a rule. The order is: facts, numbers, windows, what is open; the first that fails is the reason shown.
pub(crate) fn compile(when: &When, windows: &[&str]) -> Result<Tests, String> {
    let mut tests = Vec::new();
    for (key, condition) in when {
        tests.push(test(key, condition, windows)?);
    }
    tests.sort_by_key(|test| match test {
        Test::Word { .. } => 0,
        Test::Number { .. } => 1,
        Test::After(_) => 2,
        Test::Within(_) => 3,
        Test::Open(_) | Test::NotOpen(_) => 4,
        Test::Any(_) => 5,
    });
    Ok(tests)
}

fn test(key: &str, condition: &Condition, windows: &[&str]) -> Result<Test, String> {
    let window = || match condition {
        Condition::Word(name) => windows
            .iter()
            .position(|window| *window == name)
            .ok_or_else(|| format!("{key} = {name}: there is no such window")),
        _ => Err(format!("{key} names one window")),
    };
    let remedies = || match condition {
        Condition::Word(word) if word == "any" => Ok(Remedy::ALL.iter().fold(0, |mask, remedy| mask | remedy.bit())),
        Condition::Words(words) => words.iter().try_fold(0, |mask, word| {
            Remedy::parse(word).map(|remedy| mask | remedy.bit()).ok_or_else(|| format!("{key}: {word} is no remedy"))
        }),
        _ => Err(format!("{key} lists remedies")),
    };
    match key {
        "within" => return Ok(Test::Within(window()?)),
        "after" => return Ok(Test::After(window()?)),
        "open" => return Ok(Test::Open(remedies()?)),
        "not_open" => return Ok(Test::NotOpen(remedies()?)),
        "any" => {
            let Condition::Any(cases) = condition else { return Err("any lists conditions".to_owned()) };
            return Ok(Test::Any(cases.iter().map(|case| compile(case, windows)).collect::<Result<_, _>>()?));
        }
        _ => {}
    }
    if let Some(count) = FactCount::parse(key) {
        let Condition::Number(bounds) = condition else {
            return Err(format!("{key} needs at_least, at_most, over or under"));
        };
        let least = [bounds.at_least, bounds.over.map(|n| n.saturating_add(1))].into_iter().flatten().max();
        let most = [bounds.at_most, bounds.under.map(|n| n.saturating_sub(1))].into_iter().flatten().min();
        let (least, most) = (least.unwrap_or(i64::MIN), most.unwrap_or(i64::MAX));
        if least > most {
            return Err(format!("{key} can never be true"));
        }
        return Ok(Test::Number { count, least, most });
    }
    let Some(choice) = Choice::parse(key) else { return Err(format!("{key} is not known")) };
    let words = match condition {
        Condition::Word(word) => std::slice::from_ref(word),
        Condition::Words(words) => words.as_slice(),
        Condition::Number(_) | Condition::Any(_) => return Err(format!("{key} lists words")),
    };
    let allowed = words.iter().try_fold(0, |mask, word| {
        choice.bit_of(word).map(|bit| mask | bit).ok_or_else(|| format!("{key} is never {word}"))
    })?;
    if allowed == 0 {
        return Err(format!("{key} can never be true"));
    }
    Ok(Test::Word { choice, allowed })
}
