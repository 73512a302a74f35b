use std::sync::{Arc, PoisonError, RwLock};

use db::Db;
use kernel::Fault;

use crate::directory::Directory;
use crate::permissions::Permissions;
use crate::roles::sync_builtin_roles;
use crate::store;

/// Keeps the newest [`Directory`] that this process has seen. Clones share it. Every request that brings a session or a token
/// reads the version in the same statement, so a change on any node is seen by the next request on every node.
#[derive(Clone)]
pub struct Directories(Arc<Kept>);

struct Kept {
    db: Db,
    permissions: Permissions,
    newest: RwLock<Arc<Directory>>,
    /// One loads, the others wait for what it loads.
    loading: tokio::sync::Mutex<()>,
}

impl Directories {
    /// Brings the builtin roles up to date and loads the directory.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(db: Db, permissions: Permissions) -> Result<Self, Fault> {
        db.write(permissions.clone(), |tx, permissions| {
            Box::pin(async move { sync_builtin_roles(tx, permissions.defs()).await.map_err(Fault::from) })
        })
        .await?;
        let directories =
            Self(Arc::new(Kept { db, permissions, newest: RwLock::default(), loading: tokio::sync::Mutex::default() }));
        directories.load().await?;
        Ok(directories)
    }

    /// Every permission that the program knows.
    pub fn permissions(&self) -> &Permissions {
        &self.0.permissions
    }

    /// The directory as last loaded, without asking the database.
    pub fn now(&self) -> Arc<Directory> {
        Arc::clone(&self.0.newest.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The directory as it stands in the database: for jobs and commands, which bring no session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refresh(&self) -> Result<Arc<Directory>, Fault> {
        let version =
            self.0.db.read((), |tx, ()| Box::pin(async move { store::version(tx).await.map_err(Fault::from) })).await?;
        self.at_least(version).await
    }

    /// A directory that is not older than `version`.
    pub(crate) async fn at_least(&self, version: i64) -> Result<Arc<Directory>, Fault> {
        let present = self.now();
        if present.version() >= version {
            return Ok(present);
        }
        let _turn = self.0.loading.lock().await;
        let present = self.now();
        if present.version() >= version { Ok(present) } else { self.load().await }
    }

    async fn load(&self) -> Result<Arc<Directory>, Fault> {
        let loaded = self
            .0
            .db
            .read(self.0.permissions.clone(), |tx, permissions| {
                Box::pin(async move { Directory::load(tx, permissions).await.map_err(Fault::from) })
            })
            .await?;
        let loaded = Arc::new(loaded);
        *self.0.newest.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&loaded);
        Ok(loaded)
    }
}
