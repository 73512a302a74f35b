use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use db::{Db, DbError, DbErrorKind};
use futures_util::FutureExt;
use kernel::{Clock, Fault, Id, IdGen, Timestamp};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::kind::{Job, JobError, JobKind, JobRun};
use crate::schedule::Periodic;
use crate::store::{self, Claim, Claimed};
use crate::{backoff_millis, sweep};

/// Tells the runner of this node that jobs were committed. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Call after the commit. It is never lost: a runner that is busy looks again before it sleeps.
    pub fn notify(&self) {
        self.0.notify_one();
    }
}

/// How a runner works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The node's name, for people who look at a running job.
    pub node: String,
    /// Jobs that run at the same time.
    pub parallel: usize,
    /// Milliseconds after which a job of a node that has gone silent is taken over; renewed while it runs.
    pub lease: i64,
    /// Longest sleep in milliseconds: how late a node notices jobs that another node has committed.
    pub idle: i64,
    /// Milliseconds that running jobs are given to finish when the program stops.
    pub grace: i64,
    /// Wakes this runner.
    pub wake: Wake,
}

impl Default for Settings {
    fn default() -> Self {
        Self { node: "local".to_owned(), parallel: 8, lease: 60_000, idle: 5_000, grace: 20_000, wake: Wake::default() }
    }
}

/// Runs jobs on one node. Clones share everything.
#[derive(Clone)]
pub struct Runner(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    ids: IdGen,
    settings: Settings,
    kinds: BTreeMap<&'static str, JobKind>,
    periodic: Vec<Periodic>,
    /// For each periodic job, the first instant at which this node has to plan again.
    next_slots: Mutex<Vec<Timestamp>>,
}

/// Kinds that are claimed together, and how many jobs of them.
struct Lane {
    kinds: Vec<&'static str>,
    room: usize,
}

/// What running jobs are told: that the program stops, and that its patience is at an end.
struct Told {
    stopped: watch::Receiver<bool>,
    hurried: watch::Receiver<bool>,
}

/// The attempts of this node.
#[derive(Default)]
struct Running {
    tasks: JoinSet<()>,
    codes: BTreeMap<tokio::task::Id, &'static str>,
    by_kind: BTreeMap<&'static str, usize>,
}

impl Running {
    /// One lane for all kinds without a limit, one for each kind with a limit that is not reached.
    fn lanes(&self, kinds: &BTreeMap<&'static str, JobKind>, free: usize) -> Vec<Lane> {
        if free == 0 {
            return Vec::new();
        }
        let (limited, open): (Vec<&JobKind>, Vec<&JobKind>) =
            kinds.values().partition(|kind| kind.at_most < usize::MAX);
        let mut lanes = vec![Lane { kinds: open.iter().map(|kind| kind.code).collect(), room: free }];
        for kind in limited {
            let room = kind.at_most.saturating_sub(self.by_kind.get(kind.code).copied().unwrap_or(0));
            if room > 0 {
                lanes.push(Lane { kinds: vec![kind.code], room });
            }
        }
        lanes
    }
    fn forget_finished(&mut self) {
        while let Some(finished) = self.tasks.try_join_next_with_id() {
            self.forget(finished.map_or_else(|error| error.id(), |(id, ())| id));
        }
    }
    async fn one_finishes(&mut self) {
        if let Some(finished) = self.tasks.join_next_with_id().await {
            self.forget(finished.map_or_else(|error| error.id(), |(id, ())| id));
        }
    }
    fn forget(&mut self, task: tokio::task::Id) {
        if let Some(count) = self.codes.remove(&task).and_then(|code| self.by_kind.get_mut(code)) {
            *count = count.saturating_sub(1);
        }
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Done,
    PutBack,
    Dead,
    Lost,
}

impl Runner {
    /// A runner of `kinds` and `periodic` jobs (and of the deletion of old finished jobs).
    ///
    /// # Errors
    /// A defect: two kinds with one code, or a periodic job of an unknown kind.
    pub fn new(
        db: Db,
        clock: Clock,
        ids: IdGen,
        settings: Settings,
        kinds: Vec<JobKind>,
        mut periodic: Vec<Periodic>,
    ) -> Result<Self, Fault> {
        let mut by_code = BTreeMap::new();
        periodic.push(sweep::periodic());
        let sweep = sweep::kind(periodic.iter().map(|job| job.kind).collect());
        for kind in kinds.into_iter().chain([sweep]) {
            let code = kind.code;
            if by_code.insert(code, kind).is_some() {
                return Err(Fault::internal(format!("the job kind {code} is declared twice")));
            }
        }
        let mut seen = BTreeSet::new();
        for job in &periodic {
            if !by_code.contains_key(job.kind) || !seen.insert(job.kind) {
                return Err(Fault::internal(format!("the periodic job {} has no kind or is declared twice", job.kind)));
            }
        }
        let next_slots = Mutex::new(vec![Timestamp::from_millis(i64::MIN); periodic.len()]);
        Ok(Self(Arc::new(Inner { db, clock, ids, settings, kinds: by_code, periodic, next_slots })))
    }

