//! Scores follow what happens within a minute; every morning people hear of evidence that ends; signs of special deductions are looked
//! for every ten minutes.

use std::sync::Arc;

use ::jobs::{Every, JobError, JobKind, Periodic};
use capability::{Ctx, Installation, Jobs};

use crate::{app, proposals};

const RECALCULATE: &str = "scores.recalculate";
const REMIND: &str = "scores.remind";
const PROPOSE: &str = "scores.propose";
/// Ten minutes, in milliseconds.
const TEN_MINUTES: i64 = 600_000;
/// Half a minute, in milliseconds: with the computing itself a fact shows within a minute.
const HALF_A_MINUTE: i64 = 30_000;

/// The jobs of this capability in `house`.
pub(crate) fn jobs(house: &Arc<Installation>) -> Jobs {
    let own = Arc::clone(house);
    let recalculate = JobKind::new(RECALCULATE, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&own), RECALCULATE);
        async move { app::recalculate(&ctx).await.map(|_| ()).map_err(JobError::from) }
    })
    .at_most(1);
    let own = Arc::clone(house);
    let remind = JobKind::new(REMIND, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&own), REMIND);
        async move {
            app::remind(&ctx).await?;
            // The texts of the shop change rarely and take longer to judge.
            proposals::look(&ctx, true).await?;
            Ok(())
        }
    })
    .at_most(1);
    let own = Arc::clone(house);
    let propose = JobKind::new(PROPOSE, 3, move |_, _| {
        let ctx = Ctx::system(Arc::clone(&own), PROPOSE);
        async move { proposals::look(&ctx, false).await.map(|_| ()).map_err(JobError::from) }
    })
    .at_most(1);
    let morning = Every::Daily { hour: 7, minute: 55, zone: house.zone.clone() };
    Jobs {
        kinds: vec![recalculate, remind, propose],
        periodic: vec![
            Periodic::new(RECALCULATE, Every::Millis(HALF_A_MINUTE)),
            Periodic::new(REMIND, morning),
            Periodic::new(PROPOSE, Every::Millis(TEN_MINUTES)),
        ],
    }
}
