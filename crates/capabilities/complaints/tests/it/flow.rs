use approvals::domain::Verdict;
use cases::app::Detail;
use cases::domain::{Command as General, CommandName, Stage, StateName};
use complaints::app::{adopt_all, causes};
use complaints::domain::{Command, Pending, Reason, Remedy, Severity, State, refusal};
use db::{Db, args};
use kernel::{FaultKind, Id};
use testapp::TestApp;

use crate::shop::{accept, agreed, complain, conclude, give, line, of, says, screen, shop, submit, yes};

async fn on_the_case(app: &TestApp, id: Id<kernel::of::Case>) -> Detail {
    cases::app::detail(&app.ctx("boss1").await, id).await.unwrap()
}

#[testkit::db_test]
async fn a_complaint_goes_its_way_and_takes_its_case_along(db: Db) {
    let app = shop(db).await;
    let id = complain(&app, "clerk1", "S1", "冰箱第三次维修爽约").await;
    let (complaint, case) = of(&app, id).await;
    assert_eq!((complaint.state, case.own_flow, case.state.name()), (State::Registered, true, StateName::New));
    let offers = on_the_case(&app, id).await.offers;
    assert!(offers.iter().all(|offer| offer.refusal.is_some() || offer.name == CommandName::Assign), "{offers:?}");
    let refused = says(&app, "clerk1", id, General::Analyse).await.unwrap_err();
    assert_eq!(refused.code(), "cases-own-flow");

    give(&app, "clerk1", id, screen(Severity::S3)).await.unwrap();
    assert_eq!(of(&app, id).await.1.due.unwrap().stage, Stage::FirstAnswer);
    let clocks = on_the_case(&app, id).await.clocks;
    assert!(clocks.iter().any(|clock| clock.stage == Stage::Decision && clock.stopped_at.is_none()));
    let by_clerk = accept(&app, Severity::S3, "clerk1").await;
    assert_eq!(give(&app, "clerk1", id, by_clerk.clone()).await.unwrap_err().kind(), FaultKind::Forbidden);
    give(&app, "boss1", id, by_clerk).await.unwrap();
    let (complaint, case) = of(&app, id).await;
    assert_eq!((complaint.state, case.step.number(), complaint.owner), (State::Accepted, 2, case.owner));

    give(&app, "clerk1", id, Command::Investigate).await.unwrap();
    give(&app, "clerk1", id, conclude(&app)).await.unwrap();
    assert_eq!(of(&app, id).await.1.step.number(), 3);
    let refused = give(&app, "clerk1", id, submit(&app)).await.unwrap_err();
    assert_eq!(refused.code(), refusal::NOT_NOW, "nothing is worked out");
    let lines = vec![line(Remedy::Voucher, "优惠券 30 元", 3_000)];
    give(&app, "clerk1", id, Command::Draft { lines: lines.clone() }).await.unwrap();
    give(&app, "clerk1", id, submit(&app)).await.unwrap();
    let (complaint, case) = of(&app, id).await;
    assert_eq!((complaint.state, case.state.name()), (State::Offered, StateName::PlanProposed), "within the own limit");

    // The customer wants something else, and the same is not offered again.
    says(&app, "clerk1", id, General::Decline { reason: "要求上门道歉".into() }).await.unwrap();
    assert_eq!(of(&app, id).await.0.state, State::Proposal);
    assert_eq!(give(&app, "clerk1", id, submit(&app)).await.unwrap_err().code(), refusal::NO_LINES);
    let better = [lines, vec![line(Remedy::Apology, "店长上门道歉", 0)]].concat();
    give(&app, "clerk1", id, Command::Draft { lines: better }).await.unwrap();
    give(&app, "clerk1", id, submit(&app)).await.unwrap();
    says(&app, "clerk1", id, yes()).await.unwrap();
    let (complaint, case) = of(&app, id).await;
    assert_eq!((complaint.state, complaint.round, case.step.number()), (State::Agreed, 2, 4));

    give(&app, "clerk1", id, Command::Begin).await.unwrap();
    let finish = Command::Finish { answer: "券已到账，店长已上门道歉。".into() };
    assert_eq!(give(&app, "clerk1", id, finish.clone()).await.unwrap_err().code(), refusal::LINES_OPEN);
    for seq in 1..=2 {
        give(&app, "clerk1", id, Command::Execute { line: seq, note: format!("凭证 {seq}") }).await.unwrap();
    }
    let twice = give(&app, "clerk1", id, Command::Execute { line: 1, note: "再来".into() }).await.unwrap_err();
    assert!(twice.fields().of("line").is_some(), "a line is carried out once");
    give(&app, "clerk1", id, finish).await.unwrap();
    let (complaint, case) = of(&app, id).await;
    assert_eq!((complaint.state, case.step.number()), (State::FollowUp, 5));
    assert_eq!(case.due.unwrap().stage, Stage::CallBack, "somebody calls; nobody's silence closes it");

    let holds = Command::CallBack { holds: true, note: "顾客说解决了".into(), satisfaction: Some(4) };
    assert_eq!(give(&app, "clerk1", id, holds.clone()).await.unwrap_err().code(), refusal::OWN_CALL);
    give(&app, "boss1", id, holds).await.unwrap();
    let (complaint, case) = of(&app, id).await;
    assert_eq!((complaint.state, case.state.name(), complaint.in_time), (State::Closed, StateName::Closed, Some(true)));
    let counted = ["complaints-accepted", "complaints-concluded", "complaints-closed", "complaints-in-time"];
    let mut read = Vec::new();
    for id in counted {
        read.push(app.metric(id).await);
    }
    assert_eq!(read, [Some(1), Some(1), Some(1), Some(10_000)]);

    give(&app, "boss1", id, Command::Archive).await.unwrap();
    let archived = of(&app, id).await.0;
    assert_eq!(archived.retain_until.map(|day| day.to_string()).as_deref(), Some("2029-11-22"));
    let late =
        cases::app::post_message(&app.ctx("boss1").await, id, cases::domain::Visibility::Internal, "补记".into()).await;
    assert_eq!(late.unwrap_err().code(), "complaints-archived", "read only");
    let boss = app.as_user("boss1").await;
    let zip = boss.get(&format!("/complaints/{id}/dossier.zip")).await.expect(200).bytes().to_vec();
    let key = app.house.key.fingerprint();
    assert!(matches!(journal::verify_pack(&zip, Some(&key)), journal::Verdict::Proved(_)));
    let mut other = zip.clone();
    let at = other.len() / 2;
    other[at] ^= 1;
    assert!(matches!(journal::verify_pack(&other, Some(&key)), journal::Verdict::Broken(_)));
    app.as_user("clerk1").await.get(&format!("/complaints/{id}/dossier.zip")).await.expect(403);
    // What is archived can still be held for the law and restricted.
    let quality = app.as_user("quality").await;
    for word in ["hold", "restrict", "unrestrict", "let_go"] {
        let version = format!("\"v{}\"", of(&app, id).await.1.version);
        let why = serde_json::json!({"reason": "可能诉讼"});
        let path = format!("/api/v1/complaints/{id}/keep/{word}");
        quality.json("POST", &path, &[("if-match", &version)], &why).await.expect(200);
        assert_eq!(of(&app, id).await.0.state, State::Archived, "{word}");
    }
    let report = journal::verify(&app.house.db, None).await.unwrap();
    assert!(report.is_sound(), "{:?}", report.problems);
}

