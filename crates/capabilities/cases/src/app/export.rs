use capability::{Ctx, Event};
use kernel::{Cursor, Fault, Place, Reach, RecordRef, Timestamp};

use super::access::EXPORT;
use super::list::found;
use crate::store::{self, Exported, Filter, Listed, Order};

/// The word for exports in the journal.
const EXPORTS: &str = "export";
/// Rows that are in memory at once.
const ROWS: i64 = 500;
/// Longest time from the first row to the last, in milliseconds; longer lists are exported in parts.
const LONGEST: i64 = 120_000;

/// A list that leaves the house, page by page.
#[derive(Debug)]
pub struct Export {
    filter: Filter,
    order: Order,
    reach: Reach,
    begun: Timestamp,
    next: Option<Cursor>,
    done: bool,
}

/// Begins an export of the cases within reach that `filter` means, which `words` describe. Who takes what, and how many rows, is
/// in the journal before the first row leaves.
///
/// # Errors
/// `forbidden` without the permission; `busy` when the database is away, or the list is too long to be counted in time.
pub async fn export(ctx: &Ctx, filter: Filter, order: Order, words: String) -> Result<Export, Fault> {
    let reach = ctx.reach(EXPORT);
    if reach.is_empty() {
        return Err(Fault::forbidden());
    }
    let (filter, rows) = ctx
        .read((filter, reach.clone()), |tx, (filter, reach)| {
            Box::pin(async move {
                // Searched once: the pages that follow show what was found now.
                let filter = found(tx, filter, reach).await?.filter;
                let rows = store::count_all(tx, &filter, reach).await?;
                Ok((filter, rows))
            })
        })
        .await?;
    let directory = ctx.house.identity.directories().now();
    let home = ctx.actor.home.or_else(|| directory.company().map(|unit| unit.id)).ok_or_else(Fault::forbidden)?;
    ctx.write((words, rows, home), |work, (words, rows, home)| {
        Box::pin(async move {
            let record = RecordRef::new(EXPORTS, work.ctx.house.ids.next::<Export>());
            let place = Place { store: *home, team: None, owner: work.ctx.actor.user };
            let event = Event::new(record, "cases.exported", place)
                .quietly()
                .personal("filter", None, Some(words.clone()))
                .change("rows", None, Some(rows.to_string()));
            work.record(event).await
        })
    })
    .await?;
    Ok(Export { filter, order, reach, begun: ctx.now(), next: None, done: false })
}

impl Export {
    /// The next rows; `None` at the end.
    ///
    /// # Errors
    /// `busy` when the database is away or the export has taken too long.
    pub async fn next(&mut self, ctx: &Ctx) -> Result<Option<Vec<Listed<Exported>>>, Fault> {
        if self.done {
            return Ok(None);
        }
        if ctx.now().since(self.begun) > LONGEST {
            return Err(Fault::busy("an export took longer than its time limit"));
        }
        let input = (self.filter.clone(), self.order, self.reach.clone(), self.next);
        let rows: Vec<Listed<Exported>> = ctx
            .read(input, |tx, (filter, order, reach, after)| {
                Box::pin(async move { Ok(store::list(tx, filter, *order, reach, *after, ROWS).await?) })
            })
            .await?;
        self.next = rows.last().map(Listed::cursor);
        self.done = i64::try_from(rows.len()).unwrap_or(ROWS) < ROWS;
        Ok(Some(rows))
    }
}
