//! Verdicts for programs, one or many at once.

use std::sync::Arc;

use axum::Json;
use capability::Ctx;
use kernel::{Fault, FieldErrors, Id};
use remedies::{FactName, Facts, Question, Terms};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{OpenApi, ToSchema};
use web::{Failure, Lang, Sent};

use parties::verdict::layers::Named;
use parties::verdict::{Layers, rulebook, words};

/// Cases in one request.
const CASES: usize = 100;
/// Layers in one request.
const LAYERS: usize = 20;

/// What is known of a purchase. What is left out is not known: the answer says what it would change. Days are `YYYY-MM-DD`; where
/// something may not have happened, `none` says that it did not.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactsIn {
    /// Day of the claim; required.
    claim_date: Option<String>,
    /// Category, such as `washer`; one in no list is judged by the general law.
    category: Option<String>,
    /// `none`, `minor`, `performance`, `serious`.
    fault: Option<String>,
    /// Day of the invoice.
    bought: Option<String>,
    /// `store`, `online`, `tv`, `phone`, `mail`, `doorstep`.
    channel: Option<String>,
    /// Day of delivery.
    received: Option<String>,
    /// `product`, `unknown` (disputed), `misuse`, `foreign_repair`, `force_majeure`, `altered_voucher`, `model_mismatch`, `virus`, `pirated_software`.
    cause: Option<String>,
    /// `whole`, or a part or accessory of the category.
    component: Option<String>,
    /// Finished repairs of this unit for performance faults.
    repairs_done: Option<u32>,
    /// `yes`, `provable`, `serial_only`, `no`.
    has_receipt: Option<String>,
    /// Whether a unit of the same model is there: `yes`, `no`.
    same_model: Option<String>,
    /// What happened to a car, such as `brake_failure`.
    car_event: Option<String>,
    /// Distance driven.
    km: Option<u32>,
    /// Days of the repair that is open.
    open_repair_days: Option<u32>,
    /// Of these, days of waiting for the maker's parts.
    parts_wait_days: Option<u32>,
    /// All days in repair so far.
    days_in_repair: Option<u32>,
    /// Day on which the seller's side finished installing, or `none`.
    installed: Option<String>,
    /// Day on which this unit was given in exchange, or `none`.
    exchanged_on: Option<String>,
    /// Day on which the faulty part was replaced before, or `none`.
    part_replaced_on: Option<String>,
    /// Factory day of the serial number.
    factory_date: Option<String>,
    /// Condition of the goods, such as `opened_inspected`.
    condition: Option<String>,
    /// Whether a return without a reason is excluded, such as `custom`; `none`.
    exception: Option<String>,
    /// `none`, `authority_unqualified`, `fraud`, `danger`.
    special: Option<String>,
    /// Price in fen.
    price_fen: Option<i64>,
    /// The maker's usage coefficient of a car, per 100000.
    n_per_100k: Option<u32>,
    /// The id of a unit that we sold: the terms stored for it are taken, too.
    unit: Option<String>,
}

/// Cases to judge.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerdictsIn {
    /// 1 to 100 cases.
    #[serde(default)]
    cases: Vec<FactsIn>,
    /// More terms of layers above the law, beside those stored for a case's `unit`, at most 20: `id`, `layer` (`maker`, `contract`, `platform`, `extended_warranty`, `policy`), `payer`,
    /// `window` and `rule` as in the rule files. They only add; a term below the law is reported void.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    layers: Vec<Value>,
}

/// The verdict on one case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerdictOut {
    /// Remedies with layer, payer, clauses, last day, fee step by step; what is possible; clocks; void terms; every rule looked at.
    #[schema(value_type = Object)]
    verdict: Value,
    /// Facts to ask for, in this order, with what their values would change.
    #[schema(value_type = Vec<Object>)]
    questions: Vec<Question>,
    /// One sentence for staff, in the caller's language.
    for_staff: String,
    /// One sentence for the customer: conditions, no amounts.
    for_customer: String,
}

/// The verdicts, in the order of the cases.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerdictsOut {
    /// Version of the rules.
    rules: String,
    /// Digest of their texts.
    digest: String,
    /// One for each case; `terms` in a verdict names the stored version that gave it, as `T<id>.<version>`.
    items: Vec<VerdictOut>,
}

/// This capability's part of the API's description.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(judge))]
struct Described;

