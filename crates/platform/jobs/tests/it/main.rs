//! Jobs on both engines.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use db::{Db, DbError, args};
use jobs::{
    Drained, Every, Job, JobError, JobKind, JobRow, JobRun, JobState, NewJob, Periodic, Runner, Settings,
    backoff_millis, counts, dead, drain, enqueue, find, requeue,
};
use kernel::{Clock, Id, IdGen, Timestamp};
use tokio::sync::mpsc;

const HOUR: i64 = 3_600_000;

struct Bench {
    db: Db,
    clock: Clock,
    ids: IdGen,
}

impl Bench {
    fn new(db: Db) -> Self {
        let clock = testkit::clock();
        let ids = testkit::ids(&clock);
        Self { db, clock, ids }
    }
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
    fn runner(&self, kinds: Vec<JobKind>) -> Runner {
        self.runner_with(kinds, vec![], Settings::default())
    }
    fn runner_with(&self, kinds: Vec<JobKind>, periodic: Vec<Periodic>, settings: Settings) -> Runner {
        Runner::new(self.db.clone(), self.clock.clone(), self.ids.clone(), settings, kinds, periodic).unwrap()
    }
    async fn enqueue(&self, jobs: Vec<NewJob>) {
        put(&self.db, &self.ids, jobs).await.unwrap();
    }
    async fn job(&self, id: Id<Job>) -> JobRow {
        self.db.read(id, |tx, id| Box::pin(async move { find(tx, *id).await })).await.unwrap().unwrap()
    }
    /// All jobs but the runner's own sweep, oldest first.
    async fn all(&self) -> Vec<JobRow> {
        let ids: Vec<Id<Job>> = self
            .db
            .read((), |tx, ()| {
                Box::pin(async move {
                    tx.all::<Id<Job>>("SELECT id FROM job WHERE kind <> 'jobs.sweep' ORDER BY id", args![]).await
                })
            })
            .await
            .unwrap();
        let mut jobs = Vec::new();
        for id in ids {
            jobs.push(self.job(id).await);
        }
        jobs
    }
    /// Drains and leaves the sweep out of the count when it ran.
    async fn drain(&self, runner: &Runner, now: Timestamp) -> Drained {
        self.clock.set(now);
        drain(runner, now).await.unwrap()
    }
}

async fn put(db: &Db, ids: &IdGen, jobs: Vec<NewJob>) -> Result<(), DbError> {
    db.write((ids.clone(), jobs), |tx, (ids, jobs)| Box::pin(async move { enqueue(tx, ids, jobs).await })).await
}

/// A kind that counts its runs by body.
fn counting(code: &'static str) -> (JobKind, Arc<Mutex<BTreeMap<String, u64>>>) {
    let runs = Arc::new(Mutex::new(BTreeMap::new()));
    let counted = runs.clone();
    let kind = JobKind::new(code, 5, move |_, body| {
        *counted.lock().unwrap().entry(body).or_insert(0) += 1;
        std::future::ready(Ok(()))
    });
    (kind, runs)
}

