//! Lists, and one return with everything on its page.

use capability::{Ctx, Event, FileDoor};
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{Cursor, Fault, Id, Place, Reach, RecordRef};
use parties::verdict::{Judged, Layers};
use search::Query;

use super::access::{EXPORT, VIEW, needed};
use super::act;
use super::events::RECORD;
use crate::domain::{CommandName, Refusal, guard};
use crate::store::{self, Budget, Filter, LineRow, Listed, Payment, Posted, Precedent, Return, ReturnId};

/// Counts go up to here, then "1000+" is shown.
pub const COUNTED: i64 = 1_000;
/// Most precedents that are shown.
const PRECEDENTS: i64 = 5;
/// Most returns that a search inside the list looks at.
const FOUND: usize = 200;

/// Whoever sees a return sees its photos.
pub const DOOR: FileDoor = FileDoor { kind: RECORD, see: sees };

fn sees<'t>(tx: &'t mut Tx, ctx: &'t Ctx, id: i64) -> BoxFuture<'t, Result<(), Fault>> {
    Box::pin(async move {
        let one = store::get(tx, Id::new(id)).await?.ok_or_else(Fault::not_found)?;
        ctx.require(VIEW, &one)
    })
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub rows: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Returns within the actor's reach in which `text` is found.
///
/// # Errors
/// What the database says.
pub async fn list(
    ctx: &Ctx,
    filter: Filter,
    text: Option<String>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Page, Fault> {
    let filter = Filter { reader: ctx.actor.user, ..filter };
    let input = (filter, text, ctx.reach(VIEW), after.map(|cursor| cursor.id), limit);
    let mut rows = ctx
        .read(input, |tx, (filter, text, reach, after, limit)| {
            Box::pin(async move {
                let ids = match text {
                    Some(text) => {
                        let query = Query { text, reach, kinds: &[RECORD], limit: FOUND, before: None };
                        let found = search::find(tx, &query).await?;
                        Some(found.hits.iter().map(|hit| hit.record_id).collect::<Vec<i64>>())
                    }
                    None => filter.ids.clone(),
                };
                let filter = Filter { ids, ..filter.clone() };
                Ok(store::list(tx, &filter, reach, *after, *limit + 1).await?)
            })
        })
        .await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = rows.last().filter(|_| more).map(|row| Cursor { key: row.one.id.get(), id: row.one.id.get() });
    Ok(Page { rows, next })
}

/// How many returns each filter shows, up to [`COUNTED`] + 1.
///
/// # Errors
/// What the database says.
pub async fn counts(ctx: &Ctx, filters: Vec<Filter>) -> Result<Vec<i64>, Fault> {
    let reader = ctx.actor.user;
    let filters: Vec<Filter> = filters.into_iter().map(|filter| Filter { reader, ..filter }).collect();
    ctx.read((filters, ctx.reach(VIEW)), |tx, (filters, reach)| {
        Box::pin(async move {
            let mut counts = Vec::new();
            for filter in filters {
                counts.push(store::count(tx, filter, reach, COUNTED + 1).await?);
            }
            Ok(counts)
        })
    })
    .await
}

/// Rows of an export that are in memory at once.
const ROWS: i64 = 500;

/// A list that leaves the house, page by page.
#[derive(Debug)]
pub struct Export {
    filter: Filter,
    reach: Reach,
    next: Option<i64>,
    done: bool,
}

/// Begins an export of the returns within reach that `filter` means, which `words` describe; who takes what is in the journal before
/// the first row leaves.
///
/// # Errors
/// `forbidden` without the permission.
pub async fn export(ctx: &Ctx, filter: Filter, words: String) -> Result<Export, Fault> {
    let reach = ctx.reach(EXPORT);
    if reach.is_empty() {
        return Err(Fault::forbidden());
    }
    let directory = ctx.house.identity.directories().now();
    let home = ctx.actor.home.or_else(|| directory.company().map(|unit| unit.id)).ok_or_else(Fault::forbidden)?;
    ctx.write((words, home), |work, (words, home)| {
        Box::pin(async move {
            let record = RecordRef::new("export", work.ctx.house.ids.next::<Export>());
            let place = Place { store: *home, team: None, owner: work.ctx.actor.user };
            let event = Event::new(record, "returns.exported", place).quietly();
            work.record(event.personal("filter", None, Some(words.clone()))).await
        })
    })
    .await?;
    let filter = Filter { reader: ctx.actor.user, ..filter };
    Ok(Export { filter, reach, next: None, done: false })
}

impl Export {
    /// The next rows; `None` at the end.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next(&mut self, ctx: &Ctx) -> Result<Option<Vec<Listed>>, Fault> {
        if self.done {
            return Ok(None);
        }
        let input = (self.filter.clone(), self.reach.clone(), self.next);
        let rows: Vec<Listed> = ctx
            .read(input, |tx, (filter, reach, after)| {
                Box::pin(async move { Ok(store::list(tx, filter, reach, *after, ROWS).await?) })
            })
            .await?;
        self.next = rows.last().map(|row| row.one.id.get());
        self.done = i64::try_from(rows.len()).unwrap_or(ROWS) < ROWS;
        Ok(Some(rows))
    }
}

/// A command that the actor's permissions allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub name: CommandName,
    /// Why not now.
    pub refusal: Option<Refusal>,
}

