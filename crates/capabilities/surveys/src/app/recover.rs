use capability::{Ctx, Event};
use kernel::{Fault, Id, Placed, RecordRef};

use super::RECOVER;
use crate::domain::Recovery;
use crate::store::{self, Survey, SurveyId};

/// Notes that somebody has made up for a low rating, and how.
///
/// # Errors
/// `surveys-nothing-to-recover`; `stale` when the survey has changed since `version`; `not-found`.
pub async fn recover(ctx: &Ctx, id: Id<SurveyId>, version: i64, note: String) -> Result<(), Fault> {
    ctx.write((id, version, note), |work, (id, version, note)| {
        Box::pin(async move {
            let before = store::get(work.tx, *id).await?.ok_or_else(Fault::not_found)?;
            work.require(RECOVER, &before)?;
            if before.version != *version {
                return Err(Fault::stale(before.version));
            }
            if before.recovery != Recovery::Open {
                return Err(Fault::refused("surveys-nothing-to-recover"));
            }
            let survey = Survey {
                recovery: Recovery::Done,
                recovery_note: Some(note.clone()),
                recovered_by: work.ctx.actor.user,
                recovered_at: Some(work.now),
                version: before.version + 1,
                ..before
            };
            if !store::save(work.tx, &survey).await? {
                return Err(Fault::stale(survey.version));
            }
            let event = Event::new(RecordRef::new("case", survey.case), "survey.recovered", survey.place())
                .change("recovery", Some(Recovery::Open.as_str().to_owned()), Some(Recovery::Done.as_str().to_owned()))
                .change("note", None, Some(note.clone()));
            Ok(work.record(event).await?.with(()))
        })
    })
    .await
}
