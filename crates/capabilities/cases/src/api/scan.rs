//! The scan over the API.

use axum::Json;
use axum::extract::RawQuery;
use capability::Ctx;
use kernel::Fault;
use parties::domain::cover::{Standing, Standings};
use parties::domain::masked_code;
use parties::store::UnitRow;
use serde::Serialize;
use utoipa::ToSchema;
use web::{Failure, Form, Lang};

use crate::app::{self, Answer, CaseRow, Chosen, Found, Hit};
use crate::domain::Scanned;
use crate::pages::{layer_word, scan_say};

/// The answer to a scan.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct ScanBody {
    /// `nothing`, `several` or `one`.
    result: &'static str,
    /// The sentence to say to the customer, in the reader's language.
    say: Option<String>,
    /// The unit.
    unit: Option<UnitLine>,
    /// The product's code.
    product: Option<String>,
    /// The product's name.
    product_name: Option<String>,
    /// Every layer of cover; no verdict.
    layers: Vec<LayerLine>,
    /// Open cases of the unit and of its owner, within reach.
    open_cases: Vec<CaseLine>,
    /// The sale.
    sale: Option<SaleLine>,
    /// Whose it is, masked; absent when it may not be seen.
    customer: Option<CustomerLine>,
    /// Units to go on with, where a customer or a sale was scanned.
    units: Vec<UnitLine>,
    /// What has the code, when several things have it.
    choices: Vec<ChoiceLine>,
}

/// A serial unit.
#[derive(Debug, Serialize, ToSchema)]
struct UnitLine {
    /// Its id; give it as `unit` to choose it.
    id: String,
    /// The serial number, masked.
    serial: String,
    /// The product's name.
    product: String,
    /// The day of sale.
    sold_on: Option<String>,
    /// Finished repairs.
    repairs: i64,
    /// Exchanges.
    exchanges: i64,
}

/// A layer of cover.
#[derive(Debug, Serialize, ToSchema)]
struct LayerLine {
    /// `law`, `maker`, `sale`, `extended`, `platform` or `policy`.
    source: &'static str,
    /// `running`, `ended`, `absent` or `unknown`.
    standing: &'static str,
    /// Its last day, where known.
    until: Option<String>,
    /// What was promised, in the words of the record.
    promise: Option<String>,
    /// Who pays, where the record names somebody.
    provider: Option<String>,
    /// Of the law: the last day of the first week with its choice of remedies.
    choice_until: Option<String>,
    /// Of the law: the last day of the main part's warranty.
    main_until: Option<String>,
}

/// An open case.
#[derive(Debug, Serialize, ToSchema)]
struct CaseLine {
    /// Its id.
    id: String,
    /// Its number.
    number: String,
    /// What it is about.
    subject: String,
    /// Its state.
    state: &'static str,
    /// When its nearest deadline ends, RFC 3339.
    due_at: Option<String>,
}

/// A sale.
#[derive(Debug, Serialize, ToSchema)]
struct SaleLine {
    /// Its id; give it as `sale` to choose it.
    id: String,
    /// The receipt's number, masked.
    receipt: String,
    /// The day of sale.
    day: String,
}

/// A customer.
#[derive(Debug, Serialize, ToSchema)]
struct CustomerLine {
    /// The id; give it as `customer` to choose it.
    id: String,
    /// The name.
    name: String,
    /// The number, masked.
    phone: String,
}

/// One of several.
#[derive(Debug, Serialize, ToSchema)]
struct ChoiceLine {
    /// `unit`, `sale`, `customer`, `case` or `product`.
    kind: &'static str,
    /// Its id; give it under the name of its kind to choose it.
    id: String,
}

