//! The ten-second scan: one code, one round, everything that the counter says to the customer.

use std::collections::BTreeSet;

use capability::Ctx;
use db::Tx;
use kernel::{Day, Fault, Id, Permission, of};
use parties::app::{CustomerCard, UnitFile, VIEW_SALES};
use parties::domain::cover::{Facts, Layer, Standing, Standings, layers};
use parties::domain::{Phone, Source, plain_code};
use parties::store::{Digits, Product, Sale, UnitRow};
use parties::verdict::{self, Judged};

use super::access::VIEW;
use crate::domain::Scanned;
use crate::store::{self, CaseRow};

/// Scan codes: see units, their cover and, as far as one may, whose they are and their open cases.
pub const SCAN: Permission = Permission("cases.scan");

/// Most records from which one is chosen.
const SHOWN: i64 = 8;

/// Which of several was chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chosen {
    /// This unit.
    pub unit: Option<Id<of::SerialUnit>>,
    /// This sale.
    pub sale: Option<Id<of::Sale>>,
    /// This customer.
    pub customer: Option<Id<of::Customer>>,
}

/// What a code names.
#[derive(Debug, Clone)]
pub enum Hit {
    /// A serial unit.
    Unit(Box<UnitRow>),
    /// A sale.
    Sale(Box<Sale>),
    /// A customer, masked.
    Customer(Box<CustomerCard>),
    /// A case.
    Case(Box<CaseRow>),
    /// A product.
    Product(Box<Product>),
}

/// The answer to a scan.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Nothing has this code.
    Nothing,
    /// Several things have it.
    Several(Vec<Hit>),
    /// One thing has it.
    One(Box<Found>),
}

/// Everything about what was scanned.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The unit.
    pub unit: Option<UnitRow>,
    /// The product, of a unit or alone.
    pub product: Option<Product>,
    /// The sale.
    pub sale: Option<Sale>,
    /// Whether the actor may see what was paid and how.
    pub sale_shown: bool,
    /// Whose it is, masked; absent when the actor may not see it.
    pub customer: Option<CustomerCard>,
    /// The case whose number was scanned.
    pub case: Option<CaseRow>,
    /// What covers it, layer by layer; empty where there is no product.
    pub layers: Vec<Standings>,
    /// Live cases of the unit and of its owner, within reach.
    pub open: Vec<CaseRow>,
    /// Units to go on with, where a customer or a sale was scanned.
    pub units: Vec<UnitRow>,
    /// The sentence to say.
    pub say: Say,
    /// What the customer may ask for by law, as far as the records say.
    pub verdict: Option<Judged>,
}

/// What is said to the customer. Before inspection it names conditions only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Say {
    /// Somebody works on it.
    Working {
        /// The case's number.
        number: String,
    },
    /// A fault in the first week gives the choice.
    Week(Day),
    /// The statutory warranty runs.
    Law(Day),
    /// Only the main part's statutory warranty runs.
    Main(Day),
    /// A promise beyond the law runs, to its last day where that is known.
    Beyond(Source, Option<Day>),
    /// All that is known has ended, the last on this day.
    Over(Day),
    /// Whose it is is known, but not yet which unit.
    Which,
    /// The records do not say enough.
    #[default]
    Unknown,
}

/// Answers what `scanned` is.
///
/// # Errors
/// `not-found` when a chosen record is not; `busy` when the database is away.
pub async fn scan(ctx: &Ctx, scanned: Scanned, chosen: Chosen) -> Result<Answer, Fault> {
    ctx.read((ctx.clone(), scanned, chosen), |tx, (ctx, scanned, chosen)| {
        Box::pin(async move {
            let mut hits = match chosen {
                Chosen { unit: Some(id), .. } => {
                    let row = parties::store::get_unit(tx, *id).await?.ok_or_else(Fault::not_found)?;
                    vec![Hit::Unit(Box::new(row))]
                }
                Chosen { sale: Some(id), .. } => {
                    let sale = parties::store::get_sale(tx, *id).await?.ok_or_else(Fault::not_found)?;
                    vec![Hit::Sale(Box::new(sale))]
                }
                Chosen { customer: Some(id), .. } => {
                    let card = parties::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
                    ctx.require(parties::app::VIEW, &card)?;
                    vec![Hit::Customer(Box::new(card.into()))]
                }
                Chosen { .. } => hits(tx, ctx, scanned).await?,
            };
            match (hits.len(), hits.pop()) {
                (1, Some(hit)) => Ok(Answer::One(Box::new(found(tx, ctx, hit).await?))),
                (_, None) => Ok(Answer::Nothing),
                (_, Some(last)) => {
                    hits.push(last);
                    Ok(Answer::Several(hits))
                }
            }
        })
    })
    .await
}

