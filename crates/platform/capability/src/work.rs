use db::Tx;
use kernel::{Fault, Permission, Placed, Timestamp};

use crate::{Ctx, Event};

/// A write under way: the transaction, who asks, and what is told once it has committed.
pub struct Work<'t> {
    /// The transaction.
    pub tx: &'t mut Tx,
    /// Who asks.
    pub ctx: &'t Ctx,
    /// One instant for the whole write.
    pub now: Timestamp,
    /// True when a history is replayed (import, demo company): nobody outside is told of what happened long ago.
    pub replayed: bool,
    pub(crate) told: Vec<web::LiveEvent>,
    pub(crate) jobs: bool,
}

impl Work<'_> {
    /// `Ok` when the actor may do `permission` on `record`. 404 when the actor reaches no such record at all, so that a number
    /// that exists elsewhere stays a secret.
    ///
    /// # Errors
    /// `not-found`.
    #[track_caller]
    pub fn require(&self, permission: Permission, record: &impl Placed) -> Result<(), Fault> {
        self.ctx.require(permission, record)
    }

    /// Writes what `event` says beside the rows: journal, metrics, search, jobs; then lets the other capabilities act on it in
    /// the same transaction. The only maker of [`Recorded`].
    ///
    /// # Errors
    /// What the database or a listener says; the whole write is undone.
    pub async fn record(&mut self, event: Event) -> Result<Recorded<()>, Fault> {
        let house = &self.ctx.house;
        let who = self.ctx.who(self.now);
        let entry = journal::Entry {
            record: event.record.clone(),
            verb: event.verb,
            happened_at: event.happened_at.unwrap_or(self.now),
            changes: event.changes.clone(),
            store: Some(event.place.store),
        };
        journal::append(self.tx, &house.ids, &who, &entry).await?;
        if !event.deltas.is_empty() {
            metrics::append(self.tx, &house.ids, &event.deltas).await?;
        }
        if !event.pieces.is_empty() {
            search::index(self.tx, &house.ids, &event.pieces).await?;
        }
        if !event.jobs.is_empty() {
            jobs::enqueue(self.tx, &house.ids, &event.jobs).await?;
            self.jobs = true;
        }
        for listener in &house.listeners {
            listener(self, &event).await?;
        }
        if event.live {
            self.told.push(web::LiveEvent { verb: event.verb, record: event.record, place: event.place });
        }
        Ok(Recorded { value: () })
    }

    /// Forgets for ever what the journal and search hold of a person under `record`: the personal values of `fields` and every
    /// piece. Digests stay true, and an entry says what was erased. Says how many values there were.
    ///
    /// # Errors
    /// What the database says.
    pub async fn forget(&mut self, record: &kernel::RecordRef, fields: &[&'static str]) -> Result<u64, Fault> {
        let who = self.ctx.who(self.now);
        let erased = journal::erase_values(self.tx, &self.ctx.house.ids, &who, record, fields).await?;
        search::remove(self.tx, record).await?;
        Ok(erased)
    }

    /// Wakes the job runner after the commit: for jobs that the platform enqueued itself, such as a message's.
    pub fn wake(&mut self) {
        self.jobs = true;
    }

    /// Tells open pages of `event` after the commit, without a trace elsewhere: for what a listener adds to a recorded event.
    pub fn tell(&mut self, event: web::LiveEvent) {
        self.told.push(event);
    }

    /// As [`Work::record`] for many records at once: what a paste or an import brings is written in a few statements.
    ///
    /// # Errors
    /// As [`Work::record`].
    pub async fn record_all(&mut self, events: Vec<Event>) -> Result<Recorded<()>, Fault> {
        let house = &self.ctx.house;
        let who = self.ctx.who(self.now);
        let entry = |event: &Event| journal::Entry {
            record: event.record.clone(),
            verb: event.verb,
            happened_at: event.happened_at.unwrap_or(self.now),
            changes: event.changes.clone(),
            store: Some(event.place.store),
        };
        let entries: Vec<_> = events.iter().map(|event| (who.clone(), entry(event))).collect();
        journal::append_each(self.tx, &house.ids, &entries).await?;
        let deltas: Vec<_> = events.iter().flat_map(|event| event.deltas.iter().cloned()).collect();
        if !deltas.is_empty() {
            metrics::append(self.tx, &house.ids, &deltas).await?;
        }
        let pieces: Vec<_> = events.iter().flat_map(|event| event.pieces.iter().cloned()).collect();
        if !pieces.is_empty() {
            search::index(self.tx, &house.ids, &pieces).await?;
        }
        let jobs: Vec<_> = events.iter().flat_map(|event| event.jobs.iter().cloned()).collect();
        if !jobs.is_empty() {
            jobs::enqueue(self.tx, &house.ids, &jobs).await?;
            self.jobs = true;
        }
        for event in events {
            for listener in &house.listeners {
                listener(self, &event).await?;
            }
            if event.live {
                self.told.push(web::LiveEvent { verb: event.verb, record: event.record, place: event.place });
            }
        }
        Ok(Recorded { value: () })
    }

    /// The same transaction with somebody else acting at another time: how imports and the demo company replay a history. What is
    /// recorded through it is not told to open pages.
    pub fn acting<'w>(&'w mut self, ctx: &'w Ctx, now: Timestamp) -> Work<'w> {
        Work { tx: self.tx, ctx, now, replayed: true, told: Vec::new(), jobs: false }
    }

    /// Nothing had to be written: the answer is what was there already (a repeat of what is done).
    pub fn unchanged<T>(&self, value: T) -> Recorded<T> {
        Recorded { value }
    }
}

/// Proof that a write was recorded, carrying its answer.
#[must_use]
pub struct Recorded<T> {
    pub(crate) value: T,
}

impl<T> Recorded<T> {
    /// The write's answer, made into another.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Recorded<U> {
        Recorded { value: make(self.value) }
    }
    /// The write's answer, for a caller that goes on writing.
    pub fn into_value(self) -> T {
        self.value
    }
}

impl Recorded<()> {
    /// The write's answer.
    pub fn with<T>(self, value: T) -> Recorded<T> {
        Recorded { value }
    }
}
