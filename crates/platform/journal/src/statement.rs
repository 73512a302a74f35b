//! A statement: text that the installation signs as it stands, such as a self-assessment that is never changed again.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::digest::{Canonical, Digest};
use crate::key::{InstallationKey, fingerprint, signed};

const FORMAT: &str = "aftercare.statement.v1";

/// What proves a statement, beside its text. All but the format in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The format of this proof.
    pub format: String,
    /// What kind of statement it is.
    pub kind: String,
    /// SHA-256 of the text.
    pub sha256: String,
    /// The installation's key.
    pub public_key: String,
    /// Its signature over format, kind and digest.
    pub signature: String,
}

/// Signs `text`, a statement of `kind`.
pub fn sign_statement(kind: &str, text: &[u8], key: &InstallationKey) -> Signature {
    let digest: Digest = Sha256::digest(text).into();
    Signature {
        format: FORMAT.to_owned(),
        kind: kind.to_owned(),
        sha256: hex::encode(digest),
        public_key: hex::encode(key.public()),
        signature: hex::encode(key.sign(&content(kind, &digest))),
    }
}

/// The fingerprint of the key that signed exactly this `text`; `None` when text or proof was altered.
pub fn verify_statement(text: &[u8], proof: &Signature) -> Option<String> {
    let digest: Digest = Sha256::digest(text).into();
    let public: Digest = fixed(&proof.public_key)?;
    let signature: [u8; 64] = fixed(&proof.signature)?;
    let whole = proof.format == FORMAT
        && proof.sha256 == hex::encode(digest)
        && signed(&public, &content(&proof.kind, &digest), &signature);
    whole.then(|| fingerprint(&public))
}

fn content(kind: &str, digest: &Digest) -> Digest {
    Canonical::new(FORMAT).text(kind).bytes(digest).finish()
}

fn fixed<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok().map(|()| bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_holds_for_its_own_text_and_kind_only() {
        let key = InstallationKey::from_seed([7; 32]);
        let proof = sign_statement("assessment", b"91 points", &key);
        assert_eq!(verify_statement(b"91 points", &proof), Some(key.fingerprint()));
        assert_eq!(verify_statement(b"92 points", &proof), None);
        let other = Signature { kind: "certificate".to_owned(), ..proof.clone() };
        assert_eq!(verify_statement(b"91 points", &other), None);
        let longer = Signature { signature: format!("{}00", proof.signature), ..proof };
        assert_eq!(verify_statement(b"91 points", &longer), None);
    }
}
