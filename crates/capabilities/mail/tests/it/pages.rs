use db::Db;
use mail::app;
use testapp::TestApp;
use testkit::db_test;

use crate::post::{capabilities, draft, letter, look, send, servers, shop};

#[db_test]
async fn a_mailbox_is_set_read_and_shown(db: Db) {
    let (app, id, name) = shop(db).await;
    send(
        &name,
        &[
            letter("王丽华 <wang@qq.example>", "<b>响</b>", "p1@x", "", "响"),
            letter("a@x.cn", "自动回复", "p2@x", "", "x"),
        ],
    )
    .await;
    look(&app, id).await;
    let boss = app.as_user("boss1").await;
    let list = boss.get("/mailboxes").await.expect(200).text();
    assert!(list.contains("售后邮箱") && list.contains("正常") && !list.contains("/mailboxes/new"), "{list}");
    let page = boss.get(&format!("/mailboxes/{id}")).await.expect(200).text();
    assert!(page.contains("&#60;b&#62;响") && page.contains("成为服务单") && page.contains("休假自动回复"), "{page}");
    assert!(!page.contains("wang@qq.example") && !page.contains("secret"));
    let english = boss.clone().in_english().get(&format!("/mailboxes/{id}?show=automatic")).await.expect(200).text();
    assert!(english.contains("out-of-office") && !english.contains("响"), "{english}");
    boss.post(&format!("/mailboxes/{id}/look"), &[]).await.expect(303);
    for (login, status) in [("clerk1", 403), ("boss3", 404), ("east", 200), ("admin", 200)] {
        app.as_user(login).await.get(&format!("/mailboxes/{id}")).await.expect(status);
    }
    boss.get(&format!("/mailboxes/{id}/edit")).await.expect(403);
    // The letter as it came, for those who see the mailbox.
    let letters = boss.get(&format!("/api/v1/mailboxes/{id}/letters?state=case")).await.expect(200).json();
    assert_eq!(letters["items"][0]["from_address"], "w***@qq.example");
    let file: kernel::Id<kernel::of::File> = letters["items"][0]["file"].as_str().unwrap().parse().unwrap();
    let row = capability::seen_file(&app.ctx("boss1").await, file).await.unwrap();
    let raw = app.house.files.get(&row).await.unwrap();
    assert!(String::from_utf8_lossy(&raw).contains("Message-ID: <p1@x>"));
    assert!(capability::seen_file(&app.ctx("boss3").await, file).await.is_err());
}

#[db_test]
async fn only_administrators_set_and_passwords_stay_secret(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let admin = app.as_user("admin").await;
    let store = app.unit("S1").to_string();
    let fields = |host: &'static str, tls: &'static str| {
        vec![
            ("name", "客服"),
            ("address", "Service@Shop.example"),
            ("host", host),
            ("port", "993"),
            ("tls", tls),
            ("login", "service"),
            ("password", "p@ss-word"),
            ("folder", "INBOX"),
            ("active", "yes"),
        ]
    };
    let with_store = |mut fields: Vec<(&'static str, &'static str)>, store: &str| {
        let store: &'static str = Box::leak(store.to_owned().into_boxed_str());
        fields.push(("store", store));
        fields
    };
    for (host, tls) in [("127.0.0.1", "implicit"), ("localhost", "none"), ("imap.example.com", "none")] {
        let answer = admin.post("/mailboxes", &with_store(fields(host, tls), &store)).await.expect(422).text();
        assert!(!answer.contains("p@ss-word"), "{host}");
    }
    app.as_user("boss1")
        .await
        .post("/mailboxes", &with_store(fields("imap.example.com", "implicit"), &store))
        .await
        .expect(403);
    let made = admin.post("/mailboxes", &with_store(fields("imap.example.com", "implicit"), &store)).await.expect(303);
    let path = made.location().split('?').next().unwrap().to_owned();
    let form = admin.get(&format!("{path}/edit")).await.expect(200).text();
    assert!(form.contains("service@shop.example") && !form.contains("p@ss-word"), "{form}");
    // The same address twice.
    admin.post("/mailboxes", &with_store(fields("imap.example.com", "implicit"), &store)).await.expect(422);
    let api = format!("/api/v1{path}");
    let seen = admin.get(&api).await.expect(200);
    assert!(!seen.text().contains("p@ss") && seen.json()["has_password"] == true);
    let off = serde_json::json!({ "active": false, "name": "客服邮箱" });
    admin.json("PATCH", &api, &[], &off).await.expect(428);
    let off_now = admin.json("PATCH", &api, &[("if-match", "\"v1\"")], &off).await.expect(200).json();
    assert_eq!((off_now["name"].as_str(), off_now["active"].as_bool()), (Some("客服邮箱"), Some(false)));
    admin.json("PATCH", &api, &[("if-match", "\"v1\"")], &off).await.expect(412);
}

#[db_test]
async fn whoever_has_a_mailbox_hears_that_it_cannot_be_reached(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    app.house.providers.allow("127.0.0.1");
    let wrong = app::Draft { password: app::NewPassword::To("wrong".to_owned()), ..draft(&app, &crate::post::fresh()) };
    let id = app::create(&app.ctx("admin").await, wrong).await.unwrap();
    let ctx = capability::Ctx::system(std::sync::Arc::clone(&app.house), "test");
    for _ in 0..2 {
        app::look_into(&ctx, id).await.unwrap();
    }
    let boss = app.as_user("boss1").await;
    let told = async |word: &str| {
        let notices = boss.get("/api/v1/notices").await.expect(200).json();
        notices["items"].as_array().unwrap().iter().filter(|one| one["text"].as_str().unwrap().contains(word)).count()
    };
    assert_eq!(told("登录被拒绝").await, 1);
    let page = boss.get(&format!("/mailboxes/{id}")).await.expect(200).text();
    assert!(page.contains("授权码"), "{page}");
    // A server that is away for a moment is nobody's business; after a while it is.
    let away = app::Draft { port: 1, ..draft(&app, &crate::post::fresh()) };
    let id = app::create(&app.ctx("admin").await, away).await.unwrap();
    assert!(servers().imap > 1);
    app::look_into(&ctx, id).await.unwrap();
    assert_eq!(told("连不上服务器").await, 0);
    app.clock.advance(16 * 60_000);
    app::look_into(&ctx, id).await.unwrap();
    assert_eq!(told("连不上服务器").await, 1);
}
