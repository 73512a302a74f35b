//! Every morning: reviews whose days are over are made, alarms are raised.

use std::sync::Arc;

use ::jobs::{Every, JobError, JobKind, Periodic};
use capability::{Ctx, Installation, Jobs};

use super::app;

const PREPARE: &str = "returns.reviews";

/// The jobs of this module in `house`.
pub(crate) fn jobs(house: &Arc<Installation>) -> Jobs {
    let own = Arc::clone(house);
    let prepare = JobKind::new(PREPARE, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&own), PREPARE);
        async move { app::prepare(&ctx).await.map(|_| ()).map_err(JobError::from) }
    })
    .at_most(1);
    let morning = Every::Daily { hour: 6, minute: 40, zone: house.zone.clone() };
    Jobs { kinds: vec![prepare], periodic: vec![Periodic::new(PREPARE, morning)] }
}
