//! What the demo company has decided about its customers' feedback, and what the program has learned from that.

use std::sync::Arc;

use capability::{Ctx, Installation};
use feedback::app;
use feedback::domain::Labels;
use feedback::store::Filter;
use kernel::{Cursor, Fault, Id, Timestamp, of};

use super::play::Cast;
use super::voices;

/// Items that are decided about in one transaction.
const BATCH: u16 = 200;
/// What came within the last days still waits, in milliseconds.
const WAITS: i64 = 3 * 86_400_000;
/// How long a manager takes to decide, in milliseconds.
const LATER: i64 = 2 * 3_600_000;

/// Managers decide about everything but the last days, each at its time; then the program learns from it.
pub(super) async fn decide(house: &Arc<Installation>, cast: &Cast) -> Result<(), Fault> {
    let system = Ctx::system(Arc::clone(house), "demo");
    let until = house.clock.now().plus(-WAITS);
    let mut after: Option<Cursor> = None;
    loop {
        let page = app::list(&system, Filter { before: Some(until), ..Filter::default() }, after, BATCH).await?;
        let decisions: Vec<(Ctx, Id<of::Case>, Timestamp, Labels)> = page
            .rows
            .iter()
            .filter_map(|row| {
                let voice = voices::by_subject(&row.subject)?;
                let crew = cast.crews.iter().find(|crew| crew.store == row.item.store)?;
                let (_, by) = crew.manager.as_ref()?;
                let labels = Labels {
                    category: Some(voice.category.to_owned()),
                    sentiment: voice.sentiment,
                    urgent: false,
                    spam: false,
                };
                Some((by.clone(), row.item.case, row.item.received_at.plus(LATER), labels))
            })
            .collect();
        system
            .write(decisions, |work, decisions| {
                Box::pin(async move {
                    for (by, case, at, labels) in decisions {
                        let _decided = app::label_within(&mut work.acting(by, *at), *case, 1, labels.clone()).await?;
                    }
                    Ok(work.unchanged(()))
                })
            })
            .await?;
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    app::learn(&system).await?;
    Ok(())
}
