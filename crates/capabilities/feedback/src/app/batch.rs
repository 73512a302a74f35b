//! Many texts at once: what is suggested is confirmed, advertising is put away, and each of it can be taken back.

use std::str::FromStr;

use capability::{Ctx, Event};
use kernel::{Fault, FaultKind, Id, Placed, RecordRef, of};
use metrics::Delta;

use super::LABEL;
use crate::domain::{Labels, Sentiment, Suggestions, screen};
use crate::store::{self, Item};

/// Most texts in one go.
const MOST: usize = 100;

kernel::words! {
    /// What is done with many texts.
    pub enum Act {
        /// What is suggested is right.
        Confirm = "confirm",
        /// Nobody asked for it.
        Spam = "spam",
        /// It is neither spam nor a copy: back to the others.
        PutBack = "put_back",
        /// The decision, or putting it back, was a mistake.
        TakeBack = "take_back",
    }
}

/// A text that was picked, with the version that was seen: `case.version`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picked {
    /// The case.
    pub case: Id<of::Case>,
    /// The version that the reader saw.
    pub version: i64,
}

impl FromStr for Picked {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (case, version) = text.split_once('.').ok_or(())?;
        Ok(Self { case: case.parse().map_err(|_bad| ())?, version: version.parse().map_err(|_bad| ())? })
    }
}

impl std::fmt::Display for Picked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.case, self.version)
    }
}

/// What became of the texts that were picked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// Done, as they are now.
    pub done: Vec<Picked>,
    /// Somebody was faster.
    pub changed: Vec<Id<of::Case>>,
    /// Nothing whole is suggested, so that a person has to look.
    pub look: Vec<Id<of::Case>>,
}

/// Does `what` with each of `picked`; one that somebody else changed meanwhile is left alone and named.
///
/// # Errors
/// `invalid` at `row` without any, or with too many; `not-found` and `forbidden` for the first that the actor may not.
pub async fn act(ctx: &Ctx, what: Act, picked: &[Picked]) -> Result<Done, Fault> {
    if picked.is_empty() {
        return Err(Fault::field("row", "feedback-none-picked"));
    }
    if picked.len() > MOST {
        return Err(Fault::field("row", "feedback-too-many-picked"));
    }
    let mut done = Done::default();
    for one in picked {
        let made = match what {
            Act::Confirm => {
                let item = super::get(ctx, one.case).await?.entry.item;
                let none = Suggestions::default();
                let suggestions = item.suggestions.as_ref().unwrap_or(&none);
                let sentiment = suggestions.sentiment.as_ref().and_then(|one| Sentiment::parse(&one.label));
                let category = suggestions.category.as_ref().map(|one| one.label.clone());
                let (Some(sentiment), Some(_)) = (sentiment, &category) else {
                    done.look.push(one.case);
                    continue;
                };
                let labels = Labels { category, sentiment, urgent: item.danger, spam: false };
                super::label(ctx, one.case, one.version, labels).await
            }
            Act::Spam => {
                let labels = Labels { category: None, sentiment: Sentiment::Neutral, urgent: false, spam: true };
                super::label(ctx, one.case, one.version, labels).await
            }
            Act::PutBack => put_back(ctx, one.case, one.version).await,
            Act::TakeBack => take_back(ctx, one.case, one.version).await,
        };
        match made {
            Ok(item) => done.done.push(Picked { case: item.case, version: item.version }),
            Err(fault) if fault.kind() == FaultKind::Stale => done.changed.push(one.case),
            // What was suggested is not offered any more.
            Err(fault) if fault.kind() == FaultKind::Invalid => done.look.push(one.case),
            Err(fault) => return Err(fault),
        }
    }
    Ok(done)
}

/// Puts a text that waits apart back to the others; the program leaves it there.
///
/// # Errors
/// `stale`; `not-found`; `forbidden`.
pub async fn put_back(ctx: &Ctx, case: Id<of::Case>, version: i64) -> Result<Item, Fault> {
    ctx.write((case, version), |work, (case, version)| {
        Box::pin(async move {
            let before = held(work, *case, *version).await?;
            let Some(was) = before.screened else { return Ok(work.unchanged(before)) };
            let item = Item { screened: None, kept: true, version: before.version + 1, ..before };
            if !store::save_screened(work.tx, &item).await? {
                return Err(Fault::stale(item.version));
            }
            let event = Event::new(RecordRef::new("case", item.case), "feedback.put_back", item.place()).change(
                "screened",
                Some(was.to_string()),
                None,
            );
            Ok(work.record(event).await?.with(item))
        })
    })
    .await
}

/// Takes back what a person decided, or that it was put back: the text waits again, and the numbers of that day are corrected.
///
/// # Errors
/// `stale`; `not-found`; `forbidden`.
pub async fn take_back(ctx: &Ctx, case: Id<of::Case>, version: i64) -> Result<Item, Fault> {
    ctx.write((case, version), |work, (case, version)| {
        Box::pin(async move {
            let before = held(work, *case, *version).await?;
            let none = Suggestions::default();
            let suggestions = before.suggestions.as_ref().unwrap_or(&none);
            let screened = screen(suggestions, before.copy_of.is_some()).filter(|_| !before.upset);
            let event = Event::new(RecordRef::new("case", before.case), "feedback.taken_back", before.place());
            let Some(labels) = &before.labels else {
                if !before.kept || screened.is_none() {
                    return Ok(work.unchanged(before));
                }
                let item = Item { screened, kept: false, version: before.version + 1, ..before.clone() };
                if !store::save_screened(work.tx, &item).await? {
                    return Err(Fault::stale(item.version));
                }
                let event = event.change("screened", None, screened.map(|why| why.to_string()));
                return Ok(work.record(event).await?.with(item));
            };
            let item = Item {
                labels: None,
                agreed: None,
                labelled_at: None,
                labelled_by: None,
                version: before.version + 1,
                ..before.clone()
            };
            if !store::save_labels(work.tx, &item).await? {
                return Err(Fault::stale(item.version));
            }
            store::order(work.tx, item.case).await?;
            let mut event = event.change("sentiment", Some(labels.sentiment.as_str().to_owned()), None).change(
                "spam",
                Some(labels.spam.to_string()),
                None,
            );
            let at = before.labelled_at.unwrap_or(work.now);
            let directory = work.ctx.house.identity.directories().now();
            let zone = directory.unit(item.store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
            let by = [("kind", item.kind.as_str()), ("channel", item.channel.as_str())];
            let lost = labels.parts(before.agreed).into_iter();
            event.deltas = lost.flat_map(|(part, n)| Delta::spread(part, item.store, at.day(&zone), -n, &by)).collect();
            Ok(work.record(event).await?.with(item))
        })
    })
    .await
}

async fn held(work: &mut capability::Work<'_>, case: Id<of::Case>, version: i64) -> Result<Item, Fault> {
    let item = store::get(work.tx, case).await?.ok_or_else(Fault::not_found)?;
    work.require(super::VIEW, &item)?;
    if !work.ctx.actor.may(LABEL, &item) {
        return Err(Fault::forbidden());
    }
    if item.version != version {
        return Err(Fault::stale(item.version));
    }
    Ok(item)
}
