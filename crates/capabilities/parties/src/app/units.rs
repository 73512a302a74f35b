use std::collections::BTreeMap;

use capability::{Ctx, Event, Work};
use kernel::{Cursor, Day, Fault, FieldErrors, Id, Place, Placed, RecordRef, of};
use search::{Piece, code};

use super::diff::{self, Field};
use super::products::words;
use super::sales::{EDIT_SALES, VIEW_SALES, customer_codes};
use super::{CustomerCard, VIEW, found};
use crate::domain::cover::{Facts, Standings, layers};
use crate::domain::{Cover, SaleDraft, UnitDraft, UnitInput, looks_imei, plain_code, tail, unit};
use crate::store::{self, Customer, Product, Sale, SerialUnit, UnitRow, Units};

/// The word for serial units in journal and search.
pub const UNIT: &str = "serial_unit";

/// A page of units.
#[derive(Debug, Clone)]
pub struct UnitPage {
    /// Newest first.
    pub rows: Vec<UnitRow>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// A unit with everything on its page.
#[derive(Debug, Clone)]
pub struct UnitFile {
    /// The unit with its product.
    pub row: UnitRow,
    /// Its sale.
    pub sale: Option<Sale>,
    /// What covers it, layer by layer.
    pub layers: Vec<Standings>,
    /// Whose it is, masked; absent when the actor may not see whose it is.
    pub customer: Option<CustomerCard>,
}

/// Units within reach that are `wanted` and in which `text` is found.
///
/// # Errors
/// `busy` when the database is away.
pub async fn list_units(
    ctx: &Ctx,
    wanted: Units,
    text: Option<String>,
    after: Option<Cursor>,
    limit: u16,
) -> Result<UnitPage, Fault> {
    let limit = i64::from(limit.clamp(1, 200));
    let input = (wanted, text, ctx.reach(VIEW_SALES), after.map(|cursor| cursor.id), limit);
    let mut rows = ctx
        .read(input, |tx, (wanted, text, reach, after, limit)| {
            Box::pin(async move {
                let ids = found::ids(tx, UNIT, text.as_deref(), reach).await?;
                let wanted = Units { ids: ids.or_else(|| wanted.ids.clone()), ..wanted.clone() };
                Ok(store::list_units(tx, &wanted, reach, *after, limit + 1).await?)
            })
        })
        .await?;
    let more = diff::cut(&mut rows, limit);
    let next = rows.last().filter(|_| more).map(|last| Cursor { key: last.unit.id.get(), id: last.unit.id.get() });
    Ok(UnitPage { rows, next })
}

/// The unit `id` with everything on its page.
///
/// # Errors
/// `not-found`.
pub async fn get_unit(ctx: &Ctx, id: Id<of::SerialUnit>) -> Result<UnitFile, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let row = store::get_unit(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW_SALES, &row.unit)?;
            let today = ctx.now().day(&zone(ctx, row.unit.store));
            Ok(file(tx, ctx, row, today).await?)
        })
    })
    .await
}

fn zone(ctx: &Ctx, store: Id<of::Unit>) -> kernel::Zone {
    let directory = ctx.house.identity.directories().now();
    directory.unit(store).map_or_else(|| ctx.house.zone.clone(), |unit| unit.zone.clone())
}

/// What was promised for a unit at its sale, and by the terms that hold for it.
///
/// # Errors
/// What the database says.
pub async fn covers(tx: &mut db::Tx, row: &UnitRow, sale: &Sale) -> Result<Vec<Cover>, db::DbError> {
    let mut covers = store::covers_of(tx, sale.id).await?;
    covers.extend(crate::verdict::layers::covers(tx, row, sale).await?);
    Ok(covers)
}

/// The file of a unit that was found: its sale, what covers it `today`, whose it is as far as the actor may see it.
///
/// # Errors
/// What the database says.
pub async fn file(tx: &mut db::Tx, ctx: &Ctx, row: UnitRow, today: Day) -> Result<UnitFile, db::DbError> {
    let sale = match row.unit.sale {
        Some(sale) => store::get_sale(tx, sale).await?,
        None => None,
    };
    let covers = match &sale {
        Some(sale) => covers(tx, &row, sale).await?,
        None => Vec::new(),
    };
    let customer = match row.unit.customer {
        Some(customer) => store::get(tx, customer).await?.filter(|file| ctx.actor.may(VIEW, file)),
        None => None,
    };
    let draft = &row.product.draft;
    let facts = Facts {
        sold_on: sale.as_ref().map(|sale| sale.day),
        warranty_from: row.unit.warranty_from,
        law_months: draft.law_months,
        main_months: draft.main_months,
        maker_months: draft.maker_months,
        maker_promise: draft.maker_promise.clone(),
        channel: sale.as_ref().map(|sale| sale.channel),
        covers,
    };
    Ok(UnitFile { layers: layers(&facts, today), customer: customer.map(CustomerCard::from), sale, row })
}

