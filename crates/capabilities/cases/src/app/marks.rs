use capability::{Event, Work};
use futures_util::future::BoxFuture;
use kernel::{Fault, Id, RecordRef, Timestamp, of};
use metrics::Delta;

use super::events::RECORD;
use crate::domain::Stage;
use crate::store::{self, Mark, Marked};

/// Entries of a case's journal that are looked through for what a column has forgotten.
const ENTRIES: i64 = 5_000;

/// Marks what a recorded event counts, so that a number opens exactly the records behind it. What is counted and what is marked
/// come from the same deltas.
pub(crate) fn mark<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        if event.record.kind != RECORD {
            return Ok(());
        }
        let at = event.happened_at.unwrap_or(work.now);
        let mut marks = Vec::new();
        for delta in &event.deltas {
            if delta.n < 0 {
                take_back(work, event, delta).await?;
                continue;
            }
            let Some((what, stage)) = marked(delta) else { continue };
            if what == Marked::Reopened {
                marks.extend(forgotten(work, &event.record, delta.store, at).await?);
            }
            for _ in 0..delta.n {
                let id = work.ctx.house.ids.next();
                marks.push(Mark { id, case: Id::new(event.record.id), store: delta.store, what, at, stage });
            }
        }
        if !marks.is_empty() {
            store::insert_marks(work.tx, &marks).await?;
        }
        Ok(())
    })
}

/// What a delta counts that is marked. Deadlines are known by the delta that says of which stage.
pub(super) fn marked(delta: &Delta) -> Option<(Marked, Option<Stage>)> {
    match (delta.part, &delta.dimension) {
        ("cases.reopened", None) => Some((Marked::Reopened, None)),
        ("plans.proposed", None) => Some((Marked::Proposed, None)),
        ("plans.declined", None) => Some((Marked::Declined, None)),
        ("deadlines.met", Some(("stage", stage))) => Some((Marked::Met, Stage::parse(stage))),
        ("deadlines.missed", Some(("stage", stage))) => Some((Marked::Missed, Stage::parse(stage))),
        _ => None,
    }
}

/// An act that is taken back takes its marks along.
async fn take_back(work: &mut Work<'_>, event: &Event, delta: &Delta) -> Result<(), Fault> {
    let Some((what, stage)) = marked(delta) else { return Ok(()) };
    let case = Id::new(event.record.id);
    store::forget_marks(work.tx, case, &[what], stage, delta.n.saturating_neg()).await?;
    if what == Marked::Reopened {
        // The columns know again what they had forgotten.
        let again = store::get(work.tx, case).await?.ok_or_else(Fault::not_found)?;
        if again.resolved_at.is_some() {
            store::forget_marks(work.tx, case, &[Marked::ResolvedFirst, Marked::ResolvedAgain], None, 1).await?;
        }
        if again.closed_at.is_some() {
            store::forget_marks(work.tx, case, &[Marked::Closed], None, 1).await?;
        }
    }
    Ok(())
}

/// The resolution and the closing that a case forgets when it is opened again at `at`: their columns will tell of the next ones.
async fn forgotten(
    work: &mut Work<'_>,
    record: &RecordRef,
    store: Id<of::Unit>,
    at: Timestamp,
) -> Result<Vec<Mark>, Fault> {
    let entries = journal::of_record(work.tx, record, None, ENTRIES).await?;
    let before: Vec<_> = entries.iter().filter(|entry| entry.happened_at <= at).collect();
    let of = |verb: &str| {
        before.iter().filter(|entry| entry.verb == verb).map(|entry| entry.happened_at).collect::<Vec<_>>()
    };
    let resolved = of("case.resolved");
    let opened = of("case.reopened").iter().rev().find(|earlier| **earlier < at).copied();
    let closed = of("case.closed").last().copied().filter(|closed| opened.is_none_or(|opened| opened < *closed));
    let what = if resolved.len() > 1 { Marked::ResolvedAgain } else { Marked::ResolvedFirst };
    let lost = [resolved.last().map(|at| (what, *at)), closed.map(|at| (Marked::Closed, at))];
    let marks = lost.into_iter().flatten().map(|(what, at)| Mark {
        id: work.ctx.house.ids.next(),
        case: Id::new(record.id),
        store,
        what,
        at,
        stage: None,
    });
    Ok(marks.collect())
}
