use db::Tx;
use kernel::{Fault, FieldErrors, Id, Timestamp, of};

use crate::password::check_password;
use crate::secret::Secret;
use crate::sign_in::Identity;
use crate::store;
use crate::throttle::{ADDRESS_RULE, LOGIN_RULE};

/// A code is good for fourteen days, in milliseconds.
pub const ACTIVATION_LIMIT: i64 = 14 * 24 * 3_600_000;

/// What somebody sends who sets a password by a code.
#[derive(Debug, Clone)]
pub struct Activation {
    /// Staff number or telephone.
    pub login: String,
    /// The code that the administrator handed over.
    pub code: Secret,
    /// The password they want.
    pub password: Secret,
    /// The client's address.
    pub address: String,
}

/// An activation that passed every check; the password is a hash by now.
#[derive(Debug, Clone)]
pub struct Activated {
    /// Whose it is.
    pub user: Id<of::User>,
    code_hash: String,
    password_hash: String,
}

/// The digest of a code as people type it: either case, with or without the hyphen.
pub(crate) fn code_digest(code: &str) -> String {
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    crate::secret::digest(&format!("activate:{plain}"))
}

impl Secret {
    /// What is stored of a code for a first password.
    pub fn activation_digest(&self) -> String {
        code_digest(self.reveal())
    }
}

impl Identity {
    /// Checks a code and the new password, but does not set it: [`Activated::set`] does, inside the caller's transaction.
    ///
    /// # Errors
    /// `invalid` with one text for every wrong pair, whether the login exists or not; too many tries; busy.
    pub async fn activate(&self, asked: Activation) -> Result<Activated, Fault> {
        let login = asked.login.trim().to_lowercase();
        let mut errors = FieldErrors::default();
        for (field, empty) in [("login", login.is_empty()), ("code", asked.code.reveal().trim().is_empty())] {
            if empty {
                errors.add(field, "required");
            }
        }
        check_password(&mut errors, "password", &login, &asked.password);
        errors.check()?;
        let (now, code_hash) = (self.clock().now(), code_digest(asked.code.reveal()));
        let input = (login, code_hash.clone(), format!("address:{}", asked.address), now);
        let found = self
            .db()
            .write(input, |tx, (login, code_hash, address, now)| {
                Box::pin(async move {
                    let user = store::users::credentials(tx, login).await?.map(|(user, _)| user);
                    let subject = match user {
                        Some(user) => format!("user:{user}"),
                        None => format!("login:{login}"),
                    };
                    store::attempts::begin(tx, address, &ADDRESS_RULE, *now).await?;
                    store::attempts::begin(tx, &subject, &LOGIN_RULE, *now).await?;
                    let Some(user) = user else { return Ok::<_, Fault>(None) };
                    if !store::activation::holds(tx, user, code_hash, *now).await? {
                        return Ok(None);
                    }
                    store::attempts::clear(tx, &subject).await?;
                    store::attempts::take_back(tx, address, *now).await?;
                    Ok(Some(user))
                })
            })
            .await?;
        let user = found.ok_or_else(|| Fault::field("code", "identity-activation-wrong"))?;
        let password_hash = self.hasher().hash(&asked.password).await?;
        Ok(Activated { user, code_hash, password_hash })
    }
}

impl Activated {
    /// Sets the password and uses the code up.
    ///
    /// # Errors
    /// `invalid` when the code has been used meanwhile.
    pub async fn set(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
        if !store::activation::holds(tx, self.user, &self.code_hash, now).await? {
            return Err(Fault::field("code", "identity-activation-wrong"));
        }
        store::users::set_password(tx, now, self.user, &self.password_hash).await?;
        store::activation::clear(tx, self.user).await?;
        Ok(())
    }
}
