//! A return is opened from a case: what of its sale comes back, judged line by line by the rules of the day.

use std::collections::BTreeSet;

use capability::{Ctx, Recorded, Work};
use cases::store::Case;
use db::Tx;
use kernel::{Day, Fault, FieldErrors, Id, Money, Placed, of};
use metrics::Delta;
use parties::domain::plain_code;
use parties::store::{Product, Sale, SerialUnit, UnitRepair, UnitRow};
use parties::verdict::{self, Known, layers, rulebook};
use remedies::{Cause, Condition, Fault as Broken, YesNo};

use super::access::HANDLE;
use super::events::{self, count};
use super::sign::{self, Beyond};
use crate::domain::{Entitled, GoodsIn, GoodsOut, Part, PayState, State, Way, entitled};
use crate::store::{self, LineRow, Payment, Return};

/// Longest reason, in characters.
pub(super) const TEXT: usize = 400;

/// What comes back, and what the customer wants for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The case.
    pub case: Id<of::Case>,
    /// The receipt, where the case does not name a unit of ours.
    pub receipt: Option<String>,
    /// What the customer chose.
    pub way: Way,
    /// How grave the fault is.
    pub fault: Broken,
    /// What caused it.
    pub cause: Cause,
    /// Whether a unit of the same model is there.
    pub same_model: Option<YesNo>,
    /// The condition of the goods; matters only for returns without a reason.
    pub condition: Option<Condition>,
    /// Why, in words.
    pub reason: String,
    /// So much on top of the law.
    pub extra: Money,
    /// Why.
    pub extra_reason: String,
    /// Nothing is sent back: the goods stay with the customer.
    pub keeps: bool,
    /// The lines.
    pub lines: Vec<WantedLine>,
}

/// A line of the sale that comes back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WantedLine {
    /// Which line of the sale, from 1.
    pub position: i64,
    /// How many, of goods without serial numbers.
    pub quantity: i64,
    /// Which units, of goods with them.
    pub units: Vec<Id<of::SerialUnit>>,
}

/// The sale that a return of a case would be about.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The case.
    pub case: Case,
    /// The sale, when it is known.
    pub sale: Option<Sale>,
    /// Its lines.
    pub lines: Vec<CandidateLine>,
    /// What the customer's complaint counts as.
    pub fault: Option<Broken>,
    /// Money does not wait for an inspection.
    pub obvious: bool,
    /// State subsidies that were used for its units.
    pub subsidies: Vec<parties::store::Subsidy>,
    /// The unit that the case names.
    pub named: Option<Id<of::SerialUnit>>,
}

/// A line of the sale, and what is left of it.
#[derive(Debug, Clone)]
pub struct CandidateLine {
    /// Its number, from 1.
    pub position: i64,
    /// Which product.
    pub product: Product,
    /// How many were bought.
    pub bought: i64,
    /// How many are not returned yet.
    pub left: i64,
    /// What was paid for one.
    pub price: Money,
    /// Its units, with whether each is returned already.
    pub units: Vec<(UnitRow, bool)>,
}

/// What a return of the case `id` would be about; `receipt` names the sale where the case names no unit of ours.
///
/// # Errors
/// `not-found`; `invalid` at `receipt`.
pub async fn candidate(ctx: &Ctx, id: Id<of::Case>, receipt: Option<String>) -> Result<Candidate, Fault> {
    ctx.read((ctx.clone(), id, receipt), |tx, (ctx, id, receipt)| {
        Box::pin(candidate_within(tx, ctx, *id, receipt.as_deref()))
    })
    .await
}

/// The same within a read or write that does more.
///
/// # Errors
/// As [`candidate`].
pub async fn candidate_within(
    tx: &mut Tx,
    ctx: &Ctx,
    id: Id<of::Case>,
    receipt: Option<&str>,
) -> Result<Candidate, Fault> {
    let case = cases::store::get(tx, id).await?.ok_or_else(Fault::not_found)?;
    ctx.require(cases::app::VIEW, &case)?;
    ctx.require(HANDLE, &case)?;
    let symptoms = cases::store::symptoms_of(tx, id).await?;
    let mut named = None;
    let mut sale = None;
    if let Some(serial) = &case.serial {
        let mut units = parties::store::units_by_code(tx, &plain_code(serial), 2).await?;
        if let (Some(row), true) = (units.pop(), units.is_empty())
            && let Some(of) = row.unit.sale
        {
            named = Some(row.unit.id);
            sale = parties::store::get_sale(tx, of).await?;
        }
    }
    if sale.is_none() {
        let kept = cases::store::extras(tx, id).await?.receipt;
        if let Some(receipt) = receipt.map(str::to_owned).or(kept).filter(|receipt| !receipt.trim().is_empty()) {
            let mut found = parties::store::sales_by_receipt(tx, &plain_code(&receipt), 2).await?;
            match (found.pop(), found.is_empty()) {
                (Some(one), true) => sale = Some(one),
                (Some(_), false) => return Err(Fault::field("receipt", "several-sales")),
                (None, _) => return Err(Fault::field("receipt", "receipt-unknown")),
            }
        }
    }
    let lines = match &sale {
        Some(sale) => lines_of(tx, sale).await?,
        None => Vec::new(),
    };
    let mut subsidies = Vec::new();
    for (row, _) in lines.iter().flat_map(|line| &line.units) {
        subsidies.extend(super::subsidy::of_line(tx, Some(row.unit.id)).await?);
    }
    let obvious = !symptoms.is_empty() && symptoms.iter().all(|symptom| symptom.obvious);
    Ok(Candidate { fault: cases::app::gravest(&symptoms), obvious, case, sale, lines, subsidies, named })
}

