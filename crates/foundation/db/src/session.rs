//! One transaction on one connection to PostgreSQL.

use deadpool_postgres::Object;
use futures_util::FutureExt;
use futures_util::future::join_all;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{NoTls, Statement};

use crate::{DbError, DbErrorKind, FromRow, Row, Value};

/// Statements kept per connection; beyond it the connection forgets them all and starts anew.
const STATEMENTS: usize = 1_000;

/// A connection with an open transaction. Dropped before its end (the request was cancelled, a panic, a lost connection) it
/// does not go back to the pool: the statement under way is stopped, the connection closed, and the server rolls back.
pub(crate) struct Session {
    client: Option<Object>,
    /// No statement has been answered yet.
    fresh: bool,
    /// A prepared statement no longer fits the tables (a migration ran meanwhile); they have been forgotten, so try again.
    outdated: bool,
}

impl Session {
    /// Does not wait for BEGIN: the first statement goes out right behind it.
    pub(crate) fn begin(client: Object, begin: &str) -> Self {
        let session = Self { client: Some(client), fresh: true, outdated: false };
        session.send(begin);
        session
    }
    pub(crate) const fn is_fresh(&self) -> bool {
        self.fresh
    }
    pub(crate) const fn is_outdated(&self) -> bool {
        self.outdated
    }
    /// Commits and gives the connection back.
    pub(crate) async fn commit(mut self) -> Result<(), DbError> {
        self.client()?.batch_execute("COMMIT").await?;
        self.client.take();
        Ok(())
    }
    /// Gives the connection back with a ROLLBACK under way: whoever gets it next is served after that. This is also how a read
    /// ends, which has nothing to commit and nothing to wait for.
    pub(crate) fn roll_back(mut self) {
        self.send("ROLLBACK");
        self.client.take();
    }

    /// Sends without waiting for the answer: the driver puts a request into the connection's queue at the first poll, and
    /// drops the answer when nobody waits for it. It can fail only with the connection, which the next statement notices.
    fn send(&self, sql: &str) {
        if let Some(client) = &self.client {
            let _ = client.batch_execute(sql).now_or_never();
        }
    }

    fn client(&self) -> Result<&Object, DbError> {
        self.client.as_ref().ok_or_else(|| DbError::new(DbErrorKind::Gone, "the transaction is over"))
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
        let stale = [SqlState::FEATURE_NOT_SUPPORTED, SqlState::INVALID_SQL_STATEMENT_NAME];
        match &done {
            Ok(_) => self.fresh = false,
            Err(error) if error.code().is_some_and(|code| stale.contains(code)) => {
                self.client()?.statement_cache.clear();
                self.outdated = true;
            }
            Err(_) => {}
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
        let parameters: Vec<_> = args.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        let done = self.client()?.query(&statement, &parameters).await;
        self.note(done)?.iter().take(limit).map(|row| T::from_row(&Row::postgres(row))).collect()
    }

    pub(crate) async fn batch<'s>(&mut self, statements: &[(&'s str, &[Value])]) -> (Result<(), DbError>, &'s str) {
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
        let sent = statements.iter().zip(&prepared).map(|((_, args), statement)| client.execute_raw(statement, *args));
        let answers = join_all(sent).await;
        for (done, (sql, _)) in answers.into_iter().zip(statements) {
            if let Err(error) = self.note(done) {
                return (Err(error), sql);
            }
        }
        (Ok(()), "")
    }

    pub(crate) async fn script(&mut self, sql: &str) -> Result<(), DbError> {
        let done = self.client()?.batch_execute(sql).await;
        self.note(done)
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
