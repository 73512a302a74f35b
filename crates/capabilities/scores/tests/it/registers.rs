use db::Db;
use scores::registers::{self, own_kind};
use serde_json::json;
use testapp::TestApp;

use crate::board::capabilities;

#[testkit::db_test]
async fn a_register_says_what_is_missing_and_what_ends(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.as_user("quality").await;
    let unit = app.unit("S1").to_string();
    let visit = json!({ "kind": "site_visit", "unit": unit, "title": "巡店", "met": "on", "happened_on": "2026-11-20", "valid_until": "2027-01-10" });
    quality.json("POST", "/api/v1/score/records", &[], &visit).await.expect(201);
    let all = quality.get("/api/v1/score/registers?unit=EAST").await.expect(200).json();
    let outlets = all.as_array().unwrap().iter().find(|one| one["code"] == "outlets").unwrap();
    let visits = &outlets["kinds"][0];
    assert_eq!(
        (&visits["have"], &visits["needed"], &visits["missing_stores"]),
        (&json!(1), &json!(2), &json!([app.unit("S2").to_string()]))
    );
    assert_eq!((&visits["ending_30"], &visits["ending_60"], &visits["ending_90"]), (&json!(0), &json!(1), &json!(1)));
    let page = quality.get("/score/registers/outlets?unit=EAST").await.expect(200).plain();
    assert!(page.contains("有效 1 / 应有 2") && page.contains("二店"), "{page}");
    app.as_user("boss1").await.get("/score/registers?unit=EAST").await.expect(404);
    quality.get("/score/registers/nothing").await.expect(404);
    for group in registers::groups() {
        quality.get(&format!("/score/registers/{}", group.code)).await.expect(200);
    }
}

#[testkit::db_test]
async fn a_paste_is_taken_whole_or_not_at_all(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.as_user("quality").await;
    let wrong = "类型,门店编码,工号,标题,发生日期,有效至\n岗位资格,S1,tech1,维修工证,2026-10-01,2027-10-01\n岗位资格,S1,nobody,维修工证,2026-13-01,\n";
    let right = "类型\t门店编码\t工号\t标题\t发生日期\n岗位资格\tS1\ttech1\t维修工证\t2026/10/01\n网点检查\tS2\t\t季度巡店\t2026-11-01\n";
    let looked = quality.post("/score/records/paste", &[("text", wrong), ("save", "yes")]).await.expect(422).plain();
    assert!(looked.contains("1 行正确，1 行有误"), "{looked}");
    let listed = quality.get("/api/v1/score/records").await.expect(200).json();
    assert_eq!(listed["items"], json!([]));
    let looked = quality.post("/score/records/paste", &[("text", right)]).await.expect(200).plain();
    assert!(looked.contains("2 行正确，0 行有误"), "{looked}");
    quality.post("/score/records/paste", &[("text", right), ("save", "yes")]).await.expect(303);
    let listed = quality.get("/api/v1/score/records").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
}

#[testkit::db_test]
async fn an_event_outside_waits_for_one_answer(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    assert!(own_kind("outside_event").is_some());
    let quality = app.as_user("quality").await;
    let unit = app.unit("HQ").to_string();
    let event =
        json!({ "kind": "outside_event", "unit": unit, "title": "媒体报道翻新机", "happened_on": "2026-11-21" });
    let id = quality.json("POST", "/api/v1/score/records", &[], &event).await.expect(201).json();
    let page = quality.get("/score/registers").await.expect(200).plain();
    assert!(page.contains("1 件待应对"), "{page}");
    let path = format!("/api/v1/score/records/{}/answer", id["id"].as_str().unwrap());
    quality.json("POST", &path, &[], &json!({ "answer": " " })).await.expect(422);
    quality.json("POST", &path, &[], &json!({ "answer": "已公开进货渠道并回函" })).await.expect(204);
    quality.json("POST", &path, &[], &json!({ "answer": "又答一次" })).await.expect(409);
    let page = quality.get("/score/registers/outside").await.expect(200).plain();
    assert!(page.contains("已公开进货渠道并回函"), "{page}");
}
