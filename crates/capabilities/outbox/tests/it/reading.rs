use db::Db;
use kernel::{FaultKind, Money};
use messaging::{Channel, MessageFilter, MessageState};
use testkit::db_test;

use crate::{queued, shop};

#[db_test]
async fn each_sees_the_messages_of_their_stores_masked(db: Db) {
    let app = shop(db).await;
    let ours = queued(&app, "S1", Channel::Sms, "13812345678").await;
    let theirs = queued(&app, "S3", Channel::Sms, "13900005678").await;
    let boss = app.ctx("boss1").await;
    let page = outbox::app::list(&boss, MessageFilter::default(), None, 50).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [ours]);
    assert_eq!(page.rows[0].to, "138****5678");
    assert!(!page.rows[0].body.contains("secret"), "{}", page.rows[0].body);
    assert_eq!(outbox::app::find(&boss, theirs).await.unwrap_err().kind(), FaultKind::NotFound);
    let quality = app.ctx("quality").await;
    assert_eq!(outbox::app::list(&quality, MessageFilter::default(), None, 50).await.unwrap().rows.len(), 2);

    app.run_jobs().await;
    let sent = MessageFilter { states: vec![MessageState::Sent], ..MessageFilter::default() };
    assert_eq!(outbox::app::counts(&boss, vec![sent.clone()]).await.unwrap(), [1]);
    let day = app.clock.now().day(&app.house.zone);
    let totals = outbox::app::totals(&boss, day, day).await.unwrap();
    // A link of customers' length: two parts at five fen each.
    assert_eq!((totals.sent, totals.failed), (1, 0));
    let row = outbox::app::find(&boss, ours).await.unwrap();
    assert_eq!(totals.cost, row.cost);
    assert!(row.cost > Money::ZERO);
    assert_eq!(outbox::app::list(&quality, sent, Some(ours), 50).await.unwrap().rows.len(), 0);
}

#[db_test]
async fn a_wrong_number_is_put_right_and_sent(db: Db) {
    let app = shop(db).await;
    let id = queued(&app, "S1", Channel::Sms, "not a number").await;
    let boss = app.as_user("boss1").await;
    let page = boss.get(&format!("/outbox/{id}")).await;
    assert!(page.text().contains("地址或号码不对"), "{}", page.text());
    let wrong = boss.post(&format!("/outbox/{id}/resend"), &[("to", "again not")]).await;
    assert_eq!(wrong.status, 422);
    let again = boss.post(&format!("/outbox/{id}/resend"), &[("to", "138 1234 5678")]).await;
    assert_eq!(again.location(), format!("/outbox/{id}?done=resent"));
    app.run_jobs().await;
    let row = outbox::app::find(&app.ctx("boss1").await, id).await.unwrap();
    assert_eq!((row.state, row.to.as_str()), (MessageState::Sent, "138****5678"));
    assert_eq!(boss.post(&format!("/outbox/{id}/resend"), &[]).await.status, 409);
    assert_eq!(app.as_user("clerk1").await.get("/outbox").await.status, 403);
    assert_eq!(app.as_user("boss3").await.get(&format!("/outbox/{id}")).await.status, 404);
}

#[db_test]
async fn the_page_and_the_api_show_the_same(db: Db) {
    let app = shop(db).await;
    queued(&app, "S1", Channel::Sms, "13812345678").await;
    queued(&app, "S1", Channel::Mail, "wang@example.com").await;
    app.run_jobs().await;
    let boss = app.as_user("boss1").await;
    let api = boss.get("/api/v1/messages?channel=sms").await.json();
    assert_eq!(api["items"].as_array().unwrap().len(), 1);
    assert_eq!(api["items"][0]["state"], "sent");
    for visitor in [boss.clone(), boss.in_english()] {
        let page = visitor.get("/outbox?show=sent").await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("138****5678") && page.text().contains("w****@example.com"));
        assert!(!page.main().contains("messaging-"), "{}", page.main());
    }
}
