use capability::{Event, Work};
use futures_util::future::BoxFuture;
use kernel::{Fault, Id};

use crate::app;

/// Hears that a return was refunded or its exchange delivered.
pub(crate) fn follow<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        match (event.record.kind, event.verb) {
            (returns::app::RECORD, "return.paid" | "return.delivered") => {
                app::after_return(work, Id::new(event.record.id)).await
            }
            _ => Ok(()),
        }
    })
}
