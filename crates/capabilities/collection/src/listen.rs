use capability::{Event, Work};
use futures_util::future::BoxFuture;
use kernel::{Fault, Id, RecordRef};

use crate::app::campaign::{CONTACT_RECORD, join_low};
use crate::store::campaign as store;

/// Hears that a customer rated a case low, and that somebody is forgotten.
pub(crate) fn follow<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        let (customer, case) = match (event.record.kind, event.verb) {
            (cases::app::RECORD, "survey.low_rating") => return join_low(work, Id::new(event.record.id)).await,
            (cases::app::RECORD, "case.erased") => (None, Some(Id::new(event.record.id))),
            (parties::file::RECORD, parties::app::ERASED) => (Some(Id::new(event.record.id)), None),
            _ => return Ok(()),
        };
        for contact in store::forget(work.tx, customer, case).await? {
            work.forget(&RecordRef::new(CONTACT_RECORD, contact), &["note"]).await?;
        }
        Ok(())
    })
}
