use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// The file in the data folder that holds the installation's signing key.
pub const KEY_FILE: &str = "signing.key";

/// Why the signing key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Others may read the file, so what it signs proves nothing.
    #[error("{path}: others may read this key. Run: chmod 600 {path}")]
    Open {
        /// The file.
        path: PathBuf,
    },
    /// The file holds something else.
    #[error("{path}: not a signing key (64 hexadecimal digits). Put back the right file from a backup")]
    Content {
        /// The file.
        path: PathBuf,
    },
    /// The system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(String),
}

/// The installation's Ed25519 key: signs seals and exported dossiers.
#[derive(Clone)]
pub struct InstallationKey(SigningKey);

impl fmt::Debug for InstallationKey {
    /// Never the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InstallationKey({})", self.fingerprint())
    }
}

impl InstallationKey {
    /// The key whose secret half is `seed`.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// The key in the file at `path`; at the first start a new one is made there, readable only by its owner (0600).
    ///
    /// # Errors
    /// When the file cannot be read or made, others may read it, or it holds something else.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        match File::open(path) {
            Ok(file) => Self::read(file, path),
            Err(cause) if cause.kind() == ErrorKind::NotFound => Self::create(path),
            Err(cause) => Err(KeyError::File { path: path.into(), cause }),
        }
    }

    fn read(mut file: File, path: &Path) -> Result<Self, KeyError> {
        let failed = |cause| KeyError::File { path: path.into(), cause };
        if file.metadata().map_err(failed)?.permissions().mode() & 0o077 != 0 {
            return Err(KeyError::Open { path: path.into() });
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(failed)?;
        let mut seed = [0; 32];
        match hex::decode_to_slice(text.trim(), &mut seed) {
            Ok(()) => Ok(Self::from_seed(seed)),
            Err(_) => Err(KeyError::Content { path: path.into() }),
        }
    }

    fn create(path: &Path) -> Result<Self, KeyError> {
        let failed = |cause| KeyError::File { path: path.into(), cause };
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|cause| KeyError::Random(cause.to_string()))?;
        // Written whole beside its place and then linked there: a crash leaves no half key, and of two first starts at once
        // the second takes the first one's key.
        let draft = path.with_extension(format!("key.{}", hex::encode(seed.get(..4).unwrap_or_default())));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft).map_err(failed)?;
        let written = file.write_all(format!("{}\n", hex::encode(seed)).as_bytes()).and_then(|()| file.sync_all());
        let linked = written.and_then(|()| std::fs::hard_link(&draft, path));
        std::fs::remove_file(&draft).map_err(failed)?;
        match linked {
            Ok(()) => Ok(Self::from_seed(seed)),
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {
                Self::read(File::open(path).map_err(failed)?, path)
            }
            Err(cause) => Err(failed(cause)),
        }
    }

    /// The public half, which goes into every seal and dossier.
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }
    /// The name people compare, see [`fingerprint`].
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.public())
    }
    /// Signs a digest.
    pub(crate) fn sign(&self, digest: &[u8; 32]) -> [u8; 64] {
        self.0.sign(digest).to_bytes()
    }
}

/// The name of a public key that people compare: the first 16 bytes of its SHA-256 as hexadecimal, in groups of four.
pub fn fingerprint(public: &[u8; 32]) -> String {
    let digest = hex::encode(Sha256::digest(public));
    let digits: Vec<char> = digest.chars().take(32).collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// True when both name the same key; hyphens, spaces and case do not matter.
pub(crate) fn same_fingerprint(a: &str, b: &str) -> bool {
    let bare =
        |text: &str| text.chars().filter(char::is_ascii_hexdigit).map(|c| c.to_ascii_lowercase()).collect::<String>();
    bare(a) == bare(b)
}

/// True when `signature` by the key `public` covers `digest`.
pub(crate) fn signed(public: &[u8; 32], digest: &[u8; 32], signature: &[u8; 64]) -> bool {
    // Strict: a malformed or weak key never passes.
    VerifyingKey::from_bytes(public)
        .is_ok_and(|key| key.verify_strict(digest, &Signature::from_bytes(signature)).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> PathBuf {
        let mut name = [0; 8];
        getrandom::fill(&mut name).unwrap();
        let folder = std::env::temp_dir().join(format!("journal-key-{}", hex::encode(name)));
        std::fs::create_dir(&folder).unwrap();
        folder
    }

    #[test]
    fn the_first_start_makes_a_key_that_stays() {
        let folder = folder();
        let path = folder.join(KEY_FILE);
        let first = InstallationKey::load_or_create(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(InstallationKey::load_or_create(&path).unwrap().public(), first.public());
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "no draft is left behind");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn first_starts_at_once_agree_on_one_key() {
        let folder = folder();
        let path = folder.join(KEY_FILE);
        let made: std::collections::BTreeSet<_> = std::thread::scope(|scope| {
            let starts: Vec<_> =
                (0..8).map(|_| scope.spawn(|| InstallationKey::load_or_create(&path).unwrap().public())).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert_eq!(made.len(), 1);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_key_that_others_may_read_or_that_is_none_is_refused() {
        let folder = folder();
        let path = folder.join(KEY_FILE);
        InstallationKey::load_or_create(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(InstallationKey::load_or_create(&path), Err(KeyError::Open { .. })));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "not a key").unwrap();
        assert!(matches!(InstallationKey::load_or_create(&path), Err(KeyError::Content { .. })));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_signature_holds_for_its_digest_and_key_only() {
        let (key, other) = (InstallationKey::from_seed([7; 32]), InstallationKey::from_seed([8; 32]));
        let signature = key.sign(&[1; 32]);
        assert!(signed(&key.public(), &[1; 32], &signature));
        assert!(!signed(&key.public(), &[2; 32], &signature));
        assert!(!signed(&other.public(), &[1; 32], &signature));
        assert!(same_fingerprint(&key.fingerprint(), &key.fingerprint().replace('-', "").to_uppercase()));
        assert_eq!(key.fingerprint().len(), 39);
    }
}
