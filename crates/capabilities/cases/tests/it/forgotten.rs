//! A customer who wants to be forgotten: asked for, granted by somebody else, gone from everywhere, and the journal still proves
//! itself.

use approvals::domain::Verdict;
use cases::app;
use cases::domain::*;
use db::Db;
use kernel::{Fault, FaultKind, Id, Money, of};
use parties::app::{CustomerChange, ask_erasure, erasure, hold};
use serde_json::json;
use testapp::TestApp;

use crate::shop::{accept, give, shop, solved, taken};

const NAMES: [&str; 3] = ["王丽华", "13812345678", "138****5678"];

/// A case that is over, with words of both sides, and its customer.
async fn closed(app: &TestApp) -> (Id<of::Case>, Id<of::Customer>) {
    let taken = taken(app).await;
    let clerk = app.ctx("clerk1").await;
    app::post_message(&clerk, taken.id, Visibility::Public, "王丽华女士，明天上门".into()).await.unwrap();
    (taken.id, taken.customer.unwrap())
}

async fn close(app: &TestApp, id: Id<of::Case>) {
    let (boss, clerk) = (app.ctx("boss1").await, app.ctx("clerk1").await);
    give(&boss, id, accept(app, "clerk1")).await.unwrap();
    let plan = Plan {
        findings: "主板坏".into(),
        options: vec![PlanOption {
            text: "给王丽华换主板".into(),
            done_by: None,
            lines: vec![PlanLine {
                text: "王丽华家的上门费".into(),
                amount: Money::ZERO,
                bearer: Party::Store,
                by_law: false,
            }],
        }],
    };
    give(&clerk, id, Command::Propose(plan)).await.unwrap();
    give(&clerk, id, Command::Confirm { option: 0, proof: Proof::Counter }).await.unwrap();
    give(&clerk, id, solved()).await.unwrap();
    give(&clerk, id, Command::Close(CloseBy::Customer(Proof::Counter))).await.unwrap();
}

async fn version(app: &TestApp, id: Id<of::Customer>) -> i64 {
    parties::app::get(&app.ctx("boss1").await, id).await.unwrap().version
}

async fn grant(app: &TestApp, id: Id<of::Customer>) -> Result<(), Fault> {
    let east = app.ctx("east").await;
    let asked = erasure(&app.ctx("boss1").await, id).await.unwrap().asked.unwrap();
    let version = approvals::app::detail(&east, asked).await.unwrap().approval.version;
    let reason = Some("已和王丽华电话核对".to_owned());
    approvals::app::decide(&east, asked, version, Verdict::Grant, reason).await.map(|_| ())
}

