use cases::app::{self, Intake};
use cases::domain::*;
use db::Db;
use kernel::{FaultKind, Id};

use crate::shop::*;

#[testkit::db_test]
async fn a_repair_from_intake_to_closing(db: Db) {
    let app = shop(db).await;
    let (taken, proposed) = proposed(&app).await;
    assert_eq!((proposed.state, proposed.step), (StateName::PlanProposed, 4));
    assert_eq!(proposed.due.unwrap().stage, Stage::CustomerAnswer);
    let (clerk, tech) = (app.ctx("clerk1").await, app.ctx("tech1").await);
    let confirmed =
        give(&clerk, taken.id, Command::Confirm { option: 0, proof: Proof::Phone("14:40 来电同意".into()) })
            .await
            .unwrap();
    assert_eq!(confirmed.state, StateName::Executing);
    let wait = Command::Wait {
        reason: WaitReason::Parts,
        until: tech.now().plus(2 * DAY),
        owner: app.user("tech1"),
        note: "主板明晚到".into(),
    };
    let waiting = give(&tech, taken.id, wait).await.unwrap();
    assert_eq!((waiting.state, waiting.step), (StateName::Waiting, 4));
    let detail = app::detail(&tech, taken.id).await.unwrap();
    let solution = detail.clocks.iter().find(|clock| clock.stage == Stage::Solution).unwrap();
    assert_eq!(solution.paused, Some(WaitReason::Parts));
    app.clock.advance(DAY);
    give(&tech, taken.id, Command::Resume).await.unwrap();
    let resolved = give(&tech, taken.id, solved()).await.unwrap();
    assert_eq!((resolved.state, resolved.step, resolved.due.unwrap().stage), (StateName::Resolved, 5, Stage::Confirm));
    let boss = app.ctx("boss1").await;
    let closed = give(&boss, taken.id, Command::Close(CloseBy::Manager("电话三次无人接".into()))).await.unwrap();
    assert_eq!((closed.state, closed.step, closed.due), (StateName::Closed, 6, None));
    let detail = app::detail(&boss, taken.id).await.unwrap();
    assert!(detail.clocks.iter().all(|clock| clock.stopped_at.is_some()));
    for (id, n) in [
        ("cases-accepted", 1),
        ("cases-resolved", 1),
        ("cases-closed", 1),
        ("cases-open-change", 0),
        ("cases-plans-proposed", 1),
    ] {
        assert_eq!(app.metric(id).await.unwrap_or_default(), n, "{id}");
    }
    assert_eq!(app.metric("cases-resolution-hours").await, Some(24));
    assert_eq!(app.metric("cases-first-answer-minutes").await, Some(0));
    let timeline = app::timeline(&boss, taken.id, None, 50).await.unwrap();
    let verbs: Vec<_> = timeline.items.iter().rev().map(|item| item.verb.as_str()).collect();
    assert_eq!(
        verbs,
        [
            "case.taken_in",
            "case.accepted",
            "case.plan_proposed",
            "case.confirmed",
            "case.waiting",
            "case.resumed",
            "case.resolved",
            "case.closed"
        ]
    );
}