/// The unit as it would be typed again.
pub fn unit_input(row: &UnitRow) -> UnitInput {
    UnitInput {
        product: row.product.draft.code.clone(),
        serial: row.unit.serial.clone(),
        imei: row.unit.imei.clone(),
        receipt: row.receipt.clone(),
        customer: row.unit.customer.map(|id| id.to_string()),
        warranty_from: row.unit.warranty_from.map(|day| day.to_string()),
        note: row.unit.note.clone(),
    }
}

/// Types in a unit at `store`.
///
/// # Errors
/// `invalid` with the fields; `not-found` when the store is out of reach.
pub async fn create_unit(ctx: &Ctx, store: Id<of::Unit>, input: &UnitInput) -> Result<UnitRow, Fault> {
    ctx.require(EDIT_SALES, &Place { store, team: None, owner: None })?;
    let mut errors = FieldErrors::default();
    let draft = unit(&mut errors, input);
    errors.check()?;
    let id = ctx
        .write((store, draft), |work, (store, draft)| {
            Box::pin(async move {
                let made = insert(work, *store, std::slice::from_ref(draft)).await?;
                let id = made.first().ok_or_else(|| Fault::internal("a unit was not made"))?.id;
                Ok(work.unchanged(id))
            })
        })
        .await?;
    read_row(ctx, id).await
}

async fn read_row(ctx: &Ctx, id: Id<of::SerialUnit>) -> Result<UnitRow, Fault> {
    let found = ctx.read(id, |tx, id| Box::pin(async move { Ok(store::get_unit(tx, *id).await?) })).await?;
    found.ok_or_else(Fault::not_found)
}

/// What a draft names, found.
struct Named {
    product: Product,
    sale: Option<Sale>,
    customer: Option<Customer>,
}

async fn named(
    tx: &mut db::Tx,
    ctx: &Ctx,
    store: Id<of::Unit>,
    drafts: &[UnitDraft],
) -> Result<Vec<Result<Named, FieldErrors>>, Fault> {
    let codes: Vec<String> = drafts.iter().map(|draft| draft.product.clone()).collect();
    let products: BTreeMap<String, Product> = store::products_by_code(tx, &codes)
        .await?
        .into_iter()
        .map(|product| (product.draft.code.clone(), product))
        .collect();
    let receipts: Vec<String> = drafts.iter().filter_map(|draft| draft.receipt.as_deref()).map(plain_code).collect();
    let sales: BTreeMap<String, Sale> = store::sales_with_receipts(tx, store, &receipts)
        .await?
        .into_iter()
        .map(|sale| (plain_code(&sale.receipt), sale))
        .collect();
    let ids: Vec<_> = drafts
        .iter()
        .filter_map(|draft| draft.customer)
        .chain(sales.values().filter_map(|sale| sale.customer))
        .collect();
    let customers: BTreeMap<_, Customer> =
        store::get_many(tx, &ids).await?.into_iter().map(|customer| (customer.id, customer)).collect();
    let one = |draft: &UnitDraft| {
        let mut errors = FieldErrors::default();
        let product = products.get(&draft.product).cloned();
        if product.is_none() {
            errors.add("product", "product-unknown");
        }
        let sale = draft.receipt.as_deref().and_then(|receipt| sales.get(&plain_code(receipt))).cloned();
        if draft.receipt.is_some() && sale.is_none() {
            errors.add("receipt", "receipt-unknown");
        }
        let wanted = draft.customer.or_else(|| sale.as_ref().and_then(|sale| sale.customer));
        let customer = wanted.and_then(|id| customers.get(&id)).cloned();
        let seen = |file: &Customer| file.merged_into.is_none() && ctx.actor.may(VIEW, file);
        if draft.customer.is_some() && !customer.as_ref().is_some_and(seen) {
            errors.add("customer", "unknown");
        }
        match (product, errors.is_empty()) {
            (Some(product), true) => Ok(Named { product, sale, customer }),
            _ => Err(errors),
        }
    };
    Ok(drafts.iter().map(one).collect())
}

