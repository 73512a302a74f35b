//! Group commit on SQLite: many bodies share a COMMIT and do not notice it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use db::{Db, DbError, DbErrorKind, Engine, Filter, args};
use futures_util::FutureExt;
use futures_util::future::join_all;
use testkit::{Fresh, block_on, options};

use crate::gate::Gate;
use crate::{all, exec};

/// What a member of a group does after its insert.
#[derive(Debug, Clone, Copy)]
enum Act {
    Succeed,
    /// Breaks the primary key.
    Duplicate,
    Panic,
    /// Awaits something that is not its database.
    Wait,
    /// Fails for a reason of its own.
    Refuse,
    /// Makes the engine end the whole transaction.
    RollBackAll,
    /// Leaves a foreign key open, so that COMMIT fails.
    SpoilCommit,
    /// Writes more than the disk holds.
    FillDisk,
    /// Leaves a row for the end, a thousand higher.
    Later,
    /// Leaves a statement for the end that breaks the primary key.
    FailLater,
    /// Leaves a row for the end and fails.
    LaterAndRefuse,
}

const TABLES: [&str; 3] = [
    "CREATE TABLE t (id BIGINT PRIMARY KEY)",
    "CREATE TABLE large (data BLOB)",
    "CREATE TABLE late (id BIGINT PRIMARY KEY REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)",
];

struct Member {
    id: i64,
    act: Act,
    runs: AtomicU32,
}

fn row(id: i64) -> Filter {
    let mut insert = Filter::new("INSERT INTO t (id) VALUES ");
    insert.bind("(?)", args![id]);
    insert
}

async fn write(db: &Db, member: Arc<Member>) -> Result<(), DbError> {
    db.write(member, |tx, member| {
        Box::pin(async move {
            member.runs.fetch_add(1, Ordering::SeqCst);
            tx.exec("INSERT INTO t (id) VALUES ($1)", args![member.id]).await?;
            match member.act {
                Act::Succeed => {}
                Act::Duplicate => {
                    tx.exec("INSERT INTO t (id) VALUES (0)", &[]).await?;
                }
                Act::Panic => panic!("on purpose"),
                Act::Wait => std::future::pending().await,
                Act::Refuse => {
                    return Err(DbError { kind: DbErrorKind::Check, constraint: None, message: "no".to_owned() });
                }
                Act::RollBackAll => {
                    tx.exec("INSERT OR ROLLBACK INTO t (id) VALUES (0)", &[]).await?;
                }
                Act::FillDisk => {
                    tx.one::<i64>("PRAGMA max_page_count = 64", &[]).await?;
                    tx.exec("INSERT INTO large (data) VALUES (zeroblob(1000000))", &[]).await?;
                }
                Act::SpoilCommit => {
                    tx.exec("INSERT INTO late (id) VALUES (-1)", &[]).await?;
                }
                Act::Later => tx.at_end(row(member.id + 1_000))?,
                Act::FailLater => tx.at_end(row(0))?,
                Act::LaterAndRefuse => {
                    tx.at_end(row(member.id + 1_000))?;
                    return Err(DbError { kind: DbErrorKind::Check, constraint: None, message: "no".to_owned() });
                }
            }
            Ok(())
        })
    })
    .await
}

/// Runs `acts` as one group (the first, which always succeeds, holds the writer until all wait behind it); answers each one's
/// outcome and how often it ran, and the rows afterwards.
fn group(acts: &[Act]) -> (Vec<(Option<DbErrorKind>, u32)>, Vec<i64>, db::Stats) {
    block_on(async {
        let fresh = Fresh::empty(Engine::Sqlite).await;
        let db = fresh.open(options()).await;
        for table in TABLES {
            exec(&db, table, &[]).await.unwrap();
        }
        let gate = Gate::default();
        let first = {
            let (db, gate) = (db.clone(), gate.clone());
            tokio::spawn(async move {
                db.write(gate, |tx, gate| {
                    Box::pin(async move {
                        gate.pass(Engine::Sqlite).await;
                        tx.exec("INSERT INTO t (id) VALUES (0)", &[]).await
                    })
                })
                .await
            })
        };
        gate.arrived().await;
        let members: Vec<Arc<Member>> =
            (1..).zip(acts).map(|(id, act)| Arc::new(Member { id, act: *act, runs: AtomicU32::new(0) })).collect();
        // The first poll of a write puts it into the queue: they stand there in this order.
        let mut running: Vec<_> = members.iter().map(|one| Box::pin(write(&db, Arc::clone(one)))).collect();
        for one in &mut running {
            assert!(one.now_or_never().is_none());
        }
        assert_eq!(db.stats().waiting, u64::try_from(acts.len()).unwrap());
        gate.open();
        first.await.unwrap().unwrap();
        let outcomes = join_all(running).await.into_iter().zip(&members);
        let outcomes =
            outcomes.map(|(done, one)| (done.err().map(|error| error.kind), one.runs.load(Ordering::SeqCst))).collect();
        let rows = all(&db, "SELECT id FROM t ORDER BY id", &[]).await.unwrap();
        let stats = db.stats();
        fresh.remove().await;
        (outcomes, rows, stats)
    })
}

