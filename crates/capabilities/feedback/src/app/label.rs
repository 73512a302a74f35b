use capability::{Ctx, Event, Recorded, Work};
use kernel::{Fault, Id, Placed, RecordRef, of};
use metrics::Delta;

use super::LABEL;
use crate::domain::tree::Tree;
use crate::domain::{Labels, Suggestions};
use crate::store::{self, Item};

/// Decides about a text. The first decision is judged against what was suggested; a later one corrects the numbers of the first one's day.
/// What is decided is what the program learns from next.
///
/// # Errors
/// `invalid` without a category, unless it is spam, and with one that is not offered, unless it was decided before; `stale`; `not-found`; `forbidden` for those who see it but may not.
pub async fn label(ctx: &Ctx, case: Id<of::Case>, version: i64, labels: Labels) -> Result<Item, Fault> {
    let category = labels.category.as_deref().map(str::trim).filter(|category| !category.is_empty());
    if category.is_none() && !labels.spam {
        return Err(Fault::field("category", "required"));
    }
    let labels = Labels { category: category.map(str::to_owned), ..labels };
    ctx.write((case, version, labels), |work, (case, version, labels)| {
        Box::pin(label_within(work, *case, *version, labels.clone()))
    })
    .await
}

/// The same within a write that does more.
///
/// # Errors
/// As [`label`].
pub async fn label_within(
    work: &mut Work<'_>,
    case: Id<of::Case>,
    version: i64,
    labels: Labels,
) -> Result<Recorded<Item>, Fault> {
    let before = store::get(work.tx, case).await?.ok_or_else(Fault::not_found)?;
    work.require(super::VIEW, &before)?;
    if !work.ctx.actor.may(LABEL, &before) {
        return Err(Fault::forbidden());
    }
    if before.version != version {
        return Err(Fault::stale(before.version));
    }
    if before.labels.as_ref() == Some(&labels) {
        return Ok(work.unchanged(before));
    }
    let tree = store::tree::tree(work.tx).await?;
    if let Some(code) = &labels.category {
        let kept = before.labels.as_ref().is_some_and(|was| was.category.as_ref() == Some(code));
        if !kept && !tree.offers(code) {
            return Err(Fault::field("category", "unknown"));
        }
    }
    let first = before.labelled_at.is_none();
    let none = Suggestions::default();
    let suggestions = before.suggestions.as_ref().unwrap_or(&none);
    let at = before.labelled_at.unwrap_or(work.now);
    let item = Item {
        agreed: if first { labels.agreed(suggestions) } else { before.agreed },
        labels: Some(labels.clone()),
        labelled_at: Some(at),
        labelled_by: work.ctx.actor.user,
        version: before.version + 1,
        ..before.clone()
    };
    if !store::save_labels(work.tx, &item).await? {
        return Err(Fault::stale(item.version));
    }
    let was = before.labels.as_ref();
    let mut event = Event::new(RecordRef::new("case", item.case), "feedback.labelled", item.place())
        .change(
            "category",
            was.and_then(|was| told(&tree, was.category.as_deref())),
            told(&tree, labels.category.as_deref()),
        )
        .change(
            "sentiment",
            was.map(|was| was.sentiment.as_str().to_owned()),
            Some(labels.sentiment.as_str().to_owned()),
        )
        .change("urgent", was.map(|was| was.urgent.to_string()), Some(labels.urgent.to_string()))
        .change("spam", was.map(|was| was.spam.to_string()), Some(labels.spam.to_string()));
    if first {
        let suggested = suggestions.category.as_ref();
        event = event.change("suggested", None, suggested.and_then(|suggested| told(&tree, Some(&suggested.label))));
    }
    let directory = work.ctx.house.identity.directories().now();
    let zone = directory.unit(item.store).map_or_else(|| work.ctx.house.zone.clone(), |unit| unit.zone.clone());
    let day = at.day(&zone);
    let by = [("kind", item.kind.as_str()), ("channel", item.channel.as_str())];
    let lost = was.map(|was| was.parts(before.agreed)).unwrap_or_default();
    let lost = lost.into_iter().map(|(part, n)| (part, -n));
    let gained = labels.parts(item.agreed);
    event.deltas = lost.chain(gained).flat_map(|(part, n)| Delta::spread(part, item.store, day, n, &by)).collect();
    Ok(work.record(event).await?.with(item))
}

/// What the journal says of a category: the code of a shipped one, which each reader sees in their language, or the name that the company
/// gave to its own.
fn told(tree: &Tree, code: Option<&str>) -> Option<String> {
    let code = code?;
    let own = tree.by_code(code).filter(|_| !SHIPPED.contains(&code));
    Some(own.map_or(code, |one| one.name_zh.as_str()).to_owned())
}

/// The codes that came with the program.
const SHIPPED: [&str; 11] = [
    "quality",
    "delivery",
    "installation",
    "repair",
    "attitude",
    "price",
    "refund",
    "environment",
    "suggestion",
    "praise",
    "other",
];
