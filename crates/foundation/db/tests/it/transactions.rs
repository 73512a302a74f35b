use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use db::{Db, DbError, DbErrorKind, Engine, Filter, args};
use futures_util::FutureExt;
use futures_util::future::join_all;
use kernel::{Fault, FaultKind};
use testkit::db_test;

use crate::gate::Gate;
use crate::{all, exec};

const TABLE: &str = "CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)";
const INSERT: &str = "INSERT INTO t (id, n) VALUES ($1, 0)";

async fn ids(db: &Db) -> Vec<i64> {
    all(db, "SELECT id FROM t ORDER BY id", &[]).await.unwrap()
}

#[db_test]
async fn an_error_of_the_body_rolls_back_and_comes_out_as_it_is(db: Db) -> Result<(), DbError> {
    exec(&db, TABLE, &[]).await?;
    let outcome: Result<(), Fault> = db
        .write((), |tx, ()| {
            Box::pin(async move {
                tx.exec(INSERT, args![1_i64]).await?;
                Err(Fault::not_found())
            })
        })
        .await;
    assert_eq!(outcome.unwrap_err().kind(), FaultKind::NotFound);
    assert_eq!(ids(&db).await, []);
    Ok(())
}

#[db_test]
async fn a_panic_rolls_back_and_is_an_error(db: Db) -> Result<(), DbError> {
    exec(&db, TABLE, &[]).await?;
    let outcome: Result<(), DbError> = db
        .write(7, |tx, n| {
            Box::pin(async move {
                tx.exec(INSERT, args![1_i64]).await?;
                panic!("on purpose {n}");
            })
        })
        .await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind, DbErrorKind::Body);
    assert!(error.message.contains("on purpose 7"), "{error}");
    let read: Result<(), DbError> = db.read((), |_, ()| Box::pin(async { panic!("on purpose") })).await;
    assert_eq!(read.unwrap_err().kind, DbErrorKind::Body);
    exec(&db, INSERT, args![2_i64]).await?;
    assert_eq!(ids(&db).await, [2]);
    Ok(())
}

#[db_test]
async fn a_failed_statement_fails_the_transaction_even_if_the_body_looks_away(db: Db) -> Result<(), DbError> {
    exec(&db, TABLE, &[]).await?;
    let outcome: Result<(), DbError> = db
        .write((), |tx, ()| {
            Box::pin(async move {
                tx.exec(INSERT, args![1_i64]).await?;
                let first = tx.exec(INSERT, args![1_i64]).await.unwrap_err();
                assert_eq!(tx.exec(INSERT, args![2_i64]).await, Err(first));
                Ok(())
            })
        })
        .await;
    assert_eq!(outcome.unwrap_err().kind, DbErrorKind::Unique);
    assert_eq!(ids(&db).await, []);
    Ok(())
}

#[db_test]
async fn a_read_cannot_write(db: Db) -> Result<(), DbError> {
    exec(&db, TABLE, &[]).await?;
    let outcome: Result<u64, DbError> =
        db.read((), |tx, ()| Box::pin(async move { tx.exec(INSERT, args![1_i64]).await })).await;
    assert_eq!(outcome.unwrap_err().kind, DbErrorKind::Sql);
    exec(&db, INSERT, args![2_i64]).await?;
    assert_eq!(ids(&db).await, [2]);
    Ok(())
}

#[db_test]
async fn a_read_sees_one_snapshot(db: Db) -> Result<(), DbError> {
    exec(&db, TABLE, &[]).await?;
    exec(&db, INSERT, args![1_i64]).await?;
    let gate = Gate::default();
    let (reader, input) = (db.clone(), gate.clone());
    let read = tokio::spawn(async move {
        let count = "SELECT COUNT(*) FROM t";
        reader
            .read(input, move |tx, gate| {
                Box::pin(async move {
                    let before: Option<i64> = tx.one(count, &[]).await?;
                    gate.pass(tx.engine()).await;
                    let after: Option<i64> = tx.one(count, &[]).await?;
                    Ok::<_, DbError>((before, after))
                })
            })
            .await
    });
    gate.arrived().await;
    exec(&db, INSERT, args![2_i64]).await?;
    gate.open();
    assert_eq!(read.await.unwrap()?, (Some(1), Some(1)));
    assert_eq!(ids(&db).await, [1, 2]);
    Ok(())
}

#[db_test]
async fn of_two_claims_one_wins(db: Db) -> Result<(), DbError> {
    exec(&db, TABLE, &[]).await?;
    exec(&db, INSERT, args![1_i64]).await?;
    let claim = "UPDATE t SET n = $1 WHERE id = 1 AND n = 0";
    let claims = (1_i64..=16).map(|who| {
        let db = db.clone();
        tokio::spawn(async move { exec(&db, claim, args![who]).await })
    });
    let won: u64 = join_all(claims).await.into_iter().map(|claim| claim.unwrap().unwrap()).sum();
    assert_eq!(won, 1);
    Ok(())
}

#[db_test]
async fn nothing_is_lost_between_many_writers(db: Db) -> Result<(), DbError> {
    exec(&db, TABLE, &[]).await?;
    exec(&db, INSERT, args![1_i64]).await?;
    let writers = (0..200).map(|_| {
        let db = db.clone();
        tokio::spawn(async move { exec(&db, "UPDATE t SET n = n + 1 WHERE id = 1", &[]).await })
    });
    for writer in join_all(writers).await {
        assert_eq!(writer.unwrap()?, 1);
    }
    assert_eq!(all::<i64>(&db, "SELECT n FROM t", &[]).await?, [200]);
    Ok(())
}

