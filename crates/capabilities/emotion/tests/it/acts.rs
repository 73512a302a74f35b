use cases::domain::Kind;
use channels::store::{CallFilter, ShowCalls};
use db::Db;
use emotion::app;
use kernel::FaultKind;

use crate::shop::{given, says, seen, shop};

const HOUR: i64 = 3_600_000;

async fn line(app: &testapp::TestApp) {
    let draft = channels::app::Draft { name: "售后热线".into(), active: true, ..channels::app::Draft::default() };
    let boss = app.ctx("boss1").await;
    channels::app::create(&boss, app.unit("S1"), channels::domain::Kind::Phone, None, draft).await.unwrap();
}

#[testkit::db_test]
async fn a_senior_is_asked_takes_over_and_the_clock_goes_on(db: Db) {
    let app = shop(db).await;
    let id = says(&app, Kind::Complaint, "你们太过分了，忍无可忍").await;
    given(&app, id, "clerk1").await;
    let clerk = app.ctx("clerk1").await;
    let case = seen(&app, id).await.case;
    let seniors = app::seniors(&clerk, &case);
    assert_eq!(seniors[0].0, app.user("boss1"), "the store's own manager comes first");
    assert!(seniors.iter().all(|(user, _)| *user != app.user("clerk1") && *user != app.user("boss3")));
    let refused = app::hand_over(&clerk, id, app.user("tech1"), None).await.unwrap_err();
    assert!(refused.fields().of("to").is_some());
    app::hand_over(&clerk, id, app.user("east"), None).await.unwrap();
    app::hand_over(&clerk, id, app.user("boss1"), Some("已经等了两小时".into())).await.unwrap();
    assert_eq!(seen(&app, id).await.hand_overs.iter().filter(|one| one.dropped_at.is_some()).count(), 1);
    let told = app.as_user("boss1").await.get("/notices").await.expect(200).plain();
    assert!(told.contains("请您接手") && told.contains("已经等了两小时"), "{told}");

    let due = seen(&app, id).await.case.due;
    assert_eq!(app::accept(&app.ctx("east").await, id).await.unwrap_err().code(), "emotion-not-asked");
    app::accept(&app.ctx("boss1").await, id).await.unwrap();
    let after = seen(&app, id).await.case;
    assert_eq!((after.owner, after.due), (Some(app.user("boss1")), due), "the clock goes on");
    let page = app.as_user("clerk1").await.get(&format!("/cases/{id}")).await.expect(200).plain();
    assert!(page.contains("请上级接手") && page.contains("上级已接手"), "{page}");
    assert_eq!(app.metric("emotion-handovers").await, Some(2));
}

#[testkit::db_test]
async fn somebody_else_calls_back_when_the_customer_has_cooled_down(db: Db) {
    let app = shop(db).await;
    let id = says(&app, Kind::Complaint, "你们太过分了").await;
    given(&app, id, "clerk1").await;
    let clerk = app.ctx("clerk1").await;
    assert_eq!(app::plan_call(&clerk, id, 24, app.user("boss1")).await.unwrap_err().code(), "channels-no-line");
    line(&app).await;
    let same = app::plan_call(&clerk, id, 24, app.user("clerk1")).await.unwrap_err();
    assert!(same.fields().of("caller").is_some(), "not by whoever handles it");
    assert_eq!(app::plan_call(&clerk, id, 0, app.user("boss1")).await.unwrap_err().kind(), FaultKind::Invalid);
    app::plan_call(&clerk, id, 24, app.user("boss1")).await.unwrap();
    assert_eq!(app::plan_call(&clerk, id, 24, app.user("boss1")).await.unwrap_err().code(), "emotion-call-planned");

    let boss = app.ctx("boss1").await;
    let owed = || CallFilter { show: ShowCalls::Owed, ..CallFilter::default() };
    let call = channels::app::calls(&boss, owed(), None, 10).await.unwrap().rows.remove(0).call;
    assert_eq!(
        (call.phone.as_str(), call.case, call.due_at),
        ("13800005678", Some(id), Some(app.clock.now().plus(24 * HOUR)))
    );
    let missed = CallFilter { show: ShowCalls::Missed, ..CallFilter::default() };
    assert!(channels::app::calls(&boss, missed, None, 10).await.unwrap().rows.is_empty(), "nobody missed it");
    let refused = channels::app::call_back(&clerk, call.id, call.version, true, None, None).await.unwrap_err();
    assert_eq!(refused.code(), "channels-call-other");
    app.clock.advance(24 * HOUR);
    app.run_jobs().await;
    let told = app.as_user("boss1").await.get("/notices").await.expect(200).plain();
    assert!(told.contains("该回电了"), "{told}");
    let next = app.clock.now().plus(HOUR);
    let version = channels::app::call_back(&boss, call.id, call.version + 1, false, Some(next), None).await.unwrap();
    assert_eq!(seen(&app, id).await.planned().unwrap().due_at, next);
    channels::app::call_back(&boss, call.id, version, true, None, Some("顾客愿意谈".into())).await.unwrap();
    let done = seen(&app, id).await.calls.remove(0);
    assert_eq!((done.done_by, done.note.as_deref()), (Some(app.user("boss1")), Some("顾客愿意谈")));
    assert_eq!(app.metric("emotion-calls").await, Some(10_000));
}

#[testkit::db_test]
async fn a_word_of_care_is_between_the_two_and_whoever_leads(db: Db) {
    let app = shop(db).await;
    let id = says(&app, Kind::Complaint, "你们太过分了").await;
    given(&app, id, "clerk1").await;
    let boss = app.ctx("boss1").await;
    assert_eq!(app::comfort(&boss, id, app.user("clerk1"), " ").await.unwrap_err().kind(), FaultKind::Invalid);
    assert!(app::comfort(&boss, id, app.user("clerk3"), "辛苦了").await.unwrap_err().fields().of("to").is_some());
    assert!(app::comfort(&boss, id, app.user("boss1"), "我辛苦").await.unwrap_err().fields().of("to").is_some());
    app::comfort(&boss, id, app.user("clerk1"), "今天辛苦了，先去歇十分钟").await.unwrap();
    for (login, reads) in [("clerk1", 1), ("boss1", 1), ("east", 1), ("tech1", 0), ("boss3", 0), ("quality", 0)] {
        let rows = app::cares(&app.ctx(login).await, None).await.unwrap().rows;
        assert_eq!(rows.len(), reads, "{login}");
    }
    let page = app.as_user("tech1").await.get(&format!("/cases/{id}")).await;
    assert!(!page.plain().contains("歇十分钟"));
    let timeline = app.as_user("boss1").await.get(&format!("/cases/{id}")).await.expect(200).plain();
    assert!(!timeline.contains("歇十分钟"), "it is no part of the case");
    assert_eq!(app.metric("emotion-care").await, Some(1));
    let clerk = app.as_user("clerk1").await;
    assert!(clerk.get("/care").await.expect(200).plain().contains("歇十分钟"));
    clerk.post(&format!("/cases/{id}/emotion/care"), &[("who", "1"), ("text", "x")]).await.expect(403);
}
