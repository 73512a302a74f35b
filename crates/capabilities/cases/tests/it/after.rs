//! What comes after: whether it held, follow-up cases, links, and acts that are taken back.

use cases::app::{self, TaskTo};
use cases::domain::*;
use db::Db;
use kernel::{FaultKind, Id, of};
use testapp::TestApp;

use crate::shop::*;
use crate::tasks::{board, executing};

async fn closed(app: &TestApp) -> Id<of::Case> {
    let case = executing(app).await;
    give(&app.ctx("tech1").await, case, solved()).await.unwrap();
    let close = Command::Close(CloseBy::Customer(Proof::Counter));
    give(&app.ctx("clerk1").await, case, close).await.unwrap();
    case
}

#[testkit::db_test]
async fn another_person_checks_after_a_week(db: Db) {
    let app = shop(db).await;
    let case = closed(&app).await;
    let (clerk, tech) = (app.ctx("clerk1").await, app.ctx("tech1").await);
    assert_eq!(app::due_checks(&clerk, None, 10).await.unwrap().rows, []);
    app.clock.advance(7 * DAY);
    let due = app::due_checks(&clerk, None, 10).await.unwrap().rows;
    assert_eq!(due.iter().map(|row| row.case).collect::<Vec<_>>(), [case]);
    assert_eq!(app::due_checks(&tech, None, 10).await.unwrap().rows, [], "nobody checks their own work");
    let own = app::check(&tech, case, CheckResult::Worked, "").await.unwrap_err();
    assert_eq!(own.code(), "cases-check-own");
    assert_eq!(
        app::check(&app.ctx("clerk3").await, case, CheckResult::Worked, "").await.unwrap_err().kind(),
        FaultKind::NotFound
    );
    let silent = app::check(&clerk, case, CheckResult::Failed, " ").await.unwrap_err();
    assert!(silent.fields().of("note").is_some());
    let done = app::check(&clerk, case, CheckResult::Failed, "又不脱水了").await.unwrap();
    let (next, number) = done.follow_up.unwrap();
    let detail = app::detail(&clerk, next).await.unwrap();
    assert_eq!((detail.case.number, detail.case.serial.as_deref()), (number, Some("8A2603554471")));
    assert_eq!(detail.case.customer_name, "王丽华");
    assert_eq!((detail.related[0].case, detail.related[0].inward), (case, false));
    let first = app::detail(&clerk, case).await.unwrap();
    assert_eq!((first.related[0].case, first.related[0].inward), (next, true));
    assert_eq!(first.checks[0].result, Some(CheckResult::Failed));
    let again = app::check(&clerk, case, CheckResult::Worked, "").await.unwrap_err();
    assert_eq!(again.code(), "cases-check-none");
    for (id, n) in
        [("cases-checks-done", 1), ("cases-checks-failed", 1), ("cases-checks-worked", 0), ("cases-follow-ups", 1)]
    {
        assert_eq!(app.metric(id).await, Some(n), "{id}");
    }
}

#[testkit::db_test]
async fn a_case_that_is_opened_again_is_not_checked_before_it_is_closed_again(db: Db) {
    let app = shop(db).await;
    let case = closed(&app).await;
    let (clerk, tech) = (app.ctx("clerk1").await, app.ctx("tech1").await);
    give(&clerk, case, Command::Reopen { wrong: "又停了".into() }).await.unwrap();
    app.clock.advance(8 * DAY);
    assert_eq!(app::due_checks(&clerk, None, 10).await.unwrap().rows, []);
    give(&tech, case, solved()).await.unwrap();
    give(&clerk, case, Command::Close(CloseBy::Customer(Proof::Counter))).await.unwrap();
    app.clock.advance(7 * DAY);
    assert_eq!(app::due_checks(&clerk, None, 10).await.unwrap().rows.len(), 1);
}

#[testkit::db_test]
async fn a_case_beyond_the_window_goes_on_in_a_follow_up(db: Db) {
    let app = shop(db).await;
    let case = closed(&app).await;
    let clerk = app.ctx("clerk1").await;
    app.clock.advance(16 * DAY);
    let late = give(&clerk, case, Command::Reopen { wrong: "又停了".into() }).await.unwrap_err();
    assert_eq!(late.code(), "cases-reopen-window");
    let taken = app::follow_up(&clerk, case, "", "过了半个月又停了").await.unwrap();
    assert_eq!(taken.state, StateName::New);
    let open = app::follow_up(&clerk, taken.id, "", "x").await.unwrap_err();
    assert_eq!(open.code(), "cases-not-done-yet");
    let stranger = app::follow_up(&app.ctx("clerk3").await, case, "", "x").await.unwrap_err();
    assert_eq!(stranger.kind(), FaultKind::NotFound);
    let unseen = app::detail(&app.ctx("tech1").await, case).await.unwrap();
    assert_eq!(unseen.related.len(), 1, "its owner has it again");
}

