//! What a plan gives on top of the law waits for a second yes; what the law gives does not.

use approvals::domain::Verdict;
use cases::app::{self, Detail, TaskTo};
use cases::domain::*;
use db::Db;
use kernel::{FaultKind, Id, Money, of};
use testapp::TestApp;

use crate::shop::{MINUTE, accept, give, shop, taken};
use crate::tasks::board;

fn store_bears(yuan: i64, by_law: bool) -> PlanLine {
    PlanLine { text: "补偿".into(), amount: Money::from_fen(yuan * 100), bearer: Party::Store, by_law }
}

fn way(text: &str, lines: Vec<PlanLine>) -> PlanOption {
    PlanOption { text: text.into(), done_by: None, lines }
}

fn plan(options: Vec<PlanOption>) -> Command {
    Command::Propose(Plan { findings: "两次维修未修好".into(), options })
}

/// A case that the clerk works on.
async fn accepted(app: &TestApp) -> Id<of::Case> {
    let id = taken(app).await.id;
    give(&app.ctx("clerk1").await, id, accept(app, "clerk1")).await.unwrap();
    id
}

async fn detail(app: &TestApp, id: Id<of::Case>) -> Detail {
    app::detail(&app.ctx("boss1").await, id).await.unwrap()
}

fn yes(option: usize) -> Command {
    Command::Confirm { option, proof: Proof::Counter }
}

async fn answer(app: &TestApp, login: &str, case: Id<of::Case>, verdict: Verdict) {
    let approval = detail(app, case).await.questions[0].approval.clone();
    let reason = Some("先修好再说".to_owned());
    approvals::app::decide(&app.ctx(login).await, approval.id, approval.version, verdict, reason).await.unwrap();
}

async fn verbs(app: &TestApp, id: Id<of::Case>) -> Vec<String> {
    let items = app::timeline(&app.ctx("boss1").await, id, None, 50).await.unwrap().items;
    items.into_iter().rev().map(|item| item.verb).collect()
}

#[testkit::db_test]
async fn within_the_own_limit_the_customer_is_asked_at_once(db: Db) {
    let app = shop(db).await;
    let id = accepted(&app).await;
    let clerk = app.ctx("clerk1").await;
    let changed = give(&clerk, id, plan(vec![way("修好并补偿", vec![store_bears(50, false)])])).await.unwrap();
    assert_eq!(changed.state, StateName::PlanProposed);
    assert!(changed.link.is_some());
    assert!(detail(&app, id).await.questions.is_empty());
    assert!(verbs(&app, id).await.contains(&"approval.own_limit_used".to_owned()));
}

#[testkit::db_test]
async fn beyond_it_the_customer_is_asked_only_once_it_is_granted(db: Db) {
    let app = shop(db).await;
    let id = accepted(&app).await;
    let clerk = app.ctx("clerk1").await;
    let changed = give(&clerk, id, plan(vec![way("换新并补偿", vec![store_bears(300, false)])])).await.unwrap();
    assert_eq!((changed.state, changed.link), (StateName::Waiting, None));
    let seen = detail(&app, id).await;
    assert_eq!(seen.case.state.wait().map(|wait| wait.reason), Some(WaitReason::Approval));
    assert_eq!(seen.plans[0].held, [0]);
    // Our own time goes on: the customer has heard nothing.
    assert!(
        seen.clocks.iter().any(|clock| clock.stage == Stage::Plan && clock.stopped_at.is_none() && !clock.is_paused)
    );
    assert_eq!(seen.case.first_answered_at, None);
    assert_eq!(app::issue_link(&clerk, id, Purpose::Decide).await.unwrap_err().code(), "cases-approval-pending");
    assert_eq!(give(&clerk, id, yes(0)).await.unwrap_err().code(), "cases-approval-pending");

    answer(&app, "boss1", id, Verdict::Grant).await;
    let seen = detail(&app, id).await;
    assert_eq!(seen.case.state.name(), StateName::PlanProposed);
    assert!(seen.plans[0].held.is_empty());
    assert!(seen.case.first_answered_at.is_some());
    assert!(seen.clocks.iter().any(|clock| clock.stage == Stage::CustomerAnswer && clock.stopped_at.is_none()));
    assert_eq!(
        seen.links.iter().filter(|link| link.purpose == Purpose::Decide).count(),
        1,
        "the customer is asked now"
    );
    assert_eq!(give(&clerk, id, yes(0)).await.unwrap().state, StateName::Executing);
    let verbs = verbs(&app, id).await;
    for verb in ["case.plan_proposed", "case.approval_asked", "case.approval_granted", "case.confirmed"] {
        assert!(verbs.contains(&verb.to_owned()), "{verb} in {verbs:?}");
    }
}

