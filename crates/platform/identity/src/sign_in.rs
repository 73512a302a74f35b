use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use db::Db;
use kernel::{Actor, ActorKind, Clock, Fault, FaultKind, FieldErrors, Id, IdGen, Timestamp, of};

use crate::directories::Directories;
use crate::directory::Directory;
use crate::password::Hasher;
use crate::permissions::Permissions;
use crate::secret::{Secret, digest};
use crate::store;
use crate::store::sessions::{Claim, NewSession};
use crate::throttle::{ADDRESS_RULE, LOGIN_RULE};
use crate::user::User;
use crate::window::Shut;

/// Longer logins are nobody's; they are not looked up.
const LONGEST_LOGIN: usize = 64;
/// Of longer paths the beginning is noted.
const LONGEST_PATH: usize = 300;

/// Knows people again: by password, by session, by API token. One per process; clones share everything.
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    ids: IdGen,
    hasher: Hasher,
    directories: Directories,
    founded: AtomicBool,
}

/// What a person sends to sign in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Staff number or telephone.
    pub login: String,
    /// Password.
    pub password: Secret,
    /// Keep signed in on this device for seven days.
    pub keep: bool,
    /// The client's address.
    pub address: String,
    /// The browser's name for itself.
    pub agent: String,
}

/// A new session.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What the browser keeps as a cookie.
    pub token: Secret,
    /// Who signed in.
    pub user: Id<of::User>,
    /// When it ends in any case. The cookie lasts as long when `keep` was asked, else until the browser closes.
    pub expires_at: Timestamp,
}

/// What a person or program proved itself with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// The session with this id.
    Session(i64),
    /// The API token with this id.
    Token(i64),
}

/// The session or token that a request came with, and whose it is.
#[derive(Debug, Clone)]
pub struct SessionInfo {
    /// Session or token.
    pub by: Means,
    /// The person.
    pub user: User,
    /// When it ends without further use; none for a token without an end.
    pub ends_at: Option<Timestamp>,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// True while nobody may go on with it before a PIN or a password was given.
    pub locked: bool,
    /// True when the person has a PIN for taking turns at a counter PC.
    pub has_pin: bool,
    /// True for somebody from outside: every page that they ask for is noted.
    pub outside: bool,
    /// Why somebody from outside does nothing with it now.
    pub shut: Option<Shut>,
}

/// Somebody who was known again.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who acts, and how far each permission carries.
    pub actor: Actor,
    /// With what.
    pub session: SessionInfo,
}

