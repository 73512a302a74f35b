use db::Db;

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
