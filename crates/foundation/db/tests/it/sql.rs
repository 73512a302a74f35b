//! The SQL that works on both engines as it is; docs/sql-portability.md lists it.

use db::{Db, DbError, DbErrorKind, Filter, Value, args};
use kernel::{Id, Reach};
use testkit::db_test;

use crate::{all, exec};

async fn counted(db: &Db) -> Result<(), DbError> {
    exec(
        db,
        "CREATE TABLE rollup (store BIGINT NOT NULL, day TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (store, day))",
        &[],
    )
    .await?;
    for (store, day, n) in
        [(1_i64, "2026-11-20", 5_i64), (1, "2026-11-21", 7), (2, "2026-11-20", 11), (3, "2026-11-22", 13)]
    {
        exec(db, "INSERT INTO rollup (store, day, n) VALUES ($1, $2, $3)", args![store, day, n]).await?;
    }
    Ok(())
}

#[db_test]
async fn upsert_and_returning(db: Db) -> Result<(), DbError> {
    counted(&db).await?;
    let sql = "INSERT INTO rollup (store, day, n) VALUES ($1, $2, $3)
         ON CONFLICT (store, day) DO UPDATE SET n = rollup.n + excluded.n RETURNING n";
    for (store, expected) in [(1_i64, 105), (9, 100)] {
        let n: Option<i64> = db
            .write((sql, store), |tx, (sql, store)| {
                Box::pin(async move { tx.one(sql, args![*store, "2026-11-20", 100_i64]).await })
            })
            .await?;
        assert_eq!(n, Some(expected));
    }
    let sql = "INSERT INTO rollup (store, day, n) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    assert_eq!(exec(&db, sql, args![9_i64, "2026-11-20", 1_i64]).await?, 0);
    let sql = "DELETE FROM rollup WHERE n > $1 RETURNING store";
    let gone: Vec<i64> = db.write(sql, |tx, sql| Box::pin(async move { tx.all(sql, args![99_i64]).await })).await?;
    assert_eq!(gone.len(), 2);
    let moved: Vec<i64> =
        db.write((), |tx, ()| Box::pin(tx.all("UPDATE rollup SET n = n + 1 WHERE store = 1 RETURNING n", &[]))).await?;
    assert_eq!(moved, [8]);
    Ok(())
}

#[db_test]
async fn pages_by_row_value(db: Db) -> Result<(), DbError> {
    counted(&db).await?;
    let sql = "SELECT day, store FROM rollup WHERE (day, store) > ($1, $2) ORDER BY day, store LIMIT 2";
    let mut seen = Vec::new();
    let mut after = (String::new(), 0);
    loop {
        let page: Vec<(String, i64)> = all(&db, sql, args![&after.0, after.1]).await?;
        let Some(last) = page.last() else { break };
        after = last.clone();
        seen.extend(page);
    }
    let stores: Vec<i64> = seen.iter().map(|row| row.1).collect();
    assert_eq!(stores, [1, 2, 1, 3]);
    Ok(())
}

#[db_test]
async fn aggregates_are_cast_and_the_others_are_refused(db: Db) -> Result<(), DbError> {
    counted(&db).await?;
    let sql = "SELECT store, CAST(SUM(n) AS BIGINT), COUNT(*), MIN(day), CAST(COALESCE(SUM(n) FILTER (WHERE day > $1), 0) AS BIGINT)
         FROM rollup GROUP BY store ORDER BY store";
    let rows: Vec<(i64, i64, i64, String, i64)> = all(&db, sql, args!["2026-11-20"]).await?;
    assert_eq!(rows.first(), Some(&(1, 12, 2, "2026-11-20".to_owned(), 7)));
    assert_eq!(rows.len(), 3);
    assert_eq!(all::<Option<i64>>(&db, "SELECT CAST(SUM(n) AS BIGINT) FROM rollup WHERE n < 0", &[]).await?, [None]);
    let error = all::<i64>(&db, "SELECT AVG(n) FROM rollup", &[]).await.unwrap_err();
    assert!(error.message.contains("CAST"), "{error}");
    Ok(())
}

