//! Numbers for programs.

use db::Db;
use serde_json::json;

use crate::shop::shop;

#[testkit::db_test]
async fn all_metrics_with_their_numbers(db: Db) {
    let app = shop(db).await;
    let answer = app.as_user("east").await.get("/api/v1/metrics").await.expect(200).json();
    assert_eq!(
        (&answer["from"], &answer["to"], &answer["store"]),
        (&json!("2026-10-24"), &json!("2026-11-22"), &json!(null))
    );
    let items = answer["items"].as_array().unwrap();
    assert_eq!(items.len(), app.house.metrics.len());
    let taken = items.iter().find(|item| item["id"] == "cases-taken-in").unwrap();
    assert_eq!(
        (&taken["capability"], &taken["name"], &taken["unit"], &taken["direction"], &taken["formula"], &taken["value"]),
        (&json!("cases"), &json!("受理服务单"), &json!("count"), &json!("neutral"), &json!("sum"), &json!(3))
    );
    assert_eq!(taken["parts"], json!({"cases.taken_in": 3}));
    let records = taken["records"].as_str().unwrap();
    assert!(records.starts_with("/cases?") && records.ends_with("from=2026-10-24&to=2026-11-22"), "{records}");
    let on_time = items.iter().find(|item| item["id"] == "cases-deadlines-on-time").unwrap();
    assert_eq!(
        (&on_time["unit"], &on_time["value"], &on_time["base"]),
        (&json!("basis_points"), &json!(7_500), &json!(4))
    );
    let unanswered = items.iter().find(|item| item["id"] == "surveys-csat").unwrap();
    assert_eq!((&unanswered["value"], &unanswered["base"]), (&json!(null), &json!(0)), "no number is not zero");
}

#[testkit::db_test]
async fn one_metric_broken_down(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    let days = "from=2026-11-20&to=2026-11-22";
    let get = async |by: &str| {
        let path = format!("/api/v1/metrics/cases-deadlines-on-time?{days}&by={by}");
        quality.get(&path).await.expect(200).json()
    };
    let points = |answer: &serde_json::Value| -> Vec<(String, Option<i64>, i64)> {
        let points = answer["points"].as_array().unwrap().iter();
        points
            .map(|point| {
                (point["label"].as_str().unwrap().into(), point["value"].as_i64(), point["base"].as_i64().unwrap())
            })
            .collect()
    };
    let total = get("").await;
    assert_eq!(
        (&total["value"], &total["base"], &total["by"], &total["points"]),
        (&json!(8_000), &json!(5), &json!(null), &json!([]))
    );
    let by_day = get("day").await;
    assert_eq!(
        points(&by_day),
        [("11-20".into(), Some(7_500), 4), ("11-21".into(), Some(10_000), 1), ("11-22".into(), None, 0)]
    );
    assert_eq!(by_day["points"][0]["key"], "2026-11-20");
    let by_store = get("store").await;
    assert_eq!(
        points(&by_store),
        [("一店".into(), Some(7_500), 4), ("二店".into(), None, 0), ("三店".into(), Some(10_000), 1)]
    );
    assert_eq!(by_store["points"][0]["key"], app.unit("S1").to_string());
    let by_kind = get("kind").await;
    assert_eq!((&by_kind["by"], by_kind["points"].as_array().map(Vec::len)), (&json!("kind"), Some(1)));
    assert_eq!((&by_kind["points"][0]["key"], &by_kind["points"][0]["value"]), (&json!("repair"), &json!(8_000)));
    assert!(by_kind["points"][0]["records"].as_str().unwrap().ends_with("&kind=repair"));
}

#[testkit::db_test]
async fn other_stores_do_not_exist(db: Db) {
    let app = shop(db).await;
    let boss = app.as_user("boss1").await;
    for path in ["/api/v1/metrics", "/api/v1/metrics/cases-taken-in"] {
        for store in [app.unit("S2").to_string(), app.unit("S3").to_string(), "S2".into(), "1".into(), "x'".into()] {
            let answer = boss.get(&format!("{path}?store={}", store.replace('\'', "%27"))).await.expect(404);
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.json()["code"], "not-found");
        }
        boss.get(&format!("{path}?store=S1")).await.expect(200);
    }
    let by_store = boss.get("/api/v1/metrics/cases-taken-in?by=store").await.expect(200);
    let points = by_store.json()["points"].clone();
    assert_eq!(points.as_array().map(Vec::len), Some(1), "{points}");
    let east = app.as_user("east").await;
    let stores = east.get("/api/v1/metrics/cases-taken-in?by=store").await.expect(200).json();
    assert_eq!(stores["points"].as_array().map(Vec::len), Some(2));
    east.get("/api/v1/metrics/cases-taken-in?store=S3").await.expect(404);
    app.as_user("clerk1").await.get("/api/v1/metrics").await.expect(403);
    app.anybody().get("/api/v1/metrics").await.expect(401);
}

#[testkit::db_test]
async fn what_cannot_be_read_is_said_by_field(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    for (query, field, code) in [
        ("from=2026-11-23&to=2026-11-22", "to", "insight-days-reversed"),
        ("from=2020-01-01&to=2026-11-22", "from", "insight-days-many"),
        ("from=yesterday", "from", "day"),
        ("by=colour", "by", "unknown"),
    ] {
        let answer = quality.get(&format!("/api/v1/metrics/cases-taken-in?{query}")).await;
        assert!(answer.status.is_client_error(), "{query}: {}", answer.status);
        let problem = answer.json();
        assert_eq!(
            (&problem["fields"][0]["field"], &problem["fields"][0]["code"]),
            (&json!(field), &json!(code)),
            "{query}"
        );
        assert!(!problem["fields"][0]["text"].as_str().unwrap().starts_with("field-"), "{problem}");
    }
    let unknown = quality.get("/api/v1/metrics/cases-nothing").await.expect(404);
    assert_eq!(unknown.header("content-type"), "application/problem+json");
}

#[testkit::db_test]
async fn pages_and_api_say_the_same(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    let total = async |by: &str| {
        let answer = quality.get(&format!("/api/v1/metrics/cases-taken-in?by={by}")).await.expect(200).json();
        let sum: i64 = answer["points"].as_array().unwrap().iter().filter_map(|point| point["value"].as_i64()).sum();
        (answer["value"].as_i64(), sum)
    };
    for by in ["day", "store", "kind", "channel"] {
        assert_eq!(total(by).await, (Some(4), 4), "by {by}");
    }
}

#[testkit::db_test]
async fn the_api_is_described(db: Db) {
    let app = shop(db).await;
    let described = app.anybody().get("/openapi.json").await.expect(200).json();
    for path in ["/api/v1/metrics", "/api/v1/metrics/{id}", "/api/v1/search"] {
        assert!(described["paths"][path]["get"].is_object(), "{path}");
    }
}
