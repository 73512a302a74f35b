//! The ordered list of schema changes, embedded in the program and applied once each.

use include_dir::{Dir, include_dir};
use kernel::Clock;
use sha2::{Digest, Sha256};

use crate::{Db, DbError, Engine, Tx, args};

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../../migrations");

/// PostgreSQL only: the lock that nodes starting at the same time take in turn (any number that nobody else uses in this
/// database), and no time limit, because a new index on a large table takes as long as it takes.
const LOCK: &str = "SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(7021806)";

/// One schema change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// File name without the ending, e.g. `0001_installation`. The names give the order.
    pub name: String,
    /// One text for both engines. `{PK}` becomes the primary key's type. A line `-- @sqlite` or `-- @postgres` begins a part for
    /// that engine alone, `-- @both` ends it.
    pub sql: String,
}

/// The migrations of this program, in order.
pub fn migrations() -> Vec<Migration> {
    let mut list: Vec<Migration> = FOLDER
        .files()
        .filter_map(|file| {
            let name = file.path().file_name()?.to_str()?.strip_suffix(".sql")?.to_owned();
            Some(Migration { name, sql: file.contents_utf8()?.to_owned() })
        })
        .collect();
    list.sort_by(|a, b| a.name.cmp(&b.name));
    list
}

impl Migration {
    /// SHA-256 of the text, in hex: what was applied must not be edited afterwards.
    pub fn checksum(&self) -> String {
        hex::encode(Sha256::digest(&self.sql))
    }

    /// The text for `engine`.
    fn for_engine(&self, engine: Engine) -> String {
        let (key, own) = match engine {
            Engine::Sqlite => ("INTEGER PRIMARY KEY", "-- @sqlite"),
            Engine::Postgres => ("BIGINT PRIMARY KEY", "-- @postgres"),
        };
        let mut wanted = true;
        let mut text = String::with_capacity(self.sql.len());
        for line in self.sql.lines() {
            if let mark @ ("-- @sqlite" | "-- @postgres" | "-- @both") = line.trim() {
                wanted = mark == own || mark == "-- @both";
            } else if wanted {
                text.push_str(line);
                text.push('\n');
            }
        }
        text.replace("{PK}", key)
    }
}

impl Db {
    /// Applies the migrations of this program that the database does not have yet, each in one transaction, and answers their
    /// names. Nodes that start at the same time take turns.
    ///
    /// # Errors
    /// When a migration fails, was edited after it was applied, or is missing in the program (a newer version was here).
    pub async fn migrate(&self) -> Result<Vec<String>, DbError> {
        self.migrate_with(migrations()).await
    }

    /// As [`Db::migrate`], with another list.
    ///
    /// # Errors
    /// As [`Db::migrate`].
    pub async fn migrate_with(&self, list: Vec<Migration>) -> Result<Vec<String>, DbError> {
        let mut applied = Vec::new();
        let list = std::sync::Arc::new(list);
        while let Some(name) =
            self.write(std::sync::Arc::clone(&list), |tx, list| Box::pin(apply_next(tx, list))).await?
        {
            tracing::info!(migration = name, "schema changed");
            applied.push(name);
        }
        Ok(applied)
    }
}

/// Applies the first migration that is missing; `None` when there is none.
async fn apply_next(tx: &mut Tx, list: &[Migration]) -> Result<Option<String>, DbError> {
    if tx.engine() == Engine::Postgres {
        tx.script(LOCK).await?;
    }
    tx.script("CREATE TABLE IF NOT EXISTS schema_migration (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)")
        .await?;
    let applied: Vec<(String, String)> =
        tx.all("SELECT name, checksum FROM schema_migration ORDER BY name", &[]).await?;
    for (index, (name, checksum)) in applied.iter().enumerate() {
        match list.get(index) {
            Some(known) if known.name == *name && known.checksum() == *checksum => {}
            Some(known) if known.name == *name => {
                return Err(DbError::sql(format!(
                    "migration {name} was edited after it was applied; put the old text back and write a new one"
                )));
            }
            Some(known) if known.name < *name => {
                return Err(DbError::sql(format!(
                    "migration {} is new but sorts before {name}, which is applied; give it a higher number",
                    known.name
                )));
            }
            _ => {
                return Err(DbError::sql(format!(
                    "the database has migration {name}, which this program does not know; start a newer version"
                )));
            }
        }
    }
    let Some(next) = list.get(applied.len()) else {
        return Ok(None);
    };
    tx.script(&next.for_engine(tx.engine()))
        .await
        .map_err(|error| DbError { message: format!("migration {}: {}", next.name, error.message), ..error })?;
    let now = Clock::System.now();
    tx.exec(
        "INSERT INTO schema_migration (name, checksum, applied_at) VALUES ($1, $2, $3)",
        args![&next.name, next.checksum(), now],
    )
    .await?;
    Ok(Some(next.name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_has_common_parts_and_parts_for_one_engine() {
        let sql = "CREATE TABLE t (id {PK});\n-- @sqlite\nA;\n-- @postgres\nB;\n-- @both\nC;\n".to_owned();
        let migration = Migration { name: "0001_t".to_owned(), sql };
        assert_eq!(migration.for_engine(Engine::Sqlite), "CREATE TABLE t (id INTEGER PRIMARY KEY);\nA;\nC;\n");
        assert_eq!(migration.for_engine(Engine::Postgres), "CREATE TABLE t (id BIGINT PRIMARY KEY);\nB;\nC;\n");
    }

    #[test]
    fn migrations_have_different_numbers() {
        let numbers: Vec<_> =
            migrations().iter().map(|migration| migration.name.split('_').next().unwrap().to_owned()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
    }
}