#[testkit::db_test]
async fn links_show_on_both_and_hide_what_is_out_of_reach(db: Db) {
    let app = shop(db).await;
    let (one, two) = (taken(&app).await.id, taken(&app).await.id);
    let clerk = app.ctx("clerk1").await;
    app::relate(&clerk, one, two, LinkKind::CausedBy).await.unwrap();
    let twice = app::relate(&clerk, one, two, LinkKind::CausedBy).await.unwrap_err();
    assert_eq!(twice.fields().of("other").unwrap().code, "taken");
    let itself = app::relate(&clerk, one, one, LinkKind::Related).await.unwrap_err();
    assert_eq!(itself.fields().of("other").unwrap().code, "cases-itself");
    assert!(app::relate(&clerk, one, two, LinkKind::Merged).await.is_err(), "only by merging");
    let unknown = app::relate(&clerk, one, Id::new(5), LinkKind::Related).await.unwrap_err();
    assert_eq!(unknown.fields().of("other").unwrap().code, "unknown");
    assert!(app::detail(&clerk, two).await.unwrap().related[0].inward);
    // The technician has one of the two only.
    give(&app.ctx("boss1").await, one, accept(&app, "tech1")).await.unwrap();
    assert_eq!(app::detail(&app.ctx("tech1").await, one).await.unwrap().related, []);
    app::unrelate(&clerk, two, one, LinkKind::CausedBy).await.unwrap();
    assert_eq!(app::detail(&clerk, one).await.unwrap().related, []);
}

async fn back(app: &TestApp, login: &str, case: Id<of::Case>) -> Result<app::Changed, kernel::Fault> {
    let ctx = app.ctx(login).await;
    let version = app::detail(&ctx, case).await?.case.version;
    app::take_back(&ctx, case, version).await
}

/// What is running on a case, with its deadlines.
async fn running(app: &TestApp, case: Id<of::Case>) -> Vec<(Stage, Option<kernel::Timestamp>, bool)> {
    let detail = app::detail(&app.ctx("boss1").await, case).await.unwrap();
    let open = detail.clocks.iter().filter(|clock| clock.stopped_at.is_none());
    let mut open: Vec<_> = open.map(|clock| (clock.stage, clock.due_at, clock.is_paused)).collect();
    open.sort();
    open
}

/// Of each stage, deadlines met and missed as they are counted and as they are marked, told by the stage's and the outcome's name.
async fn by_stage(app: &TestApp) -> Vec<(String, i64)> {
    let both = app.house.db.read((), |tx, ()| {
        Box::pin(async move {
            let counted = "SELECT value || part, CAST(SUM(n) AS BIGINT) FROM metric_delta
                WHERE dimension = 'stage' AND part IN ('deadlines.met', 'deadlines.missed')
                GROUP BY value || part HAVING SUM(n) <> 0 ORDER BY 1";
            let marked = "SELECT mark_stage || 'deadlines.' || mark, COUNT(*) FROM case_mark
                WHERE mark_stage <> '' GROUP BY mark_stage, mark ORDER BY 1";
            Ok::<_, kernel::Fault>((tx.all::<(String, i64)>(counted, &[]).await?, tx.all(marked, &[]).await?))
        })
    });
    let (counted, marked) = both.await.unwrap();
    assert_eq!(counted, marked, "what is counted is what is marked");
    counted
}

