use std::collections::{BTreeMap, BTreeSet};

use capability::{Ctx, Work};
use db::Tx;
use kernel::{Fault, FieldErrors, Id, Place, of};

use super::sales::{self, EDIT_SALES};
use super::{CustomerInput, EDIT, EDIT_PRODUCTS, EDIT_TERMS, VIEW, products, terms, units};
use crate::domain::terms::{TermsDraft, TermsInput};
use crate::domain::{
    self, CustomerDraft, Phone, ProductDraft, ProductInput, SaleDraft, SaleInput, UnitDraft, UnitInput,
};
use crate::file;
use crate::store::{self, Customer};

/// Most rows of one paste.
pub const MOST_ROWS: usize = 2_000;

/// Pasted rows, all of one kind.
#[derive(Debug, Clone)]
pub enum Rows {
    /// Customers.
    Customers(Vec<CustomerInput>),
    /// Products.
    Products(Vec<ProductInput>),
    /// Sales: each row is a line, with the customer's number; rows of one receipt are one sale.
    Sales(Vec<(SaleInput, String)>),
    /// Serial units, each with the customer's number.
    Units(Vec<(UnitInput, String)>),
    /// Terms, each with one promise.
    Terms(Vec<TermsInput>),
}

impl Rows {
    fn len(&self) -> usize {
        match self {
            Self::Customers(rows) => rows.len(),
            Self::Products(rows) => rows.len(),
            Self::Sales(rows) => rows.len(),
            Self::Units(rows) => rows.len(),
            Self::Terms(rows) => rows.len(),
        }
    }
}

/// What pasted rows come to.
enum Plan {
    Customers(Vec<CustomerDraft>),
    Products(Vec<ProductDraft>),
    Sales(Vec<SaleDraft>),
    Units(Vec<UnitDraft>),
    Terms(Vec<TermsDraft>),
}

fn may(ctx: &Ctx, store: Id<of::Unit>, rows: &Rows) -> Result<(), Fault> {
    let place = Place { store, team: None, owner: None };
    match rows {
        Rows::Customers(_) => ctx.require(EDIT, &place),
        Rows::Products(_) => ctx.require(EDIT_PRODUCTS, &products::place(ctx)?),
        Rows::Terms(_) => ctx.require(EDIT_TERMS, &products::place(ctx)?),
        Rows::Sales(_) | Rows::Units(_) => ctx.require(EDIT_SALES, &place),
    }
}

/// What is wrong with each of `rows`; nothing is written.
///
/// # Errors
/// `not-found` when the store is out of reach.
pub async fn look(ctx: &Ctx, store: Id<of::Unit>, rows: Rows) -> Result<Vec<FieldErrors>, Fault> {
    may(ctx, store, &rows)?;
    ctx.read((ctx.clone(), store, rows), |tx, (ctx, store, rows)| {
        Box::pin(async move { Ok(plan(tx, ctx, *store, rows).await?.0) })
    })
    .await
}

/// Saves `rows` in one write; says how many rows. Nothing is saved when one of them is wrong.
///
/// # Errors
/// `invalid` when something is wrong; `not-found` when the store is out of reach.
pub async fn save(ctx: &Ctx, store: Id<of::Unit>, rows: Rows) -> Result<usize, Fault> {
    may(ctx, store, &rows)?;
    ctx.write((store, rows), |work, (store, rows)| {
        Box::pin(async move {
            let ctx = work.ctx;
            let (errors, plan) = plan(work.tx, ctx, *store, rows).await?;
            for error in errors {
                error.check()?;
            }
            write(work, *store, &plan).await?;
            Ok(work.unchanged(rows.len()))
        })
    })
    .await
}

async fn write(work: &mut Work<'_>, store: Id<of::Unit>, plan: &Plan) -> Result<(), Fault> {
    match plan {
        Plan::Products(drafts) => {
            let _ = products::make_products(work, drafts).await?;
        }
        Plan::Sales(drafts) => {
            let _ = sales::insert(work, store, drafts).await?;
        }
        Plan::Units(drafts) => {
            let _ = units::insert(work, store, drafts).await?;
        }
        Plan::Terms(drafts) => terms::add_pasted(work, drafts).await?,
        Plan::Customers(drafts) => {
            let ids = &work.ctx.house.ids;
            let made: Vec<Customer> = drafts
                .iter()
                .map(|draft| Customer {
                    id: ids.next(),
                    store,
                    draft: draft.clone(),
                    merged_into: None,
                    version: 1,
                    created_at: work.now,
                })
                .collect();
            store::insert_many(work.tx, &made).await?;
            let _ = work.record_all(made.iter().map(file::opened).collect()).await?;
        }
    }
    Ok(())
}

