//! A database that is away, comes back, or is the wrong one; and copies of one.

use db::{Db, DbError, DbErrorKind, Engine, Options, args};
use testkit::{Fresh, block_on, options};
use tokio_postgres::NoTls;

use crate::gate::Gate;
use crate::{all, exec};

async fn refused(url: &str) -> DbError {
    Db::open(url, options()).await.err().expect("it does not open")
}

#[test]
fn a_killed_connection_is_gone_and_the_next_one_works() {
    block_on(async {
        let fresh = Fresh::empty(Engine::Postgres).await;
        let db = fresh.open(options()).await;
        exec(&db, "CREATE TABLE t (id BIGINT)", &[]).await.unwrap();
        let outcome: Result<(), DbError> = db
            .write((), |tx, ()| {
                Box::pin(async move {
                    tx.exec("INSERT INTO t (id) VALUES (1)", &[]).await?;
                    tx.exec("SELECT pg_terminate_backend(pg_backend_pid())", &[]).await?;
                    Ok(())
                })
            })
            .await;
        assert_eq!(outcome.unwrap_err().kind, DbErrorKind::Gone);
        exec(&db, "INSERT INTO t (id) VALUES (2)", &[]).await.unwrap();
        assert_eq!(all::<i64>(&db, "SELECT id FROM t", &[]).await.unwrap(), [2]);

        // Connections that die while they lie in the pool are not noticed by anybody.
        let other = fresh.open(options()).await;
        let kill = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()";
        assert!(all::<i64>(&other, kill, &[]).await.unwrap()[0] > 0);
        assert_eq!(all::<i64>(&db, "SELECT id FROM t", &[]).await.unwrap(), [2]);
        drop((db, other));
        fresh.remove().await;
    });
}

/// A request that waits for somebody else's lock is cancelled: its statement is stopped on the server, and the pool stays whole.
#[test]
fn a_cancelled_wait_for_a_lock_ends_on_the_server() {
    block_on(async {
        let fresh = Fresh::empty(Engine::Postgres).await;
        let db = fresh.open(Options { pool: 2, ..options() }).await;
        exec(&db, "CREATE TABLE t (id BIGINT PRIMARY KEY)", &[]).await.unwrap();
        let insert = |gate: Gate| {
            let db = db.clone();
            tokio::spawn(async move {
                db.write(gate, |tx, gate| {
                    Box::pin(async move {
                        tx.exec("INSERT INTO t (id) VALUES (1)", &[]).await?;
                        gate.pass(Engine::Postgres).await;
                        Ok::<_, DbError>(())
                    })
                })
                .await
            })
        };
        let gate = Gate::default();
        let holder = insert(gate.clone());
        gate.arrived().await;
        let waiter = insert(Gate::default());
        let other = fresh.open(options()).await;
        let waiting =
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while all::<i64>(&other, waiting, &[]).await.unwrap() == [0] {}
        waiter.abort();
        assert!(waiter.await.unwrap_err().is_cancelled());
        while all::<i64>(&other, waiting, &[]).await.unwrap() != [0] {}
        gate.open();
        holder.await.unwrap().unwrap();
        // Both places in the pool are usable.
        let count = "SELECT COUNT(*) FROM t";
        assert_eq!(tokio::try_join!(all::<i64>(&db, count, &[]), all::<i64>(&db, count, &[])), Ok((vec![1], vec![1])));
        drop((db, other));
        fresh.remove().await;
    });
}

#[test]
fn addresses_that_lead_nowhere_say_so() {
    block_on(async {
        assert_eq!(refused("postgres://nobody@127.0.0.1:1/none").await.kind, DbErrorKind::Gone);
        assert_eq!(refused("sqlite:/no/such/folder/company.db").await.kind, DbErrorKind::Gone);
        for url in ["sqlite:", "sqlite::memory:", "mysql://secret@host/x"] {
            let error = refused(url).await;
            assert_eq!(error.kind, DbErrorKind::Sql, "{url}");
            assert!(!error.message.contains("secret"), "{error}");
        }
    });
}

#[test]
fn a_file_that_is_no_database_is_corrupt() {
    block_on(async {
        let fresh = Fresh::empty(Engine::Sqlite).await;
        std::fs::write(
            fresh.url().strip_prefix("sqlite:").unwrap(),
            "not a database, but long enough to be looked at ".repeat(50),
        )
        .unwrap();
        assert_eq!(refused(fresh.url()).await.kind, DbErrorKind::Corrupt);
        fresh.remove().await;
    });
}

#[test]
fn a_database_that_sorts_otherwise_is_refused() {
    block_on(async {
        let fresh = Fresh::empty(Engine::Postgres).await;
        let (cluster, name) = fresh.url().rsplit_once('/').unwrap();
        let (admin, connection) = tokio_postgres::connect(&format!("{cluster}/postgres"), NoTls).await.unwrap();
        tokio::spawn(connection);
        let latin = format!("{name}_latin");
        admin.batch_execute(&format!("CREATE DATABASE {latin} TEMPLATE template0 ENCODING 'LATIN1'")).await.unwrap();
        let error = refused(&format!("{cluster}/{latin}")).await;
        admin.batch_execute(&format!("DROP DATABASE {latin} WITH (FORCE)")).await.unwrap();
        fresh.remove().await;
        assert!(error.message.contains("LATIN1") && error.message.contains("CREATE DATABASE"), "{error}");
    });
}

#[test]
fn a_backup_is_a_database_as_it_stood() {
    block_on(async {
        let fresh = Fresh::empty(Engine::Sqlite).await;
        let db = fresh.open(options()).await;
        exec(&db, "CREATE TABLE t (id BIGINT)", &[]).await.unwrap();
        exec(&db, "INSERT INTO t (id) VALUES ($1)", args![1_i64]).await.unwrap();
        let copy = format!("{}.copy", fresh.url());
        db.backup_to(copy.strip_prefix("sqlite:").unwrap().into()).await.unwrap();
        exec(&db, "INSERT INTO t (id) VALUES ($1)", args![2_i64]).await.unwrap();
        db.checkpoint().await.unwrap();
        let copied = Db::open(&copy, options()).await.unwrap();
        assert_eq!(all::<i64>(&copied, "SELECT id FROM t", &[]).await.unwrap(), [1]);
        assert_eq!(all::<i64>(&db, "SELECT COUNT(*) FROM t", &[]).await.unwrap(), [2]);
        fresh.remove().await;
    });
}
