//! Lists, one claim with everything on its page, and what makers owe.

use capability::{Ctx, Event};
use kernel::{Cursor, Day, Fault, Id, Place, Reach, RecordRef, of};
use parties::store::UnitRepair;
use returns::store::{LineRow, ReturnId};
use search::Query;

use super::access::{EXPORT, HANDLE, VIEW, needed};
use super::events::RECORD;
use super::pack::{self, Pack};
use crate::domain::{CommandName, guard};
use crate::store::{self, Claim, ClaimId, Filter, Listed, Posted, Receivable, Step, Term};

/// Counts go up to here, then "1000+" is shown.
pub const COUNTED: i64 = 1_000;
/// Most claims that a search inside the list looks at.
const FOUND: usize = 200;
/// Rows of an export that are in memory at once.
const ROWS: i64 = 500;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub rows: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

pub(super) fn today(ctx: &Ctx) -> Day {
    ctx.now().day(&ctx.house.zone)
}

/// Claims within the actor's reach in which `text` is found.
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
    let input = (filter, text, ctx.reach(VIEW), today(ctx), after.map(|cursor| cursor.id), limit);
    let mut rows = ctx
        .read(input, |tx, (filter, text, reach, today, after, limit)| {
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
                Ok(store::list(tx, &filter, reach, *today, *after, *limit + 1).await?)
            })
        })
        .await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = rows.last().filter(|_| more).map(|row| Cursor { key: row.one.id.get(), id: row.one.id.get() });
    Ok(Page { rows, next })
}

/// How many claims each filter shows, up to [`COUNTED`] + 1.
///
/// # Errors
/// What the database says.
pub async fn counts(ctx: &Ctx, filters: Vec<Filter>) -> Result<Vec<i64>, Fault> {
    ctx.read((filters, ctx.reach(VIEW), today(ctx)), |tx, (filters, reach, today)| {
        Box::pin(async move {
            let mut counts = Vec::new();
            for filter in filters {
                counts.push(store::count(tx, filter, reach, *today, COUNTED + 1).await?);
            }
            Ok(counts)
        })
    })
    .await
}

/// One claim with everything on its page.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The claim.
    pub one: Claim,
    /// Its steps, oldest first.
    pub steps: Vec<Step>,
    /// What was booked.
    pub posted: Vec<Posted>,
    /// What its maker allows.
    pub term: Option<Term>,
    /// What proves it.
    pub pack: Pack,
    /// Commands that the actor may give, with why not now.
    pub offers: Vec<(CommandName, Option<&'static str>)>,
}

/// The claim `id`, if the actor may see it.
///
/// # Errors
/// `not-found`.
pub async fn detail(ctx: &Ctx, id: Id<ClaimId>) -> Result<Detail, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let one = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &one)?;
            let all = CommandName::ALL.iter().copied().filter(|name| ctx.actor.may(needed(*name), &one));
            Ok(Detail {
                offers: all.map(|name| (name, guard(one.state, name).err())).collect(),
                steps: store::steps(tx, *id).await?,
                posted: store::entries_of(tx, *id).await?,
                term: store::term(tx, &one.maker).await?,
                pack: pack::gathered(tx, &one).await?,
                one,
            })
        })
    })
    .await
}

/// What stands about claims beside a return or a unit.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// The claims.
    pub claims: Vec<Claim>,
    /// Lines that can be claimed.
    pub lines: Vec<LineRow>,
    /// Repairs that can be claimed.
    pub repairs: Vec<UnitRepair>,
}

/// What stands about claims beside the return `id`.
///
/// # Errors
/// `not-found`.
pub async fn beside_return(ctx: &Ctx, id: Id<ReturnId>) -> Result<Beside, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let one = returns::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(returns::app::VIEW, &one)?;
            let mut claims = store::of_return(tx, *id).await?;
            claims.retain(|claim| ctx.actor.may(VIEW, claim));
            let taken = store::of_lines(tx, *id).await?;
            let mut lines = returns::store::lines(tx, *id).await?;
            lines.retain(|line| ctx.actor.may(HANDLE, &one) && line.live && !taken.contains(&line.id));
            Ok(Beside { claims, lines, repairs: Vec::new() })
        })
    })
    .await
}