#[testkit::db_test]
async fn eight_workers_run_each_job_once(db: Db) {
    let bench = Bench::new(db);
    let (kind, runs) = counting("test.count");
    bench.enqueue((0..200).map(|n| NewJob::new("test.count", n.to_string(), bench.now())).collect()).await;
    let workers: Vec<_> = (0..8)
        .map(|n| {
            let settings = Settings { node: format!("node-{n}"), ..Settings::default() };
            let (runner, now) = (bench.runner_with(vec![kind.clone()], vec![], settings), bench.now());
            tokio::spawn(async move { drain(&runner, now).await })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap().unwrap();
    }
    let runs = runs.lock().unwrap();
    assert_eq!(runs.len(), 200);
    assert!(runs.values().all(|count| *count == 1), "{runs:?}");
}

#[testkit::db_test]
async fn a_job_exists_exactly_when_its_transaction_commits(db: Db) {
    let bench = Bench::new(db);
    let failed: Result<(), DbError> = bench
        .db
        .write((bench.ids.clone(), bench.now()), |tx, (ids, now)| {
            Box::pin(async move {
                enqueue(tx, ids, &[NewJob::new("test.count", "{}", *now)]).await?;
                tx.exec("INSERT INTO no_such_table (id) VALUES (1)", args![]).await.map(|_| ())
            })
        })
        .await;
    assert!(failed.is_err());
    assert!(bench.all().await.is_empty());
}

#[testkit::db_test]
async fn a_job_of_a_node_that_died_is_taken_again_when_its_lease_is_over(db: Db) {
    let bench = Bench::new(db);
    let (started, mut starts) = mpsc::unbounded_channel();
    let kind = JobKind::new("test.hang", 2, move |run: JobRun, _| {
        let started = started.clone();
        async move {
            started.send(run.try_no).unwrap();
            if run.try_no == 1 { std::future::pending().await } else { Ok(()) }
        }
    });
    bench.enqueue(vec![NewJob::new("test.hang", "{}", bench.now())]).await;
    let runner = bench.runner(vec![kind]);
    let now = bench.now();
    let dying = tokio::spawn({
        let runner = runner.clone();
        async move { drain(&runner, now).await }
    });
    assert_eq!(starts.recv().await, Some(1));
    dying.abort();
    let job = bench.all().await.remove(0);
    assert_eq!((job.state, job.tries, job.claimed_by.as_deref()), (JobState::Running, 1, Some("local")));

    bench.drain(&runner, now.plus(59_999)).await;
    assert!(starts.try_recv().is_err(), "the lease still holds");
    bench.drain(&runner, now.plus(60_000)).await;
    assert_eq!(starts.recv().await, Some(2));
    assert_eq!(bench.job(job.id).await.state, JobState::Done);
}

#[testkit::db_test]
async fn a_job_that_kills_its_node_every_time_dies(db: Db) {
    let bench = Bench::new(db);
    let (started, mut starts) = mpsc::unbounded_channel();
    let kind = JobKind::new("test.hang", 1, move |_, _| {
        started.send(()).unwrap();
        std::future::pending()
    });
    bench.enqueue(vec![NewJob::new("test.hang", "{}", bench.now())]).await;
    let runner = bench.runner(vec![kind]);
    let now = bench.now();
    let dying = tokio::spawn({
        let runner = runner.clone();
        async move { drain(&runner, now).await }
    });
    starts.recv().await.unwrap();
    dying.abort();
    assert_eq!(bench.drain(&runner, now.plus(60_000)).await.dead, 1);
    let job = bench.all().await.remove(0);
    assert_eq!(job.state, JobState::Dead);
    assert!(job.last_error.unwrap().contains("last try"));
}

#[testkit::db_test]
async fn failures_wait_longer_and_longer_then_the_job_is_dead_and_can_be_requeued(db: Db) {
    let bench = Bench::new(db);
    let works = Arc::new(AtomicBool::new(false));
    let kind = JobKind::new("test.fail", 3, {
        let works = works.clone();
        move |_, _| {
            std::future::ready(if works.load(Ordering::SeqCst) { Ok(()) } else { Err(JobError::retry("away\0")) })
        }
    });
    bench.enqueue(vec![NewJob::new("test.fail", "{}", bench.now())]).await;
    let runner = bench.runner(vec![kind]);
    let mut now = bench.now();
    for try_no in 1..=2 {
        assert_eq!(bench.drain(&runner, now).await.put_back, 1);
        let job = bench.all().await.remove(0);
        assert_eq!((job.state, job.tries, job.last_error.as_deref()), (JobState::Waiting, try_no, Some("away")));
        assert_eq!(job.run_at, now.plus(backoff_millis(job.id.get(), try_no)));
        assert_eq!(bench.drain(&runner, job.run_at.plus(-1)).await.put_back, 0);
        now = job.run_at;
    }
    assert_eq!(bench.drain(&runner, now).await.dead, 1);
    let job = bench.db.read((), |tx, ()| Box::pin(async move { dead(tx, None, 10).await })).await.unwrap().remove(0);
    assert_eq!((job.state, job.tries, job.finished_at), (JobState::Dead, 3, Some(now)));
    let found = bench.db.read((), |tx, ()| Box::pin(async move { counts(tx).await })).await.unwrap();
    assert_eq!((found.waiting, found.running, found.dead), (0, 0, 1));

    works.store(true, Ordering::SeqCst);
    let again =
        |now| bench.db.write((job.id, now), |tx, (id, now)| Box::pin(async move { requeue(tx, *id, *now).await }));
    assert!(again(now).await.unwrap());
    assert!(!again(now).await.unwrap(), "only dead jobs");
    assert_eq!(bench.drain(&runner, now).await.done, 1);
    assert_eq!(bench.job(job.id).await.state, JobState::Done);
}

#[testkit::db_test]
async fn giving_up_kills_at_once_and_a_panic_is_a_failure(db: Db) {
    let bench = Bench::new(db);
    let hopeless = JobKind::new("test.hopeless", 9, |_, _| std::future::ready(Err(JobError::give_up("no such case"))));
    let panics = JobKind::new("test.panic", 9, |_, _| async { panic!("a defect") });
    let now = bench.now();
    bench.enqueue(vec![NewJob::new("test.hopeless", "{}", now), NewJob::new("test.panic", "{}", now)]).await;
    let drained = bench.drain(&bench.runner(vec![hopeless, panics]), now).await;
    assert_eq!((drained.dead, drained.put_back), (1, 1));
    let errors: Vec<_> = bench.all().await.into_iter().filter_map(|job| job.last_error).collect();
    assert_eq!(errors, ["no such case", "panicked: a defect"]);
}

#[testkit::db_test]
async fn not_yet_is_no_failure_and_no_try(db: Db) {
    let bench = Bench::new(db);
    let morning = bench.now().plus(HOUR);
    let kind = JobKind::new("test.night", 1, move |run: JobRun, _| {
        std::future::ready(if run.clock.now() < morning { Err(JobError::NotBefore(morning)) } else { Ok(()) })
    });
    bench.enqueue(vec![NewJob::new("test.night", "{}", bench.now())]).await;
    let runner = bench.runner(vec![kind]);
    bench.drain(&runner, bench.now()).await;
    let job = bench.all().await.remove(0);
    assert_eq!((job.state, job.tries, job.run_at), (JobState::Waiting, 0, morning));
    bench.drain(&runner, morning).await;
    assert_eq!(bench.job(job.id).await.state, JobState::Done);
}

#[testkit::db_test]
async fn a_key_waits_once_but_not_behind_a_running_job(db: Db) {
    let bench = Bench::new(db);
    let now = bench.now();
    let new = |body: &str, at| NewJob::new("test.key", body, at).key("k");
    bench.enqueue(vec![new("first", now.plus(HOUR)), new("second", now.plus(HOUR))]).await;
    bench.enqueue(vec![new("third", now)]).await;
    let waiting = bench.all().await;
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].body.as_str(), waiting[0].run_at), ("first", now), "the earlier of both times");

    // While it runs, the same work is asked for again; the running attempt may not have seen its cause. Then it fails, and
    // both are kept although only one can have the key.
    let asked = Arc::new(AtomicU64::new(0));
    let kind = JobKind::new("test.key", 5, {
        let asked = asked.clone();
        move |run: JobRun, body: String| {
            let asked = asked.clone();
            async move {
                if asked.fetch_add(1, Ordering::SeqCst) == 0 {
                    assert_eq!(body, "first");
                    put(&run.db, &run.ids, vec![NewJob::new("test.key", "later", run.clock.now().plus(HOUR)).key("k")])
                        .await?;
                    return Err(JobError::retry("away"));
                }
                Ok(())
            }
        }
    });
    let runner = bench.runner(vec![kind]);
    bench.drain(&runner, now).await;
    let jobs = bench.all().await;
    assert_eq!(
        jobs.iter().map(|job| (job.body.as_str(), job.state)).collect::<Vec<_>>(),
        [("first", JobState::Waiting), ("later", JobState::Waiting)]
    );
    bench.drain(&runner, now.plus(HOUR)).await;
    assert!(bench.all().await.iter().all(|job| job.state == JobState::Done));
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[testkit::db_test]
async fn a_periodic_job_runs_once_a_slot_on_two_nodes(db: Db) {
    let bench = Bench::new(db);
    let (kind, runs) = counting("test.tick");
    let every = Periodic::new("test.tick", Every::Millis(60_000));
    let node = |name: &str| {
        let settings = Settings { node: name.to_owned(), ..Settings::default() };
        bench.runner_with(vec![kind.clone()], vec![every.clone()], settings)
    };
    let (a, b) = (node("a"), node("b"));
    let ran = || runs.lock().unwrap().values().sum::<u64>();
    let now = bench.now();
    let (first, second) = tokio::join!(drain(&a, now), drain(&b, now));
    first.unwrap();
    second.unwrap();
    assert_eq!(ran(), 1);
    // The other node comes a moment later, when the slot's job is done already.
    bench.drain(&b, now.plus(10)).await;
    assert_eq!(ran(), 1);
    bench.drain(&b, now.plus(60_000)).await;
    assert_eq!(ran(), 2);
    // A machine that was off makes up for the latest slot only.
    bench.drain(&a, now.plus(20 * 60_000)).await;
    assert_eq!(ran(), 3);
}

