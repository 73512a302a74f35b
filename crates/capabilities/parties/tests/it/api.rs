use db::Db;
use serde_json::json;
use testapp::TestApp;

#[testkit::db_test]
async fn customers_over_the_api(db: Db) {
    let app = TestApp::start(db, || vec![parties::capability()]).await;
    let clerk = app.as_user("clerk1").await;
    let body = json!({"store": "S1", "name": "王丽华", "phone": "138 1234 5678"});
    let made = clerk.json("POST", "/api/v1/customers", &[], &body).await.expect(201);
    assert_eq!(made.header("etag"), "\"v1\"");
    let made = made.json();
    assert_eq!((&made["phone"], &made["store"]), (&json!("138****5678"), &json!("S1")));
    let path = format!("/api/v1/customers/{}", made["id"].as_str().unwrap());
    let change = json!({"vip": "金卡会员"});
    clerk.json("PATCH", &path, &[], &change).await.expect(428);
    let changed = clerk.json("PATCH", &path, &[("if-match", "\"v1\"")], &change).await.expect(200);
    assert_eq!((changed.header("etag"), &changed.json()["phone"]), ("\"v2\"", &json!("138****5678")));
    clerk.json("PATCH", &path, &[("if-match", "\"v1\"")], &json!({"vip": "x"})).await.expect(412);
    let found = clerk.get("/api/v1/customers?phone=5678").await.expect(200).json();
    assert_eq!(found["items"][0]["id"], made["id"]);
    let shown =
        clerk.json("POST", &format!("{path}/reveal"), &[("idempotency-key", "k")], &json!({"reason": "回电"})).await;
    assert_eq!(shown.expect(200).json()["phone"], "13812345678");
    let bad = json!({"store": "S1", "name": "", "phone": "1381234567"});
    let answer = clerk.json("POST", "/api/v1/customers", &[], &bad).await.expect(422).json();
    assert_eq!(answer["fields"][0]["text"], "填写 11 位手机号，现在是 10 位");
    clerk.json("POST", "/api/v1/customers", &[], &json!({"store": "XX", "name": "x"})).await.expect(422);
    clerk.json("POST", "/api/v1/customers", &[], &json!({"store": "S2", "name": "x"})).await.expect(404);
    clerk.get("/api/v1/customers/5").await.expect(404);
    clerk.get("/api/v1/customers/x").await.expect(404);
    app.anybody().get(&path).await.expect(401);
    app.as_user("tech1").await.get(&path).await.expect(403);
}
