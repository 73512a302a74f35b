//! What cases do when a customer is to be forgotten: refuse while one is open, else erase what names the person, in the same
//! transaction. Kind, goods, outcome, times and amounts stay: numbers and repair counts do not change.

use capability::{Event, Work};
use futures_util::future::BoxFuture;
use journal::ACTOR_NAME;
use kernel::{Fault, Id, RecordRef, of};
use parties::app::{ASKED, ERASED};

use super::events::{self, RECORD};
use super::tasks::TASK;
use crate::store;

/// The personal fields of all events on a case, those of other capabilities too.
const PERSONAL: [&str; 15] = [
    "customer",
    "subject",
    "body",
    "result_note",
    "text",
    "note",
    "reason",
    "proof_note",
    "option",
    "findings",
    "files",
    "words",
    "to",
    "address",
    ACTOR_NAME,
];

/// Hears that a customer is to be forgotten, and that it has happened.
pub(crate) fn forget_customer<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        if event.record.kind != parties::file::RECORD || !matches!(event.verb, ASKED | ERASED) {
            return Ok(());
        }
        let customer: Id<of::Customer> = Id::new(event.record.id);
        if let Some(number) = store::open_of_customer(work.tx, customer).await? {
            return Err(Fault::refused("cases-customer-open").with("number", number));
        }
        if event.verb == ASKED {
            return Ok(());
        }
        messaging::forget_language(work.tx, customer).await?;
        for id in store::ids_of_customer(work.tx, customer).await? {
            forget(work, id).await?;
        }
        Ok(())
    })
}

/// Erases what names a person in the case `id`: its words, messages, papers and what was told of it.
pub(super) async fn forget(work: &mut Work<'_>, id: Id<of::Case>) -> Result<(), Fault> {
    let record = RecordRef::new(RECORD, id);
    store::erase_case(work.tx, id, work.now).await?;
    store::erase_chat(work.tx, id).await?;
    store::erase_replies(work.tx, id).await?;
    messaging::erase(work.tx, &record).await?;
    ::files::erase(work.tx, &record, work.now).await?;
    notices::erase(work.tx, &record).await?;
    approvals::app::forget(work, RECORD, id.get()).await?;
    for task in store::tasks_of(work.tx, id).await? {
        let record = RecordRef::new(TASK, task.id);
        work.forget(&record, &["text", "title", "body", "answer"]).await?;
        notices::erase(work.tx, &record).await?;
    }
    work.forget(&record, &PERSONAL).await?;
    let Some(case) = store::get(work.tx, id).await? else { return Ok(()) };
    // It is found by its number and its goods, and its page says why it names nobody.
    let event = events::event(&case, "case.erased", work.now).index(events::piece(&case, None));
    let _ = work.record(event).await?;
    Ok(())
}
