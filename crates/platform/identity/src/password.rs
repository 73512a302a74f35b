use std::sync::Arc;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::{Fault, FieldErrors};
use tokio::sync::Semaphore;

use crate::Secret;

/// The shortest password, in characters.
const SHORTEST: usize = 10;
/// The longest, so that nobody makes the program hash a book.
const LONGEST: usize = 200;
/// Passwords of ten characters and more that everybody tries first, in lower case, one a line.
const COMMON: &str = include_str!("common_passwords.txt");

/// Notes at `field` why `password` cannot be the password of `login`, if it cannot.
pub fn check_password(errors: &mut FieldErrors, field: &str, login: &str, password: &Secret) {
    let text = password.reveal();
    let length = text.chars().count();
    if length < SHORTEST {
        errors.add_with(
            field,
            "identity-password-short",
            vec![("min", SHORTEST.to_string()), ("now", length.to_string())],
        );
    } else if length > LONGEST {
        errors.add_with(field, "identity-password-long", vec![("max", LONGEST.to_string())]);
    } else if is_common(&text.to_lowercase(), &login.to_lowercase()) {
        errors.add(field, "identity-password-common");
    }
}

fn is_common(password: &str, login: &str) -> bool {
    if COMMON.lines().any(|line| line == password) {
        return true;
    }
    // The login with a few characters around it, and runs such as 1234567890 or aaaaaaaaaa.
    let rest = if login.chars().count() >= 3 { password.replace(login, "") } else { password.to_owned() };
    if rest.chars().count() < 5 {
        return true;
    }
    let codes: Vec<u32> = password.chars().map(u32::from).collect();
    let steady =
        |step: i64| codes.windows(2).all(|pair| matches!(pair, [a, b] if i64::from(*b) - i64::from(*a) == step));
    steady(0) || steady(1) || steady(-1)
}

/// Hashes that a login without an account is checked against, so that the answer takes as long as for one with.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZWJvZHllbHNlMDAwMA$AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA";

/// Makes and checks Argon2id hashes, at most two at once, each in 19 MiB, off the threads that serve requests.
#[derive(Debug, Clone)]
pub struct Hasher {
    working: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self { working: Arc::new(Semaphore::new(2)), waiting: Arc::new(Semaphore::new(64)) }
    }
}

impl Hasher {
    /// The hash of `password` with a new salt.
    ///
    /// # Errors
    /// Busy when 64 others wait; internal when the machine gives no randomness.
    pub async fn hash(&self, password: &Secret) -> Result<String, Fault> {
        let password = password.clone();
        self.run(move || {
            let mut salt = [0_u8; 16];
            getrandom::fill(&mut salt).map_err(Fault::internal)?;
            let salt = SaltString::encode_b64(&salt).map_err(Fault::internal)?;
            let hash = argon2()?.hash_password(password.reveal().as_bytes(), &salt).map_err(Fault::internal)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// True when `password` is the one behind `hash`. Without a hash the answer is no, and takes as long.
    ///
    /// # Errors
    /// Busy when 64 others wait; internal when the stored hash cannot be read.
    pub async fn verify(&self, password: &Secret, hash: Option<String>) -> Result<bool, Fault> {
        let password = password.clone();
        self.run(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
            let parsed = PasswordHash::new(&hash).map_err(Fault::internal)?;
            let matches = argon2()?.verify_password(password.reveal().as_bytes(), &parsed).is_ok();
            Ok(known && matches)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let _queue = self.waiting.try_acquire().map_err(|_full| Fault::busy("too many passwords to check at once"))?;
        let _turn = self.working.acquire().await.map_err(Fault::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Fault::internal)?
    }
}

/// Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet).
fn argon2() -> Result<Argon2<'static>, Fault> {
    let params = Params::new(19_456, 2, 1, None).map_err(Fault::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(login: &str, password: &str) -> Option<&'static str> {
        let mut errors = FieldErrors::default();
        check_password(&mut errors, "password", login, &Secret::new(password));
        errors.of("password").map(|error| error.code)
    }

    #[test]
    fn easy_passwords_are_refused() {
        assert_eq!(refused("wang", "short"), Some("identity-password-short"));
        assert_eq!(refused("wang", &"x".repeat(201)), Some("identity-password-long"));
        for easy in [
            "Password123",
            "1234567890",
            "9876543210",
            "aaaaaaaaaaaa",
            "qwertyuiop",
            "wangxiaoming2026",
            "QWE123456789",
        ] {
            assert_eq!(refused("wangxiaoming", easy), Some("identity-password-common"), "{easy}");
        }
        for good in ["门店的钥匙放在抽屉里面", "correct horse", "hz02017-lunch-noodle"] {
            assert_eq!(refused("hz02017", good), None, "{good}");
        }
    }

    #[tokio::test]
    async fn a_hash_is_checked_and_nobody_never_matches() {
        let hasher = Hasher::default();
        let password = Secret::new("correct horse");
        let hash = hasher.hash(&password).await.unwrap();
        assert!(hasher.verify(&password, Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(&Secret::new("wrong horse"), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(&password, None).await.unwrap());
        // The hash for nobody costs the same.
        let (real, nobody) = (PasswordHash::new(&hash).unwrap(), PasswordHash::new(NOBODY).unwrap());
        assert_eq!(real.params, nobody.params);
        assert_eq!(real.algorithm, nobody.algorithm);
        assert_eq!(real.hash.unwrap().len(), nobody.hash.unwrap().len());
    }
}
