use db::Db;
use messaging::Channel;
use testkit::db_test;

use crate::{queued, shop};

const PAGE: &str = "/settings/templates/received/sms/zh-CN";

#[db_test]
async fn words_are_checked_shown_and_kept_as_versions(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    let unknown = quality.post(PAGE, &[("version", "0"), ("body", "【{store}】{order} {link}"), ("act", "save")]).await;
    assert_eq!(unknown.status, 422);
    assert!(unknown.text().contains("没有 {order} 这个变量"), "{}", unknown.main());
    let preview =
        quality.post(PAGE, &[("version", "0"), ("body", "收到 {number}，看 {link}"), ("act", "preview")]).await;
    assert_eq!(preview.status, 200);
    assert!(preview.text().contains("收到 FW20261122-0031，看 https://service.example.com/c/"), "{}", preview.main());
    assert!(preview.text().contains("2 条短信"), "{}", preview.main());
    let saved = quality.post(PAGE, &[("version", "0"), ("body", "收到 {number}，看 {link}"), ("act", "save")]).await;
    assert_eq!(saved.location(), format!("{PAGE}?done=text-saved"));
    let stale = quality.post(PAGE, &[("version", "0"), ("body", "又改 {link}"), ("act", "save")]).await;
    assert_eq!(stale.status, 412);
    let id = queued(&app, "S1", Channel::Sms, "13812345678").await;
    let row = outbox::app::find(&app.ctx("boss1").await, id).await.unwrap();
    assert_eq!((row.body.as_str(), row.template_version), ("收到 FW20261122-0001，看 https://…", 1));
    let page = quality.get(PAGE).await;
    assert!(page.text().contains("第 1 版"));
    let shipped = quality.get(&format!("{PAGE}?version=0")).await;
    assert!(shipped.text().contains("已受理。查看进度"), "{}", shipped.main());
}

#[db_test]
async fn store_managers_read_words_and_others_do_not(db: Db) {
    let app = shop(db).await;
    let boss = app.as_user("boss1").await;
    assert_eq!(boss.get("/settings/templates").await.status, 200);
    assert_eq!(boss.post(PAGE, &[("version", "0"), ("body", "{link}")]).await.status, 403);
    assert_eq!(app.as_user("clerk1").await.get("/settings/templates").await.status, 403);
    assert_eq!(boss.get("/settings/templates/nothing/sms/zh-CN").await.status, 404);
    for visitor in [boss.clone(), boss.in_english()] {
        for path in ["/settings/templates", PAGE] {
            let page = visitor.get(path).await;
            assert!(!page.main().contains("messaging-"), "{}", page.main());
        }
    }
}

#[db_test]
async fn the_api_changes_words_by_version(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    let path = "/api/v1/message-templates/plan/mail/en";
    let now = quality.get(path).await;
    assert_eq!(now.header("etag"), "\"v0\"");
    let draft = serde_json::json!({"subject": "Plan {number}", "body": "Please look: {link}"});
    assert_eq!(quality.json("PATCH", path, &[], &draft).await.status, 428);
    let changed = quality.json("PATCH", path, &[("if-match", "\"v0\"")], &draft).await;
    assert_eq!((changed.status.as_u16(), changed.json()["version"].as_i64()), (200, Some(1)));
    let preview =
        quality.json("POST", &format!("{path}/preview"), &[], &serde_json::json!({"subject": "s", "body": "no"})).await;
    assert_eq!(preview.status, 422);
    assert_eq!(quality.get("/api/v1/message-templates").await.json()["items"].as_array().unwrap().len(), 48);
}
