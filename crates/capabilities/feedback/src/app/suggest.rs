use std::sync::{Arc, Mutex, PoisonError};

use capability::Ctx;
use classify::Model;
use kernel::{Fault, RecordRef, Timestamp};

use super::{Entry, REMEMBERED, entries};
use crate::domain::tree::Tree;
use crate::domain::{self, AT_LEAST, Language, Suggested, Suggestions};
use crate::store::{self, Item};

/// Texts that are read in one go.
const BATCH: i64 = 100;
/// Most copies that are counted.
const COPIES: i64 = 20;

/// The newest model, kept in memory by this node.
#[derive(Default)]
pub(crate) struct Models(Mutex<Arc<Loaded>>);

#[derive(Default)]
struct Loaded {
    version: i64,
    category: Option<Model>,
    sentiment: Option<Model>,
}

impl Models {
    async fn newest(&self, ctx: &Ctx) -> Result<Arc<Loaded>, Fault> {
        let known = Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let newer = ctx
            .read(known.version, |tx, known| {
                Box::pin(async move {
                    match store::model(tx).await? {
                        Some(row) if row.version != *known => {
                            Ok::<_, Fault>(Some((row.version, store::learned(tx, row.version).await?)))
                        }
                        _ => Ok(None),
                    }
                })
            })
            .await?;
        let Some((version, (category, sentiment))) = newer else { return Ok(known) };
        // A model that another release wrote is as good as none; the next one is learned anew every night.
        let read = |bytes: Option<Vec<u8>>| bytes.and_then(|bytes| Model::from_bytes(&bytes).ok());
        let loaded = Arc::new(Loaded { version, category: read(category), sentiment: read(sentiment) });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&loaded);
        Ok(loaded)
    }
}

impl Loaded {
    fn read(&self, text: &str, copies: i64, tree: &Tree) -> Suggestions {
        let of = |model: &Option<Model>| {
            let suggestion = model.as_ref()?.suggest(text, 0.0)?;
            #[expect(clippy::cast_possible_truncation, reason = "between 0 and 100")]
            let confidence = (suggestion.confidence * 100.0).floor() as i64;
            (confidence >= AT_LEAST).then(|| Suggested {
                label: suggestion.label.to_owned(),
                confidence,
                reasons: suggestion.reasons.into_iter().map(|reason| reason.words).collect(),
            })
        };
        Suggestions {
            model: self.version,
            category: of(&self.category).filter(|one| tree.offers(&one.label)),
            sentiment: of(&self.sentiment),
            urgent: domain::urgent(text),
            spam: domain::spam(text),
            language: Language::of(text),
            copies,
        }
    }
}

/// Reads the texts that nobody has read yet and keeps what is suggested about them. Answers how many. Suggestions are derived data: they are
/// written without a journal entry, and stand in the entry of the decision instead.
///
/// # Errors
/// What the database says.
pub(crate) async fn suggest_unread(ctx: &Ctx, models: &Models) -> Result<usize, Fault> {
    let mut done = 0;
    loop {
        let model = models.newest(ctx).await?;
        let tree = super::tree(ctx).await?;
        let unread = ctx
            .read((), |tx, ()| {
                Box::pin(async move {
                    let mut texts: Vec<(Item, String, i64)> = Vec::new();
                    let unread = store::unread(tx, BATCH).await?;
                    for Entry { item, text, customer_id, .. } in entries(tx, unread).await? {
                        let copies = store::copies(tx, &item, item.received_at.plus(-REMEMBERED), COPIES).await?;
                        let earlier: Vec<Item> = copies
                            .into_iter()
                            .filter(|copy| (copy.received_at, copy.case) < (item.received_at, item.case))
                            .collect();
                        let n = i64::try_from(earlier.len()).unwrap_or(COPIES);
                        // Only what the same customer said before is a copy; the same words of others are another voice.
                        let first = entries(tx, earlier).await?.into_iter().find(|one| one.customer_id == customer_id);
                        texts.push((Item { copy_of: first.map(|one| one.item.case), ..item }, text, n));
                    }
                    Ok::<_, Fault>(texts)
                })
            })
            .await?;
        if unread.is_empty() {
            return Ok(done);
        }
        done += unread.len();
        let read: Vec<(Item, String)> = unread
            .iter()
            .map(|(item, text, copies)| {
                let suggestions = model.read(text, *copies, &tree);
                let json = serde_json::to_string(&suggestions).map_err(Fault::internal)?;
                let item = Item {
                    screened: domain::screen(&suggestions, item.copy_of.is_some()),
                    language: suggestions.language,
                    danger: !suggestions.urgent.is_empty(),
                    suggestions: Some(suggestions),
                    ..item.clone()
                };
                Ok((item, json))
            })
            .collect::<Result<_, Fault>>()?;
        let input: (Vec<(Item, String)>, Timestamp) = (read, ctx.now());
        ctx.house
            .db
            .write(input, |tx, (read, now)| {
                Box::pin(async move {
                    for (item, json) in read {
                        store::save_suggestions(tx, item, json, *now).await?;
                    }
                    Ok::<_, Fault>(())
                })
            })
            .await?;
        for (item, _, _) in unread {
            ctx.house.live.tell(web::LiveEvent {
                verb: "feedback.suggested",
                record: RecordRef::new("case", item.case),
                place: kernel::Placed::place(&item),
            });
        }
    }
}
