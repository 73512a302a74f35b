//! What runs by itself: deadlines and waits are looked at twice a minute.

use std::sync::Arc;

use capability::{Ctx, Installation, Jobs};
use jobs::{Every, JobError, JobKind, Periodic};

use crate::app;

const SWEEP: &str = "cases.sweep";
const WAKE: &str = "cases.wake";

/// How often, in milliseconds.
const EVERY: i64 = 30_000;

/// The jobs of this capability in `house`.
pub fn jobs(house: &Arc<Installation>) -> Jobs {
    let (sweeper, waker) = (Arc::clone(house), Arc::clone(house));
    let sweep = JobKind::new(SWEEP, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&sweeper), SWEEP);
        async move { app::sweep(&ctx).await.map(|_| ()).map_err(JobError::from) }
    });
    let wake = JobKind::new(WAKE, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&waker), WAKE);
        async move { app::wake(&ctx).await.map(|_| ()).map_err(JobError::from) }
    });
    Jobs {
        kinds: vec![sweep, wake],
        periodic: vec![Periodic::new(SWEEP, Every::Millis(EVERY)), Periodic::new(WAKE, Every::Millis(EVERY))],
    }
}
