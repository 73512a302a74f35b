use capability::{Ctx, Event};
use classify::{Settings, Trainer};
use jobs::NewJob;
use kernel::{Cursor, Fault, Id, Place, RecordRef};

use super::{Entry, LEARN, TRAIN, entries};
use crate::domain::FEWEST;
use crate::store::{self, ModelRow};

/// Decided texts that are read in one go.
const BATCH: i64 = 200;
/// Most texts that are learned from, the newest first: some hundred megabytes of memory for a moment would be the price of more.
const MOST: usize = 20_000;
/// Undecided texts that are read again with a new model.
const AGAIN: i64 = 1_000;

/// Marks the model in the journal.
pub enum ModelOf {}

/// Learns from what people decided, newest first. `None` while that is not enough, or nothing was decided since the last time.
///
/// # Errors
/// What the database says.
pub async fn learn(ctx: &Ctx) -> Result<Option<ModelRow>, Fault> {
    let (mut category, mut sentiment) = (Trainer::new(), Trainer::new());
    let mut after: Option<Cursor> = None;
    // What is not offered any more teaches feelings, but no category that could be suggested.
    let tree = super::tree(ctx).await?;
    let mut texts = 0_i64;
    loop {
        let taught = ctx
            .read(after, |tx, after| {
                Box::pin(async move {
                    let taught = store::taught(tx, *after, BATCH).await?;
                    entries(tx, taught).await
                })
            })
            .await?;
        for Entry { item, text, .. } in &taught {
            let Some(labels) = &item.labels else { continue };
            texts += 1;
            if let Some(code) = labels.category.as_deref().filter(|code| tree.offers(code)) {
                category.add(text, code);
            }
            sentiment.add(text, labels.sentiment.as_str());
        }
        let Some(Entry { item: last, .. }) = taught.last().filter(|_| sentiment.len() < MOST) else { break };
        after = last.labelled_at.map(|at| Cursor { key: at.millis(), id: last.case.get() });
    }
    if texts < FEWEST {
        return Ok(None);
    }
    // Seconds of arithmetic: away from the threads that answer people.
    let learned = tokio::task::spawn_blocking(move || {
        let bytes = |trainer: Trainer| {
            trainer.finish(&Settings::default()).ok().map(|model| (model.labels().len(), model.to_bytes()))
        };
        (bytes(category), bytes(sentiment))
    });
    let (category, sentiment) = learned.await.map_err(Fault::internal)?;
    if category.is_none() && sentiment.is_none() {
        return Ok(None);
    }
    let categories = category.as_ref().map_or(0, |(labels, _)| i64::try_from(*labels).unwrap_or(i64::MAX));
    let (category, sentiment) = (category.map(|(_, bytes)| bytes), sentiment.map(|(_, bytes)| bytes));
    ctx.write((texts, categories, category, sentiment), |work, (texts, categories, category, sentiment)| {
        Box::pin(async move {
            let before = store::model(work.tx).await?;
            if let Some(before) = before {
                let (old_category, old_sentiment) = store::learned(work.tx, before.version).await?;
                if (&old_category, &old_sentiment) == (category, sentiment) {
                    return Ok(work.unchanged(None));
                }
            }
            let version = before.map_or(1, |before| before.version + 1);
            let row = ModelRow { version, trained_at: work.now, texts: *texts, categories: *categories };
            store::insert_model(work.tx, &row, category.as_ref(), sentiment.as_ref()).await?;
            store::read_again(work.tx, AGAIN).await?;
            let directory = work.ctx.house.identity.directories().now();
            let company = directory.company().map(|unit| unit.id).ok_or_else(Fault::not_found)?;
            let place = Place { store: company, team: None, owner: None };
            let event = Event::new(RecordRef::new("feedback_model", Id::<ModelOf>::new(1)), "feedback.learned", place)
                .change("version", before.map(|before| before.version.to_string()), Some(version.to_string()))
                .change("texts", before.map(|before| before.texts.to_string()), Some(texts.to_string()))
                .change("categories", before.map(|before| before.categories.to_string()), Some(categories.to_string()));
            Ok(work.record(event).await?.with(Some(row)))
        })
    })
    .await
}

/// Asks for learning at once instead of in the night.
///
/// # Errors
/// `forbidden`; what the database says.
pub async fn learn_soon(ctx: &Ctx) -> Result<(), Fault> {
    if !ctx.actor.holds(TRAIN) {
        return Err(Fault::forbidden());
    }
    ctx.write((), |work, ()| {
        Box::pin(async move {
            let job = NewJob::new(LEARN, "", work.now).key(LEARN);
            jobs::enqueue(work.tx, &work.ctx.house.ids, &[job]).await?;
            work.wake();
            Ok(work.unchanged(()))
        })
    })
    .await
}
