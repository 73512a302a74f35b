use std::collections::BTreeSet;

use kernel::{Day, FieldErrors, Id, Money, of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::code::plain_code;
use super::serial::{day, id};
use super::text;
use super::words::{SoldBy, Source};

/// Most lines and promises of one sale.
pub const MOST: usize = 50;

/// A sale as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct SaleInput {
    /// Number of the receipt; unique in its store.
    pub receipt: String,
    /// The day of sale, `YYYY-MM-DD`.
    pub day: String,
    /// `store`, `online`, `platform`, `group` or `other`; empty is `store`.
    pub channel: String,
    /// Id of the customer.
    pub customer: Option<String>,
    /// How it was paid.
    pub payment: Option<String>,
    /// What staff should know.
    pub note: Option<String>,
    /// What was sold.
    pub lines: Vec<LineInput>,
    /// What was promised beyond the law.
    pub covers: Vec<CoverInput>,
}

/// A line of a sale as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct LineInput {
    /// Code of the product.
    pub product: String,
    /// How many; 0 is as many as there are serial numbers, at least one.
    pub quantity: i64,
    /// Price of one, in fen.
    pub price: i64,
    /// Serial numbers.
    pub serials: Vec<String>,
}

/// A promise as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CoverInput {
    /// `maker`, `sale`, `extended`, `platform` or `policy`.
    pub source: String,
    /// What was promised.
    pub promise: String,
    /// Who pays, where it is not said by the source.
    pub provider: Option<String>,
    /// Its last day, `YYYY-MM-DD`.
    pub ends_on: Option<String>,
}

/// A sale that can be stored once its products are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleDraft {
    /// Number of the receipt as written.
    pub receipt: String,
    /// The day of sale.
    pub day: Day,
    /// How it was sold.
    pub channel: SoldBy,
    /// Who bought it.
    pub customer: Option<Id<of::Customer>>,
    /// How it was paid.
    pub payment: Option<String>,
    /// What staff should know.
    pub note: Option<String>,
    /// What was sold.
    pub lines: Vec<LineDraft>,
    /// What was promised beyond the law.
    pub covers: Vec<Cover>,
}

/// A line of a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineDraft {
    /// Code of the product.
    pub product: String,
    /// How many.
    pub quantity: i64,
    /// Price of one.
    pub price: Money,
    /// Serial numbers as written.
    pub serials: Vec<String>,
}

/// A promise beyond the law (保障层).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// Where it comes from.
    pub source: Source,
    /// What was promised.
    pub promise: String,
    /// Who pays, where the source does not say it.
    pub provider: Option<String>,
    /// Its last day.
    pub ends_on: Option<Day>,
}

impl SaleDraft {
    /// What all lines cost together.
    pub fn total(&self) -> Money {
        self.lines
            .iter()
            .fold(Money::ZERO, |sum, line| sum + Money::from_fen(line.price.fen().saturating_mul(line.quantity)))
    }
}

/// Reads what was typed; what is wrong is noted under the field's name. `None` when the day cannot be read.
pub fn sale(errors: &mut FieldErrors, input: &SaleInput, today: Day) -> Option<SaleDraft> {
    let receipt = text::required_line(errors, "receipt", &input.receipt, 60);
    if !receipt.is_empty() && plain_code(&receipt).is_empty() {
        errors.add("receipt", "serial");
    }
    if input.day.trim().is_empty() {
        errors.add("day", "required");
    }
    let sold_on = day(errors, "day", Some(&input.day));
    if sold_on.is_some_and(|day| day > today) {
        errors.add("day", "day-future");
    }
    let channel = match input.channel.trim() {
        "" => SoldBy::Store,
        word => SoldBy::parse(word).unwrap_or_else(|| {
            errors.add("channel", "unknown");
            SoldBy::Store
        }),
    };
    if input.lines.is_empty() {
        errors.add("lines.0.product", "required");
    }
    if input.lines.len() > MOST || input.covers.len() > MOST {
        errors.add_with("lines.0.product", "too-many", vec![("max", MOST.to_string())]);
        return None;
    }
    let mut seen = BTreeSet::new();
    let lines = input.lines.iter().enumerate().map(|(n, typed)| line(errors, n, typed, &mut seen)).collect();
    let covers = input.covers.iter().enumerate().filter_map(|(n, typed)| cover(errors, n, typed)).collect();
    Some(SaleDraft {
        receipt,
        day: sold_on?,
        channel,
        customer: id(errors, "customer", input.customer.as_deref()),
        payment: text::optional_line(errors, "payment", input.payment.as_deref(), 60),
        note: text::optional_line(errors, "note", input.note.as_deref(), 300),
        lines,
        covers,
    })
}

fn line(errors: &mut FieldErrors, n: usize, typed: &LineInput, seen: &mut BTreeSet<(String, String)>) -> LineDraft {
    let field = |name: &str| format!("lines.{n}.{name}");
    let product = text::required_line(errors, &field("product"), &typed.product, 60);
    let mut serials = Vec::new();
    for serial in &typed.serials {
        let Some(serial) = text::optional_line(errors, &field("serials"), Some(serial), 60) else { continue };
        let code = plain_code(&serial);
        if code.is_empty() {
            errors.add(&field("serials"), "serial");
        } else if seen.insert((product.clone(), code)) {
            serials.push(serial);
        } else {
            errors.add_with(&field("serials"), "serial-twice", vec![("serial", serial)]);
        }
    }
    let counted = i64::try_from(serials.len()).unwrap_or(i64::MAX);
    let quantity = if typed.quantity == 0 { counted.max(1) } else { typed.quantity };
    if !(1..=100_000).contains(&quantity) {
        errors.add_with(
            &field("quantity"),
            "number-range",
            vec![("min", "1".to_owned()), ("max", "100000".to_owned())],
        );
    } else if counted > quantity {
        errors.add_with(&field("serials"), "serial-count", vec![("max", quantity.to_string())]);
    }
    if !(0..=10_000_000_000).contains(&typed.price) {
        errors.add(&field("price"), "money-format");
    }
    LineDraft { product, quantity, price: Money::from_fen(typed.price), serials }
}

fn cover(errors: &mut FieldErrors, n: usize, typed: &CoverInput) -> Option<Cover> {
    let field = |name: &str| format!("covers.{n}.{name}");
    let source = Source::parse(typed.source.trim());
    if source.is_none() {
        errors.add(&field("source"), "choose");
    }
    let promise = text::required_line(errors, &field("promise"), &typed.promise, 300);
    let provider = text::optional_line(errors, &field("provider"), typed.provider.as_deref(), 60);
    let ends_on = day(errors, &field("ends_on"), typed.ends_on.as_deref());
    Some(Cover { source: source?, promise, provider, ends_on })
}
