//! The writer thread of SQLite. A durable COMMIT costs a flush of the disk, so whatever waits in the queue shares one.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use rusqlite::Connection;

use crate::sqlite::{Task, stands, step};
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
        if committed.and_then(|()| step(&self.tx, "COMMIT")).is_ok() {
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

    /// Runs one body in a savepoint of its own; an error means that the whole transaction is lost.
    fn member(&mut self, member: &mut dyn Task) -> Result<(), DbError> {
        step(&self.tx, "SAVEPOINT member")?;
        let keep = member.run(&mut self.tx);
        self.gauges.worked(self.tx.take_work());
        if !keep {
            if !stands(&self.tx) {
                return Err(DbError::sql("the engine ended the transaction"));
            }
            step(&self.tx, "ROLLBACK TO member")?;
        }
        step(&self.tx, "RELEASE member")
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
