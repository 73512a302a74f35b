//! The ordered list of schema changes, embedded in the program and applied once each.

use include_dir::{Dir, include_dir};
use kernel::Clock;
use sha2::{Digest, Sha256};

use crate::{Db, DbError, Engine, Tx, args};

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../../migrations");

/// PostgreSQL only: the lock that nodes starting at the same time take in turn (any number that nobody else uses in this
/// database), and no time limit, because a new index on a large table takes as long as it takes.
const LOCK: &str = "SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(7021806)";

/// Texts that were corrected after they had been applied somewhere: the migration, the checksum of the text as it was, and the later
/// migration that brings what the old text lacked.
const CORRECTED: [(&str, &str, &str); 1] =
    [("0045_calls", "2b874f47f0fb8870319648bf66faa72fc113f806af20edb23e506c90e4cd6eb2", "0068_call_indexes")];

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

    /// Whether this is what was applied when `checksum` was noted.
    fn is_what_was_applied(&self, checksum: &str) -> bool {
        let corrected = CORRECTED.iter().any(|(name, before, _)| self.name == *name && checksum == *before);
        corrected || self.checksum() == checksum
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
            Some(known) if known.name == *name && known.is_what_was_applied(checksum) => {}
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
    fn a_corrected_text_is_known_by_its_old_checksum_alone_and_made_good_later() {
        let all = migrations();
        let at = |name: &str| all.iter().position(|migration| migration.name == name).unwrap();
        for (name, before, after) in CORRECTED {
            let corrected = &all[at(name)];
            assert!(corrected.is_what_was_applied(before), "{name}");
            assert!(corrected.is_what_was_applied(&corrected.checksum()), "{name}");
            assert!(!corrected.is_what_was_applied(&"0".repeat(64)), "{name}");
            assert!(!all[0].is_what_was_applied(before), "another migration is not excused by it");
            assert!(at(after) > at(name), "{after} comes later");
        }
    }

    #[test]
    fn migrations_have_different_numbers() {
        let numbers: Vec<_> =
            migrations().iter().map(|migration| migration.name.split('_').next().unwrap().to_owned()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
    }
}
