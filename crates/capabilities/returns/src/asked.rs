//! What was answered so far, as it stands in the page's address. Nothing is kept elsewhere.

use kernel::{Day as Today, Id, of};
use remedies::{BadValue, FactName, Facts};
use web::Form;

/// Facts that are usual unless somebody says otherwise: they may be taken together.
const USUAL: &[FactName] = &[
    FactName::Component,
    FactName::RepairsDone,
    FactName::OpenRepairDays,
    FactName::PartsWaitDays,
    FactName::DaysInRepair,
    FactName::Installed,
    FactName::ExchangedOn,
    FactName::PartReplacedOn,
    FactName::Exception,
    FactName::CarEvent,
];

/// Findings that somebody brings up: until then there are none.
const UNLESS_RAISED: &[FactName] = &[FactName::Special];

/// The answers, and how the person goes through the questions.
pub(crate) struct Asked {
    /// Answers in the order in which they are asked.
    pub(crate) told: Vec<(FactName, String)>,
    /// Facts that the person does not know.
    pub(crate) skipped: Vec<FactName>,
    /// The fact that the person wants to be asked.
    pub(crate) wanted: Option<FactName>,
    /// Whether everything else is taken as usual.
    pub(crate) usual: bool,
    /// The unit that it is about: its terms count.
    pub(crate) unit: Option<Id<of::SerialUnit>>,
    /// What the answers amount to.
    pub(crate) facts: Facts,
    /// An answer that cannot be.
    pub(crate) wrong: Option<BadValue>,
}

impl Asked {
    /// Reads the answers from an address. The claim is of `today` unless it says another day.
    pub(crate) fn read(form: &mut Form, today: Today) -> Self {
        let mut facts = Facts::on(remedies::Day::from(today.date()));
        let mut told = Vec::new();
        let mut wrong = None;
        // The amount is typed in yuan.
        let price = form.money_or_none("price");
        if price.is_none() && !form.raw("price").trim().is_empty() {
            wrong = Some(BadValue {
                fact: FactName::PriceFen,
                value: form.raw("price").to_owned(),
                expected: String::new(),
            });
        }
        for fact in FactName::ALL {
            let raw = match (fact, price) {
                (FactName::PriceFen, Some(price)) => price.fen().to_string(),
                _ => form.raw(fact.as_str()).trim().to_owned(),
            };
            if raw.is_empty() || raw == "?" {
                continue;
            }
            match facts.set(*fact, &raw) {
                Ok(()) => told.push((*fact, raw)),
                Err(bad) => wrong = Some(bad),
            }
        }
        let usual = form.raw("usual") == "yes";
        for fact in taken(usual) {
            if !facts.knows(fact) {
                // An empty cell is exactly what is usual; it is always a value.
                let _ = facts.set_cell(fact, "");
            }
        }
        let skipped = form.all("skip").filter_map(FactName::parse).collect();
        let unit = form.id_or_none("unit");
        Self { told, skipped, wanted: FactName::parse(form.raw("ask")), usual, unit, facts, wrong }
    }

    /// Facts that are taken as usual and were not answered.
    pub(crate) fn taken_as_usual(&self) -> impl Iterator<Item = FactName> {
        taken(self.usual).filter(|fact| !self.told.iter().any(|(told, _)| told == fact))
    }

    /// What a form or link carries on: all answers but those about `fact`.
    pub(crate) fn without(&self, fact: Option<FactName>) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        for (told, word) in self.told.iter().filter(|(told, _)| Some(*told) != fact) {
            pairs.push((told.as_str(), word.clone()));
        }
        for skipped in self.skipped.iter().filter(|skipped| Some(**skipped) != fact) {
            pairs.push(("skip", skipped.as_str().to_owned()));
        }
        if self.usual {
            pairs.push(("usual", "yes".to_owned()));
        }
        pairs.extend(self.unit.map(|unit| ("unit", unit.to_string())));
        pairs
    }

    /// The address of a page with these answers and `more`.
    pub(crate) fn href(path: &str, mut pairs: Vec<(&'static str, String)>, more: &[(&'static str, &str)]) -> String {
        pairs.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        match serde_urlencoded::to_string(&pairs) {
            Ok(query) if !query.is_empty() => format!("{path}?{query}"),
            _ => path.to_owned(),
        }
    }
}

fn taken(usual: bool) -> impl Iterator<Item = FactName> {
    UNLESS_RAISED.iter().chain(USUAL.iter().filter(move |_| usual)).copied()
}
