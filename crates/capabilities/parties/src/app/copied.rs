use capability::{Ctx, Event};
use kernel::{Fault, Place, RecordRef};

/// The word for people in the journal.
const PERSON: &str = "user";

/// Notes that the actor copied `rows` rows of `list`, filtered as `path` says, to take them elsewhere.
///
/// # Errors
/// `busy` when the database is away; then nothing may be copied.
pub async fn copied(ctx: &Ctx, place: Place, list: String, rows: i64, path: String) -> Result<(), Fault> {
    let user = ctx.actor.user.ok_or_else(Fault::forbidden)?;
    ctx.write((user, place, list, rows, path), |work, (user, place, list, rows, path)| {
        Box::pin(async move {
            let event = Event::new(RecordRef::new(PERSON, *user), "list.copied", *place)
                .change("list", None, Some(list.clone()))
                .change("rows", None, Some(rows.to_string()))
                .change("filter", None, Some(path.clone()))
                .quietly();
            Ok(work.record(event).await?.with(()))
        })
    })
    .await
}
