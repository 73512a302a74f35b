//! Background work: a transaction asks for it, any node does it, after a crash it is done again.
//!
//! Nouns: 后台任务 = job, 任务种类 = [`JobKind`], 一次尝试 = [`JobRun`], 定时任务 = [`Periodic`], 租约 = lease.
//!
//! Invariants: a job is enqueued in the transaction that causes it, so it exists exactly when its cause does; one attempt at
//! a time holds a job (conditional UPDATE, fenced by the number of tries); an attempt whose node dies is taken over when its
//! lease ends; a job that keeps failing becomes `dead`, stays visible and can be requeued. A job runs at least once; one
//! whose effect is in the database runs exactly once when it calls [`JobRun::complete_in`] in the transaction of the effect.
//!
//! Not here: what jobs do (each capability's `jobs.rs`), words for people.

mod backoff;
mod kind;
mod runner;
mod schedule;
mod store;
mod sweep;

pub use backoff::backoff_millis;
pub use kind::{Job, JobError, JobKind, JobRun, NewJob};
pub use runner::{Drained, Runner, Settings, Wake, drain};
pub use schedule::{Every, Periodic};
pub use store::{Counts, JobRow, JobState, counts, dead, enqueue, find, requeue};
