//! What a customer may ask for by law for a unit that we sold: the facts that the records hold, judged by the one rulebook.

mod card;
pub mod layers;
pub mod words;

use std::sync::{Arc, OnceLock};

use db::Tx;
use kernel::{Day, Fault as Failed, Id, Money, Permission, of};
use remedies::{Cause, Channel, FactName, Facts, Fault, Happened, Proof, Rulebook, Verdict};

pub use card::{Link, card};
pub use layers::Layers;

use crate::domain::{FaultClass, RepairKind, SoldBy};
use crate::store::{self, Sale, UnitRepair, UnitRow};

/// Ask what a customer may claim.
pub const JUDGE: Permission = Permission("returns.judge");

/// The rules, read once. They are part of the program: an error here is a broken build.
///
/// # Errors
/// `internal` when they cannot be read.
pub fn rulebook() -> Result<&'static Rulebook, Failed> {
    static BOOK: OnceLock<Result<Rulebook, String>> = OnceLock::new();
    BOOK.get_or_init(|| Rulebook::china().map_err(|error| error.to_string())).as_ref().map_err(Failed::internal)
}

/// What the records say of a unit.
#[derive(Debug, Clone)]
pub struct Known<'k> {
    /// The unit with its product.
    pub row: &'k UnitRow,
    /// Its sale.
    pub sale: Option<&'k Sale>,
    /// What was paid for it.
    pub price: Option<Money>,
    /// The category of the rules.
    pub law: Option<String>,
    /// What happened to it.
    pub repairs: &'k [UnitRepair],
    /// How grave the fault is, by what the customer complained about.
    pub fault: Option<Fault>,
    /// The day of the claim.
    pub claim: Day,
}

/// The facts and the terms on which a verdict rests; it follows from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The facts.
    pub facts: Facts,
    /// The terms above the law.
    pub layers: Arc<Layers>,
    /// The unit that it is about.
    pub unit: Option<Id<of::SerialUnit>>,
    /// Nobody has said yet what is wrong: it goes for a performance fault of the product.
    pub supposed: bool,
}

impl Judged {
    /// What is open.
    ///
    /// # Errors
    /// `internal` when the rules cannot be read; that the facts contradict each other was looked at before.
    pub fn verdict(&self) -> Result<Verdict<'_>, Failed> {
        rulebook()?.verdict(&self.facts, self.layers.terms()).map_err(Failed::internal)
    }
}

fn day(day: Day) -> remedies::Day {
    remedies::Day::from(day.date())
}

/// A fault class as the rules name it.
pub const fn fault(class: FaultClass) -> Fault {
    match class {
        FaultClass::None => Fault::None,
        FaultClass::Minor => Fault::Minor,
        FaultClass::Performance => Fault::Performance,
        FaultClass::Serious => Fault::Serious,
    }
}

fn count(n: i64) -> u32 {
    u32::try_from(n.max(0)).unwrap_or(u32::MAX)
}

/// The facts in the records. What is usual stands for what nobody noted: the whole unit, delivered where it was sold, never installed by
/// us; whether a unit of the model is in stock is not known here. Cause and fault go for a product's performance fault until somebody
/// says otherwise ([`Judged::supposed`]).
pub fn facts(known: &Known<'_>) -> Facts {
    let mut facts = Facts::on(day(known.claim));
    facts.category = known.law.clone();
    facts.bought = known.sale.map(|sale| day(sale.day));
    facts.channel = known.sale.and_then(|sale| match sale.channel {
        SoldBy::Store => Some(Channel::Store),
        SoldBy::Online | SoldBy::Platform => Some(Channel::Online),
        SoldBy::Group | SoldBy::Other => None,
    });
    let unit = &known.row.unit;
    facts.received = unit.warranty_from.map(day).or(facts.bought.filter(|_| facts.channel == Some(Channel::Store)));
    facts.has_receipt = Some(if known.sale.is_some() { Proof::Yes } else { Proof::SerialOnly });
    facts.price_fen = known.price.map(Money::fen);
    facts.fault = Some(known.fault.unwrap_or(Fault::Performance));
    facts.cause = Some(if facts.fault == Some(Fault::None) { Cause::None } else { Cause::Product });
    let last = |what: RepairKind| {
        let found = known.repairs.iter().filter(|one| one.draft.what == what).filter_map(|one| one.draft.ended).max();
        found.map_or(Happened::Never, |ended| Happened::On(day(ended)))
    };
    facts.exchanged_on = match last(RepairKind::Exchange) {
        Happened::Never if unit.exchanges > 0 => Happened::Unknown,
        known => known,
    };
    facts.part_replaced_on = last(RepairKind::MainPart);
    let repairs = known.repairs.iter().filter(|one| one.draft.what == RepairKind::Repair);
    let counted = repairs.clone().filter(|one| one.counted).count();
    facts.repairs_done = Some(count(unit.repairs));
    // Where the count is greater than what is written down, nobody knows the days.
    let told = i64::try_from(counted).unwrap_or(i64::MAX) >= unit.repairs;
    let days: i64 = repairs.clone().map(|one| one.draft.days(known.claim)).sum();
    facts.days_in_repair = told.then(|| count(days));
    let open = repairs.filter(|one| one.draft.ended.is_none()).max_by_key(|one| one.draft.began);
    facts.open_repair_days = Some(count(open.map_or(0, |one| one.draft.days(known.claim))));
    facts.parts_wait_days = Some(count(open.map_or(0, |one| one.draft.parts_days)));
    for usual in [FactName::Component, FactName::Installed, FactName::Exception, FactName::CarEvent, FactName::Special]
    {
        // An empty cell is exactly what is usual; it is always a value.
        let _ = facts.set_cell(usual, "");
    }
    facts
}