#[testkit::db_test]
async fn a_customer_is_forgotten_everywhere(db: Db) {
    let app = shop(db).await;
    let (case, customer) = closed(&app).await;
    let (boss, clerk) = (app.ctx("boss1").await, app.ctx("clerk1").await);
    // Not while something is open; not without a reason, the right, or what was seen.
    let v = version(&app, customer).await;
    let open = ask_erasure(&boss, customer, v, "本人来店书面提出").await.unwrap_err();
    assert_eq!((open.kind(), open.code()), (FaultKind::Refused, "cases-customer-open"));
    close(&app, case).await;
    assert_eq!(ask_erasure(&boss, customer, v, " ").await.unwrap_err().kind(), FaultKind::Invalid);
    assert_eq!(ask_erasure(&boss, customer, 9, "本人").await.unwrap_err().kind(), FaultKind::Stale);
    assert_eq!(ask_erasure(&clerk, customer, v, "本人").await.unwrap_err().kind(), FaultKind::NotFound);
    let other = ask_erasure(&app.ctx("boss3").await, customer, v, "本人").await.unwrap_err();
    assert_eq!(other.kind(), FaultKind::NotFound);
    // Not while it has to be kept.
    hold(&boss, customer, v, Some("消协调解中")).await.unwrap();
    let held = ask_erasure(&boss, customer, v + 1, "本人来店书面提出").await.unwrap_err();
    assert_eq!(held.code(), "parties-held");
    hold(&boss, customer, v + 1, None).await.unwrap();
    let v = version(&app, customer).await;
    ask_erasure(&boss, customer, v, "王丽华本人来店书面提出").await.unwrap();
    let twice = ask_erasure(&boss, customer, v, "本人").await.unwrap_err();
    assert_eq!(twice.code(), "parties-erasure-asked");
    // Nobody says yes to what they asked for themselves; a hold that came in between counts.
    let asked = erasure(&boss, customer).await.unwrap().asked.unwrap();
    let own = approvals::app::decide(&boss, asked, 1, Verdict::Grant, None).await.unwrap_err();
    assert_eq!(own.kind(), FaultKind::Refused);
    hold(&boss, customer, v, Some("诉讼")).await.unwrap();
    assert_eq!(grant(&app, customer).await.unwrap_err().code(), "parties-held");
    hold(&boss, customer, v + 1, None).await.unwrap();
    grant(&app, customer).await.unwrap();

    let card = parties::app::get(&boss, customer).await.unwrap();
    assert_eq!((card.name.as_str(), card.phone.as_str(), card.consent), ("***", "", false));
    assert!(erasure(&boss, customer).await.unwrap().standing.erased_at.is_some());
    let detail = app::detail(&boss, case).await.unwrap();
    assert_eq!((detail.case.customer_name.as_str(), detail.case.phone_masked.as_str()), ("***", ""));
    assert_eq!(detail.case.body, "");
    for text in ["王丽华", "13812345678", "5678", "wlh"] {
        assert!(parties::app::find(&boss, text).await.unwrap().is_empty(), "{text}");
        let found = app::list(
            &boss,
            app::Filter { text: Some(text.into()), ..app::Filter::default() },
            app::Order::Newest,
            None,
            10,
        );
        assert!(found.await.unwrap().rows.is_empty(), "{text} finds the case");
    }
    // Its number and its goods still do.
    let by_number = app::Filter { text: Some(detail.case.number.clone()), ..app::Filter::default() };
    assert_eq!(app::list(&boss, by_number, app::Order::Newest, None, 10).await.unwrap().rows.len(), 1);
    // No page and no answer names the person.
    let visitor = app.as_user("boss1").await;
    for path in [
        format!("/customers/{customer}"),
        format!("/cases/{case}"),
        format!("/cases/{case}?tab=system"),
        format!("/api/v1/cases/{case}"),
        format!("/api/v1/cases/{case}/timeline"),
        format!("/api/v1/customers/{customer}"),
        "/approvals?show=decided".to_owned(),
        format!("/approvals/{asked}"),
    ] {
        let text = visitor.get(&path).await.expect(200).text();
        for name in NAMES {
            assert!(!text.contains(name), "{path} names {name}: {text}");
        }
    }
    // Nothing is changed, merged or erased any more.
    let v = version(&app, customer).await;
    let change = CustomerChange { name: Some("王".into()), ..CustomerChange::default() };
    assert_eq!(parties::app::edit(&clerk, customer, v, change).await.unwrap_err().code(), "parties-erased");
    assert_eq!(ask_erasure(&boss, customer, v, "再来").await.unwrap_err().code(), "parties-erased");
    assert_eq!(hold(&boss, customer, v, Some("晚了")).await.unwrap_err().code(), "parties-erased");
    // No row of the journal, of messages or of search holds a name; the chain still proves itself.
    let left = app
        .house
        .db
        .read((), |tx, ()| {
            Box::pin(async move {
                let mut left = Vec::new();
                for sql in [
                    "SELECT COUNT(*) FROM journal_value WHERE before_text LIKE $1 OR after_text LIKE $1",
                    "SELECT COUNT(*) FROM case_message WHERE body LIKE $1",
                    "SELECT COUNT(*) FROM message_out WHERE to_address LIKE $1 OR body LIKE $1",
                    "SELECT COUNT(*) FROM approval WHERE sentence LIKE $1 OR reason LIKE $1",
                    "SELECT COUNT(*) FROM approval_step WHERE reason LIKE $1",
                    "SELECT COUNT(*) FROM case_plan_option WHERE body LIKE $1",
                    "SELECT COUNT(*) FROM case_plan_line WHERE body LIKE $1",
                    "SELECT COUNT(*) FROM notice WHERE words LIKE $1",
                ] {
                    for name in ["%王丽华%", "%13812345678%"] {
                        let n = tx.one::<(i64,)>(sql, db::args![name]).await?.map_or(0, |(n,)| n);
                        if n > 0 {
                            left.push(format!("{name}: {sql}"));
                        }
                    }
                }
                Ok::<_, Fault>(left)
            })
        })
        .await
        .unwrap();
    assert_eq!(left, Vec::<String>::new());
    let report = journal::verify(&app.house.db, None).await.unwrap();
    assert!(report.problems.is_empty() && report.erased > 0, "{:?}", report.problems);
}

