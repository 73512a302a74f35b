//! PostgreSQL: a pool of connections, and bodies that run again when they collide.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime, TimeoutType,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio_postgres::{Config, NoTls};

use crate::session::Session;
use crate::stats::{Gauges, Stats};
use crate::tx::{Link, panicked};
use crate::{DbError, DbErrorKind, Options, Tx};

/// How often a body runs before a collision is reported.
const ATTEMPTS: u32 = 5;

pub(crate) struct Postgres {
    pool: Pool,
    options: Options,
    gauges: Gauges,
}

impl Postgres {
    pub(crate) async fn open(url: &str, options: Options) -> Result<Self, DbError> {
        let mut config: Config = url.parse()?;
        config.connect_timeout(options.queue_timeout);
        if config.get_application_name().is_none() {
            config.application_name("aftercare");
        }
        let manager = Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        // Whoever hangs, in a statement or between two, must not hold locks for ever.
        let limit = options.write_timeout.as_millis();
        let settings = format!("SET statement_timeout = {limit}; SET idle_in_transaction_session_timeout = {limit}");
        let pool = Pool::builder(manager)
            .max_size(options.pool)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(options.queue_timeout))
            .post_create(Hook::async_fn(move |client, _| {
                let settings = settings.clone();
                Box::pin(async move { client.batch_execute(&settings).await.map_err(HookError::Backend) })
            }))
            .build();
        let open = Self { pool: pool.map_err(DbError::sql)?, options, gauges: Gauges::default() };
        open.check().await?;
        Ok(open)
    }

    /// Refuses a server or a database on which texts would be kept, compared or sorted otherwise than on SQLite.
    async fn check(&self) -> Result<(), DbError> {
        let client = self.pool.get().await?;
        let row = client
            .query_one(
                "SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding)::text, datcollate::text
                 FROM pg_database WHERE datname = current_database()",
                &[],
            )
            .await?;
        let (version, encoding, collation): (i32, String, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        if version < 140_000 {
            return Err(DbError::sql(format!("PostgreSQL 14 or newer is needed, this is {}", version / 10_000)));
        }
        if encoding != "UTF8" || !["C", "POSIX"].contains(&collation.as_str()) {
            return Err(DbError::sql(format!(
                "the database has encoding {encoding} and collation {collation}; make it with \
                 CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            )));
        }
        Ok(())
    }

    pub(crate) fn stats(&self) -> Stats {
        let status = self.pool.status();
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Stats { waiting: count(status.waiting), connections: count(status.size), ..self.gauges.stats() }
    }

    /// READ COMMITTED: use cases claim and change rows by conditional UPDATE, which then waits for the other writer and looks
    /// at the row again, so collisions cost no repetition.
    pub(crate) async fn write<I, T, E: From<DbError>>(
        &self,
        input: &I,
        body: &impl for<'t> Fn(&'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, E>>,
    ) -> Result<T, E> {
        let begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
        self.run(begin, true, input, body).await
    }

    /// One snapshot, nothing written. Past `limit` the connection is given up and the statement stopped.
    pub(crate) async fn read<I, T, E: From<DbError>>(
        &self,
        limit: Duration,
        input: &I,
        body: &impl for<'t> Fn(&'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, E>>,
    ) -> Result<T, E> {
        let mut begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY".to_owned();
        if limit > self.options.write_timeout {
            begin = format!("{begin}; SET LOCAL statement_timeout = {}", limit.as_millis());
        }
        let late = |_| Err(DbError::new(DbErrorKind::Busy, "a read took longer than its time limit").into());
        tokio::time::timeout(limit, self.run(&begin, false, input, body)).await.unwrap_or_else(late)
    }

    async fn run<I, T, E: From<DbError>>(
        &self,
        begin: &str,
        writes: bool,
        input: &I,
        body: &impl for<'t> Fn(&'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, E>>,
    ) -> Result<T, E> {
        let (mut attempt, mut dead) = (1, 0);
        loop {
            let client = self.pool.get().await.map_err(DbError::from)?;
            let mut tx = Tx::new(Link::Postgres(Session::begin(client, begin)));
            let mut outcome = match AssertUnwindSafe(body(&mut tx, input)).catch_unwind().await {
                Ok(outcome) => outcome,
                Err(payload) => Err(panicked(&*payload).into()),
            };
            if outcome.is_ok()
                && let Err(error) = tx.end().await
            {
                outcome = Err(error.into());
            }
            let failed = tx.failed();
            self.gauges.worked(tx.take_work());
            let outcome = tx.settle(outcome);
            let Link::Postgres(session) = tx.link else {
                return outcome;
            };
            let again = match failed {
                // Died in the pool, e.g. the server was restarted: nothing was done on it, and there may be more of them.
                Some(DbErrorKind::Gone) if session.is_fresh() && dead < self.options.pool => {
                    dead += 1;
                    continue;
                }
                Some(DbErrorKind::Serialisation) => true,
                _ => session.is_outdated(),
            };
            match outcome {
                Ok(value) if writes => match session.commit().await {
                    Ok(()) => return Ok(value),
                    Err(error) if error.kind == DbErrorKind::Serialisation && attempt < ATTEMPTS => {}
                    Err(error) => return Err(error.into()),
                },
                outcome => {
                    session.roll_back();
                    if !again || attempt >= ATTEMPTS {
                        return outcome;
                    }
                }
            }
            // Whoever collided with this one gets a moment to finish.
            tokio::time::sleep(Duration::from_millis(5) * attempt * attempt).await;
            attempt += 1;
        }
    }
}

impl From<PoolError> for DbError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Timeout(TimeoutType::Wait) => Self::new(DbErrorKind::Busy, "waited too long for a connection"),
            PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => error.into(),
            PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle)
            | PoolError::Closed
            | PoolError::NoRuntimeSpecified
            | PoolError::PostCreateHook(HookError::Message(_)) => Self::new(DbErrorKind::Gone, error),
        }
    }
}
