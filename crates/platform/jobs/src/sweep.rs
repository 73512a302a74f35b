//! Old finished jobs are deleted by a periodic job of their own.

use db::DbError;

use crate::{Every, JobError, JobKind, JobRun, Periodic, store};

/// The kind's code.
const SWEEP: &str = "jobs.sweep";
/// Done jobs are kept a week, for questions; dead ones stay until a person requeues them.
const KEPT: i64 = 7 * 86_400_000;
/// Periodic jobs leave thousands of rows a day that nobody asks about.
const PERIODIC_KEPT: i64 = 3_600_000;
/// Rows per transaction, so that nobody waits long behind it.
const BATCH: i64 = 500;

pub(crate) fn kind(periodic: Vec<&'static str>) -> JobKind {
    JobKind::new(SWEEP, 3, move |run, _| {
        let periodic = periodic.clone();
        async move {
            delete(&run, KEPT, None).await?;
            delete(&run, PERIODIC_KEPT, Some(periodic)).await
        }
    })
}

async fn delete(run: &JobRun, kept: i64, kinds: Option<Vec<&'static str>>) -> Result<(), JobError> {
    loop {
        let input = (run.clock.now().plus(-kept), kinds.clone());
        let deleted: u64 = run
            .db
            .write(input, |tx, (before, kinds)| {
                Box::pin(async move { store::delete_done(tx, *before, kinds.as_deref(), BATCH).await })
            })
            .await
            .map_err(|error: DbError| JobError::from(error))?;
        if deleted == 0 {
            return Ok(());
        }
    }
}

pub(crate) fn periodic() -> Periodic {
    Periodic::new(SWEEP, Every::Millis(3_600_000))
}
