use approvals::app::{self, Swept};
use approvals::domain::{State, Verdict, What};
use capability::Ctx;
use db::Db;
use kernel::{Fault, FaultKind, RecordRef, Timestamp};
use testapp::TestApp;

use crate::shop::{DAY, MINUTE, answer, asked, detail, journal, messages, metric, phone, question, shop, turn};

async fn sweep(app: &TestApp) -> Swept {
    app::sweep(&Ctx::system(std::sync::Arc::clone(&app.house), "sweep")).await.unwrap()
}

fn china(text: &str) -> Timestamp {
    format!("2026-11-{text}+08:00").parse().unwrap()
}

#[testkit::db_test]
async fn no_answer_in_thirty_minutes_passes_upward(db: Db) {
    let app = shop(db).await;
    phone(&app, "boss1", "13900000001").await;
    phone(&app, "east", "13900000002").await;
    let id = asked(&app.ctx("clerk1").await, question(&app, "S1", 100, 300)).await;
    assert_eq!(detail(&app, "boss1", id).await.unwrap().approval.due_at, china("22T15:02:00"));
    assert_eq!(sweep(&app).await, Swept::default());
    app.clock.advance(15 * MINUTE);
    assert_eq!(sweep(&app).await.reminded, 1);
    assert_eq!(sweep(&app).await, Swept::default());
    // A reminder makes nobody's form stale, and exactly thirty minutes are in time.
    app.clock.advance(15 * MINUTE);
    assert_eq!((sweep(&app).await, detail(&app, "boss1", id).await.unwrap().approval.version), (Swept::default(), 1));
    app.clock.advance(1);
    assert_eq!(sweep(&app).await.passed, 1);
    assert_eq!(turn(&app, id).await, ["east"]);
    let fault = answer(&app, "boss1", id, Verdict::Grant).await.unwrap_err();
    assert_eq!((fault.kind(), fault.code()), (FaultKind::Forbidden, "approvals-not-yours"));

    let seen = detail(&app, "east", id).await.unwrap();
    assert_eq!((seen.approval.passed, seen.approval.due_at), (1, china("22T15:32:00.001")));
    let step = seen.steps.iter().find(|step| step.what == What::Passed).unwrap();
    assert_eq!((step.since, step.due), (Some(china("22T14:32:00")), Some(china("22T15:02:00"))));
    let entries = journal(&app, RecordRef::new("approval", id)).await;
    let verbs: Vec<&str> = entries.iter().map(|(verb, _)| verb.as_str()).collect();
    assert_eq!(verbs, ["approval.asked", "approval.reminded", "approval.passed_upward"]);
    assert!(entries[2].1.contains(&("from".to_owned(), "一店".to_owned())), "{entries:?}");

    // The region's manager is told; nobody is beyond the top, so there it stays.
    assert!(messages(&app, id).await[0].1.contains("https://service.example.com/a/"));
    app.clock.advance(31 * MINUTE);
    assert_eq!(sweep(&app).await.passed, 1);
    assert_eq!(turn(&app, id).await, ["quality"]);
    app.clock.advance(31 * MINUTE);
    assert_eq!(sweep(&app).await, Swept { reminded: 1, ..Swept::default() });
    assert_eq!(sweep(&app).await, Swept::default());
    assert!(detail(&app, "quality", id).await.unwrap().approval.stays);
    answer(&app, "quality", id, Verdict::Grant).await.unwrap();
    assert_eq!(detail(&app, "quality", id).await.unwrap().approval.in_time, Some(false));
    // Counted once, as many as there are records behind the number.
    assert_eq!(metric(&app, "approvals-passed-upward").await, Some(1));
    assert_eq!(metric(&app, "approvals-in-time").await, Some(0));
}

#[testkit::db_test]
async fn lunch_and_night_do_not_count(db: Db) {
    let app = shop(db).await;
    let input = app.house.ids.clone();
    let hours = app.house.db.write(input, |tx, ids| {
        Box::pin(async move {
            let calendars = calendar::calendars(tx).await?;
            let store = calendars.iter().find(|calendar| calendar.code == "store").ok_or_else(Fault::not_found)?.id;
            let pattern = "mon-sun 09:00-12:00,13:30-18:00".parse().map_err(Fault::internal)?;
            let from = "2026-11-01".parse().map_err(Fault::internal)?;
            calendar::set_hours(tx, ids, store, from, &pattern).await
        })
    });
    hours.await.unwrap();
    let clerk = app.ctx("clerk1").await;
    app.clock.set(china("23T11:45:00"));
    let lunch = asked(&clerk, question(&app, "S1", 0, 300)).await;
    assert_eq!(detail(&app, "boss1", lunch).await.unwrap().approval.due_at, china("23T13:45:00"));
    app.clock.set(china("23T13:00:00"));
    assert_eq!(sweep(&app).await.passed, 0);
    app.clock.set(china("23T13:45:01"));
    assert_eq!(sweep(&app).await.passed, 1);

    app.clock.set(china("23T17:50:00"));
    let night = asked(&clerk, question(&app, "S1", 0, 300)).await;
    assert_eq!(detail(&app, "boss1", night).await.unwrap().approval.due_at, china("24T09:20:00"));
    app.clock.set(china("24T09:20:00"));
    assert!(turn(&app, night).await.contains(&"boss1".to_owned()));
    sweep(&app).await;
    assert_eq!(turn(&app, night).await, ["boss1"]);
    app.clock.advance(1);
    sweep(&app).await;
    assert_eq!(turn(&app, night).await, ["east"]);
    // The deadline explains itself.
    assert!(detail(&app, "east", night).await.unwrap().why.is_some());
}

#[testkit::db_test]
async fn what_nobody_answers_for_a_week_is_void(db: Db) {
    let app = shop(db).await;
    let id = asked(&app.ctx("clerk1").await, question(&app, "S1", 0, 300)).await;
    app.clock.advance(7 * DAY);
    assert_eq!(answer(&app, "boss1", id, Verdict::Grant).await.unwrap_err().code(), "approvals-void");
    assert_eq!(sweep(&app).await, Swept { expired: 1, ..Swept::default() });
    assert_eq!(detail(&app, "clerk1", id).await.unwrap().approval.state, State::Expired);
    assert_eq!(answer(&app, "boss1", id, Verdict::Grant).await.unwrap_err().code(), "approvals-over");
}

#[testkit::db_test]
async fn the_job_does_it_by_itself(db: Db) {
    let app = shop(db).await;
    let id = asked(&app.ctx("clerk1").await, question(&app, "S1", 0, 300)).await;
    app.clock.advance(31 * MINUTE);
    app.run_jobs().await;
    app.clock.advance(MINUTE);
    app.run_jobs().await;
    assert_eq!(turn(&app, id).await, ["east"]);
}
