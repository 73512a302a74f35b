use capability::{Event, Work};
use futures_util::future::BoxFuture;
use kernel::{Fault, Id};

use crate::app;

/// Hears that a return was opened, and that a customer is forgotten.
pub(crate) fn follow<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        match (event.record.kind, event.verb) {
            (returns::app::RECORD, "return.opened") => app::joined(work, Id::new(event.record.id)).await,
            (cases::app::RECORD, "case.erased") => app::erased(work, Id::new(event.record.id)).await,
            _ => Ok(()),
        }
    })
}
