//! The register of shops on platforms: which store answers, how many hours the platform gives, which terms hold there.

use capability::{Ctx, Event};
use kernel::{Fault, FieldErrors, Id, RecordRef, of};
use parties::domain::terms::TermsLayer;
use parties::store::{ShopId, TermsFilter, TermsId};

use super::access::{IMPORT, SHOPS, VIEW};
use crate::domain::Hours;
use crate::store::{self, Platform, Shop};

/// The word for shops in the journal.
pub const SHOP: &str = "platform_shop";
/// Longest name and source, in characters.
const NAME: usize = 60;
const SOURCE: usize = 200;
/// Most hours that a platform gives: ninety days.
const LONGEST: i64 = 2_160;
/// Most terms of one shop, and most that are offered.
const TERMS: usize = 50;

/// A shop as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopInput {
    /// Which; none is a new one.
    pub id: Option<Id<ShopId>>,
    /// On which platform.
    pub platform: String,
    /// What it is called there.
    pub name: String,
    /// The store that answers for it.
    pub store: Id<of::Unit>,
    /// How many hours its platform gives.
    pub hours: Hours,
    /// Where they are written.
    pub source: Option<String>,
    /// It still sells.
    pub active: bool,
    /// Terms of the layer "platform" that hold for it.
    pub terms: Vec<Id<TermsId>>,
    /// What was seen; 0 for a new one.
    pub version: i64,
}

/// A shop with the names of its terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopFile {
    /// The shop.
    pub shop: Shop,
    /// Its terms.
    pub terms: Vec<(Id<TermsId>, String)>,
}

/// All platforms.
///
/// # Errors
/// What the database says.
pub async fn platforms(ctx: &Ctx) -> Result<Vec<Platform>, Fault> {
    ctx.read((), |tx, ()| Box::pin(async move { Ok(store::platforms(tx).await?) })).await
}

/// The shops whose orders the actor may see.
///
/// # Errors
/// What the database says.
pub async fn shops(ctx: &Ctx) -> Result<Vec<ShopFile>, Fault> {
    ctx.read(ctx.clone(), |tx, ctx| {
        Box::pin(async move {
            let mut files = Vec::new();
            for shop in store::shops(tx).await? {
                if ctx.actor.may(VIEW, &shop) || ctx.actor.may(SHOPS, &shop) {
                    let terms = store::bound(tx, shop.id).await?;
                    files.push(ShopFile { shop, terms });
                }
            }
            Ok(files)
        })
    })
    .await
}

/// The shop `id`, for whoever may change it.
///
/// # Errors
/// `not-found`.
pub async fn get_shop(ctx: &Ctx, id: Id<ShopId>) -> Result<ShopFile, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let shop = store::get_shop(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(SHOPS, &shop)?;
            Ok(ShopFile { terms: store::bound(tx, *id).await?, shop })
        })
    })
    .await
}

/// The terms of the layer "platform" that can be bound.
///
/// # Errors
/// What the database says.
pub async fn offered_terms(ctx: &Ctx) -> Result<Vec<(Id<TermsId>, String)>, Fault> {
    ctx.read((), |tx, ()| {
        Box::pin(async move {
            let wanted = TermsFilter { layer: Some(TermsLayer::Platform), ..TermsFilter::default() };
            let rows = parties::store::list_terms(tx, &wanted, None, i64::try_from(TERMS).unwrap_or(50)).await?;
            Ok(rows.into_iter().map(|terms| (terms.id, terms.draft.name)).collect())
        })
    })
    .await
}

/// The stores for which the actor may take orders over or register shops.
pub fn stores(ctx: &Ctx) -> Vec<Id<of::Unit>> {
    let directory = ctx.house.identity.directories().now();
    let (import, shops) = (ctx.reach(IMPORT), ctx.reach(SHOPS));
    let fits =
        |id: Id<of::Unit>| import.company || shops.company || import.stores.contains(&id) || shops.stores.contains(&id);
    directory.stores().map(|unit| unit.id).filter(|id| fits(*id)).collect()
}

fn words(file: &[(Id<TermsId>, String)]) -> String {
    file.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(" · ")
}

