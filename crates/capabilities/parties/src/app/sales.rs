use std::collections::{BTreeMap, BTreeSet};

use capability::{Ctx, Event, Work};
use kernel::{Cursor, Day, Fault, FieldErrors, Id, Permission, Place, Placed, RecordRef, of};
use metrics::Delta;
use search::{Piece, code};

use super::diff::{self, Field};
use super::products::words;
use super::units;
use super::{CustomerCard, VIEW, found};
use crate::domain::{Cover, Phone, SaleDraft, SaleInput, plain_code, sale};
use crate::store::{self, Customer, Line, Product, Sale, SaleRow, Sales, UnitRow};

/// See sales and serial units.
pub const VIEW_SALES: Permission = Permission("sales.view");
/// Type in and change sales and serial units.
pub const EDIT_SALES: Permission = Permission("sales.edit");

/// The word for sales in journal and search.
pub const SALE: &str = "sale";

/// A page of sales.
#[derive(Debug, Clone)]
pub struct SalePage {
    /// Newest day first.
    pub rows: Vec<SaleRow>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// A sale with everything on its page.
#[derive(Debug, Clone)]
pub struct SaleFile {
    /// The sale.
    pub sale: Sale,
    /// Its lines with their products.
    pub lines: Vec<(Line, Product)>,
    /// What was promised beyond the law.
    pub covers: Vec<Cover>,
    /// Its serial units.
    pub units: Vec<UnitRow>,
    /// Who bought it, masked; absent when the actor may not see whose it is.
    pub customer: Option<CustomerCard>,
}

/// Sales within reach that are `wanted` and in which `text` is found.
///
/// # Errors
/// `busy` when the database is away.
pub async fn list_sales(
    ctx: &Ctx,
    wanted: Sales,
    text: Option<String>,
    after: Option<Cursor>,
    limit: u16,
) -> Result<SalePage, Fault> {
    let limit = i64::from(limit.clamp(1, 200));
    let after = after.and_then(|cursor| Some((day_of(cursor.key)?, cursor.id)));
    let input = (wanted, text, ctx.reach(VIEW_SALES), after, limit);
    let mut rows = ctx
        .read(input, |tx, (wanted, text, reach, after, limit)| {
            Box::pin(async move {
                let ids = found::ids(tx, SALE, text.as_deref(), reach).await?;
                let wanted = Sales { ids: ids.or_else(|| wanted.ids.clone()), ..wanted.clone() };
                Ok(store::list_sales(tx, &wanted, reach, *after, limit + 1).await?)
            })
        })
        .await?;
    let more = diff::cut(&mut rows, limit);
    let next = rows.last().filter(|_| more).map(|last| Cursor { key: key_of(last.sale.day), id: last.sale.id.get() });
    Ok(SalePage { rows, next })
}

/// A day as the number that a cursor carries: 20261122.
fn key_of(day: Day) -> i64 {
    day.to_string().replace('-', "").parse().unwrap_or(0)
}

fn day_of(key: i64) -> Option<Day> {
    let (year, rest) = (key / 10_000, key % 10_000);
    Day::new(i16::try_from(year).ok()?, i8::try_from(rest / 100).ok()?, i8::try_from(rest % 100).ok()?).ok()
}

/// The sale `id` with everything on its page.
///
/// # Errors
/// `not-found`.
pub async fn get_sale(ctx: &Ctx, id: Id<of::Sale>) -> Result<SaleFile, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let sale = store::get_sale(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW_SALES, &sale)?;
            file(tx, ctx, sale).await
        })
    })
    .await
}

