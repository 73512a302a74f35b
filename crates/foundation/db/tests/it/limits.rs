//! What happens at the limits: full queues, waits that are too long, reads that take too long, foreign awaits.

use std::time::Duration;

use db::{Db, DbError, DbErrorKind, Engine, Options, args};
use futures_util::FutureExt;
use kernel::{Fault, FaultKind};
use testkit::{Fresh, block_on, db_test, options};

use crate::gate::Gate;
use crate::{all, exec};

const ENDLESS: &str =
    "WITH RECURSIVE number (n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM number WHERE n < $1)
     SELECT COUNT(*) FROM number";

/// Runs `test` on an empty database of `engine` with limits of its own.
fn with<F: Future<Output = ()>>(engine: Engine, options: Options, test: impl FnOnce(Db) -> F) {
    block_on(async {
        let fresh = Fresh::empty(engine).await;
        test(fresh.open(options).await).await;
        fresh.remove().await;
    });
}

async fn hold(db: Db, gate: Gate) -> Result<(), Fault> {
    db.write(gate, |tx, gate| {
        Box::pin(async move {
            gate.pass(tx.engine()).await;
            Ok(())
        })
    })
    .await
}

#[test]
fn a_full_queue_is_busy() {
    with(Engine::Sqlite, Options { queue: 2, ..options() }, |db| async move {
        let gate = Gate::default();
        let first = tokio::spawn(hold(db.clone(), gate.clone()));
        gate.arrived().await;
        let mut waiting = [Box::pin(hold(db.clone(), gate.clone())), Box::pin(hold(db.clone(), gate.clone()))];
        assert!(waiting.iter_mut().all(|write| write.as_mut().now_or_never().is_none()));
        let full = exec(&db, "SELECT 1", &[]).await.unwrap_err();
        assert_eq!(full.kind, DbErrorKind::Full);
        assert_eq!(hold(db.clone(), gate.clone()).await.unwrap_err().kind(), FaultKind::Busy);
        gate.open();
        first.await.unwrap().unwrap();
        for write in waiting {
            write.await.unwrap();
        }
        assert_eq!(db.stats().waiting, 0);
    });
}

#[test]
fn a_wait_that_is_too_long_is_busy() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        with(
            engine,
            Options { pool: 1, readers: 1, queue_timeout: Duration::from_millis(200), ..options() },
            |db| async move {
                let gate = Gate::default();
                let first = tokio::spawn(hold(db.clone(), gate.clone()));
                gate.arrived().await;
                let mut late = tokio::spawn(hold(db.clone(), Gate::default()));
                // SQLite's writer looks at the time when it comes to a body, PostgreSQL's pool by itself.
                if engine == Engine::Sqlite {
                    assert!(tokio::time::timeout(Duration::from_millis(400), &mut late).await.is_err());
                    gate.open();
                }
                let late = late.await.unwrap().unwrap_err();
                assert_eq!(late.kind(), FaultKind::Busy, "{late}");
                assert!(late.cause().unwrap().contains("too long"), "{late}");
                gate.open();
                first.await.unwrap().unwrap();
            },
        );
    }
}

#[db_test]
async fn a_read_that_takes_too_long_is_stopped(db: Db) -> Result<(), DbError> {
    let read: Result<Option<i64>, DbError> = db
        .read_within(Duration::from_millis(100), (), |tx, ()| {
            Box::pin(async move { tx.one(ENDLESS, args![i64::MAX]).await })
        })
        .await;
    assert_eq!(read.unwrap_err().kind, DbErrorKind::Busy);
    assert_eq!(all::<i64>(&db, ENDLESS, args![10_i64]).await?, [10]);
    Ok(())
}

#[db_test]
async fn a_body_may_await_only_its_database(db: Db) -> Result<(), DbError> {
    exec(&db, "CREATE TABLE t (id BIGINT)", &[]).await?;
    if db.engine() == Engine::Postgres {
        return Ok(());
    }
    let outcome: Result<(), DbError> = db
        .write((), |tx, ()| {
            Box::pin(async move {
                tx.exec("INSERT INTO t (id) VALUES (1)", &[]).await?;
                tokio::task::yield_now().await;
                Ok(())
            })
        })
        .await;
    let error = outcome.unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (DbErrorKind::Body, "a transaction may only await its database"));
    let timer: Result<(), DbError> = db
        .read((), |_, ()| {
            Box::pin(async move {
                tokio::time::sleep(Duration::from_millis(1)).await;
                Ok(())
            })
        })
        .await;
    assert_eq!(timer.unwrap_err().kind, DbErrorKind::Body);
    assert_eq!(all::<i64>(&db, "SELECT COUNT(*) FROM t", &[]).await?, [0]);
    Ok(())
}
