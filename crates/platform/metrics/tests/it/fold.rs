use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use db::Db;
use metrics::{By, Delta};

use crate::fixture::*;

#[testkit::db_test]
async fn a_backlog_is_folded_in_bounded_steps_and_only_once(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    for n in 0..5 {
        let deltas = (0..1_000).map(|m| Delta::observe("cases.answer_histogram", store(m % 31), day(n), m)).collect();
        append(&db, &ids, deltas).await;
    }
    let rows = waiting(&db).await;
    assert!(rows > 2_000, "{rows} rows are more than one step");
    assert_eq!(i64::try_from(metrics::fold(&db).await.unwrap()), Ok(rows));
    assert_eq!(metrics::fold(&db).await.unwrap(), 0);
    let all = read(&db, P90, slice(&(0..31).collect::<Vec<_>>(), 0, 4, By::Total)).await.unwrap();
    assert_eq!(all[0].parts["cases.answer_histogram"], 5_000);
}

#[testkit::db_test]
async fn deltas_of_one_cell_in_one_transaction_become_one_row(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    let one = || Delta::new("cases.answered", store(1), day(0), 1);
    append(&db, &ids, vec![one(), one(), Delta { n: 5, ..one() }]).await;
    append(&db, &ids, vec![one(), Delta { n: -1, ..one() }]).await;
    append(&db, &ids, Vec::new()).await;
    assert_eq!(waiting(&db).await, 1);
    assert_eq!(numbers(&db, ANSWERED, slice(&[1], 0, 0, By::Total)).await, [Some(7)]);
}

#[testkit::db_test]
async fn folders_and_writers_at_once_lose_nothing_and_count_nothing_twice(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    let done = Arc::new(AtomicBool::new(false));
    let folders: Vec<_> = (0..3)
        .map(|_| {
            let (db, done) = (db.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                while !done.load(Ordering::SeqCst) {
                    metrics::fold(&db).await.unwrap();
                }
            })
        })
        .collect();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (db, ids) = (db.clone(), ids.clone());
            tokio::spawn(async move {
                for n in 0..50 {
                    let deltas =
                        (0..5).map(|m| Delta::new("cases.answered", store(m), day((n + writer) % 3), 1)).collect();
                    append(&db, &ids, deltas).await;
                    // What a reader sees never falls behind what it has written itself.
                    let seen = numbers(&db, ANSWERED, slice(&[0, 1, 2, 3, 4], 0, 2, By::Total)).await[0].unwrap();
                    assert!(seen >= i64::from(n + 1) * 5);
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    done.store(true, Ordering::SeqCst);
    for folder in folders {
        folder.await.unwrap();
    }
    assert_eq!(numbers(&db, ANSWERED, slice(&[0, 1, 2, 3, 4], 0, 2, By::Total)).await, [Some(1_000)]);
    metrics::fold(&db).await.unwrap();
    assert_eq!(waiting(&db).await, 0);
    assert_eq!(numbers(&db, ANSWERED, slice(&[0, 1, 2, 3, 4], 0, 2, By::Total)).await, [Some(1_000)]);
}
