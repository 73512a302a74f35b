use db::Db;
use journal::{Flaw, InstallationKey};
use kernel::{IdGen, Timestamp};

use crate::fixture::*;

#[testkit::db_test]
async fn seals_cover_everything_once(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    assert_eq!(seal(&db, &ids, &clock).await, []);
    case(&db, &ids, &clock, 1).await;
    let first = seal(&db, &ids, &clock).await;
    assert_eq!((first.len(), first[0].seq, first[0].entries), (1, 1, 4));
    assert_eq!(seal(&db, &ids, &clock).await, []);
    case(&db, &ids, &clock, 2).await;
    let second = seal(&db, &ids, &clock).await;
    assert_eq!((second[0].seq, &second[0].previous), (2, &first[0].digest));
    let report = sound(&db).await;
    assert_eq!((report.seals, report.sealed, report.unsealed), (2, 8, 0));
    assert_eq!(report.keys, [key().fingerprint()].into());
    assert_eq!(report.newest_seal, Some((2, second[0].digest.iter().map(|byte| format!("{byte:02x}")).collect())));
}

#[testkit::db_test]
async fn an_entry_that_comes_late_with_a_low_id_is_sealed_later(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    case(&db, &ids, &clock, 1).await;
    let first = seal(&db, &ids, &clock).await;
    // A transaction of another node that began earlier and commits now.
    let early = testkit::clock();
    early.set(Timestamp::from_millis(clock.now().millis() - 60_000));
    case(&db, &IdGen::new(2, early), &clock, 2).await;
    let second = seal(&db, &ids, &clock).await;
    assert!(second[0].to_id < first[0].from_id);
    assert_eq!(sound(&db).await.unsealed, 0);
}

#[testkit::db_test]
async fn a_long_backlog_makes_several_seals(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    let entries = (0..2_100).map(|n| entry(record(n % 3), "case.noted", Vec::new())).collect();
    append(&db, &ids, staff(&clock), entries).await.unwrap();
    let made = seal(&db, &ids, &clock).await;
    assert_eq!(made.iter().map(|seal| seal.entries).collect::<Vec<_>>(), [1_024, 1_024, 52]);
    let report = sound(&db).await;
    assert_eq!((report.seals, report.sealed), (3, 2_100));
}

#[testkit::db_test]
async fn nodes_that_seal_at_once_lose_nothing_and_seal_nothing_twice(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    let entries = (0..3_000).map(|n| entry(record(n % 3), "case.noted", Vec::new())).collect();
    append(&db, &ids, staff(&clock), entries).await.unwrap();
    let nodes = (0..4).map(|_| {
        let (db, ids, clock) = (db.clone(), ids.clone(), clock.clone());
        tokio::spawn(async move { journal::seal(&db, &ids, &key(), &clock).await })
    });
    for node in nodes.collect::<Vec<_>>() {
        // The later one may be told that another was there.
        let _ = node.await.unwrap();
    }
    seal(&db, &ids, &clock).await;
    let report = sound(&db).await;
    assert_eq!((report.sealed, report.unsealed), (3_000, 0));
}

#[testkit::db_test]
async fn a_seal_of_another_key_is_found_when_a_key_is_asked_for(db: Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    case(&db, &ids, &clock, 1).await;
    let other = InstallationKey::from_seed([9; 32]);
    journal::seal(&db, &ids, &other, &clock).await.unwrap();
    let problems = verify(&db).await.problems;
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].seq, &problems[0].flaw), (1, &Flaw::SealKey(other.fingerprint())));
    assert!(journal::verify(&db, None).await.unwrap().is_sound());
}
