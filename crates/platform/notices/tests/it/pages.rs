use db::Db;
use testkit::db_test;

use crate::{assigned, shop, tell};

#[db_test]
async fn the_bell_counts_on_every_page(db: Db) {
    let app = shop(db).await;
    let clerk = app.as_user("clerk1").await;
    let empty = clerk.get("/notices").await;
    assert!(empty.text().contains("没有未读通知"), "{}", empty.text());
    tell(&app, "boss1", &["clerk1"], assigned(1, "洗衣机不脱水")).await;
    let page = clerk.get("/menu").await;
    assert!(page.text().contains("通知，1 条未读"), "{}", page.text());
    let list = clerk.get("/notices").await;
    assert!(list.text().contains("FW20261122-0001 交给你了：洗衣机不脱水"), "{}", list.text());
    let english = clerk.clone().in_english().get("/notices").await;
    assert!(english.text().contains("FW20261122-0001 is yours: 洗衣机不脱水"), "{}", english.text());
}

#[db_test]
async fn the_api_reads_marks_and_chooses(db: Db) {
    let app = shop(db).await;
    tell(&app, "boss1", &["clerk1"], assigned(1, "洗衣机不脱水")).await;
    let clerk = app.as_user("clerk1").await;
    let list = clerk.get("/api/v1/notices?unread=true").await.json();
    assert_eq!(list["unread"], 1);
    assert_eq!(list["items"][0]["href"], "/cases/1");
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    let none = serde_json::json!({});
    let other = app.as_user("tech1").await;
    assert_eq!(other.json("POST", &format!("/api/v1/notices/{id}/read"), &[], &none).await.status, 404);
    assert_eq!(clerk.json("POST", &format!("/api/v1/notices/{id}/read"), &[], &none).await.status, 204);
    assert_eq!(clerk.json("POST", "/api/v1/notices/read-all", &[], &none).await.json()["read"], 0);
    let wanted = serde_json::json!({"task.done": {"in_app": false, "mail": true}});
    let chosen = clerk.json("PATCH", "/api/v1/notices/choices", &[], &wanted).await.json();
    assert_eq!(chosen["task.done"], serde_json::json!({"in_app": false, "mail": true}));
    let wrong = serde_json::json!({"no.such": {"in_app": false, "mail": true}});
    assert_eq!(clerk.json("PATCH", "/api/v1/notices/choices", &[], &wrong).await.status, 422);
    assert_eq!(app.anybody().get("/api/v1/notices").await.status, 401);
}

#[db_test]
async fn the_pages_in_both_languages(db: Db) {
    let app = shop(db).await;
    let clerk = app.as_user("clerk1").await;
    insta::assert_snapshot!("notices_none_zh", clerk.get("/notices").await.expect(200).plain());
    tell(&app, "boss1", &["clerk1"], assigned(1, "洗衣机不脱水")).await;
    let english = clerk.clone().in_english();
    for (name, path) in [("notices", "/notices"), ("choices", "/notices/choices")] {
        insta::assert_snapshot!(format!("{name}_zh"), clerk.get(path).await.expect(200).plain());
        insta::assert_snapshot!(format!("{name}_en"), english.get(path).await.expect(200).plain());
    }
}