#[testkit::db_test]
async fn every_step_can_be_taken_back_and_leaves_everything_as_it_was(db: Db) {
    let app = shop(db).await;
    let id = taken(&app).await.id;
    let boss = app.ctx("boss1").await;
    let wait =
        |until| Command::Wait { reason: WaitReason::Parts, until, owner: app.user("boss1"), note: "等主板".into() };
    let steps: [&dyn Fn() -> Command; 8] = [
        &|| accept(&app, "boss1"),
        &|| Command::Assign { owner: Some(app.user("tech1")), team: None },
        &|| Command::Analyse,
        &|| Command::Propose(plan()),
        &|| Command::Confirm { option: 1, proof: Proof::Phone("来电同意".into()) },
        &|| wait(boss.now().plus(DAY)),
        &|| Command::Resume,
        &solved,
    ];
    let numbers = async || {
        let mut all = Vec::new();
        for id in ["cases-accepted", "cases-resolved", "cases-plans-proposed", "cases-deadlines-missed", "cases-closed"]
        {
            all.push(app.metric(id).await.unwrap_or_default());
        }
        all.push(app.metric("cases-open-change").await.unwrap_or_default());
        all.extend(by_stage(&app).await.into_iter().map(|(_, n)| n));
        all
    };
    for step in steps {
        let before = app::detail(&boss, id).await.unwrap();
        let (clocks, counted) = (running(&app, id).await, numbers().await);
        app.clock.advance(MINUTE);
        let name = step().name();
        give(&boss, id, step()).await.unwrap();
        app.clock.advance(5 * MINUTE);
        back(&app, "boss1", id).await.unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
        let after = app::detail(&boss, id).await.unwrap();
        let mut expected = before.case.clone();
        expected.version += 2;
        assert_eq!(after.case, expected, "{name}");
        assert_eq!(running(&app, id).await, clocks, "{name}");
        assert_eq!(numbers().await, counted, "{name}");
        let open = |plans: &[app::PlanRow]| plans.iter().filter(|plan| plan.state == PlanState::Proposed).count();
        assert_eq!(open(&after.plans), open(&before.plans), "{name}");
        // And it goes on from there.
        give(&boss, id, step()).await.unwrap_or_else(|fault| panic!("{name} again: {fault:?}"));
    }
    // What is over comes back too.
    for over in [Command::Close(CloseBy::Manager("三次电话无人接".into())), Command::Reopen { wrong: "没好".into() }]
    {
        let name = over.name();
        let before = app::detail(&boss, id).await.unwrap();
        let clocks = running(&app, id).await;
        give(&boss, id, over.clone()).await.unwrap();
        back(&app, "boss1", id).await.unwrap();
        let after = app::detail(&boss, id).await.unwrap();
        assert_eq!((after.case.state, after.checks.len()), (before.case.state, before.checks.len()), "{name}");
        assert_eq!(
            after.checks.first().map(|check| check.state),
            before.checks.first().map(|check| check.state),
            "{name}"
        );
        assert_eq!(running(&app, id).await, clocks, "{name}");
        give(&boss, id, over).await.unwrap();
    }
    let timeline = app::timeline(&boss, id, None, 100).await.unwrap();
    assert_eq!(timeline.items.iter().filter(|item| item.verb == "case.taken_back").count(), 10);
}

#[testkit::db_test]
async fn what_has_gone_on_is_not_taken_back(db: Db) {
    let app = shop(db).await;
    let id = taken(&app).await.id;
    let (clerk, tech) = (app.ctx("clerk1").await, app.ctx("tech1").await);
    assert_eq!(back(&app, "clerk1", id).await.unwrap_err().code(), "cases-back-none");
    give(&clerk, id, accept(&app, "tech1")).await.unwrap();
    assert_eq!(back(&app, "tech1", id).await.unwrap_err().code(), "cases-back-others");
    assert!(app::detail(&clerk, id).await.unwrap().back.is_some());
    assert!(app::detail(&tech, id).await.unwrap().back.is_none());
    assert_eq!(app::take_back(&clerk, id, 1).await.unwrap_err().kind(), FaultKind::Stale);
    assert_eq!(app::take_back(&app.ctx("clerk3").await, id, 2).await.unwrap_err().kind(), FaultKind::NotFound);
    assert_eq!(app::take_back(&app.ctx("assessor").await, id, 2).await.unwrap_err().kind(), FaultKind::Forbidden);
    // A message in between stays, and so does the answer that it was.
    app::post_message(&clerk, id, Visibility::Public, "师傅下午联系你".into()).await.unwrap();
    back(&app, "boss1", id).await.unwrap();
    let detail = app::detail(&clerk, id).await.unwrap();
    assert_eq!(detail.case.state, State::New);
    assert!(detail.case.first_answered_at.is_some());
    let open: Vec<_> = running(&app, id).await.into_iter().map(|(stage, ..)| stage).collect();
    assert_eq!(open, [Stage::Acknowledge, Stage::NextAnswer]);
    give(&clerk, id, accept(&app, "tech1")).await.unwrap();
    app.clock.advance(61 * MINUTE);
    assert_eq!(back(&app, "clerk1", id).await.unwrap_err().code(), "cases-back-late");
}

#[testkit::db_test]
async fn merging_can_be_taken_back_for_a_month(db: Db) {
    let app = shop(db).await;
    let (one, two) = (taken(&app).await.id, taken(&app).await.id);
    let clerk = app.ctx("clerk1").await;
    give(&clerk, two, Command::Merge { into: one }).await.unwrap();
    assert_eq!(app::detail(&clerk, one).await.unwrap().related[0].kind, LinkKind::Merged);
    app.clock.advance(29 * DAY);
    back(&app, "clerk1", two).await.unwrap();
    let detail = app::detail(&clerk, two).await.unwrap();
    assert_eq!((detail.case.state, detail.case.merged_into, detail.related), (State::New, None, Vec::new()));
    assert!(!running(&app, two).await.is_empty());
}

