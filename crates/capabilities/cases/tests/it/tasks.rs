//! Tasks to departments, stores and people.

use cases::app::{self, NewTask, TaskDue, TaskTo, TaskView};
use cases::domain::*;
use db::Db;
use kernel::{Fault, FaultKind, Id};
use testapp::TestApp;

use crate::shop::*;

pub fn board(asked: TaskTo) -> NewTask {
    NewTask { title: "调拨主板 1 件".into(), body: "XQG100-B14 用".into(), asked, due: TaskDue::Hours(2) }
}

/// A repair that is being carried out by `tech1`.
pub async fn executing(app: &TestApp) -> Id<kernel::of::Case> {
    let (taken, _) = proposed(app).await;
    give(&app.ctx("clerk1").await, taken.id, Command::Confirm { option: 0, proof: Proof::Counter }).await.unwrap();
    taken.id
}

fn code<T: std::fmt::Debug>(answer: Result<T, Fault>) -> (FaultKind, String) {
    let fault = answer.unwrap_err();
    (fault.kind(), fault.code().to_owned())
}

#[testkit::db_test]
async fn a_case_waits_for_its_tasks(db: Db) {
    let app = shop(db).await;
    let case = executing(&app).await;
    let tech = app.ctx("tech1").await;
    let given = app::give_task(&tech, case, board(TaskTo::Unit(app.unit("QA")))).await.unwrap();
    assert_eq!(given.state, TaskState::Open);
    let refused = give(&tech, case, solved()).await.unwrap_err();
    assert_eq!((refused.code(), refused.args()), ("cases-tasks-open", &[("n", "1".to_owned())][..]));
    // A case that is over gives no tasks, and what it gave is withdrawn when it ends otherwise.
    let quality = app.ctx("quality").await;
    let answer = TaskCommand::Finish { answer: "批次正常".into() };
    let stranger = app::task_command(&app.ctx("clerk3").await, given.id, 1, answer.clone()).await;
    assert_eq!(code(stranger).0, FaultKind::NotFound);
    let boss = app::task_command(&app.ctx("boss1").await, given.id, 1, answer.clone()).await;
    assert_eq!(code(boss).0, FaultKind::Forbidden, "whoever sees the case does not answer for the department");
    let person = app::give_task(&tech, case, board(TaskTo::Person(app.user("quality")))).await.unwrap();
    let accepted = app::task_command(&quality, person.id, 1, TaskCommand::Accept).await.unwrap();
    assert_eq!((accepted.state, accepted.version), (TaskState::Accepted, 2));
    assert_eq!(code(app::task_command(&quality, person.id, 2, TaskCommand::Accept).await).1, "cases-task-taken");
    assert_eq!(code(app::task_command(&quality, person.id, 1, answer.clone()).await).0, FaultKind::Stale);
    app::task_command(&quality, person.id, 2, answer).await.unwrap();
    let reason = TaskCommand::Withdraw { reason: "不需要了".into() };
    app::task_command(&tech, given.id, 1, reason).await.unwrap();
    give(&tech, case, solved()).await.unwrap();
    assert_eq!(code(app::give_task(&tech, case, board(TaskTo::Unit(app.unit("QA")))).await).1, "cases-task-case-over");
    for (id, n) in [("cases-tasks-given", 2), ("cases-tasks-done", 1), ("cases-tasks-on-time", 10_000)] {
        assert_eq!(app.metric(id).await, Some(n), "{id}");
    }
    let detail = app::detail(&tech, case).await.unwrap();
    assert_eq!(detail.tasks.len(), 2);
    let timeline = app::timeline(&tech, case, None, 50).await.unwrap();
    let verbs: Vec<_> = timeline.items.iter().map(|item| item.verb.as_str()).collect();
    assert!(verbs.contains(&"case.task_given") && verbs.contains(&"case.task_done"), "{verbs:?}");
}

