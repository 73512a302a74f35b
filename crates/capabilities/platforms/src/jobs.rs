//! Every few minutes deadlines are looked at.

use std::sync::Arc;

use ::jobs::{Every, JobError, JobKind, Periodic};
use capability::{Ctx, Installation, Jobs};

use crate::app;

const WATCH: &str = "platforms.watch";
/// Milliseconds between two looks: five minutes.
const PACE: i64 = 300_000;

/// The jobs of this capability in `house`.
pub(crate) fn jobs(house: &Arc<Installation>) -> Jobs {
    let own = Arc::clone(house);
    let watch = JobKind::new(WATCH, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&own), WATCH);
        async move { app::watch(&ctx).await.map(|_| ()).map_err(JobError::from) }
    })
    .at_most(1);
    Jobs { kinds: vec![watch], periodic: vec![Periodic::new(WATCH, Every::Millis(PACE))] }
}