#[testkit::db_test]
async fn what_is_declined_goes_back_to_whoever_works_on_it(db: Db) {
    let app = shop(db).await;
    let id = accepted(&app).await;
    let clerk = app.ctx("clerk1").await;
    give(&clerk, id, plan(vec![way("换新并补偿", vec![store_bears(300, false)])])).await.unwrap();
    answer(&app, "boss1", id, Verdict::Decline).await;
    let seen = detail(&app, id).await;
    assert_eq!((seen.case.state.name(), seen.plans[0].state), (StateName::Accepted, PlanState::Superseded));
    // A smaller plan needs nobody.
    let changed = give(&clerk, id, plan(vec![way("换新", vec![store_bears(20, false)])])).await.unwrap();
    assert_eq!(changed.state, StateName::PlanProposed);
}

#[testkit::db_test]
async fn the_statutory_part_never_waits(db: Db) {
    let app = shop(db).await;
    let id = accepted(&app).await;
    let clerk = app.ctx("clerk1").await;
    // Ninety thousand by law and three hundred on top: the law goes on, the question is about three hundred.
    let options = vec![
        way("按三包退货，另免折旧", vec![store_bears(90_000, true), store_bears(300, false)]),
        way("换新并补偿", vec![store_bears(400, false)]),
    ];
    let changed = give(&clerk, id, plan(options)).await.unwrap();
    assert_eq!(changed.state, StateName::PlanProposed);
    assert!(changed.link.is_some());
    let seen = detail(&app, id).await;
    assert_eq!(seen.plans[0].held, [1]);
    assert_eq!(seen.questions[0].approval.split.extra, Money::from_fen(40_000));
    assert_eq!(give(&clerk, id, yes(1)).await.unwrap_err().code(), "cases-approval-pending");
    assert_eq!(give(&clerk, id, yes(0)).await.unwrap().state, StateName::Executing);
    // What is decided about the extra afterwards changes nothing for what the law gives.
    answer(&app, "boss1", id, Verdict::Decline).await;
    let seen = detail(&app, id).await;
    assert_eq!((seen.case.state.name(), seen.plans[0].state), (StateName::Executing, PlanState::Confirmed));
    assert!(verbs(&app, id).await.contains(&"case.approval_declined".to_owned()));

    // Alone it asks nobody, however much it is.
    let other = accepted(&app).await;
    give(&clerk, other, plan(vec![way("按三包退货", vec![store_bears(90_000, true)])])).await.unwrap();
    assert!(detail(&app, other).await.questions.is_empty());
}

#[testkit::db_test]
async fn a_newer_plan_and_the_end_of_the_case_overtake_the_question(db: Db) {
    let app = shop(db).await;
    let id = accepted(&app).await;
    let clerk = app.ctx("clerk1").await;
    let large = || plan(vec![way("换新并补偿", vec![store_bears(300, false)])]);
    give(&clerk, id, large()).await.unwrap();
    give(&clerk, id, Command::Resume).await.unwrap();
    give(&clerk, id, large()).await.unwrap();
    let questions = detail(&app, id).await.questions;
    let states: Vec<_> = questions.iter().map(|question| question.approval.state.as_str()).collect();
    assert_eq!(states, ["asked", "withdrawn"]);
    let old = &questions[1].approval;
    let late = approvals::app::decide(&app.ctx("boss1").await, old.id, old.version, Verdict::Grant, None).await;
    assert_eq!((late.as_ref().unwrap_err().kind(), late.unwrap_err().code()), (FaultKind::Refused, "approvals-over"));

    give(&clerk, id, Command::Cancel { reason: "顾客说不用了".into() }).await.unwrap();
    assert_eq!(detail(&app, id).await.questions[0].approval.state.as_str(), "withdrawn");
    assert_eq!(detail(&app, id).await.case.state.name(), StateName::Cancelled);
}