/// At most four statements: only what the code's form can name is looked up.
async fn hits(tx: &mut Tx, ctx: &Ctx, scanned: &Scanned) -> Result<Vec<Hit>, Fault> {
    if let Some(number) = &scanned.number
        && ctx.actor.holds(VIEW)
        && let Some(case) = store::by_number(tx, number, &ctx.reach(VIEW)).await?
    {
        return Ok(vec![Hit::Case(Box::new(case))]);
    }
    let mut hits = Vec::new();
    if !scanned.only_phone() && scanned.tail.is_none() {
        let units = parties::store::units_by_code(tx, &scanned.code, SHOWN).await?;
        hits.extend(units.into_iter().map(|row| Hit::Unit(Box::new(row))));
        if hits.is_empty() {
            let sales = parties::store::sales_by_receipt(tx, &scanned.code, SHOWN).await?;
            hits.extend(sales.into_iter().map(|sale| Hit::Sale(Box::new(sale))));
        }
        if hits.is_empty() && scanned.barcode {
            let products = parties::store::products_by_barcode(tx, &scanned.code, SHOWN).await?;
            hits.extend(products.into_iter().map(|product| Hit::Product(Box::new(product))));
        }
    }
    if hits.is_empty() && ctx.actor.holds(parties::app::VIEW) {
        let digits = match (&scanned.phone, &scanned.tail) {
            (Some(phone), _) => Some(Digits::Whole(Phone::digits(phone).to_owned())),
            (None, Some(tail)) => Some(Digits::Tail(tail.clone())),
            (None, None) => None,
        };
        if let Some(digits) = digits {
            let reach = ctx.reach(parties::app::VIEW);
            let files = parties::store::find_by_phone(tx, &digits, &reach, SHOWN).await?;
            hits.extend(files.into_iter().map(|file| Hit::Customer(Box::new(file.into()))));
        }
    }
    Ok(hits)
}

async fn found(tx: &mut Tx, ctx: &Ctx, hit: Hit) -> Result<Found, Fault> {
    match hit {
        Hit::Unit(row) => of_unit(tx, ctx, *row, None).await,
        Hit::Sale(sale) => of_sale(tx, ctx, *sale).await,
        Hit::Customer(card) => {
            let units = parties::store::units_of_customer(tx, card.id, SHOWN).await?;
            let open = open(tx, ctx, &[], Some(card.id)).await?;
            let say = if units.is_empty() { Say::Unknown } else { Say::Which };
            Ok(Found { customer: Some(*card), units, open, say, ..Found::default() })
        }
        Hit::Case(case) => of_case(tx, ctx, *case).await,
        Hit::Product(product) => {
            let layers = layers_of(ctx, &product, None, Vec::new());
            Ok(Found { product: Some(*product), layers, ..Found::default() })
        }
    }
}

async fn of_unit(tx: &mut Tx, ctx: &Ctx, row: UnitRow, case: Option<CaseRow>) -> Result<Found, Fault> {
    let today = today(ctx, row.unit.store);
    let UnitFile { row, sale, layers, customer } = parties::app::unit_file(tx, ctx, row, today).await?;
    let mut serials = vec![row.unit.serial.clone(), plain_code(&row.unit.serial)];
    serials.extend(row.unit.imei.clone());
    // Said is what is under way for this unit; shown is also what else its owner waits for.
    let own = open(tx, ctx, &serials, None).await?;
    let open = open(tx, ctx, &serials, row.unit.customer.filter(|_| customer.is_some())).await?;
    let say = say(&layers, own.first());
    // Judged as of the day on which the customer came with it.
    let (fault, claim) = match own.first() {
        Some(case) => {
            let symptoms = store::symptoms_of(tx, case.id).await?;
            (super::gravest(&symptoms), case.happened_at.day(&zone(ctx, row.unit.store)))
        }
        None => (None, today),
    };
    let verdict = match ctx.actor.holds(verdict::JUDGE) {
        true => verdict::of_unit(tx, &row, sale.as_ref(), fault, claim).await?,
        false => None,
    };
    Ok(Found {
        verdict,
        sale_shown: sale.as_ref().is_some_and(|sale| ctx.actor.may(VIEW_SALES, sale)),
        product: Some(row.product.clone()),
        unit: Some(row),
        sale,
        customer,
        case,
        layers,
        open,
        units: Vec::new(),
        say,
    })
}

