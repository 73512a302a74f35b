use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{Actor, Fault, FaultKind, Permission, Placed, Reach, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use web::Locale;

use crate::Installation;
use crate::replay::{self, ReplayKey};
use crate::work::{Recorded, Work};

/// One request: who asks, in which language, of which installation.
#[derive(Clone)]
pub struct Ctx {
    /// Who asks.
    pub actor: Actor,
    /// In which language.
    pub locale: Locale,
    /// Names the request in the log, in error pages and in the journal.
    pub request: Arc<str>,
    /// The session or token that the actor came with, if any.
    pub session: Option<identity::SessionInfo>,
    /// A session that is locked: its holder does nothing with it but hand over or come back by PIN.
    pub locked: Option<identity::SessionInfo>,
    /// Why somebody from outside, who holds a session, does nothing with it now.
    pub shut: Option<identity::Shut>,
    /// The installation.
    pub house: Arc<Installation>,
    pub(crate) replay: Option<ReplayKey>,
}

impl Ctx {
    /// A context for `actor`.
    pub fn new(house: Arc<Installation>, actor: Actor, locale: Locale, request: &str) -> Self {
        Self { actor, locale, request: request.into(), session: None, locked: None, shut: None, house, replay: None }
    }
    /// The program's own context, for jobs, imports and timers.
    pub fn system(house: Arc<Installation>, task: &str) -> Self {
        Self::new(house, Actor::system(), Locale::default(), task)
    }
    /// The same request with a key that makes a repeat answer with the first one's result.
    #[must_use]
    pub fn replayable(mut self, key: Option<ReplayKey>) -> Self {
        self.replay = key;
        self
    }
    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.house.clock.now()
    }
    /// Where the actor begins who takes no part in daily work, if anywhere.
    pub fn landing(&self) -> Option<&'static str> {
        self.house.landings.iter().find(|(needs, _)| self.actor.holds(*needs)).map(|(_, path)| *path)
    }
    /// What `permission` reaches for the actor; goes into list filters.
    pub fn reach(&self, permission: Permission) -> Reach {
        self.actor.reach(permission)
    }
    /// `Ok` when the actor may do `permission` on `record`, else 404: what one may not do, one may not know of.
    ///
    /// # Errors
    /// `not-found`.
    #[track_caller]
    pub fn require(&self, permission: Permission, record: &impl Placed) -> Result<(), Fault> {
        if self.actor.may(permission, record) { Ok(()) } else { Err(Fault::not_found()) }
    }
    pub(crate) fn who(&self, now: Timestamp) -> journal::Who {
        journal::Who {
            actor_kind: self.actor.kind,
            user: self.actor.user,
            name: self.actor.name.to_string(),
            request: self.request.to_string(),
            now,
        }
    }

    /// Runs `body` as one read-only snapshot.
    ///
    /// # Errors
    /// What `body` says, or `busy` when the database is away.
    pub async fn read<I, T>(
        &self,
        input: I,
        body: impl for<'t> Fn(&'t mut Tx, &'t I) -> BoxFuture<'t, Result<T, Fault>> + Send + Sync + 'static,
    ) -> Result<T, Fault>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
    {
        self.house.db.read(input, body).await
    }

    /// Runs `body` as one transaction; what it tells is told after the commit. `body` may run more than once, so it takes all
    /// from its input and from the transaction. With a replay key, a repeat is answered with the first one's result.
    ///
    /// # Errors
    /// What `body` says; then nothing has changed.
    pub async fn write<I, T>(
        &self,
        input: I,
        body: impl for<'w> Fn(&'w mut Work<'_>, &'w I) -> BoxFuture<'w, Result<Recorded<T>, Fault>> + Send + Sync + 'static,
    ) -> Result<T, Fault>
    where
        I: Send + Sync + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let house = Arc::clone(&self.house);
        let replay = self.replay.as_ref().map(ReplayKey::next);
        let shared = (self.clone(), replay.clone(), input, body);
        let written = house
            .db
            .write(shared, |tx, (ctx, replay, input, body)| {
                Box::pin(async move {
                    let now = ctx.now();
                    if let Some(key) = replay
                        && let Some(value) = replay::find(tx, key).await?
                    {
                        return Ok::<_, Fault>((value, Vec::new(), false));
                    }
                    let mut work = Work { tx, ctx, now, replayed: false, told: Vec::new(), jobs: false };
                    let Recorded { value } = body(&mut work, input).await?;
                    let Work { tx, told, jobs, .. } = work;
                    if let Some(key) = replay {
                        let result = serde_json::to_string(&value).map_err(Fault::internal)?;
                        replay::keep(tx, &ctx.house.ids, key, result, now).await?;
                    }
                    Ok((value, told, jobs))
                })
            })
            .await;
        let (value, told, jobs) = match (written, replay) {
            // The same request twice at once: the other was faster, and its result is the answer.
            (Err(fault), Some(key)) if fault.kind() == FaultKind::Conflict && fault.code() == "duplicate" => {
                let found = self.read(key, |tx, key| Box::pin(replay::find(tx, key))).await?;
                return found.ok_or(fault);
            }
            (written, _) => written?,
        };
        if jobs {
            house.wake.notify();
        }
        for event in told {
            house.live.tell(event);
        }
        Ok(value)
    }
}

impl<S: Sync> FromRequestParts<S> for Ctx {
    type Rejection = web::Failure;

    /// The context that the program's outermost layer put into the request.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Fault::internal("a route outside the session layer").into())
    }
}