#[utoipa::path(
    post,
    path = "/api/v1/verdicts",
    tag = "verdicts",
    request_body = VerdictsIn,
    responses(
        (status = 200, body = VerdictsOut),
        (status = 403, description = "Verdicts may not be asked for"),
        (status = 422, description = "Facts that cannot be, or contradict each other; the field names case and fact")
    )
)]
pub(crate) async fn judge(ctx: Ctx, lang: Lang, Sent(asked): Sent<VerdictsIn>) -> Result<Json<VerdictsOut>, Failure> {
    let book = rulebook()?;
    if asked.cases.is_empty() {
        return Err(Fault::field("cases", "required").into());
    }
    let mut errors = FieldErrors::default();
    for (name, many, most) in [("cases", asked.cases.len(), CASES), ("layers", asked.layers.len(), LAYERS)] {
        if many > most {
            errors.add_with(name, "too-many", vec![("max", most.to_string())]);
        }
    }
    errors.check()?;
    let mut errors = FieldErrors::default();
    let mut layers: Vec<Terms> = Vec::new();
    let mut typed: Vec<Named> = Vec::new();
    for (n, terms) in asked.layers.into_iter().enumerate() {
        typed.push(Named { rules: terms.clone(), ..Named::typed(&format!("layers.{n}")) });
        match book.layer_from(&format!("layers.{n}"), terms) {
            Ok(terms) => layers.push(terms),
            Err(why) => errors.add_with(&format!("layers.{n}"), "terms", vec![("why", why.to_string())]),
        }
    }
    let mut cases = Vec::new();
    for (n, sent) in asked.cases.into_iter().enumerate() {
        let unit = sent.unit.clone();
        let Some(facts) = facts(&format!("cases.{n}"), sent, &mut errors) else { continue };
        let stored = match unit.as_deref().map(str::parse) {
            None => Arc::default(),
            Some(Ok(id)) => {
                let own = parties::app::layers_of_unit(&ctx, Id::new(id)).await?;
                // What was sent with the question stands beside what is stored.
                if typed.is_empty() || own.all().is_empty() || !errors.is_empty() {
                    own
                } else {
                    Layers::of(own.all().iter().chain(&typed).cloned().collect())?
                }
            }
            Some(Err(_)) => {
                errors.add(&format!("cases.{n}.unit"), "unknown");
                continue;
            }
        };
        cases.push((facts, stored));
    }
    errors.check()?;
    let mut items = Vec::new();
    for (facts, stored) in &cases {
        let layers = if stored.all().is_empty() { layers.as_slice() } else { stored.terms() };
        let verdict = book.verdict(facts, layers).map_err(Fault::internal)?;
        let questions = book.questions(facts, layers, &verdict).map_err(Fault::internal)?;
        items.push(VerdictOut {
            for_staff: words::for_staff(&lang, &verdict.for_staff),
            for_customer: words::for_customer(&lang, &verdict.for_customer),
            verdict: serde_json::to_value(&verdict).map_err(Fault::internal)?,
            questions,
        });
    }
    Ok(Json(VerdictsOut { rules: book.version().to_owned(), digest: book.digest().to_owned(), items }))
}

/// The facts of one case; every one that cannot be is an error at its place.
fn facts(at: &str, sent: FactsIn, errors: &mut FieldErrors) -> Option<Facts> {
    let claim = sent.claim_date.as_deref().unwrap_or_default().trim().to_owned();
    if claim.is_empty() {
        errors.add(&format!("{at}.claim_date"), "required");
        return None;
    }
    let Ok(day) = claim.parse() else {
        errors.add(&format!("{at}.claim_date"), "day");
        return None;
    };
    let mut facts = Facts::on(day);
    let mut whole = true;
    for (fact, word) in told(sent) {
        if facts.set(fact, &word).is_err() {
            whole = false;
            let place = format!("{at}.{}", fact.as_str());
            match fact {
                FactName::Bought
                | FactName::Received
                | FactName::Installed
                | FactName::ExchangedOn
                | FactName::PartReplacedOn
                | FactName::FactoryDate => errors.add(&place, "day"),
                FactName::RepairsDone
                | FactName::OpenRepairDays
                | FactName::PartsWaitDays
                | FactName::DaysInRepair
                | FactName::Km
                | FactName::NPer100k => {
                    errors.add_with(
                        &place,
                        "number-range",
                        vec![("min", "0".to_owned()), ("max", "10000000".to_owned())],
                    );
                }
                FactName::PriceFen => {
                    errors.add_with(
                        &place,
                        "number-range",
                        vec![("min", "0".to_owned()), ("max", "100000000000".to_owned())],
                    );
                }
                _ => errors.add(&place, "unknown"),
            }
        }
    }
    if let Err(why) = facts.check() {
        whole = false;
        let other = vec![("other", why.other.as_str().to_owned())];
        errors.add_with(&format!("{at}.{}", why.fact.as_str()), "contradicts", other);
    }
    whole.then_some(facts)
}

/// What was sent, as words.
fn told(sent: FactsIn) -> impl Iterator<Item = (FactName, String)> {
    use FactName as N;
    let number = |n: Option<u32>| n.map(|n| n.to_string());
    [
        (N::Category, sent.category),
        (N::Fault, sent.fault),
        (N::Bought, sent.bought),
        (N::Channel, sent.channel),
        (N::Received, sent.received),
        (N::Cause, sent.cause),
        (N::Component, sent.component),
        (N::RepairsDone, number(sent.repairs_done)),
        (N::HasReceipt, sent.has_receipt),
        (N::SameModel, sent.same_model),
        (N::CarEvent, sent.car_event),
        (N::Km, number(sent.km)),
        (N::OpenRepairDays, number(sent.open_repair_days)),
        (N::PartsWaitDays, number(sent.parts_wait_days)),
        (N::DaysInRepair, number(sent.days_in_repair)),
        (N::Installed, sent.installed),
        (N::ExchangedOn, sent.exchanged_on),
        (N::PartReplacedOn, sent.part_replaced_on),
        (N::FactoryDate, sent.factory_date),
        (N::Condition, sent.condition),
        (N::Exception, sent.exception),
        (N::Special, sent.special),
        (N::PriceFen, sent.price_fen.map(|n| n.to_string())),
        (N::NPer100k, number(sent.n_per_100k)),
    ]
    .into_iter()
    .filter_map(|(fact, word)| Some((fact, word?)))
}