#[testkit::db_test]
async fn a_periodic_job_does_not_overtake_itself(db: Db) {
    let bench = Bench::new(db);
    let kind = JobKind::new("test.tick", 9, |_, _| std::future::ready(Err(JobError::retry("away"))));
    let runner =
        bench.runner_with(vec![kind], vec![Periodic::new("test.tick", Every::Millis(1_000))], Settings::default());
    for n in 0..5 {
        bench.drain(&runner, bench.now().plus(n * 1_000)).await;
    }
    assert_eq!(bench.all().await.len(), 1);
}

/// Writes one row of effect together with the end of the job.
async fn effect(run: &JobRun) -> Result<(), JobError> {
    run.db
        .write(run.clone(), |tx, run| {
            Box::pin(async move {
                tx.exec(
                    "INSERT INTO job_schedule (kind, slot) VALUES ($1, 0)",
                    args![format!("effect-{}", run.try_no)],
                )
                .await?;
                run.complete_in(tx).await
            })
        })
        .await
}

async fn effects(db: &Db) -> Vec<String> {
    db.read((), |tx, ()| {
        Box::pin(async move {
            tx.all::<(String,)>("SELECT kind FROM job_schedule WHERE kind LIKE 'effect-%' ORDER BY kind", args![]).await
        })
    })
    .await
    .map(|rows: Vec<(String,)>| rows.into_iter().map(|(kind,)| kind).collect())
    .map_err(|error: DbError| error)
    .unwrap()
}

