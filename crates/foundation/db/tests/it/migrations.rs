use db::{Db, DbError, Engine, Migration, args};
use testkit::{Fresh, block_on, options};

use crate::{all, exec};

fn migration(name: &str, sql: &str) -> Migration {
    Migration { name: name.to_owned(), sql: sql.to_owned() }
}

fn list() -> Vec<Migration> {
    vec![
        migration(
            "0001_parent",
            "CREATE TABLE parent (\n  id {PK}, -- a comment; with a semicolon\n  name TEXT NOT NULL DEFAULT 'a;b'\n);",
        ),
        migration(
            "0002_child",
            "CREATE TABLE child (id {PK}, parent BIGINT REFERENCES parent (id));
-- @sqlite
CREATE TRIGGER child_kept BEFORE DELETE ON child BEGIN SELECT RAISE(ABORT, 'kept'); END;
-- @postgres
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'kept'; END; $$;
CREATE TRIGGER child_kept BEFORE DELETE ON child FOR EACH ROW EXECUTE FUNCTION keep();
-- @both
CREATE INDEX child_parent ON child (parent);",
        ),
    ]
}

/// Runs `test` on an empty database of each engine.
fn on_both<F: Future<Output = ()>>(test: impl Fn(Db, String) -> F) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        block_on(async {
            let fresh = Fresh::empty(engine).await;
            test(fresh.open(options()).await, fresh.url().to_owned()).await;
            fresh.remove().await;
        });
    }
}

async fn fails(db: &Db, list: Vec<Migration>) -> DbError {
    db.migrate_with(list).await.unwrap_err()
}

#[test]
fn an_empty_database_gets_all_and_a_migrated_one_nothing() {
    on_both(|db, _| async move {
        assert_eq!(db.migrate_with(list()).await.unwrap(), ["0001_parent", "0002_child"]);
        assert_eq!(db.migrate_with(list()).await.unwrap(), Vec::<String>::new());
        exec(&db, "INSERT INTO parent (id) VALUES ($1)", args![1_i64]).await.unwrap();
        exec(&db, "INSERT INTO child (id, parent) VALUES (1, 1)", &[]).await.unwrap();
        assert_eq!(all::<String>(&db, "SELECT name FROM parent", &[]).await.unwrap(), ["a;b"]);
        let error = exec(&db, "DELETE FROM child", &[]).await.unwrap_err();
        assert!(error.message.contains("kept"), "the trigger is there: {error}");
    });
}

#[test]
fn the_programs_own_migrations_run_on_an_empty_database() {
    on_both(|db, _| async move {
        let names: Vec<String> = db::migrations().into_iter().map(|migration| migration.name).collect();
        assert_eq!(db.migrate().await.unwrap(), names);
    });
}

#[test]
fn nodes_that_start_at_once_migrate_once() {
    on_both(|db, url| async move {
        let other = Db::open(&url, options()).await.unwrap();
        let (one, two) = tokio::join!(db.migrate_with(list()), other.migrate_with(list()));
        let mut applied = one.unwrap();
        applied.extend(two.unwrap());
        applied.sort();
        assert_eq!(applied, ["0001_parent", "0002_child"]);
    });
}

#[test]
fn an_edited_migration_is_refused() {
    on_both(|db, _| async move {
        db.migrate_with(list()).await.unwrap();
        let mut edited = list();
        edited[0].sql.push(' ');
        let error = fails(&db, edited).await;
        assert!(error.message.contains("0001_parent was edited"), "{error}");
    });
}

#[test]
fn a_missing_or_late_migration_is_refused() {
    on_both(|db, _| async move {
        db.migrate_with(list()).await.unwrap();
        let error = fails(&db, list()[..1].to_vec()).await;
        assert!(error.message.contains("0002_child") && error.message.contains("newer version"), "{error}");
        let mut late = list();
        late.insert(1, migration("0001_x", "CREATE TABLE x (id {PK});"));
        let error = fails(&db, late).await;
        assert!(error.message.contains("0001_x") && error.message.contains("higher number"), "{error}");
    });
}

#[test]
fn a_failing_migration_leaves_nothing_of_itself() {
    on_both(|db, _| async move {
        let mut broken = list();
        broken.push(migration("0003_broken", "CREATE TABLE half (id {PK}); CREATE TABLE child (id {PK});"));
        let error = fails(&db, broken).await;
        assert!(error.message.contains("0003_broken"), "{error}");
        assert!(all::<i64>(&db, "SELECT id FROM half", &[]).await.is_err());
        assert_eq!(all::<i64>(&db, "SELECT COUNT(*) FROM schema_migration", &[]).await.unwrap(), [2]);
    });
}
