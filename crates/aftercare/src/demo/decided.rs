//! What the demo company has decided about its customers' feedback, and what the program has learned from that.

use std::sync::Arc;

use capability::{Ctx, Installation};
use feedback::app;
use feedback::domain::{Labels, Sentiment};
use feedback::store::Filter;
use kernel::{Cursor, Fault, Id, Timestamp, of};

use super::play::Cast;

/// Items that are decided about in one transaction.
const BATCH: u16 = 200;
/// What came within the last days still waits, in milliseconds.
const WAITS: i64 = 3 * 86_400_000;
/// How long a manager takes to decide, in milliseconds.
const LATER: i64 = 2 * 3_600_000;

/// What the stories' feedback and complaints are about, by how their subjects begin.
const DECIDED: &[(&str, &str, Sentiment)] = &[
    ("送货师傅", "praise", Sentiment::Positive),
    ("希望增加", "suggestion", Sentiment::Neutral),
    ("空调安装", "installation", Sentiment::Negative),
    ("约好的时间", "repair", Sentiment::Negative),
    ("床有很重", "quality", Sentiment::Negative),
];

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
                let (_, category, sentiment) = DECIDED.iter().find(|(word, ..)| row.subject.starts_with(word))?;
                let crew = cast.crews.iter().find(|crew| crew.store == row.item.store)?;
                let (_, by) = crew.manager.as_ref()?;
                let labels = Labels {
                    category: Some((*category).to_owned()),
                    sentiment: *sentiment,
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
