use channels::domain::Kind;
use db::Db;
use serde_json::json;

use crate::shop::{registered, shop};

#[testkit::db_test]
async fn the_register_is_kept_on_pages(db: Db) {
    let app = shop(db).await;
    let boss = app.as_user("boss1").await;
    assert!(boss.get("/channels").await.expect(200).plain().contains("还没有在用的渠道"));
    assert!(boss.get("/channels/new").await.expect(200).plain().contains("登记渠道"));
    let store = app.unit("S1").to_string();
    let empty = boss.post("/channels/new", &[("store", &store), ("kind", "phone")]).await.expect(422);
    assert!(empty.text().contains("aria-invalid"));
    let fields = [
        ("store", store.as_str()),
        ("kind", "phone"),
        ("name", "<b>热线</b>"),
        ("address", "0571-88880000"),
        ("hours", "store"),
        ("cost", "299.50"),
        ("test_days", "30"),
        ("script", "你好，这里是售后"),
    ];
    let made = boss.post("/channels/new", &fields).await.expect(303);
    let page = boss.get(made.location()).await.expect(200);
    assert!(page.text().contains("&#60;b&#62;热线") && page.plain().contains("299.50"));
    let path = made.location().split('?').next().unwrap().to_owned();

    let saved = boss.post(&format!("{path}/edit"), &[("version", "1"), ("name", "热线"), ("hours", "always")]).await;
    saved.expect(303);
    let stale = boss.post(&format!("{path}/edit"), &[("version", "1"), ("name", "我的"), ("hours", "always")]).await;
    assert!(stale.expect(412).text().contains("我的"), "what was typed is kept");
    boss.post(&format!("{path}/test"), &[("version", "2")]).await.expect(422);
    boss.post(&format!("{path}/test"), &[("version", "2"), ("result", "passed")]).await.expect(303);

    let list = boss.get("/channels?q=%E7%83%AD").await.expect(200);
    assert!(list.plain().contains("热线"));
    let english = boss.in_english().get("/channels").await.expect(200);
    assert!(english.plain().contains("Phone line"));

    let clerk = app.as_user("clerk1").await;
    clerk.get(&path).await.expect(200);
    clerk.get(&format!("{path}/edit")).await.expect(403);
    app.as_user("clerk3").await.get(&path).await.expect(404);
    app.as_user("tech1").await.get("/channels").await.expect(403);
}

#[testkit::db_test]
async fn programs_keep_the_register_too(db: Db) {
    let app = shop(db).await;
    let known = registered(&app, Kind::Counter, "柜台").await;
    let boss = app.as_user("boss1").await;
    let new = json!({"store": app.unit("S1").to_string(), "kind": "webhook", "code": "shop-1", "name": "商城", "cost": 12_000});
    let made = boss.json("POST", "/api/v1/channels", &[], &new).await.expect(201).json();
    assert_eq!(
        (made["code"].as_str(), made["cost_per_month"].as_i64(), made["volume"].as_i64()),
        (Some("shop-1"), Some(12_000), Some(0))
    );
    boss.json("POST", "/api/v1/channels", &[], &new).await.expect(422);
    let path = format!("/api/v1/channels/{}", made["id"].as_str().unwrap());
    boss.json("PATCH", &path, &[], &json!({"name": "商城接口"})).await.expect(428);
    let changed = boss.json("PATCH", &path, &[("if-match", "\"v1\"")], &json!({"name": "商城接口"})).await.expect(200);
    assert_eq!(changed.json()["version"], 2);
    let tested = boss.json("POST", &format!("{path}/tests"), &[("if-match", "\"v2\"")], &json!({"passed": true})).await;
    assert_eq!(tested.expect(200).json()["test_passed"], true);

    let first = boss.get("/api/v1/channels?limit=1").await.expect(200).json();
    assert_eq!(first["items"][0]["id"].as_str(), Some(known.id.to_string().as_str()));
    let next = first["next"].as_str().unwrap().to_owned();
    let second = boss.get(&format!("/api/v1/channels?limit=1&after={next}")).await.expect(200).json();
    assert_eq!((second["items"][0]["code"].as_str(), second["next"].is_null()), (Some("shop-1"), true));
}