#[db_test]
async fn common_table_expressions_and_windows(db: Db) -> Result<(), DbError> {
    counted(&db).await?;
    let sql = "WITH RECURSIVE number (n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM number WHERE n < $1)
         SELECT number.n, r.store, ROW_NUMBER() OVER (ORDER BY number.n)
         FROM number LEFT JOIN rollup r ON r.store = number.n AND r.day = '2026-11-20' ORDER BY 1";
    let rows: Vec<(i64, Option<i64>, i64)> = all(&db, sql, args![3_i64]).await?;
    assert_eq!(rows, [(1, Some(1), 1), (2, Some(2), 2), (3, None, 3)]);
    let sql = "UPDATE rollup SET n = other.n FROM (SELECT store, MAX(n) AS n FROM rollup GROUP BY store) other WHERE other.store = rollup.store";
    assert_eq!(exec(&db, sql, &[]).await?, 4);
    Ok(())
}

#[db_test]
async fn texts_compare_by_code_point_and_like_minds_case(db: Db) -> Result<(), DbError> {
    exec(&db, "CREATE TABLE word (w TEXT PRIMARY KEY)", &[]).await?;
    for word in ["退款", "b", "B", "a", "é", "换货"] {
        exec(&db, "INSERT INTO word (w) VALUES ($1)", args![word]).await?;
    }
    let sorted: Vec<String> = all(&db, "SELECT w FROM word ORDER BY w", &[]).await?;
    assert_eq!(sorted, ["B", "a", "b", "é", "换货", "退款"]);
    assert_eq!(all::<String>(&db, "SELECT w FROM word WHERE w LIKE $1", args!["b%"]).await?, ["b"]);
    Ok(())
}

#[db_test]
async fn a_misspelt_column_is_an_error_even_in_double_quotes(db: Db) {
    let error = all::<String>(&db, "SELECT \"no_such_column\" FROM installation", &[]).await.unwrap_err();
    assert_eq!(error.kind, DbErrorKind::Sql);
    assert!(error.message.contains("no_such_column") && error.message.contains("FROM installation"), "{error}");
}

#[db_test]
async fn filters_find_the_same_rows_at_every_length(db: Db) -> Result<(), DbError> {
    counted(&db).await?;
    for count in [0_i64, 1, 2, 3, 5, 100] {
        let mut filter = Filter::new("SELECT COUNT(*) FROM rollup WHERE n > ?");
        filter.args(args![0_i64]).push(" AND (").bind_in("store", (1..=count).map(Value::from)).push(")");
        filter.bind(" AND day <> ?", args!["2026-11-22"]);
        let found: Option<i64> = db.read(filter, |tx, filter| Box::pin(tx.one(filter.sql(), filter.values()))).await?;
        assert_eq!(
            found,
            Some(match count {
                0 => 0,
                1 => 2,
                _ => 3,
            }),
            "{count}"
        );
    }
    Ok(())
}

#[db_test]
async fn reach_is_a_condition_on_three_columns(db: Db) -> Result<(), DbError> {
    exec(&db, "CREATE TABLE record (id BIGINT, store BIGINT, team BIGINT, owner BIGINT)", &[]).await?;
    for (id, store, team, owner) in
        [(1_i64, 10_i64, None, None), (2, 20, Some(21_i64), None), (3, 20, None, Some(7_i64)), (4, 20, None, None)]
    {
        exec(&db, "INSERT INTO record (id, store, team, owner) VALUES ($1, $2, $3, $4)", args![id, store, team, owner])
            .await?;
    }
    let reach =
        Reach { stores: [Id::new(10)].into(), teams: [Id::new(21)].into(), own: Some(Id::new(7)), ..Reach::default() };
    for (reach, expected) in [(reach, vec![1, 2, 3]), (Reach::default(), vec![]), (Reach::company(), vec![1, 2, 3, 4])]
    {
        let mut filter = Filter::new("SELECT id FROM record WHERE TRUE");
        filter.reach(&reach, "store", "team", "owner").push(" ORDER BY id");
        let found: Vec<i64> = db.read(filter, |tx, filter| Box::pin(tx.all(filter.sql(), filter.values()))).await?;
        assert_eq!(found, expected);
    }
    Ok(())
}