async fn plan(tx: &mut Tx, ctx: &Ctx, store: Id<of::Unit>, rows: &Rows) -> Result<(Vec<FieldErrors>, Plan), Fault> {
    match rows {
        Rows::Customers(rows) => customers(tx, ctx, rows).await,
        Rows::Products(rows) => goods(tx, rows).await,
        Rows::Units(rows) => serials(tx, ctx, store, rows).await,
        Rows::Sales(rows) => sold(tx, ctx, store, rows).await,
        Rows::Terms(rows) => {
            let (errors, drafts) = terms::pasted(tx, ctx, rows).await?;
            Ok((errors, Plan::Terms(drafts)))
        }
    }
}

async fn customers(tx: &mut Tx, ctx: &Ctx, rows: &[CustomerInput]) -> Result<(Vec<FieldErrors>, Plan), Fault> {
    let mut all: Vec<(FieldErrors, CustomerDraft)> = rows
        .iter()
        .map(|row| {
            let mut errors = FieldErrors::default();
            let draft = domain::draft(&mut errors, "", row, false);
            (errors, draft)
        })
        .collect();
    let phones: Vec<String> =
        all.iter().filter_map(|(_, draft)| draft.phone.as_ref()).map(|phone| Phone::digits(phone).to_owned()).collect();
    let known = store::with_phones(tx, &phones, &ctx.reach(VIEW)).await?;
    let known: BTreeSet<&str> = known.iter().filter_map(|file| file.draft.phone.as_ref()).map(Phone::digits).collect();
    let mut seen = BTreeSet::new();
    for (errors, draft) in &mut all {
        let Some(phone) = draft.phone.as_ref().map(|phone| Phone::digits(phone).to_owned()) else { continue };
        if known.contains(phone.as_str()) {
            errors.add("phone", "phone-known");
        } else if !seen.insert(phone) {
            errors.add("phone", "pasted-twice");
        }
    }
    let (errors, drafts) = all.into_iter().unzip();
    Ok((errors, Plan::Customers(drafts)))
}

async fn goods(tx: &mut Tx, rows: &[ProductInput]) -> Result<(Vec<FieldErrors>, Plan), Fault> {
    let mut all: Vec<(FieldErrors, ProductDraft)> = rows
        .iter()
        .map(|row| {
            let mut errors = FieldErrors::default();
            let draft = domain::product(&mut errors, row);
            (errors, draft)
        })
        .collect();
    let codes: Vec<String> = all.iter().map(|(_, draft)| draft.code.clone()).collect();
    let known: BTreeSet<String> =
        store::products_by_code(tx, &codes).await?.into_iter().map(|product| product.draft.code).collect();
    let mut seen = BTreeSet::new();
    for (errors, draft) in &mut all {
        if known.contains(&draft.code) {
            errors.add("code", "taken");
        } else if !draft.code.is_empty() && !seen.insert(draft.code.clone()) {
            errors.add("code", "pasted-twice");
        }
    }
    let (errors, drafts) = all.into_iter().unzip();
    Ok((errors, Plan::Products(drafts)))
}

/// The customers with these numbers, by number; the newest file of each.
async fn owners<'a>(
    tx: &mut Tx,
    ctx: &Ctx,
    phones: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, Id<of::Customer>>, Fault> {
    let phones: BTreeSet<String> =
        phones.filter_map(|typed| Phone::parse(typed).ok()).map(|phone| Phone::digits(&phone).to_owned()).collect();
    let files = store::with_phones(tx, &phones.into_iter().collect::<Vec<_>>(), &ctx.reach(VIEW)).await?;
    let mut by_phone = BTreeMap::new();
    for file in files {
        if let Some(phone) = &file.draft.phone {
            by_phone.entry(Phone::digits(phone).to_owned()).or_insert(file.id);
        }
    }
    Ok(by_phone)
}

/// The id behind a number; a number that is wrong or unknown is noted.
fn owner(errors: &mut FieldErrors, typed: &str, known: &BTreeMap<String, Id<of::Customer>>) -> Option<String> {
    if typed.trim().is_empty() {
        return None;
    }
    match Phone::parse(typed) {
        Ok(phone) => {
            let found = known.get(Phone::digits(&phone)).map(|id| id.to_string());
            if found.is_none() {
                errors.add("phone", "phone-nobody");
            }
            found
        }
        Err(error) => {
            error.note(errors, "phone");
            None
        }
    }
}