#[testkit::db_test]
async fn a_task_counts_in_the_working_time_of_whoever_is_asked(db: Db) {
    let app = shop(db).await;
    let case = executing(&app).await;
    let tech = app.ctx("tech1").await;
    // It is a Sunday afternoon: the office opens on Monday at nine, the store is open.
    let office = app::give_task(&tech, case, board(TaskTo::Unit(app.unit("QA")))).await.unwrap();
    let store = app::give_task(&tech, case, board(TaskTo::Unit(app.unit("S2")))).await.unwrap();
    assert_eq!(office.due_at, "2026-11-23T03:00:00Z".parse().unwrap());
    assert_eq!(store.due_at, tech.now().plus(2 * HOUR));
    assert!(!calendar::lines(&app::explain_task(&tech, office.id).await.unwrap()).is_empty());
    let late = NewTask { due: TaskDue::At(tech.now()), ..board(TaskTo::Unit(app.unit("S2"))) };
    let fault = app::give_task(&tech, case, late).await.unwrap_err();
    assert_eq!(fault.fields().of("due").unwrap().code, "past");
    // The other store sees it, though not the case; a third store sees nothing.
    let other = app.ctx("clerk2").await;
    let detail = app::task_detail(&other, store.id).await.unwrap();
    assert!(!detail.may_see_case);
    assert_eq!(detail.acts, [TaskAct::Accept, TaskAct::HandOver, TaskAct::Finish, TaskAct::Return]);
    assert_eq!(app::detail(&other, case).await.unwrap_err().kind(), FaultKind::NotFound);
    let third = app.ctx("clerk3").await;
    assert_eq!(app::task_detail(&third, store.id).await.unwrap_err().kind(), FaultKind::NotFound);
    let rows =
        async |login: &str, view| app::tasks(&app.ctx(login).await, view, false, None, None, 10).await.unwrap().rows;
    assert_eq!(rows("clerk2", TaskView::Team).await.len(), 1);
    assert_eq!(rows("clerk2", TaskView::All).await.len(), 1);
    assert_eq!(rows("clerk3", TaskView::All).await.len(), 0);
    assert_eq!(rows("tech1", TaskView::Given).await.len(), 2);
    assert_eq!(rows("boss1", TaskView::All).await.len(), 2, "the store that asked");
    let numbers: Vec<_> = rows("tech1", TaskView::Given).await.into_iter().map(|row| row.number).collect();
    assert!(numbers.iter().all(|number| number.starts_with("FW")));
    // Late tasks are told once, and counted.
    let system = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    app.clock.advance(3 * HOUR);
    app::sweep(&system).await.unwrap();
    app::sweep(&system).await.unwrap();
    let timeline = app::timeline(&tech, case, None, 50).await.unwrap();
    assert_eq!(timeline.items.iter().filter(|item| item.verb == "case.task_late").count(), 1);
    app::task_command(&other, store.id, 1, TaskCommand::Return { reason: "没有库存".into() }).await.unwrap();
    assert_eq!(app.metric("cases-tasks-on-time").await, Some(0));
}

#[testkit::db_test]
async fn pages_of_tasks_follow_each_other(db: Db) {
    let app = shop(db).await;
    let case = executing(&app).await;
    let tech = app.ctx("tech1").await;
    for hours in [5, 1, 3, 2, 4] {
        let task = NewTask { due: TaskDue::Hours(hours), ..board(TaskTo::Person(app.user("clerk1"))) };
        app::give_task(&tech, case, task).await.unwrap();
    }
    let clerk = app.ctx("clerk1").await;
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let page = app::tasks(&clerk, TaskView::Mine, false, Some(case), after, 2).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.task.due_at));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted());
    assert_eq!(app::task_counts(&clerk).await.unwrap().0[0], 5);
}

#[testkit::db_test]
async fn a_case_that_ends_otherwise_withdraws_its_tasks(db: Db) {
    let app = shop(db).await;
    let case = executing(&app).await;
    let (tech, clerk) = (app.ctx("tech1").await, app.ctx("clerk1").await);
    let given = app::give_task(&tech, case, board(TaskTo::Unit(app.unit("S2")))).await.unwrap();
    give(&clerk, case, Command::Cancel { reason: "顾客不修了".into() }).await.unwrap();
    let task = app::task_detail(&tech, given.id).await.unwrap();
    assert_eq!(task.task.state, TaskState::Withdrawn);
    assert!(task.clock.unwrap().stopped_at.is_some());
    assert!(task.acts.is_empty());
}

#[testkit::db_test]
async fn who_cannot_take_tasks_is_refused_at_the_field(db: Db) {
    let app = shop(db).await;
    let case = executing(&app).await;
    let tech = app.ctx("tech1").await;
    let field =
        async |asked| app::give_task(&tech, case, board(asked)).await.unwrap_err().fields().of("to").unwrap().code;
    assert_eq!(field(TaskTo::Person(app.user("assessor"))).await, "cases-task-person");
    assert_eq!(field(TaskTo::Person(Id::new(5))).await, "unknown");
    assert_eq!(field(TaskTo::Unit(app.unit("HQ"))).await, "unknown");
    let empty = NewTask { title: "  ".into(), ..board(TaskTo::Unit(app.unit("QA"))) };
    let fault = app::give_task(&tech, case, empty).await.unwrap_err();
    assert!(fault.fields().of("title").is_some());
    let stranger = app::give_task(&app.ctx("clerk3").await, case, board(TaskTo::Unit(app.unit("QA")))).await;
    assert_eq!(code(stranger).0, FaultKind::NotFound);
}

#[testkit::db_test]
async fn of_two_people_who_take_a_task_at_once_one_is_stale(db: Db) {
    let app = shop(db).await;
    let case = executing(&app).await;
    let given = app::give_task(&app.ctx("tech1").await, case, board(TaskTo::Unit(app.unit("S1")))).await.unwrap();
    let (clerk, boss) = (app.ctx("clerk1").await, app.ctx("boss1").await);
    let (one, two) = tokio::join!(
        app::task_command(&clerk, given.id, 1, TaskCommand::Accept),
        app::task_command(&boss, given.id, 1, TaskCommand::Accept)
    );
    let faults: Vec<_> = [one, two].into_iter().filter_map(Result::err).map(|fault| fault.kind()).collect();
    assert_eq!(faults, [FaultKind::Stale]);
}
