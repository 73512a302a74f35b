//! Terms above the law: written once, changed by a new version, never rewritten; and what of them is sold with a unit.

use std::collections::BTreeMap;

use capability::{Ctx, Event, Recorded, Work};
use db::Tx;
use kernel::{Cursor, Day, Fault, FieldErrors, Id, Permission, Place, RecordRef, of};
use search::{Piece, code};

use super::diff::{self, Field};
use super::found;
use super::products::place;
use super::sales::{self, EDIT_SALES, VIEW_SALES};
use super::units::UNIT;
use crate::domain::terms::{TermsDraft, TermsInput, pro_rata, terms};
use crate::domain::{List, SoldBy};
use crate::store::{self, SoldTerms, Terms, TermsFilter, TermsId, UnitRow};
use crate::verdict::layers::{self, Below, Layers};

/// Read what makers, platforms and the shop promise.
pub const VIEW_TERMS: Permission = Permission("terms.view");
/// Write it.
pub const EDIT_TERMS: Permission = Permission("terms.edit");
/// Try a draft on past returns before it is published.
pub const TRY_TERMS: Permission = Permission("terms.try");
/// The word for terms in journal and search.
pub const TERMS: &str = "cover_terms";
/// Units are counted up to here.
pub const COUNTED: i64 = 10_000;