#[testkit::db_test]
async fn erasure_over_the_api_and_on_the_screen(db: Db) {
    let app = shop(db).await;
    let (case, customer) = closed(&app).await;
    let (boss, clerk) = (app.as_user("boss1").await, app.as_user("clerk1").await);
    let path = format!("/api/v1/customers/{customer}/erasure");
    let hold = format!("/api/v1/customers/{customer}/hold");
    let reason = json!({"reason": "本人来店书面提出"});
    app.anybody().get(&path).await.expect(401);
    clerk.json("POST", &path, &[("if-match", "\"v1\"")], &reason).await.expect(403);
    boss.json("POST", &path, &[], &reason).await.expect(428);
    boss.json("POST", &path, &[("if-match", "\"v9\"")], &reason).await.expect(412);
    boss.json("POST", &path, &[("if-match", "\"v1\"")], &json!({"reason": ""})).await.expect(422);
    boss.json("POST", "/api/v1/customers/5/erasure", &[("if-match", "\"v1\"")], &reason).await.expect(404);
    let open = boss.json("POST", &path, &[("if-match", "\"v1\"")], &reason).await.expect(409).json();
    assert_eq!(open["code"], "cases-customer-open");
    let form = [("version", "1"), ("reason", "本人来店书面提出")];
    let page = boss.post(&format!("/customers/{customer}/erase"), &form).await.expect(409).main();
    assert!(page.contains("还有没办完的服务单"), "{page}");
    close(&app, case).await;
    boss.json("POST", &hold, &[("if-match", "\"v1\"")], &json!({"reason": "消协调解中"})).await.expect(204);
    let shown = boss.get(&path).await.expect(200).json();
    assert_eq!((&shown["held_for"], &shown["erased_at"]), (&json!("消协调解中"), &serde_json::Value::Null));
    let page = boss.get(&format!("/customers/{customer}")).await.expect(200).main();
    assert!(page.contains("消协调解中") && !page.contains(">删除个人信息<"), "{page}");
    let held = boss.json("POST", &path, &[("if-match", "\"v2\"")], &reason).await.expect(409).json();
    assert_eq!(held["code"], "parties-held");
    let same = ("sec-fetch-site", "same-origin");
    boss.send("DELETE", &hold, &[("if-match", "\"v2\""), same], Vec::new()).await.expect(204);
    boss.get(&format!("/customers/{customer}/erase")).await.expect(200);
    clerk.get(&format!("/customers/{customer}/erase")).await.expect(403);
    let blank = [("version", "3"), ("reason", " ")];
    boss.post(&format!("/customers/{customer}/erase"), &blank).await.expect(422);
    let form = [("version", "3"), ("reason", "本人来店书面提出")];
    boss.post(&format!("/customers/{customer}/erase"), &form).await.expect(303);
    let page = boss.get(&format!("/customers/{customer}")).await.expect(200).main();
    assert!(page.contains("已申请删除"), "{page}");
    assert!(boss.get(&path).await.expect(200).json()["approval"].is_string());
    grant(&app, customer).await.unwrap();
    let english = boss.clone().in_english().get(&format!("/customers/{customer}")).await.expect(200).main();
    assert!(english.contains("Personal data erased"), "{english}");
    assert!(english.contains("Name, ") && english.contains("article 47"), "when and by which rule: {english}");
    boss.json("POST", &path, &[("if-match", "\"v4\"")], &reason).await.expect(409);
    boss.get(&format!("/customers/{customer}/hold")).await.expect(200);
}
