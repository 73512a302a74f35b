use capability::{Event, Work};
use futures_util::future::BoxFuture;
use kernel::{Fault, Id};

use crate::domain;
use crate::store::{self, Item};

/// Kinds of case whose words are read.
const KINDS: [&str; 2] = ["feedback", "complaint"];
/// Acts that may give a case to somebody else.
const MOVES: [&str; 5] = ["case.accepted", "case.assigned", "case.escalated", "case.reopened", "case.taken_back"];

/// Keeps the inbox in step with the cases, in the transaction of each act: a case that is feedback or becomes it has an item, and the
/// item stands where the case stands.
pub(crate) fn follow_case<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        if event.record.kind != cases::app::RECORD {
            return Ok(());
        }
        let case = Id::new(event.record.id);
        if event.verb.starts_with("emotion.") {
            let upset = event.changes.iter().find(|change| change.field == "upset");
            if let Some(upset) = upset.and_then(|change| change.after.as_deref()) {
                store::set_upset(work.tx, case, upset == "true").await?;
            }
            return Ok(());
        }
        if !event.verb.starts_with("case.") {
            return Ok(());
        }
        if event.verb == "case.erased" {
            store::erase(work.tx, case).await?;
            return Ok(());
        }
        // What an act says of the kind is in the event; only cases that concern this inbox are read.
        let kind = event.changes.iter().find(|change| change.field == "kind").map(|change| change.after.as_deref());
        match kind {
            Some(Some(kind)) if KINDS.contains(&kind) => {
                let Some(case) = cases::store::get(work.tx, case).await? else { return Ok(()) };
                let text = domain::text(&case.subject, &case.body);
                let item = Item {
                    case: case.id,
                    store: case.store,
                    team: case.team,
                    owner: case.owner,
                    number: case.number.clone(),
                    kind: case.kind.to_string(),
                    channel: case.channel.to_string(),
                    received_at: case.happened_at,
                    digest: domain::digest(&text),
                    suggestions: None,
                    labels: None,
                    agreed: None,
                    labelled_at: None,
                    labelled_by: None,
                    version: 1,
                    upset: case.upset,
                };
                store::insert(work.tx, &item).await?;
            }
            Some(_) if event.verb != "case.taken_in" => store::drop_undecided(work.tx, case).await?,
            _ => {}
        }
        if MOVES.contains(&event.verb) {
            store::moved(work.tx, case, event.place).await?;
        }
        Ok(())
    })
}
