//! The only SQL on `job` and `job_schedule`.

use db::{Columns, DbError, Filter, FromRow, Row, Tx, Value, args, values};
use kernel::{Id, IdGen, Timestamp};

use crate::kind::{Job, NewJob};

/// Enqueues `jobs` in the caller's transaction. A job whose key already waits is not doubled (see [`NewJob::key`]).
///
/// # Errors
/// When the database fails.
pub async fn enqueue(tx: &mut Tx, ids: &IdGen, jobs: &[NewJob]) -> Result<(), DbError> {
    // In key order, so that two transactions that ask for the same keys wait for each other instead of deadlocking.
    let mut ordered: Vec<&NewJob> = jobs.iter().collect();
    ordered.sort_by(|a, b| a.key.cmp(&b.key));
    // The update locks the waiting row until this transaction ends: were it claimed before, its attempt would not see what
    // this transaction writes, and the work asked for here would be lost.
    let sql = "INSERT INTO job (id, kind, body, dedup, run_at, state, tries, created_at) \
               VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6) \
               ON CONFLICT (dedup) WHERE state = 'waiting' DO UPDATE SET run_at = \
               CASE WHEN job.tries = 0 AND excluded.run_at < job.run_at THEN excluded.run_at ELSE job.run_at END";
    let rows: Vec<Vec<Value>> = ordered
        .iter()
        .map(|job| {
            let id = ids.next::<Job>();
            values![id, job.kind, job.body.clone(), job.key.clone(), job.run_at, made_at(id)]
        })
        .collect();
    let statements: Vec<(&str, &[Value])> = rows.iter().map(|row| (sql, row.as_slice())).collect();
    tx.batch(&statements).await
}

/// A job that an attempt holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claimed {
    pub id: Id<Job>,
    pub kind: String,
    pub body: String,
    pub try_no: i64,
    pub run_at: Timestamp,
}
impl FromRow for Claimed {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c: Columns<'_> = row.columns();
        Ok(Self { id: c.next()?, kind: c.next()?, body: c.next()?, try_no: c.next()?, run_at: c.next()? })
    }
}

/// Who claims what.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub node: String,
    pub now: Timestamp,
    pub until: Timestamp,
    pub kinds: Vec<&'static str>,
    pub limit: i64,
}

/// Claims up to `limit` jobs that are due: first those whose lease is over, then waiting ones, earliest first.
/// Two nodes that choose the same row meet at its lock; the second sees it changed and goes without it.
pub(crate) async fn claim(tx: &mut Tx, claim: &Claim) -> Result<Vec<Claimed>, DbError> {
    let (lapsed, order) = ("state = 'running' AND claimed_until <= ?", "ORDER BY claimed_until, id");
    let mut claimed = claim_where(tx, claim, lapsed, order, claim.limit).await?;
    let left = claim.limit - i64::try_from(claimed.len()).unwrap_or(claim.limit);
    if left > 0 {
        let (waiting, order) = ("state = 'waiting' AND run_at <= ?", "ORDER BY run_at, id");
        claimed.extend(claim_where(tx, claim, waiting, order, left).await?);
    }
    claimed.sort_by_key(|job| (job.run_at, job.id));
    Ok(claimed)
}

async fn claim_where(
    tx: &mut Tx,
    claim: &Claim,
    due: &'static str,
    order: &'static str,
    limit: i64,
) -> Result<Vec<Claimed>, DbError> {
    let mut sql = Filter::new("UPDATE job SET state = 'running', tries = tries + 1");
    sql.bind(", claimed_by = ?, claimed_until = ? WHERE ", args![claim.node.clone(), claim.until])
        .bind(due, args![claim.now])
        .push(" AND id IN (SELECT id FROM job WHERE ")
        .bind(due, args![claim.now])
        .push(" AND ")
        .bind_in("kind", claim.kinds.iter().map(|kind| Value::from(*kind)))
        .push(" ")
        .push(order)
        .bind(" LIMIT ?) RETURNING id, kind, body, tries, run_at", args![limit]);
    tx.all(sql.sql(), sql.values()).await
}

/// Holds the job until `until`; false when the attempt has lost it.
pub(crate) async fn renew(tx: &mut Tx, id: Id<Job>, try_no: i64, until: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE job SET claimed_until = $3 WHERE id = $1 AND tries = $2 AND state = 'running'";
    Ok(tx.exec(sql, args![id, try_no, until]).await? == 1)
}

/// Marks the job done; false when the attempt has lost it (or has marked it before).
pub(crate) async fn complete(tx: &mut Tx, id: Id<Job>, try_no: i64, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE job SET state = 'done', finished_at = $3, claimed_until = NULL, last_error = NULL \
               WHERE id = $1 AND tries = $2 AND state = 'running'";
    Ok(tx.exec(sql, args![id, try_no, now]).await? == 1)
}