async fn lines_of(tx: &mut Tx, sale: &Sale) -> Result<Vec<CandidateLine>, Fault> {
    let gone = store::returned(tx, sale.id).await?;
    let mut units = parties::store::units_of_sale(tx, sale.id).await?;
    let mut lines = Vec::new();
    for (line, position) in parties::store::lines_of(tx, sale.id).await?.into_iter().zip(1_i64..) {
        let Some(product) = parties::store::get_product(tx, line.product).await? else { continue };
        let (own, rest): (Vec<UnitRow>, Vec<UnitRow>) =
            units.into_iter().partition(|row| row.product.id == line.product);
        units = rest;
        let taken: i64 = gone.iter().filter(|(at, ..)| *at == position).map(|(_, _, quantity)| quantity).sum();
        let is_gone = |id: Id<of::SerialUnit>| gone.iter().any(|(_, unit, _)| *unit == Some(id));
        lines.push(CandidateLine {
            position,
            product,
            bought: line.quantity,
            left: (line.quantity - taken).max(0),
            price: line.price,
            units: own.into_iter().map(|row| (is_gone(row.unit.id), row)).map(|(gone, row)| (row, gone)).collect(),
        });
    }
    Ok(lines)
}

/// Opens a return.
///
/// # Errors
/// `not-found`; `invalid` with every field that cannot be.
pub async fn open(ctx: &Ctx, wanted: Wanted) -> Result<Return, Fault> {
    ctx.write(wanted, |work, wanted| Box::pin(open_within(work, wanted))).await
}

