//! What is heard and seen in stores.

use capability::{Ctx, Event, FileDoor};
use cases::app::replay::Replay;
use cases::app::{CustomerChoice, Intake};
use cases::domain::{Channel, Kind};
use db::Tx;
use files::{FileRow, NewFile, Prepared};
use futures_util::future::BoxFuture;
use kernel::{Cursor, Fault, FieldErrors, Id, Place, Placed, RecordRef, Timestamp, of};
use parties::app::CustomerInput;

use super::{CAME, COUNTED, PATROL};
use crate::domain::{Category, EntryState};
use crate::store::{self, Entry, EntryId, Filter};

/// The word for entries in journal and files.
const RECORD: &str = "patrol";

/// Whoever may see an entry may see its photos.
pub const DOOR: FileDoor = FileDoor { kind: RECORD, see: sees };

fn sees<'t>(tx: &'t mut Tx, ctx: &'t Ctx, id: i64) -> BoxFuture<'t, Result<(), Fault>> {
    Box::pin(async move {
        let entry = store::entry(tx, Id::new(id)).await?.ok_or_else(Fault::not_found)?;
        ctx.require(PATROL, &entry)
    })
}

/// What was heard or seen.
#[derive(Clone)]
pub struct Heard {
    /// Where.
    pub store: Id<of::Unit>,
    /// What it is about.
    pub category: Category,
    /// In words.
    pub body: String,
    /// When, if not now.
    pub happened_at: Option<Timestamp>,
    /// Photos.
    pub photos: Vec<Prepared>,
}

/// Writes an entry down.
///
/// # Errors
/// `not-found` when the store is out of reach; `invalid`.
pub async fn add(ctx: &Ctx, heard: Heard) -> Result<Id<EntryId>, Fault> {
    let place = Place { store: heard.store, team: None, owner: ctx.actor.user };
    ctx.require(PATROL, &place)?;
    let directory = ctx.house.identity.directories().now();
    let mut errors = FieldErrors::default();
    if !directory.stores().any(|unit| unit.id == heard.store) {
        errors.add("store", "unknown");
    }
    if heard.body.trim().is_empty() {
        errors.add("body", "required");
    }
    if heard.happened_at.is_some_and(|at| at > ctx.now()) {
        errors.add("happened_at", "future");
    }
    errors.check()?;
    ctx.write(heard, |work, heard| {
        Box::pin(async move {
            let entry = Entry {
                id: work.ctx.house.ids.next(),
                store: heard.store,
                category: heard.category,
                body: heard.body.clone(),
                happened_at: heard.happened_at.unwrap_or(work.now),
                entered_at: work.now,
                by: work.ctx.actor.user,
                state: EntryState::Open,
                outcome: None,
                case: None,
                ended_at: None,
                ended_by: None,
                version: 1,
            };
            store::insert(work.tx, &entry).await?;
            let new = NewFile::of(record(entry.id), Some(entry.store), entry.by, work.now);
            for photo in &heard.photos {
                files::attach(work.tx, &work.ctx.house.ids, photo, &new).await?;
            }
            let event = Event::new(record(entry.id), "patrol.entered", entry.place())
                .happened(entry.happened_at)
                .change("category", None, Some(entry.category.to_string()))
                .change("photos", None, (!heard.photos.is_empty()).then(|| heard.photos.len().to_string()))
                .personal("body", None, Some(entry.body.clone()));
            Ok(work.record(event).await?.with(entry.id))
        })
    })
    .await
}

fn record(id: Id<EntryId>) -> RecordRef {
    RecordRef::new(RECORD, id)
}

/// One page of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The newest first.
    pub rows: Vec<Entry>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// Entries within the actor's reach.
///
/// # Errors
/// What the database says.
pub async fn entries(ctx: &Ctx, filter: Filter, after: Option<Cursor>, limit: i64) -> Result<Listed, Fault> {
    let mut rows = ctx
        .read((filter, ctx.reach(PATROL), after, limit), |tx, (filter, reach, after, limit)| {
            Box::pin(async move { Ok(store::entries(tx, filter, reach, *after, *limit + 1).await?) })
        })
        .await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = rows.last().filter(|_| more).map(|row| Cursor { key: row.id.get(), id: row.id.get() });
    Ok(Listed { rows, next })
}

/// How many entries of each state there are, up to [`COUNTED`] + 1, and how many of all.
///
/// # Errors
/// What the database says.
pub async fn counts(ctx: &Ctx, filter: Filter) -> Result<Vec<i64>, Fault> {
    ctx.read((filter, ctx.reach(PATROL)), |tx, (filter, reach)| {
        Box::pin(async move {
            let mut counts = Vec::new();
            for state in EntryState::ALL.iter().copied().map(Some).chain([None]) {
                counts.push(store::count(tx, &Filter { state, ..filter.clone() }, reach, COUNTED + 1).await?);
            }
            Ok::<_, Fault>(counts)
        })
    })
    .await
}

