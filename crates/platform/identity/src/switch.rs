//! Persons taking turns at one counter PC: a password once per shift and person, then a PIN.

use db::Tx;
use kernel::{Fault, FaultKind, FieldErrors, Id, IdGen, Timestamp, of};

use crate::directory::Directory;
use crate::roles::ADMINISTRATOR;
use crate::secret::{Secret, digest};
use crate::sign_in::{Identity, Means, Opened, SessionInfo};
use crate::store;
use crate::store::pins::{LOCKED, TRIES};
use crate::store::sessions::NewSession;

/// Digits of a PIN.
const DIGITS: usize = 6;

/// Notes at `field` why `pin` cannot be a PIN, if it cannot: six digits, no run, no repetition.
pub fn check_pin(errors: &mut FieldErrors, field: &str, pin: &Secret) {
    let digits: Vec<i64> = pin.reveal().bytes().filter(u8::is_ascii_digit).map(i64::from).collect();
    if digits.len() != DIGITS || pin.reveal().len() != DIGITS {
        errors.add_with(field, "identity-pin-digits", vec![("n", DIGITS.to_string())]);
        return;
    }
    let steady = |step: i64| {
        digits.windows(2).all(|pair| matches!(pair, [a, b] if (b - a).rem_euclid(10) == step.rem_euclid(10)))
    };
    // 111111, 123456, 987654, 121212, 123123, 112233, 111222.
    let again = |period: usize| digits.iter().zip(digits.iter().skip(period)).all(|(a, b)| a == b);
    let few = digits.iter().collect::<std::collections::BTreeSet<_>>().len() < 3;
    let pairs = digits.chunks(2).all(|pair| matches!(pair, [a, b] if a == b));
    if steady(0) || steady(1) || steady(-1) || again(2) || again(3) || few || pairs {
        errors.add(field, "identity-pin-easy");
    }
}

/// Who takes over, and at which browser.
#[derive(Debug, Clone)]
pub struct SwitchTo {
    /// The person.
    pub user: Id<of::User>,
    /// What was typed.
    pub pin: Secret,
    /// The browser's own token.
    pub workstation: Option<String>,
    /// The client's address.
    pub address: String,
    /// The browser's name for itself.
    pub agent: String,
}

/// A switch whose PIN was right; it happens with [`Switching::carry_out`], in the transaction that records it.
#[derive(Debug, Clone)]
pub struct Switching {
    new: NewSession,
    token: Secret,
    before: (i64, Id<of::User>),
    ends: Timestamp,
    workstation: i64,
}

impl Switching {
    /// Ends the session before and opens the new one, which ends when the one before would have. False when the session before
    /// has ended meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn carry_out(&self, tx: &mut Tx, ids: &IdGen, now: Timestamp) -> Result<bool, Fault> {
        let (session, user) = self.before;
        if !store::sessions::revoke(tx, user, session, now).await? {
            return Ok(false);
        }
        let (id, _) = store::sessions::insert(tx, ids, now, &self.new).await?;
        store::sessions::end_by(tx, id, self.ends).await?;
        store::pins::forgive(tx, self.new.user).await?;
        store::pins::note_person(tx, self.workstation, self.new.user, now).await?;
        Ok(true)
    }
    /// What the browser keeps from now on.
    pub fn opened(&self) -> Opened {
        Opened { token: self.token.clone(), user: self.new.user, expires_at: self.ends }
    }
    /// Who had it before.
    pub fn before(&self) -> Id<of::User> {
        self.before.1
    }
}

/// The store at whose counters `user` may take over with a PIN: active people whose every role is given inside their own store.
/// Whoever reaches further (administrators, headquarters, regions) signs in with the password.
pub fn counter_of(directory: &Directory, user: Id<of::User>) -> Option<Id<of::Unit>> {
    let person = directory.user(user).filter(|person| person.active)?;
    let store = directory.store_of(person.home)?.id;
    let inside = directory.assignments(user).iter().all(|given| {
        given.role != ADMINISTRATOR && directory.store_of(given.unit).is_some_and(|unit| unit.id == store)
    });
    (inside && !directory.assignments(user).is_empty()).then_some(store)
}

