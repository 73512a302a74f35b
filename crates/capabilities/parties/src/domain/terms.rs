//! Terms (保障条款): promises beyond the law as a form holds them, and the rule file that the engine reads.

use kernel::{Day, FieldErrors, words};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::serial::day;
use super::text;
use super::words::{SoldBy, Source};

/// Most promises of one text.
pub const MOST_PROMISES: usize = 6;
/// Longest text for the customer, in characters.
pub const SAYS: usize = 1_000;

words! {
    /// Who promises (保障层).
    pub enum TermsLayer {
        /// The maker (厂家承诺).
        Maker = "maker",
        /// The contract of one sale (销售约定).
        Contract = "contract",
        /// The platform on which the shop is (平台规则).
        Platform = "platform",
        /// An extended warranty that was sold with a unit (延保).
        Extended = "extended_warranty",
        /// The shop (店规).
        Policy = "policy",
    }
}

words! {
    /// Who pays for it in the end (承担方).
    pub enum Payer {
        /// The shop.
        Seller = "seller",
        /// The maker.
        Maker = "maker",
        /// The platform.
        Platform = "platform",
        /// Whoever sold the extended warranty.
        WarrantyProvider = "warranty_provider",
    }
}

words! {
    /// What it is promised for (适用情形).
    pub enum Claim {
        /// Any fault.
        Fault = "fault",
        /// A fault that makes it useless or unsafe, or a stated function is lost.
        Performance = "performance",
        /// No fault: it is not wanted any more.
        NoFault = "no_fault",
        /// An accident of the customer.
        Accident = "accident",
    }
}

words! {
    /// What is promised (承诺内容).
    pub enum Gives {
        /// Money back.
        Refund = "refund",
        /// Another unit.
        Exchange = "exchange",
        /// A free repair.
        Repair = "repair",
    }
}

words! {
    /// Of what (范围).
    pub enum Scope {
        /// The whole unit.
        Whole = "whole",
        /// Its main part only.
        MainPart = "main_part",
    }
}

words! {
    /// What a term is counted in.
    pub enum Span {
        /// Days.
        Days = "days",
        /// Months.
        Months = "months",
    }
}

words! {
    /// From which day a term counts (起算).
    pub enum Begins {
        /// From where the law's own terms count: delivery, installation, the later of them.
        Start = "start",
        /// The day of the invoice.
        Bought = "bought",
        /// The day of delivery.
        Received = "received",
        /// The factory day of the serial number.
        Factory = "factory_date",
    }
}

words! {
    /// What is kept back.
    pub enum Keeps {
        /// Nothing.
        Nothing = "none",
        /// Depreciation as by law.
        Depreciation = "depreciation",
        /// A fixed sum.
        Fixed = "fixed",
    }
}

/// One promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// What for.
    pub claim: Claim,
    /// What.
    pub gives: Gives,
    /// Of what.
    pub scope: Scope,
    /// After so many finished repairs.
    pub repairs: i64,
    /// How long.
    pub length: i64,
    /// In days or months.
    pub span: Span,
    /// From when.
    pub begins: Begins,
    /// What is kept back.
    pub keeps: Keeps,
    /// The fixed sum, in fen.
    pub fen: i64,
    /// The text says that it is *not* given: void as far as the law gives it.
    pub denied: bool,
    /// The text says that nothing is given later: void as far as the law gives it longer.
    pub ends: bool,
    /// The original box is asked for.
    pub boxed: bool,
}

/// One promise as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PromiseInput {
    /// `fault`, `performance`, `no_fault` or `accident`.
    pub claim: String,
    /// `refund`, `exchange` or `repair`.
    pub gives: String,
    /// `whole` (default) or `main_part`.
    pub scope: String,
    /// After so many finished repairs; 0 is from the first fault on.
    pub repairs: i64,
    /// How long.
    pub length: i64,
    /// `days` (default) or `months`.
    pub span: String,
    /// `start` (default: from where the law's own terms count), `bought`, `received` or `factory_date`.
    pub begins: String,
    /// `none` (default), `depreciation` or `fixed`.
    pub keeps: String,
    /// The fixed sum, in fen.
    pub fen: i64,
    /// The text says that it is not given: reported void as far as the law gives it.
    pub denied: bool,
    /// The text says that nothing is given later: reported void as far as the law gives it longer.
    pub ends: bool,
    /// The original box is asked for.
    pub boxed: bool,
}

