//! What customers said, what was done because of it, and whether it helped.

use cases::domain::Kind;
use db::Db;
use feedback::app::{self, ImprovementDraft};
use feedback::domain::{Labels, Sentiment};
use feedback::store::improve::State;
use kernel::{FaultKind, Id, of};
use serde_json::json;
use testapp::TestApp;

use crate::shop::{says, shop};

const DAY: i64 = 86_400_000;

fn draft(app: &TestApp, title: &str) -> ImprovementDraft {
    ImprovementDraft {
        title: title.into(),
        owner: app.user("boss1"),
        due_on: "2027-01-31".parse().unwrap(),
        category: Some("attitude".into()),
        state: State::Open,
        said: None,
        did: None,
    }
}

async fn told(app: &TestApp, text: &str) -> Id<of::Case> {
    let case = says(app, "clerk1", "S1", Kind::Feedback, text).await;
    let labels =
        Labels { category: Some("attitude".into()), sentiment: Sentiment::Negative, urgent: false, spam: false };
    let version = app::get(&app.ctx("clerk1").await, case).await.unwrap().entry.item.version;
    app::label(&app.ctx("clerk1").await, case, version, labels).await.unwrap();
    case
}

#[testkit::db_test]
async fn a_text_becomes_an_improvement_whose_effect_is_measured(db: Db) {
    let app = shop(db).await;
    let mut first = None;
    for n in 0..12 {
        app.clock.advance(2 * DAY);
        let case = told(&app, &format!("等了太久，第 {n} 次了")).await;
        first.get_or_insert(case);
    }
    let (first, boss) = (first.unwrap(), app.ctx("boss1").await);
    let id = app::begin(&boss, first, draft(&app, "周末多排一个人")).await.unwrap();
    let second = told(&app, "又等了很久").await;
    app::tie(&boss, second, id).await.unwrap();
    app::tie(&boss, second, id).await.unwrap();
    let whole = app::improvement(&boss, id).await.unwrap();
    assert_eq!((whole.cases.len(), whole.effect.is_none()), (2, true), "nothing is measured before it is done");

    app.clock.advance(2 * DAY);
    let done = ImprovementDraft { state: State::Done, ..draft(&app, "周末多排一个人") };
    app::change_improvement(&boss, id, 1, done.clone()).await.unwrap();
    assert_eq!(app::change_improvement(&boss, id, 1, done).await.unwrap_err().kind(), FaultKind::Stale);
    app.clock.advance(15 * DAY);
    told(&app, "这次还行").await;
    let effect = app::improvement(&boss, id).await.unwrap().effect.unwrap();
    assert_eq!((effect.before.len(), effect.after.len()), (8, 2), "a week that is not over is not counted");
    assert!(effect.before.iter().sum::<i64>() >= 11 && effect.after.iter().sum::<i64>() <= 1);

    let page = app.as_user("boss1").await;
    assert!(page.get(&format!("/improvements/{id}")).await.expect(200).plain().contains("n = "));
    assert!(page.get("/improvements").await.expect(200).plain().contains("周末多排一个人"));
    page.get(&format!("/feedback/{first}")).await.expect(200);
    app.as_user("boss3").await.get(&format!("/improvements/{id}")).await.expect(404);
    let elsewhere = says(&app, "clerk3", "S3", Kind::Feedback, "三店也慢").await;
    let quality = app.ctx("quality").await;
    assert!(app::tie(&quality, elsewhere, id).await.unwrap_err().fields().of("improvement").is_some());
}

#[testkit::db_test]
async fn the_public_sees_it_once_it_is_done_and_names_nobody(db: Db) {
    let app = shop(db).await;
    let case = told(&app, "椅子太少").await;
    let (clerk, boss) = (app.ctx("clerk1").await, app.ctx("boss1").await);
    let id = app::begin(&clerk, case, draft(&app, "加椅子")).await.unwrap();
    for bad in ["打 13800005678 问", "li@example.com 说"] {
        let named = ImprovementDraft { said: Some(bad.into()), ..draft(&app, "加椅子") };
        let refused = app::change_improvement(&clerk, id, 1, named).await.unwrap_err();
        assert_eq!(refused.fields().of("said").unwrap().code, "feedback-personal");
    }
    assert_eq!(app::publish(&clerk, id, 1, true).await.unwrap_err().kind(), FaultKind::Forbidden);
    let refused = app::publish(&boss, id, 1, true).await.unwrap_err();
    assert!(refused.fields().of("said").is_some() && refused.fields().of("did").is_some());
    let words = ImprovementDraft {
        said: Some("等候区<b>椅子太少".into()),
        did: Some("加了 6 把椅子".into()),
        ..draft(&app, "加椅子")
    };
    app::change_improvement(&clerk, id, 1, words.clone()).await.unwrap();
    assert_eq!(app::publish(&boss, id, 2, true).await.unwrap_err().code(), "feedback-not-done");
    app::change_improvement(&clerk, id, 2, ImprovementDraft { state: State::Done, ..words.clone() }).await.unwrap();
    app::publish(&boss, id, 3, true).await.unwrap();
    let lang = app.house.portal.len();
    assert_eq!(lang, 1, "it stands on the store's page");
    assert_eq!(app::published(&boss, app.unit("S1")).await.unwrap().len(), 1);
    assert!(app::published(&boss, app.unit("S3")).await.unwrap().is_empty());
    // Other words are not what was approved.
    let other = ImprovementDraft { state: State::Done, did: Some("加了 8 把".into()), ..words };
    app::change_improvement(&clerk, id, 4, other).await.unwrap();
    assert!(app::published(&boss, app.unit("S1")).await.unwrap().is_empty());

    let visitor = app.as_user("boss1").await;
    let new = json!({"title": "API", "owner": app.user("boss1").to_string(), "due_on": "2027-02-01"});
    let made =
        visitor.json("POST", &format!("/api/v1/feedback/{case}/improvements"), &[], &new).await.expect(201).json();
    let path = format!("/api/v1/improvements/{}", made["id"].as_str().unwrap());
    visitor.json("PATCH", &path, &[], &new).await.expect(428);
    visitor.json("PATCH", &path, &[("if-match", "\"v1\"")], &json!({"title": ""})).await.expect(422);
    visitor.json("POST", &format!("{path}/publish"), &[("if-match", "\"v1\"")], &json!({"on": true})).await.expect(422);
    visitor.get("/api/v1/improvements?state=open").await.expect(200);
    let form = [("title", ""), ("owner", ""), ("due_on", "")];
    visitor.post(&format!("/feedback/{case}/improvements"), &form).await.expect(422);
}
