//! The database layer beside the bare drivers: the same statements in the same transactions, from 8 callers at once.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use db::{Db, DbError, Options, Value, args};
use tokio::runtime::Runtime;

use crate::bare::{self, CASE, CaseRead, ENTRIES, EntryRead, QUEUE, Read};
use crate::capture::{Captured, Statement};
use crate::cpu;
use crate::place::{Made, Place};
use crate::report::Report;

/// Callers at once; also the connections to PostgreSQL.
pub const CALLERS: usize = 8;
/// Rounds; layer and bare driver take turns.
const ROUNDS: usize = 5;
/// Reads in one round.
const READS: usize = 6_000;

/// Measures writing and reading.
pub fn measure(runtime: &Runtime, place: &Place, captured: &Arc<Captured>, report: &mut Report) -> Result<()> {
    let (mut writes, mut reads) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let ours = place.copy("ours")?;
        let (write, read) = runtime.block_on(layer(&ours, captured)).context("the layer")?;
        drop(ours);
        let without = place.copy("bare")?;
        let (bare_write, bare_read) =
            runtime.block_on(driver(&without, captured, cpu::own)).context("the bare driver")?;
        writes.push((write, bare_write));
        reads.push((read, bare_read));
    }
    for (what, cells) in [("write", writes), ("read", reads)] {
        let ratio = cpu::median(cells.iter().map(|(ours, bare)| ours / bare.max(1e-9)).collect());
        let ours = cpu::median(cells.iter().map(|(ours, _)| *ours).collect());
        let bare = cpu::median(cells.iter().map(|(_, bare)| *bare).collect());
        let what = format!("{}: store {what}, CPU ÷ bare driver", place.engine);
        report.at_most(what, ratio, 1.25, format_args!("{ours:.0} ÷ {bare:.0} µs"));
    }
    Ok(())
}

/// CPU of a write and of a read through `db`, in µs.
async fn layer(place: &Place, captured: &Arc<Captured>) -> Result<(f64, f64)> {
    let db = Db::open(&place.url()?, Options { pool: CALLERS, ..Options::default() }).await?;
    let written = Arc::clone(captured);
    let write =
        {
            let db = db.clone();
            each(&cpu::own, captured.cases.len(), move |n| {
                let (db, written) = (db.clone(), Arc::clone(&written));
                async move {
                    Ok(db.write((written, n), |tx, (written, n)| Box::pin(insert(tx, written.cases.get(*n)))).await?)
                }
            })
        }
        .await?;
    let ids = ids(captured);
    let read = each(&cpu::own, READS, move |n| {
        let (db, id) = (db.clone(), ids.get(n % ids.len().max(1)).copied().unwrap_or_default());
        async move {
            let read: Read = db.read(id, |tx, id| Box::pin(read(tx, *id))).await?;
            std::hint::black_box(read);
            Ok(())
        }
    })
    .await?;
    Ok((write, read))
}

async fn insert(tx: &mut db::Tx, statements: Option<&Vec<Statement>>) -> Result<(), DbError> {
    let statements: Vec<(&str, &[Value])> =
        statements.into_iter().flatten().map(|(sql, values)| (sql.as_str(), values.as_slice())).collect();
    tx.batch(&statements).await
}

async fn read(tx: &mut db::Tx, id: i64) -> Result<Read, DbError> {
    let case: Option<CaseRead> = tx.one(CASE, args![id]).await?;
    let entries: Vec<EntryRead> = tx.all(ENTRIES, args![id]).await?;
    let queue: Vec<CaseRead> = tx.all(QUEUE, args![0_i64]).await?;
    let case =
        case.ok_or_else(|| DbError { kind: db::DbErrorKind::Sql, constraint: None, message: "no such case".into() })?;
    Ok((case, entries, queue))
}

/// The same with the bare driver; `used` is the time that counts.
async fn driver(place: &Place, captured: &Arc<Captured>, used: impl Fn() -> Result<Duration>) -> Result<(f64, f64)> {
    let ids = ids(captured);
    let id = move |n: usize| ids.get(n % ids.len().max(1)).copied().unwrap_or_default();
    let count = captured.cases.len();
    if place.engine == Made::Sqlite {
        let bare = Arc::new(bare::Sqlite::open(&place.file(), captured)?);
        let writer = Arc::clone(&bare);
        let write = each(&used, count, move |n| {
            let bare = Arc::clone(&writer);
            async move { bare.write(n).await }
        })
        .await?;
        let read = each(&used, READS, move |n| {
            let (bare, id) = (Arc::clone(&bare), id(n));
            async move {
                std::hint::black_box(bare.read(id).await?);
                Ok(())
            }
        })
        .await?;
        return Ok((write, read));
    }
    // Each caller has a connection of its own.
    let mut connections = Vec::new();
    for _ in 0..CALLERS {
        connections.push(Arc::new(tokio::sync::Mutex::new(bare::Postgres::open(&place.url()?).await?)));
    }
    let connection = move |n: usize| connections.get(n % CALLERS).cloned().context("a connection for every caller");
    let (written, writer) = (Arc::clone(captured), connection.clone());
    let write = each(&used, count, move |n| {
        let (connection, written) = (writer(n), Arc::clone(&written));
        async move { connection?.lock().await.write(written.cases.get(n).context("no such case")?).await }
    })
    .await?;
    let read = each(&used, READS, move |n| {
        let (connection, id) = (connection(n), id(n));
        async move {
            std::hint::black_box(connection?.lock().await.read(id).await?);
            Ok(())
        }
    })
    .await?;
    Ok((write, read))
}

/// Does `act` for 0..`count` by [`CALLERS`] callers at once, caller `c` those with `n % CALLERS == c`; time `used` by each in µs, warmed
/// up with the first tenth.
async fn each<F: Future<Output = Result<()>> + Send + 'static>(
    used: &impl Fn() -> Result<Duration>,
    count: usize,
    act: impl Fn(usize) -> F + Clone + Send + 'static,
) -> Result<f64> {
    let warm = count / 10;
    some(0..warm, act.clone()).await?;
    let before = used()?;
    some(warm..count, act).await?;
    Ok(cpu::micros_each(used()?.saturating_sub(before), count - warm))
}

async fn some<F: Future<Output = Result<()>> + Send + 'static>(
    range: std::ops::Range<usize>,
    act: impl Fn(usize) -> F + Clone + Send + 'static,
) -> Result<()> {
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let (act, range) = (act.clone(), range.clone());
            tokio::spawn(async move {
                for n in range.filter(|n| n % CALLERS == caller) {
                    act(n).await?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for caller in callers {
        caller.await??;
    }
    Ok(())
}

/// CPU of one write through the bare driver, in µs, with that of the database server whose main process is `server`.
pub async fn bare_write(place: &Place, captured: &Arc<Captured>, server: Option<&str>) -> Result<f64> {
    let used = || Ok(cpu::own()? + server.map(cpu::family).transpose()?.unwrap_or_default());
    Ok(driver(place, captured, used).await?.0)
}

/// The ids of the cases that were written.
fn ids(captured: &Captured) -> Vec<i64> {
    let first = |statements: &Vec<Statement>| {
        let (_, values) = statements.iter().find(|(sql, _)| sql.starts_with("INSERT INTO service_case "))?;
        match values.first() {
            Some(Value::Int(id)) => Some(*id),
            _ => None,
        }
    };
    captured.cases.iter().filter_map(first).collect()
}
