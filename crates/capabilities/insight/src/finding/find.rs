use std::collections::BTreeMap;

use capability::{Ctx, FoundRecord};
use cases::store::{CaseRow, Registered};
use db::Tx;
use kernel::{Cursor, Fault, Id, Placed, Reach, Timestamp, of};
use parties::app::CustomerCard;
use parties::domain::masked_code;
use parties::store::{Products, Sales, Units};
use search::{Hit, Query, Snippet};

use super::mask::masked;
use super::{Kind, Place};

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What a person typed.
    pub text: String,
    /// Only this kind of record.
    pub kind: Option<Kind>,
    /// Go on from here.
    pub after: Option<Place>,
    /// Hits on one page.
    pub limit: usize,
}

/// A page of what was found.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Each record once, newest text first.
    pub rows: Vec<Row>,
    /// Where the next page begins.
    pub next: Option<Place>,
    /// What was typed is in so many texts that not all were examined for this page.
    pub too_common: bool,
}

/// A record that was found.
#[derive(Debug, Clone)]
pub struct Row {
    /// The record.
    pub record: Record,
    /// The words around what was found; whole phone numbers are masked.
    pub snippet: Snippet,
}

/// What was found.
#[derive(Debug, Clone)]
pub enum Record {
    /// A case.
    Case(Box<CaseRow>),
    /// A customer, masked.
    Customer(Box<CustomerCard>),
    /// Something that is or was sold.
    Goods(Box<Goods>),
    /// A registered channel.
    Channel(Box<Found>),
    /// A paper that search knows with its place; its words are what search keeps of it.
    Paper(Paper),
    /// A record that another capability opens.
    Other(Kind, Box<FoundRecord>),
}

/// A return, a claim, an order of a platform or terms.
#[derive(Debug, Clone)]
pub struct Paper {
    /// Which of them.
    pub kind: Kind,
    /// Its id.
    pub id: i64,
    /// What it is about.
    pub title: String,
    /// When it was found to have been written.
    pub at: Timestamp,
}

/// A registered channel, and when it was found to have been written.
#[derive(Debug, Clone)]
pub struct Found {
    /// The channel.
    pub door: Registered,
    /// When.
    pub at: Timestamp,
}

/// A product, a sale or a serial unit.
#[derive(Debug, Clone)]
pub struct Goods {
    /// Which of them.
    pub kind: Kind,
    /// Its id.
    pub id: i64,
    /// The product's name.
    pub title: String,
    /// What names it, masked: a code, a receipt, a serial number.
    pub number: String,
    /// Where it was sold; products are the company's.
    pub store: Option<Id<of::Unit>>,
    /// When it was found to have been written.
    pub at: Timestamp,
}

impl Row {
    /// Where the record is opened.
    pub fn href(&self) -> String {
        match &self.record {
            Record::Case(case) => format!("/cases/{}", case.id),
            // What a customer's file is for at the counter: everything that the customer brought.
            Record::Customer(customer) => format!("/cases?tab=all&customer={}", customer.id),
            Record::Goods(goods) => match goods.kind {
                Kind::Product => format!("/products/{}", goods.id),
                Kind::Sale => format!("/sales/{}", goods.id),
                _ => format!("/units/{}", goods.id),
            },
            Record::Channel(channel) => format!("/channels/{}", channel.door.id),
            Record::Paper(paper) => match paper.kind {
                Kind::PlatformOrder => format!("/platform-orders/{}", paper.id),
                Kind::Terms => format!("/terms/{}", paper.id),
                kind => format!("/{}s/{}", kind.as_str(), paper.id),
            },
            Record::Other(Kind::Audit, found) => format!("/audits/{}", found.id),
            Record::Other(Kind::Finding, found) => format!("/findings/{}", found.id),
            Record::Other(_, found) => format!("/problems/{}", found.id),
        }
    }
}

/// The kinds of record that the actor may find.
pub fn findable(ctx: &Ctx) -> Vec<Kind> {
    Kind::ALL.into_iter().filter(|kind| ctx.actor.holds(kind.needs())).collect()
}

/// Finds what is asked, newest first, over the kinds that the actor may see.
///
/// # Errors
/// `busy` when the database is away.
pub async fn find(ctx: &Ctx, asked: &Asked) -> Result<Answer, Fault> {
    let kinds = findable(ctx).into_iter().filter(|kind| asked.kind.is_none_or(|wanted| wanted == *kind));
    let reaches: Vec<(Kind, Reach)> = kinds.map(|kind| (kind, ctx.reach(kind.needs()))).collect();
    let (hits, next, too_common) =
        ctx.read((asked.clone(), reaches), |tx, (asked, reaches)| Box::pin(merged(tx, asked, reaches))).await?;
    let rows = opened(ctx, hits).await?;
    Ok(Answer { rows, next, too_common })
}

