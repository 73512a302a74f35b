use db::{Db, DbError, args};
use kernel::{Reach, RecordRef};
use search::Piece;

use crate::fixture::*;

async fn pages(db: &Db, text: &str, reach: &Reach, limit: usize) -> Vec<i64> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let asked = Asked { text: text.into(), reach: reach.clone(), kinds: KINDS.to_vec(), limit, before };
        let found = ask(db, asked).await;
        assert!(found.hits.len() <= limit);
        all.extend(found.hits.into_iter().map(|hit| hit.record_id));
        match found.next {
            Some(next) => before = Some(next),
            None => return all,
        }
    }
}

#[testkit::db_test]
async fn pages_join_without_gap_or_repetition_newest_first(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    // Every third has the words, so that pages reach past the newest 2,000 into the index.
    let pieces = (0..5_000).map(|n| piece(n, if n % 3 == 0 { "退款" } else { "换货" })).collect();
    index(&db, &ids, pieces).await;
    let expected: Vec<i64> = (0..5_000).rev().filter(|n| n % 3 == 0).collect();
    assert_eq!(pages(&db, "退款", &Reach::company(), 600).await, expected);
    assert_eq!(pages(&db, "退款", &stores(&[1]), 999).await, expected);
    assert_eq!(pages(&db, "退款", &stores(&[1, 2]), 1_667).await, expected);
    assert_eq!(pages(&db, "退款 换货", &Reach::company(), 20).await, [0_i64; 0]);
}

#[testkit::db_test]
async fn a_search_that_examines_very_many_ends_its_page_early_and_goes_on(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    // More parts than are looked through one by one, and none of them a store.
    let reach = Reach { teams: (1..=9).map(kernel::Id::new).collect(), ..Reach::default() };
    let theirs = |n: i64| Piece { team: Some(kernel::Id::new(9)), ..piece(n, "退款") };
    index(&db, &ids, vec![theirs(1)]).await;
    index(&db, &ids, (2..24_000).map(|n| piece(n, "退款")).collect()).await;
    index(&db, &ids, vec![theirs(30_000)]).await;
    let first =
        ask(&db, Asked { text: "退款".into(), reach: reach.clone(), kinds: KINDS.to_vec(), limit: 20, before: None })
            .await;
    assert_eq!((first.hits.len(), first.next.is_some()), (1, true));
    assert_eq!(pages(&db, "退款", &reach, 20).await, [30_000, 1]);
}

#[testkit::db_test]
async fn kinds_narrow_the_answer(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    let customer = Piece { record: RecordRef { kind: "customer", id: 7 }, ..piece(7, "王小明") };
    index(&db, &ids, vec![piece(1, "王小明来电"), customer]).await;
    let ask = |kinds: Vec<&'static str>| {
        ask(&db, Asked { text: "王小明".into(), reach: Reach::company(), kinds, limit: 9, before: None })
    };
    let found = ask(vec!["customer"]).await;
    assert_eq!((found.hits[0].record_kind.as_str(), found.hits[0].record_id, found.hits.len()), ("customer", 7, 1));
    assert_eq!(found.hits[0].at, testkit::clock().now());
    assert_eq!(ask(vec!["case", "customer"]).await.hits.len(), 2);
    assert_eq!(ask(vec![]).await.hits.len(), 0);
    assert_eq!(ask(vec!["part"]).await.hits.len(), 0);
}

#[testkit::db_test]
async fn a_rebuild_and_a_reindex_find_the_same(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    index(&db, &ids, vec![piece(99, "陈旧 退款")]).await;
    let pieces: Vec<Piece> = (0..450).map(|n| Piece { codes: vec![format!("SN{n}")], ..piece(n, "退款") }).collect();
    let source = futures_util::stream::iter(pieces.into_iter().map(Ok::<_, DbError>));
    assert_eq!(search::rebuild(&db, &ids, source).await.unwrap(), 450);
    let expected: Vec<i64> = (0..450).rev().collect();
    assert_eq!(find(&db, "退款").await, expected);
    assert_eq!(find(&db, "陈旧").await, [0_i64; 0]);
    bury(&db, &ids).await;
    assert_eq!(search::reindex(&db).await.unwrap(), 2_550);
    search::prepare(&db).await.unwrap();
    assert_eq!(find(&db, "退款").await, expected);
    assert_eq!(find(&db, "sn-449").await, [449]);
    // As after a transfer: rows, but nothing to look up yet.
    let clear = match db.engine() {
        db::Engine::Sqlite => "INSERT INTO search_index (search_index) VALUES ('delete-all')",
        db::Engine::Postgres => "DELETE FROM search_index",
    };
    db.write((), move |tx, ()| Box::pin(async move { tx.exec(clear, args![]).await })).await.unwrap();
    assert_eq!(find(&db, "sn449").await, [0_i64; 0]);
    search::prepare(&db).await.unwrap();
    assert_eq!(find(&db, "sn449").await, [449]);
}

/// On one engine: PostgreSQL tells no steps.
#[test]
fn a_page_of_what_is_common_costs_the_same_among_three_times_the_pieces() {
    testkit::block_on(async {
        let fresh = testkit::Fresh::migrated(testkit::Engine::Sqlite).await;
        let db = fresh.open(testkit::options()).await;
        let ids = testkit::ids(&testkit::clock());
        let mut steps = Vec::new();
        for pieces in [0..3_000, 3_000..9_000] {
            index(&db, &ids, pieces.map(|n| piece(n, if n % 5 == 0 { "退款" } else { "换货" })).collect()).await;
            for kinds in [vec!["case"], vec!["customer"]] {
                let before = db.stats().steps;
                let asked = Asked { text: "退款".into(), reach: Reach::company(), kinds, limit: 20, before: None };
                ask(&db, asked).await;
                steps.push(db.stats().steps - before);
            }
        }
        assert!(steps[2] <= steps[0] * 11 / 10 && steps[3] <= steps[1] * 11 / 10, "{steps:?}");
        fresh.remove().await;
    });
}