/// A page of terms.
#[derive(Debug, Clone)]
pub struct TermsPage {
    /// Newest first.
    pub rows: Vec<Terms>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// What a text would mean.
#[derive(Debug, Clone)]
pub struct Meaning {
    /// Units sold so far that it is about, up to [`COUNTED`] + 1.
    pub units: i64,
    /// Where it falls below the law and is void.
    pub below: Vec<Below>,
}

/// Terms that are `wanted` and in which `text` is found.
///
/// # Errors
/// `busy` when the database is away.
pub async fn list_terms(
    ctx: &Ctx,
    wanted: TermsFilter,
    text: Option<String>,
    after: Option<Cursor>,
    limit: u16,
) -> Result<TermsPage, Fault> {
    let limit = i64::from(limit.clamp(1, 200));
    let input = (wanted, text, ctx.reach(VIEW_TERMS), after.map(|cursor| cursor.id), limit);
    let mut rows = ctx
        .read(input, |tx, (wanted, text, reach, after, limit)| {
            Box::pin(async move {
                let ids = found::ids(tx, TERMS, text.as_deref(), reach).await?;
                let wanted = TermsFilter { ids: ids.or_else(|| wanted.ids.clone()), ..wanted.clone() };
                Ok(store::list_terms(tx, &wanted, *after, limit + 1).await?)
            })
        })
        .await?;
    let more = diff::cut(&mut rows, limit);
    let next = rows.last().filter(|_| more).map(|last| Cursor { key: last.id.get(), id: last.id.get() });
    Ok(TermsPage { rows, next })
}

/// All versions of the terms `id`, newest first.
///
/// # Errors
/// `not-found`.
pub async fn terms_versions(ctx: &Ctx, id: Id<TermsId>) -> Result<Vec<Terms>, Fault> {
    if !ctx.actor.holds(VIEW_TERMS) {
        return Err(Fault::not_found());
    }
    let all = ctx.read(id, |tx, id| Box::pin(async move { Ok(store::terms_versions(tx, *id).await?) })).await?;
    if all.is_empty() { Err(Fault::not_found()) } else { Ok(all) }
}

/// What the terms `input` would mean, were they written; nothing is.
///
/// # Errors
/// `invalid` with the fields.
pub async fn terms_meaning(ctx: &Ctx, input: &TermsInput) -> Result<Meaning, Fault> {
    ctx.require(EDIT_TERMS, &place(ctx)?)?;
    let draft = checked(input)?;
    ctx.read((draft, ctx.clone()), |tx, (draft, ctx)| {
        Box::pin(async move {
            let at = named(tx, ctx, draft).await?;
            let terms = written(ctx, Id::new(0), 0, draft.clone(), at);
            meaning(tx, &terms).await
        })
    })
    .await
}

/// What the terms as they stand mean.
///
/// # Errors
/// What the database says.
pub async fn terms_mean(ctx: &Ctx, terms: &Terms) -> Result<Meaning, Fault> {
    ctx.read(terms.clone(), |tx, terms| Box::pin(async move { meaning(tx, terms).await })).await
}

async fn meaning(tx: &mut Tx, terms: &Terms) -> Result<Meaning, Fault> {
    let goods = match terms.product {
        Some(product) => store::get_product(tx, product).await?.map(|one| one.draft.category).unwrap_or_default(),
        None => terms.draft.goods.clone(),
    };
    let law = if goods.is_empty() { None } else { store::law_category(tx, &goods).await? };
    let below = layers::below(&terms.draft, law.as_deref().filter(|law| *law != "other"))?;
    let units = if terms.draft.layer.is_sold() { 0 } else { store::units_under(tx, terms, COUNTED + 1).await? };
    Ok(Meaning { units, below })
}

fn checked(input: &TermsInput) -> Result<TermsDraft, Fault> {
    let mut errors = FieldErrors::default();
    let draft = terms(&mut errors, input);
    errors.check()?;
    draft.ok_or_else(|| Fault::field("layer", "required"))
}

type At = (Option<Id<of::Product>>, Option<Id<of::Unit>>);

/// Product and store that a draft names by their codes.
async fn named(tx: &mut Tx, ctx: &Ctx, draft: &TermsDraft) -> Result<At, Fault> {
    let mut errors = FieldErrors::default();
    let product = match &draft.product {
        Some(code) => {
            let found = store::product_by_code(tx, code).await?;
            if found.is_none() {
                errors.add("product", "product-unknown");
            }
            found.map(|product| product.id)
        }
        None => None,
    };
    let directory = ctx.house.identity.directories().now();
    let store = draft.store.as_deref().and_then(|code| directory.store_by_code(code)).map(|unit| unit.id);
    if draft.store.is_some() && store.is_none() {
        errors.add("store", "unknown");
    }
    if !draft.goods.is_empty() && !store::entries(tx, List::Groups).await?.iter().any(|one| one.code == draft.goods) {
        errors.add("goods", "unknown");
    }
    errors.check()?;
    Ok((product, store))
}

fn written(ctx: &Ctx, id: Id<TermsId>, version: i64, draft: TermsDraft, (product, store): At) -> Terms {
    Terms { id, version, draft, product, store, by: ctx.actor.user, at: ctx.now() }
}

/// Writes new terms.
///
/// # Errors
/// `invalid` with the fields; a name that the layer has is `taken`.
pub async fn add_terms(ctx: &Ctx, input: &TermsInput) -> Result<Terms, Fault> {
    ctx.require(EDIT_TERMS, &place(ctx)?)?;
    ctx.write(checked(input)?, |work, draft| {
        Box::pin(async move {
            let (event, terms) = add(work, draft).await?;
            Ok(work.record(event).await?.with(terms))
        })
    })
    .await
}

async fn add(work: &mut Work<'_>, draft: &TermsDraft) -> Result<(Event, Terms), Fault> {
    let at = named(work.tx, work.ctx, draft).await?;
    if store::terms_named(work.tx, draft.layer, &draft.name).await?.is_some() {
        return Err(Fault::field("name", "taken"));
    }
    let id = work.ctx.house.ids.next();
    let terms = Terms { at: work.now, ..written(work.ctx, id, 1, draft.clone(), at) };
    store::insert_terms(work.tx, &terms).await?;
    Ok((event(work.ctx, "cover_terms.added", None, &terms)?, terms))
}

/// Writes the next version of the terms `id`, of which the actor has seen `version`. The layer stays.
///
/// # Errors
/// `invalid` with the fields; `stale`; `not-found`.
pub async fn change_terms(ctx: &Ctx, id: Id<TermsId>, version: i64, input: &TermsInput) -> Result<Terms, Fault> {
    ctx.require(EDIT_TERMS, &place(ctx)?)?;
    ctx.write((id, version, checked(input)?), |work, (id, version, draft)| {
        Box::pin(async move { change_terms_within(work, *id, *version, draft).await })
    })
    .await
}

/// The same within a write that does more.
///
/// # Errors
/// As [`change_terms`].
pub async fn change_terms_within(
    work: &mut Work<'_>,
    id: Id<TermsId>,
    version: i64,
    draft: &TermsDraft,
) -> Result<Recorded<Terms>, Fault> {
    let here = place(work.ctx)?;
    work.require(EDIT_TERMS, &here)?;
    let before = store::hold_terms(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    if before.version != version {
        return Err(Fault::stale(before.version));
    }
    let draft = TermsDraft { layer: before.draft.layer, ..draft.clone() };
    if draft == before.draft {
        return Ok(work.unchanged(before));
    }
    let at = named(work.tx, work.ctx, &draft).await?;
    if store::terms_named(work.tx, draft.layer, &draft.name).await?.is_some_and(|other| other != id) {
        return Err(Fault::field("name", "taken"));
    }
    let after = Terms { at: work.now, ..written(work.ctx, id, version + 1, draft, at) };
    store::next_terms(work.tx, &after).await?;
    let event = event(work.ctx, "cover_terms.changed", Some(&before.draft), &after)?;
    Ok(work.record(event).await?.with(after))
}

fn event(ctx: &Ctx, verb: &'static str, before: Option<&TermsDraft>, terms: &Terms) -> Result<Event, Fault> {
    let place = place(ctx)?;
    let event = Event::new(RecordRef::new(TERMS, terms.id), verb, place).index(piece(terms, place));
    Ok(diff::changes(event, FIELDS, before, &terms.draft))
}

/// What a person may look for: name, provider, brand, where it is written.
fn piece(terms: &Terms, place: Place) -> Piece {
    let draft = &terms.draft;
    let texts = [draft.name.as_str(), draft.provider.as_deref().unwrap_or_default(), &draft.brand, &draft.source];
    Piece {
        record: RecordRef::new(TERMS, terms.id),
        piece: terms.id.get(),
        store: place.store,
        team: None,
        owner: None,
        text: texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "),
        codes: code::initials(&draft.name).into_iter().collect(),
    }
}

const FIELDS: &[Field<TermsDraft>] = &[
    ("layer", |draft| Some(draft.layer.to_string())),
    ("name", |draft| Some(draft.name.clone())),
    ("says", |draft| Some(draft.says.clone())),
    ("exclusions", |draft| draft.exclusions.clone()),
    ("source", |draft| Some(draft.source.clone())),
    ("provider", |draft| draft.provider.clone()),
    ("payer", |draft| Some(draft.payer.to_string())),
    ("from", |draft| Some(draft.from.to_string())),
    ("to", |draft| draft.to.map(|day| day.to_string())),
    ("brand", |draft| Some(draft.brand.clone()).filter(|text| !text.is_empty())),
    ("goods", |draft| Some(draft.goods.clone()).filter(|text| !text.is_empty())),
    ("product", |draft| draft.product.clone()),
    ("store", |draft| draft.store.clone()),
    ("channel", |draft| draft.channel.map(|channel| SoldBy::as_str(channel).to_owned())),
    ("promises", |draft| serde_json::to_string(&draft.promises).ok()),
];

/// What is wrong with each of the pasted `rows`.
pub(super) async fn pasted(
    tx: &mut Tx,
    ctx: &Ctx,
    rows: &[TermsInput],
) -> Result<(Vec<FieldErrors>, Vec<TermsDraft>), Fault> {
    let mut all = Vec::new();
    let mut drafts = Vec::new();
    let mut seen = BTreeMap::new();
    for row in rows {
        let mut errors = FieldErrors::default();
        let draft = terms(&mut errors, row);
        if let Some(draft) = draft.filter(|_| errors.is_empty()) {
            if let Err(fault) = named(tx, ctx, &draft).await {
                for error in fault.fields().iter() {
                    errors.add_with(&error.field, error.code, error.args.clone());
                }
            }
            let known = store::terms_named(tx, draft.layer, &draft.name).await?.is_some();
            if known {
                errors.add("name", "taken");
            } else if seen.insert((draft.layer, draft.name.clone()), ()).is_some() {
                errors.add("name", "pasted-twice");
            }
            drafts.push(draft);
        }
        // A paste has one promise in each row: its fields have no number.
        let mut plain = FieldErrors::default();
        for error in errors.iter() {
            let field = error.field.strip_prefix("promises.0.").unwrap_or(&error.field);
            plain.add_with(field, error.code, error.args.clone());
        }
        all.push(plain);
    }
    Ok((all, drafts))
}

/// Writes pasted terms within a write that is under way.
pub(super) async fn add_pasted(work: &mut Work<'_>, drafts: &[TermsDraft]) -> Result<(), Fault> {
    let mut events = Vec::new();
    for draft in drafts {
        events.push(add(work, draft).await?.0.quietly());
    }
    let _ = work.record_all(events).await?;
    Ok(())
}

/// The terms by which a verdict on the unit `id` is made.
///
/// # Errors
/// What the database says.
pub async fn layers_of_unit(ctx: &Ctx, id: Id<of::SerialUnit>) -> Result<std::sync::Arc<Layers>, Fault> {
    let day = ctx.now().day(&ctx.house.zone);
    ctx.read((id, day), |tx, (id, day)| Box::pin(async move { layers::of_unit_id(tx, *id, *day).await })).await
}

/// What was sold with the unit `id`, and what is given back of it if it ends today, in fen.
///
/// # Errors
/// `not-found`.
pub async fn sold_terms(ctx: &Ctx, id: Id<of::SerialUnit>) -> Result<(UnitRow, Vec<(SoldTerms, i64)>), Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let row = store::get_unit(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW_SALES, &row.unit)?;
            let today = sales::today(ctx, row.unit.store);
            let sold = sold_of(tx, &row).await?;
            Ok((row, sold.into_iter().map(|one| (one.clone(), left(&one, today))).collect()))
        })
    })
    .await
}

