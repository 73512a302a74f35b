//! PostgreSQL: a pool of connections, each with its prepared statements.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
    TimeoutType,
};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join_all};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, NoTls, Statement};

use crate::stats::Stats;
use crate::tx::{Link, panicked};
use crate::{DbError, DbErrorKind, FromRow, Options, Row, Tx, Value};

/// Statements kept per connection; beyond it the connection forgets them all and starts anew.
const STATEMENTS: usize = 1_000;
/// How often a body runs before a collision is reported.
const ATTEMPTS: u32 = 5;

pub(crate) struct Postgres {
    pool: Pool,
    options: Options,
}

impl Postgres {
    pub(crate) async fn open(url: &str, options: Options) -> Result<Self, DbError> {
        let mut config: Config = url.parse()?;
        config.connect_timeout(options.queue_timeout);
        if config.get_application_name().is_none() {
            config.application_name("aftercare");
        }
        let manager = Manager::from_config(
            config,
            NoTls,
            ManagerConfig {
                recycling_method: RecyclingMethod::Fast,
            },
        );
        // Whoever hangs, in a statement or between two, must not hold locks for ever.
        let limit = options.write_timeout.as_millis();
        let settings = format!(
            "SET statement_timeout = {limit}; SET idle_in_transaction_session_timeout = {limit}"
        );
        let pool = Pool::builder(manager)
            .max_size(options.pool)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(options.queue_timeout))
            .post_create(Hook::async_fn(move |client, _| {
                let settings = settings.clone();
                Box::pin(async move {
                    client
                        .batch_execute(&settings)
                        .await
                        .map_err(HookError::Backend)
                })
            }))
            .build();
        let open = Self {
            pool: pool.map_err(DbError::sql)?,
            options,
        };
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
        let (version, encoding, collation): (i32, String, String) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        if version < 140_000 {
            return Err(DbError::sql(format!(
                "PostgreSQL 14 or newer is needed, this is {}",
                version / 10_000
            )));
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
        Stats {
            waiting: count(status.waiting),
            connections: count(status.size),
            ..Stats::default()
        }
    }

    /// READ COMMITTED: use cases claim and change rows by conditional UPDATE, which then waits for the other writer and looks
    /// at the row again, so collisions cost no repetition.
    pub(crate) async fn write<I, T, E: From<DbError>>(
        &self,
        input: &I,
        body: &impl for<'t> Fn(&'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, E>>,
    ) -> Result<T, E> {
        self.run("BEGIN ISOLATION LEVEL READ COMMITTED", input, body)
            .await
    }

    /// One snapshot, nothing written. Past `limit` the connection is given up and the statement stopped.
    pub(crate) async fn read<I, T, E: From<DbError>>(
        &self,
        limit: Duration,
        input: &I,
        body: &impl for<'t> Fn(&'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, E>>,
    ) -> Result<T, E> {
        let statement = limit.as_millis();
        let begin = format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {statement}"
        );
        let late = |_| {
            Err(DbError::new(DbErrorKind::Busy, "a read took longer than its time limit").into())
        };
        tokio::time::timeout(limit, self.run(&begin, input, body))
            .await
            .unwrap_or_else(late)
    }

    async fn run<I, T, E: From<DbError>>(
        &self,
        begin: &str,
        input: &I,
        body: &impl for<'t> Fn(&'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, E>>,
    ) -> Result<T, E> {
        let mut attempt = 1;
        loop {
            let mut tx = Tx::new(Link::Postgres(self.begin(begin).await?));
            let outcome = match AssertUnwindSafe(body(&mut tx, input)).catch_unwind().await {
                Ok(outcome) => outcome,
                Err(payload) => Err(panicked(&*payload).into()),
            };
            let failed = tx.failed();
            let outcome = tx.settle(outcome);
            let Link::Postgres(session) = tx.link else {
                return outcome;
            };
            let again = failed == Some(DbErrorKind::Serialisation) || session.outdated;
            match outcome {
                Ok(value) => match session.end("COMMIT").await {
                    Ok(()) => return Ok(value),
                    Err(error)
                        if error.kind == DbErrorKind::Serialisation && attempt < ATTEMPTS => {}
                    Err(error) => return Err(error.into()),
                },
                Err(error) => {
                    // When this fails too, the connection is thrown away and the server rolls back by itself.
                    let _ = session.end("ROLLBACK").await;
                    if !again || attempt >= ATTEMPTS {
                        return Err(error);
                    }
                }
            }
            // Whoever collided with this one gets a moment to finish.
            tokio::time::sleep(Duration::from_millis(5) * attempt * attempt).await;
            attempt += 1;
        }
    }

    /// A connection with a transaction begun. Connections that died in the pool (the server was restarted) are passed over.
    async fn begin(&self, begin: &str) -> Result<Session, DbError> {
        let mut dead = 0;
        loop {
            let session = Session {
                client: Some(self.pool.get().await?),
                outdated: false,
            };
            match session.script(begin).await {
                Err(error) if error.kind == DbErrorKind::Gone && dead < self.options.pool => {
                    dead += 1
                }
                Err(error) => return Err(error),
                Ok(()) => return Ok(session),
            }
        }
    }
}