async fn file(tx: &mut db::Tx, ctx: &Ctx, sale: Sale) -> Result<SaleFile, Fault> {
    let lines = store::lines_of(tx, sale.id).await?;
    let ids: Vec<_> = lines.iter().map(|line| line.product).collect();
    let products: BTreeMap<_, _> =
        store::find_products(tx, &ids).await?.into_iter().map(|product| (product.id, product)).collect();
    let lines =
        lines.into_iter().filter_map(|line| products.get(&line.product).cloned().map(|found| (line, found))).collect();
    let customer = match sale.customer {
        Some(customer) => store::get(tx, customer).await?.filter(|file| ctx.actor.may(VIEW, file)),
        None => None,
    };
    Ok(SaleFile {
        lines,
        covers: store::covers_of(tx, sale.id).await?,
        units: store::units_of_sale(tx, sale.id).await?,
        customer: customer.map(CustomerCard::from),
        sale,
    })
}

/// The sale as it would be typed again.
pub fn sale_input(file: &SaleFile) -> SaleInput {
    let mut left: Vec<&UnitRow> = file.units.iter().collect();
    let lines = file
        .lines
        .iter()
        .map(|(line, product)| {
            let mut serials = Vec::new();
            left.retain(|unit| {
                let own = unit.product.id == product.id
                    && i64::try_from(serials.len()).is_ok_and(|count| count < line.quantity);
                if own {
                    serials.push(unit.unit.serial.clone());
                }
                !own
            });
            crate::domain::LineInput {
                product: product.draft.code.clone(),
                quantity: line.quantity,
                price: line.price.fen(),
                serials,
            }
        })
        .collect();
    let covers = file
        .covers
        .iter()
        .map(|cover| crate::domain::CoverInput {
            source: cover.source.as_str().to_owned(),
            promise: cover.promise.clone(),
            provider: cover.provider.clone(),
            ends_on: cover.ends_on.map(|day| day.to_string()),
        })
        .collect();
    SaleInput {
        receipt: file.sale.receipt.clone(),
        day: file.sale.day.to_string(),
        channel: file.sale.channel.as_str().to_owned(),
        customer: file.sale.customer.map(|id| id.to_string()),
        payment: file.sale.payment.clone(),
        note: file.sale.note.clone(),
        lines,
        covers,
    }
}

pub(super) fn today(ctx: &Ctx, store: Id<of::Unit>) -> Day {
    let directory = ctx.house.identity.directories().now();
    let zone = directory.unit(store).map_or_else(|| ctx.house.zone.clone(), |unit| unit.zone.clone());
    ctx.now().day(&zone)
}

/// Types in a sale at `store`. A receipt that the store knows is `taken`.
///
/// # Errors
/// `invalid` with the fields; `not-found` when the store is out of reach.
pub async fn create_sale(ctx: &Ctx, store: Id<of::Unit>, input: &SaleInput) -> Result<Sale, Fault> {
    let place = Place { store, team: None, owner: None };
    ctx.require(EDIT_SALES, &place)?;
    let draft = read(input, today(ctx, store))?;
    ctx.write((store, draft), |work, (store, draft)| {
        Box::pin(async move {
            let known = store::sale_by_receipt(work.tx, *store, &plain_code(&draft.receipt)).await?;
            if known.is_some() {
                return Err(Fault::field("receipt", "taken"));
            }
            let mut made = insert(work, *store, std::slice::from_ref(draft)).await?;
            let sale = made.pop().ok_or_else(|| Fault::internal("a sale was not made"))?;
            Ok(work.unchanged(sale))
        })
    })
    .await
}

fn read(input: &SaleInput, today: Day) -> Result<SaleDraft, Fault> {
    let mut errors = FieldErrors::default();
    let draft = sale(&mut errors, input, today);
    errors.check()?;
    draft.ok_or_else(|| Fault::field("day", "required"))
}

/// Everything that drafts name, looked up at once.
struct Named {
    products: BTreeMap<String, Product>,
    customers: BTreeMap<Id<of::Customer>, Customer>,
    units: BTreeMap<(Id<of::Product>, String), UnitRow>,
}