async fn of_sale(tx: &mut Tx, ctx: &Ctx, sale: Sale) -> Result<Found, Fault> {
    let mut units = parties::store::units_of_sale(tx, sale.id).await?;
    if units.len() == 1
        && let Some(only) = units.pop()
    {
        return of_unit(tx, ctx, only, None).await;
    }
    let lines = parties::store::lines_of(tx, sale.id).await?;
    let product = match lines.as_slice() {
        [only] => parties::store::get_product(tx, only.product).await?,
        _ => None,
    };
    let layers = match &product {
        Some(product) => {
            let covers = parties::store::covers_of(tx, sale.id).await?;
            layers_of(ctx, product, Some(&sale), covers)
        }
        None => Vec::new(),
    };
    let customer = match sale.customer {
        Some(id) => parties::store::get(tx, id).await?.filter(|file| ctx.actor.may(parties::app::VIEW, file)),
        None => None,
    };
    let open = open(tx, ctx, &[], customer.as_ref().map(|file| file.id)).await?;
    let say = if units.is_empty() { say(&layers, None) } else { Say::Which };
    Ok(Found {
        sale_shown: ctx.actor.may(VIEW_SALES, &sale),
        sale: Some(sale),
        customer: customer.map(CustomerCard::from),
        product,
        layers,
        open,
        units,
        say,
        ..Found::default()
    })
}

/// A case's unit, when its serial number names exactly one.
async fn of_case(tx: &mut Tx, ctx: &Ctx, case: CaseRow) -> Result<Found, Fault> {
    if let Some(serial) = store::serial_of(tx, case.id).await? {
        let mut units = parties::store::units_by_code(tx, &plain_code(&serial), 2).await?;
        if units.len() == 1
            && let Some(only) = units.pop()
        {
            return of_unit(tx, ctx, only, Some(case)).await;
        }
    }
    let customer = match case.customer {
        Some(id) => parties::store::get(tx, id).await?.filter(|file| ctx.actor.may(parties::app::VIEW, file)),
        None => None,
    };
    let over = case.state.step().is_none();
    let say = if over { Say::Unknown } else { Say::Working { number: case.number.clone() } };
    let mut open = open(tx, ctx, &[], case.customer).await?;
    open.sort_by_key(|one| one.id != case.id);
    Ok(Found { customer: customer.map(CustomerCard::from), case: Some(case), open, say, ..Found::default() })
}

/// Live cases within reach: first those with one of `serials`, then the others of `customer`.
async fn open(
    tx: &mut Tx,
    ctx: &Ctx,
    serials: &[String],
    customer: Option<Id<of::Customer>>,
) -> Result<Vec<CaseRow>, Fault> {
    if !ctx.actor.holds(VIEW) || (serials.is_empty() && customer.is_none()) {
        return Ok(Vec::new());
    }
    let serials: BTreeSet<String> = serials.iter().cloned().collect();
    Ok(store::of_unit(tx, &serials.into_iter().collect::<Vec<_>>(), customer, &ctx.reach(VIEW), SHOWN).await?)
}

fn zone(ctx: &Ctx, store: Id<of::Unit>) -> kernel::Zone {
    let directory = ctx.house.identity.directories().now();
    directory.unit(store).map_or_else(|| ctx.house.zone.clone(), |unit| unit.zone.clone())
}

fn today(ctx: &Ctx, store: Id<of::Unit>) -> Day {
    ctx.now().day(&zone(ctx, store))
}

fn layers_of(ctx: &Ctx, product: &Product, sale: Option<&Sale>, covers: Vec<parties::domain::Cover>) -> Vec<Standings> {
    let draft = &product.draft;
    let facts = Facts {
        sold_on: sale.map(|sale| sale.day),
        warranty_from: None,
        law_months: draft.law_months,
        main_months: draft.main_months,
        maker_months: draft.maker_months,
        maker_promise: draft.maker_promise.clone(),
        channel: sale.map(|sale| sale.channel),
        covers,
    };
    let today = sale.map_or_else(|| ctx.now().day(&ctx.house.zone), |sale| today(ctx, sale.store));
    layers(&facts, today)
}

/// What is said: what is under way goes first, then the best of what still runs.
fn say(layers: &[Standings], open: Option<&CaseRow>) -> Say {
    if let Some(case) = open {
        return Say::Working { number: case.number.clone() };
    }
    let law = layers.iter().find(|one| one.layer == Layer::Law);
    if let Some(day) = law.and_then(|law| law.choice_until) {
        return Say::Week(day);
    }
    if let Some(Standing::Running(Some(day))) = law.map(|law| law.standing) {
        return Say::Law(day);
    }
    if let Some(day) = law.and_then(|law| law.main_until) {
        return Say::Main(day);
    }
    let beyond = layers.iter().find_map(|one| match (one.layer, one.standing) {
        (Layer::Beyond(source), Standing::Running(day)) => Some(Say::Beyond(source, day)),
        _ => None,
    });
    if let Some(say) = beyond {
        return say;
    }
    let ended = layers.iter().filter_map(|one| match one.standing {
        Standing::Ended(day) => Some(day),
        Standing::Running(_) | Standing::Absent | Standing::Unknown => None,
    });
    ended.max().map_or(Say::Unknown, Say::Over)
}
