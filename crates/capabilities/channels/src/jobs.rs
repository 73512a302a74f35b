//! What runs by itself: every quarter of an hour channels are looked at for silence and for self-tests that are due.

use std::sync::Arc;

use capability::{Ctx, Installation, Jobs};
use jobs::{Every, JobError, JobKind, Periodic};

use crate::app;

const LOOK: &str = "channels.look";
/// How often, in milliseconds.
const EVERY: i64 = 900_000;

/// The jobs of this capability in `house`.
pub(crate) fn jobs(house: &Arc<Installation>) -> Jobs {
    let looker = Arc::clone(house);
    let look = JobKind::new(LOOK, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&looker), LOOK);
        async move { app::look(&ctx).await.map(|_| ()).map_err(JobError::from) }
    })
    .at_most(1);
    Jobs { kinds: vec![look], periodic: vec![Periodic::new(LOOK, Every::Millis(EVERY))] }
}