/// A request is cancelled while its body is under way (PostgreSQL) or still waits for its turn (SQLite, where a body that has
/// begun always comes to its end).
#[db_test]
async fn a_caller_who_goes_away_leaves_nothing_behind(db: Db) -> Result<(), DbError> {
    exec(&db, TABLE, &[]).await?;
    let gate = Gate::default();
    let body = |db: Db, id: i64, gate: Gate| async move {
        db.write((id, gate), |tx, (id, gate)| {
            Box::pin(async move {
                tx.exec(INSERT, args![*id]).await?;
                gate.pass(tx.engine()).await;
                Ok::<_, DbError>(())
            })
        })
        .await
    };
    match db.engine() {
        Engine::Postgres => {
            let gone = tokio::spawn(body(db.clone(), 1, gate.clone()));
            gate.arrived().await;
            gone.abort();
            assert!(gone.await.unwrap_err().is_cancelled());
            // The row's key is free again, which waits for the server to have rolled back.
            exec(&db, INSERT, args![1_i64]).await?;
            assert_eq!(ids(&db).await, [1]);
        }
        Engine::Sqlite => {
            let first = tokio::spawn(body(db.clone(), 1, gate.clone()));
            gate.arrived().await;
            let mut gone = Box::pin(body(db.clone(), 2, gate.clone()));
            assert!(gone.as_mut().now_or_never().is_none());
            drop(gone);
            gate.open();
            first.await.unwrap()?;
            exec(&db, INSERT, args![3_i64]).await?;
            assert_eq!(ids(&db).await, [1, 3]);
        }
    }
    Ok(())
}

#[db_test]
async fn a_statement_prepared_before_a_schema_change_still_works(db: Db) -> Result<(), DbError> {
    exec(&db, TABLE, &[]).await?;
    exec(&db, INSERT, args![1_i64]).await?;
    for _ in 0..3 {
        assert_eq!(all::<(i64, i64)>(&db, "SELECT * FROM t", &[]).await?, [(1, 0)]);
    }
    exec(&db, "ALTER TABLE t ADD COLUMN extra BIGINT", &[]).await?;
    assert_eq!(all::<(i64, i64, Option<i64>)>(&db, "SELECT * FROM t", &[]).await?, [(1, 0, None)]);
    Ok(())
}

/// Two transactions change the same two rows in opposite order. PostgreSQL finds the deadlock and the loser runs again; SQLite
/// has one writer, so there is none.
#[db_test]
async fn a_deadlock_is_repeated(db: Db) -> Result<(), DbError> {
    exec(&db, TABLE, &[]).await?;
    exec(&db, INSERT, args![1_i64]).await?;
    exec(&db, INSERT, args![2_i64]).await?;
    struct Input {
        order: [i64; 2],
        runs: Arc<AtomicU32>,
        both: Arc<tokio::sync::Barrier>,
    }
    let (runs, both) = (Arc::new(AtomicU32::new(0)), Arc::new(tokio::sync::Barrier::new(2)));
    let writers = [[1, 2], [2, 1]].map(|order| {
        let (db, input) = (db.clone(), Input { order, runs: Arc::clone(&runs), both: Arc::clone(&both) });
        tokio::spawn(async move {
            db.write(input, |tx, input| {
                Box::pin(async move {
                    let change = "UPDATE t SET n = n + 1 WHERE id = $1";
                    let postgres = tx.engine() == Engine::Postgres;
                    if postgres {
                        tx.exec("SET LOCAL deadlock_timeout = '20ms'", &[]).await?;
                    }
                    let run = input.runs.fetch_add(1, Ordering::SeqCst);
                    tx.exec(change, args![input.order[0]]).await?;
                    if postgres && run < 2 {
                        input.both.wait().await;
                    }
                    tx.exec(change, args![input.order[1]]).await?;
                    Ok::<_, DbError>(())
                })
            })
            .await
        })
    });
    for writer in writers {
        writer.await.unwrap()?;
    }
    assert_eq!(all::<i64>(&db, "SELECT n FROM t ORDER BY id", &[]).await?, [2, 2]);
    assert_eq!(runs.load(Ordering::SeqCst), if db.engine() == Engine::Postgres { 3 } else { 2 });
    Ok(())
}

#[db_test]
async fn what_is_left_for_the_end_is_done_last_and_decides_too(db: Db) -> Result<(), DbError> {
    exec(&db, "CREATE TABLE late (id BIGINT PRIMARY KEY)", &[]).await?;
    let leave = async |ids: &'static [i64]| {
        let counted = db.write(ids, |tx, ids| {
            Box::pin(async move {
                for id in *ids {
                    let mut insert = Filter::new("INSERT INTO late (id) VALUES (?)");
                    insert.args(args![*id]);
                    tx.at_end(insert)?;
                }
                tx.one::<i64>("SELECT COUNT(*) FROM late", &[]).await
            })
        });
        counted.await
    };
    assert_eq!(leave(&[1, 2]).await?, Some(0), "not yet there");
    assert_eq!(leave(&[3, 2]).await.map_err(|error| error.kind), Err(DbErrorKind::Unique));
    assert_eq!(leave(&[4]).await?, Some(2), "all or nothing, and the next one is not troubled");
    assert_eq!(all::<i64>(&db, "SELECT id FROM late ORDER BY id", &[]).await?, [1, 2, 4]);
    Ok(())
}
