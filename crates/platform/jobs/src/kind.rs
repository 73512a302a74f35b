use std::fmt;
use std::sync::Arc;

use db::{Db, DbError, Tx};
use futures_util::future::BoxFuture;
use kernel::{Clock, Fault, Id, IdGen, Timestamp};

use crate::store;

/// Marker of a job's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Job {}

/// Work that a transaction asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// The kind's code, e.g. `messaging.send`.
    pub kind: &'static str,
    /// What the job is given: JSON, ids rather than data, so that it sees the newest data.
    pub body: String,
    /// Not before this instant.
    pub run_at: Timestamp,
    /// At most one job with this key waits at a time; asking again keeps the waiting one and its body, at the earlier of
    /// both times. It takes the waiting row's lock until the transaction ends, so keep it off paths that every request takes.
    pub key: Option<String>,
}

impl NewJob {
    /// A job without a deduplication key.
    pub fn new(kind: &'static str, body: impl Into<String>, run_at: Timestamp) -> Self {
        Self { kind, body: body.into(), run_at, key: None }
    }
    /// The same with a deduplication key.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }
}

/// Why an attempt did not finish its job.
#[derive(Debug, Clone, thiserror::Error)]
pub enum JobError {
    /// It may work later: tried again after a growing wait, dead after the last try.
    #[error("{0}")]
    Retry(String),
    /// It will never work: dead at once.
    #[error("{0}")]
    GiveUp(String),
    /// Nothing is wrong, but it is not time yet: runs again at this instant, and the attempt does not count.
    #[error("not before {0}")]
    NotBefore(Timestamp),
    /// The lease is over and another attempt holds the job; whatever this one did is rolled back.
    #[error("the job's lease is over")]
    Lost,
}

impl JobError {
    /// May work later, because of `cause`.
    pub fn retry(cause: impl fmt::Display) -> Self {
        Self::Retry(cause.to_string())
    }
    /// Will never work, because of `cause`.
    pub fn give_up(cause: impl fmt::Display) -> Self {
        Self::GiveUp(cause.to_string())
    }
}
impl From<DbError> for JobError {
    fn from(error: DbError) -> Self {
        Self::retry(error)
    }
}
impl From<Fault> for JobError {
    fn from(fault: Fault) -> Self {
        Self::retry(fault)
    }
}

/// One attempt at one job.
#[derive(Clone)]
pub struct JobRun {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Makes ids.
    pub ids: IdGen,
    /// The job.
    pub id: Id<Job>,
    /// Which attempt this is, from 1.
    pub try_no: i64,
}

impl JobRun {
    /// Marks the job done in the transaction of its effect, so that both happen or neither: exactly once, also when the
    /// process dies before it hears of the commit.
    ///
    /// # Errors
    /// [`JobError::Lost`] when another attempt has taken the job over; return it, so that the effect is rolled back.
    pub async fn complete_in(&self, tx: &mut Tx) -> Result<(), JobError> {
        if store::complete(tx, self.id, self.try_no, self.clock.now()).await? { Ok(()) } else { Err(JobError::Lost) }
    }
}

impl fmt::Debug for JobRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobRun").field("id", &self.id).field("try_no", &self.try_no).finish_non_exhaustive()
    }
}

/// What a job does.
pub type Run = Arc<dyn Fn(JobRun, String) -> BoxFuture<'static, Result<(), JobError>> + Send + Sync>;

/// A kind of job: a capability declares it, the program registers it with the runner.
#[derive(Clone)]
pub struct JobKind {
    /// Its code, `capability.verb`.
    pub code: &'static str,
    /// After so many failed attempts the job is dead.
    pub max_tries: i64,
    /// How many jobs of this kind a node runs at the same time; kinds that wait for others (mail servers, providers) leave
    /// room for the rest.
    pub at_most: usize,
    /// It is ended at once when the program stops, wherever it stands.
    pub ends_at_once: bool,
    /// What it does; given the attempt and the body.
    pub run: Run,
}

impl JobKind {
    /// A kind of job done by `run`.
    pub fn new<F, R>(code: &'static str, max_tries: i64, run: F) -> Self
    where
        F: Fn(JobRun, String) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        Self {
            code,
            max_tries,
            at_most: usize::MAX,
            ends_at_once: false,
            run: Arc::new(move |attempt, body| Box::pin(run(attempt, body))),
        }
    }
    /// The same for work that mostly waits for others and may end wherever it stands: nobody who stops the program waits for it.
    #[must_use]
    pub fn ends_at_once(mut self) -> Self {
        self.ends_at_once = true;
        self
    }
    /// The same with at most `n` jobs at a time on a node.
    #[must_use]
    pub fn at_most(mut self, n: usize) -> Self {
        self.at_most = n.max(1);
        self
    }
}

impl fmt::Debug for JobKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobKind").field("code", &self.code).field("max_tries", &self.max_tries).finish_non_exhaustive()
    }
}