/// One return with everything on its page.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The return.
    pub one: Return,
    /// Its lines.
    pub lines: Vec<LineRow>,
    /// Its money.
    pub money: Vec<Payment>,
    /// What it makes of state subsidies.
    pub owed: Vec<store::Owed>,
    /// What was booked.
    pub posted: Vec<Posted>,
    /// The goodwill of its store this month.
    pub budget: Budget,
    /// What others were given beyond the law.
    pub precedents: Vec<Precedent>,
    /// Commands that the actor may give.
    pub offers: Vec<Offer>,
    /// The case.
    pub case: cases::store::Case,
    /// The sale.
    pub sale: Option<parties::store::Sale>,
    /// Photos of what was looked at.
    pub photos: Vec<files::FileRow>,
    /// What happened, oldest first.
    pub journal: Vec<journal::Recorded>,
}

/// The return `id`, if the actor may see it.
///
/// # Errors
/// `not-found`.
pub async fn detail(ctx: &Ctx, id: Id<ReturnId>) -> Result<Detail, Fault> {
    let month = super::month_of(ctx.now().day(&ctx.house.zone));
    ctx.read((id, ctx.clone(), month), |tx, (id, ctx, month)| {
        Box::pin(async move {
            let one = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &one)?;
            let lines = store::lines(tx, *id).await?;
            let money = store::payments(tx, *id).await?;
            let facts = act::facts(&one, &lines, &money);
            let offers = CommandName::ALL
                .iter()
                .copied()
                .filter(|name| ctx.actor.may(needed(*name), &one))
                .map(|name| Offer { name, refusal: guard(&facts, name, None, None).err() })
                .collect();
            let precedents = match lines.first() {
                Some(line) => store::precedents(tx, &ctx.reach(VIEW), line.product, *id, PRECEDENTS).await?,
                None => Vec::new(),
            };
            let record = RecordRef::new(RECORD, *id);
            Ok(Detail {
                offers,
                precedents,
                owed: store::owed(tx, *id).await?,
                posted: store::entries_of(tx, *id).await?,
                budget: store::budget(tx, one.store, month).await?,
                case: cases::store::get(tx, one.case).await?.ok_or_else(Fault::not_found)?,
                sale: parties::store::get_sale(tx, one.sale).await?,
                photos: files::of_record(tx, &record, false).await?,
                journal: journal::of_record(tx, &record, None, 200).await?,
                lines,
                money,
                one,
            })
        })
    })
    .await
}

/// The facts and the terms that were kept with a line, to be judged again by the rules of this program; none where they cannot be read.
///
/// # Errors
/// `internal` when the terms cannot be read.
pub fn judged_again(line: &LineRow) -> Result<Option<Judged>, Fault> {
    let Ok(facts) = serde_json::from_str::<remedies::Facts>(&line.facts) else { return Ok(None) };
    Ok(parties::verdict::judged(facts, Layers::thawed(&line.terms)?, false))
}