/// What is wrong with each of `drafts`, new units of `store`.
pub(super) async fn wrong(
    tx: &mut db::Tx,
    ctx: &Ctx,
    store: Id<of::Unit>,
    drafts: &[UnitDraft],
) -> Result<Vec<FieldErrors>, Fault> {
    let found = named(tx, ctx, store, drafts).await?;
    let codes: Vec<String> = drafts.iter().map(|draft| plain_code(&draft.serial)).collect();
    let known = store::units_with_codes(tx, &codes).await?;
    let one = |(draft, named): (&UnitDraft, Result<Named, FieldErrors>)| match named {
        Err(errors) => errors,
        Ok(named) => {
            let mut errors = FieldErrors::default();
            let code = plain_code(&draft.serial);
            if known.iter().any(|row| row.product.id == named.product.id && plain_code(&row.unit.serial) == code) {
                errors.add("serial", "taken");
            }
            errors
        }
    };
    Ok(drafts.iter().zip(found).map(one).collect())
}

/// Makes units within a write that is under way.
pub(super) async fn insert(
    work: &mut Work<'_>,
    store: Id<of::Unit>,
    drafts: &[UnitDraft],
) -> Result<Vec<SerialUnit>, Fault> {
    let found = named(work.tx, work.ctx, store, drafts).await?;
    let codes: Vec<String> = drafts.iter().map(|draft| plain_code(&draft.serial)).collect();
    let known = store::units_with_codes(work.tx, &codes).await?;
    let mut units = Vec::new();
    let mut events = Vec::new();
    for (draft, named) in drafts.iter().zip(found) {
        let Named { product, sale, customer } = named.map_err(Fault::invalid)?;
        let code = plain_code(&draft.serial);
        if known.iter().any(|row| row.product.id == product.id && plain_code(&row.unit.serial) == code) {
            return Err(Fault::field("serial", "taken"));
        }
        let unit = SerialUnit {
            id: work.ctx.house.ids.next(),
            product: product.id,
            serial: draft.serial.clone(),
            imei: draft.imei.clone(),
            store,
            sale: sale.as_ref().map(|sale| sale.id),
            customer: customer.as_ref().map(|customer| customer.id),
            warranty_from: draft.warranty_from,
            repairs: 0,
            exchanges: 0,
            note: draft.note.clone(),
            version: 1,
            created_at: work.now,
        };
        let receipt = sale.as_ref().map(|sale| sale.receipt.as_str());
        events.push(event("serial_unit.made", None, &unit, |unit| piece(unit, &product, receipt, customer.as_ref())));
        units.push(unit);
    }
    store::insert_units(work.tx, &units).await?;
    let _ = work.record_all(events).await?;
    Ok(units)
}