impl Identity {
    /// Opens the directories and gets ready to know people again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(db: Db, clock: Clock, ids: IdGen, permissions: Permissions) -> Result<Self, Fault> {
        let directories = Directories::open(db.clone(), permissions).await?;
        let (hasher, founded) = (Hasher::default(), AtomicBool::new(false));
        Ok(Self(Arc::new(Inner { db, clock, ids, hasher, directories, founded })))
    }

    /// The snapshots of the organisation that this process shares.
    pub fn directories(&self) -> &Directories {
        &self.0.directories
    }
    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }
    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }
    /// Makes and checks password hashes.
    pub fn hasher(&self) -> &Hasher {
        &self.0.hasher
    }
    pub(crate) fn ids(&self) -> &IdGen {
        &self.0.ids
    }
    pub(crate) fn is_founded(&self) -> bool {
        self.0.founded.load(Ordering::Relaxed)
    }
    pub(crate) fn note_founded(&self) {
        self.0.founded.store(true, Ordering::Relaxed);
    }

    /// Signs a person in by login or telephone and password.
    ///
    /// # Errors
    /// `invalid` with one text for every wrong pair, whether the login exists or not; too many tries; busy; `identity-access-…` for
    /// somebody from outside whose time has not come or is over.
    pub async fn sign_in(&self, asked: SignIn) -> Result<Opened, Fault> {
        let login = asked.login.trim().to_lowercase();
        let mut errors = FieldErrors::default();
        if login.is_empty() {
            errors.add("login", "required");
        }
        if asked.password.reveal().is_empty() {
            errors.add("password", "required");
        }
        errors.check()?;
        if login.chars().count() > LONGEST_LOGIN || login.contains('\0') {
            return Err(Fault::field("password", "identity-sign-in-wrong"));
        }
        let now = self.0.clock.now();
        let address = format!("address:{}", asked.address);
        let (subject, found) = self
            .0
            .db
            .write((login, address.clone(), now), |tx, (login, address, now)| {
                Box::pin(async move {
                    store::attempts::sweep(tx, *now).await?;
                    let found = store::users::credentials(tx, login).await?;
                    let subject = match &found {
                        Some((user, _)) => format!("user:{user}"),
                        None => format!("login:{login}"),
                    };
                    store::attempts::begin(tx, address, &ADDRESS_RULE, *now).await?;
                    store::attempts::begin(tx, &subject, &LOGIN_RULE, *now).await?;
                    Ok::<_, Fault>((subject, found))
                })
            })
            .await?;
        let (user, hash) = found.map_or((None, None), |(user, hash)| (Some(user), hash));
        let matches = self.0.hasher.verify(&asked.password, hash).await?;
        let Some(user) = user.filter(|_| matches) else {
            return Err(Fault::field("password", "identity-sign-in-wrong"));
        };
        let token = Secret::random("")?;
        let new = NewSession {
            token_hash: token.digest(),
            user,
            keep: asked.keep,
            address: asked.address,
            agent: shorten(&asked.agent),
        };
        let expires_at = self
            .0
            .db
            .write((subject, address, new, now, self.0.ids.clone()), |tx, (subject, address, new, now, ids)| {
                Box::pin(async move {
                    store::attempts::clear(tx, subject).await?;
                    store::attempts::take_back(tx, address, *now).await?;
                    let window = store::windows::get(tx, new.user).await?;
                    if let Some(shut) = window.and_then(|window| window.shut(*now)) {
                        return Err(shut.fault());
                    }
                    let (_, expires_at) = store::sessions::insert(tx, ids, *now, new).await?;
                    Ok::<_, Fault>(expires_at)
                })
            })
            .await?;
        Ok(Opened { token, user, expires_at })
    }

    /// Opens a session for `user` without asking for a password: after the first-run page, and in tests.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_session(&self, user: Id<of::User>, address: &str, agent: &str) -> Result<Opened, Fault> {
        let token = Secret::random("")?;
        let new = NewSession {
            token_hash: token.digest(),
            user,
            keep: false,
            address: address.to_owned(),
            agent: shorten(agent),
        };
        let expires_at = self
            .0
            .db
            .write((new, self.0.clock.now(), self.0.ids.clone()), |tx, (new, now, ids)| {
                Box::pin(async move {
                    store::sessions::insert(tx, ids, *now, new).await.map(|(_, end)| end).map_err(Fault::from)
                })
            })
            .await?;
        Ok(Opened { token, user, expires_at })
    }

    /// Checks the password of a person who is signed in, before something that a passer-by must not do. Counts like a try
    /// to sign in; an error stands at `field`.
    ///
    /// # Errors
    /// `invalid` when it is wrong; too many tries; busy.
    pub async fn confirm_password(&self, user: Id<of::User>, field: &str, password: &Secret) -> Result<(), Fault> {
        let (subject, now) = (format!("user:{user}"), self.0.clock.now());
        let hash = self
            .0
            .db
            .write((subject.clone(), user, now), |tx, (subject, user, now)| {
                Box::pin(async move {
                    store::attempts::begin(tx, subject, &LOGIN_RULE, *now).await?;
                    store::users::password_hash(tx, *user).await.map_err(Fault::from)
                })
            })
            .await?;
        if !self.0.hasher.verify(password, hash).await? {
            return Err(Fault::field(field, "identity-password-wrong"));
        }
        self.0
            .db
            .write(subject, |tx, subject| {
                Box::pin(async move { store::attempts::clear(tx, subject).await.map_err(Fault::from) })
            })
            .await
    }

    /// Who holds this session token; none when it is unknown, ended or unused for too long.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn resume(&self, token: &str) -> Result<Option<SignedIn>, Fault> {
        let claim = self
            .0
            .db
            .read(digest(token), |tx, hash| {
                Box::pin(async move { store::sessions::claim(tx, hash).await.map_err(Fault::from) })
            })
            .await?;
        let Some((claim, directory)) = self.stands(claim).await? else { return Ok(None) };
        let now = self.0.clock.now();
        if claim.life.is_to_be_noted(now) {
            let noted = self.0.db.write((claim.id, now), |tx, (id, now)| {
                Box::pin(async move { store::sessions::note_use(tx, *id, *now).await.map_err(Fault::from) })
            });
            unless_busy(noted.await)?;
        }
        Ok(signed_in(&claim, Means::Session(claim.id), now, &directory))
    }

    /// Who is behind this API token; none when it is unknown, ended or revoked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn bearer(&self, token: &str) -> Result<Option<SignedIn>, Fault> {
        let claim = self
            .0
            .db
            .read(digest(token), |tx, hash| {
                Box::pin(async move { store::tokens::claim(tx, hash).await.map_err(Fault::from) })
            })
            .await?;
        let Some((claim, directory)) = self.stands(claim).await? else { return Ok(None) };
        let now = self.0.clock.now();
        if claim.life.is_to_be_noted(now) {
            let noted = self.0.db.write((claim.id, now), |tx, (id, now)| {
                Box::pin(async move { store::tokens::note_use(tx, *id, *now).await.map_err(Fault::from) })
            });
            unless_busy(noted.await)?;
        }
        Ok(signed_in(&claim, Means::Token(claim.id), now, &directory))
    }

    async fn stands(&self, claim: Option<Claim>) -> Result<Option<(Claim, Arc<Directory>)>, Fault> {
        match claim {
            Some(claim) if claim.life.stands(self.0.clock.now()) => {
                let directory = self.0.directories.at_least(claim.directory).await?;
                Ok(Some((claim, directory)))
            }
            Some(_) | None => Ok(None),
        }
    }

    /// Notes a page that `user`, who is from outside, asked for, and what was answered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_visit(&self, user: Id<of::User>, method: &str, path: &str, status: u16) -> Result<(), Fault> {
        let visit = store::windows::Visit {
            id: 0,
            user,
            at: self.0.clock.now(),
            method: method.to_owned(),
            path: path.chars().take(LONGEST_PATH).collect(),
            status: i64::from(status),
        };
        self.0
            .db
            .write((visit, self.0.ids.clone()), |tx, (visit, ids)| {
                Box::pin(async move { store::windows::note(tx, ids, visit).await.map_err(Fault::from) })
            })
            .await
    }

    /// Ends the session of this token.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(&self, token: &str) -> Result<(), Fault> {
        self.0
            .db
            .write((digest(token), self.0.clock.now()), |tx, (hash, now)| {
                Box::pin(async move {
                    if let Some(claim) = store::sessions::claim(tx, hash).await? {
                        store::sessions::revoke(tx, claim.user, claim.id, *now).await?;
                    }
                    Ok::<_, Fault>(())
                })
            })
            .await
    }
}

/// That a use cannot be noted now (a full disk) keeps nobody from reading; the next request tries again.
fn unless_busy(noted: Result<(), Fault>) -> Result<(), Fault> {
    noted.or_else(|fault| if fault.kind() == FaultKind::Busy { Ok(()) } else { Err(fault) })
}

fn signed_in(claim: &Claim, by: Means, now: Timestamp, directory: &Directory) -> Option<SignedIn> {
    let mut actor = directory.actor(claim.user)?;
    actor.kind = match by {
        Means::Session(_) => ActorKind::Staff,
        Means::Token(_) => ActorKind::Token,
    };
    let user = directory.user(claim.user)?.clone();
    Some(SignedIn {
        actor,
        session: SessionInfo {
            by,
            user,
            ends_at: claim.life.ends(now),
            expires_at: claim.life.expires_at,
            locked: claim.locked,
            has_pin: claim.has_pin,
            outside: claim.window.is_some(),
            shut: claim.window.and_then(|window| window.shut(now)),
        },
    })
}

/// Browsers may call themselves anything, at any length.
pub(crate) fn shorten(agent: &str) -> String {
    agent.chars().filter(|letter| !letter.is_control()).take(200).collect()
}