#[testkit::db_test]
async fn what_did_not_hold_is_found_out_anew_and_graver(db: Db) {
    let app = shop(db).await;
    let id = complain(&app, "clerk1", "S1", "洗衣机修了还漏水").await;
    agreed(&app, id, 3_000).await;
    give(&app, "clerk1", id, Command::Begin).await.unwrap();
    for line in 1..=2 {
        give(&app, "clerk1", id, Command::Execute { line, note: "办好".into() }).await.unwrap();
    }
    give(&app, "clerk1", id, Command::Finish { answer: "已处理".into() }).await.unwrap();
    give(&app, "boss1", id, Command::CallBack { holds: false, note: "还漏".into(), satisfaction: None }).await.unwrap();
    let (complaint, case) = of(&app, id).await;
    assert_eq!((complaint.state, complaint.severity, case.step.number()), (State::Investigating, Severity::S2, 3));
    assert_eq!((complaint.reopened, case.reopened), (1, 1));
    assert_eq!(app.metric("complaints-reopened").await, Some(1));
    give(&app, "clerk1", id, conclude(&app)).await.unwrap();
    assert_eq!(app.metric("complaints-concluded").await, Some(1), "found out twice, counted once");
    let found = causes(&app.ctx("boss1").await, None).await.unwrap();
    assert_eq!(found.causes.iter().map(|found| (found.times, found.ours)).collect::<Vec<_>>(), [(1, 1)]);
}