/// The verdict on a unit that was found; `None` where the records contradict each other. Reads its product group's category, its price
/// and what happened to it, nothing else.
///
/// # Errors
/// What the database says.
pub async fn of_unit(
    tx: &mut Tx,
    row: &UnitRow,
    sale: Option<&Sale>,
    fault: Option<Fault>,
    claim: Day,
) -> Result<Option<Judged>, Failed> {
    let law = store::law_category(tx, &row.product.draft.category).await?;
    let repairs = store::repairs_of(tx, row.unit.id).await?;
    let price = match sale {
        Some(sale) => {
            let lines = store::lines_of(tx, sale.id).await?;
            lines.iter().find(|line| line.product == row.product.id).map(|line| line.price)
        }
        None => None,
    };
    let known = Known { row, sale, price, law, repairs: &repairs, fault, claim };
    let layers = layers::of_product(tx, &row.product, sale, Some(row.unit.id), claim).await?;
    Ok(judged(facts(&known), layers, fault.is_none()).map(|judged| Judged { unit: Some(row.unit.id), ..judged }))
}

/// The verdict on `facts` by the law and `layers`; `None` where the facts contradict each other.
pub fn judged(facts: Facts, layers: Arc<Layers>, supposed: bool) -> Option<Judged> {
    facts.check().is_ok().then_some(Judged { facts, layers, unit: None, supposed })
}

/// The page for questions with `facts` filled in, by the terms of `unit`.
pub fn href(facts: &Facts, unit: Option<Id<of::SerialUnit>>) -> String {
    let Ok(serde_json::Value::Object(all)) = serde_json::to_value(facts) else { return "/verdicts".to_owned() };
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let mut pairs: Vec<(&str, String)> =
        FactName::ALL.iter().filter_map(|fact| Some((fact.as_str(), text(all.get(fact.as_str())?)?))).collect();
    pairs.extend(unit.map(|unit| ("unit", unit.to_string())));
    format!("/verdicts?{}", serde_urlencoded::to_string(&pairs).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_category_is_in_the_rules() {
        let book = rulebook().unwrap();
        let sql = include_str!("../../../../migrations/0060_unit_facts.sql");
        let shipped = sql.lines().filter_map(|line| {
            let mut words = line.trim().strip_prefix("('")?.split("', '");
            Some((words.next()?.to_owned(), words.next()?.split('\'').next()?.to_owned()))
        });
        let shipped: Vec<(String, String)> = shipped.collect();
        assert!(shipped.len() > 20, "{shipped:?}");
        for (goods, law) in shipped {
            assert!(law == "other" || book.category(&law).is_some(), "{goods}: {law}");
        }
    }

    #[test]
    fn the_address_carries_every_fact() {
        let mut facts = Facts::on("2026-11-22".parse().unwrap());
        facts.category = Some("washer".into());
        facts.repairs_done = Some(2);
        facts.exchanged_on = Happened::Never;
        facts.price_fen = Some(329_900);
        let href = href(&facts, Some(Id::new(7)));
        for part in [
            "category=washer",
            "repairs_done=2",
            "exchanged_on=none",
            "price_fen=329900",
            "claim_date=2026-11-22",
            "unit=7",
        ] {
            assert!(href.contains(part), "{href}");
        }
    }
}