/// What was sold with a unit.
///
/// # Errors
/// What the database says.
pub async fn sold_of(tx: &mut Tx, row: &UnitRow) -> Result<Vec<SoldTerms>, Fault> {
    let Some(sale) = row.unit.sale else { return Ok(Vec::new()) };
    let Some(sale) = store::get_sale(tx, sale).await? else { return Ok(Vec::new()) };
    Ok(store::sold_with(tx, &sale, Some(row.unit.id)).await?)
}

/// What is given back of a warranty that ends on `today`, in fen: the days that are left, rounded in the customer's favour.
pub fn left(sold: &SoldTerms, today: Day) -> i64 {
    pro_rata(sold.price_fen, sold.begins, sold.ends(), today)
}

/// Terms that are sold with a unit, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selling {
    /// The unit.
    pub unit: Id<of::SerialUnit>,
    /// For every unit of its sale.
    pub whole_sale: bool,
    /// Which terms; their newest version is sold.
    pub terms: Id<TermsId>,
    /// From when.
    pub begins: Day,
    /// How long.
    pub months: i64,
    /// What it costs, in fen.
    pub price_fen: i64,
}

/// Sells an extended warranty, or notes the contract of a sale, with a unit.
///
/// # Errors
/// `invalid` with the fields; `not-found`.
pub async fn sell_terms(ctx: &Ctx, selling: Selling) -> Result<SoldTerms, Fault> {
    ctx.write(selling, |work, selling| Box::pin(sell(work, selling))).await
}

