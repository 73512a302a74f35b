//! What runs by itself: every minute each mailbox is looked into.

use std::sync::Arc;

use ::jobs::{Every, JobError, JobKind, Periodic};
use capability::{Ctx, Installation, Jobs};
use kernel::Id;

use crate::app;

/// Looks into all mailboxes.
const LOOK: &str = "mail.look";
/// Looks into one, because a person says so.
pub(crate) const LOOK_AT: &str = "mail.look_at";
/// How often, in milliseconds.
const EVERY: i64 = 60_000;

/// The jobs of this capability in `house`.
pub(crate) fn jobs(house: &Arc<Installation>) -> Jobs {
    let all = Arc::downgrade(house);
    let look = JobKind::new(LOOK, 1, move |_, _| {
        let house = all.clone();
        async move {
            let house = house.upgrade().ok_or_else(|| JobError::retry("the program stops"))?;
            app::look_into_all(&Ctx::system(house, LOOK)).await.map_err(JobError::from)
        }
    })
    .at_most(1)
    .ends_at_once();
    let one = Arc::downgrade(house);
    let look_at = JobKind::new(LOOK_AT, 1, move |_, body| {
        let house = one.clone();
        async move {
            let house = house.upgrade().ok_or_else(|| JobError::retry("the program stops"))?;
            let id = body.parse::<i64>().map_err(JobError::give_up)?;
            app::look_into(&Ctx::system(house, LOOK_AT), Id::new(id)).await.map_err(JobError::from)
        }
    })
    .at_most(2)
    .ends_at_once();
    Jobs { kinds: vec![look, look_at], periodic: vec![Periodic::new(LOOK, Every::Millis(EVERY))] }
}
