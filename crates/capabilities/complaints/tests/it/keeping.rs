//! How long complaints are kept, the archive that fills by itself, and what happens at the end.

use complaints::domain::{Command, Severity, State};
use complaints::keeping::app::{self, End, Promise};
use complaints::keeping::{ArchiveKind, LEAST_YEARS};
use complaints::regulator::app as regulator;
use db::Db;
use kernel::{FaultKind, Id, of};
use testapp::TestApp;

use crate::shop::{agreed, complain, give, of, shop};

const DAY: i64 = 86_400_000;

async fn closed(app: &TestApp) -> Id<of::Case> {
    let id = complain(app, "clerk1", "S1", "师傅两次爽约").await;
    agreed(app, id, 0).await;
    give(app, "clerk1", id, Command::Begin).await.unwrap();
    for line in 1..=2 {
        give(app, "clerk1", id, Command::Execute { line, note: "办好".into() }).await.unwrap();
    }
    give(app, "clerk1", id, Command::Finish { answer: "已道歉".into() }).await.unwrap();
    give(app, "boss1", id, Command::CallBack { holds: true, note: "好".into(), satisfaction: None }).await.unwrap();
    id
}

#[testkit::db_test]
async fn the_archive_fills_by_itself_and_a_person_ends_it(db: Db) {
    let app = shop(db).await;
    let quality = app.ctx("quality").await;
    let now = app.clock.now();
    let years = |n| app::set_years(&quality, ArchiveKind::Complaint, n, now);
    assert!(years(LEAST_YEARS - 1).await.unwrap_err().fields().of("years").is_some(), "never below the law");
    assert_eq!(years(4).await.unwrap(), 2);
    let boss = app::set_years(&app.ctx("boss1").await, ArchiveKind::Complaint, 5, now).await.unwrap_err();
    assert_eq!(boss.kind(), FaultKind::Forbidden);

    let id = closed(&app).await;
    let system = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    assert_eq!(app::archive_due(&system).await.unwrap(), 0, "it can still be appealed");
    app.clock.advance(90 * DAY);
    assert_eq!(app::archive_due(&system).await.unwrap(), 1);
    let (complaint, _) = of(&app, id).await;
    assert_eq!(complaint.state, State::Archived);
    let kept = complaint.retain_until.unwrap();
    assert_eq!(kept, "2030-11-22".parse().unwrap(), "four years from the end");

    // Nobody is asked before its time, nor while it is held.
    assert_eq!(app::propose_due(&system).await.unwrap(), 0);
    app.clock.advance(5 * 366 * DAY);
    let version = of(&app, id).await.1.version;
    regulator::hold(&app.ctx("quality").await, id, version, "诉讼中".into()).await.unwrap();
    assert_eq!(app::propose_due(&system).await.unwrap(), 0);
    let held = app::end(&app.ctx("quality").await, id, End::Erase, "到期".into()).await.unwrap_err();
    assert_eq!(held.code(), complaints::regulator::domain::HELD);
    let version = of(&app, id).await.1.version;
    regulator::lift_hold(&app.ctx("quality").await, id, version, "结案".into()).await.unwrap();
    assert_eq!(app::propose_due(&system).await.unwrap(), 1);
    assert_eq!(app::propose_due(&system).await.unwrap(), 0);
    assert_eq!(app::proposed(&app.ctx("quality").await, None, 5).await.unwrap().0.len(), 1);
    let boss = app::end(&app.ctx("boss1").await, id, End::Erase, "x".into()).await.unwrap_err();
    assert_eq!(boss.kind(), FaultKind::Forbidden);
    app::end(&app.ctx("quality").await, id, End::Erase, "保存期满".into()).await.unwrap();
    assert_eq!(of(&app, id).await.0.facts, None);
    assert_eq!(app::proposed(&app.ctx("quality").await, None, 5).await.unwrap().0.len(), 0);
}

#[testkit::db_test]
async fn promised_times_have_versions(db: Db) {
    let app = shop(db).await;
    let quality = app.ctx("quality").await;
    let wanted = Promise {
        severity: Severity::S2,
        stage: cases::domain::Stage::Decision,
        unit: cases::domain::Unit::Working,
        amount: 90,
        from: app.clock.now(),
    };
    assert_eq!(app::set_promise(&quality, wanted).await.unwrap(), 2);
    let none = Promise { amount: 0, ..wanted };
    assert!(app::set_promise(&quality, none).await.unwrap_err().fields().of("amount").is_some());
    let past = Promise { from: app.clock.now().plus(-2 * DAY), ..wanted };
    assert!(app::set_promise(&quality, past).await.unwrap_err().fields().of("from").is_some());
    let page = app.as_user("quality").await.get("/settings/complaints").await.expect(200).text();
    assert!(page.contains("90 分钟营业时间") && page.contains("民法典"), "{page}");
    app.as_user("boss1").await.get("/settings/complaints").await.expect(403);
    let quality = app.as_user("quality").await;
    quality.clone().in_english().get("/complaints/archive").await.expect(200);
    let today = [("kind", "report"), ("years", "2"), ("from", "2026-11-22")];
    quality.post("/settings/complaints/years", &today).await.expect(422);
    let rules = quality.get("/api/v1/complaint-rules").await.expect(200).json();
    assert_eq!((rules["least_years"].as_i64(), rules["promises"][0]["amount"].as_i64()), (Some(3), Some(90)));
    let years = serde_json::json!({"kind": "report", "years": 5, "from": "2026-11-22"});
    quality.json("POST", "/api/v1/complaint-rules/years", &[], &years).await.expect(200);
    quality.get("/api/v1/complaint-archive").await.expect(200);
}
