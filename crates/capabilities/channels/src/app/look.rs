use std::sync::Arc;

use calendar::worktime::Calendar;
use capability::{Ctx, Work};
use db::Tx;
use kernel::{Fault, Id, Timestamp, of};
use metrics::Delta;

use super::DIMENSION;
use super::register::{DAY, event, piece};
use super::test::{concerned, is_due, notice, zone};
use crate::domain::{Hours, Quiet, Stretch, quiet};
use crate::store::{self, Channel};

/// Channels that are looked at in one transaction.
const BATCH: i64 = 100;
/// What a channel is measured by: eight weeks, in milliseconds.
const HISTORY: i64 = 56 * DAY;
/// What is looked at besides the time since the last case: a week, in milliseconds.
const LATELY: i64 = 7 * DAY;

/// Looks at every open channel: marks those that went quiet and those that are heard again, and tells owners of silence and of self-tests
/// that are due, each once. Gives how many changed.
///
/// # Errors
/// What the database says.
pub async fn look(ctx: &Ctx) -> Result<usize, Fault> {
    ctx.write((), |work, ()| Box::pin(index(work))).await?;
    let (mut after, mut changed) = (Id::new(0), 0);
    loop {
        let (last, here) = ctx.write(after, |work, after| Box::pin(batch(work, *after))).await?;
        changed += here;
        match last {
            Some(last) => after = last,
            None => return Ok(changed),
        }
    }
}

/// Makes channels findable that were registered before search knew of channels.
async fn index(work: &mut Work<'_>) -> Result<capability::Recorded<()>, Fault> {
    let behind = store::not_indexed(work.tx, BATCH).await?;
    if behind.is_empty() {
        return Ok(work.unchanged(()));
    }
    let mut events = Vec::new();
    for channel in behind {
        store::mark_indexed(work.tx, channel.id).await?;
        events.push(event(&channel, "channel.indexed").index(piece(&channel)).quietly());
    }
    work.record_all(events).await
}

type Looked = (Option<Id<of::Channel>>, usize);

async fn batch(work: &mut Work<'_>, after: Id<of::Channel>) -> Result<capability::Recorded<Looked>, Fault> {
    let channels = store::open_behind(work.tx, after, BATCH).await?;
    let last = channels.last().map(|channel| channel.id);
    let mut events = Vec::new();
    for before in channels {
        let found = silence(work.tx, &before, work.now).await?;
        let mut channel = before.clone();
        let day = work.now.day(&zone(work.ctx, &before));
        match (before.quiet_at, found) {
            (None, Some(quiet)) => {
                channel.quiet_at = Some(work.now);
                channel.quiet_expected = Some(quiet.expected);
                channel.quiet_seen = Some(quiet.seen);
                let told = notice("channel.quiet", &channel).text(&format!(
                    "{} / {}",
                    quiet.seen,
                    (quiet.expected + 500) / 1_000
                ));
                notices::tell(work, &concerned(work.ctx, &channel), &told).await?;
                let via = channel.id.to_string();
                let mut event = event(&channel, "channel.went_quiet")
                    .change("quiet_expected", None, Some(quiet.expected.to_string()))
                    .change("quiet_seen", None, Some(quiet.seen.to_string()));
                event.deltas = Delta::spread("channels.quiet", channel.store, day, 1, &[(DIMENSION, via.as_str())]);
                events.push(event);
            }
            (Some(_), None) => {
                (channel.quiet_at, channel.quiet_expected, channel.quiet_seen) = (None, None, None);
                events.push(event(&channel, "channel.heard_again"));
            }
            (Some(_), Some(_)) | (None, None) => {}
        }
        if is_due(&before, work.now) && before.test_told_at != before.test_due_at {
            channel.test_told_at = before.test_due_at;
            notices::tell(work, &concerned(work.ctx, &channel), &notice("channel.test_due", &channel)).await?;
            let due = before.test_due_at.map(|at| at.to_string());
            events.push(event(&channel, "channel.test_due").change("test_due_at", None, due));
        }
        if channel != before {
            store::mark(work.tx, &channel).await?;
        }
    }
    let (looked, changed) = ((last, events.len()), !events.is_empty());
    if changed { Ok(work.record_all(events).await?.with(looked)) } else { Ok(work.unchanged(looked)) }
}

/// Whether the channel brings less than its history lets expect: nothing since the last case, or too little in the last week.
async fn silence(tx: &mut Tx, channel: &Channel, now: Timestamp) -> Result<Option<Quiet>, Fault> {
    let open = Open::of(tx, channel).await?;
    // Before it was registered nobody could come by it.
    let began = now.plus(-HISTORY).max(channel.created_at);
    let last = cases::store::last_by(tx, channel.id, now.plus(1)).await?;
    let week = now.plus(-LATELY);
    let since = last.unwrap_or(began).max(began);
    for from in [since.plus(1), week] {
        let before = before(tx, channel, &open, began, from).await?;
        let seen = cases::store::came_by(tx, channel.id, from, now.plus(1)).await?;
        let lately = Stretch { cases: seen, minutes: open.minutes(from, now) };
        if let Some(quiet) = quiet(before, lately) {
            return Ok(Some(quiet));
        }
    }
    Ok(None)
}

/// What came from `began` until `end`; what the owner expects, where that is too little to go by.
async fn before(
    tx: &mut Tx,
    channel: &Channel,
    open: &Open,
    began: Timestamp,
    end: Timestamp,
) -> Result<Stretch, Fault> {
    let seen = cases::store::came_by(tx, channel.id, began, end).await?;
    if seen >= crate::domain::FEWEST {
        return Ok(Stretch { cases: seen, minutes: open.minutes(began, end) });
    }
    let minutes = open.minutes(end.plus(-28 * DAY), end);
    let days = match channel.hours {
        Hours::Always => 28,
        Hours::Store => minutes / open.minutes_of_a_day(end).max(1),
    };
    Ok(Stretch { cases: channel.expected_per_day.unwrap_or(0).saturating_mul(days), minutes })
}

/// When a channel is open.
enum Open {
    Always,
    Store(Arc<Calendar>),
}

impl Open {
    async fn of(tx: &mut Tx, channel: &Channel) -> Result<Self, Fault> {
        Ok(match channel.hours {
            Hours::Always => Self::Always,
            Hours::Store => Self::Store(calendar::of_store(tx, channel.store).await?),
        })
    }
    /// Open minutes between two instants.
    fn minutes(&self, from: Timestamp, to: Timestamp) -> i64 {
        if to <= from {
            return 0;
        }
        let millis = match self {
            Self::Always => to.since(from),
            // Beyond what the calendar knows nothing can be said, so nothing is.
            Self::Store(calendar) => calendar.elapsed(from.to_jiff(), to.to_jiff()).map_or(0, |open| open.0),
        };
        millis / 60_000
    }
    /// Open minutes of an average day of the four weeks before `end` on which it was open.
    fn minutes_of_a_day(&self, end: Timestamp) -> i64 {
        let days: Vec<i64> = (0..28)
            .map(|n| self.minutes(end.plus(-(n + 1) * DAY), end.plus(-n * DAY)))
            .filter(|minutes| *minutes > 0)
            .collect();
        let open = i64::try_from(days.len()).unwrap_or(1).max(1);
        days.iter().sum::<i64>() / open
    }
}
