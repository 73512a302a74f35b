//! Sums of money: integers in fen, every step shown, rounded down in the customer's favour.

use crate::day::Day;
use crate::facts::Facts;
use crate::raw::Compensation;
use crate::verdict::{Sum, SumKind, SumStep, Unit};
use crate::words::{FactName, FactSet};

/// The legal maximum of the usage coefficient of cars, per 100000 (CAR2021-27: n ≤ 0.5 %).
const MOST_USAGE: u32 = 500;

fn step(step: &'static str, value: i64, unit: Unit) -> SumStep {
    SumStep { step, value, unit }
}

/// Without these facts there is no sum.
fn hanging(kind: SumKind, missing: FactSet) -> Sum {
    Sum { kind, fen: None, steps: Vec::new(), missing }
}

/// `price × factor ÷ divisor`, rounded down, at most the price. The last steps of every fee.
fn charge(steps: &mut Vec<SumStep>, price: i64, factor: i128, divisor: i128) -> i64 {
    let product = i128::from(price).saturating_mul(factor);
    let whole = i64::try_from(product.div_euclid(divisor)).unwrap_or(i64::MAX);
    if product.rem_euclid(divisor) != 0 {
        steps.push(step("rounded_down", whole, Unit::Fen));
    } else {
        steps.push(step("product", whole, Unit::Fen));
    }
    if whole > price {
        steps.push(step("capped", price, Unit::Fen));
    }
    whole.min(price)
}

/// Price × daily rate × days; days = refund day − invoice day − days in repair. No rate confirmed: nothing is charged.
pub(crate) fn depreciation(facts: &Facts, daily_rate_per_100k: Option<u32>) -> Sum {
    let kind = SumKind::Depreciation;
    let Some(rate) = daily_rate_per_100k else {
        let steps = vec![step("no_rate", 0, Unit::Per100k)];
        return Sum { kind, fen: Some(0), steps, missing: FactSet::EMPTY };
    };
    let mut missing = FactSet::EMPTY;
    for fact in [FactName::Bought, FactName::PriceFen, FactName::DaysInRepair] {
        if !facts.knows(fact) {
            missing = missing.and(FactSet::of(fact));
        }
    }
    let (Some(price), Some(bought), Some(repair)) = (facts.price_fen, facts.bought, facts.days_in_repair) else {
        return hanging(kind, missing);
    };
    let held = facts.claim_date.since(bought).max(0);
    let days = (held - i64::from(repair)).max(0);
    let mut steps = Vec::with_capacity(7);
    steps.push(step("price", price, Unit::Fen));
    steps.push(step("days_held", held, Unit::Days));
    steps.push(step("days_in_repair", i64::from(repair), Unit::Days));
    steps.push(step("chargeable_days", days, Unit::Days));
    steps.push(step("daily_rate", i64::from(rate), Unit::Per100k));
    let fen = charge(&mut steps, price, i128::from(days) * i128::from(rate), 100_000);
    Sum { kind, fen: Some(fen), steps, missing: FactSet::EMPTY }
}

/// Price × km ÷ 1000 × n (CAR2021-27).
pub(crate) fn usage(facts: &Facts) -> Sum {
    let kind = SumKind::Usage;
    let mut missing = FactSet::EMPTY;
    for fact in [FactName::PriceFen, FactName::Km] {
        if !facts.knows(fact) {
            missing = missing.and(FactSet::of(fact));
        }
    }
    let (Some(price), Some(km)) = (facts.price_fen, facts.km) else { return hanging(kind, missing) };
    let n = facts.n_per_100k.unwrap_or(MOST_USAGE).min(MOST_USAGE);
    let mut steps = Vec::with_capacity(5);
    steps.push(step("price", price, Unit::Fen));
    steps.push(step("km", i64::from(km), Unit::Km));
    steps.push(step("coefficient", i64::from(n), Unit::Per100k));
    let fen = charge(&mut steps, price, i128::from(km) * i128::from(n), 100_000_000);
    Sum { kind, fen: Some(fen), steps, missing: FactSet::EMPTY }
}

/// The used days of a term that costs `price_fen`; what is kept back when the rest is refunded.
pub(crate) fn pro_rata(claim: Day, first: Option<Day>, price_fen: i64, months: i32, missing: FactSet) -> Sum {
    let kind = SumKind::ProRata;
    let Some(first) = first else { return hanging(kind, missing) };
    let whole = first.plus_months(months).since(first).max(1);
    let used = claim.since(first).clamp(0, whole);
    let mut steps = vec![
        step("price", price_fen, Unit::Fen),
        step("days_of_term", whole, Unit::Days),
        step("days_used", used, Unit::Days),
    ];
    let fen = charge(&mut steps, price_fen, i128::from(used), i128::from(whole));
    Sum { kind, fen: Some(fen), steps, missing: FactSet::EMPTY }
}

/// A fixed sum.
pub(crate) fn fixed(fen: i64) -> Sum {
    Sum { kind: SumKind::Fixed, fen: Some(fen), steps: vec![step("fixed", fen, Unit::Fen)], missing: FactSet::EMPTY }
}

/// So many times the price, at least a floor (XF-55).
pub(crate) fn compensation(facts: &Facts, rule: Compensation) -> Sum {
    let kind = SumKind::Compensation;
    let Some(price) = facts.price_fen else { return hanging(kind, FactSet::of(FactName::PriceFen)) };
    let product = price.saturating_mul(rule.times_price);
    let fen = product.max(rule.at_least_fen);
    let mut steps = vec![
        step("price", price, Unit::Fen),
        step("times", rule.times_price, Unit::Times),
        step("product", product, Unit::Fen),
    ];
    if fen > product {
        steps.push(step("floor", fen, Unit::Fen));
    }
    Sum { kind, fen: Some(fen), steps, missing: FactSet::EMPTY }
}
