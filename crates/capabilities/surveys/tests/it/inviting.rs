use cases::app::CustomerChoice;
use db::Db;
use surveys::store::{Filter, Show};
use testapp::TestApp;

use crate::shop::{capabilities, closed, messages, reopened_and_closed, shop, zhou};

fn invited() -> Filter {
    Filter { show: Show::Invited, ..Filter::default() }
}

#[testkit::db_test]
async fn whoever_has_a_number_is_invited_once_when_the_case_closes(db: Db) {
    let app = shop(db).await;
    let case = closed(&app, zhou()).await;
    reopened_and_closed(&app, case.id).await;

    let boss = app.ctx("boss1").await;
    let rows = surveys::app::list(&boss, invited(), None, 50).await.unwrap().rows;
    assert_eq!(rows.len(), 1);
    assert!(rows[0].sent && rows[0].case == case.id && rows[0].answer.is_none());
    assert_eq!(app.metric("surveys-invited").await, Some(1));

    let surveys: Vec<_> =
        messages(&app, case.id).await.into_iter().filter(|(row, _)| row.template == "survey").collect();
    let [(_, text)] = surveys.as_slice() else { panic!("one invitation is sent, not {}", surveys.len()) };
    assert!(text.contains("https://service.example.com/rate/"), "{text}");
}

#[testkit::db_test]
async fn nobody_is_invited_without_a_name_to_ask(db: Db) {
    let app = shop(db).await;
    closed(&app, CustomerChoice::Anonymous).await;
    let boss = app.ctx("boss1").await;
    assert!(surveys::app::list(&boss, invited(), None, 50).await.unwrap().rows.is_empty());
    assert_eq!(app.metric("surveys-invited").await, Some(0));
}

#[testkit::db_test]
async fn without_a_public_address_the_invitation_waits_for_staff(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let case = closed(&app, zhou()).await;
    let boss = app.ctx("boss1").await;
    let rows = surveys::app::list(&boss, invited(), None, 50).await.unwrap().rows;
    assert!(matches!(rows.as_slice(), [one] if !one.sent && one.case == case.id));
    assert!(messages(&app, case.id).await.iter().all(|(row, _)| row.template != "survey"));
}
