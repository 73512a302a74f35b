use complaints::domain::Severity;
use db::Db;

use crate::shop::{accept, agreed, complain, give, of, screen, shop};

#[testkit::db_test]
async fn list_page_commands_and_api_do_the_same(db: Db) {
    let app = shop(db).await;
    let id = complain(&app, "clerk1", "S1", "空调<b>打孔</b>偏位").await;
    complain(&app, "clerk2", "S2", "沙发色差").await;
    let clerk = app.as_user("clerk1").await;
    let list = clerk.get("/complaints").await.expect(200).text();
    assert!(list.contains("空调&#60;b&#62;打孔") && !list.contains("沙发色差"), "{list}");
    for show in ["mine", "late", "upset", "severe", "ended", "closed", "in_time", "accepted", "reopened", "concluded"] {
        clerk.get(&format!("/complaints?show={show}&state=screening&severity=s2&topic=repair&cause=fees&from=2026-01-01&to=2026-12-31")).await.expect(200);
    }
    clerk.clone().in_english().get("/complaints/causes").await.expect(200);
    clerk.get("/complaints.csv").await.expect(403);
    let boss = app.as_user("boss1").await;
    let sheet = boss.get("/complaints.csv").await.expect(200).text();
    assert!(sheet.contains("TS") && !sheet.contains("沙发"), "{sheet}");

    let one = format!("/complaints/{id}");
    let page = clerk.get(&one).await.expect(200).text();
    assert!(page.contains("开始筛查"), "{page}");
    let case = clerk.get(&format!("/cases/{id}")).await.expect(200).text();
    assert!(case.contains(&one), "the case leads to the complaint");
    clerk.get(&format!("{one}/do/screen")).await.expect(200);
    clerk.get(&format!("{one}/do/conclude")).await.expect(409);
    clerk.get(&format!("{one}/do/accept")).await.expect(403);
    clerk.get(&format!("{one}/do/nothing")).await.expect(404);
    let path = format!("{one}/do/screen");
    clerk.post(&path, &[("severity", "s2")]).await.expect(428);
    let wrong = clerk.post(&path, &[("version", "1"), ("severity", "")]).await.expect(422);
    assert!(wrong.text().contains("严重度"));
    clerk.post(&path, &[("version", "1"), ("severity", "s2"), ("source", "patrol")]).await.expect(303);
    let stale = clerk.post(&path, &[("version", "1"), ("severity", "s2")]).await;
    assert!([409, 412].contains(&stale.status.as_u16()), "{}", stale.status);
    app.as_user("clerk2").await.get(&one).await.expect(404);
    app.as_user("finance").await.get("/complaints").await.expect(403);

    let quality = app.as_user("quality").await;
    let api = format!("/api/v1{one}");
    let shown = quality.get(&api).await.expect(200);
    let body = shown.json();
    assert_eq!((body["state"].as_str(), body["severity"].as_str()), (Some("screening"), Some("s2")));
    let handler = app.ctx("clerk1").await.actor.user.unwrap().to_string();
    let accept = serde_json::json!({"severity": "s2", "topic": "installation", "handler": handler});
    quality.json("POST", &format!("{api}/accept"), &[], &accept).await.expect(428);
    let etag = shown.header("etag").to_owned();
    let changed =
        quality.json("POST", &format!("{api}/accept"), &[("if-match", &etag)], &accept).await.expect(200).json();
    assert_eq!(changed["state"], "accepted");
    quality.json("POST", &format!("{api}/accept"), &[("if-match", &etag)], &accept).await.expect(412);
    let now = format!("\"v{}\"", of(&app, id).await.1.version);
    quality.json("POST", &format!("{api}/begin"), &[("if-match", &now)], &serde_json::json!({})).await.expect(409);
    let listed = quality.get("/api/v1/complaints?limit=1").await.expect(200).json();
    let next = listed["next"].as_str().unwrap().to_owned();
    let rest = quality.get(&format!("/api/v1/complaints?limit=1&after={next}")).await.expect(200).json();
    assert_ne!(listed["items"][0]["id"], rest["items"][0]["id"]);
    quality.get("/api/v1/complaints?after=x").await.expect(422);
    quality.get("/api/v1/complaints/causes").await.expect(200);
    app.anybody().get("/api/v1/complaints").await.expect(401);
}

#[testkit::db_test]
async fn every_form_opens_in_both_languages(db: Db) {
    let app = shop(db).await;
    let id = complain(&app, "clerk1", "S1", "冰箱不制冷").await;
    let east = app.as_user("east").await;
    for name in [
        "screen",
        "accept",
        "not_accept",
        "duplicate",
        "transfer",
        "withdraw",
        "investigate",
        "conclude",
        "draft",
        "submit",
        "begin",
        "execute",
        "finish",
        "call_back",
        "appeal",
        "take_appeal",
        "archive",
    ] {
        let page = east.clone().in_english().get(&format!("/complaints/{id}/do/{name}")).await;
        assert!([200, 409].contains(&page.status.as_u16()), "{name}: {}", page.status);
    }
    agreed(&app, id, 2_000).await;
    let page = east.get(&format!("/complaints/{id}")).await.expect(200).text();
    assert!(page.contains("店长上门道歉") && page.contains("¥20.00") && page.contains("维修不及时"), "{page}");
    let other = complain(&app, "clerk1", "S1", "又一件").await;
    give(&app, "clerk1", other, screen(Severity::S3)).await.unwrap();
    let accept = accept(&app, Severity::S3, "boss1").await;
    give(&app, "boss1", other, accept).await.unwrap();
    let timeline = app.as_user("boss1").await.get(&format!("/cases/{id}")).await.expect(200).text();
    assert!(timeline.contains("认定责任") && timeline.contains("顾客同意"), "{timeline}");
}