/// The same within a write that does more.
///
/// # Errors
/// As [`open`].
pub async fn open_within(work: &mut Work<'_>, wanted: &Wanted) -> Result<Recorded<Return>, Fault> {
    let ctx = work.ctx;
    let found = candidate_within(work.tx, ctx, wanted.case, wanted.receipt.as_deref()).await?;
    let Some(sale) = &found.sale else { return Err(Fault::field("receipt", "required")) };
    // What is left is counted by one at a time.
    store::hold_sale(work.tx, sale.id).await?;
    let candidates = lines_of(work.tx, sale).await?;
    let picked = picked(&candidates, wanted)?;
    let case = &found.case;
    let directory = ctx.house.identity.directories().now();
    let zone = directory.unit(case.store).map_or_else(|| ctx.house.zone.clone(), |unit| unit.zone.clone());
    let claim = case.happened_at.day(&zone);
    let mut lines = Vec::new();
    let mut codes = Vec::new();
    let mut repaired = true;
    for (line, unit, quantity) in picked {
        codes.push((line.product.draft.code.clone(), quantity));
        repaired &= unit.is_some_and(|row| row.unit.repairs >= 2);
        let seq = i64::try_from(lines.len()).unwrap_or(i64::MAX).saturating_add(1);
        lines.push(judged(work, wanted, sale, (line, unit, quantity), seq, claim).await?);
    }
    let paid: Money = lines.iter().map(LineRow::paid).sum();
    let statutory: Money = lines.iter().map(|line| line.statutory).sum();
    let earlier = i64::try_from(store::of_case(work.tx, case.id).await?.len()).unwrap_or(i64::MAX);
    let customer = match case.customer.or(sale.customer) {
        Some(id) => parties::file::card(work.tx, id).await?,
        None => None,
    };
    let book = rulebook()?;
    let one = Return {
        id: ctx.house.ids.next(),
        number: numbered(&case.number, earlier),
        case: case.id,
        sale: sale.id,
        customer: case.customer.or(sale.customer),
        store: case.store,
        team: case.team,
        owner: case.owner.or(ctx.actor.user),
        state: State::Open,
        way: wanted.way,
        reason: wanted.reason.clone(),
        obvious: found.obvious || repaired,
        payee: customer.map_or_else(String::new, |card| card.name),
        paid_how: sale.payment.clone().unwrap_or_default(),
        rules: book.version().to_owned(),
        digest: book.digest().to_owned(),
        judged_on: claim,
        red_invoice: None,
        stock_receipt: None,
        end_note: None,
        back_cost: Money::ZERO,
        opened_by: ctx.actor.user,
        opened_at: work.now,
        ended_at: None,
        version: 1,
    };
    let beyond = beyond(wanted, &lines, paid, statutory)?;
    store::insert(work.tx, &one).await?;
    store::insert_lines(work.tx, &one, &lines).await?;
    let today = events::today(work, &one);
    let back = super::subsidy::owe(work, &one, &lines, today).await?;
    if statutory > Money::ZERO {
        let law = Payment {
            id: ctx.house.ids.next(),
            of: one.id,
            part: Part::Law,
            amount: statutory,
            reason: wanted.reason.clone(),
            state: PayState::Due,
            approval: None,
            month: None,
            confirmed_by: None,
            confirmed_at: None,
            pos_ref: None,
            paid_by: None,
            paid_at: None,
        };
        store::insert_payment(work.tx, &one, &law).await?;
    }
    let mut event = events::event("return.opened", None, &one).index(events::piece(&one, &lines)).change(
        "statutory",
        None,
        Some(statutory.to_string()),
    );
    if back > Money::ZERO {
        event = event.change("subsidy", None, Some(back.to_string()));
    }
    if let Some(beyond) = beyond {
        event = event.change("extra", None, Some(beyond.amount.to_string())).personal(
            "extra_reason",
            None,
            Some(beyond.reason.clone()),
        );
        let goods = lines.first().map(|line| line.name.clone()).unwrap_or_default();
        sign::ask(work, &one, &goods, statutory, &beyond, None).await?;
    }
    event = count(work, event, &one, "returns.opened", 1);
    if one.way == Way::Exchange {
        event = count(work, event, &one, "returns.exchanges", 1);
    }
    for (code, quantity) in codes {
        let today = events::today(work, &one);
        event.deltas.extend(Delta::spread("returns.units", one.store, today, quantity, &[("product", code.as_str())]));
    }
    let recorded = work.record(event).await?;
    let _on_case = work.record(events::on_case("returns.opened", &one, case)).await?;
    Ok(recorded.with(one))
}

/// `BX20261122-0001-T1` of the case `BX20261122-0001`; its second return ends in `-T2`.
fn numbered(case: &str, earlier: i64) -> String {
    format!("{case}-T{}", earlier.saturating_add(1))
}

type Picked<'c> = (&'c CandidateLine, Option<&'c UnitRow>, i64);

/// What comes back, a line for each unit; what cannot be is said at its field.
fn picked<'c>(candidates: &'c [CandidateLine], wanted: &Wanted) -> Result<Vec<Picked<'c>>, Fault> {
    let mut errors = FieldErrors::default();
    let mut picked: Vec<Picked<'c>> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut positions = BTreeSet::new();
    for (n, line) in wanted.lines.iter().enumerate() {
        let field = |what: &str| format!("lines.{n}.{what}");
        let Some(found) = candidates.iter().find(|one| one.position == line.position) else {
            errors.add(&field("position"), "unknown");
            continue;
        };
        if !positions.insert(line.position) {
            errors.add(&field("position"), "taken");
            continue;
        }
        if found.units.is_empty() {
            match line.quantity {
                quantity if quantity <= 0 => errors.add(&field("quantity"), "returns-quantity"),
                quantity if quantity > found.left => {
                    errors.add_with(
                        &field("quantity"),
                        "returns-more-than-left",
                        vec![("left", found.left.to_string())],
                    );
                }
                quantity => picked.push((found, None, quantity)),
            }
            continue;
        }
        if line.units.is_empty() {
            errors.add(&field("units"), "returns-serial-needed");
        }
        for id in &line.units {
            match found.units.iter().find(|(row, _)| row.unit.id == *id) {
                None => errors.add(&field("units"), "unknown"),
                Some(_) if !seen.insert(*id) => errors.add(&field("units"), "returns-serial-twice"),
                Some((_, true)) => errors.add(&field("units"), "returns-serial-returned"),
                Some((row, false)) => picked.push((found, Some(row), 1)),
            }
        }
    }
    if wanted.lines.is_empty() {
        errors.add("lines", "required");
    }
    if wanted.reason.trim().is_empty() {
        errors.add("reason", "required");
    }
    if wanted.reason.chars().count() > TEXT {
        errors.add_with("reason", "too-long", vec![("max", TEXT.to_string())]);
    }
    errors.check()?;
    Ok(picked)
}

