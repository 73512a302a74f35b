//! The writer thread of SQLite. A durable COMMIT costs a flush of the disk, so whatever waits in the queue shares one.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use rusqlite::Connection;

use crate::sqlite::{Task, stands, step, written};
use crate::stats::Gauges;
use crate::tx::Link;
use crate::{DbError, Tx};

/// The most bodies that share a COMMIT; bounds how long the first of them waits.
const GROUP: usize = 128;

pub(crate) struct Writer {
    tx: Tx,
    queue: Receiver<Box<dyn Task>>,
    gauges: Arc<Gauges>,
}

impl Writer {
    pub(crate) const fn new(connection: Connection, queue: Receiver<Box<dyn Task>>, gauges: Arc<Gauges>) -> Self {
        Self { tx: Tx::new(Link::Sqlite(connection)), queue, gauges }
    }

    /// Works until every sender is gone.
    pub(crate) fn run(mut self) {
        while let Ok(first) = self.queue.recv() {
            self.gauges.leave();
            self.group(first);
        }
    }

    /// Runs `first` and what waits behind it in one transaction. A lone writer waits for nobody.
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
            next = if committed.is_ok() && members.len() < GROUP { self.next() } else { None };
        }
        let mut committed = committed.and_then(|()| step(&self.tx, "COMMIT"));
        if committed.is_err() {
            self.roll_back();
            while members.len() < GROUP
                && let Some(mut member) = self.next()
            {
                if member.wanted() {
                    members.push(member);
                }
            }
            committed = self.kept_apart(&mut members);
        }
        if committed.is_ok() {
            self.gauges.group(members.len());
            members.into_iter().for_each(|member| member.answer(Ok(())));
        } else {
            // One of them took the transaction down, or the disk refused it: whoever can still succeed does so alone.
            self.roll_back();
            members.into_iter().for_each(|member| self.alone(member));
        }
    }

    fn next(&self) -> Option<Box<dyn Task>> {
        let next = self.queue.try_recv().ok()?;
        self.gauges.leave();
        Some(next)
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
            step(&self.tx, "RELEASE member")?;
        }
        step(&self.tx, "COMMIT")
    }

    /// Runs one body in a transaction of its own.
    fn alone(&mut self, mut member: Box<dyn Task>) {
        let mut committed = step(&self.tx, "BEGIN IMMEDIATE");
        if let Err(error) = committed {
            return member.answer(Err(error));
        }
        if member.run(&mut self.tx) {
            committed = step(&self.tx, "COMMIT");
        }
        self.roll_back();
        self.gauges.group(1);
        member.answer(committed);
    }

    fn roll_back(&self) {
        if stands(&self.tx)
            && let Err(error) = step(&self.tx, "ROLLBACK")
        {
            tracing::error!(%error, "the database could not roll back");
        }
    }
}