#[testkit::db_test]
async fn the_page_shows_both_amounts_and_who_decides(db: Db) {
    let app = shop(db).await;
    let id = accepted(&app).await;
    let clerk = app.as_user("clerk1").await;
    let version = detail(&app, id).await.case.version.to_string();
    let fields = [
        ("version", version.as_str()),
        ("findings", "两次维修未修好"),
        ("options.0.text", "换新并补偿"),
        ("options.0.lines.0.text", "补偿"),
        ("options.0.lines.0.amount", "300"),
        ("options.0.lines.0.bearer", "store"),
        ("options.1.text", "按三包退货"),
        ("options.1.lines.0.text", "退款"),
        ("options.1.lines.0.amount", "2908.07"),
        ("options.1.lines.0.bearer", "store"),
        ("options.1.lines.0.by_law", "yes"),
    ];
    clerk.post(&format!("/cases/{id}/do/propose"), &fields).await;
    let page = clerk.get(&format!("/cases/{id}")).await.expect(200).text();
    for part in ["¥300.00", "待一店批", "周敏", "待批准，先不问顾客", "看审批"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(clerk.clone().in_english().get(&format!("/cases/{id}")).await.text().contains("With 一店"));
    let json = clerk.get(&format!("/api/v1/cases/{id}")).await.expect(200).json();
    let plan = &json["plans"][0];
    assert_eq!((plan["extra"].as_i64(), plan["options"][0]["held"].as_bool()), (Some(30_000), Some(true)));
    assert_eq!(
        (plan["options"][1]["held"].as_bool(), plan["options"][1]["lines"][0]["by_law"].as_bool()),
        (Some(false), Some(true))
    );
    assert!(plan["approval"].is_string());
}

/// Questions and tasks follow an edit of their store's calendar as the case does: nothing goes upward at the old time, nor is it late.
#[testkit::db_test]
async fn questions_and_tasks_follow_the_calendar(db: Db) {
    let app = shop(db).await;
    let id = accepted(&app).await;
    let clerk = app.ctx("clerk1").await;
    let task = app::give_task(&clerk, id, board(TaskTo::Unit(app.unit("S2")))).await.unwrap();
    give(&clerk, id, plan(vec![way("换新并补偿", vec![store_bears(300, false)])])).await.unwrap();
    let question = async || detail(&app, id).await.questions[0].approval.clone();
    let before = question().await;
    app.clock.advance(10 * MINUTE);
    let today = app.clock.now().day(&app.house.zone);
    let input = ([app.unit("S1"), app.unit("S2")], app.house.ids.clone(), today);
    let closed = app.house.db.write(input, |tx, (stores, ids, day)| {
        Box::pin(async move {
            let special = calendar::worktime::Override { hours: "closed".parse().unwrap(), note: None };
            for store in stores {
                calendar::set_override(tx, ids, calendar::Scope::Unit(*store), *day, &special).await?;
            }
            Ok::<_, kernel::Fault>(())
        })
    });
    closed.await.unwrap();
    let system = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    assert!(app::follow_calendars(&system).await.unwrap() > 0);
    let (asked, given) = (question().await, app::task_detail(&clerk, task.id).await.unwrap().task);
    let tomorrow = today.plus(1);
    assert_eq!((asked.due_at.day(&app.house.zone), given.due_at.day(&app.house.zone)), (tomorrow, tomorrow));
    // A page that somebody has open is not stale because a calendar was edited.
    assert_eq!((asked.version, given.version), (before.version, task.version));
    let passed = async |at: kernel::Timestamp| {
        app.clock.set(at);
        approvals::app::sweep(&system).await.unwrap().passed
    };
    assert_eq!(passed(before.due_at.plus(MINUTE)).await, 0);
    assert_eq!(passed(asked.due_at.plus(MINUTE)).await, 1);
    assert_eq!(app::follow_calendars(&system).await.unwrap(), 0);
}
