//! Work of this capability that nobody waits for.

use std::sync::Arc;

use ::jobs::{JobError, JobKind};
use capability::{Ctx, Installation, Jobs};
use kernel::Id;

use crate::app;

/// The jobs of this capability in `house`.
pub(crate) fn jobs(house: &Arc<Installation>) -> Jobs {
    let own = Arc::clone(house);
    let replay = JobKind::new(app::REPLAY_JOB, 3, move |_, body| {
        let ctx = Ctx::system(Arc::clone(&own), app::REPLAY_JOB);
        async move {
            let id = body.parse::<i64>().map_err(JobError::give_up)?;
            app::run_replay(&ctx, Id::new(id)).await.map(|_| ()).map_err(JobError::from)
        }
    })
    .at_most(1);
    Jobs { kinds: vec![replay], periodic: Vec::new() }
}
