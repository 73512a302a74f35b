use capability::{Event, Work};
use cases::app::RECORD;
use cases::domain::Direction;
use futures_util::future::BoxFuture;
use kernel::{Fault, Id, RecordRef};
use metrics::Delta;

use crate::app::{self, Raised};
use crate::domain::{Level, Source};
use crate::store;

/// Fields of flags, hand-overs and calls in the journal of a case that may name somebody.
const PERSONAL: [&str; 3] = ["words", "reason", "note"];

/// Hears what customers say, in the transaction in which it is written down, and keeps the next answer near while they are upset.
pub(crate) fn follow<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        match (event.record.kind, event.verb) {
            ("call", "call.called_back") => {
                app::called(work, Id::new(event.record.id), after(event, "note").map(str::to_owned)).await
            }
            ("call", "call.not_reached") => match after(event, "due_at").and_then(|at| at.parse().ok()) {
                Some(next) => app::not_reached(work, Id::new(event.record.id), next).await,
                None => Ok(()),
            },
            (RECORD, "case.taken_in") => taken_in(work, event).await,
            (RECORD, "case.erased") => {
                store::erase(work.tx, Id::new(event.record.id)).await?;
                work.forget(&RecordRef { kind: RECORD, id: event.record.id }, &PERSONAL).await.map(|_| ())
            }
            (RECORD, verb) if !verb.starts_with("emotion.") => moved(work, event).await,
            _ => Ok(()),
        }
    })
}

async fn taken_in(work: &mut Work<'_>, event: &Event) -> Result<(), Fault> {
    let case = Id::new(event.record.id);
    let at = event.happened_at.unwrap_or(work.now);
    if after(event, "upset") == Some("true")
        && let Some(case) = cases::store::get(work.tx, case).await?
    {
        let raised =
            Raised { level: Level::Upset, source: Source::Intake, message: None, words: Vec::new(), reason: None, at };
        app::raise_within(work, &case, &raised).await?.into_value();
    }
    let text = app::said(after(event, "subject").unwrap_or_default(), after(event, "body").unwrap_or_default());
    app::spoken(work, case, &text, None, at).await
}

/// Something happened to a case: what the customer wrote is read, and what began anew is near while the customer is upset.
async fn moved(work: &mut Work<'_>, event: &Event) -> Result<(), Fault> {
    let case = Id::new(event.record.id);
    if event.verb == "case.message_posted" && after(event, "direction") == Some(Direction::In.as_str()) {
        let message = after(event, "message").and_then(|id| id.parse().ok());
        let at = event.happened_at.unwrap_or(work.now);
        app::spoken(work, case, after(event, "text").unwrap_or_default(), message, at).await?;
    }
    let Some(flag) = store::standing(work.tx, case).await? else { return Ok(()) };
    app::hurry(work, case, flag.level).await?;
    // The first answer to somebody upset counts for that, too.
    let own = |delta: &&Delta| matches!(delta.part, "first_answer.minutes" | "first_answer.count");
    let deltas: Vec<Delta> = event
        .deltas
        .iter()
        .filter(own)
        .map(|delta| {
            let part = if delta.part == "first_answer.count" { "emotion.answers" } else { "emotion.answer_minutes" };
            Delta { part, ..delta.clone() }
        })
        .collect();
    if !deltas.is_empty() {
        metrics::append(work.tx, &work.ctx.house.ids, &deltas).await?;
    }
    Ok(())
}

fn after<'e>(event: &'e Event, field: &str) -> Option<&'e str> {
    event.changes.iter().find(|change| change.field == field).and_then(|change| change.after.as_deref())
}