#[test]
fn a_failing_member_does_not_harm_its_group() {
    use Act::*;
    let (outcomes, rows, stats) = group(&[Succeed, Duplicate, Succeed, Panic, Succeed, Wait, Succeed, Refuse, Succeed]);
    let kinds: Vec<_> = outcomes.iter().map(|outcome| outcome.0).collect();
    let (unique, body) = (Some(DbErrorKind::Unique), Some(DbErrorKind::Body));
    assert_eq!(kinds, [None, unique, None, body, None, body, None, Some(DbErrorKind::Check), None]);
    assert_eq!(rows, [0, 1, 3, 5, 7, 9]);
    assert_eq!(stats.largest, 10, "one group");
    let runs: Vec<_> = outcomes.iter().map(|outcome| outcome.1).collect();
    assert_eq!(runs, [2, 2, 1, 1, 1, 1, 1, 1, 1], "those up to the first that failed ran again, kept apart");
}

#[test]
fn when_the_engine_ends_the_transaction_the_others_run_again_alone() {
    use Act::*;
    let (outcomes, rows, _) = group(&[Succeed, Succeed, RollBackAll, Succeed, Panic, Succeed]);
    let kinds: Vec<_> = outcomes.iter().map(|outcome| outcome.0).collect();
    assert_eq!(kinds, [None, None, Some(DbErrorKind::Unique), None, Some(DbErrorKind::Body), None]);
    assert_eq!(rows, [0, 1, 2, 4, 6]);
}

#[test]
fn when_the_commit_fails_only_the_culprit_does() {
    use Act::*;
    let (outcomes, rows, _) = group(&[Succeed, SpoilCommit, Succeed]);
    assert_eq!(outcomes, [(None, 3), (Some(DbErrorKind::ForeignKey), 3), (None, 3)]);
    assert_eq!(rows, [0, 1, 3]);
}

#[test]
fn a_full_disk_fails_only_who_needs_it() {
    use Act::*;
    let (outcomes, rows, _) = group(&[Succeed, FillDisk, Succeed]);
    let kinds: Vec<_> = outcomes.iter().map(|outcome| outcome.0).collect();
    assert_eq!(kinds, [None, Some(DbErrorKind::Full), None]);
    assert_eq!(rows, [0, 1, 3]);
}

#[test]
fn what_is_left_for_the_end_is_kept_with_its_body() {
    use Act::*;
    let (outcomes, rows, stats) = group(&[Later, Succeed, LaterAndRefuse, Later]);
    let kinds: Vec<_> = outcomes.iter().map(|outcome| outcome.0).collect();
    assert_eq!(kinds, [None, None, Some(DbErrorKind::Check), None]);
    assert_eq!(rows, [0, 1, 2, 4, 1_001, 1_004]);
    assert_eq!(stats.largest, 5, "one group");
}

#[test]
fn who_fails_at_the_end_fails_alone() {
    use Act::*;
    let (outcomes, rows, _) = group(&[Later, FailLater, Succeed]);
    let kinds: Vec<_> = outcomes.iter().map(|outcome| outcome.0).collect();
    assert_eq!(kinds, [None, Some(DbErrorKind::Unique), None]);
    assert_eq!(rows, [0, 1, 3, 1_001]);
}

#[test]
fn many_writers_share_few_commits() {
    let (outcomes, rows, stats) = group(&[Act::Succeed; 300]);
    assert!(outcomes.iter().all(|outcome| *outcome == (None, 1)));
    assert_eq!(rows.len(), 301);
    // Three for the tables, then at most 128 to a group.
    assert_eq!((stats.groups, stats.members, stats.largest), (3 + 3, 3 + 301, 128));
}
