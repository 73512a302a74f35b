//! Lists, one regulator case with everything on its page, and what came from the same person before.

use capability::{Ctx, Event};
use cases::app::ClockView;
use files::FileRow;
use kernel::{Cursor, Fault, Id, Money, Place, Reach, RecordRef, of};

use super::access::{HANDLE, LEGAL, VIEW};
use crate::app::EXPORT;
use crate::domain::Refusal;
use crate::regulator::domain::{RegulatorAct, guard};
use crate::regulator::store::{self, Filter, RegulatorCase, Seal, Statement};
use crate::store::Complaint;

/// Rows of an export that are in memory at once.
const ROWS: i64 = 500;
/// Earlier ones of the same person that are shown.
const EARLIER: i64 = 20;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// In the order of the list.
    pub rows: Vec<RegulatorCase>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Regulator cases within the actor's reach.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, filter: Filter, after: Option<Cursor>, limit: i64) -> Result<Page, Fault> {
    let filter = Filter { now: Some(ctx.now()), ..filter };
    let key = filter.clone();
    let mut rows = ctx
        .read((filter, ctx.reach(VIEW), after, limit), |tx, (filter, reach, after, limit)| {
            Box::pin(async move { Ok(store::list(tx, filter, reach, *after, *limit + 1).await?) })
        })
        .await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = rows.last().filter(|_| more).map(|row| Cursor { key: key.key_of(row), id: row.case.get() });
    Ok(Page { rows, next })
}

/// How many each filter shows, up to [`crate::app::COUNTED`] + 1.
///
/// # Errors
/// What the database says.
pub async fn counts(ctx: &Ctx, filters: Vec<Filter>) -> Result<Vec<i64>, Fault> {
    let now = Some(ctx.now());
    let filters: Vec<Filter> = filters.into_iter().map(|filter| Filter { now, ..filter }).collect();
    ctx.read((filters, ctx.reach(VIEW)), |tx, (filters, reach)| {
        Box::pin(async move {
            let mut counts = Vec::new();
            for filter in filters {
                counts.push(store::count(tx, filter, reach, crate::app::COUNTED + 1).await?);
            }
            Ok(counts)
        })
    })
    .await
}

/// What else came from the same number: facts, no judgement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Newest first.
    pub rows: Vec<RegulatorCase>,
    /// How many of these ended by agreement.
    pub agreed: usize,
    /// What we paid by them together.
    pub paid: Money,
}

/// What came earlier or later from the number `phone`, within the actor's reach, without the case `not`.
///
/// # Errors
/// What the database says.
pub async fn history(ctx: &Ctx, phone: &str, not: Option<Id<of::Case>>) -> Result<History, Fault> {
    let Some(phone) = super::claimant(phone) else { return Ok(History::default()) };
    let rows: Vec<RegulatorCase> = ctx
        .read((phone, not, ctx.reach(VIEW)), |tx, (phone, not, reach)| {
            Box::pin(async move { Ok(store::of_claimant(tx, phone, *not, reach, EARLIER).await?) })
        })
        .await?;
    let agreed =
        rows.iter().filter(|row| row.outcome == Some(crate::regulator::domain::RegulatorOutcome::Agreement)).count();
    Ok(History { agreed, paid: rows.iter().map(|row| row.paid).sum(), rows })
}

/// One regulator case with everything on its page.
#[derive(Debug, Clone)]
pub struct Detail {
    /// What the authority passed on.
    pub one: RegulatorCase,
    /// Its complaint.
    pub complaint: Complaint,
    /// Its deadlines.
    pub clocks: Vec<ClockView>,
    /// Its papers.
    pub files: Vec<FileRow>,
    /// All versions of the statement, newest first.
    pub statements: Vec<Statement>,
    /// What else came from the same person.
    pub history: History,
    /// The seal, when who sees it is restricted.
    pub seal: Option<Seal>,
    /// What can be done now, and why not.
    pub offers: Vec<(RegulatorAct, Option<Refusal>)>,
    /// The actor may draft and ask.
    pub may_handle: bool,
    /// The actor may edit.
    pub may_edit: bool,
    /// Counts the changes of the case.
    pub version: i64,
}

/// The regulator case `id`, if the actor may see it.
///
/// # Errors
/// `not-found`.
pub async fn detail(ctx: &Ctx, id: Id<of::Case>) -> Result<Detail, Fault> {
    let (one, complaint, statements, seal) = ctx
        .read((id, ctx.clone()), |tx, (id, ctx)| {
            Box::pin(async move {
                let one = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
                ctx.require(VIEW, &one)?;
                let complaint = crate::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
                let statements = store::statements(tx, *id).await?;
                Ok::<_, Fault>((one, complaint, statements, store::seal(tx, *id).await?))
            })
        })
        .await?;
    let seen = cases::app::detail(ctx, id).await?;
    let (files, _) = cases::app::files::files_of(ctx, id).await?;
    let history = match &one.claimant_phone {
        Some(phone) => history(ctx, phone, Some(id)).await?,
        None => History::default(),
    };
    let may_handle = ctx.actor.may(HANDLE, &one);
    let known = one.known();
    let offers = RegulatorAct::ALL.iter().filter(|_| may_handle).map(|act| (*act, guard(&known, *act).err()));
    Ok(Detail {
        offers: offers.collect(),
        may_handle,
        may_edit: ctx.actor.may(LEGAL, &one),
        version: seen.case.version,
        clocks: seen.clocks,
        one,
        complaint,
        files,
        statements,
        history,
        seal,
    })
}

/// A list that leaves the house, page by page.
#[derive(Debug)]
pub struct Export {
    filter: Filter,
    reach: Reach,
    next: Option<Cursor>,
    done: bool,
}

/// Begins an export of the regulator cases within reach that `filter` means, which `words` describe; who takes what is in the journal
/// before the first row leaves.
///
/// # Errors
/// `forbidden` without the permission.
pub async fn export(ctx: &Ctx, filter: Filter, words: String) -> Result<Export, Fault> {
    if ctx.reach(EXPORT).is_empty() {
        return Err(Fault::forbidden());
    }
    let filter = Filter { now: Some(ctx.now()), ..filter };
    let directory = ctx.house.identity.directories().now();
    let home = ctx.actor.home.or_else(|| directory.company().map(|unit| unit.id)).ok_or_else(Fault::forbidden)?;
    ctx.write((words, home), |work, (words, home)| {
        Box::pin(async move {
            let record = RecordRef::new("export", work.ctx.house.ids.next::<Export>());
            let place = Place { store: *home, team: None, owner: work.ctx.actor.user };
            let event = Event::new(record, "complaints.exported", place).quietly();
            work.record(event.personal("filter", None, Some(words.clone()))).await
        })
    })
    .await?;
    Ok(Export { filter, reach: ctx.reach(VIEW), next: None, done: false })
}

impl Export {
    /// The next rows; `None` at the end.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next(&mut self, ctx: &Ctx) -> Result<Option<Vec<RegulatorCase>>, Fault> {
        if self.done {
            return Ok(None);
        }
        let input = (self.filter.clone(), self.reach.clone(), self.next);
        let rows: Vec<RegulatorCase> = ctx
            .read(input, |tx, (filter, reach, after)| {
                Box::pin(async move { Ok(store::list(tx, filter, reach, *after, ROWS).await?) })
            })
            .await?;
        self.next = rows.last().map(|row| Cursor { key: self.filter.key_of(row), id: row.case.get() });
        self.done = i64::try_from(rows.len()).unwrap_or(ROWS) < ROWS;
        Ok(Some(rows))
    }
}