/// Registers a shop or changes it.
///
/// # Errors
/// `forbidden`; `invalid` with the fields; `stale`.
pub async fn save_shop(ctx: &Ctx, input: ShopInput) -> Result<Shop, Fault> {
    let mut errors = FieldErrors::default();
    let name = input.name.trim().to_owned();
    if name.is_empty() {
        errors.add("name", "required");
    } else if name.chars().count() > NAME {
        errors.add_with("name", "too-long", vec![("max", NAME.to_string())]);
    }
    let source = input.source.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    if source.as_deref().is_some_and(|text| text.chars().count() > SOURCE) {
        errors.add_with("source", "too-long", vec![("max", SOURCE.to_string())]);
    }
    let hours = [
        ("answer_hours", input.hours.answer),
        ("ship_back_hours", input.hours.ship_back),
        ("refund_hours", input.hours.refund),
        ("evidence_hours", input.hours.evidence),
    ];
    for (field, value) in hours {
        if value.is_some_and(|value| !(1..=LONGEST).contains(&value)) {
            errors.add_with(field, "number-range", vec![("min", "1".to_owned()), ("max", LONGEST.to_string())]);
        }
    }
    // Hours without a source cannot be checked by anybody.
    if source.is_none() && errors.of("source").is_none() && hours.iter().any(|(_, value)| value.is_some()) {
        errors.add("source", "required");
    }
    let directory = ctx.house.identity.directories().now();
    if !directory.stores().any(|unit| unit.id == input.store) {
        errors.add("store", "unknown");
    }
    errors.check()?;
    let place = kernel::Place { store: input.store, team: None, owner: None };
    ctx.require(SHOPS, &place)?;
    ctx.write((ShopInput { name, source, ..input }, place), |work, (input, place)| {
        Box::pin(async move {
            if !store::platforms(work.tx).await?.iter().any(|platform| platform.code == input.platform) {
                return Err(Fault::field("platform", "unknown"));
            }
            let before = match input.id {
                Some(id) => Some(store::get_shop(work.tx, id).await?.ok_or_else(Fault::not_found)?),
                None => None,
            };
            if let Some(before) = &before {
                work.require(SHOPS, before)?;
                if before.version != input.version {
                    return Err(Fault::stale(before.version));
                }
                // Its orders keep their platform's numbers.
                if before.platform != input.platform {
                    return Err(Fault::field("platform", "platforms-fixed"));
                }
            }
            let named = store::shop_named(work.tx, &input.platform, &input.name).await?;
            if named.is_some_and(|other| Some(other.id) != input.id) {
                return Err(Fault::field("name", "taken"));
            }
            let mut terms = Vec::new();
            for id in &input.terms {
                let found = parties::store::get_terms(work.tx, *id).await?;
                match found.filter(|one| one.draft.layer == TermsLayer::Platform) {
                    Some(one) if terms.len() < TERMS && !terms.iter().any(|(known, _)| known == id) => {
                        terms.push((*id, one.draft.name));
                    }
                    Some(_) => {}
                    None => return Err(Fault::field("terms", "unknown")),
                }
            }
            let after = Shop {
                id: input.id.unwrap_or_else(|| work.ctx.house.ids.next()),
                platform: input.platform.clone(),
                name: input.name.clone(),
                store: input.store,
                hours: input.hours.clone(),
                source: input.source.clone(),
                active: input.active,
                version: before.as_ref().map_or(1, |before| before.version),
            };
            let bound = match &before {
                Some(before) => store::bound(work.tx, before.id).await?,
                None => Vec::new(),
            };
            match &before {
                None => store::insert_shop(work.tx, &after, work.now).await?,
                Some(_) if store::save_shop(work.tx, &after, work.now).await? => {}
                Some(before) => return Err(Fault::stale(before.version.saturating_add(1))),
            }
            let ids: Vec<Id<TermsId>> = terms.iter().map(|(id, _)| *id).collect();
            store::bind(work.tx, after.id, &ids).await?;
            let verb = if before.is_some() { "platform_shop.changed" } else { "platform_shop.made" };
            let mut event = Event::new(RecordRef::new(SHOP, after.id), verb, *place);
            for (field, read) in FIELDS {
                event = event.change(field, before.as_ref().and_then(read), read(&after));
            }
            let event = event.change("terms", Some(words(&bound)).filter(|_| before.is_some()), Some(words(&terms)));
            let version = if before.is_some() { after.version.saturating_add(1) } else { 1 };
            Ok(work.record(event).await?.with(Shop { version, ..after }))
        })
    })
    .await
}

type Read = fn(&Shop) -> Option<String>;

const FIELDS: [(&str, Read); 8] = [
    ("platform", |one| Some(one.platform.clone())),
    ("name", |one| Some(one.name.clone())),
    ("answer_hours", |one| one.hours.answer.map(|hours| hours.to_string())),
    ("ship_back_hours", |one| one.hours.ship_back.map(|hours| hours.to_string())),
    ("refund_hours", |one| one.hours.refund.map(|hours| hours.to_string())),
    ("evidence_hours", |one| one.hours.evidence.map(|hours| hours.to_string())),
    ("source", |one| one.source.clone()),
    ("active", |one| Some(one.active.to_string())),
];