    /// Wakes this runner.
    pub fn wake(&self) -> Wake {
        self.0.settings.wake.clone()
    }

    /// Runs jobs until `stop` is ready; then takes no more, gives running ones time to finish and puts the rest back.
    pub async fn serve(&self, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop);
        let mut running = Running::default();
        let (stopping, stopped) = watch::channel(false);
        let (hurry, hurried) = watch::channel(false);
        let told = Told { stopped, hurried };
        loop {
            running.forget_finished();
            let sleep = match self.round(&mut running, &told).await {
                Ok(sleep) => sleep,
                Err(error) => {
                    tracing::warn!(%error, "jobs wait because the database does not answer");
                    Duration::from_secs(1)
                }
            };
            tokio::select! {
                biased;
                () = &mut stop => break,
                () = running.one_finishes(), if !running.tasks.is_empty() => {}
                () = self.0.settings.wake.0.notified() => {}
                () = tokio::time::sleep(sleep) => {}
            }
        }
        stopping.send_replace(true);
        let all_done = async { while running.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(millis(self.0.settings.grace), all_done).await.is_err() {
            hurry.send_replace(true);
            while running.tasks.join_next().await.is_some() {}
        }
    }

    /// Starts what is due and can be started; returns how long to sleep.
    async fn round(&self, running: &mut Running, told: &Told) -> Result<Duration, DbError> {
        let idle = self.0.settings.idle;
        let next_slot = self.plan(self.0.clock.now()).await?;
        loop {
            let free = self.0.settings.parallel.saturating_sub(running.tasks.len());
            let lanes = running.lanes(&self.0.kinds, free);
            if lanes.is_empty() {
                return Ok(millis(idle));
            }
            let now = self.0.clock.now();
            // A look is cheap, a claim is a write transaction.
            let due = self.next_due(lanes.iter().flat_map(|lane| lane.kinds.iter().copied()).collect()).await?;
            if due.is_none_or(|at| at > now) {
                let until = due.map_or(next_slot, |at| at.min(next_slot));
                return Ok(millis(until.since(now).clamp(1, idle)));
            }
            let mut started = 0;
            for Lane { kinds, room } in lanes {
                let room = room.min(free.saturating_sub(started));
                if room == 0 {
                    break;
                }
                for job in self.claim(now, kinds, room).await? {
                    started += 1;
                    self.start(job, running, told);
                }
            }
            if started == 0 {
                // Another node was faster with these; the next look shows what is left.
                return Ok(Duration::from_millis(20));
            }
        }
    }

    fn start(&self, job: Claimed, running: &mut Running, told: &Told) {
        let Some(kind) = self.0.kinds.get(job.kind.as_str()) else { return };
        let code = kind.code;
        let hurried = if kind.ends_at_once { &told.stopped } else { &told.hurried }.clone();
        *running.by_kind.entry(code).or_insert(0) += 1;
        let runner = self.clone();
        let task = running.tasks.spawn(async move {
            let clock = runner.0.clock.clone();
            runner.attempt(job, &clock, hurried).await;
        });
        running.codes.insert(task.id(), code);
    }

