use std::sync::Arc;

use capability::{Ctx, Event, Installation};
use kernel::{Fault, Id, RecordRef};
use messaging::Message;
use notices::Notice;

/// Tells the owner of a case that its customer could not be reached, and leaves a trace at the case.
///
/// # Errors
/// What the database says.
pub async fn tell_of_failure(house: Arc<Installation>, id: Id<Message>) -> Result<(), Fault> {
    let ctx = Ctx::system(house, "outbox");
    ctx.write(id, |work, id| {
        Box::pin(async move {
            let Some(message) = messaging::find(work.tx, *id).await? else { return Ok(work.unchanged(())) };
            // Sent again meanwhile, or about no case.
            if message.record.0 != cases::app::RECORD || !message.resendable() {
                return Ok(work.unchanged(()));
            }
            let Some(case) = cases::store::get(work.tx, Id::new(message.record.1)).await? else {
                return Ok(work.unchanged(()));
            };
            let record = RecordRef::new(cases::app::RECORD, case.id);
            if let Some(owner) = case.owner {
                let notice = Notice::new("message.failed", record.clone()).number(&case.number).text(&message.to);
                notices::tell(work, &[owner], &notice).await?;
            }
            let place = kernel::Place { store: case.store, team: case.team, owner: case.owner };
            let event = Event::new(record, "case.message_failed", place)
                .change("message_template", None, Some(message.template))
                .change("message_error", None, message.error);
            work.record(event).await
        })
    })
    .await
}
