//! Whatever is changed behind the program's back is found: every column of every row, and every row that is taken out.

use db::{Db, DbError, DbErrorKind, Tx, Value, args};

use crate::fixture::*;

/// A column and what is written there instead.
const COLUMNS: [(&str, &str, &str); 38] = [
    ("journal_entry", "id", "id + 1"),
    ("journal_entry", "record_kind", "'customer'"),
    ("journal_entry", "record_id", "record_id + 100"),
    ("journal_entry", "seq", "seq + 100"),
    ("journal_entry", "verb", "'case.closed'"),
    ("journal_entry", "actor_kind", "CASE WHEN actor_kind = 'staff' THEN 'token' ELSE 'staff' END"),
    ("journal_entry", "actor_id", "12"),
    ("journal_entry", "actor_id", "CASE WHEN actor_id IS NULL THEN 1 END"),
    ("journal_entry", "actor_name", "'张三'"),
    ("journal_entry", "happened_at", "happened_at - 1"),
    ("journal_entry", "entered_at", "entered_at - 1"),
    ("journal_entry", "request", "''"),
    ("journal_entry", "store_id", "6"),
    ("journal_entry", "store_id", "NULL"),
    ("journal_entry", "previous", "$2"),
    ("journal_entry", "digest", "$2"),
    ("journal_entry", "seal_id", "CASE WHEN seal_id IS NULL THEN (SELECT MIN(id) FROM journal_seal) END"),
    ("journal_value", "ordinal", "ordinal + 10"),
    ("journal_value", "field", "'note'"),
    ("journal_value", "personal", "NOT personal"),
    ("journal_value", "before_text", "'x'"),
    ("journal_value", "after_text", "'x'"),
    ("journal_value", "after_text", "NULL"),
    ("journal_value", "salt", "$2"),
    ("journal_value", "mark", "$2"),
    ("journal_seal", "id", "id + 1"),
    ("journal_seal", "seq", "seq + 100"),
    ("journal_seal", "from_id", "from_id + 1"),
    ("journal_seal", "to_id", "to_id + 1"),
    ("journal_seal", "entries", "entries + 1"),
    ("journal_seal", "root", "$2"),
    ("journal_seal", "previous", "$2"),
    ("journal_seal", "sealed_at", "sealed_at + 1"),
    ("journal_seal", "digest", "$2"),
    ("journal_seal", "public_key", "$2"),
    ("journal_seal", "signature", "$2"),
    ("journal_seal", "signature", "public_key"),
    ("journal_seal", "public_key", "digest"),
];

/// Uses $2 in every statement, so that both engines know its type.
const BYTES: &str = "($2 <> (SELECT root FROM journal_seal ORDER BY id LIMIT 1) OR TRUE)";

/// A journal with two seals and a rest that is not sealed.
async fn journal(db: &Db) {
    let clock = testkit::clock();
    let ids = testkit::ids(&clock);
    case(db, &ids, &clock, 1).await;
    seal(db, &ids, &clock).await;
    case(db, &ids, &clock, 2).await;
    seal(db, &ids, &clock).await;
    let noted = entry(record(1), "case.noted", vec![change("note", None, Some("n"), false)]);
    append(db, &ids, staff(&clock), vec![noted]).await.unwrap();
    sound(db).await;
}

async fn rows(db: &Db, table: &'static str) -> Vec<(i64, i64)> {
    let sql = match table {
        "journal_entry" => "SELECT id, CAST(0 AS BIGINT) FROM journal_entry",
        "journal_value" => "SELECT entry_id, ordinal FROM journal_value",
        _ => "SELECT id, CAST(0 AS BIGINT) FROM journal_seal",
    };
    db.read((), |tx, ()| Box::pin(tx.all::<(i64, i64)>(sql, args![]))).await.unwrap()
}

fn place(table: &str) -> &'static str {
    if table == "journal_value" { "entry_id = $1 AND ordinal = $3" } else { "id = $1 AND $3 = 0" }
}

/// The changes are really made and put back afterwards: `verify` cannot look into a transaction.
async fn exec(db: &Db, sql: String, values: Vec<Value>) -> Result<u64, DbError> {
    db.write((sql, values), |tx: &mut Tx, (sql, values)| Box::pin(tx.exec(sql, values))).await
}

