use capability::{Ctx, Event};
use kernel::{Fault, Id, Placed, RecordRef};

use super::{EXCLUDE, REASON, deltas};
use crate::domain::excluded;
use crate::store::{self, Survey, SurveyId};

/// Takes an answer out of the numbers (`out`), or puts it back; headquarters' to do, with a reason that stands in the journal. The
/// answer itself stays as it is, and how many were excluded is published by store.
///
/// # Errors
/// `surveys-no-answer`; `surveys-excluded-already`, `surveys-counts-already`; `stale`; `not-found`; `forbidden` for those who see it
/// but may not.
pub async fn exclude(ctx: &Ctx, id: Id<SurveyId>, version: i64, out: bool, reason: String) -> Result<(), Fault> {
    ctx.write((id, version, out, reason), |work, (id, version, out, reason)| {
        Box::pin(async move {
            let before = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            super::require(work, EXCLUDE, &before)?;
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            let Some(answer) = before.answer.clone() else { return Err(Fault::refused("surveys-no-answer")) };
            match (out, before.excluded_at.is_some()) {
                (true, true) => return Err(Fault::refused("surveys-excluded-already")),
                (false, false) => return Err(Fault::refused("surveys-counts-already")),
                _ => {}
            }
            let survey = Survey {
                excluded_at: out.then_some(work.now),
                excluded_by: work.ctx.actor.user.filter(|_| *out),
                excluded_reason: out.then(|| reason.clone()),
                version: before.version + 1,
                ..before
            };
            if !store::save(work.tx, &survey).await? {
                return Err(Fault::stale(survey.version));
            }
            let verb = if *out { "survey.excluded" } else { "survey.restored" };
            let mut event = Event::new(RecordRef::new("case", survey.case), verb, survey.place()).change(
                REASON,
                None,
                Some(reason.clone()),
            );
            event.deltas = deltas(work, &survey, &excluded(&answer, *out));
            work.record(event).await
        })
    })
    .await
}