/// Terms as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TermsInput {
    /// `maker`, `contract`, `platform`, `extended_warranty` or `policy`; it never changes.
    pub layer: String,
    /// What people call it.
    pub name: String,
    /// What the customer reads.
    pub says: String,
    /// What it does not cover, in words.
    pub exclusions: Option<String>,
    /// Where it is written: a document, a page, a letter.
    pub source: String,
    /// Who gives it: the maker, the platform, the insurer.
    pub provider: Option<String>,
    /// `seller`, `maker`, `platform` or `warranty_provider`; empty is whom the layer suggests.
    pub payer: String,
    /// For sales from this day on, `YYYY-MM-DD`.
    pub from: String,
    /// To this day; empty is without end.
    pub to: Option<String>,
    /// Only this brand.
    pub brand: Option<String>,
    /// Only this product group's code.
    pub goods: Option<String>,
    /// Only the product with this code.
    pub product: Option<String>,
    /// Only the store with this code.
    pub store: Option<String>,
    /// Only sales of this kind: `store`, `online`, `platform`, `group`, `other`.
    pub channel: Option<String>,
    /// What is promised.
    pub promises: Vec<PromiseInput>,
}

/// Terms that can be stored once product and store are known by their codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsDraft {
    /// Who promises.
    pub layer: TermsLayer,
    /// What people call it.
    pub name: String,
    /// What the customer reads.
    pub says: String,
    /// What it does not cover.
    pub exclusions: Option<String>,
    /// Where it is written.
    pub source: String,
    /// Who gives it.
    pub provider: Option<String>,
    /// Who pays.
    pub payer: Payer,
    /// For sales from this day on.
    pub from: Day,
    /// To this day.
    pub to: Option<Day>,
    /// Only this brand; empty is all.
    pub brand: String,
    /// Only this product group; empty is all.
    pub goods: String,
    /// Only the product with this code.
    pub product: Option<String>,
    /// Only the store with this code.
    pub store: Option<String>,
    /// Only sales of this kind.
    pub channel: Option<SoldBy>,
    /// What is promised.
    pub promises: Vec<Promise>,
}

impl TermsLayer {
    /// Who pays when nobody says otherwise.
    pub const fn payer(self) -> Payer {
        match self {
            Self::Maker => Payer::Maker,
            Self::Extended => Payer::WarrantyProvider,
            Self::Contract | Self::Platform | Self::Policy => Payer::Seller,
        }
    }
    /// Whether it is sold with a single sale or unit instead of holding for all that fit.
    pub const fn is_sold(self) -> bool {
        matches!(self, Self::Contract | Self::Extended)
    }
    /// The same on a sale's paper.
    pub const fn source(self) -> Source {
        match self {
            Self::Maker => Source::Maker,
            Self::Contract => Source::Sale,
            Self::Platform => Source::Platform,
            Self::Extended => Source::Extended,
            Self::Policy => Source::Policy,
        }
    }
}

fn word<T>(
    errors: &mut FieldErrors,
    field: &str,
    typed: &str,
    usual: Option<T>,
    read: fn(&str) -> Option<T>,
) -> Option<T> {
    let found = if typed.trim().is_empty() { usual } else { read(typed.trim()) };
    if found.is_none() {
        errors.add(field, if typed.trim().is_empty() { "choose" } else { "unknown" });
    }
    found
}

/// Reads what was typed; what is wrong is noted under the field's name.
pub fn terms(errors: &mut FieldErrors, input: &TermsInput) -> Option<TermsDraft> {
    let layer = word(errors, "layer", &input.layer, None, TermsLayer::parse);
    let payer = word(errors, "payer", &input.payer, layer.map(TermsLayer::payer), Payer::parse);
    if input.from.trim().is_empty() {
        errors.add("from", "required");
    }
    let from = day(errors, "from", Some(&input.from));
    let to = day(errors, "to", input.to.as_deref());
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        errors.add("to", "period");
    }
    let name = text::required_line(errors, "name", &input.name, 60);
    let says = text::required(errors, "says", &input.says, SAYS);
    let source = text::required_line(errors, "source", &input.source, 200);
    let exclusions = text::optional(errors, "exclusions", input.exclusions.as_deref(), SAYS);
    let provider = text::optional_line(errors, "provider", input.provider.as_deref(), 60);
    let code = |errors: &mut FieldErrors, field: &str, typed: &Option<String>| {
        text::optional_line(errors, field, typed.as_deref(), 60)
    };
    let brand = code(errors, "brand", &input.brand).unwrap_or_default();
    let goods = code(errors, "goods", &input.goods).unwrap_or_default();
    let (product, store) = (code(errors, "product", &input.product), code(errors, "store", &input.store));
    let channel = match input.channel.as_deref().map(str::trim).filter(|typed| !typed.is_empty()) {
        // A platform's rule holds for what was sold there.
        None => layer.filter(|layer| *layer == TermsLayer::Platform).map(|_| SoldBy::Platform),
        Some(typed) => word(errors, "channel", typed, None, SoldBy::parse),
    };
    if layer == Some(TermsLayer::Extended) && provider.is_none() && errors.of("provider").is_none() {
        errors.add("provider", "required");
    }
    if input.promises.is_empty() {
        errors.add("promises.0.claim", "required");
    }
    if input.promises.len() > MOST_PROMISES {
        errors.add_with("promises.0.claim", "too-many", vec![("max", MOST_PROMISES.to_string())]);
        return None;
    }
    let promises: Vec<Option<Promise>> =
        input.promises.iter().enumerate().map(|(n, typed)| promise(errors, n, typed)).collect();
    Some(TermsDraft {
        layer: layer?,
        name,
        says,
        exclusions,
        source,
        provider,
        payer: payer?,
        from: from?,
        to,
        brand,
        goods,
        product,
        store,
        channel,
        promises: promises.into_iter().collect::<Option<Vec<_>>>()?,
    })
}