#[testkit::db_test]
async fn the_timeline_is_paged_and_holds_messages(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let clerk = app.ctx("clerk1").await;
    for n in 0..5 {
        app::post_message(&clerk, taken.id, Visibility::Internal, format!("第 {n} 条")).await.unwrap();
    }
    let first = app::timeline(&clerk, taken.id, None, 4).await.unwrap();
    let said: Vec<_> =
        first.items.iter().filter_map(|item| item.message.as_ref()).map(|told| told.body.as_str()).collect();
    assert_eq!(said, ["第 4 条", "第 3 条", "第 2 条", "第 1 条"]);
    let second = app::timeline(&clerk, taken.id, first.next, 4).await.unwrap();
    assert_eq!(second.items.iter().map(|item| item.seq).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(second.next, None);
    assert!(second.items[1].changes.iter().any(|change| change.field == "subject"));
}

#[testkit::db_test]
async fn of_two_people_at_once_one_is_stale(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let (clerk, boss) = (app.ctx("clerk1").await, app.ctx("boss1").await);
    let (one, two) = tokio::join!(
        app::command(&clerk, taken.id, 1, accept(&app, "clerk1")),
        app::command(&boss, taken.id, 1, accept(&app, "tech1"))
    );
    let faults: Vec<_> = [&one, &two].into_iter().filter_map(|answer| answer.as_ref().err()).collect();
    assert_eq!(faults.len(), 1);
    assert_eq!((faults[0].kind(), faults[0].args()), (FaultKind::Stale, &[("version", "2".to_owned())][..]));
    assert_eq!(app.metric("cases-accepted").await, Some(1));
}

#[testkit::db_test]
async fn a_message_makes_nobodys_form_stale(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let (clerk, boss) = (app.ctx("clerk1").await, app.ctx("boss1").await);
    let posted = app::post_message(&boss, taken.id, Visibility::Public, "马上为你处理".into()).await.unwrap();
    assert_eq!(posted.version, 1);
    assert!(app::command(&clerk, taken.id, 1, accept(&app, "clerk1")).await.is_ok());
    let detail = app::detail(&clerk, taken.id).await.unwrap();
    assert_eq!(detail.case.first_answered_at, Some(clerk.now()));
    assert!(detail.clocks.iter().any(|clock| clock.stage == Stage::NextAnswer && clock.stopped_at.is_none()));
}

#[testkit::db_test]
async fn what_others_may_not_do_is_refused_or_hidden(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let kind = async |login: &str, command: Command| {
        app::command(&app.ctx(login).await, taken.id, 1, command).await.unwrap_err().kind()
    };
    assert_eq!(kind("clerk2", Command::Analyse).await, FaultKind::NotFound, "another store's case does not exist");
    assert_eq!(kind("tech1", Command::Analyse).await, FaultKind::NotFound, "nor does one that is not one's own");
    assert_eq!(kind("assessor", Command::Analyse).await, FaultKind::Forbidden, "who may look knows that it exists");
    assert_eq!(kind("clerk1", Command::Close(CloseBy::Manager("x".into()))).await, FaultKind::Forbidden);
    assert_eq!(kind("clerk1", Command::Analyse).await, FaultKind::Refused);
    let unknown = app::command(&app.ctx("clerk1").await, Id::new(5), 1, Command::Analyse).await.unwrap_err();
    assert_eq!(unknown.kind(), FaultKind::NotFound);
    for login in ["clerk2", "clerk3", "tech1"] {
        let ctx = app.ctx(login).await;
        assert_eq!(app::detail(&ctx, taken.id).await.unwrap_err().kind(), FaultKind::NotFound);
        assert_eq!(app::timeline(&ctx, taken.id, None, 5).await.unwrap_err().kind(), FaultKind::NotFound);
        let said = app::post_message(&ctx, taken.id, Visibility::Internal, "x".into()).await;
        assert_eq!(said.unwrap_err().kind(), FaultKind::NotFound);
        assert_eq!(app::issue_link(&ctx, taken.id, Purpose::Track).await.unwrap_err().kind(), FaultKind::NotFound);
    }
}

#[testkit::db_test]
async fn unknown_people_and_teams_are_refused_at_the_field(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let clerk = app.ctx("clerk1").await;
    let field = async |command| {
        let fault = app::command(&clerk, taken.id, 1, command).await.unwrap_err();
        let error = fault.fields().iter().next().unwrap().clone();
        (error.field, error.code)
    };
    let accept = |owner| Command::Accept { owner, priority: Priority::Normal, kind: Kind::Repair };
    assert_eq!(field(accept(Id::new(5))).await, ("owner".to_owned(), "unknown"));
    assert_eq!(field(accept(app.user("clerk2"))).await, ("owner".to_owned(), "cases-owner"));
    let assign = |team| Command::Assign { owner: None, team: Some(team) };
    assert_eq!(field(assign(app.unit("S2"))).await, ("team".to_owned(), "unknown"));
    assert!(app::command(&clerk, taken.id, 1, assign(app.unit("QA"))).await.is_ok(), "a team of headquarters");
    let merge = Command::Merge { into: Id::new(5) };
    let fault = app::command(&clerk, taken.id, 2, merge).await.unwrap_err();
    assert_eq!(fault.fields().of("into").unwrap().code, "unknown");
}

#[testkit::db_test]
async fn the_third_refusal_brings_the_manager_in(db: Db) {
    let app = shop(db).await;
    let (taken, _) = proposed(&app).await;
    let (clerk, tech) = (app.ctx("clerk1").await, app.ctx("tech1").await);
    for round in 1..=3 {
        if round > 1 {
            give(&tech, taken.id, Command::Propose(plan())).await.unwrap();
        }
        give(&clerk, taken.id, Command::Decline { reason: "太贵".into() }).await.unwrap();
        let verbs = app::timeline(&clerk, taken.id, None, 50).await.unwrap();
        let escalated = verbs.items.iter().find(|item| item.verb == "case.escalated");
        assert_eq!(escalated.is_some(), round == 3);
        if let Some(item) = escalated {
            let to = item.changes.iter().find(|change| change.field == "to").unwrap();
            assert!(to.after.as_deref().is_some_and(|names| !names.is_empty()));
        }
    }
    assert_eq!(app.metric("cases-plans-declined").await, Some(3));
}

#[testkit::db_test]
async fn merged_cases_point_at_where_they_go_on(db: Db) {
    let app = shop(db).await;
    let (one, two) = (taken(&app).await, taken(&app).await);
    let clerk = app.ctx("clerk1").await;
    let itself = give(&clerk, two.id, Command::Merge { into: two.id }).await.unwrap_err();
    assert_eq!(itself.code(), "cases-merge-itself");
    let merged = give(&clerk, two.id, Command::Merge { into: one.id }).await.unwrap();
    assert_eq!((merged.state, merged.step), (StateName::Merged, 1));
    assert_eq!(app::detail(&clerk, two.id).await.unwrap().case.merged_into, Some(one.id));
    let back = give(&clerk, one.id, Command::Merge { into: two.id }).await.unwrap_err();
    assert_eq!(back.fields().of("into").unwrap().code, "cases-void");
}

#[testkit::db_test]
async fn another_kind_or_priority_changes_the_clocks_that_run(db: Db) {
    let app = shop(db).await;
    let clerk = app.ctx("clerk1").await;
    let taken = app::take_in(&clerk, Intake { priority: Priority::Low, ..washer(&app) }).await.unwrap();
    let command = Command::Accept { owner: app.user("clerk1"), priority: Priority::Urgent, kind: Kind::Complaint };
    give(&clerk, taken.id, command).await.unwrap();
    let detail = app::detail(&clerk, taken.id).await.unwrap();
    let answer = detail.clocks.iter().find(|clock| clock.stage == Stage::FirstAnswer).unwrap();
    assert_eq!(answer.due_at.unwrap().since(answer.started_at), 10 * MINUTE);
}

#[testkit::db_test]
async fn a_refused_command_changes_nothing(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let clerk = app.ctx("clerk1").await;
    let before = app::detail(&clerk, taken.id).await.unwrap();
    for command in [solved(), Command::Propose(plan()), Command::Confirm { option: 0, proof: Proof::Counter }] {
        assert_eq!(app::command(&clerk, taken.id, 1, command).await.unwrap_err().kind(), FaultKind::Refused);
    }
    let after = app::detail(&clerk, taken.id).await.unwrap();
    assert_eq!((after.case, after.clocks, after.plans), (before.case, before.clocks, before.plans));
    assert_eq!(app::timeline(&clerk, taken.id, None, 50).await.unwrap().items.len(), 1);
}

#[testkit::db_test]
async fn what_may_be_done_is_offered_with_the_reason_why_not(db: Db) {
    let app = shop(db).await;
    let taken = taken(&app).await;
    let offers = async |login: &str| {
        let detail = app::detail(&app.ctx(login).await, taken.id).await.unwrap();
        detail.offers.into_iter().map(|offer| (offer.name, offer.refusal.map(|why| why.code))).collect::<Vec<_>>()
    };
    let clerk = offers("clerk1").await;
    assert!(clerk.contains(&(CommandName::Accept, None)));
    assert!(clerk.contains(&(CommandName::Resolve, Some("cases-accept-first"))));
    assert_eq!(offers("assessor").await, [], "who may only look is offered nothing");
}