/// One page over several kinds. Each is asked with its own reach; of what does not fit on the page the rest comes next.
async fn merged(
    tx: &mut Tx,
    asked: &Asked,
    reaches: &[(Kind, Reach)],
) -> Result<(Vec<Hit>, Option<Place>, bool), Fault> {
    let mut all: Vec<(Kind, Hit)> = Vec::new();
    let mut ends: BTreeMap<Kind, Option<i64>> = BTreeMap::new();
    let mut too_common = false;
    let begun = |kind: Kind| asked.after.as_ref().map(|place| place.0.get(&kind).copied());
    for (kind, reach) in reaches {
        let before = match begun(*kind) {
            None => None,
            Some(Some(id)) => Some(id),
            // It has nothing left.
            Some(None) => continue,
        };
        let found = ask(tx, asked, *kind, reach, before, asked.limit).await?;
        too_common |= found.next.is_some() && found.hits.len() < asked.limit;
        ends.insert(*kind, found.next.map(|cursor| cursor.id));
        all.extend(found.hits.into_iter().map(|hit| (*kind, hit)));
    }
    // Stable: within one kind the order stays.
    all.sort_by_key(|(_, hit)| std::cmp::Reverse(hit.at));
    let rest = all.split_off(asked.limit.min(all.len()));
    let mut next = BTreeMap::new();
    for (kind, reach) in reaches {
        let Some(end) = ends.get(kind).copied() else { continue };
        let shown = all.iter().filter(|(shown, _)| shown == kind).count();
        let held_back = rest.iter().any(|(held, _)| held == kind);
        let before = begun(*kind).flatten();
        let goes_on = match (held_back, shown) {
            (false, _) => end,
            // Nothing of it was shown: it begins where it began.
            (true, 0) => Some(before.unwrap_or(i64::MAX)),
            // A hit does not say where it stands, a page that ends with it does.
            (true, shown) => ask(tx, asked, *kind, reach, before, shown).await?.next.map(|cursor| cursor.id),
        };
        next.extend(goes_on.map(|id| (*kind, id)));
    }
    let next = (!next.is_empty()).then_some(Place(next));
    Ok((all.into_iter().map(|(_, hit)| hit).collect(), next, too_common))
}

async fn ask(
    tx: &mut Tx,
    asked: &Asked,
    kind: Kind,
    reach: &Reach,
    before: Option<i64>,
    limit: usize,
) -> Result<search::Found, Fault> {
    let kinds = [kind.as_str()];
    let before = before.map(|id| Cursor { key: id, id });
    Ok(search::find(tx, &Query { text: &asked.text, reach, kinds: &kinds, limit, before }).await?)
}

/// The records of `hits` in their order, each once.
async fn opened(ctx: &Ctx, hits: Vec<Hit>) -> Result<Vec<Row>, Fault> {
    let mut once: Vec<(Kind, i64, Snippet)> = Vec::new();
    let written: BTreeMap<(Kind, i64), Timestamp> =
        hits.iter().filter_map(|hit| Some(((Kind::parse(&hit.record_kind)?, hit.record_id), hit.at))).collect();
    for hit in hits {
        let Some(kind) = Kind::parse(&hit.record_kind) else { continue };
        if !once.iter().any(|(known, id, _)| *known == kind && *id == hit.record_id) {
            once.push((kind, hit.record_id, masked(hit.snippet)));
        }
    }
    let ids =
        |wanted: Kind| once.iter().filter(move |(kind, ..)| *kind == wanted).map(|(_, id, _)| *id).collect::<Vec<_>>();
    let mut cases = cases_of(ctx, ids(Kind::Case)).await?;
    let mut customers = customers_of(ctx, ids(Kind::Customer)).await?;
    let mut goods = goods_of(ctx, ids, &written).await?;
    let mut others = BTreeMap::new();
    for kind in [Kind::Problem, Kind::Audit, Kind::Finding] {
        let found = others_of(ctx, kind, ids(kind)).await?;
        others.extend(found.into_iter().map(|(id, found)| ((kind, id), found)));
    }
    let doors = cases::app::door_names(ctx, ids(Kind::Channel).into_iter().map(Id::new).collect()).await?;
    let rows = once.into_iter().filter_map(|(kind, id, snippet)| {
        let record = match kind {
            Kind::Case => Record::Case(Box::new(cases.remove(&id)?)),
            Kind::Customer => Record::Customer(Box::new(customers.remove(&id)?)),
            Kind::Channel => {
                let door = doors.get(&Id::new(id)).cloned()?;
                let at = written.get(&(kind, id)).copied().unwrap_or_else(|| ctx.now());
                Record::Channel(Box::new(Found { door, at }))
            }
            Kind::Return | Kind::Claim | Kind::PlatformOrder | Kind::Terms => {
                let at = written.get(&(kind, id)).copied().unwrap_or_else(|| ctx.now());
                let words = [snippet.before.as_str(), &snippet.found, &snippet.after].concat();
                Record::Paper(Paper { kind, id, title: words, at })
            }
            Kind::Problem | Kind::Audit | Kind::Finding => Record::Other(kind, Box::new(others.remove(&(kind, id))?)),
            Kind::Product | Kind::Sale | Kind::SerialUnit => Record::Goods(Box::new(goods.remove(&(kind, id))?)),
        };
        Some(Row { record, snippet })
    });
    Ok(rows.collect())
}

