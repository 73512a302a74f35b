//! What runs by itself: live complaint cases without this flow come into it, what is over goes into the archive, and
//! what has been there long enough is put before a person.

use std::sync::Arc;

use capability::{Ctx, Installation, Jobs};
use jobs::{Every, JobError, JobKind, Periodic};

use crate::app;
use crate::keeping::app as keeping;

const ADOPT: &str = "complaints.adopt";
/// How often they are looked for, in milliseconds.
const EVERY: i64 = 15_000;

const ARCHIVE: &str = "complaints.archive";
/// How often the archive is looked after, in milliseconds.
const HOURLY: i64 = 3_600_000;

/// The jobs of this capability in `house`.
pub(crate) fn jobs(house: &Arc<Installation>) -> Jobs {
    let (house, archives) = (Arc::clone(house), Arc::clone(house));
    let adopt = JobKind::new(ADOPT, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&house), ADOPT);
        async move { app::adopt_all(&ctx).await.map(|_| ()).map_err(JobError::from) }
    })
    .at_most(1);
    let archive = JobKind::new(ARCHIVE, 3, move |_, _| {
        let ctx = keeping::system(&archives, ARCHIVE);
        async move {
            keeping::archive_due(&ctx).await.map_err(JobError::from)?;
            keeping::propose_due(&ctx).await.map(|_| ()).map_err(JobError::from)
        }
    })
    .at_most(1);
    let periodic = vec![Periodic::new(ADOPT, Every::Millis(EVERY)), Periodic::new(ARCHIVE, Every::Millis(HOURLY))];
    Jobs { kinds: vec![adopt, archive], periodic }
}
