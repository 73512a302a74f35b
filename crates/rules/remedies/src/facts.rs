use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::day::Day;
use crate::words::{CarEvent, Cause, Channel, Condition, Exception, FactName, Fault, Proof, Special, YesNo};

/// Something that may have happened on a day. Written as the day, as `none`, or left out while it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Happened {
    /// Not known yet.
    #[default]
    Unknown,
    /// It did not happen.
    Never,
    /// It happened on this day.
    On(Day),
}

impl Happened {
    /// Whether nothing is known.
    pub fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }
}

impl Serialize for Happened {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unknown => serializer.serialize_none(),
            Self::Never => serializer.serialize_str("none"),
            Self::On(day) => day.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Happened {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Option::<std::borrow::Cow<'de, str>>::deserialize(deserializer)? {
            None => Ok(Self::Unknown),
            Some(text) if text == "none" => Ok(Self::Never),
            Some(text) => text.parse().map(Self::On).map_err(serde::de::Error::custom),
        }
    }
}

/// What is known of a purchase and its fault. Everything but the day of the claim may be unknown: `None` is a value, and the verdict
/// says what it would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Category of the goods. One that is in no list is judged by the general law, never as "no rights".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Where it was bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Day of the invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bought: Option<Day>,
    /// Day of delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Day>,
    /// Day on which the seller's side finished installing.
    #[serde(default, skip_serializing_if = "Happened::is_unknown")]
    pub installed: Happened,
    /// Day on which this unit was given in exchange for another.
    #[serde(default, skip_serializing_if = "Happened::is_unknown")]
    pub exchanged_on: Happened,
    /// Day on which the faulty part was replaced before.
    #[serde(default, skip_serializing_if = "Happened::is_unknown")]
    pub part_replaced_on: Happened,
    /// Factory day of the serial number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factory_date: Option<Day>,
    /// Day of the claim, through whatever channel it first came in; also the day of the refund for a fee.
    pub claim_date: Day,
    /// How grave the fault is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// What caused it; [`Cause::Unknown`] is a dispute, `None` was not asked yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// `whole`, or the name of a part or accessory of the category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// Finished repairs of this unit for performance faults (cars: of the ground in question; accessories: replacements).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repairs_done: Option<u32>,
    /// All days in repair so far, the open repair and waiting included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_in_repair: Option<u32>,
    /// Days of the repair that is open now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_repair_days: Option<u32>,
    /// How many of them were spent waiting for the maker's parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts_wait_days: Option<u32>,
    /// How the sale can be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_receipt: Option<Proof>,
    /// Condition of the goods; matters only for returns without a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    /// Whether they may be kept out of such returns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<Exception>,
    /// Whether a unit of the same model is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_model: Option<YesNo>,
    /// Findings that come before everything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special: Option<Special>,
    /// Distance driven, km.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub km: Option<u32>,
    /// What happened to a car.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub car_event: Option<CarEvent>,
    /// The maker's usage coefficient per 100000; without it the legal maximum of 500.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_per_100k: Option<u32>,
    /// Invoice price, or what was really paid when that is proved, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_fen: Option<i64>,
}

/// Facts that cannot all be true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{fact:?} contradicts {other:?}: {}", .rule.as_str())]
pub struct Contradiction {
    /// The fact to look at.
    pub fact: FactName,
    /// What it contradicts.
    pub other: FactName,
    /// Why.
    pub rule: Impossible,
}

crate::words::words! {
    /// What cannot be.
    Impossible {
        /// A day before the purchase, or after the claim.
        Before = "before",
        /// A day after the claim.
        After = "after",
        /// A part of something is more than the whole.
        MoreThanWhole = "more_than_whole",
        /// Less than nothing.
        Negative = "negative",
    }
}

