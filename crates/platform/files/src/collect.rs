//! Contents that no file needs any more are removed: uploads whose transaction never came, deleted and erased files.

use db::DbError;
use jobs::{Every, JobError, JobKind, JobRun, Periodic};

use crate::{Files, store};

/// The code of the collecting job.
pub const COLLECT: &str = "files.collect";
/// Between storing a content and attaching it pass seconds; a day leaves room for a form that stays open.
const YOUNG: i64 = 86_400_000;
const PAGE: i64 = 1_000;

/// The kind of job that collects; register it with the runner.
pub fn kind(files: Files) -> JobKind {
    JobKind::new(COLLECT, 5, move |run, _| {
        let files = files.clone();
        async move { collect(&run, &files).await }
    })
}

/// Every six hours.
pub fn periodic() -> Periodic {
    Periodic::new(COLLECT, Every::Millis(6 * 3_600_000))
}

async fn collect(run: &JobRun, files: &Files) -> Result<(), JobError> {
    let now = run.clock.now();
    let before = now.plus(-YOUNG);
    let forgotten: Result<u64, DbError> =
        run.db.write(before, |tx, before| Box::pin(async move { store::forget_uploads(tx, *before).await })).await;
    forgotten?;
    let mut after = String::new();
    loop {
        let page: Vec<(String, bool)> = run
            .db
            .read((before, now, after.clone()), |tx, (before, now, after)| {
                Box::pin(async move { store::untouched(tx, *before, *now, after, PAGE).await })
            })
            .await
            .map_err(|error: DbError| JobError::from(error))?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after.clone_from(last);
        for (digest, _) in page.into_iter().filter(|(_, needed)| !needed) {
            let doomed: Result<bool, DbError> = run
                .db
                .write((digest.clone(), before, now), |tx, (digest, before, now)| {
                    Box::pin(async move { store::doom(tx, digest, *before, *now).await })
                })
                .await;
            if !doomed? {
                continue;
            }
            // From here on new uploads of this content are told to come back; a crash leaves it doomed for the next run.
            files.remove(&digest).await?;
            let forgotten: Result<(), DbError> =
                run.db.write(digest, |tx, digest| Box::pin(async move { store::forget(tx, digest).await })).await;
            forgotten?;
        }
    }
}