impl Named {
    async fn find(tx: &mut db::Tx, drafts: &[SaleDraft]) -> Result<Self, Fault> {
        let lines = || drafts.iter().flat_map(|draft| &draft.lines);
        let codes: BTreeSet<String> = lines().map(|line| line.product.clone()).collect();
        let products = store::products_by_code(tx, &codes.into_iter().collect::<Vec<_>>()).await?;
        let ids: BTreeSet<_> = drafts.iter().filter_map(|draft| draft.customer).collect();
        let customers = store::get_many(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
        let serials: Vec<String> = lines().flat_map(|line| &line.serials).map(|serial| plain_code(serial)).collect();
        let units = store::units_with_codes(tx, &serials).await?;
        Ok(Self {
            products: products.into_iter().map(|product| (product.draft.code.clone(), product)).collect(),
            customers: customers.into_iter().map(|customer| (customer.id, customer)).collect(),
            units: units.into_iter().map(|row| ((row.product.id, plain_code(&row.unit.serial)), row)).collect(),
        })
    }

    /// What `draft` names and is not there, or is not free for the sale `own`.
    fn check(&self, ctx: &Ctx, draft: &SaleDraft, own: Option<Id<of::Sale>>) -> FieldErrors {
        let mut errors = FieldErrors::default();
        if let Some(id) = draft.customer
            && !self.customers.get(&id).is_some_and(|file| file.merged_into.is_none() && ctx.actor.may(VIEW, file))
        {
            errors.add("customer", "unknown");
        }
        for (n, line) in draft.lines.iter().enumerate() {
            let Some(product) = self.products.get(&line.product) else {
                errors.add(&format!("lines.{n}.product"), "product-unknown");
                continue;
            };
            for serial in &line.serials {
                let known = self.units.get(&(product.id, plain_code(serial)));
                if known.is_some_and(|known| known.unit.sale.is_some() && known.unit.sale != own) {
                    errors.add_with(&format!("lines.{n}.serials"), "serial-sold", vec![("serial", serial.clone())]);
                }
            }
        }
        errors
    }

    fn lines(&self, draft: &SaleDraft) -> Vec<Line> {
        let line = |line: &crate::domain::LineDraft| {
            let product = self.products.get(&line.product)?;
            Some(Line { product: product.id, quantity: line.quantity, price: line.price })
        };
        draft.lines.iter().filter_map(line).collect()
    }
}

/// What is wrong with each of `drafts`, new sales of `store`.
pub(super) async fn wrong(
    tx: &mut db::Tx,
    ctx: &Ctx,
    store: Id<of::Unit>,
    drafts: &[SaleDraft],
    today: Day,
) -> Result<Vec<FieldErrors>, Fault> {
    let named = Named::find(tx, drafts).await?;
    let receipts: Vec<String> = drafts.iter().map(|draft| plain_code(&draft.receipt)).collect();
    let known: BTreeSet<String> = store::sales_with_receipts(tx, store, &receipts)
        .await?
        .into_iter()
        .map(|sale| plain_code(&sale.receipt))
        .collect();
    let mut seen = BTreeSet::new();
    let one = |draft: &SaleDraft| {
        let mut errors = named.check(ctx, draft, None);
        if known.contains(&plain_code(&draft.receipt)) {
            errors.add("receipt", "taken");
        }
        if draft.day > today {
            errors.add("day", "day-future");
        }
        for (n, line) in draft.lines.iter().enumerate() {
            for serial in &line.serials {
                if !seen.insert((line.product.clone(), plain_code(serial))) {
                    errors.add_with(&format!("lines.{n}.serials"), "serial-twice", vec![("serial", serial.clone())]);
                }
            }
        }
        errors
    };
    Ok(drafts.iter().map(one).collect())
}

/// Writes new sales of one store with their units.
pub(super) async fn insert(work: &mut Work<'_>, store: Id<of::Unit>, drafts: &[SaleDraft]) -> Result<Vec<Sale>, Fault> {
    let named = Named::find(work.tx, drafts).await?;
    for draft in drafts {
        named.check(work.ctx, draft, None).check()?;
    }
    let mut rows = Vec::new();
    let mut made_units = Vec::new();
    let mut kept_units = Vec::new();
    let mut events = Vec::new();
    for draft in drafts {
        let sale = Sale {
            id: work.ctx.house.ids.next(),
            store,
            customer: draft.customer,
            receipt: draft.receipt.clone(),
            channel: draft.channel,
            day: draft.day,
            payment: draft.payment.clone(),
            note: draft.note.clone(),
            total: draft.total(),
            version: 1,
            created_at: work.now,
        };
        let customer = draft.customer.and_then(|id| named.customers.get(&id));
        let event = Event::new(RecordRef::new(SALE, sale.id), "sale.made", sale.place());
        let event = event.index(piece(&sale, draft, &named.products, customer));
        let event = diff::changes(event, FIELDS, None, &sale).change("lines", None, Some(line_words(draft)));
        events.push(counts(event, &sale, draft));
        for line in &draft.lines {
            let Some(product) = named.products.get(&line.product) else { continue };
            for serial in &line.serials {
                let key = (product.id, plain_code(serial));
                let unit = units::of_sale(work, &sale, product, serial, named.units.get(&key));
                let verb = if named.units.contains_key(&key) { "serial_unit.sold" } else { "serial_unit.made" };
                events.push(units::event(verb, named.units.get(&key).map(|row| &row.unit), &unit, |piece| {
                    units::piece(piece, product, Some(&sale.receipt), customer)
                }));
                if named.units.contains_key(&key) { kept_units.push(unit) } else { made_units.push(unit) }
            }
        }
        rows.push((sale, named.lines(draft), draft.covers.clone()));
    }
    store::insert_sales(work.tx, &rows).await?;
    store::insert_units(work.tx, &made_units).await?;
    for unit in &kept_units {
        if !store::save_unit(work.tx, unit).await? {
            return Err(Fault::stale(unit.version.saturating_add(1)));
        }
    }
    let _ = work.record_all(events).await?;
    Ok(rows.into_iter().map(|(sale, ..)| sale).collect())
}

/// A sale of a history: which store, what, and when it was typed in.
///
/// # Errors
/// As typing it in.
pub async fn sold_before(work: &mut Work<'_>, store: Id<of::Unit>, drafts: &[SaleDraft]) -> Result<Vec<Sale>, Fault> {
    insert(work, store, drafts).await
}

/// Changes the sale `id`, of which the actor has seen `version`. Units that are no longer named stay, without a sale.
///
/// # Errors
/// `invalid` with the fields; `stale`; `not-found`.
pub async fn edit_sale(ctx: &Ctx, id: Id<of::Sale>, version: i64, input: &SaleInput) -> Result<Sale, Fault> {
    let before = ctx.read(id, |tx, id| Box::pin(async move { Ok(store::get_sale(tx, *id).await?) })).await?;
    let before = before.ok_or_else(Fault::not_found)?;
    ctx.require(EDIT_SALES, &before)?;
    let draft = read(input, today(ctx, before.store))?;
    ctx.write((id, version, draft), |work, (id, version, draft)| {
        Box::pin(async move {
            let before = store::get_sale(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.require(EDIT_SALES, &before)?;
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            let ctx = work.ctx;
            let old = file(work.tx, ctx, before.clone()).await?;
            let known = store::sale_by_receipt(work.tx, before.store, &plain_code(&draft.receipt)).await?;
            if known.is_some_and(|known| known.id != *id) {
                return Err(Fault::field("receipt", "taken"));
            }
            let named = Named::find(work.tx, std::slice::from_ref(draft)).await?;
            named.check(ctx, draft, Some(*id)).check()?;
            let mut after = Sale {
                customer: draft.customer,
                receipt: draft.receipt.clone(),
                channel: draft.channel,
                day: draft.day,
                payment: draft.payment.clone(),
                note: draft.note.clone(),
                total: draft.total(),
                ..before.clone()
            };
            let row = (after.clone(), named.lines(draft), draft.covers.clone());
            if !store::save_sale(work.tx, &row).await? {
                return Err(Fault::stale(before.version.saturating_add(1)));
            }
            after.version = version.saturating_add(1);
            let customer = draft.customer.and_then(|id| named.customers.get(&id));
            let mut events = units::renamed(work, &after, draft, &named.products, &named.units, &old.units).await?;
            let event = Event::new(RecordRef::new(SALE, *id), "sale.changed", after.place());
            let event = event.index(piece(&after, draft, &named.products, customer));
            let event = diff::changes(event, FIELDS, Some(&before), &after)
                .change("lines", Some(old_words(&old)), Some(line_words(draft)))
                .change("covers", Some(cover_words(&old.covers)), Some(cover_words(&draft.covers)));
            events.push(event);
            let recorded = work.record_all(events).await?;
            Ok(recorded.with(after))
        })
    })
    .await
}

/// Units and money sold, over all and by product.
fn counts(mut event: Event, sale: &Sale, draft: &SaleDraft) -> Event {
    for line in &draft.lines {
        let by = [("product", line.product.as_str())];
        for delta in Delta::spread("sales.units", sale.store, sale.day, line.quantity, &by) {
            event = event.count(delta);
        }
        let fen = line.price.fen().saturating_mul(line.quantity);
        for delta in Delta::spread("sales.amount", sale.store, sale.day, fen, &by) {
            event = event.count(delta);
        }
    }
    event
}

fn line_words(draft: &SaleDraft) -> String {
    draft.lines.iter().map(|line| format!("{}×{}", line.product, line.quantity)).collect::<Vec<_>>().join("、")
}

fn old_words(file: &SaleFile) -> String {
    let words = file.lines.iter().map(|(line, product)| format!("{}×{}", product.draft.code, line.quantity));
    words.collect::<Vec<_>>().join("、")
}

fn cover_words(covers: &[Cover]) -> String {
    covers.iter().map(|cover| cover.promise.clone()).collect::<Vec<_>>().join("、")
}

/// What a person may look for: the receipt, the serial numbers, the customer's number and initials, the products.
fn piece(sale: &Sale, draft: &SaleDraft, products: &BTreeMap<String, Product>, customer: Option<&Customer>) -> Piece {
    let named = draft.lines.iter().filter_map(|line| products.get(&line.product));
    let text: Vec<String> =
        named.map(|product| words(&product.draft)).chain(customer.map(|file| file.draft.name.clone())).collect();
    let serials = draft.lines.iter().flat_map(|line| &line.serials).map(|serial| plain_code(serial));
    Piece {
        record: RecordRef::new(SALE, sale.id),
        piece: sale.id.get(),
        store: sale.store,
        team: None,
        owner: None,
        text: text.join("\n"),
        codes: [sale.receipt.clone(), plain_code(&sale.receipt)]
            .into_iter()
            .chain(serials)
            .chain(customer.into_iter().flat_map(customer_codes))
            .collect(),
    }
}

/// What is left to look for of a sale whose customer was forgotten.
pub(super) fn nameless_piece(sale: &Sale, product: &str, serials: &[&str]) -> Piece {
    Piece {
        record: RecordRef::new(SALE, sale.id),
        piece: sale.id.get(),
        store: sale.store,
        team: None,
        owner: None,
        text: product.to_owned(),
        codes: [sale.receipt.clone(), plain_code(&sale.receipt)]
            .into_iter()
            .chain(serials.iter().map(|serial| plain_code(serial)))
            .collect(),
    }
}

/// The codes by which a customer's things are found: the number, its end, the initials.
pub(super) fn customer_codes(customer: &Customer) -> Vec<String> {
    let phone = customer.draft.phone.iter().flat_map(|phone| code::phone(Phone::digits(phone)));
    phone.chain(code::initials(&customer.draft.name)).collect()
}

const FIELDS: &[Field<Sale>] = &[
    ("receipt", |sale| Some(sale.receipt.clone())),
    ("day", |sale| Some(sale.day.to_string())),
    ("channel", |sale| Some(sale.channel.as_str().to_owned())),
    ("customer", |sale| sale.customer.map(|id| id.to_string())),
    ("payment", |sale| sale.payment.clone()),
    ("note", |sale| sale.note.clone()),
    ("total", |sale| Some(sale.total.fen().to_string())),
];
