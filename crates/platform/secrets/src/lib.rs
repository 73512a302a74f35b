//! Secrets that people type into the settings: passwords of mail servers, signing secrets of providers.
//!
//! Nouns: 主密钥 = the master key ([`MasterKey`]), 密文 = what [`MasterKey::seal`] makes.
//!
//! Invariants: a secret is in the database only sealed (ChaCha20-Poly1305, RFC 8439, a random nonce for each), bound to what it
//! is for, so that a sealed text moved elsewhere does not open; the master key is a file of the data folder that only its owner
//! may read, or comes from the surroundings (`AFTERCARE_KEY`, equal on all nodes), and is never in a backup. Not here: which
//! secrets there are, passwords of people (`identity` hashes those), the signing key of the journal.

mod file;

use std::fmt;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

pub use file::KEY_FILE;

/// Why a secret cannot be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The key's file cannot be read or made.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Others may read the file.
    #[error("{path}: others may read this key. Run: chmod 600 {path}")]
    Open {
        /// The file.
        path: PathBuf,
    },
    /// What was given is no key.
    #[error("{from}: not a master key (64 hexadecimal digits)")]
    Content {
        /// The file or the variable.
        from: String,
    },
    /// The system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(String),
    /// The sealed text was made with another key or for something else, or was changed.
    #[error("the secret cannot be read with this master key; enter it again")]
    Sealed,
}

/// The master key.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl fmt::Debug for MasterKey {
    /// Never the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Says how the text was made, for the day when another way is used.
const FIRST: &str = "v1:";

impl MasterKey {
    /// The master key whose master key is `key`.
    pub const fn from_key(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// The master key whose master key is written in `text` as 64 hexadecimal digits; `from` names where it was written.
    ///
    /// # Errors
    /// When it is something else.
    pub fn from_text(text: &str, from: &str) -> Result<Self, SecretError> {
        let mut key = [0; 32];
        match hex::decode_to_slice(text.trim(), &mut key) {
            Ok(()) => Ok(Self(key)),
            Err(_) => Err(SecretError::Content { from: from.to_owned() }),
        }
    }

    /// Seals `secret` for `purpose`: only the same purpose opens it again.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn seal(&self, purpose: &str, secret: &str) -> Result<String, SecretError> {
        let mut nonce = [0_u8; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|error| SecretError::Random(error.to_string()))?;
        let mut text = secret.as_bytes().to_vec();
        let nonce_of = Nonce::assume_unique_for_key(nonce);
        let sealed = self.key()?.seal_in_place_append_tag(nonce_of, Aad::from(purpose.as_bytes()), &mut text);
        match sealed {
            Ok(()) => Ok(format!("{FIRST}{}", STANDARD.encode([nonce.as_slice(), &text].concat()))),
            Err(_) => Err(SecretError::Sealed),
        }
    }

    /// What was sealed for `purpose`.
    ///
    /// # Errors
    /// When it was sealed with another key or for something else, or was changed.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<String, SecretError> {
        let bytes =
            sealed.strip_prefix(FIRST).and_then(|text| STANDARD.decode(text).ok()).ok_or(SecretError::Sealed)?;
        let (nonce, text) = bytes.split_at_checked(NONCE_LEN).ok_or(SecretError::Sealed)?;
        let mut nonce_of = [0_u8; NONCE_LEN];
        nonce_of.copy_from_slice(nonce);
        let mut text = text.to_vec();
        let opened = self
            .key()?
            .open_in_place(Nonce::assume_unique_for_key(nonce_of), Aad::from(purpose.as_bytes()), &mut text)
            .map(|secret| secret.to_vec());
        let Ok(secret) = opened else { return Err(SecretError::Sealed) };
        match String::from_utf8(secret) {
            Ok(secret) => Ok(secret),
            Err(_) => Err(SecretError::Sealed),
        }
    }

    fn key(&self) -> Result<LessSafeKey, SecretError> {
        match UnboundKey::new(&CHACHA20_POLY1305, &self.0) {
            Ok(key) => Ok(LessSafeKey::new(key)),
            Err(_) => Err(SecretError::Sealed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_key_only() {
        let master = MasterKey::from_key([1; 32]);
        let sealed = master.seal("mail", "口令 p@ss").unwrap();
        assert!(!sealed.contains("p@ss"));
        assert_eq!(master.open("mail", &sealed).unwrap(), "口令 p@ss");
        assert!(matches!(master.open("sms", &sealed), Err(SecretError::Sealed)));
        assert!(matches!(MasterKey::from_key([2; 32]).open("mail", &sealed), Err(SecretError::Sealed)));
        assert_ne!(master.seal("mail", "口令 p@ss").unwrap(), sealed, "the same secret never looks the same twice");
    }

    #[test]
    fn what_was_changed_does_not_open() {
        let master = MasterKey::from_key([1; 32]);
        let sealed = master.seal("mail", "secret").unwrap();
        for wrong in ["", "v1:", "v1:AAAA", "secret", &sealed.replace("v1:", "v2:"), &sealed.replace('A', "B")] {
            assert!(wrong == sealed || master.open("mail", wrong).is_err(), "{wrong}");
        }
        assert!(!format!("{master:?}").contains('1'));
    }

    #[test]
    fn a_key_is_64_hexadecimal_digits() {
        assert!(MasterKey::from_text(&"ab".repeat(32), "AFTERCARE_KEY").is_ok());
        let wrong = MasterKey::from_text("password", "AFTERCARE_KEY").unwrap_err();
        assert_eq!(wrong.to_string(), "AFTERCARE_KEY: not a master key (64 hexadecimal digits)");
    }
}