/// Puts the job back to wait until `run_at`. Its key is given up when `keep_key` is false or the key waits again already.
pub(crate) async fn put_back(
    tx: &mut Tx,
    id: Id<Job>,
    try_no: i64,
    run_at: Timestamp,
    error: Option<String>,
    keep_key: bool,
) -> Result<bool, DbError> {
    let sql = "UPDATE job SET state = 'waiting', run_at = $3, claimed_by = NULL, claimed_until = NULL, last_error = $4, \
               dedup = CASE WHEN $5 AND NOT EXISTS (SELECT 1 FROM job other WHERE other.dedup = job.dedup \
               AND other.state = 'waiting') THEN dedup ELSE NULL END \
               WHERE id = $1 AND tries = $2 AND state = 'running'";
    Ok(tx.exec(sql, args![id, try_no, run_at, error, keep_key]).await? == 1)
}

/// Takes back the count of an attempt that did not really try; call after [`put_back`].
pub(crate) async fn uncount(tx: &mut Tx, id: Id<Job>, try_no: i64) -> Result<(), DbError> {
    let sql = "UPDATE job SET tries = tries - 1 WHERE id = $1 AND tries = $2 AND state = 'waiting'";
    tx.exec(sql, args![id, try_no]).await.map(|_| ())
}

/// Marks the job dead.
pub(crate) async fn bury(tx: &mut Tx, id: Id<Job>, try_no: i64, now: Timestamp, error: &str) -> Result<bool, DbError> {
    let sql = "UPDATE job SET state = 'dead', finished_at = $3, claimed_until = NULL, last_error = $4 \
               WHERE id = $1 AND tries = $2 AND state = 'running'";
    Ok(tx.exec(sql, args![id, try_no, now, error]).await? == 1)
}

/// Plans the slot of a periodic job unless some node has done so; enqueues nothing while an earlier slot's job is pending.
pub(crate) async fn plan(
    tx: &mut Tx,
    id: Id<Job>,
    kind: &'static str,
    body: &str,
    slot: Timestamp,
    now: Timestamp,
) -> Result<bool, DbError> {
    let mine = tx
        .exec(
            "INSERT INTO job_schedule (kind, slot) VALUES ($1, $2) \
             ON CONFLICT (kind) DO UPDATE SET slot = excluded.slot WHERE job_schedule.slot < excluded.slot",
            args![kind, slot],
        )
        .await?;
    if mine == 0 {
        return Ok(false);
    }
    let pending: Option<(i64,)> =
        tx.one("SELECT id FROM job WHERE kind = $1 AND state IN ('waiting', 'running') LIMIT 1", args![kind]).await?;
    if pending.is_some() {
        return Ok(false);
    }
    tx.exec(
        "INSERT INTO job (id, kind, body, run_at, state, tries, created_at) VALUES ($1, $2, $3, $4, 'waiting', 0, $5)",
        args![id, kind, body, slot, now],
    )
    .await
    .map(|_| true)
}

