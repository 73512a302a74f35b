//! What is out of reach, and lists that ask for what there is not.

use aftercare::capabilities;
use db::Db;
use serde_json::json;
use testapp::TestApp;
use testkit::db_test;

use super::{CASES, case, path, problem, rows, said, take_in, with};

#[db_test]
async fn what_is_out_of_reach_does_not_exist(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let (clerk, elsewhere) = (app.as_user("clerk1").await, app.as_user("clerk3").await);
    let theirs = take_in(&elsewhere, &with("store", json!("S3"))).await;
    let customer = elsewhere.get(&path(&theirs)).await.json()["customer_id"].as_str().unwrap().to_owned();
    let mine = take_in(&clerk, &case()).await;
    let id = theirs["id"].as_str().unwrap().to_owned();
    let before = rows(&app).await;
    for id in [
        id.as_str(),
        "7",
        "-1",
        "0",
        "x",
        "99999999999999999999",
        "%00",
        "%ff%fe",
        "%F0%9F%98%80",
        "..%2f..%2fetc",
        "%2e%2e",
        "7%2Ftimeline",
    ] {
        for path in ["", "/timeline"] {
            problem(id, clerk.get(&format!("{CASES}/{id}{path}")).await, 404);
        }
        for command in ["accept", "cancel"] {
            let body = json!({ "reason": "x" });
            problem(
                id,
                clerk.json("POST", &format!("{CASES}/{id}/{command}"), &[("if-match", "\"v1\"")], &body).await,
                404,
            );
        }
        problem(
            id,
            clerk
                .json("POST", &format!("{CASES}/{id}/messages"), &[], &json!({ "visibility": "internal", "body": "x" }))
                .await,
            404,
        );
        problem(id, clerk.json("POST", &format!("{CASES}/{id}/links"), &[], &json!({ "purpose": "track" })).await, 404);
        for page in ["", "/print", "/link", "/reveal", "/do/accept", "/clocks/7"] {
            let answer = clerk.get(&format!("/cases/{id}{page}")).await.expect(404);
            assert!(answer.text().contains("没有找到"), "{id}{page}");
        }
        clerk.post(&format!("/cases/{id}/do/accept"), &[("version", "1")]).await.expect(404);
        clerk.post(&format!("/cases/{id}/messages"), &[("visibility", "internal"), ("body", "x")]).await.expect(404);
    }
    // Whoever works at a counter finds every customer, but changes only those of the own store.
    let edit = json!({ "name": "x" });
    for id in [customer.as_str(), "7", "x", "%00"] {
        let path = format!("/api/v1/customers/{id}");
        assert!(id == customer || clerk.get(&path).await.status.as_u16() == 404, "{id}");
        problem(id, clerk.json("PATCH", &path, &[("if-match", "\"v1\"")], &edit).await, 404);
        problem(id, clerk.json("POST", &format!("{path}/reveal"), &[], &json!({ "reason": "x" })).await, 404);
    }
    let merge =
        clerk.json("POST", &format!("{}/merge", path(&mine)), &[("if-match", "\"v1\"")], &json!({ "into": id })).await;
    assert_eq!(said(&problem("merge", merge, 422)), "into:unknown");
    assert_eq!(rows(&app).await, before);
}

#[db_test]
async fn lists_take_what_they_can_and_name_what_they_cannot(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let (clerk, admin) = (app.as_user("clerk1").await, app.as_user("admin").await);
    take_in(&clerk, &case()).await;
    let wrong = [
        ("limit=0", "limit:number-range"),
        ("limit=-1", "limit:number-range"),
        ("limit=99999999", "limit:number-range"),
        ("limit=x", "limit:number-range"),
        ("after=x", "after:unknown"),
        ("after=1", "after:unknown"),
        ("after=99999999999999999999.1", "after:unknown"),
        ("state=lost", "state:unknown"),
        ("state=new,lost", "state:unknown"),
        ("kind=%00", "kind:unknown"),
        ("order=random", "order:unknown"),
        ("store=X9", "store:unknown"),
        ("owner=x", "owner:unknown"),
        ("customer_id=x", "customer_id:unknown"),
        ("due_before=2026-99-99", "due_before:moment"),
        ("category=zz", "category:unknown"),
    ];
    for (query, code) in wrong {
        assert_eq!(said(&problem(query, clerk.get(&format!("{CASES}?{query}")).await, 422)), code, "{query}");
    }
    let long = format!("q={}", "a".repeat(20_000));
    for query in [
        "",
        "limit=",
        "after=-1.-1",
        "q=%00",
        "q=%ff%fe",
        "q=%F0%9F%98%80",
        "q=%22%27%25_*()",
        "q=OR",
        "q=NEAR(",
        "q=-",
        "q=%E2%80%AE",
        "a=b",
        "%00=1",
        long.as_str(),
    ] {
        clerk.get(&format!("{CASES}?{query}")).await.expect(200);
        clerk.get(&format!("/cases?{query}")).await.expect(200);
    }
    let lists = [
        "/api/v1/customers",
        "/api/v1/search",
        "/api/v1/stores",
        "/api/v1/users",
        "/api/v1/metrics",
        "/api/v1/surveys",
    ];
    let queries = [
        "q=%00",
        "q=%ff",
        "limit=-1",
        "limit=99999999",
        "after=x",
        "from=2026-99-01",
        "from=0001-01-01&to=9999-12-31",
        "phone=%00",
        "phone=1",
        "store=%00",
        "kind=zz",
    ];
    for list in lists {
        for query in queries {
            for person in [&clerk, &admin] {
                let status = person.get(&format!("{list}?{query}")).await.status.as_u16();
                assert!(matches!(status, 200 | 403 | 404 | 422), "{list}?{query}: {status}");
            }
        }
    }
}
