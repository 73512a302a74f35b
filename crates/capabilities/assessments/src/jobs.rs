//! Every morning the register of certificates is looked at.

use std::sync::Arc;

use ::jobs::{Every, JobError, JobKind, Periodic};
use capability::{Ctx, Installation, Jobs};

use crate::certificates::app;

const REMIND: &str = "certificates.remind";

/// The jobs of this capability in `house`.
pub(crate) fn jobs(house: &Arc<Installation>) -> Jobs {
    let own = Arc::clone(house);
    let remind = JobKind::new(REMIND, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&own), REMIND);
        async move { app::remind(&ctx).await.map(|_| ()).map_err(JobError::from) }
    })
    .at_most(1);
    let morning = Every::Daily { hour: 8, minute: 5, zone: house.zone.clone() };
    Jobs { kinds: vec![remind], periodic: vec![Periodic::new(REMIND, morning)] }
}