#[testkit::db_test]
async fn causes_are_the_companys(db: Db) {
    use parties::app::{EntryAct, act_on_entry, add_entry, entries};
    use parties::domain::{CauseKind, EntryInput, List};
    let app = shop(db).await;
    let quality = app.ctx("quality").await;
    let new = EntryInput { name_zh: "包装破损".into(), kind: Some(CauseKind::Complaint), ..EntryInput::default() };
    let made = add_entry(&quality, List::Causes, &new).await.unwrap();
    let id = complain(&app, "clerk1", "S1", "送来箱子是破的").await;
    give(&app, "clerk1", id, screen(Severity::S3)).await.unwrap();
    let by_clerk = accept(&app, Severity::S3, "clerk1").await;
    give(&app, "boss1", id, by_clerk).await.unwrap();
    give(&app, "clerk1", id, Command::Investigate).await.unwrap();
    let with = |code: &str| match conclude(&app) {
        Command::Conclude { facts, evidence, party, unit, user, .. } => {
            let cause = cases::domain::Cause::parse(code).unwrap();
            Command::Conclude { facts, evidence, party, cause, unit, user }
        }
        other => other,
    };
    for wrong in ["没有这个", "usage"] {
        let fault = give(&app, "clerk1", id, with(wrong)).await.unwrap_err();
        assert!(fault.fields().of("cause").is_some(), "{wrong}: {fault:?}");
    }
    let clerk = app.as_user("clerk1").await;
    let form = clerk.get(&format!("/complaints/{id}/do/conclude")).await.expect(200).main();
    assert!(form.contains("包装破损") && form.contains("维修不及时") && !form.contains("value=\"usage\""), "{form}");
    give(&app, "clerk1", id, with("包装破损")).await.unwrap();
    let (complaint, case) = of(&app, id).await;
    assert_eq!(complaint.cause.as_ref().map(|cause| cause.as_str()), Some("包装破损"));
    assert_eq!(case.cause, complaint.cause, "one register: the case has the same");
    // Retired, it stays readable where it was found: page, list, Pareto and export.
    act_on_entry(&quality, List::Causes, made.id, 1, EntryAct::Retire).await.unwrap();
    assert!(clerk.get(&format!("/complaints/{id}")).await.expect(200).main().contains("包装破损"));
    let board = app.as_user("boss1").await.get("/complaints/causes").await.expect(200).main();
    assert!(board.contains("包装破损") && board.contains("cause=%E5%8C%85"), "{board}");
    let listed =
        clerk.get("/complaints?show=concluded&cause=%E5%8C%85%E8%A3%85%E7%A0%B4%E6%8D%9F").await.expect(200).main();
    assert!(listed.contains(&complaint.number) && listed.contains("包装破损"));
    let boss = app.as_user("boss1").await;
    assert!(boss.get("/complaints.csv?show=concluded").await.expect(200).text().contains("包装破损"));
    assert!(entries(&quality, List::Causes).await.unwrap().iter().any(|entry| entry.code == "repair_late"));
}

