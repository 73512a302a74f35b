//! Numbers about messages, counted in the transaction that settles one.

use db::Tx;
use jobs::NewJob;
use kernel::{Fault, Id, IdGen, Timestamp, Zone, of};
use metrics::Delta;

use crate::{Channel, Message};

/// The job that follows a message to a customer that did not go out; its body is the message's id.
pub const FAILED_JOB: &str = "messaging.failed";

/// What is counted for whom.
#[derive(Debug, Clone)]
pub(crate) struct Counted {
    pub channel: Channel,
    pub store: Option<Id<of::Unit>>,
    pub now: Timestamp,
}

/// Counts `gains` for today. What belongs to no store is not counted.
pub(crate) async fn add(
    tx: &mut Tx,
    ids: &IdGen,
    counted: &Counted,
    gains: &[(&'static str, i64)],
) -> Result<(), Fault> {
    let Some(store) = counted.store else { return Ok(()) };
    let day = counted.now.day(&Zone::china());
    let by = [("channel", counted.channel.as_str())];
    let deltas: Vec<Delta> =
        gains.iter().filter(|(_, n)| *n != 0).flat_map(|(part, n)| Delta::spread(part, store, day, *n, &by)).collect();
    Ok(metrics::append(tx, ids, &deltas).await?)
}

/// Counts a failure and asks for somebody to be told.
pub(crate) async fn failed(tx: &mut Tx, ids: &IdGen, counted: &Counted, id: Id<Message>) -> Result<(), Fault> {
    add(tx, ids, counted, &[("messages.failed", 1)]).await?;
    if counted.store.is_some() {
        let job = NewJob::new(FAILED_JOB, id.to_string(), counted.now).key(format!("{FAILED_JOB}:{id}"));
        jobs::enqueue(tx, ids, &[job]).await?;
    }
    Ok(())
}
