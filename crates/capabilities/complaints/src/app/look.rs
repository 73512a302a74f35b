//! Lists, one complaint with everything on its page, and what was behind them.

use capability::{Ctx, Event};
use cases::domain::Category;
use cases::store::{Case, PlanRow, Task};
use db::Tx;
use kernel::{Cursor, Fault, Id, Place, Placed, Reach, RecordRef, Timestamp, of};

use super::act;
use super::{EXPORT, HANDLE, VIEW};
use crate::domain::{Cause, CommandName, Refusal, guard};
use crate::store::{self, Complaint, Filter, Found, LineRow, Listed, Precedent};

/// Rows of an export that are in memory at once.
const ROWS: i64 = 500;
/// Days over which causes are looked at, and how often one has to come back in a store to be called recurring.
pub(crate) const DAYS: i64 = 90;
const RECURS: i64 = 3;
/// Most precedents that are shown.
const PRECEDENTS: i64 = 5;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// In the order of the list.
    pub rows: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Complaints within the actor's reach.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, filter: Filter, after: Option<Cursor>, limit: i64) -> Result<Page, Fault> {
    let filter = Filter { reader: ctx.actor.user, now: Some(ctx.now()), ..filter };
    let mut rows = ctx
        .read((filter, ctx.reach(VIEW), after, limit), |tx, (filter, reach, after, limit)| {
            Box::pin(async move { Ok(store::list(tx, filter, reach, *after, *limit + 1).await?) })
        })
        .await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = rows.last().filter(|_| more).map(|row| Cursor { key: row.key, id: row.complaint.case.get() });
    Ok(Page { rows, next })
}

/// How many complaints each filter shows, up to [`super::COUNTED`] + 1.
///
/// # Errors
/// What the database says.
pub async fn counts(ctx: &Ctx, filters: Vec<Filter>) -> Result<Vec<i64>, Fault> {
    let (reader, now) = (ctx.actor.user, Some(ctx.now()));
    let filters: Vec<Filter> = filters.into_iter().map(|filter| Filter { reader, now, ..filter }).collect();
    ctx.read((filters, ctx.reach(VIEW)), |tx, (filters, reach)| {
        Box::pin(async move {
            let mut counts = Vec::new();
            for filter in filters {
                counts.push(store::count(tx, filter, reach, super::COUNTED + 1).await?);
            }
            Ok(counts)
        })
    })
    .await
}

/// What was found out in the last three months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Causes {
    /// Causes, the most frequent first.
    pub causes: Vec<Found<Cause>>,
    /// Departments and stores that had to answer.
    pub units: Vec<Found<Id<of::Unit>>>,
    /// The same cause again and again in one store.
    pub recurring: Vec<(Id<of::Unit>, Cause, i64)>,
    /// From when on.
    pub from: Timestamp,
}

/// Causes within the actor's reach over the last three months, of `store` or of all.
///
/// # Errors
/// What the database says.
pub async fn causes(ctx: &Ctx, store: Option<Id<of::Unit>>) -> Result<Causes, Fault> {
    let now = ctx.now();
    let from = now.plus(-DAYS * 86_400_000);
    ctx.read((ctx.reach(VIEW), from, now.plus(1), store), |tx, (reach, from, before, store)| {
        Box::pin(async move {
            Ok(Causes {
                causes: store::causes(tx, reach, *from, *before, *store).await?,
                units: store::units(tx, reach, *from, *before).await?,
                recurring: store::recurring(tx, reach, *from, *before, RECURS).await?,
                from: *from,
            })
        })
    })
    .await
}

/// A command that the actor's permissions allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub name: CommandName,
    /// Why not now.
    pub refusal: Option<Refusal>,
}

/// One complaint with everything on its page.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The complaint.
    pub complaint: Complaint,
    /// Its case.
    pub case: Case,
    /// All lines of all offers, in order.
    pub lines: Vec<LineRow>,
    /// Whom it is about.
    pub interested: Vec<Id<of::User>>,
    /// What departments were asked for.
    pub tasks: Vec<Task>,
    /// The offers as the customer saw them, newest first.
    pub plans: Vec<PlanRow>,
    /// Deadlines that run or ran.
    pub clocks: Vec<cases::app::ClockView>,
    /// What others were offered for the same cause.
    pub precedents: Vec<Precedent>,
    /// Commands that the actor may give.
    pub offers: Vec<Offer>,
    /// What the dossier lacks.
    pub lacks: Vec<&'static str>,
    /// The last instant for an appeal, once it is over.
    pub appeal_until: Option<Timestamp>,
    /// What an authority passed on, when it came from one.
    pub regulator: Option<crate::regulator::store::RegulatorCase>,
    /// Only who is admitted to restricted files sees it.
    pub restricted: bool,
}

