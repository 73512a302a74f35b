//! The same twice, and two at once.

use aftercare::capabilities;
use db::Db;
use futures_util::future::join_all;
use serde_json::json;
use testapp::{Answer, TestApp};
use testkit::db_test;

use super::{CASES, case, path, problem, rows, said, take_in, with};

#[db_test]
async fn the_same_request_twice_is_done_once(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let clerk = app.as_user("clerk1").await;
    let key = |key: &'static str| [("idempotency-key", key)];
    let first = clerk.json("POST", CASES, &key("k1"), &case()).await.expect(201).json();
    let before = rows(&app).await;
    let again = clerk.json("POST", CASES, &key("k1"), &case()).await.expect(201).json();
    assert_eq!(first["id"], again["id"]);
    let other = clerk.json("POST", CASES, &key("k1"), &with("subject", json!("别的"))).await;
    assert_eq!(said(&problem("another body", other, 409)), "idempotency-key-reused");
    let long = "k".repeat(201);
    for key in ["", " ", "a b", long.as_str()] {
        let answer = clerk.json("POST", CASES, &[("idempotency-key", key)], &case()).await;
        assert_eq!(said(&problem(key, answer, 422)), "idempotency-key-invalid");
    }
    assert_eq!(rows(&app).await, before);

    let (body, headers) = (case(), key("k2"));
    let at_once = join_all((0..6).map(|_| clerk.json("POST", CASES, &headers, &body))).await;
    let made: Vec<Answer> = at_once.into_iter().filter(|answer| answer.status.as_u16() == 201).collect();
    assert!(!made.is_empty());
    for answer in &made {
        assert_eq!(answer.json()["id"], made[0].json()["id"]);
    }
    let body = with("external_id", json!("till-7"));
    let at_once = join_all((0..6).map(|_| clerk.json("POST", CASES, &[], &body))).await;
    let mut statuses: Vec<u16> = at_once.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 201]);
    assert_eq!(rows(&app).await["service_case"], before["service_case"] + 2);

    // Without a key a request is a new one.
    assert_ne!(take_in(&clerk, &case()).await["id"], take_in(&clerk, &case()).await["id"]);
    let form = |once: &'static str, subject: &'static str| {
        let store = app.unit("S1").to_string();
        let clerk = clerk.clone();
        async move {
            let fields = [
                ("store", store.as_str()),
                ("kind", "repair"),
                ("channel", "counter"),
                ("subject", subject),
                ("once", once),
                ("customer", "new"),
                ("customer.name", "王丽华"),
                ("customer.phone", "13812345678"),
            ];
            clerk.post("/cases/new", &fields).await
        }
    };
    let first = form("o1", "一次").await.expect(303);
    let before = rows(&app).await;
    assert_eq!(form("o1", "一次").await.expect(303).location(), first.location());
    form("o1", "又改了").await.expect(409);
    assert_eq!(rows(&app).await, before);
}

#[db_test]
async fn two_people_at_once_and_old_versions(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let (clerk, boss) = (app.as_user("clerk1").await, app.as_user("boss1").await);
    let made = take_in(&clerk, &case()).await;
    let accept = format!("{}/accept", path(&made));
    let before = rows(&app).await;
    let versions = [
        None,
        Some("*"),
        Some(""),
        Some("1"),
        Some("\"1\""),
        Some("v1"),
        Some("\"v1"),
        Some("\"v1\", \"v2\""),
        Some("\"v99999999999999999999\""),
    ];
    for version in versions {
        let headers: Vec<_> = version.map(|version| ("if-match", version)).into_iter().collect();
        let answer = clerk.json("POST", &accept, &headers, &json!({})).await;
        assert_eq!(said(&problem(&format!("{version:?}"), answer, 428)), "version-missing");
    }
    for version in ["\"v0\"", "\"v-1\"", "\"v2\"", "\"v9223372036854775807\""] {
        let answer = clerk.json("POST", &accept, &[("if-match", version)], &json!({})).await;
        assert_eq!(said(&problem(version, answer, 412)), "stale");
    }
    let page = format!("/cases/{}/do/accept", made["id"].as_str().unwrap());
    clerk.post(&page, &[]).await.expect(428);
    clerk.post(&page, &[("version", "x")]).await.expect(428);
    assert_eq!(rows(&app).await, before);

    let (headers, nothing) = ([("if-match", "\"v1\"")], json!({}));
    let racers = [&clerk, &boss, &clerk, &boss, &clerk, &boss];
    let at_once = join_all(racers.iter().map(|who| who.json("POST", &accept, &headers, &nothing))).await;
    let mut statuses: Vec<u16> = at_once.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412]);
    assert_eq!(clerk.get(&path(&made)).await.json()["version"], 2);
}