#[testkit::db_test]
async fn a_missed_deadline_stays_missed_when_the_act_that_ended_it_is_taken_back(db: Db) {
    let app = shop(db).await;
    let id = taken(&app).await.id;
    let clerk = app.ctx("clerk1").await;
    let system = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    app.clock.advance(31 * MINUTE);
    app::sweep(&system).await.unwrap();
    give(&clerk, id, accept(&app, "clerk1")).await.unwrap();
    back(&app, "clerk1", id).await.unwrap();
    app::sweep(&system).await.unwrap();
    assert_eq!(app.metric("cases-deadlines-missed").await, Some(1));
    give(&clerk, id, accept(&app, "clerk1")).await.unwrap();
    assert_eq!(app.metric("cases-deadlines-missed").await, Some(1));
}

#[testkit::db_test]
async fn giving_a_case_to_whoever_has_it_changes_nothing(db: Db) {
    let app = shop(db).await;
    let id = taken(&app).await.id;
    let clerk = app.ctx("clerk1").await;
    let nothing = app::command(&clerk, id, 1, Command::Assign { owner: None, team: None }).await.unwrap();
    assert_eq!(nothing.version, 1);
    assert_eq!(app::timeline(&clerk, id, None, 10).await.unwrap().items.len(), 1);
}

#[testkit::db_test]
async fn colleagues_are_called_by_name_when_they_may_see_the_case(db: Db) {
    let app = shop(db).await;
    let id = taken(&app).await.id;
    let clerk = app.ctx("clerk1").await;
    let note = async |text: &str| app::post_message(&clerk, id, Visibility::Internal, text.into()).await;
    note("@周敏 请看一下，@何静 也是").await.unwrap();
    let timeline = app::timeline(&clerk, id, None, 10).await.unwrap();
    let called = timeline.items.iter().find(|item| item.verb == "case.mentioned").unwrap();
    let ids: Vec<_> = called
        .changes
        .iter()
        .filter(|change| change.field == "user")
        .filter_map(|change| change.after.clone())
        .collect();
    assert_eq!(ids, [app.user("boss1").to_string(), app.user("quality").to_string()]);
    let fault = note("@黄斌 帮忙").await.unwrap_err();
    let error = fault.fields().of("body").unwrap();
    assert_eq!((error.code, error.args[0].1.as_str()), ("cases-mention", "黄斌"));
    note("发邮件到 a@b.com，@不认识的人").await.unwrap();
}

#[testkit::db_test]
async fn a_missed_deadline_goes_up_the_tree_once_each(db: Db) {
    let app = shop(db).await;
    let id = taken(&app).await.id;
    let system = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    let clerk = app.ctx("clerk1").await;
    let told = async |verb: &str| {
        let timeline = app::timeline(&clerk, id, None, 100).await.unwrap();
        let of: Vec<_> = timeline.items.into_iter().filter(|item| item.verb == verb).collect();
        let names = |item: &app::Item| {
            item.changes.iter().find(|change| change.field == "to").and_then(|change| change.after.clone()).unwrap()
        };
        of.iter().map(names).collect::<Vec<_>>()
    };
    app.clock.advance(24 * MINUTE);
    app::sweep(&system).await.unwrap();
    assert_eq!(told("case.deadline_near").await, ["林晓敏、周敏"]);
    app.clock.advance(7 * MINUTE);
    app::sweep(&system).await.unwrap();
    assert_eq!(told("case.deadline_missed").await, ["周敏"]);
    app.clock.advance(239 * MINUTE);
    app::sweep(&system).await.unwrap();
    assert!(told("case.deadline_raised").await.is_empty());
    app.clock.advance(2 * MINUTE);
    let swept = app::sweep(&system).await.unwrap();
    assert_eq!((swept.raised, told("case.deadline_raised").await), (1, vec!["吴建国".to_owned()]));
    assert_eq!(app::sweep(&system).await.unwrap().raised, 0);
}

#[testkit::db_test]
async fn a_task_does_not_outlive_a_case_that_is_merged(db: Db) {
    let app = shop(db).await;
    let (one, two) = (taken(&app).await.id, taken(&app).await.id);
    let clerk = app.ctx("clerk1").await;
    app::give_task(&clerk, two, board(TaskTo::Unit(app.unit("S2")))).await.unwrap();
    let refused = give(&clerk, two, Command::Merge { into: one }).await.unwrap_err();
    assert_eq!(refused.code(), "cases-tasks-open");
}
