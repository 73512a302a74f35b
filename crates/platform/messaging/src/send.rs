//! The job that sends one message.

use std::collections::BTreeMap;
use std::sync::Arc;

use db::Tx;
use jobs::{JobError, JobKind, JobRun};
use kernel::{Clock, Id, Zone};
use secrets::MasterKey;
use serde::{Deserialize, Serialize};

use crate::callback;
use crate::counting::{self, Counted};
use crate::store::{self, Ended, Message, MessageState, Stored};
use crate::{Address, Channel, Outcome, Outgoing, Provider, Providers, QuietHours};

/// The kind's code.
pub(crate) const KIND: &str = "messaging.send";
/// After so many calls that certainly did not send (over about two hours) the message has failed.
const CALLS: i64 = 8;
/// Calls are counted on the message, so the job itself never dies before the message is settled.
const JOB_TRIES: i64 = 1_000;

/// Calls at the same time on a node: a mail server that hangs must not hold up everything else.
const AT_ONCE: usize = 4;

/// What the job is given.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Body {
    id: Id<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quiet: Option<Night>,
}

/// Quiet hours with their zone: a retry must not slip into the night.
#[derive(Debug, Serialize, Deserialize)]
struct Night {
    from: (i8, i8),
    until: (i8, i8),
    zone: String,
}

impl Body {
    pub(crate) fn new(id: Id<Message>, quiet: Option<(QuietHours, &Zone)>) -> Self {
        let quiet =
            quiet.map(|(hours, zone)| Night { from: hours.from, until: hours.until, zone: zone.name().to_owned() });
        Self { id, quiet }
    }
}

/// The kind of job that sends messages with `providers`; register it with the runner.
pub fn kind(providers: Providers, master: MasterKey) -> JobKind {
    JobKind::new(KIND, JOB_TRIES, move |run, body| {
        let means = Means { providers: providers.clone(), master: master.clone() };
        async move { send(&run, &body, &means).await }
    })
    .at_most(AT_ONCE)
}

/// By what messages go out.
#[derive(Clone)]
struct Means {
    providers: Providers,
    /// Opens the secrets of callbacks.
    master: MasterKey,
}

/// What the first transaction decided.
enum Begun {
    /// Nothing is left to do.
    Settled,
    /// The message is `sending` by this attempt.
    Ours(Box<Stored>, Arc<dyn Provider>),
}

async fn send(run: &JobRun, body: &str, means: &Means) -> Result<(), JobError> {
    let Body { id, quiet } = serde_json::from_str(body).map_err(JobError::give_up)?;
    if let Some(night) = quiet {
        let hours = QuietHours { from: night.from, until: night.until };
        let now = run.clock.now();
        let morning = hours.not_before(now, &Zone::named(&night.zone).unwrap_or(Zone::china()));
        if morning > now {
            return Err(JobError::NotBefore(morning));
        }
    }
    let Some((message, provider)) = begin(run, id, means).await? else { return Ok(()) };
    let ended = |outcome, again, cost| Ended { id, round: message.round, tries: message.tries, outcome, again, cost };
    let Some(outgoing) = outgoing(id, &message, &run.clock) else {
        let outcome = Outcome::Refused("the stored address cannot be sent to".to_owned());
        return settle(run, &message, ended(outcome, false, 0)).await;
    };
    let outcome = provider.send(&outgoing).await;
    let again = message.tries < CALLS
        && match outcome {
            Outcome::NotYet(_) => true,
            // The provider sends the same key once only, so asking again is safe and settles it.
            Outcome::Unclear(_) => provider.idempotent(),
            Outcome::Accepted(_) | Outcome::Refused(_) => false,
        };
    let cost = message.segments.saturating_mul(provider.fen_per_segment());
    settle(run, &message, ended(outcome, again, cost)).await
}