/// A connection with an open transaction. Dropped before its end (the request was cancelled, a panic, a lost connection) it
/// does not go back to the pool: the statement under way is stopped, the connection closed, and the server rolls back.
pub(crate) struct Session {
    client: Option<Object>,
    /// A prepared statement no longer fits the tables (a migration ran meanwhile); they have been forgotten, so try again.
    outdated: bool,
}

impl Session {
    fn client(&self) -> Result<&Object, DbError> {
        self.client
            .as_ref()
            .ok_or_else(|| DbError::new(DbErrorKind::Gone, "the transaction is over"))
    }

    async fn prepare(&self, sql: &str) -> Result<Statement, DbError> {
        let client = self.client()?;
        if client.statement_cache.size() >= STATEMENTS {
            client.statement_cache.clear();
        }
        Ok(client.prepare_cached(sql).await?)
    }

    /// Forgets the prepared statements when the server no longer accepts them.
    fn note<T>(&mut self, done: Result<T, tokio_postgres::Error>) -> Result<T, DbError> {
        if let Err(error) = &done
            && let Some(client) = &self.client
            && error.code().is_some_and(|code| {
                *code == SqlState::FEATURE_NOT_SUPPORTED
                    || *code == SqlState::INVALID_SQL_STATEMENT_NAME
            })
        {
            client.statement_cache.clear();
            self.outdated = true;
        }
        Ok(done?)
    }

    pub(crate) async fn exec(&mut self, sql: &str, args: &[Value]) -> Result<u64, DbError> {
        let statement = self.prepare(sql).await?;
        let done = self.client()?.execute_raw(&statement, args).await;
        self.note(done)
    }

    pub(crate) async fn rows<T: FromRow>(
        &mut self,
        sql: &str,
        args: &[Value],
        limit: usize,
    ) -> Result<Vec<T>, DbError> {
        let statement = self.prepare(sql).await?;
        let done = self.client()?.query(&statement, &parameters(args)).await;
        self.note(done)?
            .iter()
            .take(limit)
            .map(|row| T::from_row(&Row::postgres(row)))
            .collect()
    }

    pub(crate) async fn batch<'s>(
        &mut self,
        statements: &[(&'s str, &[Value])],
    ) -> (Result<(), DbError>, &'s str) {
        let mut prepared = Vec::with_capacity(statements.len());
        for (sql, _) in statements {
            match self.prepare(sql).await {
                Ok(statement) => prepared.push(statement),
                Err(error) => return (Err(error), sql),
            }
        }
        let client = match self.client() {
            Ok(client) => client,
            Err(error) => return (Err(error), ""),
        };
        // All are sent at once; the answers come in order, so the first error is the cause of those after it.
        let sent = statements
            .iter()
            .zip(&prepared)
            .map(|((_, args), statement)| client.execute_raw(statement, *args));
        let answers = join_all(sent).await;
        for (done, (sql, _)) in answers.into_iter().zip(statements) {
            if let Err(error) = self.note(done) {
                return (Err(error), sql);
            }
        }
        (Ok(()), "")
    }

    pub(crate) async fn script(&self, sql: &str) -> Result<(), DbError> {
        Ok(self.client()?.batch_execute(sql).await?)
    }

    /// Ends the transaction and gives the connection back.
    async fn end(mut self, sql: &str) -> Result<(), DbError> {
        self.script(sql).await?;
        self.client.take();
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            let client = Object::take(client);
            let token = client.cancel_token();
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                runtime.spawn(async move { token.cancel_query(NoTls).await });
            }
        }
    }
}

fn parameters(args: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter().map(|value| value as _).collect()
}

impl From<PoolError> for DbError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Timeout(TimeoutType::Wait) => {
                Self::new(DbErrorKind::Busy, "waited too long for a connection")
            }
            PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
                error.into()
            }
            PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle)
            | PoolError::Closed
            | PoolError::NoRuntimeSpecified
            | PoolError::PostCreateHook(HookError::Message(_)) => {
                Self::new(DbErrorKind::Gone, error)
            }
        }
    }
}
