use std::fmt;

use kernel::Fault;
use sha2::{Digest, Sha256};

/// A secret that somebody typed or that was just made. It does not show in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps what was typed.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
    /// The text itself, to hand to the person or to check.
    pub fn reveal(&self) -> &str {
        &self.0
    }
    /// 256 random bits in hexadecimal behind `prefix`.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn random(prefix: &str) -> Result<Self, Fault> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(Fault::internal)?;
        Ok(Self(format!("{prefix}{}", hex::encode(bytes))))
    }
    /// A new API token. Its prefix is how people and scanners for leaked secrets recognise one.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn token() -> Result<Self, Fault> {
        Self::random("ac_")
    }
    /// Forty random bits as a person can read them aloud: `7Q2M-K0XD`, without I, L, O and U.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn readable() -> Result<Self, Fault> {
        const LETTERS: [char; 32] = [
            '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M',
            'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
        ];
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes).map_err(Fault::internal)?;
        let letters = bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32)));
        let mut text = String::new();
        for (n, letter) in letters.enumerate() {
            if n == 4 {
                text.push('-');
            }
            text.push(*letter);
        }
        Ok(Self(text))
    }
    /// What is stored of a random secret.
    pub fn digest(&self) -> String {
        digest(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The SHA-256 of a random secret in hexadecimal. Not for passwords: those need a slow hash.
pub fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_hide() {
        let (a, b) = (Secret::token().unwrap(), Secret::token().unwrap());
        assert_ne!(a, b);
        assert_eq!(a.reveal().len(), 67);
        assert_eq!(format!("{a:?}"), "Secret");
        assert_eq!(Secret::readable().unwrap().reveal().len(), 9);
    }
}
