use capability::{Ctx, Event, Recorded, Work};
use identity::{UnitDraft, store};
use kernel::{Fault, FieldErrors, Id, of};

use super::people::tree;
use crate::domain::{place_of_unit, unit_changes, unit_record};
use crate::permissions::UNITS_EDIT;

fn tidied(draft: UnitDraft) -> Result<UnitDraft, Fault> {
    let mut errors = FieldErrors::default();
    let draft = draft.tidied(&mut errors);
    errors.check()?;
    Ok(draft)
}

/// Adds a unit below its parent.
///
/// # Errors
/// `invalid`; not found when the parent is out of reach.
pub async fn create(ctx: &Ctx, draft: UnitDraft) -> Result<Id<of::Unit>, Fault> {
    ctx.write(tidied(draft)?, |w, draft| Box::pin(create_within(w, draft))).await
}

async fn create_within(w: &mut Work<'_>, draft: &UnitDraft) -> Result<Recorded<Id<of::Unit>>, Fault> {
    let known = tree(w).await?;
    let ids = w.ctx.house.ids.clone();
    let parent = draft.parent.ok_or_else(|| Fault::field("parent", "required"))?;
    w.require(UNITS_EDIT, &place_of_unit(&known, parent))?;
    let unit = store::units::insert(w.tx, &ids, draft).await?;
    let after = tree(w).await?;
    let event = Event::new(unit_record(unit.id), "unit.created", place_of_unit(&after, unit.id));
    Ok(w.record(unit_changes(event, &after, None, &unit)).await?.with(unit.id))
}

/// Changes a unit that was read at `version`; moving it takes everything below along.
///
/// # Errors
/// Not found; stale; `invalid`.
pub async fn save(ctx: &Ctx, id: Id<of::Unit>, version: i64, draft: UnitDraft) -> Result<(), Fault> {
    ctx.write((id, version, tidied(draft)?), |w, (id, version, draft)| Box::pin(save_within(w, *id, *version, draft)))
        .await
}

async fn save_within(
    w: &mut Work<'_>,
    id: Id<of::Unit>,
    version: i64,
    draft: &UnitDraft,
) -> Result<Recorded<()>, Fault> {
    let known = tree(w).await?;
    w.require(UNITS_EDIT, &place_of_unit(&known, id))?;
    if let Some(parent) = draft.parent {
        w.require(UNITS_EDIT, &place_of_unit(&known, parent))?;
    }
    let (before, after) = store::units::save(w.tx, id, version, draft).await?;
    let event = Event::new(unit_record(id), "unit.changed", place_of_unit(&known, id));
    w.record(unit_changes(event, &known, Some(&before), &after)).await
}
