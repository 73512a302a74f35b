use db::Db;
use messaging::setup::{self, Part};
use testkit::db_test;

use crate::shop;

const MAIL: [(&str, &str); 7] = [
    ("version", "0"),
    ("mail_way", "on"),
    ("host", "smtp.example.com"),
    ("port", "465"),
    ("tls", "implicit"),
    ("user", "shop"),
    ("from", "售后 <service@example.com>"),
];

#[db_test]
async fn a_password_is_kept_sealed_and_never_shown(db: Db) {
    let app = shop(db).await;
    let admin = app.as_user("admin").await;
    let with_password: Vec<_> = MAIL.iter().copied().chain([("password", "p@ss-word")]).collect();
    assert_eq!(admin.post("/settings/messaging/mail", &with_password).await.status, 303);
    let page = admin.get("/settings/messaging").await;
    assert!(page.text().contains("smtp.example.com") && page.text().contains("已保存，不显示"), "{}", page.text());
    assert!(!page.text().contains("p@ss-word"));
    let master = app.house.master.clone();
    let (kept, stored) = app
        .house
        .db
        .read(master, |tx, master| {
            Box::pin(async move {
                let kept = setup::secret(tx, master, Part::Mail).await?;
                let stored: Vec<(String,)> =
                    tx.all("SELECT sealed FROM messaging_setting WHERE sealed IS NOT NULL", &[]).await?;
                let journal: Vec<(Option<String>,)> =
                    tx.all("SELECT after_text FROM journal_value", &[]).await.unwrap_or_default();
                assert!(!journal.iter().any(|(value,)| value.as_deref().is_some_and(|value| value.contains("p@ss"))));
                Ok::<_, kernel::Fault>((kept, stored))
            })
        })
        .await
        .unwrap();
    assert_eq!(kept.as_deref(), Some("p@ss-word"));
    assert!(!stored[0].0.contains("p@ss"));

    // Left empty it stays; the box takes it away.
    let again: Vec<_> =
        MAIL.iter().map(|(name, value)| (*name, if *name == "version" { "1" } else { *value })).collect();
    assert_eq!(admin.post("/settings/messaging/mail", &again).await.status, 303);
    let stale = admin.post("/settings/messaging/mail", &again).await;
    assert_eq!(stale.status, 412);
    let seen = outbox::app::settings(&app.ctx("admin").await).await.unwrap();
    assert!(seen.mail.has_secret);
    let gone = MAIL.iter().map(|(name, value)| (*name, if *name == "version" { "2" } else { *value }));
    let gone: Vec<_> = gone.chain([("mail_forget", "yes")]).collect();
    admin.post("/settings/messaging/mail", &gone).await;
    assert!(!outbox::app::settings(&app.ctx("admin").await).await.unwrap().mail.has_secret);
}

#[db_test]
async fn addresses_inside_the_own_network_are_refused(db: Db) {
    let app = shop(db).await;
    let admin = app.as_user("admin").await;
    for host in ["127.0.0.1", "localhost", "10.0.0.25", "::1"] {
        let fields: Vec<_> =
            MAIL.iter().map(|(name, value)| (*name, if *name == "host" { host } else { *value })).collect();
        let answer = admin.post("/settings/messaging/mail", &fields).await;
        assert_eq!(answer.status, 422, "{host}");
        assert!(answer.text().contains("内网地址"), "{host}");
    }
    let sms = |url: &'static str| {
        vec![("version", "0"), ("sms_way", "on"), ("url", url), ("key", "shop"), ("secret", "s"), ("price", "0.05")]
    };
    for url in
        ["http://sms.example.com", "https://192.168.1.9/send", "https://[fd00::1]/", "https://u:p@sms.example.com"]
    {
        let answer = admin.post("/settings/messaging/sms", &sms(url)).await;
        assert_eq!(answer.status, 422, "{url}");
        assert!(!answer.text().contains("value=\"s\""), "no secret comes back");
    }
    assert_eq!(admin.post("/settings/messaging/sms", &sms("https://sms.example.com/send")).await.status, 303);
}