/// Answers what a code is: a serial number or its last six, an IMEI, a receipt, a telephone number, a case number.
#[utoipa::path(get, path = "/api/v1/scan", tag = "scan",
    params(("code" = String, Query, description = "What was scanned or typed"),
        ("unit" = Option<String>, Query, description = "The unit that was chosen"),
        ("sale" = Option<String>, Query, description = "The sale that was chosen"),
        ("customer" = Option<String>, Query, description = "The customer who was chosen")),
    responses((status = 200, body = ScanBody), (status = 422, description = "Without a code")))]
pub(super) async fn scan(ctx: Ctx, lang: Lang, RawQuery(query): RawQuery) -> Result<Json<ScanBody>, Failure> {
    let mut form = Form::from_query(&query.unwrap_or_default());
    let chosen =
        Chosen { unit: form.id_or_none("unit"), sale: form.id_or_none("sale"), customer: form.id_or_none("customer") };
    form.check()?;
    let scanned = Scanned::read(form.raw("code")).ok_or_else(|| Fault::field("code", "required"))?;
    Ok(Json(match app::scan(&ctx, scanned, chosen).await? {
        Answer::Nothing => ScanBody { result: "nothing", ..ScanBody::default() },
        Answer::Several(hits) => {
            ScanBody { result: "several", choices: hits.iter().map(choice).collect(), ..ScanBody::default() }
        }
        Answer::One(found) => one(&lang, &found),
    }))
}

fn choice(hit: &Hit) -> ChoiceLine {
    let (kind, id) = match hit {
        Hit::Unit(row) => ("unit", row.unit.id.to_string()),
        Hit::Sale(sale) => ("sale", sale.id.to_string()),
        Hit::Customer(card) => ("customer", card.id.to_string()),
        Hit::Case(case) => ("case", case.id.to_string()),
        Hit::Product(product) => ("product", product.id.to_string()),
    };
    ChoiceLine { kind, id }
}

fn one(lang: &Lang, found: &Found) -> ScanBody {
    ScanBody {
        result: "one",
        say: Some(scan_say(lang, found)),
        unit: found.unit.as_ref().map(unit),
        product: found.product.as_ref().map(|product| product.draft.code.clone()),
        product_name: found.product.as_ref().map(|product| product.draft.name.clone()),
        layers: found.layers.iter().map(layer).collect(),
        open_cases: found.open.iter().map(case).collect(),
        sale: found.sale.as_ref().map(|sale| SaleLine {
            id: sale.id.to_string(),
            receipt: masked_code(&sale.receipt),
            day: sale.day.to_string(),
        }),
        customer: found.customer.as_ref().map(|card| CustomerLine {
            id: card.id.to_string(),
            name: card.name.clone(),
            phone: card.phone.clone(),
        }),
        units: found.units.iter().map(unit).collect(),
        choices: Vec::new(),
    }
}

fn unit(row: &UnitRow) -> UnitLine {
    UnitLine {
        id: row.unit.id.to_string(),
        serial: masked_code(&row.unit.serial),
        product: row.product.draft.name.clone(),
        sold_on: row.sold_on.map(|day| day.to_string()),
        repairs: row.unit.repairs,
        exchanges: row.unit.exchanges,
    }
}

fn layer(one: &Standings) -> LayerLine {
    let (standing, until) = match one.standing {
        Standing::Running(until) => ("running", until),
        Standing::Ended(until) => ("ended", Some(until)),
        Standing::Absent => ("absent", None),
        Standing::Unknown => ("unknown", None),
    };
    LayerLine {
        source: layer_word(one.layer),
        standing,
        until: until.map(|day| day.to_string()),
        promise: one.promise.clone(),
        provider: one.provider.clone(),
        choice_until: one.choice_until.map(|day| day.to_string()),
        main_until: one.main_until.map(|day| day.to_string()),
    }
}

fn case(case: &CaseRow) -> CaseLine {
    CaseLine {
        id: case.id.to_string(),
        number: case.number.clone(),
        subject: case.subject.clone(),
        state: case.state.name().as_str(),
        due_at: case.due.as_ref().map(|due| due.at.to_string()),
    }
}