/// Marks the message `sending` and commits that, before anybody is called. Settles it when it must not be called for.
async fn begin(run: &JobRun, id: Id<Message>, means: &Means) -> Result<Option<(Stored, Arc<dyn Provider>)>, JobError> {
    let input = (run.clone(), id, means.clone());
    let begun = run
        .db
        .write(input, |tx, (run, id, Means { providers, master })| {
            Box::pin(async move {
                let Some(mut message) = store::get(tx, *id).await? else {
                    run.complete_in(tx).await?;
                    return Ok(Begun::Settled);
                };
                providers.refresh(tx).await.map_err(JobError::retry)?;
                let provider = match message.channel {
                    Channel::Webhook => callback::of(tx, providers, master, &message.to)
                        .await
                        .map_err(JobError::retry)?
                        .map(|callback| Arc::new(callback) as Arc<dyn Provider>),
                    channel => providers.of(channel),
                };
                let idempotent = provider.as_ref().is_some_and(|provider| provider.idempotent());
                let stopped = match (message.state, &provider) {
                    (MessageState::Queued, None) => Some((MessageState::Failed, "no-provider")),
                    // An earlier attempt died between its call and its answer.
                    (MessageState::Sending, _) if !idempotent => Some((MessageState::Unknown, "interrupted")),
                    // The callback was taken away while nobody knew.
                    (MessageState::Sending, None) => Some((MessageState::Unknown, "interrupted")),
                    (MessageState::Queued | MessageState::Sending, Some(_)) => None,
                    (
                        MessageState::Sent | MessageState::Failed | MessageState::Suppressed | MessageState::Unknown,
                        _,
                    ) => {
                        run.complete_in(tx).await?;
                        return Ok(Begun::Settled);
                    }
                };
                if let Some((state, error)) = stopped {
                    store::stop(tx, *id, state, error).await?;
                    if state == MessageState::Failed {
                        let counted = Counted { channel: message.channel, store: message.store, now: run.clock.now() };
                        counting::failed(tx, &run.ids, &counted, *id).await.map_err(JobError::retry)?;
                    }
                    run.complete_in(tx).await?;
                    return Ok(Begun::Settled);
                }
                if !store::begin(tx, *id, message.round, message.tries).await? {
                    return Err(JobError::Lost);
                }
                let Some(provider) = provider else { return Err(JobError::retry("no provider")) };
                message.tries += 1;
                Ok(Begun::Ours(Box::new(message), provider))
            })
        })
        .await?;
    Ok(match begun {
        Begun::Settled => None,
        Begun::Ours(message, provider) => Some((*message, provider)),
    })
}

fn outgoing(id: Id<Message>, message: &Stored, clock: &Clock) -> Option<Outgoing> {
    Some(Outgoing {
        id,
        round: message.round,
        channel: message.channel,
        to: Address::parse(message.channel, &message.to)?,
        template: message.template.clone(),
        locale: message.locale.clone(),
        subject: message.subject.clone(),
        body: message.body.clone(),
        params: serde_json::from_str::<BTreeMap<String, String>>(&message.params).unwrap_or_default(),
        thread: message.thread.as_deref().and_then(|thread| serde_json::from_str(thread).ok()),
        clock: clock.clone(),
    })
}

/// Stores what came of the call, together with the end of the job unless it is tried again.
async fn settle(run: &JobRun, message: &Stored, ended: Ended) -> Result<(), JobError> {
    let why = match &ended.outcome {
        Outcome::NotYet(why) | Outcome::Unclear(why) if ended.again => Some(why.clone()),
        Outcome::NotYet(_) | Outcome::Unclear(_) | Outcome::Accepted(_) | Outcome::Refused(_) => None,
    };
    let counted = Counted { channel: message.channel, store: message.store, now: run.clock.now() };
    run.db
        .write((run.clone(), ended, counted), |tx, (run, ended, counted)| {
            Box::pin(async move {
                if store::end(tx, ended, counted.now).await? {
                    count(tx, run, ended, counted).await?;
                }
                if ended.again {
                    return Ok(());
                }
                match run.complete_in(tx).await {
                    // The answer is kept even when the lease is over: it is the truth about the message.
                    Ok(()) | Err(JobError::Lost) => Ok(()),
                    Err(error) => Err(error),
                }
            })
        })
        .await?;
    why.map_or(Ok(()), |why| Err(JobError::Retry(why)))
}

async fn count(tx: &mut Tx, run: &JobRun, ended: &Ended, counted: &Counted) -> Result<(), JobError> {
    let done = match &ended.outcome {
        Outcome::Accepted(_) => {
            let gains = [("messages.sent", 1), ("messages.cost", ended.cost)];
            counting::add(tx, &run.ids, counted, &gains).await
        }
        Outcome::Refused(_) => counting::failed(tx, &run.ids, counted, ended.id).await,
        Outcome::NotYet(_) if !ended.again => counting::failed(tx, &run.ids, counted, ended.id).await,
        Outcome::NotYet(_) | Outcome::Unclear(_) => Ok(()),
    };
    done.map_err(JobError::retry)
}
