use cases::domain::Channel as Way;
use channels::app;
use channels::domain::Kind;
use channels::store::{Filter, Show};
use db::Db;
use kernel::Cursor;

use crate::shop::{DAY, HOUR, came, draft, metric, registered, shop};

async fn attention(app: &testapp::TestApp) -> Vec<String> {
    let boss = app.ctx("boss1").await;
    let filter = Filter { show: Show::Attention, ..Filter::default() };
    let listed = app::list(&boss, filter, None::<Cursor>, 10).await.unwrap();
    listed.rows.into_iter().map(|row| row.name).collect()
}

async fn notices(app: &testapp::TestApp, login: &str) -> String {
    app.as_user(login).await.get("/notices").await.expect(200).plain()
}

#[testkit::db_test]
async fn a_channel_that_goes_quiet_is_marked_once_and_heard_again(db: Db) {
    let app = shop(db).await;
    let line = registered(&app, Kind::Phone, "售后热线").await;
    // Two a day for four weeks, at ten and at three.
    for day in 0..28 {
        for hour in [10, 15] {
            app.clock.set(line.created_at.plus(day * DAY - 4 * HOUR + hour * HOUR));
            came(&app, Way::Phone, None, None).await;
        }
    }
    app.run_jobs().await;
    assert!(attention(&app).await.is_empty());

    app.clock.set(line.created_at.plus(33 * DAY));
    app.run_jobs().await;
    assert_eq!(attention(&app).await, ["售后热线"]);
    assert!(notices(&app, "boss1").await.contains("异常安静"));
    assert_eq!(metric(&app, "channels-went-quiet", line.id).await, Some(1));
    app.clock.set(line.created_at.plus(33 * DAY + HOUR));
    app.run_jobs().await;
    assert_eq!(metric(&app, "channels-went-quiet", line.id).await, Some(1), "the same silence is one");

    // It is repaired, and customers call again.
    for hour in 0..12 {
        app.clock.set(line.created_at.plus(34 * DAY + hour * HOUR));
        came(&app, Way::Phone, None, None).await;
    }
    app.run_jobs().await;
    assert!(attention(&app).await.is_empty());
}

#[testkit::db_test]
async fn self_tests_fall_due_and_their_failure_is_told(db: Db) {
    let app = shop(db).await;
    let boss = app.ctx("boss1").await;
    let plan = app::Draft { test_days: Some(7), ..draft(&app, "意见箱") };
    let post = app::create(&boss, app.unit("S1"), Kind::SuggestionBox, None, plan).await.unwrap();
    app.run_jobs().await;
    assert!(attention(&app).await.is_empty());

    app.clock.set(post.created_at.plus(7 * DAY));
    app.run_jobs().await;
    assert_eq!(attention(&app).await, ["意见箱"]);
    assert!(notices(&app, "boss1").await.contains("该自测了"));

    let clerk = app.ctx("clerk1").await;
    let silent = app::test(&clerk, post.id, 1, false, None).await.unwrap_err();
    assert!(silent.fields().of("note").is_some(), "what failed is said");
    assert_eq!(app::test(&clerk, post.id, 1, false, Some("锁打不开".into())).await.unwrap(), 2);
    assert!(notices(&app, "boss1").await.contains("锁打不开"));
    assert_eq!(attention(&app).await, ["意见箱"], "not due, but it does not work");
    app::test(&clerk, post.id, 2, true, None).await.unwrap();
    assert!(attention(&app).await.is_empty());
    assert_eq!(metric(&app, "channels-tests-passed", post.id).await, Some(5_000));
}