impl Facts {
    /// Nothing known but the day of the claim.
    pub fn on(claim_date: Day) -> Self {
        Self {
            category: None,
            channel: None,
            bought: None,
            received: None,
            installed: Happened::Unknown,
            exchanged_on: Happened::Unknown,
            part_replaced_on: Happened::Unknown,
            factory_date: None,
            claim_date,
            fault: None,
            cause: None,
            component: None,
            repairs_done: None,
            days_in_repair: None,
            open_repair_days: None,
            parts_wait_days: None,
            has_receipt: None,
            condition: None,
            exception: None,
            same_model: None,
            special: None,
            km: None,
            car_event: None,
            n_per_100k: None,
            price_fen: None,
        }
    }

    /// The first contradiction between the facts, if there is one. Goods may arrive before their invoice, and a claim may come before
    /// delivery; nothing else may be out of order.
    pub fn check(&self) -> Result<(), Contradiction> {
        use FactName as N;
        let wrong = |fact, other, rule| Err(Contradiction { fact, other, rule });
        let on = |happened| match happened {
            Happened::On(day) => Some(day),
            Happened::Unknown | Happened::Never => None,
        };
        for (fact, day) in [
            (N::Bought, self.bought),
            (N::ExchangedOn, on(self.exchanged_on)),
            (N::PartReplacedOn, on(self.part_replaced_on)),
            (N::FactoryDate, self.factory_date),
        ] {
            if day.is_some_and(|day| day > self.claim_date) {
                return wrong(fact, N::ClaimDate, Impossible::After);
            }
        }
        if let Some(bought) = self.bought {
            for (fact, day) in [(N::ExchangedOn, on(self.exchanged_on)), (N::PartReplacedOn, on(self.part_replaced_on))]
            {
                if day.is_some_and(|day| day < bought) {
                    return wrong(fact, N::Bought, Impossible::Before);
                }
            }
        }
        for (part, value, whole, limit) in [
            (N::PartsWaitDays, self.parts_wait_days, N::OpenRepairDays, self.open_repair_days),
            (N::OpenRepairDays, self.open_repair_days, N::DaysInRepair, self.days_in_repair),
        ] {
            if let (Some(value), Some(limit)) = (value, limit)
                && value > limit
            {
                return wrong(part, whole, Impossible::MoreThanWhole);
            }
        }
        if self.price_fen.is_some_and(|price| price < 0) {
            return wrong(N::PriceFen, N::PriceFen, Impossible::Negative);
        }
        Ok(())
    }

    /// Whether `fact` is known.
    pub fn knows(&self, fact: FactName) -> bool {
        use FactName as N;
        match fact {
            N::ClaimDate | N::NPer100k => true,
            N::Category => self.category.is_some(),
            N::Fault => self.fault.is_some(),
            N::Channel => self.channel.is_some(),
            N::Bought => self.bought.is_some(),
            N::Received => self.received.is_some(),
            N::Installed => !self.installed.is_unknown(),
            N::Special => self.special.is_some(),
            N::Cause => self.cause.is_some(),
            N::Component => self.component.is_some(),
            N::HasReceipt => self.has_receipt.is_some(),
            N::FactoryDate => self.factory_date.is_some(),
            N::RepairsDone => self.repairs_done.is_some(),
            N::DaysInRepair => self.days_in_repair.is_some(),
            N::OpenRepairDays => self.open_repair_days.is_some(),
            N::PartsWaitDays => self.parts_wait_days.is_some(),
            N::SameModel => self.same_model.is_some(),
            N::CarEvent => self.car_event.is_some(),
            N::Km => self.km.is_some(),
            N::ExchangedOn => !self.exchanged_on.is_unknown(),
            N::PartReplacedOn => !self.part_replaced_on.is_unknown(),
            N::Condition => self.condition.is_some(),
            N::Exception => self.exception.is_some(),
            N::PriceFen => self.price_fen.is_some(),
        }
    }
}

/// A value that a fact cannot take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} cannot be {value:?}: {expected}", .fact.as_str())]
pub struct BadValue {
    /// The fact.
    pub fact: FactName,
    /// What was given.
    pub value: String,
    /// What it may be.
    pub expected: String,
}

