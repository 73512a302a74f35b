//! Units that are known: what the customer bought, what a serial number or a receipt names, to be picked instead of typed.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use capability::Ctx;
use kernel::{Fault, FaultKind, Id, of};
use parties::domain::{masked_code, plain_code};
use parties::store::UnitRow;
use web::{Failure, Filled, Form, Lang, View};

use super::intake::{self, Found as Customers};
use super::{directory, unit_name};
use crate::app::{self, Answer, Chosen, Found, SCAN};
use crate::domain::Scanned;

/// Shorter codes name nothing.
const SHORTEST: usize = 4;

#[derive(Template)]
#[template(path = "cases_goods.html")]
pub(super) struct Goods {
    page: Lang,
    units: Vec<Good>,
    /// A number was typed that no record has; the unit is taken in all the same.
    unknown: bool,
    /// The customer of what was scanned, where none is chosen yet.
    customers: Option<Customers>,
}

impl askama::filters::HtmlSafe for Goods {}

struct Good {
    id: String,
    title: String,
    meta: String,
    on: bool,
}

impl Good {
    fn of(ctx: &Ctx, lang: &Lang, row: &UnitRow, on: bool) -> Self {
        let sold = row.sold_on.map_or_else(|| lang.t("cases-scan-sale-unknown"), |day| lang.day(day));
        let store = unit_name(&directory(ctx), lang, row.unit.store);
        Self {
            id: row.unit.id.to_string(),
            title: product_of(row),
            meta: format!("{sold} · {store} · {}", masked_code(&row.unit.serial)),
            on,
        }
    }
}

fn product_of(row: &UnitRow) -> String {
    let draft = &row.product.draft;
    [draft.brand.as_str(), draft.name.as_str(), draft.code.as_str()].join(" ").trim().to_owned()
}

/// A unit that was picked.
pub(super) struct Picked {
    pub product: String,
    pub serial: String,
    pub receipt: Option<String>,
}

/// The unit that the form names, if it names one within reach.
pub(super) async fn picked(ctx: &Ctx, unit: &str) -> Result<Option<Picked>, Fault> {
    let Some(id) = unit.trim().parse::<i64>().ok().filter(|_| ctx.actor.holds(SCAN)) else { return Ok(None) };
    let chosen = Chosen { unit: Some(Id::new(id)), ..Chosen::default() };
    let found = match app::scan(ctx, Scanned::default(), chosen).await {
        Ok(Answer::One(found)) => found,
        Ok(Answer::Nothing | Answer::Several(_)) => return Ok(None),
        Err(fault) if fault.kind() == FaultKind::NotFound => return Ok(None),
        Err(fault) => return Err(fault),
    };
    Ok(found.unit.map(|row| Picked { product: product_of(&row), serial: row.unit.serial, receipt: row.receipt }))
}

/// What is known for the form: by the serial number, else by the receipt, else what the customer has.
pub(super) async fn of(ctx: &Ctx, lang: &Lang, form: &Filled, customer: &str) -> Result<Goods, Fault> {
    let mut goods = Goods { page: lang.clone(), units: Vec::new(), unknown: false, customers: None };
    if !ctx.actor.holds(SCAN) {
        return Ok(goods);
    }
    let typed = ["serial", "receipt"].map(|name| form.value(name).trim().to_owned());
    let long = |code: &&String| plain_code(code).chars().count() >= SHORTEST;
    let code = typed.iter().find(long).and_then(|code| Scanned::read(code));
    let customer: Option<Id<of::Customer>> = customer.parse().ok().map(Id::new);
    let answer = match (&code, customer) {
        (Some(code), _) => app::scan(ctx, code.clone(), Chosen::default()).await?,
        (None, Some(_)) => match app::scan(ctx, Scanned::default(), Chosen { customer, ..Chosen::default() }).await {
            Ok(answer) => answer,
            Err(fault) if fault.kind() == FaultKind::NotFound => Answer::Nothing,
            Err(fault) => return Err(fault),
        },
        (None, None) => return Ok(goods),
    };
    let chosen = form.value("unit").to_owned();
    match answer {
        Answer::One(found) => {
            let Found { unit, units, customer: owner, .. } = *found;
            let rows: Vec<UnitRow> = unit.into_iter().chain(units).collect();
            let only = rows.len() == 1 && code.is_some();
            let on = |row: &UnitRow| row.unit.id.to_string() == chosen || (only && chosen.is_empty());
            goods.units = rows.iter().map(|row| Good::of(ctx, lang, row, on(row))).collect();
            let free = customer.is_none() && form.value("customer.phone").trim().is_empty();
            if let Some(owner) = owner.filter(|_| free) {
                let asked = Filled::new().with("customer", owner.id.to_string());
                goods.customers = Some(intake::found(ctx, lang, &asked).await?);
            }
        }
        Answer::Several(hits) => {
            let rows = hits.iter().filter_map(|hit| match hit {
                app::Hit::Unit(row) => Some(row),
                app::Hit::Sale(_) | app::Hit::Customer(_) | app::Hit::Case(_) | app::Hit::Product(_) => None,
            });
            goods.units = rows.map(|row| Good::of(ctx, lang, row, row.unit.id.to_string() == chosen)).collect();
        }
        Answer::Nothing => goods.unknown = code.is_some(),
    }
    Ok(goods)
}

/// `GET /cases/new/goods?serial=&receipt=&customer=&unit=`: while a number is typed or scanned.
pub(crate) async fn show(lang: Lang, ctx: Ctx, RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let form = Form::from_query(&query.unwrap_or_default()).into_filled();
    Ok(View(of(&ctx, &lang, &form, form.value("customer")).await?).into_response())
}