/// Changes the unit `id`, of which the actor has seen `version`.
///
/// # Errors
/// `invalid` with the fields; `stale`; `not-found`.
pub async fn edit_unit(ctx: &Ctx, id: Id<of::SerialUnit>, version: i64, input: &UnitInput) -> Result<UnitRow, Fault> {
    let mut errors = FieldErrors::default();
    let draft = unit(&mut errors, input);
    // Whether one may is said before what is wrong.
    let seen = read_row(ctx, id).await?;
    ctx.require(EDIT_SALES, &seen.unit)?;
    errors.check()?;
    ctx.write((id, version, draft), |work, (id, version, draft)| {
        Box::pin(async move {
            let before = store::get_unit(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.require(EDIT_SALES, &before.unit)?;
            if before.unit.version != *version {
                return Err(Fault::stale(before.unit.version));
            }
            // A receipt of another store stays as it is unless it is typed anew.
            let same = draft.receipt == before.receipt;
            let asked = UnitDraft { receipt: draft.receipt.clone().filter(|_| !same), ..draft.clone() };
            let mut found = named(work.tx, work.ctx, before.unit.store, std::slice::from_ref(&asked)).await?;
            let Named { product, sale, customer } =
                found.pop().ok_or_else(Fault::not_found)?.map_err(Fault::invalid)?;
            let code = plain_code(&draft.serial);
            let known = store::units_with_codes(work.tx, std::slice::from_ref(&code)).await?;
            if known.iter().any(|row| row.unit.id != *id && row.product.id == product.id) {
                return Err(Fault::field("serial", "taken"));
            }
            let after = SerialUnit {
                product: product.id,
                serial: draft.serial.clone(),
                imei: draft.imei.clone(),
                sale: if same { before.unit.sale } else { sale.as_ref().map(|sale| sale.id) },
                customer: customer.as_ref().map(|customer| customer.id),
                warranty_from: draft.warranty_from,
                note: draft.note.clone(),
                ..before.unit.clone()
            };
            if after == before.unit {
                return Ok(work.unchanged(*id));
            }
            if !store::save_unit(work.tx, &after).await? {
                return Err(Fault::stale(before.unit.version.saturating_add(1)));
            }
            let receipt = draft.receipt.as_deref();
            let event = event("serial_unit.changed", Some(&before.unit), &after, |unit| {
                piece(unit, &product, receipt, customer.as_ref())
            });
            Ok(work.record(event).await?.with(*id))
        })
    })
    .await?;
    read_row(ctx, id).await
}

/// The unit `serial` of `product` as `sale` leaves it: a new one, or the known one with its new owner.
pub(super) fn of_sale(
    work: &Work<'_>,
    sale: &Sale,
    product: &Product,
    serial: &str,
    known: Option<&UnitRow>,
) -> SerialUnit {
    match known {
        Some(known) => SerialUnit { sale: Some(sale.id), customer: sale.customer, ..known.unit.clone() },
        None => SerialUnit {
            id: work.ctx.house.ids.next(),
            product: product.id,
            serial: serial.to_owned(),
            imei: Some(plain_code(serial)).filter(|code| looks_imei(code)),
            store: sale.store,
            sale: Some(sale.id),
            customer: sale.customer,
            warranty_from: None,
            repairs: 0,
            exchanges: 0,
            note: None,
            version: 1,
            created_at: work.now,
        },
    }
}

/// Brings the units of a changed sale up to date; says what happened to each.
pub(super) async fn renamed(
    work: &mut Work<'_>,
    sale: &Sale,
    draft: &SaleDraft,
    products: &BTreeMap<String, Product>,
    known: &BTreeMap<(Id<of::Product>, String), UnitRow>,
    old: &[UnitRow],
) -> Result<Vec<Event>, Fault> {
    let customer = match sale.customer {
        Some(id) => store::get(work.tx, id).await?,
        None => None,
    };
    let mut events = Vec::new();
    let mut made = Vec::new();
    let mut stay = Vec::new();
    for line in &draft.lines {
        let Some(product) = products.get(&line.product) else { continue };
        for serial in &line.serials {
            let before = known.get(&(product.id, plain_code(serial)));
            let unit = of_sale(work, sale, product, serial, before);
            stay.push(unit.id);
            let make = |unit: &SerialUnit| piece(unit, product, Some(&sale.receipt), customer.as_ref());
            match before {
                Some(before) if before.unit == unit => {}
                Some(before) => {
                    if !store::save_unit(work.tx, &unit).await? {
                        return Err(Fault::stale(before.unit.version.saturating_add(1)));
                    }
                    events.push(event("serial_unit.sold", Some(&before.unit), &unit, make));
                }
                None => {
                    events.push(event("serial_unit.made", None, &unit, make));
                    made.push(unit);
                }
            }
        }
    }
    store::insert_units(work.tx, &made).await?;
    for row in old.iter().filter(|row| !stay.contains(&row.unit.id)) {
        let unit = SerialUnit { sale: None, ..row.unit.clone() };
        if !store::save_unit(work.tx, &unit).await? {
            return Err(Fault::stale(row.unit.version.saturating_add(1)));
        }
        events.push(event("serial_unit.unsold", Some(&row.unit), &unit, |unit| {
            piece(unit, &row.product, None, customer.as_ref())
        }));
    }
    Ok(events)
}

pub(super) fn event(
    verb: &'static str,
    before: Option<&SerialUnit>,
    unit: &SerialUnit,
    piece: impl Fn(&SerialUnit) -> Piece,
) -> Event {
    let event = Event::new(RecordRef::new(UNIT, unit.id), verb, unit.place()).index(piece(unit));
    diff::changes(event, FIELDS, before, unit)
}

/// What a person may look for: serial number and its end, IMEI, receipt, the customer's number and initials, the product.
pub(super) fn piece(unit: &SerialUnit, product: &Product, receipt: Option<&str>, customer: Option<&Customer>) -> Piece {
    let code = plain_code(&unit.serial);
    let mut codes = vec![unit.serial.clone(), tail(&code), code];
    codes.extend(unit.imei.clone());
    codes.extend(receipt.into_iter().flat_map(|receipt| [receipt.to_owned(), plain_code(receipt)]));
    codes.extend(customer.into_iter().flat_map(customer_codes));
    codes.extend(code::initials(&product.draft.name));
    Piece {
        record: RecordRef::new(UNIT, unit.id),
        piece: unit.id.get(),
        store: unit.store,
        team: None,
        owner: None,
        text: words(&product.draft),
        codes,
    }
}

const FIELDS: &[Field<SerialUnit>] = &[
    ("serial", |unit| Some(unit.serial.clone())),
    ("imei", |unit| unit.imei.clone()),
    ("product", |unit| Some(unit.product.to_string())),
    ("sale", |unit| unit.sale.map(|id| id.to_string())),
    ("customer", |unit| unit.customer.map(|id| id.to_string())),
    ("warranty_from", |unit| unit.warranty_from.map(|day| day.to_string())),
    ("note", |unit| unit.note.clone()),
];