/// What goes beyond the law, as far as it can be.
fn beyond(wanted: &Wanted, lines: &[LineRow], paid: Money, statutory: Money) -> Result<Option<Beyond>, Fault> {
    let amount = match wanted.way {
        Way::Refund => wanted.extra,
        // An exchange that the law does not give, and a fee that is not taken, are given on top of it.
        Way::Exchange => lines.iter().map(|line| if line.remedy.is_none() { line.paid() } else { line.fee }).sum(),
    };
    let part = if wanted.way == Way::Refund { Part::Extra } else { Part::Grant };
    if amount < Money::ZERO || (part == Part::Extra && amount > paid - statutory) {
        let left = (paid - statutory).to_string();
        let mut errors = FieldErrors::default();
        errors.add_with("extra", "returns-beyond-paid", vec![("left", left)]);
        return Err(Fault::invalid(errors));
    }
    if amount == Money::ZERO {
        // Nothing by law and nothing on top of it is no return.
        let nothing = wanted.way == Way::Refund && statutory == Money::ZERO;
        return if nothing { Err(Fault::field("extra", "returns-no-right")) } else { Ok(None) };
    }
    if wanted.extra_reason.trim().is_empty() {
        return Err(Fault::field("extra_reason", "required"));
    }
    Ok(Some(Beyond { part, amount, reason: wanted.extra_reason.trim().chars().take(TEXT).collect() }))
}

async fn judged(
    work: &mut Work<'_>,
    wanted: &Wanted,
    sale: &Sale,
    (line, unit, quantity): Picked<'_>,
    seq: i64,
    claim: Day,
) -> Result<LineRow, Fault> {
    let law = parties::store::law_category(work.tx, &line.product.draft.category).await?;
    let repairs: Vec<UnitRepair> = match unit {
        Some(row) => parties::store::repairs_of(work.tx, row.unit.id).await?,
        None => Vec::new(),
    };
    // A piece without a serial number is judged as one to which nothing ever happened.
    let plain = UnitRow {
        unit: SerialUnit {
            id: Id::new(0),
            product: line.product.id,
            serial: String::new(),
            imei: None,
            store: sale.store,
            sale: Some(sale.id),
            customer: None,
            warranty_from: None,
            repairs: 0,
            exchanges: 0,
            note: None,
            version: 0,
            created_at: work.now,
        },
        product: line.product.clone(),
        receipt: None,
        sold_on: None,
        customer_name: None,
    };
    let row = unit.unwrap_or(&plain);
    // What the state paid was not paid by the customer: it does not come back to the customer.
    let subsidy = super::subsidy::of_line(work.tx, unit.map(|row| row.unit.id)).await?;
    let given = subsidy.map_or(0, |subsidy| subsidy.amount_fen);
    let price = Money::from_fen((line.price.fen() - given).max(0));
    let known =
        Known { row, sale: Some(sale), price: Some(price), law, repairs: &repairs, fault: Some(wanted.fault), claim };
    let mut facts = verdict::facts(&known);
    facts.cause = Some(wanted.cause);
    facts.same_model = wanted.same_model;
    facts.condition = wanted.condition;
    let layers = layers::of_product(work.tx, &line.product, Some(sale), unit.map(|row| row.unit.id), claim).await?;
    let verdict = rulebook()?.verdict(&facts, layers.terms()).map_err(|_why| Fault::field("lines", "returns-facts"))?;
    let Entitled { remedy, statutory, fee } = entitled(&verdict, wanted.way, price);
    let times = |money: Money| Money::from_fen(money.fen().saturating_mul(quantity));
    let json = |value: Result<String, serde_json::Error>| value.map_err(Fault::internal);
    Ok(LineRow {
        id: work.ctx.house.ids.next(),
        seq,
        position: line.position,
        product: line.product.id,
        name: line.product.draft.name.clone(),
        unit: unit.map(|row| row.unit.id),
        serial: unit.map(|row| row.unit.serial.clone()),
        quantity,
        price,
        facts: json(serde_json::to_string(&facts))?,
        verdict: json(serde_json::to_string(&verdict))?,
        terms: layers.frozen()?,
        remedy: remedy.map(|one| one.as_str().to_owned()),
        statutory: times(statutory),
        fee: times(fee),
        goods_in: if wanted.keeps { GoodsIn::NotNeeded } else { GoodsIn::Expected },
        finding: None,
        checks: String::new(),
        finding_note: None,
        inspected_by: None,
        inspected_at: None,
        grade: None,
        goods_out: if wanted.way == Way::Exchange { GoodsOut::Reserved } else { GoodsOut::NotNeeded },
        out_serial: None,
        live: true,
    })
}

impl Candidate {
    /// Where the return would stand.
    pub fn place(&self) -> kernel::Place {
        self.case.place()
    }
}