async fn sell(work: &mut Work<'_>, selling: &Selling) -> Result<Recorded<SoldTerms>, Fault> {
    let row = store::get_unit(work.tx, selling.unit).await?.ok_or_else(Fault::not_found)?;
    work.require(EDIT_SALES, &row.unit)?;
    let mut errors = FieldErrors::default();
    let sale = match row.unit.sale {
        Some(sale) => store::get_sale(work.tx, sale).await?,
        None => None,
    };
    if sale.is_none() {
        errors.add("terms", "terms-no-sale");
    }
    let terms = store::get_terms(work.tx, selling.terms).await?.filter(|terms| terms.draft.layer.is_sold());
    if terms.is_none() {
        errors.add("terms", "unknown");
    }
    if let (Some(terms), Some(sale)) = (&terms, &sale) {
        let draft = &terms.draft;
        let other = (!draft.brand.is_empty() && draft.brand != row.product.draft.brand)
            || (!draft.goods.is_empty() && draft.goods != row.product.draft.category)
            || terms.product.is_some_and(|product| product != row.product.id)
            || terms.store.is_some_and(|store| store != sale.store)
            || draft.from > sale.day
            || draft.to.is_some_and(|to| to < sale.day);
        if other {
            errors.add("terms", "terms-not-for-it");
        }
        if selling.begins < sale.day {
            errors.add("begins", "terms-before-sale");
        }
        let sold = store::sold_with(work.tx, sale, Some(row.unit.id)).await?;
        if sold.iter().any(|one| one.terms.id == terms.id && one.ends() >= selling.begins) {
            errors.add("terms", "taken");
        }
    }
    for (field, value, most) in [("months", selling.months, 600), ("price", selling.price_fen, 10_000_000_000)] {
        let least = i64::from(field == "months");
        if !(least..=most).contains(&value) {
            errors.add_with(field, "number-range", vec![("min", least.to_string()), ("max", most.to_string())]);
        }
    }
    errors.check()?;
    let (Some(sale), Some(terms)) = (sale, terms) else { return Err(Fault::not_found()) };
    let sold = SoldTerms {
        id: work.ctx.house.ids.next(),
        sale: sale.id,
        unit: (!selling.whole_sale).then_some(row.unit.id),
        begins: selling.begins,
        months: selling.months,
        price_fen: selling.price_fen,
        terms,
    };
    store::insert_sold(work.tx, &sold, work.ctx.actor.user, work.now).await?;
    let event =
        Event::new(RecordRef::new(UNIT, row.unit.id), "serial_unit.terms_sold", kernel::Placed::place(&row.unit))
            .change("terms", None, Some(sold.terms.draft.name.clone()))
            .change("begins", None, Some(sold.begins.to_string()))
            .change("months", None, Some(sold.months.to_string()))
            .change("price", None, Some(kernel::Money::from_fen(sold.price_fen).to_string()));
    Ok(work.record(event).await?.with(sold))
}

