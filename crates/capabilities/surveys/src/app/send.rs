use capability::{Ctx, Event, Recorded, Work};
use kernel::{Fault, Id, Placed, RecordRef};

use crate::listen;
use crate::store::{self, Survey, SurveyId};

/// Invitations that one round sends.
const BATCH: i64 = 100;

/// Sends the invitations whose time has come; gives how many.
///
/// # Errors
/// `busy` when the database is away; what is left is found again.
pub async fn send_due(ctx: &Ctx) -> Result<u64, Fault> {
    let mut sent = 0;
    loop {
        let now = ctx.now();
        let due: Vec<Id<SurveyId>> =
            ctx.read(now, |tx, now| Box::pin(async move { Ok(store::to_send(tx, *now, BATCH).await?) })).await?;
        if due.is_empty() {
            return Ok(sent);
        }
        for id in due {
            sent += ctx.write(id, |work, id| Box::pin(one(work, *id))).await?;
        }
    }
}

async fn one(work: &mut Work<'_>, id: Id<SurveyId>) -> Result<Recorded<u64>, Fault> {
    let survey = store::get(work.tx, id).await?;
    // Another node may have been faster.
    let Some(before) = survey.filter(|survey| survey.send_at.is_some_and(|at| at <= work.now)) else {
        return Ok(work.unchanged(0));
    };
    // Who has answered meanwhile, by phone, is not asked any more.
    let ask = before.answer.is_none();
    let survey = Survey { sent: ask, send_at: None, version: before.version + 1, ..before };
    if !store::save(work.tx, &survey).await? {
        return Err(Fault::stale(survey.version));
    }
    if ask {
        listen::send(work, &survey).await?;
    }
    let event = Event::new(RecordRef::new("case", survey.case), "survey.sent", survey.place()).quietly();
    Ok(work.record(event).await?.with(u64::from(ask)))
}
