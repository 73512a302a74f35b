//! Pages of tasks, checks, follow-ups, links and taking back, without scripts.

use db::Db;
use serde_json::json;

use crate::pages::{give, hidden, plain, taken_in};
use crate::shop::*;

#[testkit::db_test]
async fn a_task_goes_from_the_case_to_the_department_and_back(db: Db) {
    let app = shop(db).await;
    let case = taken_in(&app).await;
    let me = app.user("clerk1").to_string();
    give(&app, "clerk1", &case, "accept", &[("owner", &me), ("priority", "normal"), ("kind", "inquiry")])
        .await
        .expect(303);
    let clerk = app.as_user("clerk1").await;
    let new = format!("{case}/tasks/new");
    insta::assert_snapshot!("task_new_zh", plain(&clerk.get(&new).await.expect(200).main()));
    let wrong = clerk.post(&new, &[("title", ""), ("to", "unit:x"), ("due", "at"), ("at", "")]).await.expect(422);
    for name in ["要做的事", "请谁做", "时间"] {
        assert!(wrong.text().contains(&format!("{name}：")), "the summary names the field {name}");
    }
    let office = format!("unit:{}", app.unit("QA"));
    let fields = [("title", "查这一批主板"), ("body", "3 月批次"), ("to", &*office), ("due", "4h")];
    let given = clerk.post(&new, &fields).await.expect(303);
    assert_eq!(given.location(), format!("{case}?done=task-given#tasks"));
    // Resolving asks in place for what is missing, and keeps what was typed.
    let resolve = clerk.get(&format!("{case}/do/resolve")).await.expect(409);
    insta::assert_snapshot!("resolve_waits_zh", plain(&resolve.main()));
    let quality = app.as_user("quality").await;
    let list = quality.get("/tasks?view=all").await.expect(200);
    insta::assert_snapshot!("tasks_zh", plain(&list.main()));
    insta::assert_snapshot!(
        "tasks_en",
        plain(&quality.clone().in_english().get("/tasks?view=all").await.expect(200).main())
    );
    let text = list.text();
    let id = text.split("href=\"/tasks/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = quality.get(&format!("/tasks/{id}")).await.expect(200);
    insta::assert_snapshot!("task_zh", plain(&page.main()));
    quality.get(&format!("/tasks/{id}/clock")).await.expect(200);
    quality.post(&format!("/tasks/{id}/finish"), &[("text", "x")]).await.expect(428);
    let empty = [("version", "1"), ("text", " "), ("seen.state", "open")];
    assert!(quality.post(&format!("/tasks/{id}/finish"), &empty).await.expect(422).text().contains("内容："));
    let done = [("version", "1"), ("text", "批次正常"), ("seen.state", "open")];
    quality.post(&format!("/tasks/{id}/finish"), &done).await.expect(303);
    let late = quality.post(&format!("/tasks/{id}/return"), &done).await.expect(412);
    assert!(late.text().contains("批次正常"), "nothing that was typed is lost");
    app.as_user("clerk3").await.get(&format!("/tasks/{id}")).await.expect(404);
    app.as_user("clerk3").await.post(&format!("/tasks/{id}/accept"), &[("version", "2")]).await.expect(404);
    clerk.get(&format!("{case}/do/resolve")).await.expect(200);
}

#[testkit::db_test]
async fn what_was_just_done_is_taken_back_from_its_message(db: Db) {
    let app = shop(db).await;
    let case = taken_in(&app).await;
    let me = app.user("clerk1").to_string();
    let accepted =
        give(&app, "clerk1", &case, "accept", &[("owner", &me), ("priority", "high"), ("kind", "repair")]).await;
    let clerk = app.as_user("clerk1").await;
    let page = clerk.get(accepted.expect(303).location()).await.expect(200);
    let action = format!("{case}/back/2");
    assert_eq!(page.text().matches(&format!("action=\"{action}\"")).count(), 2, "in the message and beside the steps");
    let plain_page = clerk.get(&case).await.expect(200);
    assert_eq!(plain_page.text().matches(&format!("action=\"{action}\"")).count(), 1);
    app.as_user("clerk3").await.post(&action, &[]).await.expect(404);
    clerk.post(&action, &[]).await.expect(303);
    clerk.post(&action, &[]).await.expect(412);
}

#[testkit::db_test]
async fn of_two_who_accept_the_second_chooses_the_owner(db: Db) {
    let app = shop(db).await;
    let case = taken_in(&app).await;
    let clerk = app.as_user("clerk1").await;
    let path = format!("{case}/do/accept");
    let page = clerk.get(&path).await.expect(200);
    let (me, boss) = (app.user("clerk1").to_string(), app.user("boss1").to_string());
    let fields = ["version", "seen.state", "seen.owner", "seen.team", "seen.priority", "seen.kind", "seen.at"];
    let seen = fields.map(|field| (field, hidden(&page, field)));
    give(&app, "boss1", &case, "accept", &[("owner", &boss), ("priority", "normal"), ("kind", "repair")])
        .await
        .expect(303);
    let mut mine: Vec<(&str, &str)> = seen.iter().map(|(name, value)| (*name, &**value)).collect();
    mine.extend([("owner", &*me), ("priority", "normal"), ("kind", "repair")]);
    let clash = clerk.post(&path, &mine).await.expect(412);
    insta::assert_snapshot!("conflict_accept_zh", plain(&clash.main()));
    let version = hidden(&clash, "version");
    mine[0].1 = &version;
    mine.push(("take-owner", "mine"));
    clerk.post(&path, &mine).await.expect(303);
    assert!(clerk.get(&case).await.expect(200).text().contains("负责人 林晓敏"));
}

#[testkit::db_test]
async fn checks_follow_ups_and_links_through_plain_forms(db: Db) {
    let app = shop(db).await;
    let (case, other) = (taken_in(&app).await, taken_in(&app).await);
    let tech = app.user("tech1").to_string();
    give(&app, "boss1", &case, "accept", &[("owner", &tech), ("priority", "normal"), ("kind", "repair")])
        .await
        .expect(303);
    let plan = [("findings", "继电器老化"), ("options.0.text", "更换")];
    give(&app, "tech1", &case, "propose", &plan).await.expect(200);
    give(&app, "clerk1", &case, "confirm", &[("option", "1"), ("proof", "phone"), ("note", "来电同意")])
        .await
        .expect(303);
    give(&app, "tech1", &case, "resolve", &[("outcome", "fixed"), ("cause", "product"), ("note", "已更换")])
        .await
        .expect(303);
    // A technician is not asked for the manager's reason, and a sole choice is no question.
    let close = app.as_user("tech1").await.get(&format!("{case}/do/close")).await.expect(200);
    assert!(!close.text().contains("name=\"reason\""));
    assert_eq!(hidden(&close, "by"), "customer");
    give(&app, "tech1", &case, "close", &[("by", "customer"), ("proof", "phone"), ("note", "好了")]).await.expect(303);
    app.clock.advance(7 * DAY);
    let clerk = app.as_user("clerk1").await;
    let bench = clerk.get("/").await.expect(200);
    assert!(bench.text().contains(&format!("{case}/check")), "due checks stand on the workbench");
    let check = format!("{case}/check");
    insta::assert_snapshot!("check_zh", plain(&clerk.get(&check).await.expect(200).main()));
    clerk.post(&check, &[("result", "failed"), ("note", "")]).await.expect(422);
    let failed = clerk.post(&check, &[("result", "failed"), ("note", "又停了")]).await.expect(303);
    assert!(failed.location().ends_with("?done=check-failed"));
    clerk.post(&check, &[("result", "worked")]).await.expect(409);
    let follow = format!("{case}/follow-up");
    clerk.get(&follow).await.expect(200);
    clerk.post(&follow, &[("subject", "洗衣机"), ("body", "")]).await.expect(422);
    clerk.post(&follow, &[("subject", "洗衣机"), ("body", "又停了")]).await.expect(303);
    let related = format!("{other}/related");
    clerk.get(&related).await.expect(200);
    clerk.post(&related, &[("kind", "related"), ("number", "FW00000000-0000")]).await.expect(422);
    let page = clerk.get(&case).await.expect(200);
    insta::assert_snapshot!(
        "detail_followed_en",
        plain(&clerk.clone().in_english().get(&case).await.expect(200).main())
    );
    let number = page.text().split("FW").nth(1).unwrap().get(..13).map(|rest| format!("FW{rest}")).unwrap();
    clerk.post(&related, &[("kind", "related"), ("number", &number)]).await.expect(303);
    clerk.post(&related, &[("kind", "related"), ("number", &number)]).await.expect(422);
    let id = case.rsplit('/').next().unwrap().to_owned();
    clerk.post(&related, &[("kind", "related"), ("remove", &id)]).await.expect(303);
}

#[testkit::db_test]
async fn programs_do_it_too(db: Db) {
    let app = shop(db).await;
    let case = taken_in(&app).await;
    let id = case.rsplit('/').next().unwrap().to_owned();
    let clerk = app.as_user("clerk1").await;
    let api = format!("/api/v1/cases/{id}");
    let version = |n: i64| [("if-match", if n == 1 { "\"v1\"" } else { "\"v2\"" })];
    clerk.json("POST", &format!("{api}/accept"), &version(1), &json!({})).await.expect(200);
    let new = json!({ "case_id": id, "title": "查批次", "to": format!("unit:{}", app.unit("QA")), "due": "2d" });
    let given = clerk.json("POST", "/api/v1/tasks", &[], &new).await.expect(201).json();
    let task = given["id"].as_str().unwrap().to_owned();
    for wrong in [json!({}), json!({ "case_id": id, "to": "QA", "due": "soon" }), json!({ "case_id": "x" })] {
        clerk.json("POST", "/api/v1/tasks", &[], &wrong).await.expect(422);
    }
    let quality = app.as_user("quality").await;
    let act = format!("/api/v1/tasks/{task}/finish");
    quality.json("POST", &act, &[], &json!({ "text": "正常" })).await.expect(428);
    quality.json("POST", &act, &version(1), &json!({})).await.expect(422);
    let done = quality.json("POST", &act, &version(1), &json!({ "text": "正常" })).await.expect(200).json();
    assert_eq!(done["state"], "done");
    quality.json("POST", &act, &version(2), &json!({ "text": "正常" })).await.expect(409);
    app.as_user("clerk3").await.json("POST", &act, &version(2), &json!({ "text": "x" })).await.expect(404);
    let whole = clerk.get(&api).await.expect(200).json();
    assert_eq!((&whole["tasks"][0]["state"], &whole["takes_back"]["command"]), (&json!("done"), &json!("accept")));
    let back = format!("{api}/take-back");
    app.as_user("clerk3").await.json("POST", &back, &version(2), &json!({})).await.expect(404);
    clerk.json("POST", &back, &[], &json!({})).await.expect(428);
    let taken = clerk.json("POST", &back, &version(2), &json!({})).await.expect(200).json();
    assert_eq!(taken["state"], "new");
    clerk.json("POST", &format!("{api}/follow-up"), &[], &json!({ "body": "x" })).await.expect(409);
    clerk.json("POST", &format!("{api}/check"), &[], &json!({ "result": "worked" })).await.expect(409);
    clerk.json("POST", &format!("{api}/check"), &[], &json!({ "result": "fine" })).await.expect(422);
    clerk.json("POST", &format!("{api}/related"), &[], &json!({ "other_id": id, "kind": "related" })).await.expect(422);
    clerk.get("/api/v1/tasks?view=given").await.expect(200);
    clerk.get("/api/v1/tasks?view=nobody").await.expect(422);
    clerk.get("/api/v1/tasks/5").await.expect(404);
    clerk.get("/api/v1/checks").await.expect(200);
}