#[testkit::db_test]
async fn more_than_ones_limit_waits_and_goes_out_by_itself(db: Db) {
    let app = shop(db).await;
    let id = complain(&app, "clerk1", "S1", "退款六天没到账").await;
    give(&app, "clerk1", id, screen(Severity::S3)).await.unwrap();
    let by_clerk = accept(&app, Severity::S3, "clerk1").await;
    give(&app, "boss1", id, by_clerk).await.unwrap();
    give(&app, "clerk1", id, Command::Investigate).await.unwrap();
    give(&app, "clerk1", id, conclude(&app)).await.unwrap();
    let lines = vec![line(Remedy::Compensation, "补偿 200 元", 20_000)];
    give(&app, "clerk1", id, Command::Draft { lines }).await.unwrap();
    let changed = give(&app, "clerk1", id, submit(&app)).await.unwrap();
    assert!(changed.pending && changed.state == State::Approval);
    assert_eq!(of(&app, id).await.1.step.number(), 3, "the customer has heard nothing");
    assert_eq!(says(&app, "clerk1", id, yes()).await.unwrap_err().code(), "cases-no-plan");

    let complaint = of(&app, id).await.0;
    assert_eq!(complaint.pending, Some(Pending::Offer));
    approvals::app::decide(&app.ctx("boss1").await, complaint.approval.unwrap(), 1, Verdict::Grant, None)
        .await
        .unwrap();
    let (complaint, case) = of(&app, id).await;
    assert_eq!(
        (complaint.state, complaint.pending, case.state.name()),
        (State::Offered, None, StateName::PlanProposed)
    );
    says(&app, "clerk1", id, yes()).await.unwrap();
    assert_eq!(of(&app, id).await.0.state, State::Agreed);
}

#[testkit::db_test]
async fn a_severe_one_is_the_regions_and_two_sign_that_it_is_not_taken_on(db: Db) {
    let app = shop(db).await;
    let id = complain(&app, "clerk1", "S1", "燃气灶回火烫伤").await;
    give(&app, "clerk1", id, screen(Severity::S1)).await.unwrap();
    let accept = accept(&app, Severity::S1, "boss1").await;
    assert_eq!(give(&app, "boss1", id, accept).await.unwrap_err().kind(), FaultKind::Forbidden);
    let decline = Command::NotAccept { reason: Reason::NotOurs, notice: "不是我们售出的商品。".into() };
    let changed = give(&app, "east", id, decline.clone()).await.unwrap();
    assert!(changed.pending && changed.state == State::Screening);
    assert_eq!(give(&app, "east", id, decline).await.unwrap_err().code(), refusal::PENDING);
    let approval = of(&app, id).await.0.approval.unwrap();
    approvals::app::decide(&app.ctx("boss1").await, approval, 1, Verdict::Grant, None).await.unwrap();
    assert_eq!(of(&app, id).await.0.state, State::Screening, "one of two");
    approvals::app::decide(&app.ctx("quality").await, approval, 2, Verdict::Grant, None).await.unwrap();
    let (complaint, case) = of(&app, id).await;
    assert_eq!((complaint.state, case.state.name()), (State::NotAccepted, StateName::Rejected));

    // The customer appeals; somebody new and higher takes it.
    give(&app, "clerk1", id, Command::Appeal { why: "发票在这里".into() }).await.unwrap();
    let (complaint, case) = of(&app, id).await;
    assert_eq!((complaint.state, case.state.is_over()), (State::Appealed, false));
    let take = Command::TakeAppeal { handler: app.ctx("quality").await.actor.user.unwrap() };
    give(&app, "quality", id, take).await.unwrap();
    assert_eq!(of(&app, id).await.0.state, State::Investigating);
}

#[testkit::db_test]
async fn an_appeal_is_not_for_whoever_had_it_nor_an_equal(db: Db) {
    let app = shop(db).await;
    let id = complain(&app, "clerk1", "S1", "师傅态度差").await;
    agreed(&app, id, 0).await;
    give(&app, "clerk1", id, Command::Begin).await.unwrap();
    for line in 1..=2 {
        give(&app, "clerk1", id, Command::Execute { line, note: "办好".into() }).await.unwrap();
    }
    give(&app, "clerk1", id, Command::Finish { answer: "已道歉".into() }).await.unwrap();
    give(&app, "boss1", id, Command::CallBack { holds: true, note: "好".into(), satisfaction: None }).await.unwrap();
    assert_eq!(app.metric("complaints-closed").await, Some(1));
    give(&app, "clerk1", id, Command::Appeal { why: "只是口头".into() }).await.unwrap();
    assert_eq!(app.metric("complaints-closed").await, Some(0), "it is not over after all");
    let user = async |login: &str| app.ctx(login).await.actor.user.unwrap();
    for wrong in ["clerk1", "boss1"] {
        let take = Command::TakeAppeal { handler: user(wrong).await };
        assert_eq!(give(&app, "boss1", id, take).await.unwrap_err().code(), refusal::HIGHER, "{wrong}");
    }
    give(&app, "east", id, Command::TakeAppeal { handler: user("east").await }).await.unwrap();
    let (complaint, case) = of(&app, id).await;
    assert_eq!((complaint.state, case.owner), (State::Investigating, Some(user("east").await)));
    give(&app, "east", id, conclude(&app)).await.unwrap();
}

