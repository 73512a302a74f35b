//! Every morning owners hear of the problems that are due for a look. Problems from before there was a search for them are made
//! findable, once.

use std::sync::Arc;

use ::jobs::{Every, JobError, JobKind, Periodic};
use capability::{Ctx, Installation, Jobs};

use crate::app;

const REVIEW: &str = "problems.review";
const FIND: &str = "problems.find";

/// The jobs of this capability in `house`.
pub(crate) fn jobs(house: &Arc<Installation>) -> Jobs {
    let own = Arc::clone(house);
    let review = JobKind::new(REVIEW, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&own), REVIEW);
        async move { app::review(&ctx).await.map(|_| ()).map_err(JobError::from) }
    })
    .at_most(1);
    let find = JobKind::new(FIND, 3, |run, _| async move {
        app::make_findable(&run.db, &run.ids).await.map(|_| ()).map_err(JobError::retry)
    })
    .at_most(1);
    let morning = Every::Daily { hour: 7, minute: 50, zone: house.zone.clone() };
    let periodic = vec![Periodic::new(REVIEW, morning), Periodic::new(FIND, Every::Millis(600_000))];
    Jobs { kinds: vec![review, find], periodic }
}