fn promise(errors: &mut FieldErrors, n: usize, typed: &PromiseInput) -> Option<Promise> {
    let field = |name: &str| format!("promises.{n}.{name}");
    let claim = word(errors, &field("claim"), &typed.claim, None, Claim::parse);
    let gives = word(errors, &field("gives"), &typed.gives, None, Gives::parse);
    let scope = word(errors, &field("scope"), &typed.scope, Some(Scope::Whole), Scope::parse);
    let span = word(errors, &field("span"), &typed.span, Some(Span::Days), Span::parse);
    let begins = word(errors, &field("begins"), &typed.begins, Some(Begins::Start), Begins::parse);
    let keeps = word(errors, &field("keeps"), &typed.keeps, Some(Keeps::Nothing), Keeps::parse);
    let most = if span == Some(Span::Months) { 600 } else { 10_000 };
    for (name, value, least, most) in [("length", typed.length, 1, most), ("repairs", typed.repairs, 0, 9)] {
        if !(least..=most).contains(&value) {
            let limits = vec![("min", least.to_string()), ("max", most.to_string())];
            errors.add_with(&field(name), "number-range", limits);
        }
    }
    if !(0..=10_000_000_000).contains(&typed.fen) || (keeps == Some(Keeps::Fixed) && typed.fen == 0) {
        errors.add(&field("fen"), "money-format");
    }
    if scope == Some(Scope::MainPart) && gives == Some(Gives::Refund) {
        errors.add(&field("scope"), "terms-part-refund");
    }
    if gives == Some(Gives::Repair) && keeps.is_some_and(|keeps| keeps != Keeps::Nothing) {
        errors.add(&field("keeps"), "terms-repair-fee");
    }
    let fixed = keeps == Some(Keeps::Fixed);
    Some(Promise {
        claim: claim?,
        gives: gives?,
        scope: scope?,
        repairs: if claim == Some(Claim::NoFault) { 0 } else { typed.repairs },
        length: typed.length,
        span: span?,
        begins: begins?,
        keeps: keeps?,
        fen: if fixed { typed.fen } else { 0 },
        denied: typed.denied,
        ends: typed.ends,
        boxed: typed.boxed,
    })
}

fn table<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}