async fn serials(
    tx: &mut Tx,
    ctx: &Ctx,
    store: Id<of::Unit>,
    rows: &[(UnitInput, String)],
) -> Result<(Vec<FieldErrors>, Plan), Fault> {
    let known = owners(tx, ctx, rows.iter().map(|(_, phone)| phone.as_str())).await?;
    let mut all = Vec::with_capacity(rows.len());
    let mut seen = BTreeSet::new();
    for (row, phone) in rows {
        let mut errors = FieldErrors::default();
        let customer = owner(&mut errors, phone, &known);
        let draft =
            domain::unit(&mut errors, &UnitInput { customer: customer.or(row.customer.clone()), ..row.clone() });
        let code = domain::plain_code(&draft.serial);
        if !code.is_empty() && !seen.insert((draft.product.clone(), code)) {
            errors.add("serial", "pasted-twice");
        }
        all.push((errors, draft));
    }
    let drafts: Vec<UnitDraft> = all.iter().map(|(_, draft)| draft.clone()).collect();
    let wrong = units::wrong(tx, ctx, store, &drafts).await?;
    let errors = all.into_iter().zip(wrong).map(|((own, _), other)| both(own, &other)).collect();
    Ok((errors, Plan::Units(drafts)))
}

fn both(mut errors: FieldErrors, other: &FieldErrors) -> FieldErrors {
    for error in other.iter() {
        if errors.of(&error.field).is_none() {
            errors.add_with(&error.field, error.code, error.args.clone());
        }
    }
    errors
}

async fn sold(
    tx: &mut Tx,
    ctx: &Ctx,
    store: Id<of::Unit>,
    rows: &[(SaleInput, String)],
) -> Result<(Vec<FieldErrors>, Plan), Fault> {
    let known = owners(tx, ctx, rows.iter().map(|(_, phone)| phone.as_str())).await?;
    let today = sales::today(ctx, store);
    let mut errors: Vec<FieldErrors> = Vec::with_capacity(rows.len());
    let mut groups: Vec<(SaleDraft, Vec<usize>)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (nth, (row, phone)) in rows.iter().enumerate() {
        let mut wrong = FieldErrors::default();
        let customer = owner(&mut wrong, phone, &known);
        let typed = SaleInput { customer: customer.or(row.customer.clone()), ..row.clone() };
        let draft = domain::sale(&mut wrong, &typed, today);
        errors.push(plain(&wrong));
        let Some(mut draft) = draft else { continue };
        let place = *places.entry(domain::plain_code(&draft.receipt)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((sale, rows)) => {
                differs(errors.get_mut(nth), sale, &draft);
                sale.lines.append(&mut draft.lines);
                rows.push(nth);
            }
            None => groups.push((draft, vec![nth])),
        }
    }
    let drafts: Vec<SaleDraft> = groups.iter().map(|(draft, _)| draft.clone()).collect();
    let wrong = sales::wrong(tx, ctx, store, &drafts, today).await?;
    for ((_, rows), wrong) in groups.iter().zip(wrong) {
        for (line, nth) in rows.iter().enumerate() {
            if let Some(own) = errors.get_mut(*nth) {
                *own = both(std::mem::take(own), &of_line(&wrong, line));
            }
        }
        // One receipt is saved whole or not at all.
        let broken = rows.iter().any(|nth| errors.get(*nth).is_some_and(|errors| !errors.is_empty()));
        for nth in rows.iter().filter(|_| broken) {
            if let Some(own) = errors.get_mut(*nth).filter(|own| own.is_empty()) {
                own.add("receipt", "receipt-broken");
            }
        }
    }
    Ok((errors, Plan::Sales(drafts)))
}

/// Rows of one receipt say the same about it.
fn differs(errors: Option<&mut FieldErrors>, sale: &SaleDraft, row: &SaleDraft) {
    let Some(errors) = errors else { return };
    if sale.day != row.day {
        errors.add("day", "receipt-differs");
    }
    if sale.channel != row.channel {
        errors.add("channel", "receipt-differs");
    }
    if sale.customer != row.customer {
        errors.add("phone", "receipt-differs");
    }
}

/// Errors of a sale with one line, under the names of a paste's columns.
fn plain(wrong: &FieldErrors) -> FieldErrors {
    of_line(wrong, 0)
}

/// What of a sale's errors concerns its line `line`, under the names of a paste's columns.
fn of_line(wrong: &FieldErrors, line: usize) -> FieldErrors {
    let mut errors = FieldErrors::default();
    let own = format!("lines.{line}.");
    for error in wrong.iter() {
        let name = match (error.field.strip_prefix(&own), error.field.as_str()) {
            (Some(name), _) => name,
            (None, "customer") => "phone",
            (None, field) if field.starts_with("lines.") => continue,
            (None, field) => field,
        };
        errors.add_with(name, error.code, error.args.clone());
    }
    errors
}