/// The complaint of the case `id`, if the actor may see it.
///
/// # Errors
/// `not-found`.
pub async fn detail(ctx: &Ctx, id: Id<of::Case>) -> Result<Detail, Fault> {
    let seen = cases::app::detail(ctx, id).await?;
    let limits = seen.limits;
    let (complaint, lines, interested, precedents, (regulator, restricted)) = ctx
        .read((id, ctx.clone()), |tx, (id, ctx)| {
            Box::pin(async move {
                let complaint = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
                ctx.require(VIEW, &complaint)?;
                let lines = store::lines(tx, *id).await?;
                let interested = store::interested(tx, *id).await?;
                let precedents = precedents(tx, &complaint, &ctx.reach(VIEW)).await?;
                let regulator = crate::regulator::store::get(tx, *id).await?;
                let restricted = crate::regulator::store::seal(tx, *id).await?.is_some();
                Ok::<_, Fault>((complaint, lines, interested, precedents, (regulator, restricted)))
            })
        })
        .await?;
    let appeal_until = complaint.ended_at.map(|ended| limits.reopen_until(ended));
    let directory = ctx.house.identity.directories().now();
    let mut facts = act::known(&directory, ctx.actor.user, &complaint, &lines, interested.clone(), appeal_until);
    facts.lacks = crate::regulator::app::lacks_of(regulator.as_ref(), facts.lacks);
    let now = ctx.now();
    let offers = act::allowed(ctx, &complaint).into_iter();
    // A report goes its own way; only the archive is the same.
    let report = regulator.as_ref().is_some_and(|one| one.nature == crate::regulator::domain::Nature::Report);
    let offers = offers.filter(|name| !report || *name == CommandName::Archive);
    let offers = offers.map(|name| Offer { name, refusal: guard(&facts, name, now).err() }).collect();
    Ok(Detail {
        lacks: facts.lacks,
        case: seen.case,
        tasks: seen.tasks,
        plans: seen.plans,
        clocks: seen.clocks,
        complaint,
        lines,
        interested,
        precedents,
        offers,
        appeal_until,
        regulator,
        restricted,
    })
}

async fn precedents(tx: &mut Tx, complaint: &Complaint, reach: &Reach) -> Result<Vec<Precedent>, Fault> {
    match complaint.cause.clone() {
        Some(cause) => Ok(store::precedents(tx, reach, cause, complaint.case, PRECEDENTS).await?),
        None => Ok(Vec::new()),
    }
}

/// Who can handle a complaint that stands at `place`.
pub fn people(ctx: &Ctx, place: &Place) -> Vec<(Id<of::User>, String)> {
    let directory = ctx.house.identity.directories().now();
    let at = Place { owner: None, ..*place };
    directory.who_may(HANDLE, &at).into_iter().map(|user| (user.id, user.name.clone())).collect()
}

impl Detail {
    /// The lines of the offer that stands or is being worked out.
    pub fn standing(&self) -> impl Iterator<Item = &LineRow> {
        self.lines.iter().filter(|line| line.round == self.complaint.round)
    }
    /// Whether departments can still be asked.
    pub fn can_ask(&self) -> bool {
        matches!(self.case.state.category(), Category::Open)
    }
}

/// A list that leaves the house, page by page.
#[derive(Debug)]
pub struct Export {
    filter: Filter,
    reach: Reach,
    next: Option<Cursor>,
    done: bool,
}

/// Begins an export of the complaints within reach that `filter` means, which `words` describe; who takes what is in the journal
/// before the first row leaves.
///
/// # Errors
/// `forbidden` without the permission.
pub async fn export(ctx: &Ctx, filter: Filter, words: String) -> Result<Export, Fault> {
    let reach = ctx.reach(EXPORT);
    if reach.is_empty() {
        return Err(Fault::forbidden());
    }
    let filter = Filter { reader: ctx.actor.user, now: Some(ctx.now()), ..filter };
    let directory = ctx.house.identity.directories().now();
    let home = ctx.actor.home.or_else(|| directory.company().map(|unit| unit.id)).ok_or_else(Fault::forbidden)?;
    ctx.write((words, home), |work, (words, home)| {
        Box::pin(async move {
            let record = RecordRef::new("export", work.ctx.house.ids.next::<Export>());
            let place = Place { store: *home, team: None, owner: work.ctx.actor.user };
            let event = Event::new(record, "complaints.exported", place).quietly().personal(
                "filter",
                None,
                Some(words.clone()),
            );
            work.record(event).await
        })
    })
    .await?;
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
        self.next = rows.last().map(|row| Cursor { key: row.key, id: row.complaint.case.get() });
        self.done = i64::try_from(rows.len()).unwrap_or(ROWS) < ROWS;
        Ok(Some(rows))
    }
}

/// Where a row of a list stands.
impl Placed for Listed {
    fn place(&self) -> Place {
        self.complaint.place()
    }
}
