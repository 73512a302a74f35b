//! Random texts and queries: both engines find exactly what the naive definition finds, near and far.

use db::Db;
use kernel::Reach;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use search::Piece;

use crate::fixture::*;
use crate::naive;

/// Few different characters, so that much is found.
fn text(longest: usize) -> impl Strategy<Value = String> {
    let character = prop_oneof![
        6 => prop::sample::select(vec!['退', '款', '货', '屏', '幕']),
        3 => prop::sample::select(vec!['a', 'b', 'A', 'Ｂ']),
        2 => prop::sample::select(vec!['1', '2', '８']),
        2 => prop::sample::select(vec![' ', '\u{3000}', '\n']),
        1 => prop::sample::select(vec!['，', '-', '\'', '\\', '&', '|', '!', ':', '*', '"', '%', '_', '(', '\u{0}', '😀', '\u{202e}']),
    ];
    prop::collection::vec(character, 0..longest).prop_map(|characters| characters.into_iter().collect())
}

fn pieces() -> impl Strategy<Value = Vec<(String, Vec<String>)>> {
    prop::collection::vec((text(24), prop::collection::vec("[ab12款]{1,4}", 0..3)), 25)
}

#[testkit::db_test]
async fn what_is_found_is_what_stands_there(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    let mut runner = TestRunner::deterministic();
    let (mut hits, mut asked) = (0, 0);
    for round in 0..12 {
        let pieces = pieces().new_tree(&mut runner).unwrap().current();
        let indexed =
            pieces.iter().zip(0_i64..).map(|((text, codes), n)| Piece { codes: codes.clone(), ..piece(n, text) });
        index(&db, &ids, indexed.collect()).await;
        if round == 6 {
            // From here on the pieces, which keep their places, are found by the index only.
            bury(&db, &ids).await;
        }
        for _ in 0..60 {
            let query = text(7).new_tree(&mut runner).unwrap().current();
            let mut expected: Vec<i64> = pieces
                .iter()
                .zip(0_i64..)
                .filter(|((text, codes), _)| naive::finds(&query, text, codes))
                .map(|(_, n)| n)
                .collect();
            expected.reverse();
            let found = find_in(&db, &query, &if round % 2 == 0 { Reach::company() } else { stores(&[1]) }).await;
            assert_eq!(found, expected, "{query:?} in {pieces:?}");
            asked += 1;
            hits += found.len();
        }
    }
    assert!(hits > asked, "{hits} hits for {asked} queries are too few to prove anything");
}
