//! What runs by itself: texts are read a few seconds after they came, and in the night the program learns from the day's decisions.

use std::sync::Arc;

use capability::{Ctx, Installation, Jobs};
use jobs::{Every, JobError, JobKind, Periodic};

use crate::app::{self, LEARN, Models};

const READ: &str = "feedback.read";
/// How often new texts are looked for, in milliseconds.
const EVERY: i64 = 10_000;

/// The jobs of this capability in `house`.
pub(crate) fn jobs(house: &Arc<Installation>) -> Jobs {
    let models = Arc::new(Models::default());
    let reader = Arc::clone(house);
    let read = JobKind::new(READ, 3, move |_, _| {
        let (ctx, models) = (Ctx::system(Arc::clone(&reader), READ), Arc::clone(&models));
        async move { app::suggest_unread(&ctx, &models).await.map(|_| ()).map_err(JobError::from) }
    })
    .at_most(1);
    let learner = Arc::clone(house);
    let learn = JobKind::new(LEARN, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&learner), LEARN);
        async move { app::learn(&ctx).await.map(|_| ()).map_err(JobError::from) }
    })
    .at_most(1);
    let nightly = Every::Daily { hour: 3, minute: 40, zone: house.zone.clone() };
    Jobs {
        kinds: vec![read, learn],
        periodic: vec![Periodic::new(READ, Every::Millis(EVERY)), Periodic::new(LEARN, nightly)],
    }
}
