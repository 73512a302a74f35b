use capability::{Ctx, Event};
use kernel::{Fault, FieldErrors, Id, Place, Placed, RecordRef, of};

use super::{CustomerCard, EDIT, VIEW};
use crate::domain::text;
use crate::file::{self, RECORD};
use crate::store::{self, Customer, Merge, SaleRow, UnitRow};

/// Days within which a merge can be taken back.
pub const UNDO_DAYS: i64 = 30;
const DAY: i64 = 86_400_000;
/// Most rows of a customer's page.
const SHOWN: i64 = 12;

/// The field of the events `customer.merged` and `customer.parted` that names the merge; others who keep references to customers
/// listen to both, move them, and note what they moved with [`crate::store::note_moved`].
pub const MERGE: &str = "merge";
/// The field that names the file that stays.
pub const KEPT: &str = "merged_into";

/// Where a file stands, for permission checks.
#[derive(Debug, Clone, Copy)]
pub struct At(pub Id<of::Unit>);

impl Placed for At {
    fn place(&self) -> Place {
        Place { store: self.0, team: None, owner: None }
    }
}

/// Files that may be the same person as `id`: those that the actor may see.
///
/// # Errors
/// `not-found`.
pub async fn alike(ctx: &Ctx, id: Id<of::Customer>) -> Result<Vec<CustomerCard>, Fault> {
    ctx.read((ctx.clone(), id), |tx, (ctx, id)| {
        Box::pin(async move {
            let file = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &file)?;
            if file.merged_into.is_some() {
                return Ok(Vec::new());
            }
            let found = store::alike(tx, &file, &ctx.reach(VIEW), SHOWN).await?;
            Ok(found.into_iter().map(CustomerCard::from).collect())
        })
    })
    .await
}

/// What the customer `id` has and has bought, newest first.
///
/// # Errors
/// `not-found`.
pub async fn owned(ctx: &Ctx, id: Id<of::Customer>) -> Result<(Vec<UnitRow>, Vec<SaleRow>), Fault> {
    ctx.read((ctx.clone(), id), |tx, (ctx, id)| {
        Box::pin(async move {
            let file = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &file)?;
            let mut units = store::units_of_customer(tx, *id, SHOWN).await?;
            units.retain(|row| ctx.actor.may(super::VIEW_SALES, &row.unit));
            let mut sales = store::sales_of_customer(tx, *id, SHOWN).await?;
            sales.retain(|row| ctx.actor.may(super::VIEW_SALES, &row.sale));
            Ok((units, sales))
        })
    })
    .await
}

/// What was merged into `id`, newest first.
///
/// # Errors
/// `not-found`.
pub async fn merges(ctx: &Ctx, id: Id<of::Customer>) -> Result<Vec<(Merge, String)>, Fault> {
    ctx.read((ctx.clone(), id), |tx, (ctx, id)| {
        Box::pin(async move {
            let file = store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(VIEW, &file)?;
            let merges = store::merges_of(tx, *id).await?;
            let gone: Vec<_> = merges.iter().map(|merge| merge.gone).collect();
            let names = store::get_many(tx, &gone).await?;
            let name = |id| names.iter().find(|file| file.id == id).map(|file| file.draft.name.clone());
            let named = |merge: Merge| {
                let name = name(merge.gone).unwrap_or_default();
                (merge, name)
            };
            Ok(merges.into_iter().map(named).collect())
        })
    })
    .await
}

/// True while `merge` can be taken back.
pub fn can_part(ctx: &Ctx, merge: &Merge) -> bool {
    merge.undone_at.is_none() && ctx.now().since(merge.merged_at) < UNDO_DAYS * DAY
}

/// The versions of two files that the actor has seen.
pub type Versions = (i64, i64);

