use capability::{Ctx, Event, Recorded, Work};
use identity::{Tree, UnitDraft, UnitKind, store};
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
    if known.unit(id).is_some_and(|unit| unit.active) && !draft.active {
        refuse_used(w, &known, id).await?;
    }
    let (before, after) = store::units::save(w.tx, id, version, draft).await?;
    let event = Event::new(unit_record(id), "unit.changed", place_of_unit(&known, id));
    w.record(unit_changes(event, &known, Some(&before), &after)).await
}

/// Closes a unit only when nobody works in it or below it and nothing is under way there.
pub(crate) async fn refuse_used(w: &mut Work<'_>, tree: &Tree, id: Id<of::Unit>) -> Result<(), Fault> {
    let below: Vec<Id<of::Unit>> = tree.within(id).map(|unit| unit.id).collect();
    if tree.unit(id).is_some_and(|unit| unit.kind == UnitKind::Company) {
        return Err(Fault::refused("administration-unit-company"));
    }
    let open = tree.within(id).filter(|unit| unit.active && unit.id != id).count();
    if open > 0 {
        return Err(Fault::refused("administration-unit-has-units").with("n", open));
    }
    let people = store::users::all(w.tx).await?;
    let people = people.iter().filter(|user| user.active && below.contains(&user.home)).count();
    if people > 0 {
        return Err(Fault::refused("administration-unit-has-people").with("n", people));
    }
    let mut live = 0;
    for unit in below {
        live += cases::store::live_in(w.tx, unit).await?;
    }
    if live > 0 {
        return Err(Fault::refused("administration-unit-has-cases").with("n", live));
    }
    Ok(())
}
