//! What runs by itself: every quarter of an hour channels are looked at for silence and for self-tests that are due, every minute
//! whether a call is owed back.

use std::sync::Arc;

use capability::{Ctx, Installation, Jobs};
use jobs::{Every, JobError, JobKind, Periodic};

use crate::app;

const LOOK: &str = "channels.look";
const REMIND: &str = "channels.remind";
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
    let reminder = Arc::clone(house);
    let remind = JobKind::new(REMIND, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&reminder), REMIND);
        async move { app::remind(&ctx).await.map(|_| ()).map_err(JobError::from) }
    })
    .at_most(1);
    let periodic = vec![Periodic::new(LOOK, Every::Millis(EVERY)), Periodic::new(REMIND, Every::Millis(60_000))];
    Jobs { kinds: vec![look, remind], periodic }
}
