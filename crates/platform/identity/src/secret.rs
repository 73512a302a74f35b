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
    /// What a link holds that lets its reader act without signing in: 128 random bits in 22 letters and digits, short enough for
    /// a text message of two parts and free of signs that telephones cut links at.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn link() -> Result<Self, Fault> {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes).map_err(Fault::internal)?;
        Ok(Self(letters(u128::from_be_bytes(bytes))))
    }
    /// As [`Secret::link`], the same for the same `seed`, which must hold a secret itself.
    pub fn link_from(seed: &str) -> Self {
        let bits =
            Sha256::digest(seed.as_bytes()).iter().take(16).fold(0, |bits, byte| (bits << 8) | u128::from(*byte));
        Self(letters(bits))
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

/// 128 bits as 22 letters and digits.
fn letters(mut bits: u128) -> String {
    const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut text = String::with_capacity(22);
    for _ in 0..22 {
        let letter = usize::try_from(bits % 62).ok().and_then(|at| LETTERS.get(at));
        text.push(char::from(letter.copied().unwrap_or(b'0')));
        bits /= 62;
    }
    text
}

/// True when `text` has the form of a link's token: 22 letters and digits, or the 64 hexadecimal digits of links made before those.
pub fn is_link_token(text: &str) -> bool {
    match text.len() {
        22 => text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        64 => text.bytes().all(|byte| byte.is_ascii_hexdigit()),
        _ => false,
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

    #[test]
    fn a_link_is_short_and_keeps_all_its_bits() {
        let (a, b) = (Secret::link().unwrap(), Secret::link().unwrap());
        assert_ne!(a, b);
        assert!(is_link_token(a.reveal()) && is_link_token(&digest("an older one")));
        assert_eq!(Secret::link_from("x"), Secret::link_from("x"));
        assert_ne!(Secret::link_from("x"), Secret::link_from("y"));
        for wrong in ["", "x", &"-".repeat(22), &"a".repeat(21), &"a".repeat(23), &"g".repeat(64)] {
            assert!(!is_link_token(wrong), "{wrong}");
        }
        // 62^22 is more than 2^128, so different bits give different letters.
        let back = |text: &str| {
            text.bytes().rev().fold(0_u128, |bits, byte| {
                let digit = match byte {
                    b'0'..=b'9' => byte - b'0',
                    b'A'..=b'Z' => byte - b'A' + 10,
                    _ => byte - b'a' + 36,
                };
                bits * 62 + u128::from(digit)
            })
        };
        for bits in [0, 1, 61, 62, u128::MAX / 2, u128::MAX] {
            assert_eq!(back(&letters(bits)), bits);
        }
    }
}
