use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::Timestamp;

/// Where "now" comes from. The program has the system's; tests and the demo company have one that stands still until told.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that moves only by [`Clock::set`] and [`Clock::advance`]; clones share it.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at`.
    pub fn fixed(at: Timestamp) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.millis())))
    }
    /// The present instant.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::from_jiff(jiff::Timestamp::now()),
            Self::Fixed(at) => Timestamp::from_millis(at.load(Ordering::SeqCst)),
        }
    }
    /// Moves a fixed clock to `at`; the system's clock ignores it.
    pub fn set(&self, at: Timestamp) {
        if let Self::Fixed(cell) = self {
            cell.store(at.millis(), Ordering::SeqCst);
        }
    }
    /// Moves a fixed clock on by `millis`; the system's clock ignores it.
    pub fn advance(&self, millis: i64) {
        if let Self::Fixed(cell) = self {
            cell.fetch_add(millis, Ordering::SeqCst);
        }
    }
}
