use cases::domain::Kind;
use db::Db;
use serde_json::json;

use crate::shop::{given, says, shop};

#[testkit::db_test]
async fn pages_say_why_and_do_the_same_as_the_api(db: Db) {
    let app = shop(db).await;
    let id = says(&app, Kind::Complaint, "<b>太过分</b>了，受够了").await;
    given(&app, id, "clerk1").await;
    let clerk = app.as_user("clerk1").await;
    let path = format!("/cases/{id}/emotion");
    let page = clerk.get(&path).await.expect(200).text();
    assert!(page.contains("<mark>太过分</mark>") && page.contains("&#60;b&#62;"), "{page}");
    assert!(page.contains("60 分钟") && page.contains("转给"), "{page}");
    clerk.clone().in_english().get(&path).await.expect(200);
    let case = clerk.get(&format!("/cases/{id}")).await.expect(200).text();
    assert!(case.contains(&format!("hx-get=\"{path}\"")), "the case's page loads it");
    assert!(clerk.get("/cases?feeling=upset").await.expect(200).text().contains("情绪激动"));
    assert!(clerk.get("/feedback?feeling=upset").await.expect(200).text().contains("情绪激动"));

    clerk.post(&format!("{path}/raise"), &[("level", "furious"), ("reason", "x")]).await.expect(422);
    clerk.post(&format!("{path}/raise"), &[("level", "very_upset"), ("reason", "")]).await.expect(422);
    clerk.post(&format!("{path}/raise"), &[("level", "very_upset"), ("reason", "摔了杯子")]).await.expect(303);
    clerk.post(&format!("{path}/raise"), &[("level", "very_upset"), ("reason", "又摔")]).await.expect(409);
    clerk.post(&format!("{path}/call"), &[("hours", "0"), ("caller", "1")]).await.expect(422);
    clerk.post(&format!("{path}/hand-over"), &[("to", "1")]).await.expect(422);
    let boss = app.user("boss1").to_string();
    clerk.post(&format!("{path}/hand-over"), &[("to", &boss)]).await.expect(303);
    assert!(app.as_user("boss1").await.get(&path).await.expect(200).text().contains("我来接手"));
    app.as_user("boss1").await.post(&format!("{path}/take-over"), &[]).await.expect(303);
    clerk.post(&format!("{path}/end"), &[("ended", "raised"), ("ended_reason", "x")]).await.expect(422);
    clerk.post(&format!("{path}/end"), &[("ended", "calmed"), ("ended_reason", "谈好了")]).await.expect(303);

    let api = format!("/api/v1{path}");
    let out = clerk.get(&api).await.expect(200).json();
    assert_eq!(out["level"], serde_json::Value::Null);
    assert_eq!(out["flags"][0]["reason"], "摔了杯子");
    assert_eq!(out["hand_overs"][0]["to"], boss.as_str());
    let raised = clerk.json("POST", &format!("{api}/raise"), &[], &json!({"level": "upset", "reason": "又急了"})).await;
    assert_eq!(raised.expect(200).json()["level"], "upset");
    clerk.json("POST", &format!("{api}/raise"), &[], &json!({"level": "upset"})).await.expect(422);
    app.as_user("clerk2").await.get(&api).await.expect(404);
    app.anybody().get(&api).await.expect(401);
    clerk.get("/api/v1/cases/x/emotion").await.expect(404);

    let quality = app.as_user("quality").await;
    assert!(quality.get("/settings/emotion?try=我很生气").await.expect(200).text().contains("<mark>生气</mark>"));
    let rules = quality.get("/api/v1/emotion/rules").await.expect(200);
    let etag = rules.header("etag").to_owned();
    let change = json!({"answer_upset": 45, "change_reason": "试行"});
    quality.json("PATCH", "/api/v1/emotion/rules", &[], &change).await.expect(428);
    let changed =
        quality.json("PATCH", "/api/v1/emotion/rules", &[("if-match", &etag)], &change).await.expect(200).json();
    assert_eq!((changed["version"].as_i64(), changed["answer_upset"].as_i64()), (Some(2), Some(45)));
    quality.json("PATCH", "/api/v1/emotion/rules", &[("if-match", &etag)], &change).await.expect(412);
    quality.post("/settings/emotion", &[("version", "2")]).await.expect(422);
    clerk.post("/settings/emotion", &[("version", "2")]).await.expect(403);
    clerk.get("/api/v1/care").await.expect(200);
    clerk.get("/api/v1/care?after=x").await.expect(422);
}