impl Identity {
    /// Notes that `user`, who has just signed in with a password, is at the browser with `token`. A browser that is new to us gets
    /// a token, to be kept as a cookie.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_workstation(&self, token: Option<&str>, user: Id<of::User>) -> Result<Option<Secret>, Fault> {
        if counter_of(&self.directories().now(), user).is_none() {
            return Ok(None);
        }
        let fresh = Secret::random("")?;
        let input = (token.map(digest), fresh.digest(), user, self.ids().clone(), self.clock().now());
        let known = self
            .db()
            .write(input, |tx, (token, fresh, user, ids, now)| {
                Box::pin(async move {
                    let known = match token {
                        Some(token) => store::pins::workstation(tx, token).await?,
                        None => None,
                    };
                    let id = match known {
                        Some(id) => id,
                        None => store::pins::add_workstation(tx, ids, fresh, *now).await?,
                    };
                    store::pins::note_person(tx, id, *user, *now).await?;
                    store::pins::forgive(tx, *user).await?;
                    Ok::<_, Fault>(known.is_some())
                })
            })
            .await?;
        Ok((!known).then_some(fresh))
    }

    /// Who can take over from the holder of `session` at the browser with `token`: people of the same store with a PIN who were
    /// there lately, the last one first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn colleagues(&self, session: &SessionInfo, token: Option<&str>) -> Result<Vec<Id<of::User>>, Fault> {
        let directory = self.directories().now();
        let (Some(token), Some(store)) = (token, counter_of(&directory, session.user.id)) else {
            return Ok(Vec::new());
        };
        let people = self
            .db()
            .read((digest(token), self.clock().now()), |tx, (token, now)| {
                Box::pin(async move {
                    match store::pins::workstation(tx, token).await? {
                        Some(id) => Ok::<_, Fault>(store::pins::people(tx, id, *now).await?),
                        None => Ok(Vec::new()),
                    }
                })
            })
            .await?;
        Ok(people.into_iter().filter(|user| counter_of(&directory, *user) == Some(store)).collect())
    }

    /// Checks the PIN of somebody who takes over from the holder of `session`. The hash is checked outside any transaction.
    ///
    /// # Errors
    /// `identity-switch-no` when this person cannot take over here: sign in with the password; `invalid` at `pin` with the tries
    /// that are left; `identity-pin-locked` (429) after five wrong ones; busy.
    pub async fn check_switch(&self, session: &SessionInfo, to: SwitchTo) -> Result<Switching, Fault> {
        let Means::Session(before) = session.by else { return Err(Fault::refused("identity-switch-no")) };
        let token = to.workstation.clone().unwrap_or_default();
        if !self.colleagues(session, Some(&token)).await?.contains(&to.user) {
            return Err(Fault::refused("identity-switch-no"));
        }
        let now = self.clock().now();
        let (hash, failures, workstation) = self
            .db()
            .write((to.user, digest(&token), now), |tx, (user, token, now)| {
                Box::pin(async move {
                    let no = || Fault::refused("identity-switch-no");
                    let workstation = store::pins::workstation(tx, token).await?.ok_or_else(no)?;
                    let pin = store::pins::find(tx, *user).await?.ok_or_else(no)?;
                    let wait = pin.locked_until.map_or(0, |until| until.since(*now).max(0));
                    if wait > 0 {
                        return Err(Fault::new(FaultKind::TooMany, "identity-pin-locked")
                            .with("minutes", (wait + 59_999) / 60_000)
                            .with("retry_after", (wait + 999) / 1_000));
                    }
                    // A lock that is over begins anew.
                    let failures = if pin.locked_until.is_some() { 1 } else { pin.failures + 1 };
                    store::pins::begin(tx, *user, failures, *now).await?;
                    Ok((pin.hash, failures, workstation))
                })
            })
            .await?;
        if !self.hasher().verify(&to.pin, Some(hash)).await? {
            let left = TRIES - failures;
            if left <= 0 {
                return Err(Fault::new(FaultKind::TooMany, "identity-pin-locked")
                    .with("minutes", LOCKED / 60_000)
                    .with("retry_after", LOCKED / 1_000));
            }
            let mut errors = FieldErrors::default();
            errors.add_with("pin", "identity-pin-wrong", vec![("n", left.to_string())]);
            return Err(Fault::invalid(errors));
        }
        let fresh = Secret::random("")?;
        let new = NewSession {
            token_hash: fresh.digest(),
            user: to.user,
            keep: false,
            address: to.address,
            agent: crate::sign_in::shorten(&to.agent),
        };
        let ends = session.expires_at.min(now.plus(crate::SHIFT_LIMIT));
        Ok(Switching { new, token: fresh, before: (before, session.user.id), ends, workstation })
    }

    /// Locks a session: nobody goes on with it before a PIN or a password was given. False when its holder has no PIN.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lock(&self, session: &SessionInfo) -> Result<bool, Fault> {
        let Means::Session(id) = session.by else { return Ok(false) };
        if !session.has_pin {
            return Ok(false);
        }
        self.db()
            .write((id, self.clock().now()), |tx, (id, now)| {
                Box::pin(async move { store::sessions::lock(tx, *id, *now).await.map_err(Fault::from) })
            })
            .await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easy_pins_are_refused() {
        let refused = |pin: &str| {
            let mut errors = FieldErrors::default();
            check_pin(&mut errors, "pin", &Secret::new(pin));
            errors.of("pin").map(|error| error.code)
        };
        for wrong in ["", "12345", "1234567", "12a456", "１２３４５６"] {
            assert_eq!(refused(wrong), Some("identity-pin-digits"), "{wrong}");
        }
        for easy in ["111111", "123456", "890123", "654321", "121212", "123123", "112233", "111222", "000001"] {
            assert_eq!(refused(easy), Some("identity-pin-easy"), "{easy}");
        }
        for good in ["250914", "738205", "190327"] {
            assert_eq!(refused(good), None, "{good}");
        }
    }
}
