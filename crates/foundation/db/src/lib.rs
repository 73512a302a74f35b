//! The only crate that knows an SQL driver: one SQL text and one async body per use case, on SQLite and on PostgreSQL 14+.
//!
//! Nouns: 数据库 = [`Db`], 事务 = [`Tx`], 值 = [`Value`], 行 = [`Row`], 筛选 = [`Filter`], 迁移 = [`Migration`].
//!
//! Invariants: a caller is answered only after a durable COMMIT. A body may run more than once, so it is `Fn` over owned input
//! and has no effects but those on its [`Tx`]. A failed statement fails the whole transaction. A body awaits only its database
//! (SQLite refuses anything else, so the tests find it). What is portable is in `docs/sql-portability.md`.
//!
//! Not here: SQL of the capabilities (their `store.rs`), time and ids (kernel).

mod error;
mod filter;
mod group;
mod migrate;
mod node;
mod postgres;
mod row;
mod session;
mod sqlite;
mod stats;
mod tx;
mod value;
mod words;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use error::{DbError, DbErrorKind};
pub use filter::Filter;
pub use futures_util::future::BoxFuture;
pub use migrate::{Migration, migrations};
pub use node::{Lease, lease_node, renew_node};
pub use row::{Cell, Columns, FromRow, FromValue, Row};
pub use stats::Stats;
pub use tx::Tx;
pub use value::Value;

/// Which database holds the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, inside the program.
    Sqlite,
    /// PostgreSQL 14 or newer.
    Postgres,
}

/// Limits of an open database.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Threads that read (SQLite).
    pub readers: usize,
    /// The writer's page cache in KiB (SQLite). Indexes over random values touch more pages than a small one holds.
    pub cache: u32,
    /// Pages of 4 KiB in the write-ahead log from which on a COMMIT copies them back (SQLite).
    pub log: u32,
    /// Bodies that may wait for the writer, and for the readers (SQLite); one more gets `Full`.
    pub queue: usize,
    /// Connections at most (PostgreSQL).
    pub pool: usize,
    /// How long a body may wait for a thread or a connection, and a connection for its server.
    pub queue_timeout: Duration,
    /// How long a read may take, waiting included.
    pub read_timeout: Duration,
    /// How long one statement of a write may take (PostgreSQL; SQLite's writer is never interrupted, because that would roll
    /// back the others in its group).
    pub write_timeout: Duration,
}

impl Options {
    /// For loading very much at once, with nobody else at work.
    #[must_use]
    pub fn for_load() -> Self {
        Self { cache: 524_288, log: 65_536, ..Self::default() }
    }
}

impl Default for Options {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            readers: (2 * cores).clamp(2, 16),
            cache: 8_192,
            log: 4_000,
            queue: 4_096,
            pool: (4 * cores).clamp(8, 16),
            queue_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(30),
        }
    }
}

/// An open database. Clones share it.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
    options: Options,
}

enum Inner {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Db {
    /// Opens `sqlite:PATH` (made when missing) or `postgres://…`. Connections are not encrypted: `sslmode=require` is refused, and
    /// a server on another machine belongs behind a tunnel or in a trusted network.
    ///
    /// # Errors
    /// When the address is none of these, the database is away, or it has another encoding or collation than UTF8 and C.
    pub async fn open(url: &str, options: Options) -> Result<Self, DbError> {
        let inner = if let Some(path) = url.strip_prefix("sqlite:") {
            if path.is_empty() || path.starts_with(":memory:") {
                return Err(DbError::sql("a database in memory has no readers; give a file: sqlite:PATH"));
            }
            let path = PathBuf::from(path);
            Inner::Sqlite(on_thread(move || sqlite::Sqlite::open(&path, options)).await?)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Inner::Postgres(postgres::Postgres::open(url, options).await?)
        } else {
            // The address may hold a password, so it is not repeated.
            return Err(DbError::sql("a database's address begins with sqlite: or postgres://"));
        };
        Ok(Self { inner: Arc::new(inner), options })
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        match &*self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs `body` in one transaction and answers after its COMMIT is durable; an error of the body rolls back. The body may run
    /// again (a collision, a neighbour that took the group down), so it is `Fn` over owned input:
    /// `db.write(input, |tx, input| Box::pin(async move { … Ok(x) })).await`.
    ///
    /// # Errors
    /// The body's own; `Full` or `Busy` when too many wait; `Body` when it panics or awaits anything but its database (SQLite).
    /// After `Gone` during the COMMIT it is not known whether it took place.
    pub async fn write<I, T, E>(
        &self,
        input: I,
        body: impl for<'t> Fn(&'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.write(input, body).await,
            Inner::Postgres(postgres) => postgres.write(&input, &body).await,
        }
    }

    /// Runs `body` on one snapshot; it cannot write. As [`Db::write`] otherwise.
    ///
    /// # Errors
    /// The body's own; `Busy` past [`Options::read_timeout`].
    pub async fn read<I, T, E>(
        &self,
        input: I,
        body: impl for<'t> Fn(&'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.read_within(self.options.read_timeout, input, body).await
    }

    /// As [`Db::read`] with another time limit, for reports that say so.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn read_within<I, T, E>(
        &self,
        limit: Duration,
        input: I,
        body: impl for<'t> Fn(&'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.read(limit, input, body).await,
            Inner::Postgres(postgres) => postgres.read(limit, &input, &body).await,
        }
    }

    /// What the database is doing.
    pub fn stats(&self) -> Stats {
        match &*self.inner {
            Inner::Sqlite(sqlite) => sqlite.gauges().stats(),
            Inner::Postgres(postgres) => postgres.stats(),
        }
    }

    /// Copies SQLite's write-ahead log back into the file as far as nobody stands in the way; call it every few seconds, so that
    /// commits need not. Nothing to do on PostgreSQL.
    ///
    /// # Errors
    /// What the engine says.
    pub async fn checkpoint(&self) -> Result<(), DbError> {
        let Inner::Sqlite(sqlite) = &*self.inner else {
            return Ok(());
        };
        let path = sqlite.path().clone();
        on_thread(move || Ok(sqlite::connect(&path)?.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?))
            .await
    }

    /// Copies a SQLite database into the new file `to`, as it stands at this moment, while others read and write.
    ///
    /// # Errors
    /// On PostgreSQL, which has its own tools (`pg_dump`, replication), and what the engine says.
    pub async fn backup_to(&self, to: PathBuf) -> Result<(), DbError> {
        let Inner::Sqlite(sqlite) = &*self.inner else {
            return Err(DbError::sql("PostgreSQL is backed up with its own tools, e.g. pg_dump"));
        };
        let from = sqlite.path().clone();
        on_thread(move || {
            let mut copy = rusqlite::Connection::open(to)?;
            let source = sqlite::connect(&from)?;
            // All pages in one step, so that a busy writer cannot make it start over; the log lets writers go on.
            rusqlite::backup::Backup::new(&source, &mut copy)?.step(-1)?;
            Ok(())
        })
        .await
    }
}

/// Runs what waits for the disk away from the threads that serve requests.
async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DbError> + Send + 'static,
) -> Result<T, DbError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| DbError::new(DbErrorKind::Gone, error))?
}