/// Merges the file `gone` into `kept`: everything that belongs to it goes over, what `kept` does not know of the person is taken
/// on. Both files must be in reach. A merge that was made already is not made twice.
///
/// # Errors
/// `invalid` without a reason; `stale`; `not-found`; `parties-merge-self`, `parties-merged`.
pub async fn merge(
    ctx: &Ctx,
    kept: Id<of::Customer>,
    gone: Id<of::Customer>,
    versions: Versions,
    reason: &str,
) -> Result<CustomerCard, Fault> {
    let mut errors = FieldErrors::default();
    let reason = text::required_line(&mut errors, "reason", reason, 200);
    errors.check()?;
    if kept == gone {
        return Err(Fault::refused("parties-merge-self"));
    }
    ctx.write((kept, gone, versions, reason), |work, (kept, gone, versions, reason)| {
        Box::pin(async move {
            let stays = store::get(work.tx, *kept).await?.ok_or_else(Fault::not_found)?;
            let goes = store::get(work.tx, *gone).await?.ok_or_else(Fault::not_found)?;
            work.require(EDIT, &stays)?;
            work.require(EDIT, &goes)?;
            if goes.merged_into == Some(*kept) {
                return Ok(work.unchanged(stays.into()));
            }
            if stays.merged_into.is_some() || goes.merged_into.is_some() {
                return Err(Fault::refused("parties-merged"));
            }
            for one in [*kept, *gone] {
                let standing = store::standing(work.tx, one).await?;
                if standing.erased_at.is_some() {
                    return Err(Fault::refused("parties-erased"));
                }
                // What has to be kept is kept as it is.
                if let Some(held) = standing.held_for {
                    return Err(Fault::refused("parties-held").with("reason", held));
                }
            }
            if (stays.version, goes.version) != *versions {
                return Err(Fault::stale(stays.version));
            }
            let merge = Merge {
                id: work.ctx.house.ids.next(),
                kept: *kept,
                gone: *gone,
                reason: reason.clone(),
                merged_at: work.now,
                undone_at: None,
            };
            store::insert_merge(work.tx, &merge).await?;
            let sales = store::move_sales(work.tx, *gone, *kept, None).await?;
            store::note_moved(work.tx, merge.id, super::SALE, &sales).await?;
            let units = store::move_units(work.tx, *gone, *kept, None).await?;
            store::note_moved(work.tx, merge.id, super::UNIT, &units).await?;
            if !store::set_merged(work.tx, *gone, goes.version, Some(*kept)).await? {
                return Err(Fault::stale(goes.version.saturating_add(1)));
            }
            let draft = joined(&stays, &goes);
            if !store::save(work.tx, *kept, stays.version, &draft).await? {
                return Err(Fault::stale(stays.version.saturating_add(1)));
            }
            search::remove(work.tx, &RecordRef::new(RECORD, *gone)).await?;
            let stays_now = Customer { draft, version: stays.version.saturating_add(1), ..stays.clone() };
            let event = Event::new(RecordRef::new(RECORD, *kept), "customer.took_over", file::place(&stays_now))
                .change("merged_from", None, Some(gone.to_string()))
                .change("reason", None, Some(reason.clone()))
                .index(file::piece(&stays_now));
            let _ = work.record(file::changes(event, Some(&stays.draft), &stays_now.draft)).await?;
            let event = Event::new(RecordRef::new(RECORD, *gone), "customer.merged", file::place(&goes))
                .change(KEPT, None, Some(kept.to_string()))
                .change(MERGE, None, Some(merge.id.to_string()))
                .change("reason", None, Some(reason.clone()));
            Ok(work.record(event).await?.with(stays_now.into()))
        })
    })
    .await
}

/// Two files and the one that they would become.
#[derive(Debug, Clone)]
pub struct AsOne {
    /// The file that stays.
    pub kept: CustomerCard,
    /// The file that goes on in it.
    pub gone: CustomerCard,
    /// What stays once they are one.
    pub one: CustomerCard,
}

