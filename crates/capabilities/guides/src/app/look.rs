use capability::Ctx;
use db::Tx;
use kernel::{Fault, Id};

use super::VIEW;
use crate::domain::Situation;
use crate::store::{self, Guide, GuideId};

/// Guides for a situation, the best match first, at most `most`; none for those who may not read guides.
///
/// # Errors
/// What the database says.
pub async fn guides_for(ctx: &Ctx, situation: &Situation, most: usize) -> Result<Vec<Guide>, Fault> {
    if !ctx.actor.holds(VIEW) {
        return Ok(Vec::new());
    }
    ctx.read((situation.clone(), most), |tx, (situation, most)| Box::pin(guides_within(tx, situation, *most))).await
}

/// The same within a transaction that reads more; whoever calls it knows that the reader may see guides.
///
/// # Errors
/// What the database says.
pub async fn guides_within(tx: &mut Tx, situation: &Situation, most: usize) -> Result<Vec<Guide>, Fault> {
    let mut found: Vec<(u8, Guide)> = store::list(tx, false)
        .await?
        .into_iter()
        .filter_map(|guide| situation.match_of(&guide.fits).map(|score| (score, guide)))
        .collect();
    // Among equals the order of the list stands.
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.truncate(most);
    Ok(found.into_iter().map(|(_, guide)| guide).collect())
}

/// All guides in their order, or all that are no longer offered.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, retired: bool) -> Result<Vec<Guide>, Fault> {
    ctx.read(retired, |tx, retired| Box::pin(async move { Ok(store::list(tx, *retired).await?) })).await
}

/// The guide `id` with all its versions, newest first; never empty.
///
/// # Errors
/// `not-found`.
pub async fn versions(ctx: &Ctx, id: Id<GuideId>) -> Result<Vec<Guide>, Fault> {
    let found = ctx.read(id, |tx, id| Box::pin(async move { Ok(store::versions(tx, *id).await?) })).await?;
    if found.is_empty() { Err(Fault::not_found()) } else { Ok(found) }
}
