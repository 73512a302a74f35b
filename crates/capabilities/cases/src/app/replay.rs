//! Plays a history back: imports and the demo company, many cases in one transaction, each act at the time when it happened.
//! Nobody is written to about it ([`Work::replayed`]); everything else is as if it happened now.

mod tales;

pub use tales::{Deed, PastTask, Tale, What};

use std::sync::Arc;

use capability::{Ctx, Recorded, Work};
use identity::Secret;
use kernel::{Fault, Id, Timestamp, of};

use super::intake::{self, Checked, Intake, TakenIn, Whose};
use super::{Changed, Posted, command, desk, message};
use crate::domain::{Command, Policy, Visibility};

/// Plays histories back by the policy in force.
#[derive(Clone)]
pub struct Replay {
    policy: Arc<Policy>,
    token: Secret,
}

/// An intake that passed every check and has its number.
pub struct Prepared(Checked);

impl Replay {
    /// Gets ready on the installation of `ctx`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(ctx: &Ctx) -> Result<Self, Fault> {
        // No link leaves a replay, so one token that nobody learns serves for all.
        Ok(Self { policy: desk::of(&ctx.house).policy(&ctx.house).await?, token: Secret::link()? })
    }

    /// Checks `intake` as of `at`, by the actor of `ctx`, before the transaction.
    ///
    /// # Errors
    /// As [`super::take_in`].
    pub async fn prepare(&self, ctx: &Ctx, intake: Intake, at: Timestamp) -> Result<Prepared, Fault> {
        intake::check(ctx, intake, None, at).await.map(Prepared)
    }

    /// The same for whoever may by a permission of their own, at which the caller has looked: imports and what others noted.
    ///
    /// # Errors
    /// `invalid` with the fields; `not-found` when there is no such store.
    pub async fn prepare_for(&self, ctx: &Ctx, intake: Intake, at: Timestamp) -> Result<Prepared, Fault> {
        intake::checked(ctx, intake, None, at).await.map(Prepared)
    }

    /// Takes it in; `customer` instead of the one that was named, when that one's file has been opened meanwhile.
    ///
    /// # Errors
    /// As [`super::take_in`].
    pub async fn take_in(
        &self,
        work: &mut Work<'_>,
        prepared: &Prepared,
        customer: Option<Id<of::Customer>>,
    ) -> Result<Recorded<TakenIn>, Fault> {
        match customer {
            Some(id) => intake::body(work, &prepared.0.of_customer(id)).await,
            None => intake::body(work, &prepared.0).await,
        }
    }

    /// As [`super::command`].
    ///
    /// # Errors
    /// As there.
    pub async fn command(
        &self,
        work: &mut Work<'_>,
        id: Id<of::Case>,
        version: i64,
        command: Command,
    ) -> Result<Recorded<Changed>, Fault> {
        let input = command::Input {
            id,
            version,
            command,
            policy: Arc::clone(&self.policy),
            token: self.token.clone(),
            signature: None,
        };
        command::body(work, &input).await
    }

    /// As [`super::post_message`].
    ///
    /// # Errors
    /// As there.
    pub async fn post_message(
        &self,
        work: &mut Work<'_>,
        id: Id<of::Case>,
        visibility: Visibility,
        body: &str,
    ) -> Result<Recorded<Posted>, Fault> {
        let (policy, token) = (Arc::clone(&self.policy), self.token.clone());
        let input = message::Input {
            id,
            visibility,
            body: message::checked(body)?,
            way: None,
            files: super::files::NewFiles::default(),
            policy,
            token,
        };
        message::write(work, &input).await
    }
}

impl Checked {
    fn of_customer(&self, id: Id<of::Customer>) -> Self {
        Self {
            case: self.case.clone(),
            told: self.told.clone(),
            customer: Whose::Existing(id),
            policy: Arc::clone(&self.policy),
            token: self.token.clone(),
            solution: None,
        }
    }
}