/// What merging `gone` into `kept` would make. Both files must be in reach.
///
/// # Errors
/// `not-found`.
pub async fn as_one(ctx: &Ctx, kept: Id<of::Customer>, gone: Id<of::Customer>) -> Result<AsOne, Fault> {
    ctx.read((ctx.clone(), kept, gone), |tx, (ctx, kept, gone)| {
        Box::pin(async move {
            let stays = store::get(tx, *kept).await?.ok_or_else(Fault::not_found)?;
            let goes = store::get(tx, *gone).await?.ok_or_else(Fault::not_found)?;
            ctx.require(EDIT, &stays)?;
            ctx.require(EDIT, &goes)?;
            let one = Customer { draft: joined(&stays, &goes), ..stays.clone() };
            Ok(AsOne { kept: stays.into(), gone: goes.into(), one: one.into() })
        })
    })
    .await
}

/// What the merged file knows: what `stays` knows, and where that is empty what `goes` knew.
fn joined(stays: &Customer, goes: &Customer) -> crate::domain::CustomerDraft {
    let (mut draft, other) = (stays.draft.clone(), &goes.draft);
    let fill = |own: &mut Option<String>, other: &Option<String>| {
        if own.is_none() {
            own.clone_from(other);
        }
    };
    if draft.phone.is_none() {
        draft.phone.clone_from(&other.phone);
    }
    fill(&mut draft.wechat, &other.wechat);
    fill(&mut draft.email, &other.email);
    fill(&mut draft.address, &other.address);
    fill(&mut draft.vip, &other.vip);
    fill(&mut draft.note, &other.note);
    for tag in &other.tags {
        if !draft.tags.contains(tag) {
            draft.tags.push(tag.clone());
        }
    }
    // Consent is given by a person for a purpose; a merge does not widen it.
    draft.consent = draft.consent && other.consent;
    draft
}

/// Takes a merge back: the closed file opens again, and what it brought goes back to it. What `kept` took on stays and can be
/// corrected there.
///
/// # Errors
/// `not-found`; `parties-merge-over` once it is too late or was done already.
pub async fn part(ctx: &Ctx, kept: Id<of::Customer>, id: Id<of::CustomerMerge>) -> Result<CustomerCard, Fault> {
    ctx.write((kept, id), |work, (kept, id)| {
        Box::pin(async move {
            let merge = store::merge_of(work.tx, *id).await?.filter(|merge| merge.kept == *kept);
            let merge = merge.ok_or_else(Fault::not_found)?;
            let stays = store::get(work.tx, merge.kept).await?.ok_or_else(Fault::not_found)?;
            let goes = store::get(work.tx, merge.gone).await?.ok_or_else(Fault::not_found)?;
            work.require(EDIT, &stays)?;
            work.require(EDIT, &goes)?;
            if !can_part(work.ctx, &merge) || !store::undo_merge(work.tx, *id, work.now).await? {
                return Err(Fault::refused("parties-merge-over"));
            }
            let sales = store::moved(work.tx, *id, super::SALE).await?;
            store::move_sales(work.tx, merge.kept, merge.gone, Some(&sales)).await?;
            let units = store::moved(work.tx, *id, super::UNIT).await?;
            store::move_units(work.tx, merge.kept, merge.gone, Some(&units)).await?;
            if !store::set_merged(work.tx, merge.gone, goes.version, None).await? {
                return Err(Fault::stale(goes.version.saturating_add(1)));
            }
            let opened = Customer { merged_into: None, version: goes.version.saturating_add(1), ..goes };
            let event = Event::new(RecordRef::new(RECORD, merge.kept), "customer.gave_back", file::place(&stays))
                .change("merged_from", Some(merge.gone.to_string()), None);
            let _ = work.record(event).await?;
            let event = Event::new(RecordRef::new(RECORD, merge.gone), "customer.parted", file::place(&opened))
                .change(KEPT, Some(merge.kept.to_string()), None)
                .change(MERGE, Some(merge.id.to_string()), None)
                .index(file::piece(&opened));
            Ok(work.record(event).await?.with(opened.into()))
        })
    })
    .await
}
