//! SQLite: one thread that writes for everybody and commits in groups, several that read.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use memchr::{memchr, memchr3};
use rusqlite::config::DbConfig;
use rusqlite::{CachedStatement, Connection, StatementStatus};
use tokio::sync::oneshot;

use crate::group::Writer;
use crate::stats::Gauges;
use crate::tx::{Link, run_at_once};
use crate::{DbError, DbErrorKind, FromRow, Options, Row, Tx, Value};

/// The two queues of an open SQLite database. Dropping it ends the threads.
pub(crate) struct Sqlite {
    path: PathBuf,
    writes: SyncSender<Box<dyn Task>>,
    reads: SyncSender<Box<dyn Task>>,
    options: Options,
    gauges: Arc<Gauges>,
}

/// Something that waits in a queue for a thread with a connection.
pub(crate) trait Task: Send {
    /// False when the caller has gone away or has waited too long; it is then told so and nothing was done.
    fn wanted(&mut self) -> bool;
    /// When a read has to be over.
    fn deadline(&self) -> Instant;
    /// Runs the body and keeps its outcome, in place of an earlier one; true when its changes are to be kept.
    fn run(&mut self, tx: &mut Tx) -> bool;
    /// Answers the caller: the outcome, or why it was not run or could not be committed.
    fn answer(self: Box<Self>, committed: Result<(), DbError>);
}

struct Job<I, T, E, F> {
    input: I,
    body: F,
    /// Until when it may wait in the queue.
    wait: Instant,
    deadline: Instant,
    outcome: Option<Result<T, E>>,
    caller: Option<oneshot::Sender<Result<T, E>>>,
}

impl<I, T, E, F> Task for Job<I, T, E, F>
where
    F: for<'t> Fn(&'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, E>> + Send,
    I: Send,
    T: Send,
    E: From<DbError> + Send,
{
    fn wanted(&mut self) -> bool {
        if self.caller.as_ref().is_none_or(oneshot::Sender::is_closed) {
            return false;
        }
        if self.wait < Instant::now() {
            let late = DbError::new(DbErrorKind::Busy, "waited too long in the database's queue");
            self.caller.take().map(|caller| caller.send(Err(late.into())));
            return false;
        }
        true
    }
    fn deadline(&self) -> Instant {
        self.deadline
    }
    fn run(&mut self, tx: &mut Tx) -> bool {
        self.outcome = None;
        self.outcome.insert(run_at_once(tx, &self.input, &self.body)).is_ok()
    }
    fn answer(self: Box<Self>, committed: Result<(), DbError>) {
        let outcome = match (self.outcome, committed) {
            (None | Some(Ok(_)), Err(error)) => Err(error.into()),
            (Some(outcome), _) => outcome,
            (None, Ok(())) => return,
        };
        // The caller may have gone away in the meantime; what is committed stays committed.
        self.caller.map(|caller| caller.send(outcome));
    }
}

impl Sqlite {
    pub(crate) fn open(path: &Path, options: Options) -> Result<Self, DbError> {
        let gauges = Arc::new(Gauges::default());
        let writer = connect(path)?;
        writer.execute_batch(&format!(
            "PRAGMA cache_size = -{}; PRAGMA wal_autocheckpoint = {}",
            options.cache, options.log
        ))?;
        let mode: String = writer.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        if mode != "wal" {
            return Err(DbError::sql(format!(
                "{} cannot use a write-ahead log (mode {mode}); is it on a network drive?",
                path.display()
            )));
        }
        let (writes, queue) = sync_channel(options.queue);
        start("db-writer", Writer::new(writer, queue, Arc::clone(&gauges)), Writer::run)?;
        let (reads, queue) = sync_channel(options.queue);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..options.readers.max(1) {
            start("db-reader", Reader::new(path, Arc::clone(&queue), Arc::clone(&gauges))?, Reader::run)?;
        }
        Ok(Self { path: path.to_owned(), writes, reads, options, gauges })
    }

    pub(crate) const fn path(&self) -> &PathBuf {
        &self.path
    }
    pub(crate) fn gauges(&self) -> &Gauges {
        &self.gauges
    }

    pub(crate) async fn write<I, T, E, F>(&self, input: I, body: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        I: Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let wait = Instant::now() + self.options.queue_timeout;
        let (caller, answer) = oneshot::channel();
        self.enqueue(&self.writes, Job { input, body, wait, deadline: wait, outcome: None, caller: Some(caller) })?;
        answer.await.unwrap_or_else(|_| Err(ended().into()))
    }