#[testkit::db_test]
async fn an_effect_in_the_database_happens_exactly_once_across_a_crash(db: Db) {
    let bench = Bench::new(db);
    let (done, mut dones) = mpsc::unbounded_channel();
    let kind = JobKind::new("test.effect", 5, move |run: JobRun, _| {
        let done = done.clone();
        async move {
            effect(&run).await?;
            done.send(()).unwrap();
            // The process dies before it can say that the job is done.
            std::future::pending().await
        }
    });
    bench.enqueue(vec![NewJob::new("test.effect", "{}", bench.now())]).await;
    let runner = bench.runner(vec![kind]);
    let now = bench.now();
    let dying = tokio::spawn({
        let runner = runner.clone();
        async move { drain(&runner, now).await }
    });
    dones.recv().await.unwrap();
    dying.abort();
    bench.drain(&runner, now.plus(HOUR)).await;
    assert_eq!(effects(&bench.db).await, ["effect-1"]);
    assert_eq!(bench.all().await[0].state, JobState::Done);
}

#[testkit::db_test]
async fn an_attempt_that_lost_its_lease_leaves_no_effect(db: Db) {
    let bench = Bench::new(db);
    let (started, mut starts) = mpsc::unbounded_channel();
    let (release, released) = tokio::sync::watch::channel(false);
    let kind = JobKind::new("test.slow", 5, move |run: JobRun, _| {
        let (started, mut released) = (started.clone(), released.clone());
        async move {
            if run.try_no == 1 {
                started.send(()).unwrap();
                released.wait_for(|go| *go).await.map(|_| ()).unwrap();
            }
            let ended = effect(&run).await;
            if run.try_no == 1 {
                assert!(matches!(ended, Err(JobError::Lost)), "{ended:?}");
            }
            ended
        }
    });
    bench.enqueue(vec![NewJob::new("test.slow", "{}", bench.now())]).await;
    let runner = bench.runner(vec![kind]);
    let now = bench.now();
    let slow = tokio::spawn({
        let runner = runner.clone();
        async move { drain(&runner, now).await }
    });
    starts.recv().await.unwrap();
    bench.drain(&runner, now.plus(HOUR)).await;
    release.send_replace(true);
    slow.await.unwrap().unwrap();
    assert_eq!(effects(&bench.db).await, ["effect-2"]);
}

