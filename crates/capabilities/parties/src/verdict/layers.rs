//! The terms above the law that hold for one unit, as the engine reads them, with what people call them.

use std::collections::BTreeSet;
use std::sync::Arc;

use db::Tx;
use kernel::{Day, Fault, Id, of};
use remedies::{Less, Remedy, Terms, VoidTerm};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::rulebook;
use crate::domain::Cover;
use crate::domain::terms::{TermsDraft, TermsLayer, between, rules};
use crate::store::{self, Product, Sale, SoldAt, SoldTerms, UnitRow};

/// One text above the law, as it is kept with what was judged by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The code that verdicts name it by.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Who gives it.
    pub provider: Option<String>,
    /// Where it stands.
    pub href: Option<String>,
    /// The rule file.
    pub rules: Value,
}

impl Named {
    /// Terms that came with a question.
    pub fn typed(code: &str) -> Self {
        Self { code: code.to_owned(), name: code.to_owned(), provider: None, href: None, rules: Value::Null }
    }
}

/// All of them, in the order of the layers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Layers {
    terms: Vec<Terms>,
    named: Vec<Named>,
}

impl Layers {
    /// Reads rule files.
    ///
    /// # Errors
    /// `internal` when one of them cannot be read.
    pub fn of(named: Vec<Named>) -> Result<Arc<Self>, Fault> {
        let book = rulebook()?;
        let terms = named.iter().map(|one| book.layer_from(&one.code, &one.rules)).collect::<Result<Vec<_>, _>>();
        Ok(Arc::new(Self { terms: terms.map_err(Fault::internal)?, named }))
    }
    /// As they were kept; nothing kept is no layer.
    ///
    /// # Errors
    /// `internal` when it cannot be read.
    pub fn thawed(kept: &str) -> Result<Arc<Self>, Fault> {
        if kept.is_empty() || kept == "[]" {
            return Ok(Arc::default());
        }
        Self::of(serde_json::from_str(kept).map_err(Fault::internal)?)
    }
    /// As they are kept.
    ///
    /// # Errors
    /// `internal` when they cannot be written.
    pub fn frozen(&self) -> Result<String, Fault> {
        serde_json::to_string(&self.named).map_err(Fault::internal)
    }
    /// For the engine.
    pub fn terms(&self) -> &[Terms] {
        &self.terms
    }
    /// What `code` is called.
    pub fn named(&self, code: &str) -> Option<&Named> {
        self.named.iter().find(|one| one.code == code)
    }
    /// All of them.
    pub fn all(&self) -> &[Named] {
        &self.named
    }
}

/// Terms as a layer; what was sold separately begins `later` days after the purchase.
fn named(terms: &store::Terms, later: i64) -> Named {
    let code = terms.code();
    Named {
        name: terms.draft.name.clone(),
        provider: terms.draft.provider.clone(),
        href: Some(format!("/terms/{}", terms.id)),
        rules: rules(&code, &terms.draft, later),
        code,
    }
}

/// What holds for `product`, sold as `sale` (else as of `day`), and for `unit` of it.
///
/// # Errors
/// What the database says.
pub async fn of_product(
    tx: &mut Tx,
    product: &Product,
    sale: Option<&Sale>,
    unit: Option<Id<of::SerialUnit>>,
    day: Day,
) -> Result<Arc<Layers>, Fault> {
    let (sold_on, at) = match sale {
        Some(sale) => (sale.day, SoldAt::of(tx, sale).await?),
        None => (day, SoldAt::default()),
    };
    let mut found: Vec<(TermsLayer, Named)> = store::terms_for(tx, product, sold_on, at)
        .await?
        .iter()
        .map(|terms| (terms.draft.layer, named(terms, 0)))
        .collect();
    if let Some(sale) = sale {
        let sold = store::sold_with(tx, sale, unit).await?;
        // A piece without a serial number has what was sold with the whole sale.
        let fits = |one: &&SoldTerms| one.unit.is_none() || one.unit == unit;
        found.extend(
            sold.iter()
                .filter(fits)
                .map(|one| (one.terms.draft.layer, named(&one.terms, between(sale.day, one.begins)))),
        );
    }
    found.sort_by_key(|(layer, _)| *layer);
    let mut seen = BTreeSet::new();
    let named = found.into_iter().map(|(_, one)| one).filter(|one| seen.insert(one.code.clone())).collect();
    Layers::of(named)
}

/// What holds for the unit `id`; nothing when there is no such unit.
///
/// # Errors
/// What the database says.
pub async fn of_unit_id(tx: &mut Tx, id: Id<of::SerialUnit>, day: Day) -> Result<Arc<Layers>, Fault> {
    let Some(row) = store::get_unit(tx, id).await? else { return Ok(Arc::default()) };
    let sale = match row.unit.sale {
        Some(sale) => store::get_sale(tx, sale).await?,
        None => None,
    };
    of_product(tx, &row.product, sale.as_ref(), Some(id), day).await
}

