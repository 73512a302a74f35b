//! Guides: shipped ones, changes with versions, pages and API, on both engines.
#![cfg(test)]

use capability::Capability;
use db::Db;
use guides::app;
use guides::domain::{Emotion, Kind, Situation, Stage};
use testapp::TestApp;

fn capabilities() -> Vec<Capability> {
    vec![guides::capability()]
}

#[testkit::db_test]
async fn shipped_guides_meet_situations(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let clerk = app.ctx("clerk1").await;
    let all = app::list(&clerk, false).await.unwrap();
    assert!(all.len() >= 24 && all.iter().all(|guide| !guide.body_en.is_empty() && guide.by.is_none()));
    let plain = Situation { stage: Some(Stage::Offer), topic: Some("refund".into()), ..Situation::default() };
    let found = app::guides_for(&clerk, &plain, 6).await.unwrap();
    assert_eq!(found.first().and_then(|guide| guide.fits.topic.as_deref()), Some("refund"), "the closest first");
    assert!(found.iter().all(|guide| guide.fits.kind != Kind::Calming));
    let angry = Situation { emotion: Some(Emotion::Angry), kinds: vec![Kind::Calming], ..plain };
    let found = app::guides_for(&clerk, &angry, 6).await.unwrap();
    assert_eq!(found.len(), 2, "the one for anger and the general one: {found:?}");
    assert_eq!(found[0].fits.emotion, Some(Emotion::Angry));
    let finance = app.ctx("finance").await;
    assert!(app::guides_for(&finance, &Situation::default(), 6).await.unwrap().is_empty());
}

const NEW: [(&str, &str); 7] = [
    ("kind", "talk"),
    ("stage", "close"),
    ("title_zh", "道别<b>"),
    ("title_en", "Goodbye"),
    ("body_zh", "{store}的{me}谢谢您。\n再见"),
    ("body_en", "{me} of {store} thanks you.\nGoodbye"),
    ("topic", ""),
];

#[testkit::db_test]
async fn a_guide_is_written_changed_and_retired(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.as_user("quality").await;
    app.as_user("clerk1").await.post("/guides", &NEW).await.expect(403);
    let wrong = quality.post("/guides", &[("kind", "talk"), ("body_zh", "{name}")]).await.expect(422).text();
    assert!(wrong.contains("title_zh"), "{wrong}");
    let mut blank = NEW;
    blank[4].1 = "您好{name}";
    assert!(quality.post("/guides", &blank).await.expect(422).text().contains("「name」不会自动填上"));
    let path = quality.post("/guides", &NEW).await.expect(303).location().to_owned();
    let page = quality.get(&path).await.expect(200).text();
    assert!(page.contains("道别&#60;b&#62;") && page.contains("第 1 版"), "{page}");
    quality.get("/guides/new").await.expect(200);
    let form = quality.get(&format!("{path}/edit")).await.expect(200).text();
    assert!(form.contains("name=\"version\" value=\"1\""), "{form}");

    let edit = format!("{path}/edit");
    let mut changed: Vec<(&str, &str)> = NEW.to_vec();
    changed[3] = ("title_en", "Good-bye");
    quality.post(&edit, &changed).await.expect(428);
    changed.push(("version", "1"));
    quality.post(&edit, &changed).await.expect(303);
    changed[3] = ("title_en", "Farewell");
    quality.post(&edit, &changed).await.expect(412);
    let shown = quality.clone().in_english().get(&path).await.expect(200).text();
    assert!(shown.contains("Good-bye") && shown.contains("Version 2") && shown.contains("Version 1"), "{shown}");

    let clerk = app.as_user("clerk1").await;
    let listed = clerk.get("/guides?q=再见").await.expect(200).text();
    assert!(listed.contains("道别") && !listed.contains("/guides/new"), "{listed}");
    quality.post(&format!("{path}/retire"), &[("version", "2")]).await.expect(303);
    assert!(!clerk.get("/guides").await.expect(200).text().contains("道别"));
    assert!(clerk.get("/guides?show=retired").await.expect(200).text().contains("道别"));
    clerk.get("/guides/99").await.expect(404);
    app.as_user("finance").await.get("/guides").await.expect(403);
}

#[testkit::db_test]
async fn programs_read_and_write_guides(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.as_user("quality").await;
    let found = quality.get("/api/v1/guides?stage=offer&topic=fees&upset=true&limit=3").await.expect(200).json();
    assert_eq!(found["items"].as_array().map(Vec::len), Some(3));
    assert_eq!(found["items"][0]["topic"], "fees");
    quality.get("/api/v1/guides?stage=nowhere").await.expect(422);
    let body: serde_json::Map<String, serde_json::Value> =
        NEW.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    let body = serde_json::Value::Object(body);
    let added = quality.json("POST", "/api/v1/guides", &[], &body).await.expect(201);
    let path = format!("/api/v1/guides/{}", added.json()["id"].as_str().unwrap());
    quality.json("PATCH", &path, &[], &body).await.expect(428);
    let mut next = body.clone();
    next["emotion"] = "anxious".into();
    let changed = quality.json("PATCH", &path, &[("if-match", "\"v1\"")], &next).await.expect(200);
    assert_eq!((changed.json()["version"].as_i64(), changed.header("etag")), (Some(2), "\"v2\""));
    quality.json("PATCH", &path, &[("if-match", "\"v1\"")], &body).await.expect(412);
    let gone = quality.json("POST", &format!("{path}/retire"), &[("if-match", "\"v2\"")], &serde_json::json!({})).await;
    assert!(gone.expect(200).json()["retired_at"].is_string());
    let clerk = app.as_user("clerk1").await;
    clerk.json("POST", "/api/v1/guides", &[], &body).await.expect(403);
    assert_eq!(clerk.get(&path).await.expect(200).json()["versions"].as_array().map(Vec::len), Some(2));
    app.anybody().get("/api/v1/guides").await.expect(401);
}
