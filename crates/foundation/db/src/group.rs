//! The writer thread of SQLite. A durable COMMIT costs a flush of the disk, so whatever waits in the queue shares one.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::sqlite::{Task, stands, step, written};
use crate::stats::Gauges;
use crate::tx::Link;
use crate::{DbError, Tx};

/// The most bodies that share a COMMIT; bounds how long the first of them waits.
const GROUP: usize = 128;
/// The longest that a group waits for those who wrote a moment ago.
const PATIENCE: Duration = Duration::from_millis(1);

pub(crate) struct Writer {
    tx: Tx,
    queue: Receiver<Box<dyn Task>>,
    gauges: Arc<Gauges>,
    /// How many writers there seem to be: those of the last group and those who waited when it was done.
    writers: usize,
    /// How long to wait for one of them: half of what the last COMMIT took.
    patience: Duration,
}

impl Writer {
    pub(crate) const fn new(connection: Connection, queue: Receiver<Box<dyn Task>>, gauges: Arc<Gauges>) -> Self {
        Self { tx: Tx::new(Link::Sqlite(connection)), queue, gauges, writers: 1, patience: Duration::ZERO }
    }

    /// Works until every sender is gone.
    pub(crate) fn run(mut self) {
        while let Ok(first) = self.queue.recv() {
            self.gauges.leave();
            self.group(first);
        }
    }

    /// Runs `first` and what waits behind it in one transaction. A lone writer waits for nobody; several who write all the time
    /// would otherwise take turns in two groups of half the size, each with a COMMIT of its own.
    ///
    /// Almost always every body succeeds, so none gets a savepoint at first: they cost a twentieth of the writer's time. When one
    /// fails after it has written, all of them run again, kept apart by savepoints; nobody has been answered yet.
    fn group(&mut self, first: Box<dyn Task>) {
        if let Err(error) = step(&self.tx, "BEGIN IMMEDIATE") {
            // Another program holds the file's lock for longer than the busy timeout.
            return first.answer(Err(error));
        }
        let mut members = Vec::new();
        let mut committed = Ok(());
        let mut next = Some(first);
        while let Some(mut member) = next {
            if member.wanted() {
                committed = self.member(&mut *member);
                members.push(member);
            }
            next = if committed.is_ok() && members.len() < GROUP { self.next_of(members.len()) } else { None };
        }
        let begun = Instant::now();
        let mut committed = committed.and_then(|()| self.commit());
        self.patience = (begun.elapsed() / 2).min(PATIENCE);
        if committed.is_err() {
            self.roll_back();
            while members.len() < GROUP
                && let Ok(mut member) = self.queue.try_recv()
            {
                self.gauges.leave();
                if member.wanted() {
                    members.push(member);
                }
            }
            committed = self.kept_apart(&mut members);
        }
        if committed.is_ok() {
            self.gauges.group(members.len());
            self.writers = members.len() + self.gauges.waiting();
            members.into_iter().for_each(|member| member.answer(Ok(())));
        } else {
            // One of them took the transaction down, or the disk refused it: whoever can still succeed does so alone.
            self.roll_back();
            members.into_iter().for_each(|member| self.alone(member));
        }
    }

    /// The next member of a group that has `size` of them.
    fn next_of(&self, size: usize) -> Option<Box<dyn Task>> {
        let next = match self.queue.try_recv() {
            Err(_) if size < self.writers => self.queue.recv_timeout(self.patience).ok(),
            next => next.ok(),
        }?;
        self.gauges.leave();
        Some(next)
    }

    /// Runs what the bodies left for the end, and commits.
    fn commit(&mut self) -> Result<(), DbError> {
        self.tx.end_at_once()?;
        self.gauges.worked(self.tx.take_work());
        step(&self.tx, "COMMIT")
    }

    /// Runs one body; an error means that the transaction holds what must not be committed.
    fn member(&mut self, member: &mut dyn Task) -> Result<(), DbError> {
        let before = written(&self.tx);
        let keep = member.run(&mut self.tx);
        self.gauges.worked(self.tx.take_work());
        // Most refusals are made before anything is written.
        if keep || (stands(&self.tx) && written(&self.tx) == before) {
            return Ok(());
        }
        Err(DbError::sql("a body failed after it had written"))
    }

    /// Runs the bodies again, each in a savepoint of its own, and commits; an error means that the whole transaction is lost.
    fn kept_apart(&mut self, members: &mut [Box<dyn Task>]) -> Result<(), DbError> {
        step(&self.tx, "BEGIN IMMEDIATE")?;
        for member in members {
            step(&self.tx, "SAVEPOINT member")?;
            let keep = member.run(&mut self.tx);
            self.gauges.worked(self.tx.take_work());
            if !keep {
                if !stands(&self.tx) {
                    return Err(DbError::sql("the engine ended the transaction"));
                }
                step(&self.tx, "ROLLBACK TO member")?;
            }
            self.tx.end_at_once()?;
            step(&self.tx, "RELEASE member")?;
        }
        self.commit()
    }

    /// Runs one body in a transaction of its own.
    fn alone(&mut self, mut member: Box<dyn Task>) {
        let mut committed = step(&self.tx, "BEGIN IMMEDIATE");
        if let Err(error) = committed {
            return member.answer(Err(error));
        }
        if member.run(&mut self.tx) {
            committed = self.commit();
        }
        self.roll_back();
        self.gauges.group(1);
        member.answer(committed);
    }

    fn roll_back(&mut self) {
        self.tx.forget_end();
        if stands(&self.tx)
            && let Err(error) = step(&self.tx, "ROLLBACK")
        {
            tracing::error!(%error, "the database could not roll back");
        }
    }
}
