use capability::Ctx;
use kernel::{Cursor, Fault, Id, Timestamp, of};

use super::access::VIEW;
use super::people::Offices;
use crate::domain::Show;
use crate::store::{self, Approval, Filter};

/// How far counts go; beyond it is "1000+".
pub const COUNTED: i64 = 1_000;

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    /// What is on it.
    pub rows: Vec<Approval>,
    /// Where the next one begins.
    pub next: Option<Cursor>,
}

/// What a list is narrowed to, as it is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of this kind.
    pub kind: Option<String>,
    /// Of this store.
    pub store: Option<Id<of::Unit>>,
    /// Asked, decided or passed upward (by which the list is ordered) from then on.
    pub from: Option<Timestamp>,
    /// Before then.
    pub before: Option<Timestamp>,
}

/// The filter of `show` for the actor of `ctx`; nothing for somebody who is nobody.
async fn filter(ctx: &Ctx, tx: &mut db::Tx, show: Show, wanted: &Wanted) -> Result<Option<Filter>, Fault> {
    let Some(me) = ctx.actor.user else { return Ok(None) };
    let directory = ctx.house.identity.directories().now();
    let powers = match show {
        Show::Mine => Offices::at(tx, &directory, ctx.now()).await?.powers(&directory, me),
        Show::Asked | Show::Decided | Show::All | Show::Granted | Show::Answered | Show::Passed => Vec::new(),
    };
    Ok(Some(Filter {
        show,
        me,
        powers,
        reach: ctx.reach(VIEW),
        kind: wanted.kind.clone(),
        store: wanted.store,
        from: wanted.from,
        before: wanted.before,
    }))
}

/// Questions, in the order of `show`.
///
/// # Errors
/// What the database says.
pub async fn list(ctx: &Ctx, show: Show, wanted: Wanted, after: Option<Cursor>, limit: u16) -> Result<Page, Fault> {
    ctx.read((ctx.clone(), show, wanted, after, limit), |tx, (ctx, show, wanted, after, limit)| {
        Box::pin(async move {
            let Some(filter) = filter(ctx, tx, *show, wanted).await? else {
                return Ok(Page { rows: Vec::new(), next: None });
            };
            let limit = usize::from(*limit);
            let mut rows = store::list(tx, &filter, *after, i64::try_from(limit).unwrap_or(i64::MAX) + 1).await?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().filter(|_| more);
            let next = next.map(|row| Cursor { key: filter.key(row).millis(), id: row.id.get() });
            Ok(Page { rows, next })
        })
    })
    .await
}

/// How many questions each of `shows` has, up to [`COUNTED`] + 1.
///
/// # Errors
/// What the database says.
pub async fn counts(ctx: &Ctx, shows: Vec<Show>, wanted: Wanted) -> Result<Vec<i64>, Fault> {
    ctx.read((ctx.clone(), shows, wanted), |tx, (ctx, shows, wanted)| {
        Box::pin(async move {
            let mut counts = Vec::new();
            for show in shows {
                counts.push(match filter(ctx, tx, *show, wanted).await? {
                    Some(filter) => store::count(tx, &filter, COUNTED + 1).await?,
                    None => 0,
                });
            }
            Ok(counts)
        })
    })
    .await
}
