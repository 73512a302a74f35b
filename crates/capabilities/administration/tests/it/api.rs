use db::Db;
use serde_json::json;

use crate::house::start;

fn logins(answer: &serde_json::Value) -> Vec<String> {
    answer["items"].as_array().unwrap().iter().map(|item| item["login"].as_str().unwrap().to_owned()).collect()
}

#[testkit::db_test]
async fn stores_are_known_to_everybody_who_is_signed_in(db: Db) {
    let app = start(db).await;
    let stores = app.as_user("clerk1").await.get("/api/v1/stores").await.expect(200).json();
    let codes: Vec<&str> =
        stores["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["S1", "S2", "S3"]);
    assert_eq!(stores["items"][0]["parent"], "EAST");
    assert!(stores["items"][0]["id"].is_string());
    let problem = app.anybody().get("/api/v1/stores").await.expect(401);
    assert!(problem.header("content-type").starts_with("application/problem+json"));
    assert_eq!(problem.json()["code"], "unauthenticated");
}

#[testkit::db_test]
async fn people_are_listed_within_reach_page_by_page(db: Db) {
    let app = start(db).await;
    app.as_user("clerk1").await.get("/api/v1/users").await.expect(403);
    let boss = app.as_user("boss1").await.get("/api/v1/users").await.expect(200).json();
    assert_eq!(logins(&boss), ["clerk1", "tech1", "boss1"]);
    assert_eq!(boss["items"][0]["roles"][0]["role"], "clerk");

    let admin = app.as_user("admin").await;
    let mut all = Vec::new();
    let mut path = "/api/v1/users?limit=4".to_owned();
    loop {
        let page = admin.get(&path).await.expect(200).json();
        all.extend(logins(&page));
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/users?limit=4&after={next}"),
            None => break,
        }
    }
    assert_eq!(all.len(), 11);
    for wrong in ["limit=0", "limit=x", "after=x"] {
        admin.get(&format!("/api/v1/users?{wrong}")).await.expect(422);
    }
    assert!(admin.get("/openapi.json").await.expect(200).text().contains("/api/v1/users"));
}

#[testkit::db_test]
async fn staff_are_pasted_over_the_api(db: Db) {
    let app = start(db).await;
    let (boss, admin) = (app.as_user("boss1").await, app.as_user("admin").await);
    let path = "/api/v1/users/import";
    boss.json("POST", path, &[], &json!({"rows": "x"})).await.expect(403);
    admin.json("POST", path, &[], &json!({"rows": " "})).await.expect(422);
    let rows = "姓名\t工号\t门店\t岗位\t爱好\n王新\tHZ1\tS2\tclerk\t棋\n李旧\tHZ2\t没有的店\tclerk\t\n";
    let look = admin.json("POST", path, &[], &json!({"rows": rows})).await.expect(200).json();
    let fates: Vec<&str> =
        look["lines"].as_array().unwrap().iter().map(|line| line["fate"].as_str().unwrap()).collect();
    assert_eq!((fates, &look["saved"], &look["unknown"][0]), (vec!["new", "bad"], &json!(false), &json!("爱好")));
    assert_eq!(look["lines"][1]["errors"][0]["field"], "home");
    let saved = admin.json("POST", path, &[], &json!({"rows": rows, "save": true})).await.expect(200);
    assert_eq!(saved.header("cache-control"), "no-store");
    let saved = saved.json();
    assert_eq!((saved["hired"].as_array().unwrap().len(), &saved["hired"][0]["name"]), (1, &json!("王新")));
    assert!(saved["hired"][0]["activation_code"].as_str().is_some_and(|code| !code.is_empty()));
    let again = admin.json("POST", path, &[], &json!({"rows": rows})).await.expect(200).json();
    assert_eq!(again["lines"][0]["fate"], "same");
}

#[testkit::db_test]
async fn the_history_of_settings_is_read_page_by_page(db: Db) {
    let app = start(db).await;
    let admin = app.as_user("admin").await;
    app.as_user("clerk1").await.get("/api/v1/settings/history").await.expect(403);
    for n in 1..=3 {
        let unit = json!({"kind": "store", "code": format!("N{n}"), "name": format!("新店 {n}"), "parent": "EAST"});
        admin.json("POST", "/api/v1/organisation", &[], &unit).await.expect(201);
    }
    let mut path = "/api/v1/settings/history?kind=unit&limit=2".to_owned();
    let mut names = Vec::new();
    loop {
        let page = admin.get(&path).await.expect(200).json();
        for item in page["items"].as_array().unwrap() {
            assert_eq!(item["kind"], "unit");
            let change = item["changes"].as_array().unwrap().iter().find(|change| change["field"] == "name");
            names.extend(change.map(|change| change["after"].as_str().unwrap().to_owned()));
        }
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/settings/history?kind=unit&limit=2&before={next}");
    }
    assert_eq!(names, ["新店 3", "新店 2", "新店 1"]);
    for wrong in ["kind=nothing", "limit=0", "before=x"] {
        admin.get(&format!("/api/v1/settings/history?{wrong}")).await.expect(422);
    }
}
