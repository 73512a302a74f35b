use db::Db;
use kernel::FaultKind;
use scores::app::{self, Said};
use scores::domain::SCHEME;
use scores::schemes;
use serde_json::json;
use testapp::TestApp;

use crate::board::capabilities;

/// The shipped table with two points changed between neighbours, as a licensed one would.
fn licensed() -> String {
    let text = include_str!("../../../../rules/scoring/data/gbt27922.toml");
    let text = text.replacen("version = \"2011\"", "version = \"2011-licensed\"", 1);
    let points = |text: String, clause: &str, was: &str, is: &str| {
        let at = text.find(&format!("clause = \"{clause}\"")).unwrap();
        let (head, tail) = text.split_at(at);
        head.to_owned() + &tail.replacen(was, is, 1)
    };
    let text = points(text, "5.1.1.1", "points = 3", "points = 4");
    points(text, "5.1.1.2", "points = 3", "points = 2")
}

#[testkit::db_test]
async fn a_wrong_file_names_its_line_and_changes_nothing(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let admin = app.ctx("admin").await;
    let good = licensed();
    let line_of = |text: &str, clause: &str| {
        let stands = format!("clause = \"{clause}\"");
        (text.lines().position(|line| line == stands).unwrap() + 1).to_string()
    };
    let wrong = [
        (good.replacen("points = 4\n", "points = 5\n", 1), "scores-scheme-sum", line_of(&good, "5.1.1")),
        (good.replacen("parent = \"5.1.1\"", "parent = \"5.9\"", 1), "scores-scheme-parent", line_of(&good, "5.1.1.1")),
        (
            good.replacen("record = \"head_appointed\"", "record = \"nothing\"", 1),
            "scores-scheme-record",
            line_of(&good, "5.1.1.1"),
        ),
        (
            good.replacen("cases-deadlines-on-time", "cases-nothing", 1),
            "scores-scheme-unknown",
            line_of(&good, "5.1.7.2"),
        ),
        (good.replacen("total = 100", "total = 100\nsurprise = 1", 1), "scores-scheme-read", String::new()),
        (good.replacen("2011-licensed", "2011", 1), "scores-scheme-version", String::new()),
    ];
    for (text, code, line) in wrong {
        let fault = schemes::load(&admin, &text).await.unwrap_err();
        let error = fault.fields().of("text").unwrap();
        assert_eq!(error.code, code);
        let said = error.args.iter().find(|(name, _)| *name == "line").map(|(_, value)| value.clone()).unwrap();
        assert!(said != "0" && (line.is_empty() || said == line), "{code}: line {said} instead of {line}");
    }
    let page = app.as_user("admin").await.get("/score/schemes").await.expect(200).plain();
    assert!(!page.contains("2011-licensed"), "{page}");
    let refused = schemes::load(&app.ctx("boss1").await, &good).await.unwrap_err();
    assert_eq!(refused.kind(), FaultKind::Forbidden);
}

#[testkit::db_test]
async fn a_licensed_table_counts_from_the_day_on_which_somebody_chose_it(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.ctx("quality").await;
    app::say(&quality, app.unit("HQ"), "5.1.1.1", Said::Earns(100), "有任命和职责").await.unwrap();
    let admin = app.as_user("admin").await;
    let text = licensed();
    let id = admin.json("POST", "/api/v1/score/schemes", &[], &json!({ "text": text })).await.expect(201).json();
    let id = id["id"].as_str().unwrap().to_owned();
    admin.json("POST", "/api/v1/score/schemes", &[], &json!({ "text": text })).await.expect(422);
    let beside = admin.get(&format!("/score/schemes/{id}?show=differs")).await.expect(200).plain();
    assert!(beside.contains("5.1.1.1") && beside.contains("5.1.1.2") && !beside.contains("5.3.1.1"), "{beside}");
    // Loaded is not chosen.
    let score = |answer: &serde_json::Value| answer["score_high"].as_f64().unwrap();
    let reader = app.as_user("quality").await;
    let before = reader.get("/api/v1/score").await.expect(200).json();
    assert_eq!((score(&before), &before["scheme"]), (3.0, &json!("gbt27922 2011")));

    let choice =
        |day: &str| json!({ "version": format!("{SCHEME}:{id}"), "from_day": day, "reason": "买到了正式分值表" });
    let path = "/api/v1/score/schemes/choice";
    admin.json("POST", path, &[], &choice("2026-11-21")).await.expect(422);
    admin.json("POST", path, &[], &choice("2026-11-23")).await.expect(204);
    // A second version for the same day is refused.
    admin.json("POST", path, &[], &choice("2026-11-23")).await.expect(422);
    assert_eq!(score(&reader.get("/api/v1/score").await.expect(200).json()), 3.0);
    app.clock.set("2026-11-23T02:00:00Z".parse().unwrap());
    app.run_jobs().await;
    let reader = app.as_user("quality").await;
    let after = reader.get("/api/v1/score").await.expect(200).json();
    assert_eq!((score(&after), &after["scheme"]), (4.0, &json!("gbt27922 2011-licensed")));
    let page = reader.get("/score/rules").await.expect(200).plain();
    assert!(page.contains("2011-licensed"), "{page}");
}

#[testkit::db_test]
async fn everything_works_for_a_checklist_too(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.as_user("quality").await;
    app::recalculate(&app.ctx("quality").await).await.unwrap();
    let board = quality.get("/score?scheme=patrol").await.expect(200).plain();
    assert!(board.contains("受理单填写完整") && !board.contains("网点覆盖"), "{board}");
    // Nobody has looked whether the way out is free: that fails at any score.
    assert!(board.contains("任何分数都不合格"), "{board}");
    let unit = app.unit("S1").to_string();
    let body = json!({ "scheme": "patrol", "unit": unit, "what": "earns", "percent": 100, "reason": "现场看过" });
    let said = quality.json("POST", "/api/v1/score/items/2.1", &[], &body).await.expect(200).json();
    assert_eq!(said["scheme"], json!("patrol 1"));
    assert!(said["score_high"].as_f64().unwrap() > 0.0);
    quality.get("/score/items/2.1?scheme=patrol").await.expect(200);
    quality.get("/score/items/2.1").await.expect(404);
    quality.get("/score/rules?scheme=patrol").await.expect(200);
    let plan = quality.get("/score/plan?scheme=patrol").await.expect(200).plain();
    assert!(plan.contains("还没有行动模板"), "{plan}");
    let sample =
        json!({ "kind": "counter_sample", "unit": unit, "title": "抽查 1", "met": "on", "happened_on": "2026-11-22" });
    quality.json("POST", "/api/v1/score/records", &[], &sample).await.expect(201);
    let item = quality.get(&format!("/score/items/1.1?scheme=patrol&unit={unit}")).await.expect(200).plain();
    assert!(item.contains("1 ÷ 1"), "{item}");
    quality.get("/score?scheme=nothing").await.expect(404);
}
