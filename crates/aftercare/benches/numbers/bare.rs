//! What a program without any layer would do: rusqlite with one writer thread that commits in groups and threads that read;
//! tokio-postgres with prepared statements that are sent without waiting in between. Same pragmas as the program's.

use std::collections::HashMap;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use futures_util::future::try_join_all;
use rusqlite::Connection;
use tokio::sync::oneshot;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Statement as Prepared};

use crate::capture::{Captured, Statement};
use crate::place::connect;

/// The most transactions that share a COMMIT, as in the program.
const GROUP: usize = 128;

/// A case as it is read: some columns of it, its journal, and the queue's first page.
pub type Read = (CaseRead, Vec<EntryRead>, Vec<CaseRead>);
pub type CaseRead = (i64, String, String, String, String, i64, i64, String, String, String, i64, i64);
pub type EntryRead = (i64, i64, String, String, String, i64, i64);

/// The three statements that a read consists of.
pub const CASE: &str =
    "SELECT id, number, kind, state, priority, step, store_id, customer_name, subject, body, happened_at, version
    FROM service_case WHERE id = $1";
pub const ENTRIES: &str = "SELECT id, seq, verb, actor_kind, actor_name, happened_at, entered_at FROM journal_entry
    WHERE record_kind = 'case' AND record_id = $1 ORDER BY seq LIMIT 20";
pub const QUEUE: &str =
    "SELECT id, number, kind, state, priority, step, store_id, customer_name, subject, body, happened_at, version
    FROM service_case WHERE due_at IS NOT NULL AND (due_at, id) > ($1, 0) ORDER BY due_at, id LIMIT 50";

type Writes = (usize, oneshot::Sender<Result<()>>);
type Reads = (i64, oneshot::Sender<Result<Read>>);

/// Bare rusqlite.
pub struct Sqlite {
    writes: SyncSender<Writes>,
    reads: SyncSender<Reads>,
}

impl Sqlite {
    pub fn open(file: &Path, captured: &Arc<Captured>) -> Result<Self> {
        let (writes, queue) = sync_channel(4_096);
        let (connection, inserted) = (open(file)?, Arc::clone(captured));
        std::thread::spawn(move || {
            while let Ok(first) = queue.recv() {
                group(&connection, &inserted, &queue, first);
            }
        });
        let (reads, queue) = sync_channel(4_096);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..db::Options::default().readers {
            let (connection, queue) = (open(file)?, Arc::clone(&queue));
            std::thread::spawn(move || reader(&connection, &queue));
        }
        Ok(Self { writes, reads })
    }
    pub async fn write(&self, n: usize) -> Result<()> {
        let (caller, answer) = oneshot::channel();
        self.writes.send((n, caller)).ok().context("the writer has ended")?;
        answer.await?
    }
    pub async fn read(&self, id: i64) -> Result<Read> {
        let (caller, answer) = oneshot::channel();
        self.reads.send((id, caller)).ok().context("the readers have ended")?;
        answer.await?
    }
}

fn open(file: &Path) -> Result<Connection> {
    let connection = Connection::open(file)?;
    connection.set_prepared_statement_cache_capacity(512);
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -8192;
         PRAGMA mmap_size = 1073741824; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    Ok(connection)
}

fn group(connection: &Connection, captured: &Captured, queue: &Receiver<Writes>, first: Writes) {
    let step = |sql: &str| -> Result<()> { Ok(connection.prepare_cached(sql)?.execute([]).map(drop)?) };
    let mut members = Vec::new();
    let mut next = Some(first);
    let mut done = step("BEGIN IMMEDIATE");
    while let Some((n, caller)) = next {
        done = done.and_then(|()| {
            let statements = captured.cases.get(n).context("no such case")?;
            statements.iter().try_for_each(|(sql, values)| insert(connection, sql, values))
        });
        members.push(caller);
        next = if members.len() < GROUP { queue.try_recv().ok() } else { None };
    }
    let done = done.and_then(|()| step("COMMIT")).map_err(|error| format!("{error:#}"));
    for caller in members {
        // Nobody waits any more when the measurement has failed elsewhere.
        let _ = caller.send(done.clone().map_err(anyhow::Error::msg));
    }
}

