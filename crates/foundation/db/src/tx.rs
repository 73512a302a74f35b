use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::session::Session;
use crate::stats::Work;
use crate::{DbError, DbErrorKind, Engine, Filter, FromRow, Value, sqlite};

/// A transaction under way, handed to the body by [`Db::write`](crate::Db::write) and [`Db::read`](crate::Db::read).
///
/// A failed statement fails the transaction, on both engines: what follows it is refused and nothing is committed, even if the
/// body ignores the error (PostgreSQL works so; to try something, write `ON CONFLICT`).
pub struct Tx {
    pub(crate) link: Link,
    failed: Option<DbError>,
    /// Statements that wait for the end.
    last: Vec<Filter>,
    work: Work,
    /// Texts of several statements run so far; they change tables, which the engine does not count as changes.
    pub(crate) scripts: u64,
}

pub(crate) enum Link {
    Sqlite(rusqlite::Connection),
    Postgres(Session),
}

impl Tx {
    pub(crate) const fn new(link: Link) -> Self {
        Self { link, failed: None, last: Vec::new(), work: Work { statements: 0, steps: 0 }, scripts: 0 }
    }

    /// The engine, for the one place (search) that has two texts.
    pub const fn engine(&self) -> Engine {
        match self.link {
            Link::Sqlite(_) => Engine::Sqlite,
            Link::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement that returns no rows; answers how many rows it changed.
    ///
    /// # Errors
    /// What the engine says; the transaction has then failed.
    pub async fn exec(&mut self, sql: &str, args: &[Value]) -> Result<u64, DbError> {
        self.standing(args)?;
        let done = match &mut self.link {
            Link::Sqlite(connection) => sqlite::exec(connection, sql, args, &mut self.work.steps),
            Link::Postgres(session) => session.exec(sql, args).await,
        };
        self.note(done, sql)
    }

    /// All rows that a statement returns.
    ///
    /// # Errors
    /// As [`Tx::exec`], or a row is no `T`.
    pub async fn all<T: FromRow>(&mut self, sql: &str, args: &[Value]) -> Result<Vec<T>, DbError> {
        self.rows(sql, args, usize::MAX).await
    }

    /// The first row that a statement returns, if any.
    ///
    /// # Errors
    /// As [`Tx::all`].
    pub async fn one<T: FromRow>(&mut self, sql: &str, args: &[Value]) -> Result<Option<T>, DbError> {
        Ok(self.rows(sql, args, 1).await?.pop())
    }

    /// Runs statements that do not depend on each other; PostgreSQL gets them without waiting in between.
    ///
    /// # Errors
    /// The first that the engine reports; the transaction has then failed.
    pub async fn batch(&mut self, statements: &[(&str, &[Value])]) -> Result<(), DbError> {
        for (_, args) in statements {
            self.standing(args)?;
        }
        self.send(statements).await
    }

    /// As [`Tx::batch`], for rows that take the next number of their chain: should another transaction take it first, this one runs
    /// again on what the other left.
    ///
    /// # Errors
    /// As [`Tx::batch`]; a taken number is [`DbErrorKind::Serialisation`].
    pub async fn batch_in_turn(&mut self, statements: &[(&str, &[Value])]) -> Result<(), DbError> {
        let sent = self.batch(statements).await;
        if let Some(failed) = &mut self.failed
            && failed.kind == DbErrorKind::Unique
        {
            failed.kind = DbErrorKind::Serialisation;
            return Err(failed.clone());
        }
        sent
    }

    async fn send(&mut self, statements: &[(&str, &[Value])]) -> Result<(), DbError> {
        let (done, sql) = match &mut self.link {
            Link::Sqlite(connection) => sqlite::batch(connection, statements, &mut self.work.steps),
            Link::Postgres(session) => session.batch(statements).await,
        };
        self.note(done, sql)
    }

    /// Runs a statement that returns no rows when the body is over, just before COMMIT: on SQLite after the bodies of the whole group,
    /// because FTS5 writes what it gathered to disk at the next statement that changes several rows. Until then the transaction
    /// does not see what it does.
    ///
    /// # Errors
    /// When the transaction has failed. What the statement itself comes to is the transaction's outcome.
    pub fn at_end(&mut self, statement: Filter) -> Result<(), DbError> {
        self.standing(statement.values())?;
        self.last.push(statement);
        Ok(())
    }

    /// Runs what was left for the end.
    pub(crate) async fn end(&mut self) -> Result<(), DbError> {
        let last = std::mem::take(&mut self.last);
        let statements: Vec<(&str, &[Value])> = last.iter().map(|last| (last.sql(), last.values())).collect();
        self.send(&statements).await
    }

    /// As [`Tx::end`], on SQLite, after the bodies have settled.
    pub(crate) fn end_at_once(&mut self) -> Result<(), DbError> {
        if self.last.is_empty() {
            return Ok(());
        }
        let outcome = self.end().now_or_never().unwrap_or(Ok(()));
        self.settle(outcome)
    }

    /// Drops what was left for the end, when the transaction is given up.
    pub(crate) fn forget_end(&mut self) {
        self.last.clear();
    }

    /// Runs a text of several statements without values, for migrations.
    pub(crate) async fn script(&mut self, sql: &str) -> Result<(), DbError> {
        self.standing(&[])?;
        self.scripts += 1;
        let done = match &mut self.link {
            Link::Sqlite(connection) => connection.execute_batch(sql).map_err(DbError::from),
            Link::Postgres(session) => session.script(sql).await,
        };
        self.note(done, "")
    }

    async fn rows<T: FromRow>(&mut self, sql: &str, args: &[Value], limit: usize) -> Result<Vec<T>, DbError> {
        self.standing(args)?;
        let done = match &mut self.link {
            Link::Sqlite(connection) => sqlite::rows(connection, sql, args, limit, &mut self.work.steps),
            Link::Postgres(session) => session.rows(sql, args, limit).await,
        };
        self.note(done, sql)
    }

    /// Refuses when an earlier statement failed, and values that only one of the engines would take.
    fn standing(&mut self, args: &[Value]) -> Result<(), DbError> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        self.work.statements += 1;
        if args.iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0'))) {
            return self.note(Err(DbError::sql("a text with a NUL character cannot be stored")), "");
        }
        Ok(())
    }

