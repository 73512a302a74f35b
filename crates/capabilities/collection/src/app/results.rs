//! The results of a campaign as a table that leaves the house.

use capability::{Ctx, Event};
use kernel::{Fault, Id, Placed, Reach, RecordRef};

use super::campaign::{CAMPAIGN, CAMPAIGN_RECORD};
use crate::store::campaign::{self as store, CampaignId, ContactId, Told};

/// Rows that are in memory at once.
const ROWS: i64 = 200;

/// The customers of a campaign, page by page.
#[derive(Debug)]
pub struct Results {
    /// The campaign's title.
    pub title: String,
    campaign: Id<CampaignId>,
    reach: Reach,
    next: Option<Id<ContactId>>,
    done: bool,
}

/// Begins the table of the campaign `id`. Who takes it, and how many rows, is in the journal before the first row leaves.
///
/// # Errors
/// `forbidden`; `not-found` when none of its customers are within reach.
pub async fn results(ctx: &Ctx, id: Id<CampaignId>) -> Result<Results, Fault> {
    let reach = ctx.reach(CAMPAIGN);
    if reach.is_empty() {
        return Err(Fault::forbidden());
    }
    let title = ctx
        .write((id, reach.clone()), |work, (id, reach)| {
            Box::pin(async move {
                let campaign = store::campaign(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
                let rows = store::count(work.tx, *id, reach).await?;
                if rows == 0 {
                    return Err(Fault::not_found());
                }
                let event = Event::new(RecordRef::new(CAMPAIGN_RECORD, *id), "callback.exported", campaign.place())
                    .quietly()
                    .change("rows", None, Some(rows.to_string()));
                Ok(work.record(event).await?.with(campaign.title))
            })
        })
        .await?;
    Ok(Results { title, campaign: id, reach, next: None, done: false })
}

impl Results {
    /// The next rows; `None` at the end.
    ///
    /// # Errors
    /// `busy` when the database is away.
    pub async fn next(&mut self, ctx: &Ctx) -> Result<Option<Vec<Told>>, Fault> {
        if self.done {
            return Ok(None);
        }
        let input = (self.campaign, self.reach.clone(), self.next);
        let rows = ctx
            .read(input, |tx, (id, reach, after)| {
                Box::pin(async move { Ok(store::told(tx, *id, reach, *after, ROWS).await?) })
            })
            .await?;
        self.next = rows.last().map(Told::cursor);
        self.done = i64::try_from(rows.len()).unwrap_or(ROWS) < ROWS;
        Ok(Some(rows))
    }
}
