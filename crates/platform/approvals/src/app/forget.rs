use capability::Work;
use kernel::{Fault, RecordRef};

use super::RECORD;
use crate::store;

/// Forgets what was written about the questions on the record `id` of `kind`: in the questions, the journal, and what deciders were
/// told. Amounts, people and answers stay.
///
/// # Errors
/// What the database says.
pub async fn forget(work: &mut Work<'_>, kind: &str, id: i64) -> Result<(), Fault> {
    for question in store::of_record(work.tx, kind, id).await? {
        let record = RecordRef::new(RECORD, question.id);
        notices::erase(work.tx, &record).await?;
        messaging::erase(work.tx, &record).await?;
        work.forget(&record, &["asked", "reason"]).await?;
    }
    store::erase(work.tx, kind, id).await?;
    Ok(())
}
