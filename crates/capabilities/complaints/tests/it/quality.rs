//! Who does what by topic, and reviews of handled complaints.

use complaints::domain::{Command, Severity, State, Topic};
use complaints::matrix::{self, NewMatrix, Part, Who};
use complaints::review::{self, Draw, Marked};
use db::Db;
use kernel::{Fault, FaultKind, Id, of};
use testapp::TestApp;

use crate::shop::{accept, agreed, complain, give, of, screen, shop};

/// A notice's kinds of `login`, newest first.
async fn told(app: &TestApp, login: &str) -> Vec<String> {
    let ctx = app.ctx(login).await;
    let page = notices::list(&ctx, false, None, 20).await.unwrap();
    page.rows.iter().map(|row| row.kind.to_string()).collect()
}

#[testkit::db_test]
async fn departments_are_named_asked_and_seen_late(db: Db) {
    let app = shop(db).await;
    let quality = app.ctx("quality").await;
    let now = matrix::list(&quality).await.unwrap();
    assert_eq!(now.len(), Topic::ALL.len());
    let repair = now.iter().find(|one| one.topic == Topic::Repair).unwrap();
    let mut lines = repair.lines.clone();
    lines.push(matrix::Line { part: Part::Consulted, who: Who::Unit(app.unit("QA")) });
    let new = NewMatrix { version: 1, lines: lines.clone(), reason: "维修投诉都要质量部看".into() };
    assert_eq!(matrix::change(&quality, Topic::Repair, new.clone()).await.unwrap(), 2);
    assert_eq!(matrix::change(&quality, Topic::Repair, new.clone()).await.unwrap_err().kind(), FaultKind::Stale);
    let none = NewMatrix { version: 2, lines: Vec::new(), reason: String::new() };
    let fault = matrix::change(&quality, Topic::Repair, none).await.unwrap_err();
    for field in ["responsible", "accountable", "reason"] {
        assert!(fault.fields().of(field).is_some(), "{field}");
    }
    lines.push(matrix::Line { part: Part::Accountable, who: Who::Role("finance".into()) });
    let two = NewMatrix { version: 2, lines, reason: "x".into() };
    assert!(matrix::change(&quality, Topic::Repair, two).await.unwrap_err().fields().of("accountable").is_some());

    let id = complain(&app, "clerk1", "S1", "修了两次还漏水").await;
    give(&app, "clerk1", id, screen(Severity::S3)).await.unwrap();
    let command = accept(&app, Severity::S3, "clerk1").await;
    give(&app, "boss1", id, command).await.unwrap();
    assert!(told(&app, "east").await.contains(&"complaint.informed".to_owned()), "whoever is to know is told");
    let clerk = app.as_user("clerk1").await;
    let page = clerk.get(&format!("/complaints/{id}")).await.expect(200).text();
    assert!(page.contains("责任矩阵") && page.contains("质量部") && page.contains("陈志远"), "{page}");
    assert!(page.contains("可以这样说"), "what to say stands beside it");
    let seats = clerk.get(&format!("/api/v1/complaints/{id}/matrix")).await.expect(200).json();
    let proposed: Vec<String> = seats["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|seat| seat["propose"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(proposed.len(), 2, "the technician and the department, not the handler: {seats}");
    let path = format!("/complaints/{id}/matrix");
    let give_all = [("to", &*proposed[0]), ("to", &*proposed[1]), ("title", "请说明情况"), ("due", "4h")];
    clerk.post(&path, &[("title", "请说明情况"), ("due", "4h")]).await.expect(422);
    app.as_user("clerk2").await.post(&path, &give_all).await.expect(404);
    clerk.post(&path, &give_all).await.expect(303);
    clerk.post(&path, &give_all).await.expect(303);
    let detail = complaints::app::detail(&app.ctx("clerk1").await, id).await.unwrap();
    assert_eq!(detail.tasks.len(), 2, "nobody is asked twice");
    app.clock.advance(5 * 86_400_000);
    let clerk = app.as_user("clerk1").await;
    let page = clerk.get(&format!("/complaints/{id}")).await.expect(200).text();
    assert!(page.contains("2 项协同已超时"), "{page}");
    let seats = clerk.get(&format!("/api/v1/complaints/{id}/matrix")).await.expect(200).json();
    assert!(seats.to_string().contains("\"late\":true"), "{seats}");
}

#[testkit::db_test]
async fn the_matrix_is_edited_on_its_page(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    assert!(quality.get("/complaints/matrix").await.expect(200).text().contains("安装"));
    let path = "/complaints/matrix/fees";
    let form = quality.clone().in_english().get(path).await.expect(200).text();
    assert!(form.contains("name=\"accountable\"") && form.contains("came with the product"), "{form}");
    quality.get("/complaints/matrix/nothing").await.expect(404);
    let fields = [
        ("version", "1"),
        ("responsible", "role:clerk"),
        ("responsible", "role:store_manager"),
        ("accountable", "role:region_manager"),
        ("reason", "收费争议上收"),
    ];
    quality.post(path, &fields[1..]).await.expect(428);
    quality.post(path, &fields[..4]).await.expect(422);
    quality.post(path, &fields).await.expect(303);
    assert!(quality.post(path, &fields).await.expect(412).text().contains("刚才有人改过"));
    assert!(quality.get(path).await.expect(200).text().contains("收费争议上收"));
    let clerk = app.as_user("clerk1").await;
    assert!(!clerk.get(path).await.expect(200).text().contains("name=\"accountable\""));
    clerk.post(path, &fields).await.expect(403);
    let body =
        serde_json::json!({"responsible": ["role:clerk"], "accountable": ["role:store_manager"], "reason": "改回"});
    quality.json("PATCH", &format!("/api/v1{path}"), &[], &body).await.expect(428);
    let changed = quality.json("PATCH", &format!("/api/v1{path}"), &[("if-match", "\"v2\"")], &body).await.expect(200);
    assert_eq!(changed.json()["version"], 3);
    assert_eq!(
        clerk.get("/api/v1/complaints/matrix").await.expect(200).json()["items"].as_array().map(Vec::len),
        Some(11)
    );
}

/// A complaint that `clerk1` has handled to its end.
async fn closed(app: &TestApp, text: &str) -> Id<of::Case> {
    let id = complain(app, "clerk1", "S1", text).await;
    agreed(app, id, 3_000).await;
    give(app, "clerk1", id, Command::Begin).await.unwrap();
    for line in 1..=2 {
        give(app, "clerk1", id, Command::Execute { line, note: "办了".into() }).await.unwrap();
    }
    give(app, "clerk1", id, Command::Finish { answer: "都办好了".into() }).await.unwrap();
    let call = Command::CallBack { holds: true, satisfaction: Some(5), note: "满意".into() };
    give(app, "boss1", id, call).await.unwrap();
    assert_eq!(of(app, id).await.0.state, State::Closed);
    id
}

fn wanted(app: &TestApp, size: i64) -> Draw {
    let now = app.clock.now();
    Draw { from: now.plus(-86_400_000), before: now.plus(86_400_000), store: None, size, seed: 20_261_122 }
}

fn marks(points: [Option<i64>; 5]) -> Marked {
    Marked {
        marks: points.map(|points| (points, None)).to_vec(), comment: "复述做得好，证据少一段录音".into()
    }
}

#[testkit::db_test]
async fn a_second_person_marks_a_stated_sample(db: Db) {
    let app = shop(db).await;
    let (quality, clerk) = (app.ctx("quality").await, app.ctx("clerk1").await);
    let nothing = review::draw(&quality, wanted(&app, 3)).await.unwrap_err();
    assert_eq!(nothing.code(), "complaints-review-none");
    let id = closed(&app, "第一件").await;
    closed(&app, "第二件").await;
    assert!(matches!(review::draw(&clerk, wanted(&app, 1)).await, Err(fault) if fault.kind() == FaultKind::Forbidden));
    assert_eq!(review::draw(&quality, wanted(&app, 1)).await.unwrap(), (1, 2));
    assert_eq!(review::draw(&quality, wanted(&app, 5)).await.unwrap(), (1, 1), "what was drawn is not drawn again");
    let found = review::list(&quality, review::Filter::default(), None, 1).await.unwrap();
    assert_eq!((found.rows.len(), found.counts[0], found.next.is_some()), (1, 2, true));
    let after = review::list(&quality, review::Filter::default(), found.next, 1).await.unwrap();
    assert_ne!(after.rows[0].id, found.rows[0].id);
    let both = [found.rows[0].clone(), after.rows[0].clone()];
    let first = both.iter().find(|one| one.case == id).unwrap();

    // Who handled it does not know that it was drawn, and does not mark it.
    assert_eq!(review::whole(&clerk, first.id).await.unwrap_err().kind(), FaultKind::NotFound);
    assert!(review::of_case(&clerk, id).await.unwrap().is_none());
    let none = review::mark(&quality, first.id, 1, marks([None; 5])).await.unwrap_err();
    assert!(none.fields().of("points1").is_some());
    let given = marks([Some(5), Some(3), Some(4), Some(5), None]);
    // (20×5 + 25×3 + 20×4 + 20×5) ÷ (85×5)
    assert_eq!(review::mark(&quality, first.id, 1, given.clone()).await.unwrap(), 8_353);
    assert_eq!(review::mark(&quality, first.id, 1, given.clone()).await.unwrap_err().kind(), FaultKind::Stale);
    assert_eq!(review::mark(&quality, first.id, 2, given).await.unwrap_err().code(), "complaints-review-done");
    assert!(told(&app, "clerk1").await.contains(&"complaint.reviewed".to_owned()));
    assert_eq!(app.metric("complaints-reviewed").await, Some(1));
    assert_eq!(app.metric("complaints-review-score").await, Some(8_353));

    let whole = review::whole(&clerk, first.id).await.unwrap();
    assert!(whole.may_answer && !whole.may_mark);
    assert_eq!(review::answer(&quality, first.id, 2, "x".into()).await.unwrap_err().kind(), FaultKind::NotFound);
    review::answer(&clerk, first.id, 2, "录音在附件里".into()).await.unwrap();
    assert_eq!(
        review::answer(&clerk, first.id, 3, "再说".into()).await.unwrap_err().code(),
        "complaints-review-answered"
    );
    assert!(told(&app, "quality").await.contains(&"complaint.review_answered".to_owned()));
    let scored = review::Filter { show: review::Show::Scored, ..review::Filter::default() };
    let found = review::list(&quality, scored, None, 9).await.unwrap();
    assert_eq!((found.stores[0].mean, found.stores[0].n, found.handlers[0].n), (8_353, 1, 1));
    let south = app.ctx("clerk3").await;
    assert!(review::list(&south, review::Filter::default(), None, 9).await.unwrap().rows.is_empty());
}

#[testkit::db_test]
async fn whoever_had_to_do_with_it_does_not_mark_it(db: Db) {
    let app = shop(db).await;
    let id = complain(&app, "clerk1", "S1", "区域经理自己处理的").await;
    agreed(&app, id, 3_000).await;
    let east = app.user("east");
    app.house
        .db
        .write((id, east), |tx, (id, east)| {
            Box::pin(async move {
                let mut one = complaints::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
                (one.state, one.ended_at, one.owner) = (State::Closed, one.agreed_at, Some(*east));
                Ok::<_, Fault>(complaints::store::save(tx, &one).await?)
            })
        })
        .await
        .unwrap();
    let ctx = app.ctx("east").await;
    review::draw(&ctx, wanted(&app, 1)).await.unwrap();
    let found = review::list(&ctx, review::Filter::default(), None, 9).await.unwrap();
    let one = found.rows[0].id;
    assert!(!review::whole(&ctx, one).await.unwrap().may_mark);
    let fault = review::mark(&ctx, one, 1, marks([Some(5); 5])).await.unwrap_err();
    assert_eq!(fault.code(), "complaints-review-own");
}

#[testkit::db_test]
async fn reviews_are_drawn_marked_and_answered_on_pages(db: Db) {
    let app = shop(db).await;
    closed(&app, "<i>页面</i>").await;
    let quality = app.as_user("quality").await;
    let clerk = app.as_user("clerk1").await;
    assert!(quality.get("/complaints/reviews").await.expect(200).text().contains("没有待评的"));
    quality.clone().in_english().get("/complaints/reviews/new").await.expect(200);
    clerk.get("/complaints/reviews/new").await.expect(403);
    let day = "2026-11-22";
    quality
        .post("/complaints/reviews", &[("from", day), ("to", "2026-11-20"), ("size", "3"), ("seed", "7")])
        .await
        .expect(422);
    quality
        .post("/complaints/reviews", &[("from", "2026-01-01"), ("to", "2026-01-02"), ("size", "3"), ("seed", "7")])
        .await
        .expect(409);
    quality.post("/complaints/reviews", &[("from", day), ("to", day), ("size", "3"), ("seed", "7")]).await.expect(303);
    let listed = quality.get("/api/v1/complaints/reviews").await.expect(200).json();
    let path = format!("/complaints/reviews/{}", listed["items"][0]["id"].as_str().unwrap());
    let page = quality.get(&path).await.expect(200).text();
    assert!(page.contains("种子 7") && page.contains("&#60;i&#62;页面"), "{page}");
    clerk.get(&path).await.expect(404);
    quality.post(&path, &[("version", "1"), ("points1", "9")]).await.expect(422);
    let body = serde_json::json!({"points1": "5", "points2": "none", "points3": "4", "points4": "4", "points5": "3", "comment": "好"});
    quality.json("POST", &format!("/api/v1{path}/marks"), &[], &body).await.expect(428);
    let marked =
        quality.json("POST", &format!("/api/v1{path}/marks"), &[("if-match", "\"v1\"")], &body).await.expect(200);
    assert_eq!(marked.json()["marks"][1]["points"], serde_json::Value::Null);
    let mine = clerk.get("/complaints/reviews").await.expect(200).text();
    assert!(mine.contains(&path), "{mine}");
    assert!(clerk.get(&path).await.expect(200).text().contains("name=\"answer\""));
    clerk.post(&format!("{path}/answer"), &[("version", "2"), ("answer", "")]).await.expect(422);
    clerk.post(&format!("{path}/answer"), &[("version", "2"), ("answer", "谢谢")]).await.expect(303);
    assert!(quality.get("/complaints/reviews?show=answered").await.expect(200).text().contains(&path));

    quality.get("/complaints/reviews/sheet").await.expect(200);
    let sheet =
        [("version", "1"), ("name_zh1", "及时"), ("name_en1", "In time"), ("weight1", "40"), ("reason", "精简")];
    clerk.post("/complaints/reviews/sheet", &sheet).await.expect(403);
    quality.post("/complaints/reviews/sheet", &sheet[..4]).await.expect(422);
    quality.post("/complaints/reviews/sheet", &sheet).await.expect(303);
    quality.post("/complaints/reviews/sheet", &sheet).await.expect(412);
    assert!(quality.get("/complaints/reviews/sheet").await.expect(200).text().contains("精简"));
}
