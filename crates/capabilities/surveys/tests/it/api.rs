//! Surveys over the API: the same rules as on the pages.

use db::Db;
use serde_json::{Value, json};

use crate::shop::{closed, shop, zhou};

#[testkit::db_test]
async fn a_rating_is_noted_excluded_and_made_up_for(db: Db) {
    let app = shop(db).await;
    closed(&app, zhou()).await;
    let (clerk, boss, quality) =
        (app.as_user("clerk1").await, app.as_user("boss1").await, app.as_user("quality").await);
    app.anybody().get("/api/v1/surveys").await.expect(401);
    let listed = boss.get("/api/v1/surveys?show=unanswered").await.expect(200).json();
    let path = format!("/api/v1/surveys/{}", listed["items"][0]["id"].as_str().unwrap());
    for wrong in ["limit=0", "limit=x", "after=x"] {
        boss.get(&format!("/api/v1/surveys?{wrong}")).await.expect(422);
    }
    let shown = boss.get(&path).await.expect(200);
    assert_eq!((shown.header("etag"), &shown.json()["answer"]), ("\"v1\"", &Value::Null));
    app.as_user("clerk2").await.get(&path).await.expect(404);
    boss.get("/api/v1/surveys/5").await.expect(404);
    boss.get("/api/v1/surveys/x").await.expect(404);
    let at = |act: &str| format!("{path}/{act}");
    let v1 = [("if-match", "\"v1\"")];
    let low = json!({"csat": 1, "words": "等太久"});
    boss.json("POST", &at("phone"), &[], &low).await.expect(428);
    boss.json("POST", &at("phone"), &[("if-match", "\"v9\"")], &low).await.expect(412);
    let problem = boss.json("POST", &at("phone"), &v1, &json!({"csat": 6})).await.expect(422).json();
    assert_eq!(problem["fields"][0]["field"], "csat");
    assert_eq!(clerk.json("POST", &at("phone"), &v1, &low).await.expect(409).json()["code"], "surveys-own-work");
    let noted = boss.json("POST", &at("phone"), &v1, &low).await.expect(200);
    let version = noted.header("etag").to_owned();
    assert_eq!((&noted.json()["answered_by"], &noted.json()["recovery"]), (&json!("phone"), &json!("open")));
    let now = [("if-match", version.as_str())];
    assert_eq!(
        boss.json("POST", &at("phone"), &now, &low).await.expect(409).json()["code"],
        "surveys-answered-already"
    );
    // Somebody makes up for it.
    let owner = json!({"owner": app.user("clerk1").to_string()});
    boss.json("POST", &at("owner"), &now, &json!({"owner": "x"})).await.expect(422);
    let given = boss.json("POST", &at("owner"), &now, &owner).await.expect(200);
    assert_eq!(given.json()["recovery_owner"], app.user("clerk1").to_string());
    let version = given.header("etag").to_owned();
    boss.json("POST", &at("recovered"), &now, &json!({"note": "已致歉"})).await.expect(412);
    let now = [("if-match", version.as_str())];
    boss.json("POST", &at("recovered"), &now, &json!({"note": " "})).await.expect(422);
    let made = boss.json("POST", &at("recovered"), &now, &json!({"note": "已致歉"})).await.expect(200);
    assert_eq!(made.json()["recovery"], "done");
    let version = made.header("etag").to_owned();
    let now = [("if-match", version.as_str())];
    boss.json("POST", &at("recovered"), &now, &json!({"note": "再来"})).await.expect(409);
    // Only headquarters take a rating out of the numbers, with a reason.
    let out = json!({"out": true, "reason": "重复评价"});
    boss.json("POST", &at("exclude"), &now, &out).await.expect(403);
    quality.json("POST", &at("exclude"), &now, &json!({"out": true, "reason": ""})).await.expect(422);
    let gone = quality.json("POST", &at("exclude"), &now, &out).await.expect(200);
    assert_eq!(gone.json()["excluded_reason"], "重复评价");
    let version = gone.header("etag").to_owned();
    quality.json("POST", &at("exclude"), &[("if-match", &version)], &out).await.expect(409);
}

#[testkit::db_test]
async fn the_rule_and_the_text_to_copy(db: Db) {
    let app = shop(db).await;
    let (boss, quality) = (app.as_user("boss1").await, app.as_user("quality").await);
    let rule = boss.get("/api/v1/surveys/rule").await.expect(200).json();
    let next = json!({
        "version": rule["version"], "kinds": ["inquiry"], "delay_hours": 1, "quiet_days": 10, "needs_consent": false,
        "recovery_hours": 24, "reason": "试行"
    });
    boss.json("POST", "/api/v1/surveys/rule", &[], &next).await.expect(403);
    let mut wrong = next.clone();
    wrong["delay_hours"] = json!(-1);
    quality.json("POST", "/api/v1/surveys/rule", &[], &wrong).await.expect(422);
    let made = quality.json("POST", "/api/v1/surveys/rule", &[], &next).await.expect(200).json();
    assert_eq!((&made["delay_hours"], &made["kinds"]), (&json!(1), &json!(["inquiry"])));
    quality.json("POST", "/api/v1/surveys/rule", &[], &next).await.expect(412);
    closed(&app, zhou()).await;
    let listed = boss.get("/api/v1/surveys?show=invited").await.expect(200).json();
    let path = format!("/api/v1/surveys/{}/text", listed["items"][0]["id"].as_str().unwrap());
    let text = app.as_user("clerk1").await.json("POST", &path, &[], &json!({})).await.expect(200);
    assert_eq!(text.header("cache-control"), "no-store");
    assert!(text.text().contains("https://service.example.com/"), "{}", text.text());
    app.as_user("clerk2").await.json("POST", &path, &[], &json!({})).await.expect(404);
}

#[testkit::db_test]
async fn words_go_and_marks_stay_when_a_customer_is_forgotten(db: Db) {
    let app = shop(db).await;
    let taken = closed(&app, zhou()).await;
    let boss = app.as_user("boss1").await;
    let listed = boss.get("/api/v1/surveys?show=unanswered").await.expect(200).json();
    let path = format!("/api/v1/surveys/{}", listed["items"][0]["id"].as_str().unwrap());
    let said = json!({"csat": 4, "words": "周航很满意"});
    boss.json("POST", &format!("{path}/phone"), &[("if-match", "\"v1\"")], &said).await.expect(200);
    let place = kernel::Place { store: app.unit("S1"), team: None, owner: None };
    let ctx = app.ctx("quality").await;
    let erased = ctx.write((taken.id, place), |work, (id, place)| {
        Box::pin(async move {
            let event = capability::Event::new(kernel::RecordRef::new("case", *id), "case.erased", *place);
            work.record(event).await
        })
    });
    erased.await.unwrap();
    let answer = boss.get(&path).await.expect(200);
    assert!(!answer.text().contains("周航"), "{}", answer.text());
    assert_eq!(answer.json()["answer"]["csat"], 4);
}
