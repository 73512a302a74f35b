use db::Db;
use search::{Piece, code};

use crate::fixture::*;

/// Runs `checks` while the pieces are the newest, and again when they can only be found by the index.
macro_rules! near_and_far {
    ($db:ident, $ids:ident, $checks:expr) => {
        $checks.await;
        bury(&$db, &$ids).await;
        $checks.await;
    };
}

#[testkit::db_test]
async fn any_two_characters_in_a_row_are_found_and_one_too(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    index(
        &db,
        &ids,
        vec![
            piece(1, "甲醛超标，要求退货退款"),
            piece(2, "退了货，款没到"),
            piece(3, "ＩＰｈｏｎｅ15 Pro屏幕碎了"),
            piece(4, "屏"),
        ],
    )
    .await;
    near_and_far!(db, ids, async {
        assert_eq!(find(&db, "甲醛").await, [1]);
        assert_eq!(find(&db, "醛超").await, [1], "across a word's end");
        assert_eq!(find(&db, "退款").await, [1]);
        assert_eq!(find(&db, "退货退款").await, [1]);
        assert_eq!(find(&db, "货款").await, [0_i64; 0], "a comma parts");
        assert_eq!(find(&db, "退").await, [2, 1]);
        assert_eq!(find(&db, "屏").await, [4, 3], "also at the end of a text");
        assert_eq!(find(&db, "款 退").await, [2, 1], "both, in any order");
        assert_eq!(find(&db, "iphone").await, [3]);
        assert_eq!(find(&db, "iPh").await, [3], "the beginning of a word");
        assert_eq!(find(&db, "hone").await, [0_i64; 0], "but no other part");
        assert_eq!(find(&db, "iphone15pro屏幕").await, [3]);
        assert_eq!(find(&db, "15 pro").await, [3]);
    });
}

#[testkit::db_test]
async fn a_code_is_found_whole_and_only_whole(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    let mut codes = code::phone("138 0013 8000");
    codes.extend(code::initials("曾小明"));
    codes.push("A5-1120-007".into());
    index(&db, &ids, vec![Piece { codes, ..piece(1, "曾小明") }, piece(2, "电话13800138000")]).await;
    near_and_far!(db, ids, async {
        for whole in ["8000", "zxm", "CXM", "a5-1120-007", "A51120007"] {
            assert_eq!(find(&db, whole).await, [1], "{whole}");
        }
        for number in ["13800138000", "１３８００１３８０００"] {
            assert_eq!(find(&db, number).await, [2, 1], "{number}");
        }
        assert_eq!(find(&db, "138-0013-8000").await, [1]);
        for part in ["1380013800", "800", "000", "0138000", "a5112000", "xm", "zx", "8000 13800138001"] {
            assert!(!find(&db, part).await.contains(&1), "{part} is a part of a code");
        }
        assert_eq!(find(&db, "小明 8000").await, [1], "a name and a code");
    });
}

#[testkit::db_test]
async fn signs_of_query_languages_are_just_signs(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    index(
        &db,
        &ids,
        vec![
            piece(1, "它说'好的' \\ & | ! : * \" (退款) \u{0} 😀 100% a_b OR NOT\u{202e}"),
            piece(2, "\u{0}\\'"),
            piece(3, ""),
        ],
    )
    .await;
    near_and_far!(db, ids, async {
        for sign in ["'", "\\", "&", "|", "!", ":", "*", "\"", "\u{0}", "😀", "%", "_", "(", ")", "\u{202e}", ""] {
            let found = find(&db, sign).await;
            assert!(found.is_empty(), "{sign:?} found {found:?}");
        }
        for query in [
            "'好的'",
            "退款*",
            "退款:*",
            "\"退款\"",
            "(退款)",
            "!退款",
            "退款\u{0}",
            "😀退款",
            "not",
            "or",
            "NOT or",
            "100%",
            "a_b",
            "' OR 100 --",
        ] {
            assert_eq!(find(&db, query).await, [1], "{query:?}");
        }
        assert_eq!(find(&db, "退款 | 没有").await, [0_i64; 0]);
    });
}

#[testkit::db_test]
async fn a_very_long_text_is_found_from_end_to_end(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    // 20,000 characters: the same pair thousands of times, then different ones.
    let same = "哈".repeat(8_000);
    let different: String = (0..12_000_u32).map(|n| char::from_u32(0x4E00 + n).unwrap()).collect();
    index(
        &db,
        &ids,
        vec![piece(1, &format!("甲醛{same}{different}退款")), piece(2, &format!("{} b", "x".repeat(20_000)))],
    )
    .await;
    near_and_far!(db, ids, async {
        for query in ["甲醛", "退款", "甲醛 退款", "哈哈哈", "哈一", "醛哈哈", "丁丂"] {
            assert_eq!(find(&db, query).await, [1], "{query}");
        }
        assert_eq!(find(&db, &"哈".repeat(64)).await, [1]);
        assert_eq!(find(&db, "款甲").await, [0_i64; 0]);
        assert_eq!(find(&db, &"x".repeat(500)).await, [2]);
        assert_eq!(find(&db, "b").await, [2]);
    });
    let hit = ask(
        &db,
        Asked { text: "退款".into(), reach: kernel::Reach::company(), kinds: KINDS.to_vec(), limit: 1, before: None },
    )
    .await;
    assert_eq!(hit.hits[0].snippet.found, "退款");
}

#[testkit::db_test]
async fn the_longest_text_fits_and_what_is_beyond_is_left_out(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    // Hardly a pair twice, four bytes each character: the most tokens that a text can have.
    let rare: String =
        (0..90_000_u32).map(|n| char::from_u32(0x2_0000 + n.wrapping_mul(n) % 40_009).unwrap()).collect();
    let text: String = "开头".chars().chain(rare.chars()).take(89_998).chain("尽头之外".chars()).collect();
    index(&db, &ids, vec![piece(1, &text)]).await;
    near_and_far!(db, ids, async {
        assert_eq!(find(&db, "开头").await, [1]);
        assert_eq!(find(&db, "尽头").await, [1]);
        assert_eq!(find(&db, "之外").await, [0_i64; 0]);
    });
}

#[testkit::db_test]
async fn what_was_indexed_again_or_removed_is_no_longer_found(db: Db) {
    let ids = testkit::ids(&testkit::clock());
    index(&db, &ids, vec![piece(1, "退款"), piece(2, "退款"), Piece { piece: 77, ..piece(1, "换货") }]).await;
    index(&db, &ids, vec![piece(1, "旧文"), piece(1, "维修")]).await;
    db.write((), |tx, ()| Box::pin(async move { search::remove(tx, &piece(2, "").record).await })).await.unwrap();
    near_and_far!(db, ids, async {
        assert_eq!(find(&db, "退款").await, [0_i64; 0]);
        assert_eq!(find(&db, "旧文").await, [0_i64; 0]);
        assert_eq!(find(&db, "维修").await, [1]);
        assert_eq!(find(&db, "换货").await, [1]);
        assert_eq!(find(&db, "无关 维修").await, [0_i64; 0]);
    });
}
