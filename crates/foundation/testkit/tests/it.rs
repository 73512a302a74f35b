//! The test kit itself.

use db::{Db, DbError, Engine, args};
use testkit::{Fresh, block_on, clock, db_test, ids, options};

/// Every test of the program stands on this: the migrations run on both engines, and nothing is left of them to do.
#[db_test]
async fn a_test_gets_a_migrated_database(db: Db) -> Result<(), DbError> {
    assert_eq!(db.migrate().await?, Vec::<String>::new());
    let applied: Vec<String> = db
        .read((), |tx, ()| {
            Box::pin(async move { tx.all("SELECT name FROM schema_migration ORDER BY name", args![]).await })
        })
        .await?;
    let known: Vec<String> = db::migrations().into_iter().map(|migration| migration.name).collect();
    assert_eq!(applied, known);
    Ok(())
}

#[test]
fn two_tests_do_not_see_each_other() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        block_on(async {
            let (one, two) = (Fresh::migrated(engine).await, Fresh::migrated(engine).await);
            assert_ne!(one.url(), two.url());
            let (first, second) = (one.open(options()).await, two.open(options()).await);
            let insert = "INSERT INTO installation (key, value) VALUES ('zone', 'Asia/Shanghai')";
            first.write((), move |tx, ()| Box::pin(tx.exec(insert, &[]))).await.unwrap();
            let seen: Vec<String> =
                second.read((), |tx, ()| Box::pin(tx.all("SELECT value FROM installation", &[]))).await.unwrap();
            assert_eq!(seen, Vec::<String>::new());
            drop((first, second));
            one.remove().await;
            two.remove().await;
        });
    }
}

#[test]
fn the_clock_stands_and_ids_grow() {
    let clock = clock();
    assert_eq!(clock.now().to_string(), "2026-11-22T06:32:00.000Z");
    let ids = ids(&clock);
    assert!(ids.next::<()>() < ids.next::<()>());
}