/// The earliest instant at which a waiting job is due or a lease ends.
pub(crate) async fn next_due(tx: &mut Tx, kinds: &[&'static str]) -> Result<Option<Timestamp>, DbError> {
    let mut first: Option<Timestamp> = None;
    for (sql, order) in [
        ("SELECT run_at FROM job WHERE state = 'waiting' AND ", " ORDER BY run_at, id LIMIT 1"),
        ("SELECT claimed_until FROM job WHERE state = 'running' AND ", " ORDER BY claimed_until, id LIMIT 1"),
    ] {
        let mut filter = Filter::new(sql);
        filter.bind_in("kind", kinds.iter().map(|kind| Value::from(*kind))).push(order);
        let found: Option<(Timestamp,)> = tx.one(filter.sql(), filter.values()).await?;
        first = match (first, found) {
            (Some(a), Some((b,))) => Some(a.min(b)),
            (a, b) => a.or(b.map(|(at,)| at)),
        };
    }
    Ok(first)
}

/// Deletes up to `limit` jobs of `kinds` (of all kinds when `None`) that were done before `before`; returns how many.
pub(crate) async fn delete_done(
    tx: &mut Tx,
    before: Timestamp,
    kinds: Option<&[&'static str]>,
    limit: i64,
) -> Result<u64, DbError> {
    let mut sql = Filter::new("DELETE FROM job WHERE id IN (SELECT id FROM job WHERE state = 'done'");
    sql.bind(" AND finished_at < ?", args![before]);
    if let Some(kinds) = kinds {
        sql.push(" AND ").bind_in("kind", kinds.iter().map(|kind| Value::from(*kind)));
    }
    sql.bind(" ORDER BY finished_at, id LIMIT ?)", args![limit]);
    tx.exec(sql.sql(), sql.values()).await
}

/// The state of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Not run yet, or waiting for its next try.
    Waiting,
    /// Held by an attempt.
    Running,
    /// Finished.
    Done,
    /// Given up after its last try; waits for a person to requeue it.
    Dead,
}
impl JobState {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
    fn parse(text: &str) -> Option<Self> {
        [Self::Waiting, Self::Running, Self::Done, Self::Dead].into_iter().find(|state| state.as_str() == text)
    }
}

/// A job as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Its id.
    pub id: Id<Job>,
    /// Its kind's code.
    pub kind: String,
    /// What it is given.
    pub body: String,
    /// Not before this instant.
    pub run_at: Timestamp,
    /// Where it stands.
    pub state: JobState,
    /// How many attempts were made.
    pub tries: i64,
    /// The node that holds or held it.
    pub claimed_by: Option<String>,
    /// Until when the attempt holds it.
    pub claimed_until: Option<Timestamp>,
    /// What the last failed attempt said.
    pub last_error: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was done or given up.
    pub finished_at: Option<Timestamp>,
}
impl FromRow for JobRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mut c = row.columns();
        Ok(Self {
            id: c.next()?,
            kind: c.next()?,
            body: c.next()?,
            run_at: c.next()?,
            // The column's CHECK allows these four words only.
            state: JobState::parse(&c.next::<String>()?).unwrap_or(JobState::Dead),
            tries: c.next()?,
            claimed_by: c.next()?,
            claimed_until: c.next()?,
            last_error: c.next()?,
            created_at: c.next()?,
            finished_at: c.next()?,
        })
    }
}

/// The job `id`.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, id: Id<Job>) -> Result<Option<JobRow>, DbError> {
    tx.one(
        "SELECT id, kind, body, run_at, state, tries, claimed_by, claimed_until, last_error, created_at, finished_at \
         FROM job WHERE id = $1",
        args![id],
    )
    .await
}

/// Up to `limit` dead jobs, newest first, older than the job `before` when given.
///
/// # Errors
/// When the database fails.
pub async fn dead(tx: &mut Tx, before: Option<Id<Job>>, limit: i64) -> Result<Vec<JobRow>, DbError> {
    let before = before.map_or(i64::MAX, Id::get);
    tx.all(
        "SELECT id, kind, body, run_at, state, tries, claimed_by, claimed_until, last_error, created_at, finished_at \
         FROM job WHERE state = 'dead' AND id < $1 ORDER BY id DESC LIMIT $2",
        args![before, limit],
    )
    .await
}

/// Lets a dead job try again from the first try; false when it is not dead.
///
/// # Errors
/// When the database fails.
pub async fn requeue(tx: &mut Tx, id: Id<Job>, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE job SET state = 'waiting', run_at = $2, tries = 0, dedup = NULL, claimed_by = NULL, finished_at = NULL \
               WHERE id = $1 AND state = 'dead'";
    Ok(tx.exec(sql, args![id, now]).await? == 1)
}

/// How much work there is, for health pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Waiting jobs, also those whose time has not come.
    pub waiting: i64,
    /// Jobs held by an attempt.
    pub running: i64,
    /// Dead jobs.
    pub dead: i64,
    /// When the earliest waiting job is or was due; far in the past means that nobody works.
    pub earliest: Option<Timestamp>,
}

/// Counts the unfinished jobs.
///
/// # Errors
/// When the database fails.
pub async fn counts(tx: &mut Tx) -> Result<Counts, DbError> {
    let found: Option<(i64, i64, i64, Option<Timestamp>)> = tx
        .one(
            "SELECT (SELECT COUNT(*) FROM job WHERE state = 'waiting'), (SELECT COUNT(*) FROM job WHERE state = 'running'), \
             (SELECT COUNT(*) FROM job WHERE state = 'dead'), (SELECT MIN(run_at) FROM job WHERE state = 'waiting')",
            args![],
        )
        .await?;
    let (waiting, running, dead, earliest) = found.unwrap_or((0, 0, 0, None));
    Ok(Counts { waiting, running, dead, earliest })
}

/// When an id was made: it carries its instant (see [`kernel::Id`]), in milliseconds since 2020 UTC above 22 other bits.
fn made_at(id: Id<Job>) -> Timestamp {
    Timestamp::from_millis((id.get() >> 22) + 1_577_836_800_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Clock;

    #[test]
    fn an_id_tells_when_it_was_made() {
        let now: Timestamp = "2026-11-22T06:32:00.123Z".parse().unwrap();
        assert_eq!(made_at(IdGen::new(7, Clock::fixed(now)).next()), now);
    }
}