/// What the form of terms would hold again.
pub fn terms_input(terms: &Terms) -> TermsInput {
    use crate::domain::terms::PromiseInput;
    let draft = &terms.draft;
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    TermsInput {
        layer: draft.layer.to_string(),
        name: draft.name.clone(),
        says: draft.says.clone(),
        exclusions: draft.exclusions.clone(),
        source: draft.source.clone(),
        provider: draft.provider.clone(),
        payer: draft.payer.to_string(),
        from: draft.from.to_string(),
        to: draft.to.map(|day| day.to_string()),
        brand: some(&draft.brand),
        goods: some(&draft.goods),
        product: draft.product.clone(),
        store: draft.store.clone(),
        channel: draft.channel.map(|channel| channel.as_str().to_owned()),
        promises: draft
            .promises
            .iter()
            .map(|one| PromiseInput {
                claim: one.claim.to_string(),
                gives: one.gives.to_string(),
                scope: one.scope.to_string(),
                repairs: one.repairs,
                length: one.length,
                span: one.span.to_string(),
                begins: one.begins.to_string(),
                keeps: one.keeps.to_string(),
                fen: one.fen,
                denied: one.denied,
                ends: one.ends,
                boxed: one.boxed,
            })
            .collect(),
    }
}

/// Reads terms as typed, with what product and store they name: what a draft would be, were it published.
///
/// # Errors
/// `invalid` with the fields.
pub async fn draft_of(tx: &mut Tx, ctx: &Ctx, input: &TermsInput) -> Result<Terms, Fault> {
    let draft = checked(input)?;
    let at = named(tx, ctx, &draft).await?;
    Ok(written(ctx, Id::new(0), 0, draft, at))
}