    pub(crate) async fn read<I, T, E, F>(&self, limit: Duration, input: I, body: F) -> Result<T, E>
    where
        F: for<'t> Fn(&'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        I: Send + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let now = Instant::now();
        let wait = now + self.options.queue_timeout.min(limit);
        let (caller, answer) = oneshot::channel();
        self.enqueue(
            &self.reads,
            Job { input, body, wait, deadline: now + limit, outcome: None, caller: Some(caller) },
        )?;
        answer.await.unwrap_or_else(|_| Err(ended().into()))
    }

    fn enqueue(&self, queue: &SyncSender<Box<dyn Task>>, job: impl Task + 'static) -> Result<(), DbError> {
        self.gauges.enter();
        queue.try_send(Box::new(job)).map_err(|error| {
            self.gauges.leave();
            match error {
                TrySendError::Full(_) => DbError::new(DbErrorKind::Full, "the database's queue is full"),
                TrySendError::Disconnected(_) => ended(),
            }
        })
    }
}

fn ended() -> DbError {
    DbError::new(DbErrorKind::Gone, "the database's thread has ended")
}

fn start<T: Send + 'static>(name: &str, state: T, run: fn(T)) -> Result<(), DbError> {
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(move || run(state));
    started.map(drop).map_err(|error| DbError::new(DbErrorKind::Gone, format!("no thread for the database: {error}")))
}

/// Opens a connection with the settings that all share.
pub(crate) fn connect(path: &Path) -> Result<Connection, DbError> {
    let connection = Connection::open(path)?;
    connection.set_prepared_statement_cache_capacity(512);
    // Without these a misspelt "column" in double quotes is silently a text.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // One plan per statement. Else a value that is compared with the condition of a partial index makes SQLite plan anew at each
    // execution: a seventh of all time when cases are written.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    // The log is copied back by Db::checkpoint from a timer; the automatic one is the net below it.
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -8192; PRAGMA mmap_size = 1073741824;
         PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;
         PRAGMA case_sensitive_like = ON;",
    )?;
    Ok(connection)
}

/// A thread that runs read bodies, each in a read transaction of its own, which sees one snapshot.
struct Reader {
    tx: Tx,
    queue: Arc<Mutex<Receiver<Box<dyn Task>>>>,
    gauges: Arc<Gauges>,
    deadline: Arc<Mutex<Instant>>,
}

/// Steps of SQLite's machine between two looks at the clock; about a millisecond.
const STEPS: i32 = 20_000;

impl Reader {
    fn new(path: &Path, queue: Arc<Mutex<Receiver<Box<dyn Task>>>>, gauges: Arc<Gauges>) -> Result<Self, DbError> {
        let mut connection = connect(path)?;
        connection.execute_batch("PRAGMA query_only = ON")?;
        let deadline = Arc::new(Mutex::new(Instant::now()));
        let limit = Arc::clone(&deadline);
        let late = move || Instant::now() > *limit.lock().unwrap_or_else(PoisonError::into_inner);
        connection.progress_handler(STEPS, Some(late))?;
        Ok(Self { tx: Tx::new(Link::Sqlite(connection)), queue, gauges, deadline })
    }

    fn run(mut self) {
        loop {
            // The lock is held while waiting: the next idle reader waits for the lock instead of the queue.
            let next = self.queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(mut task) = next else { return };
            self.gauges.leave();
            if task.wanted() {
                *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = task.deadline();
                let done = self.read(&mut *task);
                task.answer(done);
            }
        }
    }

    fn read(&mut self, task: &mut dyn Task) -> Result<(), DbError> {
        step(&self.tx, "BEGIN")?;
        task.run(&mut self.tx);
        // A read leaves nothing for the end; if it does, it hears that this connection cannot write.
        let ended = self.tx.end_at_once();
        self.gauges.worked(self.tx.take_work());
        // Nothing was written. An interrupted statement may already have ended the transaction.
        if stands(&self.tx) {
            step(&self.tx, "ROLLBACK")?;
        }
        ended
    }
}

/// Runs a statement that steers the transaction.
pub(crate) fn step(tx: &Tx, sql: &str) -> Result<(), DbError> {
    match &tx.link {
        Link::Sqlite(connection) => Ok(connection.prepare_cached(sql)?.execute([]).map(drop)?),
        Link::Postgres(_) => Err(DbError::sql("not a connection to SQLite")),
    }
}

/// True while a transaction is open: SQLite ends it by itself after some errors (disk full, out of memory, I/O).
pub(crate) fn stands(tx: &Tx) -> bool {
    matches!(&tx.link, Link::Sqlite(connection) if !connection.is_autocommit())
}

