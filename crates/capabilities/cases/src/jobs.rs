//! What runs by itself: deadlines and waits are looked at twice a minute, forgotten drafts go once a day.

use std::sync::Arc;

use capability::{Ctx, Installation, Jobs};
use jobs::{Every, JobError, JobKind, NewJob, Periodic};
use kernel::Timestamp;

use crate::app;

const SWEEP: &str = "cases.sweep";
const WAKE: &str = "cases.wake";
const DRAFTS: &str = "cases.drafts";
const FOLLOW: &str = "cases.follow_calendars";

/// How often, in milliseconds.
const EVERY: i64 = 30_000;

/// Lets running clocks follow the calendars: goes with every edit of hours, holidays, exceptional days or of who works by what.
pub fn follow_calendars(now: Timestamp) -> NewJob {
    NewJob::new(FOLLOW, "", now)
}

/// The jobs of this capability in `house`.
pub fn jobs(house: &Arc<Installation>) -> Jobs {
    let (sweeper, waker) = (Arc::clone(house), Arc::clone(house));
    let (keeper, follower) = (Arc::clone(house), Arc::clone(house));
    let sweep = JobKind::new(SWEEP, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&sweeper), SWEEP);
        async move { app::sweep(&ctx).await.map(|_| ()).map_err(JobError::from) }
    });
    let wake = JobKind::new(WAKE, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&waker), WAKE);
        async move { app::wake(&ctx).await.map(|_| ()).map_err(JobError::from) }
    });
    let follow = JobKind::new(FOLLOW, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&follower), FOLLOW);
        async move { app::follow_calendars(&ctx).await.map(|_| ()).map_err(JobError::from) }
    });
    let drafts = JobKind::new(DRAFTS, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&keeper), DRAFTS);
        async move {
            app::forget_drafts(&ctx).await.map_err(JobError::from)?;
            app::forget_reply_drafts(&ctx).await.map_err(JobError::from)?;
            app::forget_requests(&ctx).await.map(|_| ()).map_err(JobError::from)
        }
    });
    Jobs {
        kinds: vec![sweep, wake, drafts, follow],
        periodic: vec![
            Periodic::new(SWEEP, Every::Millis(EVERY)),
            Periodic::new(WAKE, Every::Millis(EVERY)),
            Periodic::new(DRAFTS, Every::Daily { hour: 3, minute: 40, zone: house.zone.clone() }),
        ],
    }
}