    fn note<T>(&mut self, done: Result<T, DbError>, sql: &str) -> Result<T, DbError> {
        done.map_err(|mut error| {
            if error.kind == DbErrorKind::Sql && !error.message.contains(sql) {
                error.message = format!("{} in: {sql}", error.message);
            }
            self.failed.get_or_insert(error).clone()
        })
    }

    /// What was done since this was last asked.
    pub(crate) fn take_work(&mut self) -> Work {
        std::mem::take(&mut self.work)
    }

    /// What a body's outcome comes to: never good when a statement failed. The transaction is then ready for the next body.
    pub(crate) fn settle<T, E: From<DbError>>(&mut self, outcome: Result<T, E>) -> Result<T, E> {
        match (self.failed.take(), outcome) {
            (Some(failed), Ok(_)) => Err(failed.into()),
            (_, outcome) => outcome,
        }
    }

    /// The kind of the first error of the engine, which decides about a repetition (the body's own error type is its secret).
    pub(crate) fn failed(&self) -> Option<DbErrorKind> {
        self.failed.as_ref().map(|error| error.kind)
    }
}

/// Runs a body on SQLite: there nothing of a [`Tx`] ever waits, so one poll takes it to its end, or it awaits something foreign.
pub(crate) fn run_at_once<I, T, E: From<DbError>>(
    tx: &mut Tx,
    input: &I,
    body: &impl for<'t> Fn(&'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, E>>,
) -> Result<T, E> {
    let others = tx.last.len();
    let outcome = match catch_unwind(AssertUnwindSafe(|| body(tx, input).now_or_never())) {
        Ok(Some(outcome)) => outcome,
        Ok(None) => Err(DbError::new(DbErrorKind::Body, "a transaction may only await its database").into()),
        Err(payload) => Err(panicked(&*payload).into()),
    };
    let outcome = tx.settle(outcome);
    if outcome.is_err() {
        tx.last.truncate(others);
    }
    outcome
}

pub(crate) fn panicked(payload: &(dyn Any + Send)) -> DbError {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    DbError::new(DbErrorKind::Body, format!("the body of a transaction panicked: {}", text.unwrap_or("no message")))
}