#[db_test]
async fn a_batch_does_all_or_nothing(db: Db) -> Result<(), DbError> {
    counted(&db).await?;
    let insert = "INSERT INTO rollup (store, day, n) VALUES ($1, $2, $3)";
    let outcome = db
        .write(insert, |tx, insert| {
            Box::pin(async move {
                tx.batch(&[
                    (insert, args![50_i64, "d", 1_i64]),
                    (insert, args![51_i64, "d", 1_i64]),
                    ("UPDATE rollup SET n = n + 1", &[]),
                ])
                .await
            })
        })
        .await;
    assert_eq!(outcome, Ok(()));
    let error = db
        .write(insert, |tx, insert| {
            Box::pin(async move {
                tx.batch(&[
                    (insert, args![60_i64, "d", 1_i64]),
                    (insert, args![50_i64, "d", 1_i64]),
                    ("DELETE FROM rollup", &[]),
                ])
                .await
            })
        })
        .await
        .unwrap_err();
    assert!(error.is_duplicate_of("rollup.store, rollup.day"), "{error}");
    assert_eq!(
        all::<(i64, i64)>(&db, "SELECT COUNT(*), CAST(SUM(n) AS BIGINT) FROM rollup", &[]).await?,
        [(6, 36 + 2 + 6)]
    );
    Ok(())
}

#[db_test]
async fn constraints_have_the_same_kinds_and_names(db: Db) -> Result<(), DbError> {
    exec(&db, "CREATE TABLE parent (id BIGINT PRIMARY KEY, name TEXT NOT NULL)", &[]).await?;
    exec(
        &db,
        "CREATE TABLE child (id BIGINT PRIMARY KEY, parent BIGINT REFERENCES parent (id), age BIGINT CONSTRAINT of_age CHECK (age >= 18),
         phone TEXT, zone TEXT)",
        &[],
    )
    .await?;
    exec(&db, "CREATE UNIQUE INDEX child_phone ON child (zone, phone) WHERE phone IS NOT NULL", &[]).await?;
    exec(&db, "CREATE UNIQUE INDEX parent_lower ON parent (lower(name))", &[]).await?;
    exec(&db, "INSERT INTO parent (id, name) VALUES (1, 'A')", &[]).await?;
    exec(&db, "INSERT INTO child (id, parent, age, phone, zone) VALUES (1, 1, 20, 'P', 'z')", &[]).await?;
    let table = [
        ("INSERT INTO parent (id, name) VALUES (1, 'b')", DbErrorKind::Unique, Some("parent.id")),
        (
            "INSERT INTO child (id, phone, zone) VALUES (2, 'P', 'z')",
            DbErrorKind::Unique,
            Some("child.zone, child.phone"),
        ),
        ("INSERT INTO parent (id, name) VALUES (2, 'a')", DbErrorKind::Unique, Some("parent_lower")),
        ("INSERT INTO parent (id, name) VALUES (2, NULL)", DbErrorKind::NotNull, Some("parent.name")),
        ("INSERT INTO child (id, age) VALUES (2, 17)", DbErrorKind::Check, Some("of_age")),
        ("INSERT INTO child (id, parent) VALUES (2, 5)", DbErrorKind::ForeignKey, None),
        ("DELETE FROM parent", DbErrorKind::ForeignKey, None),
    ];
    for (sql, kind, constraint) in table {
        let error = exec(&db, sql, &[]).await.unwrap_err();
        assert_eq!(error.kind, kind, "{sql}: {error}");
        if constraint.is_some() {
            assert_eq!(error.constraint.as_deref(), constraint, "{sql}");
        }
    }
    Ok(())
}
