use std::fs;
use std::path::{Path, PathBuf};

use db::Db;

use crate::{options, schema, unique};

/// A folder that holds one test's database.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) async fn new(migrated: bool) -> Self {
        let home = std::env::temp_dir().join("aftercare-test-sqlite");
        let folder = Self(home.join(unique()));
        // The process id of a run that was killed may have come back.
        let _ = fs::remove_dir_all(&folder.0);
        fs::create_dir_all(&folder.0).expect("a folder for the test's database");
        if migrated {
            let template = home.join(format!("{}.db", schema()));
            if !template.exists() {
                folder.make(&template).await;
            }
            fs::copy(&template, folder.file()).expect("a copy of the migrated database");
        }
        folder
    }

    /// Migrates a database and puts a copy of it into place in one step: tests that start at once may all do so.
    async fn make(&self, template: &Path) {
        let draft = self.0.join("draft.db");
        let copy = self.0.join("copy.db");
        let db = Db::open(&format!("sqlite:{}", draft.display()), options()).await.expect("a new SQLite database");
        db.migrate().await.expect("the migrations run on SQLite");
        db.backup_to(copy.clone()).await.expect("a copy of the migrated database");
        fs::rename(copy, template).expect("the template into its place");
    }

    fn file(&self) -> PathBuf {
        self.0.join("test.db")
    }
    pub(crate) fn url(&self) -> String {
        format!("sqlite:{}", self.file().display())
    }
    pub(crate) fn remove(self) {
        // The threads of a database that is just being dropped may still hold it open, which does not matter on Unix.
        let _ = fs::remove_dir_all(&self.0);
    }
}
