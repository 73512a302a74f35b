//! What tests share: a database of their own on each engine, a clock that stands still, and ids.
//!
//! [`db_test`] makes two tests out of one function. SQLite gets a copy of a migrated file, PostgreSQL a copy of a migrated
//! template in the one cluster that `scripts/test-postgres start` (and `make test`) starts. A missing PostgreSQL fails the test:
//! nothing is skipped. Templates are named by the digest of the migrations, so an edited migration makes new ones.
//!
//! Not here: the program's pages under test (testapp), data of capabilities.
#![expect(clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]

mod postgres;
mod sqlite;

use std::fmt::Debug;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

pub use db::Engine;
use db::{Db, Options};
use kernel::{Clock, IdGen, Timestamp};
use sha2::{Digest, Sha256};
pub use testkit_macros::db_test;

/// A clock that stands at 2026-11-22T06:32:00Z: 14:32 on a Sunday in China.
pub fn clock() -> Clock {
    Clock::fixed(Timestamp::from_millis(1_795_329_120_000))
}

/// Ids that grow with `clock`.
pub fn ids(clock: &Clock) -> IdGen {
    IdGen::new(1, clock.clone())
}

/// Waits for `future` on a runtime with several threads.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime for the test").block_on(future)
}

/// What a test may return.
pub trait Outcome {
    /// Panics when it is no success.
    fn check(self);
}
impl Outcome for () {
    fn check(self) {}
}
impl<E: Debug> Outcome for Result<(), E> {
    fn check(self) {
        if let Err(error) = self {
            panic!("the test returned {error:?}");
        }
    }
}

/// Runs `test` with a migrated database of its own; [`db_test`] calls it.
pub fn run<F: Future<Output: Outcome>>(engine: Engine, test: impl FnOnce(Db) -> F) {
    block_on(async {
        let fresh = Fresh::migrated(engine).await;
        let db = fresh.open(options()).await;
        // A failed test removes its database, too.
        let test = AssertUnwindSafe(test(db));
        let ended = tokio::task::LocalSet::new().run_until(caught(test)).await;
        fresh.remove().await;
        ended.unwrap_or_else(|payload| resume_unwind(payload)).check();
    });
}

/// `test` to its end or to its panic.
async fn caught<F: Future>(test: AssertUnwindSafe<F>) -> Result<F::Output, Box<dyn std::any::Any + Send>> {
    let mut test = Box::pin(test.0);
    std::future::poll_fn(move |context| match catch_unwind(AssertUnwindSafe(|| test.as_mut().poll(context))) {
        Ok(poll) => poll.map(Ok),
        Err(payload) => std::task::Poll::Ready(Err(payload)),
    })
    .await
}

/// Limits that suit many tests at once.
pub fn options() -> Options {
    Options { readers: 2, pool: 8, ..Options::default() }
}

/// A database made for one test. [`Fresh::remove`] it at the end.
pub struct Fresh {
    url: String,
    place: Place,
}

enum Place {
    Sqlite(sqlite::Folder),
    Postgres(postgres::Database),
}

impl Fresh {
    /// One with all migrations of the program.
    pub async fn migrated(engine: Engine) -> Self {
        Self::make(engine, true).await
    }
    /// One without any table.
    pub async fn empty(engine: Engine) -> Self {
        Self::make(engine, false).await
    }
    async fn make(engine: Engine, migrated: bool) -> Self {
        match engine {
            Engine::Sqlite => {
                let folder = sqlite::Folder::new(migrated).await;
                Self { url: folder.url(), place: Place::Sqlite(folder) }
            }
            Engine::Postgres => {
                let database = postgres::Database::new(migrated).await;
                Self { url: database.url(), place: Place::Postgres(database) }
            }
        }
    }
    /// Its address, for [`Db::open`] and for the program's `--database`.
    pub fn url(&self) -> &str {
        &self.url
    }
    /// Opens it.
    pub async fn open(&self, options: Options) -> Db {
        Db::open(&self.url, options).await.expect("the test's database opens")
    }
    /// Removes it, whoever may still be connected.
    pub async fn remove(self) {
        match self.place {
            Place::Sqlite(folder) => folder.remove(),
            Place::Postgres(database) => database.remove().await,
        }
    }
}

/// The digest of all migrations, short, for the templates' names.
fn schema() -> String {
    let mut digest = Sha256::new();
    for migration in db::migrations() {
        digest.update(migration.name);
        digest.update(migration.sql);
    }
    hex::encode(digest.finalize()).chars().take(16).collect()
}

/// A word that no other test of this machine uses now.
fn unique() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}