#[testkit::db_test]
async fn kinds_that_this_node_does_not_know_are_left_to_others(db: Db) {
    let bench = Bench::new(db);
    bench.enqueue(vec![NewJob::new("test.newer", "{}", bench.now())]).await;
    bench.drain(&bench.runner(vec![]), bench.now()).await;
    assert_eq!(bench.all().await[0].state, JobState::Waiting);
}

#[testkit::db_test]
async fn old_finished_jobs_are_deleted_dead_ones_stay(db: Db) {
    let bench = Bench::new(db);
    let (kind, _) = counting("test.count");
    let hopeless = JobKind::new("test.hopeless", 9, |_, _| std::future::ready(Err(JobError::give_up("never"))));
    let now = bench.now();
    let mut jobs: Vec<NewJob> = (0..3).map(|n| NewJob::new("test.count", n.to_string(), now)).collect();
    jobs.push(NewJob::new("test.hopeless", "{}", now));
    bench.enqueue(jobs).await;
    let runner = bench.runner(vec![kind, hopeless]);
    bench.drain(&runner, now).await;
    bench.drain(&runner, now.plus(7 * 24 * HOUR)).await;
    assert_eq!(bench.all().await.len(), 4, "kept a week");
    bench.drain(&runner, now.plus(7 * 24 * HOUR + HOUR)).await;
    assert_eq!(bench.all().await.into_iter().map(|job| job.state).collect::<Vec<_>>(), [JobState::Dead]);
}

#[testkit::db_test]
async fn a_serving_runner_wakes_and_stops_gracefully(db: Db) {
    let bench = Bench::new(db);
    let (ran, mut runs) = mpsc::unbounded_channel();
    let kind = JobKind::new("test.tell", 5, move |_, body| {
        ran.send(body).unwrap();
        std::future::ready(Ok(()))
    });
    // Nothing but the wake-up starts the job in time: the runner sleeps for an hour.
    let settings = Settings { idle: HOUR, ..Settings::default() };
    let runner = bench.runner_with(vec![kind], vec![], settings);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn({
        let runner = runner.clone();
        async move { runner.serve(async { stopped.await.unwrap() }).await }
    });
    for n in 0..10 {
        bench.enqueue(vec![NewJob::new("test.tell", n.to_string(), bench.now())]).await;
        runner.wake().notify();
        assert_eq!(runs.recv().await, Some(n.to_string()));
    }
    stop.send(()).unwrap();
    serving.await.unwrap();
    assert!(bench.all().await.iter().all(|job| job.state == JobState::Done));
}

#[testkit::db_test]
async fn a_kind_that_hangs_leaves_room_for_the_others(db: Db) {
    let bench = Bench::new(db);
    let (told, mut tells) = mpsc::unbounded_channel();
    let hangs = JobKind::new("test.hang", 5, {
        let told = told.clone();
        move |_, _| {
            told.send("hang").unwrap();
            std::future::pending()
        }
    })
    .at_most(2);
    let quick = JobKind::new("test.quick", 5, move |_, _| {
        told.send("quick").unwrap();
        std::future::ready(Ok(()))
    });
    let now = bench.now();
    bench.enqueue((0..9).map(|_| NewJob::new("test.hang", "{}", now.plus(-1))).collect()).await;
    bench.enqueue((0..3).map(|_| NewJob::new("test.quick", "{}", now)).collect()).await;
    let runner =
        bench.runner_with(vec![hangs, quick], vec![], Settings { parallel: 4, grace: 0, ..Settings::default() });
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(async move { runner.serve(async { stopped.await.unwrap() }).await });
    let mut heard = Vec::new();
    while heard.iter().filter(|word| **word == "quick").count() < 3 {
        heard.push(tells.recv().await.unwrap());
    }
    stop.send(()).unwrap();
    serving.await.unwrap();
    assert!(heard.iter().filter(|word| **word == "hang").count() <= 2, "{heard:?}");
    assert_eq!(bench.all().await.iter().filter(|job| job.state == JobState::Waiting).count(), 9);
}