#[testkit::db_test]
async fn whom_it_is_about_stays_out(db: Db) {
    let app = shop(db).await;
    let id = complain(&app, "clerk1", "S1", "店员骂人").await;
    give(&app, "boss1", id, screen(Severity::S3)).await.unwrap();
    let (clerk, boss) = (app.ctx("clerk1").await.actor.user.unwrap(), app.ctx("boss1").await.actor.user.unwrap());
    let about = |handler| Command::Accept {
        severity: Severity::S3,
        topic: complaints::domain::Topic::Attitude,
        handler,
        interested: vec![clerk],
    };
    assert_eq!(give(&app, "boss1", id, about(clerk)).await.unwrap_err().code(), refusal::INTERESTED);
    give(&app, "boss1", id, about(boss)).await.unwrap();
    assert_eq!(give(&app, "clerk1", id, Command::Investigate).await.unwrap_err().code(), refusal::INTERESTED);
    let assign = General::Assign { owner: Some(clerk), team: None };
    assert_eq!(says(&app, "boss1", id, assign).await.unwrap_err().code(), refusal::INTERESTED);
}

#[testkit::db_test]
async fn live_complaints_of_the_general_flow_come_into_this_one(db: Db) {
    let app = shop(db).await;
    let fresh = complain(&app, "clerk1", "S1", "送货迟到三小时").await;
    let worked = complain(&app, "clerk1", "S1", "配件没有明示价格").await;
    // As if both were from before there was this flow.
    let undo = app.house.db.write((), |tx, ()| {
        Box::pin(async move {
            tx.exec("UPDATE service_case SET own_flow = FALSE", &[]).await?;
            tx.exec("DELETE FROM complaint", args![]).await?;
            Ok::<_, db::DbError>(())
        })
    });
    undo.await.unwrap();
    let clerk = app.ctx("clerk1").await;
    let priority = cases::domain::Priority::Normal;
    let kind = cases::domain::Kind::Complaint;
    let accept = General::Accept { owner: clerk.actor.user.unwrap(), priority, kind };
    let accepted = cases::app::command(&clerk, worked, 1, accept).await.unwrap();
    cases::app::command(&clerk, worked, accepted.version, General::Analyse).await.unwrap();
    let system = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    assert_eq!(adopt_all(&system).await.unwrap(), 2);
    assert_eq!(adopt_all(&system).await.unwrap(), 0);
    assert_eq!(of(&app, fresh).await.0.state, State::Registered);
    let (complaint, case) = of(&app, worked).await;
    assert_eq!((complaint.state, case.step.number()), (State::Investigating, 3));
    give(&app, "clerk1", worked, conclude(&app)).await.unwrap();
}

#[testkit::db_test]
async fn what_was_offered_in_words_can_be_erased(db: Db) {
    let app = shop(db).await;
    let id = complain(&app, "clerk1", "S1", "洗衣机修了还漏水").await;
    agreed(&app, id, 3_000).await;
    give(&app, "clerk1", id, Command::Begin).await.unwrap();
    give(&app, "clerk1", id, Command::Execute { line: 1, note: "已当面向王女士道歉".into() }).await.unwrap();
    app.house
        .db
        .write(id, |tx, id| {
            Box::pin(async move { complaints::store::erase(tx, *id).await.map_err(kernel::Fault::from) })
        })
        .await
        .unwrap();
    let lines = app
        .house
        .db
        .read(id, |tx, id| {
            Box::pin(async move { complaints::store::lines(tx, *id).await.map_err(kernel::Fault::from) })
        })
        .await
        .unwrap();
    let left: Vec<_> = lines.iter().map(|row| (row.line.text.as_str(), row.done_note.as_deref())).collect();
    assert_eq!(left, [("***", Some("***")), ("***", None)]);
    assert_eq!(lines[1].line.amount, kernel::Money::from_fen(3_000), "what it cost stays");
}