/// The entry `id`, if the actor may see it.
///
/// # Errors
/// `not-found`.
pub async fn entry(ctx: &Ctx, id: Id<EntryId>) -> Result<Entry, Fault> {
    ctx.read((id, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let entry = store::entry(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(PATROL, &entry)?;
            Ok(entry)
        })
    })
    .await
}

/// Its photos; the caller has seen the entry.
///
/// # Errors
/// What the database says.
pub async fn photos(ctx: &Ctx, id: Id<EntryId>) -> Result<Vec<FileRow>, Fault> {
    ctx.read(id, |tx, id| Box::pin(async move { Ok(files::of_record(tx, &record(*id), false).await?) })).await
}

/// Makes a case of the entry `id`, a complaint or feedback, of the customer with this name and number or of nobody named.
///
/// # Errors
/// `not-found`; `stale`; `collection-ended` when it was dealt with; `invalid`.
pub async fn become_case(
    ctx: &Ctx,
    id: Id<EntryId>,
    version: i64,
    kind: Kind,
    name: String,
    phone: String,
) -> Result<Id<of::Case>, Fault> {
    if !matches!(kind, Kind::Complaint | Kind::Feedback) {
        return Err(Fault::field("kind", "unknown"));
    }
    let seen = entry(ctx, id).await?;
    let customer = match phone.trim().is_empty() {
        true => CustomerChoice::Anonymous,
        false => CustomerChoice::New(CustomerInput { name, phone, ..CustomerInput::default() }),
    };
    let intake = Intake {
        store: seen.store,
        kind,
        channel: Channel::Counter,
        customer,
        subject: seen.body.lines().next().unwrap_or_default().chars().take(60).collect(),
        body: seen.body.clone(),
        happened_at: Some(seen.happened_at),
        ..Intake::default()
    };
    let replay = Replay::open(ctx).await?;
    let ready = replay.prepare_for(ctx, intake, ctx.now()).await?;
    ctx.write((id, version, ready, replay), |work, (id, version, ready, replay)| {
        Box::pin(async move {
            let before = held(work, *id, *version).await?;
            let taken = replay.take_in(work, ready, None).await?.into_value();
            let case = cases::store::get(work.tx, taken.id).await?.ok_or_else(Fault::not_found)?;
            let place = Place { store: case.store, team: case.team, owner: case.owner };
            let came = Event::new(RecordRef::new(cases::app::RECORD, case.id), CAME, place).change(
                "source",
                None,
                Some("patrol".to_owned()),
            );
            let _ = work.record(came).await?;
            let after = Entry {
                state: EntryState::Case,
                case: Some(case.id),
                ended_at: Some(work.now),
                ended_by: work.ctx.actor.user,
                version: before.version + 1,
                ..before
            };
            store::save(work.tx, &after).await?;
            let event = Event::new(record(after.id), "patrol.became_case", after.place()).change(
                "case",
                None,
                Some(taken.number),
            );
            Ok(work.record(event).await?.with(case.id))
        })
    })
    .await
}

/// Notes what was done about the entry `id`.
///
/// # Errors
/// `not-found`; `stale`; `collection-ended`; `invalid`.
pub async fn done(ctx: &Ctx, id: Id<EntryId>, version: i64, outcome: String) -> Result<(), Fault> {
    if outcome.trim().is_empty() {
        return Err(Fault::field("outcome", "required"));
    }
    ctx.write((id, version, outcome), |work, (id, version, outcome)| {
        Box::pin(async move {
            let before = held(work, *id, *version).await?;
            let after = Entry {
                state: EntryState::Done,
                outcome: Some(outcome.clone()),
                ended_at: Some(work.now),
                ended_by: work.ctx.actor.user,
                version: before.version + 1,
                ..before
            };
            store::save(work.tx, &after).await?;
            let event = Event::new(record(after.id), "patrol.done", after.place()).change(
                "outcome",
                None,
                after.outcome.clone(),
            );
            work.record(event).await
        })
    })
    .await
}

async fn held(work: &mut capability::Work<'_>, id: Id<EntryId>, version: i64) -> Result<Entry, Fault> {
    let entry = store::hold(work.tx, id).await?.ok_or_else(Fault::not_found)?;
    work.ctx.require(PATROL, &entry)?;
    if entry.version != version {
        return Err(Fault::stale(entry.version));
    }
    if entry.state != EntryState::Open {
        return Err(Fault::refused("collection-ended"));
    }
    Ok(entry)
}
