use db::Db;
use serde_json::{Value, json};
use testapp::Visitor;

use crate::shop::shop;

fn washer() -> Value {
    json!({
        "store": "S1", "kind": "repair", "channel": "phone", "subject": "洗衣机不脱水", "body": "报 E4",
        "customer": {"name": "王丽华", "phone": "138 1234 5678"}, "product": "XQG100-B14"
    })
}

async fn create(who: &Visitor<'_>) -> Value {
    who.json("POST", "/api/v1/cases", &[], &washer()).await.expect(201).json()
}

#[testkit::db_test]
async fn a_case_over_the_api(db: Db) {
    let app = shop(db).await;
    let (clerk, boss) = (app.as_user("clerk1").await, app.as_user("boss1").await);
    let made = create(&clerk).await;
    assert_eq!(made["number"], "FW20261122-0001");
    assert_eq!((&made["state"], &made["step"], &made["version"]), (&json!("new"), &json!(1), &json!(1)));
    assert_eq!(made["due"]["stage"], "acknowledge");
    let path = format!("/api/v1/cases/{}", made["id"].as_str().unwrap());
    let shown = clerk.get(&path).await.expect(200);
    assert_eq!(shown.header("etag"), "\"v1\"");
    let shown = shown.json();
    assert_eq!(shown["phone"], "138****5678");
    let me = app.user("clerk1").to_string();
    let accept = json!({"owner": me, "priority": "normal", "kind": "repair"});
    clerk.json("POST", &format!("{path}/accept"), &[], &accept).await.expect(428);
    clerk.json("POST", &format!("{path}/accept"), &[("if-match", "\"v9\"")], &accept).await.expect(412);
    let done = clerk.json("POST", &format!("{path}/accept"), &[("if-match", "\"v1\"")], &accept).await.expect(200);
    assert_eq!((done.header("etag"), &done.json()["state"]), ("\"v2\"", &json!("accepted")));
    let again =
        clerk.json("POST", &format!("{path}/accept"), &[("if-match", "\"v2\"")], &accept).await.expect(409).json();
    assert_eq!(again["code"], "cases-accepted-already");
    clerk
        .send(
            "POST",
            &format!("{path}/analyse"),
            &[("if-match", "\"v2\""), ("sec-fetch-site", "same-origin")],
            Vec::new(),
        )
        .await
        .expect(200);
    let plan = json!({"findings": "继电器老化", "options": [{"text": "换主板", "lines": [{"text": "主板", "amount": 28600, "bearer": "maker"}]}]});
    let proposed =
        boss.json("POST", &format!("{path}/propose"), &[("if-match", "\"v3\"")], &plan).await.expect(200).json();
    assert!(proposed["customer_path"].as_str().unwrap().starts_with("/c/"));
    let said = json!({"visibility": "public", "body": "请确认方案"});
    clerk.json("POST", &format!("{path}/messages"), &[], &said).await.expect(201);
    let confirm = json!({"option": 1, "proof": "phone", "note": "来电同意"});
    clerk.json("POST", &format!("{path}/confirm"), &[("if-match", "\"v4\"")], &confirm).await.expect(200);
    let timeline = clerk.get(&format!("{path}/timeline?limit=3")).await.expect(200).json();
    assert_eq!(timeline["items"][0]["verb"], "case.confirmed");
    assert_eq!(timeline["items"][1]["body"], "请确认方案");
    let older = clerk
        .get(&format!("{path}/timeline?limit=3&after={}", timeline["next"].as_str().unwrap()))
        .await
        .expect(200)
        .json();
    assert_eq!(older["items"][2]["verb"], "case.taken_in");
    let listed = clerk.get("/api/v1/cases?category=open,waiting&order=due&owner=me&q=脱水").await;
    let listed = listed.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["owner"]["name"], "林晓敏");
}

#[testkit::db_test]
async fn wrong_input_is_answered_at_the_field(db: Db) {
    let app = shop(db).await;
    let clerk = app.as_user("clerk1").await;
    let bad = json!({"store": "S1", "kind": "holiday", "channel": "pigeon", "priority": "asap", "subject": "x", "happened_at": "yesterday",
        "customer_id": "nobody"});
    let answer = clerk.json("POST", "/api/v1/cases", &[], &bad).await.expect(422).json();
    let fields: Vec<_> =
        answer["fields"].as_array().unwrap().iter().map(|field| field["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["kind", "channel", "priority", "happened_at", "customer_id"]);
    let answer = clerk.json("POST", "/api/v1/cases", &[], &json!({})).await.expect(422).json();
    assert_eq!(answer["fields"][0]["field"], "store");
    let broken = clerk
        .send(
            "POST",
            "/api/v1/cases",
            &[("content-type", "application/json"), ("sec-fetch-site", "same-origin")],
            b"{".to_vec(),
        )
        .await;
    assert!(broken.status.is_client_error(), "{}", broken.text());
    for path in
        ["/api/v1/cases?kind=holiday", "/api/v1/cases?after=x", "/api/v1/cases?store=XX", "/api/v1/cases?order=random"]
    {
        clerk.get(path).await.expect(422);
    }
    for path in ["/api/v1/cases/5", "/api/v1/cases/x", "/api/v1/cases/-1/timeline", "/api/v1/customers/5"] {
        clerk.get(path).await.expect(404);
    }
    let made = create(&clerk).await;
    let path = format!("/api/v1/cases/{}/dance", made["id"].as_str().unwrap());
    clerk.json("POST", &path, &[("if-match", "\"v1\"")], &json!({})).await.expect(404);
}

#[testkit::db_test]
async fn another_stores_case_is_unknown_over_the_api(db: Db) {
    let app = shop(db).await;
    let made = create(&app.as_user("clerk1").await).await;
    let path = format!("/api/v1/cases/{}", made["id"].as_str().unwrap());
    let other = app.as_user("clerk2").await;
    other.get(&path).await.expect(404);
    other.get(&format!("{path}/timeline")).await.expect(404);
    other.json("POST", &format!("{path}/analyse"), &[("if-match", "\"v1\"")], &json!({})).await.expect(404);
    other
        .json("POST", &format!("{path}/messages"), &[], &json!({"visibility": "public", "body": "x"}))
        .await
        .expect(404);
    other.json("POST", &format!("{path}/links"), &[], &json!({"purpose": "track"})).await.expect(404);
    assert_eq!(other.get("/api/v1/cases").await.expect(200).json()["items"], json!([]));
    other.json("POST", "/api/v1/cases", &[], &washer()).await.expect(404);
    app.anybody().get(&path).await.expect(401);
    app.as_user("finance").await.get(&path).await.expect(403);
}

#[testkit::db_test]
async fn the_same_post_twice_makes_one_case(db: Db) {
    let app = shop(db).await;
    let clerk = app.as_user("clerk1").await;
    let key = [("idempotency-key", "k-1")];
    let first = clerk.json("POST", "/api/v1/cases", &key, &washer()).await.expect(201).json();
    let again = clerk.json("POST", "/api/v1/cases", &key, &washer()).await.expect(201).json();
    assert_eq!(first["id"], again["id"]);
    assert_eq!(again.get("customer_path"), None, "the link is shown once");
    assert_eq!(clerk.get("/api/v1/cases").await.json()["items"].as_array().unwrap().len(), 1);
    let mut keyed = washer();
    keyed["external_id"] = json!("shop-1");
    let first = clerk.json("POST", "/api/v1/cases", &[], &keyed).await.expect(201).json();
    let again = clerk.json("POST", "/api/v1/cases", &[], &keyed).await.expect(200).json();
    assert_eq!(first["id"], again["id"]);
}