impl Facts {
    /// Sets one fact from its word, as a table or a form gives it. An empty value and `?` mean that it is not known.
    pub fn set(&mut self, fact: FactName, value: &str) -> Result<(), BadValue> {
        use FactName as N;
        let value = value.trim();
        let known = (!value.is_empty() && value != "?").then_some(value);
        let bad = |expected: &str| BadValue { fact, value: value.to_owned(), expected: expected.to_owned() };
        macro_rules! word {
            ($type:ty) => {
                match known {
                    None => None,
                    Some(word) => Some(<$type>::parse(word).ok_or_else(|| {
                        let all: Vec<&str> = <$type>::ALL.iter().map(|value| value.as_str()).collect();
                        bad(&format!("one of {}", all.join(", ")))
                    })?),
                }
            };
        }
        let day = || known.map(|text| text.parse::<Day>().ok().ok_or_else(|| bad("a day like 2026-03-10"))).transpose();
        let number = || {
            let read = |text: &str| text.parse::<u32>().ok().filter(|n| *n <= 10_000_000);
            known.map(|text| read(text).ok_or_else(|| bad("a whole number from 0"))).transpose()
        };
        let happened = || match known {
            None => Ok(Happened::Unknown),
            Some("none") => Ok(Happened::Never),
            Some(text) => text.parse().ok().map(Happened::On).ok_or_else(|| bad("a day like 2026-03-10, or none")),
        };
        let code = || match known {
            None => Ok(None),
            Some(text)
                if text.len() <= 40
                    && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') =>
            {
                Ok(Some(text.to_owned()))
            }
            Some(_) => Err(bad("a code of small letters, digits and _")),
        };
        match fact {
            N::ClaimDate => self.claim_date = day()?.ok_or_else(|| bad("a day like 2026-03-10"))?,
            N::Category => self.category = code()?,
            N::Fault => self.fault = word!(Fault),
            N::Channel => self.channel = word!(Channel),
            N::Bought => self.bought = day()?,
            N::Received => self.received = day()?,
            N::Installed => self.installed = happened()?,
            N::Special => self.special = word!(Special),
            N::Cause => self.cause = word!(Cause),
            N::Component => self.component = code()?,
            N::HasReceipt => self.has_receipt = word!(Proof),
            N::FactoryDate => self.factory_date = day()?,
            N::RepairsDone => self.repairs_done = number()?,
            N::DaysInRepair => self.days_in_repair = number()?,
            N::OpenRepairDays => self.open_repair_days = number()?,
            N::PartsWaitDays => self.parts_wait_days = number()?,
            N::SameModel => self.same_model = word!(YesNo),
            N::CarEvent => self.car_event = word!(CarEvent),
            N::Km => self.km = number()?,
            N::ExchangedOn => self.exchanged_on = happened()?,
            N::PartReplacedOn => self.part_replaced_on = happened()?,
            N::Condition => self.condition = word!(Condition),
            N::Exception => self.exception = word!(Exception),
            N::PriceFen => {
                let read = |text: &str| text.parse::<i64>().ok().filter(|fen| (0..=100_000_000_000).contains(fen));
                self.price_fen =
                    known.map(|text| read(text).ok_or_else(|| bad("fen from 0 to 100000000000"))).transpose()?;
            }
            N::NPer100k => self.n_per_100k = number()?,
        }
        Ok(())
    }

    /// Sets one fact from a cell of a table of cases. There an empty cell says that nothing of the kind happened: no installation by the
    /// seller, no exchange, nothing special; only `?` says that it is not known. What has no such meaning stays unknown.
    pub fn set_cell(&mut self, fact: FactName, cell: &str) -> Result<(), BadValue> {
        use FactName as N;
        let empty = match fact {
            N::Installed | N::ExchangedOn | N::PartReplacedOn | N::Special | N::Exception => "none",
            N::RepairsDone | N::DaysInRepair | N::OpenRepairDays | N::PartsWaitDays => "0",
            N::CarEvent => "ordinary",
            N::Component => "whole",
            _ => "?",
        };
        self.set(fact, if cell.trim().is_empty() { empty } else { cell })
    }
}
