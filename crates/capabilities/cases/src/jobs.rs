//! What runs by itself: deadlines and waits are looked at twice a minute, forgotten drafts go once a day.

use std::sync::Arc;

use capability::{Ctx, Installation, Jobs};
use jobs::{Every, JobError, JobKind, Periodic};

use crate::app;

const SWEEP: &str = "cases.sweep";
const WAKE: &str = "cases.wake";
const DRAFTS: &str = "cases.drafts";

/// How often, in milliseconds.
const EVERY: i64 = 30_000;

/// The jobs of this capability in `house`.
pub fn jobs(house: &Arc<Installation>) -> Jobs {
    let (sweeper, waker, keeper) = (Arc::clone(house), Arc::clone(house), Arc::clone(house));
    let sweep = JobKind::new(SWEEP, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&sweeper), SWEEP);
        async move { app::sweep(&ctx).await.map(|_| ()).map_err(JobError::from) }
    });
    let wake = JobKind::new(WAKE, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&waker), WAKE);
        async move { app::wake(&ctx).await.map(|_| ()).map_err(JobError::from) }
    });
    let drafts = JobKind::new(DRAFTS, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&keeper), DRAFTS);
        async move { app::forget_drafts(&ctx).await.map(|_| ()).map_err(JobError::from) }
    });
    Jobs {
        kinds: vec![sweep, wake, drafts],
        periodic: vec![
            Periodic::new(SWEEP, Every::Millis(EVERY)),
            Periodic::new(WAKE, Every::Millis(EVERY)),
            Periodic::new(DRAFTS, Every::Daily { hour: 3, minute: 40, zone: house.zone.clone() }),
        ],
    }
}