#[db_test]
async fn only_administrators_set_and_try(db: Db) {
    let app = shop(db).await;
    for login in ["clerk1", "boss1", "quality"] {
        assert_eq!(app.as_user(login).await.get("/settings/messaging").await.status, 403, "{login}");
        let tried = [("channel", "sms"), ("to", "13812345678")];
        assert_eq!(app.as_user(login).await.post("/settings/messaging/trial", &tried).await.status, 403, "{login}");
    }
    let admin = app.as_user("admin").await;
    let sent = admin.post("/settings/messaging/trial", &[("channel", "sms"), ("to", "13812345678")]).await;
    assert_eq!(sent.status, 303);
    app.run_jobs().await;
    let page = admin.get(sent.location()).await;
    assert!(page.text().contains("测试短信") && page.text().contains("已发"), "{}", page.text());
    let wrong = admin.post("/settings/messaging/trial", &[("channel", "mail"), ("to", "nobody")]).await;
    assert_eq!(wrong.status, 422);
}

#[db_test]
async fn quiet_hours_are_the_companys(db: Db) {
    let app = shop(db).await;
    let admin = app.as_user("admin").await;
    let wrong = [("version", "0"), ("quiet_from", "25:00"), ("quiet_until", "9")];
    assert_eq!(admin.post("/settings/messaging/quiet", &wrong).await.status, 422);
    let noon = [("version", "0"), ("quiet_from", "14:00"), ("quiet_until", "15:00")];
    assert_eq!(admin.post("/settings/messaging/quiet", &noon).await.status, 303);
    // It is 14:32.
    let id = crate::queued(&app, "S1", messaging::Channel::Sms, "13812345678").await;
    let row = outbox::app::find(&app.ctx("boss1").await, id).await.unwrap();
    assert_eq!((row.send_at.millis() - row.created_at.millis()) / 60_000, 28);
}

#[db_test]
async fn by_api_secrets_are_written_and_never_read(db: Db) {
    let app = shop(db).await;
    let admin = app.as_user("admin").await;
    let path = "/api/v1/messages/settings";
    let seen = admin.get(path).await.expect(200).json();
    assert_eq!((seen["mail"]["version"].as_i64(), seen["links"].as_bool()), (Some(0), Some(true)));
    let mail = serde_json::json!({ "way": "on", "host": "smtp.example.com", "from": "售后 <service@example.com>", "user": "shop",
        "password": "p@ss-word" });
    admin.json("PATCH", &format!("{path}/mail"), &[], &mail).await.expect(428);
    let wrong = serde_json::json!({ "way": "pigeon" });
    admin.json("PATCH", &format!("{path}/mail"), &[("if-match", "\"v0\"")], &wrong).await.expect(422);
    let set = admin.json("PATCH", &format!("{path}/mail"), &[("if-match", "\"v0\"")], &mail).await.expect(200);
    assert!(!set.text().contains("p@ss") && set.json()["has_password"] == true, "{}", set.text());
    admin.json("PATCH", &format!("{path}/mail"), &[("if-match", "\"v0\"")], &mail).await.expect(412);
    let port = serde_json::json!({ "port": 587, "tls": "start_tls" });
    let set = admin.json("PATCH", &format!("{path}/mail"), &[("if-match", "\"v1\"")], &port).await.expect(200).json();
    assert_eq!(
        (set["host"].as_str(), set["has_password"].as_bool()),
        (Some("smtp.example.com"), Some(true)),
        "the rest stays"
    );
    let gone = serde_json::json!({ "password": "" });
    let set = admin.json("PATCH", &format!("{path}/mail"), &[("if-match", "\"v2\"")], &gone).await.expect(200).json();
    assert_eq!(set["has_password"], false);
    let quiet = |from: &str| serde_json::json!({ "from": from, "until": "08:00" });
    admin.json("PATCH", &format!("{path}/quiet"), &[("if-match", "\"v0\"")], &quiet("25:00")).await.expect(422);
    let set =
        admin.json("PATCH", &format!("{path}/quiet"), &[("if-match", "\"v0\"")], &quiet("22:30")).await.expect(200);
    assert_eq!(set.json()["from"], "22:30");
    let trial = serde_json::json!({ "channel": "sms", "to": "not a number" });
    admin.json("POST", &format!("{path}/trial"), &[], &trial).await.expect(422);
    app.as_user("clerk1").await.get(path).await.expect(403);
}
