use capability::Ctx;
use identity::{Unit, UnitKind};
use kernel::{Fault, Id, of};
use metrics::Delta;

use super::DIMENSION;
use super::register::event;
use super::test::zone;
use crate::domain::Kind;
use crate::store::{self, Channel};

/// A refused flood leaves one trace in so many milliseconds: a trace for each would be a flood of its own.
const TRACE: i64 = 60_000;

/// The open form or poster that is called `code`, with its store.
///
/// # Errors
/// `not-found` for everything else: closed channels have no form.
pub async fn door(ctx: &Ctx, code: &str) -> Result<(Channel, Unit), Fault> {
    let found = ctx
        .read(code.to_owned(), |tx, code| Box::pin(async move { store::by_code(tx, code).await.map_err(Fault::from) }))
        .await?;
    let fits = |channel: &Channel| channel.active && matches!(channel.kind, Kind::WebForm | Kind::QrPoster);
    let channel = found.filter(fits).ok_or_else(Fault::not_found)?;
    let unit = open_store(ctx, |unit| unit.id == channel.store)?;
    Ok((channel, unit))
}

/// A store as its customers see it.
#[derive(Debug, Clone)]
pub struct Portal {
    /// The store.
    pub store: Unit,
    /// Its open channels, by kind.
    pub channels: Vec<Channel>,
    /// The next seven days from today: the day, and from when to when in minutes of the day; empty when closed.
    pub week: Vec<(kernel::Day, Vec<(u16, u16)>)>,
}

/// The open store with `code`, its channels and its hours.
///
/// # Errors
/// `not-found`.
pub async fn portal(ctx: &Ctx, code: &str) -> Result<Portal, Fault> {
    let store = open_store(ctx, |unit| unit.code == code)?;
    let today = ctx.now().day(&store.zone);
    let (id, now) = (store.id, today);
    let (channels, week) = ctx
        .read((id, now), |tx, (id, today)| {
            Box::pin(async move {
                let channels = store::of_store(tx, *id).await?;
                let calendar = calendar::of_store(tx, *id).await?;
                let week = (0..7).map(|n| {
                    let day = today.plus(n);
                    let plan = calendar.day(day.date());
                    let hours = plan.hours.intervals().iter().map(|one| (one.from(), one.to())).collect();
                    (day, hours)
                });
                Ok::<_, Fault>((channels, week.collect()))
            })
        })
        .await?;
    Ok(Portal { store, channels, week })
}

fn open_store(ctx: &Ctx, is: impl Fn(&Unit) -> bool) -> Result<Unit, Fault> {
    let directory = ctx.house.identity.directories().now();
    let found = directory.stores().find(|unit| unit.kind == UnitKind::Store && unit.active && is(unit));
    found.cloned().ok_or_else(Fault::not_found)
}

/// Somebody sent more to `channel` than was taken: leaves a trace, at most one a minute.
///
/// # Errors
/// What the database says.
pub async fn flooded(ctx: &Ctx, channel: Id<of::Channel>) -> Result<(), Fault> {
    let own = Ctx::system(std::sync::Arc::clone(&ctx.house), "channels.flooded");
    own.write(channel, |work, id| {
        Box::pin(async move {
            let Some(channel) = store::get(work.tx, *id).await? else { return Ok(work.unchanged(())) };
            if channel.flooded_at.is_some_and(|at| work.now.since(at) < TRACE) {
                return Ok(work.unchanged(()));
            }
            store::flooded(work.tx, *id, work.now).await?;
            let day = work.now.day(&zone(work.ctx, &channel));
            let via = channel.id.to_string();
            let mut event = event(&channel, "channel.flooded").change("flooded_at", None, Some(work.now.to_string()));
            event.deltas = Delta::spread("channels.floods", channel.store, day, 1, &[(DIMENSION, via.as_str())]);
            work.record(event).await
        })
    })
    .await
}
