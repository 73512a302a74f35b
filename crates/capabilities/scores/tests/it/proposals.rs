use cases::app::Intake;
use cases::domain::{Channel, Kind};
use db::{Db, args};
use kernel::FaultKind;
use scores::app;
use scores::proposals::{self, Sign};
use serde_json::json;
use testapp::TestApp;

use crate::board::capabilities;

/// A complaint about personal data in S1 of which the promised time for a solution was missed.
async fn complained(app: &TestApp) {
    let intake = Intake {
        store: app.unit("S1"),
        kind: Kind::Complaint,
        channel: Channel::Phone,
        subject: "电话被外泄".to_owned(),
        ..Intake::default()
    };
    let case = cases::app::take_in(&app.ctx("clerk1").await, intake).await.unwrap().id.get();
    let at = app.house.clock.now().millis();
    app.house
        .db
        .write((case, at), |tx, (case, at)| {
            Box::pin(async move {
                tx.exec("DELETE FROM complaint WHERE case_id = $1", args![*case]).await?;
                tx.exec(
                    "INSERT INTO complaint (case_id, store_id, number, state, severity, topic, source, harm, confidential, registered_at,
                     round, appeals, reopened) SELECT id, store_id, number, 'registered', 's2', 'privacy', 'customer', FALSE, FALSE, $2,
                     0, 0, 0 FROM service_case WHERE id = $1",
                    args![*case, *at],
                )
                .await?;
                tx.exec(
                    "UPDATE clock SET breached_at = $2 WHERE record_kind = 'case' AND record_id = $1 AND stage = 'first_answer'",
                    args![*case, *at],
                )
                .await
            })
        })
        .await
        .unwrap();
}

#[testkit::db_test]
async fn a_sign_is_proposed_once_and_a_person_decides(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    complained(&app).await;
    let system = app::recalculate(&app.ctx("quality").await).await;
    system.unwrap();
    let job = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    // Two nodes look at once.
    let (one, two) = tokio::join!(proposals::look(&job, false), proposals::look(&job, true));
    assert_eq!(one.unwrap() + two.unwrap(), 2);
    assert_eq!(proposals::look(&job, true).await.unwrap(), 0);

    let quality = app.ctx("quality").await;
    let found = proposals::list(&quality, true, None, 50).await.unwrap().rows;
    let mut signs: Vec<Sign> = found.iter().map(|one| one.sign).collect();
    signs.sort();
    assert_eq!(signs, [Sign::Leak, Sign::OwnRule]);
    let reader = app.as_user("quality").await;
    let board = reader.get("/score").await.expect(200).plain();
    assert!(board.contains("2 项特别扣分提议"), "{board}");
    // Nothing is deducted by itself.
    assert_eq!(reader.get("/api/v1/score").await.expect(200).json()["special_deductions"], json!(0));

    let (first, second) = (found[0].id, found[1].id);
    let empty = proposals::decide(&quality, first, true, " ").await.unwrap_err();
    assert!(empty.fields().of("reason").is_some());
    let boss = proposals::decide(&app.ctx("boss1").await, first, true, "确有此事").await.unwrap_err();
    assert_eq!(boss.kind(), FaultKind::Forbidden);
    let elsewhere = proposals::decide(&app.ctx("boss3").await, first, true, "确有此事").await.unwrap_err();
    assert_eq!(elsewhere.kind(), FaultKind::NotFound);
    // Two people decide at once: one of them is told that it is decided.
    let other = app.ctx("quality").await;
    let (yes, no) = tokio::join!(
        proposals::decide(&quality, first, true, "核实属实"),
        proposals::decide(&other, first, true, "核实属实")
    );
    assert_eq!(usize::from(yes.is_ok()) + usize::from(no.is_ok()), 1);
    let path = format!("/api/v1/score/proposals/{second}");
    let body = json!({ "what": "dismiss", "reason": "顾客自己公开了电话" });
    reader.json("POST", &path, &[], &body).await.expect(204);
    reader.json("POST", &path, &[], &body).await.expect(409);
    assert_eq!(reader.get("/api/v1/score").await.expect(200).json()["special_deductions"], json!(1));
    let decided = reader.get("/score/proposals?show=decided").await.expect(200).plain();
    assert!(decided.contains("核实属实") && decided.contains("顾客自己公开了电话"), "{decided}");
    // What was dismissed is not proposed again.
    assert_eq!(proposals::look(&job, true).await.unwrap(), 0);
}

#[testkit::db_test]
async fn three_and_four_of_five_are_said_aloud(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.ctx("quality").await;
    let reader = app.as_user("quality").await;
    let told = async || {
        let page = app.as_user("assessor").await.get("/notices").await.expect(200).plain();
        page.matches("项特别扣分，满 5 项不合格").count()
    };
    for n in 1..=4 {
        let day = Some("2026-11-20".parse().unwrap());
        app::confirm_special(&quality, app.unit("HQ"), Some("own_rule".to_owned()), &format!("第 {n} 次"), day)
            .await
            .unwrap();
        let board = reader.get("/score").await.expect(200).plain();
        assert_eq!(board.contains(&format!("已有 {n} 项特别扣分")), n >= 3, "{n}: {board}");
        assert_eq!(told().await > 0, n >= 3, "{n}");
    }
}