#[testkit::db_test]
async fn a_job_that_does_not_end_in_time_is_put_back_when_the_program_stops(db: Db) {
    let bench = Bench::new(db);
    let (started, mut starts) = mpsc::unbounded_channel();
    let kind = JobKind::new("test.hang", 5, move |_, _| {
        started.send(()).unwrap();
        std::future::pending()
    });
    bench.enqueue(vec![NewJob::new("test.hang", "{}", bench.now())]).await;
    let runner = bench.runner_with(vec![kind], vec![], Settings { grace: 0, ..Settings::default() });
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(async move { runner.serve(async { stopped.await.unwrap() }).await });
    starts.recv().await.unwrap();
    stop.send(()).unwrap();
    serving.await.unwrap();
    let job = bench.all().await.remove(0);
    assert_eq!((job.state, job.tries), (JobState::Waiting, 0));
}

#[testkit::db_test]
async fn a_job_that_waits_for_others_does_not_keep_the_program_from_stopping(db: Db) {
    let bench = Bench::new(db);
    let (started, mut starts) = mpsc::unbounded_channel();
    let kind = JobKind::new("test.wait", 5, move |_, _| {
        started.send(()).unwrap();
        std::future::pending()
    })
    .ends_at_once();
    bench.enqueue(vec![NewJob::new("test.wait", "{}", bench.now())]).await;
    let runner = bench.runner_with(vec![kind], vec![], Settings { grace: HOUR, ..Settings::default() });
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(async move { runner.serve(async { stopped.await.unwrap() }).await });
    starts.recv().await.unwrap();
    stop.send(()).unwrap();
    serving.await.unwrap();
    let job = bench.all().await.remove(0);
    assert_eq!((job.state, job.tries), (JobState::Waiting, 0));
}

#[testkit::db_test]
async fn a_long_job_keeps_its_lease(db: Db) {
    let bench = Bench::new(db);
    let (started, mut starts) = mpsc::unbounded_channel();
    let kind = JobKind::new("test.long", 5, move |run: JobRun, _| {
        let started = started.clone();
        async move {
            started.send(run.id).unwrap();
            std::future::pending().await
        }
    });
    bench.enqueue(vec![NewJob::new("test.long", "{}", bench.now())]).await;
    let runner = bench.runner_with(vec![kind], vec![], Settings { lease: 30, ..Settings::default() });
    let serving = tokio::spawn(async move { runner.serve(std::future::pending()).await });
    let id = starts.recv().await.unwrap();
    let first = bench.job(id).await.claimed_until.unwrap();
    bench.clock.advance(10);
    // Each look is a round trip, so this neither sleeps nor spins without end.
    while bench.job(id).await.claimed_until.unwrap() <= first {
        tokio::task::yield_now().await;
    }
    assert_eq!(bench.job(id).await.tries, 1);
    serving.abort();
}

#[test]
fn kinds_are_declared_once() {
    testkit::block_on(async {
        let fresh = testkit::Fresh::empty(testkit::Engine::Sqlite).await;
        let bench = Bench::new(fresh.open(testkit::options()).await);
        let (kind, _) = counting("test.count");
        let new = |kinds, periodic| {
            Runner::new(bench.db.clone(), bench.clock.clone(), bench.ids.clone(), Settings::default(), kinds, periodic)
                .is_err()
        };
        assert!(new(vec![kind.clone(), kind.clone()], vec![]));
        assert!(new(vec![], vec![Periodic::new("test.count", Every::Millis(1))]));
        assert!(!new(vec![kind], vec![Periodic::new("test.count", Every::Millis(1))]));
        fresh.remove().await;
    });
}
