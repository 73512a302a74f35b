//! What runs by itself: invitations go out when their time has come.

use std::sync::Arc;

use capability::{Ctx, Installation, Jobs};
use jobs::{Every, JobError, JobKind, Periodic};

use crate::app;

const SEND: &str = "surveys.send";
/// How often, in milliseconds.
const EVERY: i64 = 60_000;

/// The jobs of this capability in `house`.
pub(crate) fn jobs(house: &Arc<Installation>) -> Jobs {
    let sender = Arc::clone(house);
    let send = JobKind::new(SEND, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&sender), SEND);
        async move { app::send_due(&ctx).await.map(|_| ()).map_err(JobError::from) }
    });
    Jobs { kinds: vec![send], periodic: vec![Periodic::new(SEND, Every::Millis(EVERY))] }
}
