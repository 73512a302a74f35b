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
}

#[derive(Debug, Default)]
pub(crate) struct Gauges {
    waiting: AtomicU64,
    groups: AtomicU64,
    members: AtomicU64,
    largest: AtomicU64,
}

impl Gauges {
    pub(crate) fn enter(&self) {
        self.waiting.fetch_add(1, Relaxed);
    }
    pub(crate) fn leave(&self) {
        self.waiting.fetch_sub(1, Relaxed);
    }
    pub(crate) fn group(&self, members: usize) {
        let members = u64::try_from(members).unwrap_or(u64::MAX);
        self.groups.fetch_add(1, Relaxed);
        self.members.fetch_add(members, Relaxed);
        self.largest.fetch_max(members, Relaxed);
    }
    pub(crate) fn stats(&self) -> Stats {
        Stats {
            waiting: self.waiting.load(Relaxed),
            groups: self.groups.load(Relaxed),
            members: self.members.load(Relaxed),
            largest: self.largest.load(Relaxed),
            connections: 0,
        }
    }
}
