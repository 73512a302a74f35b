//! What `db` promises, on both engines: one text, one body, the same outcome.
#![cfg(test)]

mod gate;
mod groups;
mod limits;
mod lost;
mod migrations;
mod nodes;
mod sql;
mod transactions;
mod types;

use db::{Db, DbError, FromRow, Value};

/// Runs one statement in a transaction of its own.
async fn exec(db: &Db, sql: &'static str, args: &[Value]) -> Result<u64, DbError> {
    let input = (sql, args.to_vec());
    db.write(input, |tx, (sql, args)| Box::pin(tx.exec(sql, args))).await
}

/// All rows of one statement.
async fn all<T: FromRow + Send + 'static>(db: &Db, sql: &'static str, args: &[Value]) -> Result<Vec<T>, DbError> {
    let input = (sql, args.to_vec());
    db.read(input, |tx, (sql, args)| Box::pin(tx.all(sql, args))).await
}