impl Promise {
    /// The remedy as the rules name it.
    pub const fn remedy(&self) -> &'static str {
        let free = matches!(self.keeps, Keeps::Nothing);
        match (self.gives, self.scope, self.claim, free) {
            (Gives::Refund, _, Claim::NoFault, true) => "NO_REASON_RETURN",
            (Gives::Refund, _, _, true) => "REFUND_FULL",
            (Gives::Refund, _, _, false) => "REFUND_LESS_FEE",
            (Gives::Exchange, Scope::Whole, _, true) => "EXCHANGE",
            (Gives::Exchange, Scope::Whole, _, false) => "EXCHANGE_LESS_FEE",
            (Gives::Exchange, Scope::MainPart, ..) => "PART_EXCHANGE",
            (Gives::Repair, Scope::Whole, ..) => "REPAIR",
            (Gives::Repair, Scope::MainPart, ..) => "PART_REPAIR",
        }
    }

    fn rule(&self, n: usize) -> Value {
        let (faults, causes): (&[&str], &[&str]) = match self.claim {
            Claim::Fault => (&["minor", "performance", "serious"], &["product", "unknown"]),
            Claim::Performance => (&["performance", "serious"], &["product", "unknown"]),
            Claim::NoFault => (&["none"], &[]),
            Claim::Accident => (&["minor", "performance", "serious"], &["misuse", "force_majeure"]),
        };
        let mut when = table([("fault", json!(faults)), ("within", json!(format!("w{n}")))]);
        if !causes.is_empty() {
            when.insert("cause".to_owned(), json!(causes));
        }
        if self.scope == Scope::MainPart {
            when.insert("component".to_owned(), json!(["main_part"]));
        }
        if self.repairs > 0 {
            when.insert("repairs_done".to_owned(), json!({ "at_least": self.repairs }));
        }
        let list = if self.denied { "denies" } else { "gives" };
        let mut rule = table([
            ("id", json!(format!("p{n}"))),
            ("ground", json!(format!("terms_{}", self.claim))),
            ("when", Value::Object(when)),
            (list, json!([self.remedy()])),
            ("adds", json!(!self.ends)),
        ]);
        match self.keeps {
            Keeps::Nothing => {}
            Keeps::Depreciation => drop(rule.insert("fee".to_owned(), json!("depreciation"))),
            Keeps::Fixed => drop(rule.insert("fee".to_owned(), json!({ "fen": self.fen }))),
        }
        if self.boxed {
            rule.insert("evidence".to_owned(), json!(["sale_proof", "original_box"]));
        }
        Value::Object(rule)
    }

    fn window(&self, n: usize, later: i64) -> Value {
        Value::Object(table([
            ("id", json!(format!("w{n}"))),
            ("from", json!([self.begins.as_str()])),
            ("offset_days", json!(later.max(0))),
            ("extended_by_repair", json!(true)),
            (self.span.as_str(), json!(self.length)),
        ]))
    }

    /// Its last day where it counts from `first`.
    pub fn last_day(&self, first: Day) -> Day {
        let n = i32::try_from(self.length).unwrap_or(i32::MAX);
        match self.span {
            Span::Days => first.plus(n),
            Span::Months => first.plus_months(n),
        }
    }
}

/// The rule file of these promises under `code`; what was sold separately begins `later` days after the purchase.
pub fn rules(code: &str, draft: &TermsDraft, later: i64) -> Value {
    let windows: Vec<Value> = draft.promises.iter().enumerate().map(|(n, one)| one.window(n, later)).collect();
    let rules: Vec<Value> = draft.promises.iter().enumerate().map(|(n, one)| one.rule(n)).collect();
    json!({
        "id": code,
        "layer": draft.layer.as_str(),
        "payer": draft.payer.as_str(),
        "window": windows,
        "rule": rules,
    })
}

/// Days from `first` to `last`.
pub fn between(first: Day, last: Day) -> i64 {
    remedies::Day::from(last.date()).since(remedies::Day::from(first.date()))
}

/// What is left of a sum that was paid for `first` to `last`, when it ends on `today`: the used days are kept, rounded down in the
/// customer's favour.
pub fn pro_rata(price_fen: i64, first: Day, last: Day, today: Day) -> i64 {
    let whole = between(first, last).max(1);
    let used = between(first, today).clamp(0, whole);
    let kept = i128::from(price_fen) * i128::from(used) / i128::from(whole);
    price_fen - i64::try_from(kept).unwrap_or(price_fen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_warranty_gives_back_the_days_that_are_left() {
        let (first, last) = (day("2026-03-10"), day("2028-03-10"));
        assert_eq!(pro_rata(29_900, first, last, first), 29_900);
        assert_eq!(pro_rata(29_900, first, last, day("2026-09-10")), 29_900 - 7_526);
        assert_eq!(pro_rata(29_900, first, last, day("2030-01-01")), 0);
        assert_eq!(pro_rata(29_900, first, last, day("2025-01-01")), 29_900);
    }

    #[test]
    fn what_cannot_be_is_said_at_its_field() {
        let mut errors = FieldErrors::default();
        let input = TermsInput {
            layer: "law".into(),
            from: "2026-02-30".into(),
            promises: vec![PromiseInput {
                claim: "fault".into(),
                gives: "refund".into(),
                scope: "main_part".into(),
                ..PromiseInput::default()
            }],
            ..TermsInput::default()
        };
        assert!(terms(&mut errors, &input).is_none());
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        for field in ["layer", "from", "name", "says", "source", "promises.0.length", "promises.0.scope"] {
            assert!(fields.contains(&field), "{field}: {fields:?}");
        }
    }
}