#[testkit::db_test]
async fn every_changed_column_is_found(db: Db) {
    journal(&db).await;
    let (mut changed, mut refused) = (0, 0);
    for (table, column, value) in COLUMNS {
        for (id, ordinal) in rows(&db, table).await {
            let own = place(table);
            let bytes = Value::Bytes(vec![1; if column == "signature" { 64 } else { 32 }]);
            let same = format!(
                "SELECT COUNT(*) FROM {table} WHERE {own} AND {column} IS NOT DISTINCT FROM {value} AND {BYTES}"
            );
            let values = vec![Value::Int(id), bytes.clone(), Value::Int(ordinal)];
            let unchanged = db
                .read((same, values.clone()), |tx, (sql, values)| Box::pin(tx.one::<i64>(sql, values)))
                .await
                .unwrap();
            if unchanged == Some(1) {
                continue;
            }
            let backup = format!(
                "CREATE TABLE backup AS SELECT * FROM {table} WHERE {}",
                own.replace("$1", &id.to_string()).replace("$3", &ordinal.to_string())
            );
            exec(&db, backup, vec![]).await.unwrap();
            let update = format!("UPDATE {table} SET {column} = {value} WHERE {own} AND {BYTES}");
            match exec(&db, update, values).await {
                Err(error) => {
                    assert!(
                        matches!(
                            error.kind,
                            DbErrorKind::ForeignKey | DbErrorKind::Unique | DbErrorKind::Check | DbErrorKind::NotNull
                        ),
                        "{table}.{column}: {error}"
                    );
                    refused += 1;
                }
                Ok(n) => {
                    assert_eq!(n, 1);
                    changed += 1;
                    let report = verify(&db).await;
                    assert!(!report.is_sound(), "{table}.{column} of row {id}/{ordinal} set to {value} was not found");
                    restore(&db, table, column, id, ordinal).await;
                }
            }
            exec(&db, "DROP TABLE backup".into(), vec![]).await.unwrap();
        }
    }
    assert!(changed > 150 && refused > 5, "{changed} changed, {refused} refused");
    sound(&db).await;
}

/// Puts the changed column back from the backup; a changed key is looked for by the value that it got.
async fn restore(db: &Db, table: &str, column: &str, id: i64, ordinal: i64) {
    let own = match (table, column) {
        (_, "id") => format!("id = {}", id + 1),
        ("journal_value", "ordinal") => format!("entry_id = {id} AND ordinal = {}", ordinal + 10),
        ("journal_value", _) => format!("entry_id = {id} AND ordinal = {ordinal}"),
        _ => format!("id = {id}"),
    };
    let n = exec(db, format!("UPDATE {table} SET {column} = (SELECT {column} FROM backup) WHERE {own}"), vec![])
        .await
        .unwrap();
    assert_eq!(n, 1);
}

#[testkit::db_test]
async fn every_row_that_is_taken_out_is_found(db: Db) {
    journal(&db).await;
    let mut last = rows(&db, "journal_entry").await;
    last.sort_unstable();
    let (newest, _) = last.pop().unwrap();
    for (id, ordinal) in rows(&db, "journal_value").await {
        taken_out(&db, "journal_value", &format!("entry_id = {id} AND ordinal = {ordinal}"), &[]).await;
    }
    for (id, _) in last {
        assert_ne!(id, newest, "what was entered last and is not sealed can be cut off unseen");
        taken_out(&db, "journal_entry", &format!("id = {id}"), &[("journal_value", format!("entry_id = {id}"))]).await;
    }
    sound(&db).await;
}

/// Takes rows out with those that point at them, verifies, and puts all back.
async fn taken_out(db: &Db, table: &str, own: &str, pointing: &[(&str, String)]) {
    let mut all: Vec<(&str, String)> = pointing.to_vec();
    all.push((table, own.to_owned()));
    for (n, (table, own)) in all.iter().enumerate() {
        exec(db, format!("CREATE TABLE backup{n} AS SELECT * FROM {table} WHERE {own}"), vec![]).await.unwrap();
        exec(db, format!("DELETE FROM {table} WHERE {own}"), vec![]).await.unwrap();
    }
    assert!(!verify(db).await.is_sound(), "{table} without {own} was not found");
    for (n, (table, _)) in all.iter().enumerate().rev() {
        exec(db, format!("INSERT INTO {table} SELECT * FROM backup{n}"), vec![]).await.unwrap();
        exec(db, format!("DROP TABLE backup{n}"), vec![]).await.unwrap();
    }
}

#[testkit::db_test]
async fn a_value_that_no_entry_leads_to_is_found(db: Db) {
    journal(&db).await;
    // Whoever can switch the foreign keys off can leave values behind.
    let without_keys = match db.engine() {
        db::Engine::Sqlite => {
            "CREATE TABLE other AS SELECT * FROM journal_value; DROP TABLE journal_value; ALTER TABLE other RENAME TO journal_value"
        }
        db::Engine::Postgres => "ALTER TABLE journal_value DROP CONSTRAINT journal_value_entry_id_fkey",
    };
    for statement in without_keys.split("; ") {
        exec(&db, statement.into(), vec![]).await.unwrap();
    }
    sound(&db).await;
    exec(
        &db,
        "INSERT INTO journal_value (entry_id, ordinal, field, personal) VALUES (5, 0, 'state', FALSE)".into(),
        vec![],
    )
    .await
    .unwrap();
    let problems = verify(&db).await.problems;
    assert_eq!(problems.iter().map(|problem| &problem.flaw).collect::<Vec<_>>(), [&journal::Flaw::Stray]);
}
