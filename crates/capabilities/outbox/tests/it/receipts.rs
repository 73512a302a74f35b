use axum::body::Bytes;
use db::Db;
use messaging::setup::{NewSecret, SmsSetup, Way};
use messaging::{Channel, signature};
use testapp::{Answer, TestApp};
use testkit::db_test;

use crate::{queued, shop};

async fn with_provider(app: &TestApp) {
    let setup = SmsSetup {
        way: Way::On,
        url: "https://sms.example.com/send".into(),
        key: "shop".into(),
        fen_per_segment: 5,
        ..SmsSetup::default()
    };
    let admin = app.ctx("admin").await;
    outbox::app::save_sms(&admin, 0, setup, NewSecret::To("open sesame".into())).await.unwrap();
}

async fn sends(app: &TestApp, key: &str, secret: &str, off: i64, body: &str) -> Answer {
    let at = app.clock.now().plus(off);
    let (at_text, signed) = (at.millis().to_string(), signature(secret, at, body));
    let headers = [
        ("content-type", "application/json"),
        ("sec-fetch-site", "none"),
        ("x-key", key),
        ("x-timestamp", at_text.as_str()),
        ("x-signature", signed.as_str()),
    ];
    app.anybody().send("POST", "/api/v1/messages/receipts", &headers, Bytes::from(body.to_owned()).to_vec()).await
}

#[db_test]
async fn only_the_provider_says_what_arrived(db: Db) {
    let app = shop(db).await;
    let id = queued(&app, "S1", Channel::Sms, "13812345678").await;
    app.run_jobs().await;
    let body =
        format!(r#"{{"receipts":[{{"id":"log-{id}","state":"delivered"}},{{"id":"nobody's","state":"delivered"}}]}}"#);
    // Nothing is set up: there is no secret with which anything could be signed.
    assert_eq!(sends(&app, "", "", 0, &body).await.status, 401);
    with_provider(&app).await;
    assert_eq!(sends(&app, "shop", "wrong", 0, &body).await.status, 401);
    assert_eq!(sends(&app, "other", "open sesame", 0, &body).await.status, 401);
    assert_eq!(sends(&app, "shop", "open sesame", -600_000, &body).await.status, 401, "an old request is a repeat");
    let boss = app.ctx("boss1").await;
    assert!(!outbox::app::find(&boss, id).await.unwrap().delivered());

    let taken = sends(&app, "shop", "open sesame", 1_000, &body).await;
    assert_eq!(
        (taken.status.as_u16(), taken.json()["taken"].as_i64(), taken.json()["unknown"].as_i64()),
        (200, Some(1), Some(1))
    );
    assert!(outbox::app::find(&boss, id).await.unwrap().delivered());
    sends(&app, "shop", "open sesame", 2_000, &body).await;
    let day = app.clock.now().day(&app.house.zone);
    assert_eq!(outbox::app::totals(&boss, day, day).await.unwrap().delivered, 1, "twice said is once delivered");
    assert_eq!(sends(&app, "shop", "open sesame", 0, "not json").await.status, 422);
}
