use std::collections::BTreeMap;

use capability::{Ctx, Event, Work};
use kernel::{Cursor, Fault, FieldErrors, Id, Permission, Place, RecordRef, of};
use search::{Piece, code};

use super::diff::{self, Field};
use super::found;
use crate::domain::{ProductDraft, ProductInput, plain_code, product};
use crate::store::{self, Product, Products};

/// See products.
pub const VIEW_PRODUCTS: Permission = Permission("products.view");
/// Make and change products.
pub const EDIT_PRODUCTS: Permission = Permission("products.edit");

/// The word for products in journal and search.
pub const PRODUCT: &str = "product";

/// A page of products.
#[derive(Debug, Clone)]
pub struct ProductPage {
    /// Newest first.
    pub rows: Vec<Product>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Products are the company's: they stand at its head.
pub(super) fn place(ctx: &Ctx) -> Result<Place, Fault> {
    let directory = ctx.house.identity.directories().now();
    let company = directory.company().ok_or_else(|| Fault::internal("no company"))?;
    Ok(Place { store: company.id, team: None, owner: None })
}

/// Products that are `wanted` and in which `text` is found.
///
/// # Errors
/// `busy` when the database is away.
pub async fn list_products(
    ctx: &Ctx,
    wanted: Products,
    text: Option<String>,
    after: Option<Cursor>,
    limit: u16,
) -> Result<ProductPage, Fault> {
    let limit = i64::from(limit.clamp(1, 200));
    let input = (wanted, text, ctx.reach(VIEW_PRODUCTS), after.map(|cursor| cursor.id), limit);
    let mut rows = ctx
        .read(input, |tx, (wanted, text, reach, after, limit)| {
            Box::pin(async move {
                let ids = found::ids(tx, PRODUCT, text.as_deref(), reach).await?;
                let wanted = Products { ids: ids.or_else(|| wanted.ids.clone()), ..wanted.clone() };
                Ok(store::list_products(tx, &wanted, *after, limit + 1).await?)
            })
        })
        .await?;
    let more = diff::cut(&mut rows, limit);
    let next = rows.last().filter(|_| more).map(|last| Cursor { key: last.id.get(), id: last.id.get() });
    Ok(ProductPage { rows, next })
}

/// The product `id`.
///
/// # Errors
/// `not-found`.
pub async fn get_product(ctx: &Ctx, id: Id<of::Product>) -> Result<Product, Fault> {
    if !ctx.actor.holds(VIEW_PRODUCTS) {
        return Err(Fault::not_found());
    }
    let found = ctx.read(id, |tx, id| Box::pin(async move { Ok(store::get_product(tx, *id).await?) })).await?;
    found.ok_or_else(Fault::not_found)
}

/// Makes a product.
///
/// # Errors
/// `invalid` with the fields; a code that is known is `taken`.
pub async fn create_product(ctx: &Ctx, input: &ProductInput) -> Result<Product, Fault> {
    let mut errors = FieldErrors::default();
    let draft = product(&mut errors, input);
    errors.check()?;
    ctx.require(EDIT_PRODUCTS, &place(ctx)?)?;
    ctx.write(draft, |work, draft| {
        Box::pin(async move {
            if store::product_by_code(work.tx, &draft.code).await?.is_some() {
                return Err(Fault::field("code", "taken"));
            }
            let product = Product { id: work.ctx.house.ids.next(), draft: draft.clone(), version: 1 };
            store::insert_product(work.tx, &product).await?;
            let place = place(work.ctx)?;
            let recorded = work.record(event("product.made", None, &product, place)).await?;
            Ok(recorded.with(product))
        })
    })
    .await
}

/// Changes the product `id`, of which the actor has seen `version`.
///
/// # Errors
/// `invalid` with the fields; `stale`; `not-found`.
pub async fn edit_product(
    ctx: &Ctx,
    id: Id<of::Product>,
    version: i64,
    input: &ProductInput,
) -> Result<Product, Fault> {
    let mut errors = FieldErrors::default();
    let draft = product(&mut errors, input);
    errors.check()?;
    ctx.require(EDIT_PRODUCTS, &place(ctx)?)?;
    ctx.write((id, version, draft), |work, (id, version, draft)| {
        Box::pin(async move {
            let before = store::get_product(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            if before.draft == *draft {
                return Ok(work.unchanged(before));
            }
            let known = store::product_by_code(work.tx, &draft.code).await?;
            if known.is_some_and(|known| known.id != *id) {
                return Err(Fault::field("code", "taken"));
            }
            let mut after = Product { draft: draft.clone(), ..before.clone() };
            if !store::save_product(work.tx, &after).await? {
                return Err(Fault::stale(before.version.saturating_add(1)));
            }
            after.version = version.saturating_add(1);
            let place = place(work.ctx)?;
            let recorded = work.record(event("product.changed", Some(&before.draft), &after, place)).await?;
            Ok(recorded.with(after))
        })
    })
    .await
}

/// Makes many products within a write that is under way; codes that are known stay as they are. Says all of them by code.
///
/// # Errors
/// What the database says.
pub async fn make_products(work: &mut Work<'_>, drafts: &[ProductDraft]) -> Result<BTreeMap<String, Product>, Fault> {
    let codes: Vec<String> = drafts.iter().map(|draft| draft.code.clone()).collect();
    let mut all: BTreeMap<String, Product> = store::products_by_code(work.tx, &codes)
        .await?
        .into_iter()
        .map(|product| (product.draft.code.clone(), product))
        .collect();
    let mut made = Vec::new();
    for draft in drafts {
        if !all.contains_key(&draft.code) {
            let product = Product { id: work.ctx.house.ids.next(), draft: draft.clone(), version: 1 };
            all.insert(draft.code.clone(), product.clone());
            made.push(product);
        }
    }
    store::insert_products(work.tx, &made).await?;
    let place = place(work.ctx)?;
    let events = made.iter().map(|product| event("product.made", None, product, place).quietly()).collect();
    let _ = work.record_all(events).await?;
    Ok(all)
}

fn event(verb: &'static str, before: Option<&ProductDraft>, product: &Product, place: Place) -> Event {
    let event = Event::new(RecordRef::new(PRODUCT, product.id), verb, place).index(piece(product, place));
    diff::changes(event, FIELDS, before, &product.draft)
}

/// What a person may look for: name, brand and model; the codes; the initials of brand and name.
fn piece(product: &Product, place: Place) -> Piece {
    let draft = &product.draft;
    let codes = [Some(draft.code.as_str()), draft.model.as_deref(), draft.barcode.as_deref()];
    Piece {
        record: RecordRef::new(PRODUCT, product.id),
        piece: product.id.get(),
        store: place.store,
        team: None,
        owner: None,
        text: words(draft),
        codes: codes
            .into_iter()
            .flatten()
            .flat_map(|typed| [typed.to_owned(), plain_code(typed)])
            .chain(code::initials(&draft.name))
            .chain(code::initials(&draft.brand))
            .collect(),
    }
}

/// Brand, name and model in one line.
pub(crate) fn words(draft: &ProductDraft) -> String {
    let parts = [draft.brand.as_str(), draft.name.as_str(), draft.model.as_deref().unwrap_or_default()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

const FIELDS: &[Field<ProductDraft>] = &[
    ("code", |draft| Some(draft.code.clone())),
    ("name", |draft| Some(draft.name.clone())),
    ("brand", |draft| Some(draft.brand.clone()).filter(|brand| !brand.is_empty())),
    ("model", |draft| draft.model.clone()),
    ("barcode", |draft| draft.barcode.clone()),
    ("category", |draft| Some(draft.category.clone())),
    ("law_months", |draft| draft.law_months.map(|months| months.to_string())),
    ("main_months", |draft| draft.main_months.map(|months| months.to_string())),
    ("maker_months", |draft| draft.maker_months.map(|months| months.to_string())),
    ("maker_promise", |draft| draft.maker_promise.clone()),
    ("hotline", |draft| draft.hotline.clone()),
    ("active", |draft| Some(draft.active.to_string())),
];
