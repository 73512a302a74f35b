//! Limits and stand-ins over REST.

use db::Db;
use serde_json::json;

use crate::shop::{DAY, shop};

#[testkit::db_test]
async fn limits_are_read_and_published_in_versions(db: Db) {
    let app = shop(db).await;
    let admin = app.as_user("admin").await;
    let answer = admin.get("/api/v1/approval-limits").await.expect(200);
    assert_eq!(answer.header("etag"), "\"v1\"");
    let now = answer.json();
    let clerk = now["now"]["limits"].as_array().unwrap().iter().find(|one| one["role"] == "clerk").unwrap();
    assert_eq!((clerk["kind"].as_str(), clerk["up_to"].as_i64()), (Some("goodwill"), Some(5_000)));
    assert_eq!(now["now"]["rules"]["goodwill"]["minutes"], 30);
    let mut limits = now["now"]["limits"].clone();
    for one in limits.as_array_mut().unwrap() {
        if one["role"] == "clerk" {
            one["up_to"] = json!(8_000);
        }
    }
    let next = json!({ "note": "旺季", "limits": limits, "rules": { "goodwill": { "two_from": 1_000_000, "minutes": 20, "days": 5 } } });
    let path = "/api/v1/approval-limits";
    admin.json("POST", path, &[], &next).await.expect(428);
    admin.json("POST", path, &[("if-match", "\"v9\"")], &next).await.expect(412);
    let wrong = json!({ "note": "x", "limits": [{ "kind": "nonsense", "role": "clerk", "up_to": 1 }] });
    admin.json("POST", path, &[("if-match", "\"v1\"")], &wrong).await.expect(422);
    let made = admin.json("POST", path, &[("if-match", "\"v1\"")], &next).await.expect(201).json();
    assert_eq!(made["version"], 2);
    let now = admin.get(path).await.expect(200).json();
    assert_eq!(
        (now["now"]["version"].as_i64(), now["now"]["rules"]["goodwill"]["two_from"].as_i64()),
        (Some(2), Some(1_000_000))
    );
    assert!(now["now"]["rules"]["any"].is_object(), "what was left out stays");
    admin.json("POST", path, &[("if-match", "\"v2\"")], &next).await.expect(409);
}

#[testkit::db_test]
async fn stand_ins_are_set_and_ended(db: Db) {
    let app = shop(db).await;
    let boss = app.as_user("boss1").await;
    let from = app.clock.now();
    let new = |deputy: &str, until: i64| {
        json!({ "absent": app.user("boss1").to_string(), "deputy": app.user(deputy).to_string(),
            "from": from.to_string(), "until": from.plus(until).to_string(), "note": "休假" })
    };
    let path = "/api/v1/deputies";
    boss.json("POST", path, &[], &new("boss1", DAY)).await.expect(422);
    boss.json("POST", path, &[], &new("east", 200 * DAY)).await.expect(422);
    let id =
        boss.json("POST", path, &[], &new("east", 3 * DAY)).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    boss.json("POST", path, &[], &new("east", 2 * DAY)).await.expect(422);
    let listed = boss.get(path).await.expect(200).json();
    assert_eq!(listed["items"][0]["id"], id.as_str());
    let clerk = app.as_user("clerk1").await;
    clerk.json("POST", path, &[], &new("east", DAY)).await.expect(404);
    clerk.json("POST", &format!("{path}/{id}/end"), &[], &json!({})).await.expect(404);
    boss.json("POST", &format!("{path}/{id}/end"), &[], &json!({})).await.expect(204);
    boss.json("POST", &format!("{path}/{id}/end"), &[], &json!({})).await.expect(409);
}