/// The same as promises on a sale's paper, for the list of what covers a unit.
///
/// # Errors
/// What the database says.
pub async fn covers(tx: &mut Tx, row: &UnitRow, sale: &Sale) -> Result<Vec<Cover>, db::DbError> {
    let at = SoldAt::of(tx, sale).await?;
    let terms = store::terms_for(tx, &row.product, sale.day, at).await?;
    let first = row.unit.warranty_from.unwrap_or(sale.day);
    let mut covers: Vec<Cover> = terms
        .iter()
        .map(|terms| Cover {
            source: terms.draft.layer.source(),
            promise: terms.draft.name.clone(),
            provider: terms.draft.provider.clone(),
            ends_on: terms.draft.promises.iter().filter(|one| !one.denied).map(|one| one.last_day(first)).max(),
        })
        .collect();
    let sold = store::sold_with(tx, sale, Some(row.unit.id)).await?;
    covers.extend(sold.into_iter().map(|one| Cover {
        source: one.terms.draft.layer.source(),
        ends_on: Some(one.ends()),
        promise: one.terms.draft.name,
        provider: one.terms.draft.provider,
    }));
    Ok(covers)
}

/// A term that falls short of the law somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Below {
    /// Which promise, from 0.
    pub promise: usize,
    /// The remedy that it touches.
    pub remedy: Remedy,
    /// How.
    pub less: &'static str,
    /// The clauses that stand against it.
    pub cite: Vec<String>,
}

/// The word for how a term falls short.
pub const fn less_word(less: Less) -> &'static str {
    match less {
        Less::Denied => "denied",
        Less::Shorter => "shorter",
        Less::Dearer => "dearer",
        Less::Papers => "papers",
    }
}

/// Looks for places where `draft` falls below the law: the goods of `law` (else of usual groups) with each kind of fault, on days
/// around every limit. What is found is void there; what is not found may still be void elsewhere.
///
/// # Errors
/// `internal` when the rules cannot be read.
pub fn below(draft: &TermsDraft, law: Option<&str>) -> Result<Vec<Below>, Fault> {
    let book = rulebook()?;
    let code = "draft";
    let layer = Layers::of(vec![Named {
        code: code.to_owned(),
        name: draft.name.clone(),
        provider: None,
        href: None,
        rules: rules(code, draft, 0),
    }])?;
    let usual = ["washer", "tv_flat", "phone", "pc_laptop", "clothing"];
    let groups: Vec<&str> = law.map_or_else(|| usual.to_vec(), |law| vec![law]);
    let bought = remedies::Day::from(draft.from.date());
    let mut found: Vec<Below> = Vec::new();
    for group in groups {
        for fault in ["none", "minor", "performance", "serious"] {
            for (repairs, days) in [0, 1].into_iter().flat_map(|n| {
                [1, 3, 6, 7, 8, 10, 14, 15, 16, 30, 90, 180, 330, 360].into_iter().map(move |day| (n * 2, day))
            }) {
                let channel = if fault == "none" { "online" } else { "store" };
                let Some(facts) = probe(group, fault, channel, repairs, bought, days) else { continue };
                let Ok(verdict) = book.verdict(&facts, layer.terms()) else { continue };
                for void in &verdict.void {
                    let Some(one) = probed(void) else { continue };
                    if !found
                        .iter()
                        .any(|old| (old.promise, old.remedy, old.less) == (one.promise, one.remedy, one.less))
                    {
                        found.push(one);
                    }
                }
            }
        }
    }
    found.sort();
    Ok(found)
}

fn probed(void: &VoidTerm<'_>) -> Option<Below> {
    Some(Below {
        promise: void.rule.strip_prefix('p')?.parse().ok()?,
        remedy: void.remedy,
        less: less_word(void.less),
        cite: void.cite.iter().map(|cite| (*cite).to_owned()).collect(),
    })
}

fn probe(
    group: &str,
    fault: &str,
    channel: &str,
    repairs: i64,
    bought: remedies::Day,
    days: i64,
) -> Option<remedies::Facts> {
    use remedies::FactName as N;
    let mut facts = remedies::Facts::on(bought.plus_days(days));
    let day = bought.to_string();
    let repairs = repairs.to_string();
    let cause = if fault == "none" { "none" } else { "product" };
    for (fact, word) in [
        (N::Category, group),
        (N::Channel, channel),
        (N::Bought, &day),
        (N::Received, &day),
        (N::Fault, fault),
        (N::Component, "whole"),
        (N::RepairsDone, &repairs),
        (N::HasReceipt, "yes"),
        (N::SameModel, "yes"),
        (N::Condition, "intact"),
        (N::PriceFen, "300000"),
    ] {
        facts.set(fact, word).ok()?;
    }
    if cause == "product" {
        facts.set(N::Cause, cause).ok()?;
    } else {
        facts.cause = Some(remedies::Cause::None);
    }
    for usual in remedies::FactName::ALL.iter().copied().filter(|fact| !matches!(fact, N::Km | N::FactoryDate)) {
        if !facts.knows(usual) {
            let _ = facts.set_cell(usual, "");
        }
    }
    Some(facts)
}
