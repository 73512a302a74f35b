use db::{Db, DbError, DbErrorKind, FromRow, Row, args};
use kernel::{Day, Id, Money, Ratio, Timestamp};
use testkit::db_test;

use crate::{all, exec};

const TABLE: &str = "CREATE TABLE thing (id BIGINT PRIMARY KEY, n BIGINT, yes BOOLEAN, word TEXT, raw BYTEA)";
const INSERT: &str = "INSERT INTO thing (id, n, yes, word, raw) VALUES ($1, $2, $3, $4, $5)";

#[derive(Debug, PartialEq)]
struct Thing {
    n: Option<i64>,
    yes: Option<bool>,
    word: Option<String>,
    raw: Option<Vec<u8>>,
}

impl FromRow for Thing {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut columns = row.columns();
        Ok(Self { n: columns.next()?, yes: columns.next()?, word: columns.next()?, raw: columns.next()? })
    }
}

#[db_test]
async fn every_type_comes_back_as_it_went(db: Db) -> Result<(), DbError> {
    exec(&db, TABLE, &[]).await?;
    let things = [
        Thing { n: None, yes: None, word: None, raw: None },
        Thing { n: Some(i64::MIN), yes: Some(false), word: Some(String::new()), raw: Some(Vec::new()) },
        Thing {
            n: Some(i64::MAX),
            yes: Some(true),
            word: Some("退款 ' \" \\ ? $1 😀".to_owned()),
            raw: Some(vec![0, 255, 7]),
        },
        // Beyond what a double holds exactly.
        Thing {
            n: Some((1 << 53) + 1),
            yes: Some(true),
            word: Some("a\r\nb\tc".to_owned()),
            raw: Some(b"\0".to_vec()),
        },
    ];
    for (id, thing) in (1_i64..).zip(&things) {
        let row = args![id, thing.n, thing.yes, &thing.word, thing.raw.clone()];
        assert_eq!(exec(&db, INSERT, row).await?, 1);
    }
    let back: Vec<Thing> = all(&db, "SELECT n, yes, word, raw FROM thing ORDER BY id", &[]).await?;
    assert_eq!(back, things);
    Ok(())
}

#[db_test]
async fn the_programs_own_types_are_values(db: Db) -> Result<(), DbError> {
    exec(&db, "CREATE TABLE own (id BIGINT, at BIGINT, day TEXT, price BIGINT, share BIGINT, other BIGINT)", &[])
        .await?;
    type Own = (Id<()>, Timestamp, Day, Money, Ratio, Option<Id<()>>);
    let own: Own = (
        Id::new(9_007_199_254_740_993),
        Timestamp::from_millis(-1),
        "2026-02-28".parse().unwrap(),
        Money::from_fen(-329_900),
        Ratio::from_basis_points(8_750),
        None,
    );
    let row = args![own.0, own.1, own.2, own.3, own.4, own.5];
    exec(&db, "INSERT INTO own (id, at, day, price, share, other) VALUES ($1, $2, $3, $4, $5, $6)", row).await?;
    let back: Vec<Own> =
        all(&db, "SELECT id, at, day, price, share, other FROM own WHERE day = $1", args![own.2]).await?;
    assert_eq!(back, [own]);
    Ok(())
}

#[db_test]
async fn a_null_is_bound_to_every_type(db: Db) -> Result<(), DbError> {
    exec(&db, TABLE, &[]).await?;
    exec(&db, INSERT, args![1_i64, 5_i64, true, "x", vec![1_u8]]).await?;
    let null = None::<i64>;
    // The comparison stands first: PostgreSQL takes a value's type from its first use, and IS NULL has none.
    let sql = "SELECT id FROM thing WHERE (n = $1 OR $1 IS NULL) AND (yes = $2 OR $2 IS NULL) AND n > $3";
    let found: Vec<i64> = all(&db, sql, args![null, null, 4_i64]).await?;
    assert_eq!(found, [1]);
    assert_eq!(
        exec(&db, "UPDATE thing SET n = $1, yes = $2, word = $3, raw = $4", args![null, null, null, null]).await?,
        1
    );
    Ok(())
}

#[db_test]
async fn what_is_no_such_type_is_refused_and_the_column_is_named(db: Db) -> Result<(), DbError> {
    exec(&db, TABLE, &[]).await?;
    exec(&db, INSERT, args![1_i64, None::<i64>, None::<bool>, "secret", None::<String>]).await?;
    let error = all::<i64>(&db, "SELECT n FROM thing", &[]).await.unwrap_err();
    assert_eq!(error.kind, DbErrorKind::Sql);
    assert!(error.message.contains("column 0 (n): NULL where a number is expected"), "{error}");
    let error = all::<(i64, i64)>(&db, "SELECT id, word FROM thing", &[]).await.unwrap_err();
    assert!(error.message.contains("column 1 (word): a text where a number is expected"), "{error}");
    assert!(!error.message.contains("secret"), "a value in an error: {error}");
    let error = all::<Day>(&db, "SELECT word FROM thing", &[]).await.unwrap_err();
    assert!(error.message.contains("not a day"), "{error}");
    assert_eq!(all::<(i64, i64)>(&db, "SELECT id FROM thing", &[]).await.unwrap_err().kind, DbErrorKind::Sql);
    Ok(())
}

#[db_test]
async fn a_text_with_nul_is_refused_before_the_engine(db: Db) -> Result<(), DbError> {
    exec(&db, TABLE, &[]).await?;
    let error = exec(&db, INSERT, args![1_i64, 1_i64, true, "a\0b", None::<i64>]).await.unwrap_err();
    assert_eq!(error.kind, DbErrorKind::Sql);
    assert!(error.message.contains("NUL"), "{error}");
    Ok(())
}

#[db_test]
async fn placeholders_may_be_reused_and_stand_in_any_order(db: Db) -> Result<(), DbError> {
    let sql = "SELECT CAST($2 AS BIGINT), CAST($1 AS TEXT), CAST($2 AS BIGINT)";
    let rows: Vec<(i64, String, i64)> = all(&db, sql, args!["one", 2_i64]).await?;
    assert_eq!(rows, [(2, "one".to_owned(), 2)]);
    Ok(())
}

#[db_test]
async fn the_number_of_values_must_fit(db: Db) -> Result<(), DbError> {
    let sql = "SELECT CAST($1 AS BIGINT) + CAST($2 AS BIGINT)";
    assert_eq!(all::<i64>(&db, sql, args![1_i64]).await.unwrap_err().kind, DbErrorKind::Sql);
    assert_eq!(all::<i64>(&db, sql, args![1_i64, 2_i64, 3_i64]).await.unwrap_err().kind, DbErrorKind::Sql);
    assert_eq!(all::<i64>(&db, sql, args![1_i64, 2_i64]).await?, [3]);
    Ok(())
}
