//! What runs by itself: twice a minute questions are looked at for which time does something.

use std::sync::Arc;

use capability::{Ctx, Installation, Jobs};
use jobs::{Every, JobError, JobKind, Periodic};

use crate::app;

const SWEEP: &str = "approvals.sweep";

/// How often, in milliseconds.
const EVERY: i64 = 30_000;

/// The jobs of this crate in `house`.
pub(crate) fn jobs(house: &Arc<Installation>) -> Jobs {
    let house = Arc::clone(house);
    let sweep = JobKind::new(SWEEP, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&house), SWEEP);
        async move { app::sweep(&ctx).await.map(|_| ()).map_err(JobError::from) }
    });
    Jobs { kinds: vec![sweep], periodic: vec![Periodic::new(SWEEP, Every::Millis(EVERY))] }
}
