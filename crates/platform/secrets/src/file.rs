//! The key's file in the data folder.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use crate::{MasterKey, SecretError};

/// The file in the data folder that holds the master key.
pub const KEY_FILE: &str = "master.key";

impl MasterKey {
    /// The master key whose key is in the file at `path`; at the first start a key is made there, readable only by its owner (0600).
    ///
    /// # Errors
    /// When the file cannot be read or made, others may read it, or it holds something else.
    pub fn load_or_create(path: &Path) -> Result<Self, SecretError> {
        match File::open(path) {
            Ok(file) => read(file, path),
            Err(cause) if cause.kind() == ErrorKind::NotFound => create(path),
            Err(cause) => Err(SecretError::File { path: path.into(), cause }),
        }
    }
}

fn read(mut file: File, path: &Path) -> Result<MasterKey, SecretError> {
    let failed = |cause| SecretError::File { path: path.into(), cause };
    if file.metadata().map_err(failed)?.permissions().mode() & 0o077 != 0 {
        return Err(SecretError::Open { path: path.into() });
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(failed)?;
    MasterKey::from_text(&text, &path.display().to_string())
}

fn create(path: &Path) -> Result<MasterKey, SecretError> {
    let failed = |cause| SecretError::File { path: path.into(), cause };
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|cause| SecretError::Random(cause.to_string()))?;
    // Written whole beside its place and then linked there: a crash leaves no half key, and of two first starts at once the
    // second takes the first one's key. The draft's name gives nothing of the key away.
    let mut name = [0_u8; 4];
    getrandom::fill(&mut name).map_err(|cause| SecretError::Random(cause.to_string()))?;
    let draft = path.with_extension(format!("key.{}", hex::encode(name)));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).map_err(failed)?;
    let written = file.write_all(format!("{}\n", hex::encode(key)).as_bytes()).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| std::fs::hard_link(&draft, path));
    std::fs::remove_file(&draft).map_err(failed)?;
    match linked {
        Ok(()) => Ok(MasterKey::from_key(key)),
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => read(File::open(path).map_err(failed)?, path),
        Err(cause) => Err(failed(cause)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_start_makes_a_key_that_stays_and_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(KEY_FILE);
        let sealed = MasterKey::load_or_create(&path).unwrap().seal("mail", "secret").unwrap();
        assert_eq!(MasterKey::load_or_create(&path).unwrap().open("mail", &sealed).unwrap(), "secret");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left behind");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(MasterKey::load_or_create(&path), Err(SecretError::Open { .. })));
    }
}
