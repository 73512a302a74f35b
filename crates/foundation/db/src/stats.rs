use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What the database is doing, for the program's own metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Bodies that wait for a thread (SQLite) or a connection (PostgreSQL).
    pub waiting: u64,
    /// Durable commits since the start (SQLite).
    pub groups: u64,
    /// Bodies that these commits carried; `members ÷ groups` is the mean size of a group.
    pub members: u64,
    /// The largest group.
    pub largest: u64,
    /// Open connections (PostgreSQL).
    pub connections: u64,
    /// Statements that bodies have run since the start.
    pub statements: u64,
    /// Steps that SQLite's machine has taken for them: how much was read, whatever the machine and its load.
    pub steps: u64,
}

/// What the bodies of one transaction have cost.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Work {
    pub statements: u64,
    pub steps: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Gauges {
    waiting: AtomicU64,
    groups: AtomicU64,
    members: AtomicU64,
    largest: AtomicU64,
    statements: AtomicU64,
    steps: AtomicU64,
}

impl Gauges {
    pub(crate) fn enter(&self) {
        self.waiting.fetch_add(1, Relaxed);
    }
    pub(crate) fn leave(&self) {
        self.waiting.fetch_sub(1, Relaxed);
    }
    pub(crate) fn waiting(&self) -> usize {
        usize::try_from(self.waiting.load(Relaxed)).unwrap_or(usize::MAX)
    }
    pub(crate) fn group(&self, members: usize) {
        let members = u64::try_from(members).unwrap_or(u64::MAX);
        self.groups.fetch_add(1, Relaxed);
        self.members.fetch_add(members, Relaxed);
        self.largest.fetch_max(members, Relaxed);
    }
    pub(crate) fn worked(&self, work: Work) {
        self.statements.fetch_add(work.statements, Relaxed);
        self.steps.fetch_add(work.steps, Relaxed);
    }
    pub(crate) fn stats(&self) -> Stats {
        Stats {
            waiting: self.waiting.load(Relaxed),
            groups: self.groups.load(Relaxed),
            members: self.members.load(Relaxed),
            largest: self.largest.load(Relaxed),
            connections: 0,
            statements: self.statements.load(Relaxed),
            steps: self.steps.load(Relaxed),
        }
    }
}