async fn cases_of(ctx: &Ctx, ids: Vec<i64>) -> Result<BTreeMap<i64, CaseRow>, Fault> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let limit = u16::try_from(ids.len()).unwrap_or(u16::MAX);
    let filter = cases::store::Filter { ids: Some(ids.into_iter().map(Id::new).collect()), ..Default::default() };
    let page = cases::app::list(ctx, filter, cases::store::Order::Newest, None, limit).await?;
    Ok(page.rows.into_iter().map(|case| (case.id.get(), case)).collect())
}

/// Records that another capability keeps, by id.
async fn others_of(ctx: &Ctx, kind: Kind, ids: Vec<i64>) -> Result<BTreeMap<i64, FoundRecord>, Fault> {
    let finder = ctx.house.finders.iter().find(|finder| finder.kind == kind.as_str()).copied();
    let Some(finder) = finder.filter(|_| !ids.is_empty()) else { return Ok(BTreeMap::new()) };
    let found = ctx.read((ids, ctx.clone()), move |tx, (ids, ctx)| (finder.open)(tx, ctx, ids)).await?;
    Ok(found.into_iter().map(|one| (one.id, one)).collect())
}

async fn customers_of(ctx: &Ctx, ids: Vec<i64>) -> Result<BTreeMap<i64, CustomerCard>, Fault> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<Id<of::Customer>> = ids.into_iter().map(Id::new).collect();
    let cards = ctx.read(ids, |tx, ids| Box::pin(async move { Ok(parties::file::cards(tx, ids).await?) })).await?;
    // Search asked with the same reach; a file that moved meanwhile must not slip through.
    let seen = |card: &CustomerCard| ctx.actor.may(parties::app::VIEW, &At(card));
    Ok(cards.into_iter().filter(seen).map(|card| (card.id.get(), card)).collect())
}

/// Products, sales and units by kind and id, within reach.
async fn goods_of(
    ctx: &Ctx,
    ids: impl Fn(Kind) -> Vec<i64>,
    written: &BTreeMap<(Kind, i64), Timestamp>,
) -> Result<BTreeMap<(Kind, i64), Goods>, Fault> {
    let mut all = BTreeMap::new();
    let mut put = |kind: Kind, id: i64, title: String, number: String, store: Option<Id<of::Unit>>| {
        let at = written.get(&(kind, id)).copied().unwrap_or_else(|| ctx.now());
        all.insert((kind, id), Goods { kind, id, title, number, store, at });
    };
    let wanted = ids(Kind::Product);
    if !wanted.is_empty() {
        let filter = Products { ids: Some(wanted), retired: true, ..Products::default() };
        for product in parties::app::list_products(ctx, filter, None, None, 200).await?.rows {
            put(Kind::Product, product.id.get(), product.draft.name, product.draft.code, None);
        }
    }
    let wanted = ids(Kind::Sale);
    if !wanted.is_empty() {
        let filter = Sales { ids: Some(wanted), ..Sales::default() };
        for row in parties::app::list_sales(ctx, filter, None, None, 200).await?.rows {
            let number = masked_code(&row.sale.receipt);
            put(Kind::Sale, row.sale.id.get(), row.product, number, Some(row.sale.store));
        }
    }
    let wanted = ids(Kind::SerialUnit);
    if !wanted.is_empty() {
        let filter = Units { ids: Some(wanted), ..Units::default() };
        for row in parties::app::list_units(ctx, filter, None, None, 200).await?.rows {
            let number = masked_code(&row.unit.serial);
            put(Kind::SerialUnit, row.unit.id.get(), row.product.draft.name, number, Some(row.unit.store));
        }
    }
    Ok(all)
}

struct At<'a>(&'a CustomerCard);

impl Placed for At<'_> {
    fn place(&self) -> kernel::Place {
        kernel::Place { store: self.0.store, team: None, owner: None }
    }
}