fn insert(connection: &Connection, sql: &str, values: &[db::Value]) -> Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    for (place, value) in (1..).zip(values) {
        statement.raw_bind_parameter(place, value)?;
    }
    statement.raw_execute()?;
    Ok(())
}

fn reader(connection: &Connection, queue: &Mutex<Receiver<Reads>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((id, caller)) = next else { return };
        let _ = caller.send(read(connection, id));
    }
}

fn read(connection: &Connection, id: i64) -> Result<Read> {
    let step = |sql: &str| -> Result<()> { Ok(connection.prepare_cached(sql)?.execute([]).map(drop)?) };
    step("BEGIN")?;
    let case = connection.prepare_cached(CASE)?.query_row([id], case_of)?;
    let entries = connection
        .prepare_cached(ENTRIES)?
        .query_map([id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
        })?
        .collect::<Result<_, _>>()?;
    let queue = connection.prepare_cached(QUEUE)?.query_map([0_i64], case_of)?.collect::<Result<_, _>>()?;
    step("ROLLBACK")?;
    Ok((case, entries, queue))
}

fn case_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<CaseRead> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
        row.get(8)?,
        row.get(9)?,
        row.get(10)?,
        row.get(11)?,
    ))
}

/// Bare tokio-postgres: one connection with its prepared statements, for one caller at a time.
pub struct Postgres {
    client: Client,
    prepared: HashMap<String, Prepared>,
}

impl Postgres {
    pub async fn open(url: &str) -> Result<Self> {
        Ok(Self { client: connect(url).await?, prepared: HashMap::new() })
    }
    async fn prepare(&mut self, sql: &str) -> Result<Prepared> {
        if let Some(prepared) = self.prepared.get(sql) {
            return Ok(prepared.clone());
        }
        let prepared = self.client.prepare(sql).await?;
        self.prepared.insert(sql.to_owned(), prepared.clone());
        Ok(prepared)
    }
    pub async fn write(&mut self, statements: &[Statement]) -> Result<()> {
        let mut prepared = Vec::with_capacity(statements.len());
        for (sql, values) in statements {
            prepared.push((self.prepare(sql).await?, values));
        }
        self.client.batch_execute("BEGIN").await?;
        try_join_all(prepared.iter().map(|(statement, values)| self.client.execute_raw(statement, *values))).await?;
        Ok(self.client.batch_execute("COMMIT").await?)
    }
    pub async fn read(&mut self, id: i64) -> Result<Read> {
        let (case, entries, queue) =
            (self.prepare(CASE).await?, self.prepare(ENTRIES).await?, self.prepare(QUEUE).await?);
        self.client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let ids: [&(dyn ToSql + Sync); 1] = [&id];
        let case = case_in(&self.client.query_one(&case, &ids).await?)?;
        let entries = self.client.query(&entries, &ids).await?;
        let entries = entries.iter().map(entry_in).collect::<Result<_>>()?;
        let queue = self.client.query(&queue, &[&0_i64]).await?;
        let queue = queue.iter().map(case_in).collect::<Result<_>>()?;
        self.client.batch_execute("COMMIT").await?;
        Ok((case, entries, queue))
    }
}

fn entry_in(row: &tokio_postgres::Row) -> Result<EntryRead> {
    Ok((
        row.try_get(0)?,
        row.try_get(1)?,
        row.try_get(2)?,
        row.try_get(3)?,
        row.try_get(4)?,
        row.try_get(5)?,
        row.try_get(6)?,
    ))
}

fn case_in(row: &tokio_postgres::Row) -> Result<CaseRead> {
    Ok((
        row.try_get(0)?,
        row.try_get(1)?,
        row.try_get(2)?,
        row.try_get(3)?,
        row.try_get(4)?,
        row.try_get(5)?,
        row.try_get(6)?,
        row.try_get(7)?,
        row.try_get(8)?,
        row.try_get(9)?,
        row.try_get(10)?,
        row.try_get(11)?,
    ))
}
