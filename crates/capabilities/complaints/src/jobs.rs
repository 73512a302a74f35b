//! What runs by itself: live complaint cases without this flow come into it.

use std::sync::Arc;

use capability::{Ctx, Installation, Jobs};
use jobs::{Every, JobError, JobKind, Periodic};

use crate::app;

const ADOPT: &str = "complaints.adopt";
/// How often they are looked for, in milliseconds.
const EVERY: i64 = 15_000;

/// The jobs of this capability in `house`.
pub(crate) fn jobs(house: &Arc<Installation>) -> Jobs {
    let house = Arc::clone(house);
    let adopt = JobKind::new(ADOPT, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&house), ADOPT);
        async move { app::adopt_all(&ctx).await.map(|_| ()).map_err(JobError::from) }
    })
    .at_most(1);
    Jobs { kinds: vec![adopt], periodic: vec![Periodic::new(ADOPT, Every::Millis(EVERY))] }
}