/// What stands about claims beside the unit `id`.
///
/// # Errors
/// `not-found`.
pub async fn beside_unit(ctx: &Ctx, id: Id<of::SerialUnit>) -> Result<Beside, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let row = parties::store::get_unit(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(parties::app::VIEW_SALES, &row.unit)?;
            let mut claims = store::of_unit(tx, *id).await?;
            claims.retain(|claim| ctx.actor.may(VIEW, claim));
            let mut repairs = parties::store::repairs_of(tx, *id).await?;
            let taken: Vec<_> =
                claims.iter().filter(|claim| !claim.state.is_over()).filter_map(|one| one.repair).collect();
            repairs.retain(|repair| {
                ctx.actor.may(HANDLE, &row.unit) && repair.draft.ended.is_some() && !taken.contains(&repair.id)
            });
            Ok(Beside { claims, lines: Vec::new(), repairs })
        })
    })
    .await
}

/// What stands about claims of the unit with this serial number; nothing where there is none within reach.
///
/// # Errors
/// What the database says.
pub async fn of_serial(ctx: &Ctx, serial: &str) -> Result<Beside, Fault> {
    let code = parties::domain::plain_code(serial);
    let found = ctx
        .read(code, |tx, code| Box::pin(async move { Ok(parties::store::units_by_code(tx, code, 2).await?) }))
        .await?;
    match found.as_slice() {
        [only] if ctx.actor.may(parties::app::VIEW_SALES, &only.unit) => beside_unit(ctx, only.unit.id).await,
        _ => Ok(Beside::default()),
    }
}

/// What makers owe within the actor's reach, the largest first.
///
/// # Errors
/// What the database says.
pub async fn receivables(ctx: &Ctx) -> Result<Vec<Receivable>, Fault> {
    ctx.read((ctx.reach(VIEW), today(ctx)), |tx, (reach, today)| {
        Box::pin(async move { Ok(store::receivables(tx, reach, *today).await?) })
    })
    .await
}

/// The makers of what is sold.
///
/// # Errors
/// What the database says.
pub async fn makers(ctx: &Ctx) -> Result<Vec<String>, Fault> {
    ctx.read((), |tx, ()| Box::pin(async move { Ok(store::makers(tx).await?) })).await
}

/// A list that leaves the house, page by page.
#[derive(Debug)]
pub struct Export {
    filter: Filter,
    reach: Reach,
    today: Day,
    next: Option<i64>,
    done: bool,
}

async fn leaves(ctx: &Ctx, verb: &'static str, words: String) -> Result<Reach, Fault> {
    let reach = ctx.reach(EXPORT);
    if reach.is_empty() {
        return Err(Fault::forbidden());
    }
    let directory = ctx.house.identity.directories().now();
    let home = ctx.actor.home.or_else(|| directory.company().map(|unit| unit.id)).ok_or_else(Fault::forbidden)?;
    ctx.write((words, home), move |work, (words, home)| {
        Box::pin(async move {
            let record = RecordRef::new("export", work.ctx.house.ids.next::<Export>());
            let place = Place { store: *home, team: None, owner: work.ctx.actor.user };
            let event = Event::new(record, verb, place).quietly().personal("filter", None, Some(words.clone()));
            work.record(event).await
        })
    })
    .await?;
    Ok(reach)
}

/// Begins an export of the claims within reach that `filter` means, which `words` describe; who takes what is in the journal before the
/// first row leaves.
///
/// # Errors
/// `forbidden` without the permission.
pub async fn export(ctx: &Ctx, filter: Filter, words: String) -> Result<Export, Fault> {
    let reach = leaves(ctx, "claims.exported", words).await?;
    Ok(Export { filter, reach, today: today(ctx), next: None, done: false })
}

/// What makers owe, for taking out of the house; who takes it is in the journal.
///
/// # Errors
/// `forbidden` without the permission.
pub async fn export_receivables(ctx: &Ctx) -> Result<Vec<Receivable>, Fault> {
    let reach = leaves(ctx, "claims.receivables_exported", String::new()).await?;
    ctx.read((reach, today(ctx)), |tx, (reach, today)| {
        Box::pin(async move { Ok(store::receivables(tx, reach, *today).await?) })
    })
    .await
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
        let input = (self.filter.clone(), self.reach.clone(), self.today, self.next);
        let rows: Vec<Listed> = ctx
            .read(input, |tx, (filter, reach, today, after)| {
                Box::pin(async move { Ok(store::list(tx, filter, reach, *today, *after, ROWS).await?) })
            })
            .await?;
        self.next = rows.last().map(|row| row.one.id.get());
        self.done = i64::try_from(rows.len()).unwrap_or(ROWS) < ROWS;
        Ok(Some(rows))
    }
}
