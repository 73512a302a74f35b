use capability::{Event, Work};
use futures_util::future::BoxFuture;
use kernel::{Fault, Id};

use crate::domain::{self, Language, Source};
use crate::store::{self, Item};

/// Kinds of case whose words are read.
const KINDS: [&str; 2] = ["feedback", "complaint"];
/// Told of a case that was collected by us; the verb of another capability.
const CAME: &str = "collection.came";
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
            return Ok(store::order(work.tx, case).await?);
        }
        if event.verb == CAME && said(event, "source") == Some(Source::Patrol.as_str()) {
            return Ok(store::set_source(work.tx, case, Source::Patrol).await?);
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
                    source: source(work, event, case.channel).await?,
                    language: Language::of(&text),
                    danger: !domain::urgent(&text).is_empty(),
                    due_at: None,
                    turn: 0,
                    screened: None,
                    copy_of: None,
                    kept: false,
                };
                store::insert(work.tx, &item).await?;
            }
            Some(_) if event.verb != "case.taken_in" => store::drop_undecided(work.tx, case).await?,
            _ => {}
        }
        if MOVES.contains(&event.verb) {
            store::moved(work.tx, case, event.place).await?;
        }
        if event.verb != "case.taken_in" {
            store::order(work.tx, case).await?;
        }
        Ok(())
    })
}

fn said<'e>(event: &'e Event, field: &str) -> Option<&'e str> {
    event.changes.iter().find(|change| change.field == field).and_then(|change| change.after.as_deref())
}

/// By which kind of channel a case came: that of the channel which was named, else what is usual for how it reached us.
async fn source(work: &mut Work<'_>, event: &Event, way: cases::domain::Channel) -> Result<Source, Fault> {
    let usual = Source::usual(way);
    let Some(via) = said(event, cases::app::VIA).and_then(|id| id.parse().ok()) else { return Ok(usual) };
    let named = cases::store::registered(work.tx, &[via]).await?.pop();
    Ok(named.and_then(|named| Source::parse(&named.kind)).unwrap_or(usual))
}
