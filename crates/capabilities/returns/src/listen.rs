use capability::{Event, Work};
use futures_util::future::BoxFuture;
use kernel::{Fault, Id, RecordRef};

use crate::{app, store};

/// Hears that a question was answered, and that a customer is forgotten.
pub(crate) fn follow<'w>(work: &'w mut Work<'_>, event: &'w Event) -> BoxFuture<'w, Result<(), Fault>> {
    Box::pin(async move {
        match (event.record.kind, event.verb) {
            (approvals::app::RECORD, "approval.decided" | "approval.withdrawn" | "approval.expired") => {
                app::answered(work, Id::new(event.record.id)).await
            }
            (cases::app::RECORD, "case.erased") => {
                for id in store::erase(work.tx, Id::new(event.record.id)).await? {
                    crate::proposals::store::erase(work.tx, id).await?;
                    work.forget(&RecordRef::new(app::RECORD, id), &app::PERSONAL_WORDS).await?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    })
}