    /// Plans the periodic jobs whose slot has come; returns the next slot.
    async fn plan(&self, now: Timestamp) -> Result<Timestamp, DbError> {
        let mut first = Timestamp::from_millis(i64::MAX);
        for (index, job) in self.0.periodic.iter().enumerate() {
            let planned_until = self.slots().get(index).copied();
            if planned_until.is_none_or(|next| next <= now) {
                self.plan_one(job, now).await?;
                if let Some(next) = self.slots().get_mut(index) {
                    *next = job.every.next(now);
                }
            }
            first = first.min(job.every.next(now));
        }
        Ok(first)
    }

    fn slots(&self) -> std::sync::MutexGuard<'_, Vec<Timestamp>> {
        self.0.next_slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn plan_one(&self, job: &Periodic, now: Timestamp) -> Result<bool, DbError> {
        let id = self.0.ids.next::<Job>();
        let input = (id, job.kind, job.body.clone(), job.every.slot(now), now);
        self.0
            .db
            .write(input, |tx, (id, kind, body, slot, now)| {
                Box::pin(async move { store::plan(tx, *id, kind, body, *slot, *now).await })
            })
            .await
    }

    async fn next_due(&self, kinds: Vec<&'static str>) -> Result<Option<Timestamp>, DbError> {
        self.0.db.read(kinds, |tx, kinds| Box::pin(async move { store::next_due(tx, kinds).await })).await
    }

    async fn claim(&self, now: Timestamp, kinds: Vec<&'static str>, limit: usize) -> Result<Vec<Claimed>, DbError> {
        let claim = Claim {
            node: self.0.settings.node.clone(),
            now,
            until: now.plus(self.0.settings.lease),
            kinds,
            limit: i64::try_from(limit).unwrap_or(1),
        };
        self.0.db.write(claim, |tx, claim| Box::pin(async move { store::claim(tx, claim).await })).await
    }

    /// Makes one attempt and stores how it ended.
    async fn attempt(&self, job: Claimed, clock: &Clock, hurried: watch::Receiver<bool>) -> Ended {
        let (id, try_no) = (job.id, job.try_no);
        let Some(kind) = self.0.kinds.get(job.kind.as_str()) else { return Ended::Lost };
        let outcome = if try_no > kind.max_tries {
            Err(JobError::give_up("the node stopped in the middle of the last try"))
        } else {
            let run = JobRun { db: self.0.db.clone(), clock: clock.clone(), ids: self.0.ids.clone(), id, try_no };
            self.guarded((kind.run)(run, job.body), id, try_no, clock, hurried).await
        };
        if let Err(error) = &outcome {
            tracing::warn!(job = %id, kind = kind.code, try_no, %error, "a job's attempt ended early");
        }
        match self.settle(outcome, id, try_no, kind.max_tries, clock.now()).await {
            Ok(ended) => ended,
            Err(error) => {
                tracing::warn!(job = %id, kind = kind.code, %error, "a job's end was not stored; it runs again after its lease");
                Ended::Lost
            }
        }
    }

    /// Runs `work` with its lease renewed; a panic is a failure like any other.
    async fn guarded(
        &self,
        work: impl Future<Output = Result<(), JobError>>,
        id: Id<Job>,
        try_no: i64,
        clock: &Clock,
        mut hurried: watch::Receiver<bool>,
    ) -> Result<(), JobError> {
        let lease = self.0.settings.lease;
        let mut work = std::pin::pin!(AssertUnwindSafe(work).catch_unwind());
        loop {
            tokio::select! {
                biased;
                ended = &mut work => return match ended {
                    Ok(outcome) => outcome,
                    Err(panic) => Err(JobError::retry(format!("panicked: {}", panic_text(panic.as_ref())))),
                },
                () = told(&mut hurried) => return Err(JobError::NotBefore(clock.now())),
                () = tokio::time::sleep(millis(lease / 3)) => {
                    let input = (id, try_no, clock.now().plus(lease));
                    let held: Result<bool, DbError> = self.0.db.write(input, |tx, (id, try_no, until)| {
                        Box::pin(async move { store::renew(tx, *id, *try_no, *until).await })
                    }).await;
                    match held {
                        Ok(true) => {}
                        Ok(false) => return Err(JobError::Lost),
                        Err(error) => tracing::warn!(job = %id, %error, "a job's lease was not renewed"),
                    }
                }
            }
        }
    }