/// Grows with everything that the connection changes.
pub(crate) fn written(tx: &Tx) -> u64 {
    match &tx.link {
        Link::Sqlite(connection) => connection.total_changes() + tx.scripts,
        Link::Postgres(_) => 0,
    }
}

/// The statement with its values. SQLite numbers `$n` by first appearance, so each value is found by the number that stands there.
fn bound<'c>(connection: &'c Connection, sql: &str, args: &[Value]) -> Result<CachedStatement<'c>, DbError> {
    let mut statement = connection.prepare_cached(sql)?;
    let numbers = placeholders(sql, args.len());
    if numbers.len() != statement.parameter_count() {
        return Err(DbError::sql("placeholders are $1, $2 …"));
    }
    let mut used = 0;
    for (place, number) in (1..).zip(numbers) {
        let value = number.checked_sub(1).and_then(|index| args.get(index));
        let value = value.ok_or_else(|| DbError::sql(format!("${number} has no value, {} given", args.len())))?;
        statement.raw_bind_parameter(place, value)?;
        used = used.max(number);
    }
    if used != args.len() {
        return Err(DbError::sql(format!("{} values given, ${used} is the last that is used", args.len())));
    }
    Ok(statement)
}

/// The numbers of the placeholders, each once, in the order in which they appear outside of quotes. Read from the text because
/// SQLite looks a name up in a list: with hundreds of values in a statement that costs more than running it.
fn placeholders(sql: &str, expected: usize) -> Vec<usize> {
    let mut numbers: Vec<usize> = Vec::with_capacity(expected);
    let mut highest = 0;
    let mut rest = sql.as_bytes();
    while let Some((byte, after)) = memchr3(b'$', b'\'', b'"', rest).and_then(|at| rest.get(at..)?.split_first()) {
        if *byte != b'$' {
            let closed = memchr(*byte, after).and_then(|at| after.get(at + 1..));
            rest = closed.unwrap_or_default();
            continue;
        }
        let digits = after.iter().take_while(|byte| byte.is_ascii_digit());
        let (mut number, mut count) = (0_usize, 0);
        for digit in digits {
            number = number.saturating_mul(10).saturating_add(usize::from(digit - b'0'));
            count += 1;
        }
        // Mostly they ascend; only one that does not can have stood there before.
        if number > highest || !numbers.contains(&number) {
            highest = highest.max(number);
            numbers.push(number);
        }
        rest = after.get(count..).unwrap_or_default();
    }
    numbers
}

pub(crate) fn exec(connection: &Connection, sql: &str, args: &[Value], steps: &mut u64) -> Result<u64, DbError> {
    let mut statement = bound(connection, sql, args)?;
    let changed = statement.raw_execute();
    *steps += taken(&statement);
    u64::try_from(changed?).map_err(DbError::sql)
}

pub(crate) fn batch<'s>(
    connection: &Connection,
    statements: &[(&'s str, &[Value])],
    steps: &mut u64,
) -> (Result<(), DbError>, &'s str) {
    for (sql, args) in statements {
        if let Err(error) = exec(connection, sql, args, steps) {
            return (Err(error), sql);
        }
    }
    (Ok(()), "")
}

pub(crate) fn rows<T: FromRow>(
    connection: &Connection,
    sql: &str,
    args: &[Value],
    limit: usize,
    steps: &mut u64,
) -> Result<Vec<T>, DbError> {
    let mut statement = bound(connection, sql, args)?;
    let found = collect(statement.raw_query(), limit);
    *steps += taken(&statement);
    found
}

fn collect<T: FromRow>(mut rows: rusqlite::Rows<'_>, limit: usize) -> Result<Vec<T>, DbError> {
    let mut found = Vec::new();
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        found.push(T::from_row(&Row::sqlite(row))?);
    }
    Ok(found)
}

/// The steps of SQLite's machine that the statement has taken since this was last asked.
fn taken(statement: &CachedStatement<'_>) -> u64 {
    u64::try_from(statement.reset_status(StatementStatus::VmStep)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn placeholders_are_found_in_the_order_of_their_first_appearance() {
        assert_eq!(placeholders("a = $2 AND b IN ($1, $10) OR c = $2", 3), [2, 1, 10]);
        assert_eq!(placeholders("SELECT '$3', \"$4\", 'it''s $5' WHERE a = $1", 1), [1]);
        assert_eq!(placeholders("a = ? AND b = $x", 0), [0]);
    }
}