    async fn settle(
        &self,
        outcome: Result<(), JobError>,
        id: Id<Job>,
        try_no: i64,
        max_tries: i64,
        now: Timestamp,
    ) -> Result<Ended, DbError> {
        match outcome {
            Ok(()) => {
                self.0
                    .db
                    .write((id, try_no, now), |tx, (id, try_no, now)| {
                        Box::pin(async move { store::complete(tx, *id, *try_no, *now).await.map(|_| Ended::Done) })
                    })
                    .await
            }
            Err(JobError::NotBefore(at)) => self.put_back(id, try_no, at, None).await,
            Err(JobError::Retry(error)) if try_no < max_tries => {
                self.put_back(id, try_no, now.plus(backoff_millis(id.get(), try_no)), Some(readable(&error))).await
            }
            Err(JobError::Retry(error) | JobError::GiveUp(error)) => self
                .0
                .db
                .write((id, try_no, now, readable(&error)), |tx, (id, try_no, now, error)| {
                    Box::pin(async move { store::bury(tx, *id, *try_no, *now, error).await })
                })
                .await
                .map(|buried| if buried { Ended::Dead } else { Ended::Lost }),
            Err(JobError::Lost) => Ok(Ended::Lost),
        }
    }

    /// Lets the job wait until `at`; without an error the attempt does not count.
    async fn put_back(&self, id: Id<Job>, try_no: i64, at: Timestamp, error: Option<String>) -> Result<Ended, DbError> {
        let mut keep_key = true;
        loop {
            let put = self
                .0
                .db
                .write((id, try_no, at, error.clone(), keep_key), |tx, (id, try_no, at, error, keep_key)| {
                    Box::pin(async move {
                        let put = store::put_back(tx, *id, *try_no, *at, error.clone(), *keep_key).await?;
                        if put && error.is_none() {
                            store::uncount(tx, *id, *try_no).await?;
                        }
                        Ok::<bool, DbError>(put)
                    })
                })
                .await;
            match put {
                // The key was asked for again between the look and the update.
                Err(error) if error.kind == DbErrorKind::Unique && keep_key => keep_key = false,
                Ok(true) => return Ok(Ended::PutBack),
                Ok(false) => return Ok(Ended::Lost),
                Err(error) => return Err(error),
            }
        }
    }
}

/// What [`drain`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drained {
    /// Attempts that finished their job.
    pub done: u64,
    /// Attempts that were put back to be tried again.
    pub put_back: u64,
    /// Jobs that died.
    pub dead: u64,
}

/// For tests: runs everything that is due at `now`, one after another, also what the jobs themselves enqueue, until nothing
/// is due. Time stands still at `now` meanwhile.
///
/// # Errors
/// When the database fails, or jobs keep enqueueing jobs without end.
pub async fn drain(runner: &Runner, now: Timestamp) -> Result<Drained, Fault> {
    let clock = Clock::fixed(now);
    let (_hurry, hurried) = watch::channel(false);
    let mut drained = Drained::default();
    for job in &runner.0.periodic {
        runner.plan_one(job, now).await?;
    }
    for _ in 0..100_000 {
        let kinds = runner.0.kinds.keys().copied().collect();
        let Some(job) = runner.claim(now, kinds, 1).await?.into_iter().next() else { return Ok(drained) };
        match runner.attempt(job, &clock, hurried.clone()).await {
            Ended::Done => drained.done += 1,
            Ended::PutBack => drained.put_back += 1,
            Ended::Dead => drained.dead += 1,
            Ended::Lost => {}
        }
    }
    Err(Fault::internal("jobs keep enqueueing jobs that are due at once"))
}

/// Ready when the program cannot wait any longer.
async fn told(hurried: &mut watch::Receiver<bool>) {
    if hurried.wait_for(|hurry| *hurry).await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn millis(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

/// An error as it is kept: without NUL, which PostgreSQL refuses, and not endless.
fn readable(error: &str) -> String {
    error.chars().filter(|c| *c != '\0').take(2_000).collect()
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text")
}
