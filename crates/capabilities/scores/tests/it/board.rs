use capability::Capability;
use cases::app::Intake;
use cases::domain::{Channel, Kind};
use db::Db;
use kernel::{FaultKind, Timestamp};
use scores::app::{self, Draft, Said};
use scores::domain::SCHEME;
use serde_json::{Value, json};
use testapp::TestApp;

pub(crate) fn capabilities() -> Vec<Capability> {
    vec![
        approvals::capability(),
        notices::capability(),
        parties::capability(),
        cases::capability(),
        surveys::capability(),
        feedback::capability(),
        emotion::capability(),
        complaints::capability(),
        scores::capability(),
    ]
}

async fn figure(app: &TestApp, unit: &str, clause: &str) -> (i64, i64, String) {
    let unit = app.unit(unit);
    let live = app
        .house
        .db
        .read(unit, |tx, unit| Box::pin(async move { scores::store::live(tx, SCHEME, *unit).await }))
        .await
        .unwrap()
        .unwrap();
    let figure = live.stored.figures.get(clause).unwrap();
    (figure.low, figure.high, figure.state.clone())
}

fn nothing() -> String {
    "no_data".to_owned()
}

#[testkit::db_test]
async fn no_data_earns_nothing_and_a_fact_shows_within_a_minute(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.as_user("quality").await;
    let empty = quality.get("/score").await.expect(200).plain();
    assert!(empty.contains("还没有算过分"), "{empty}");
    app::recalculate(&app.ctx("quality").await).await.unwrap();
    assert_eq!(figure(&app, "HQ", "5.3.1.3").await, (0, 0, nothing()));
    let page = quality.get("/score").await.expect(200).plain();
    assert!(page.contains("46/47"), "{page}");

    let intake = Intake {
        store: app.unit("S1"),
        kind: Kind::Repair,
        channel: Channel::Counter,
        subject: "不制冷".to_owned(),
        ..Intake::default()
    };
    cases::app::take_in(&app.ctx("clerk1").await, intake).await.unwrap();
    app.clock.set("2026-11-22T06:33:00Z".parse().unwrap());
    app.run_jobs().await;
    // The case has neither customer nor product: there is data now, and it earns nothing.
    assert_eq!(figure(&app, "S1", "5.3.1.3").await, (0, 0, "data".to_owned()));
    assert_eq!(figure(&app, "S2", "5.3.1.3").await, (0, 0, nothing()));
    let walk = quality.get("/score/items/5.3.1.3").await.expect(200).plain();
    assert!(walk.contains("0 ÷ 1"), "{walk}");
}

#[testkit::db_test]
async fn a_certificate_counts_from_its_entry_to_its_last_day(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.ctx("quality").await;
    app::recalculate(&quality).await.unwrap();
    let person = app.user("boss1");
    let draft = Draft {
        kind: "asm_certificate".into(),
        unit: Some(app.unit("HQ")),
        person: Some(person),
        title: "售后服务管理师证书".into(),
        met: true,
        happened_on: Some("2026-10-01".parse().unwrap()),
        valid_until: Some("2026-11-23".parse().unwrap()),
        ..Draft::default()
    };
    // Nobody who has one, none asked of nobody, no day to come.
    let wrong = Draft { person: None, happened_on: Some("2026-11-24".parse().unwrap()), ..draft.clone() };
    let fields = app::enter(&quality, &wrong).await.unwrap_err();
    assert!(fields.fields().of("person").is_some() && fields.fields().of("happened_on").is_some());
    app::enter(&quality, &draft).await.unwrap();
    // Few manage service here: one certificate is ten per cent of them.
    assert_eq!(figure(&app, "HQ", "5.1.2.2").await, (50, 50, "data".to_owned()));
    let records = app.as_user("quality").await.get("/score/records").await.expect(200).plain();
    assert!(records.contains("迟录"), "entered late: {records}");

    // Nothing is deleted, but time passes; the next day says why it moved.
    app.clock.set("2026-11-24T01:00:00Z".parse::<Timestamp>().unwrap());
    app.run_jobs().await;
    assert_eq!(figure(&app, "HQ", "5.1.2.2").await, (0, 0, "data".to_owned()));
    let page = app.as_user("quality").await.get("/score").await.expect(200).plain();
    assert!(page.contains("−5") && page.contains("1 ÷ 1 → 0 ÷ 1"), "{page}");
}

#[testkit::db_test]
async fn a_judgement_has_a_reason_a_name_and_an_end(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.ctx("quality").await;
    let company = app.unit("HQ");
    let none = app::say(&quality, company, "5.2.2.4", Said::Earns(80), " ").await.unwrap_err();
    assert!(none.fields().of("reason").is_some());
    let half = app::say(&quality, company, "5.1.1.1", Said::Earns(50), "一半").await.unwrap_err();
    assert!(half.fields().of("percent").is_some(), "met or not");
    let away = app::say(&quality, company, "5.3.2.2", Said::Away, "没有投诉").await.unwrap_err();
    assert!(away.fields().of("what").is_some());
    app::say(&quality, company, "5.2.2.4", Said::Earns(80), "抽查 10 单").await.unwrap();
    assert_eq!(figure(&app, "HQ", "5.2.2.4").await, (16, 16, "assessor".to_owned()));
    // It holds in the stores, too.
    assert_eq!(figure(&app, "S1", "5.2.2.4").await.2, "assessor");
    app::say(&quality, company, "5.2.3.1", Said::Away, "不提供送货").await.unwrap();
    assert_eq!(figure(&app, "HQ", "5.2.3.1").await.2, "not_applicable");
    let page = app.as_user("boss1").await.get("/score/items/5.2.2.4").await.expect(200).plain();
    assert!(page.contains("抽查 10 单"), "a store sees why: {page}");
    app::say(&quality, company, "5.2.2.4", Said::Records, "改由抽查登记").await.unwrap();
    assert_eq!(figure(&app, "HQ", "5.2.2.4").await.2, "no_data");
}

#[testkit::db_test]
async fn everybody_sees_their_own_scope(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    app::recalculate(&app.ctx("quality").await).await.unwrap();
    let boss = app.ctx("boss1").await;
    let seen: Vec<String> = app::seen(&boss).into_iter().map(|unit| unit.code).collect();
    assert_eq!(seen, ["S1"]);
    assert_eq!(app::chosen(&boss, "S2").unwrap_err().kind(), FaultKind::NotFound);
    assert_eq!(app::chosen(&boss, "HQ").unwrap_err().kind(), FaultKind::NotFound);
    assert_eq!(app::chosen(&app.ctx("east").await, "").unwrap().code, "EAST");
    let said = app::say(&boss, app.unit("S1"), "5.2.2.4", Said::Earns(100), "好").await.unwrap_err();
    assert_eq!(said.kind(), FaultKind::Forbidden);
    let elsewhere = app::say(&boss, app.unit("S2"), "5.2.2.4", Said::Earns(100), "好").await.unwrap_err();
    assert_eq!(elsewhere.kind(), FaultKind::NotFound);
    app.as_user("clerk1").await.get("/score").await.expect(403);
    app.as_user("boss1").await.get(&format!("/score?unit={}", app.unit("S2"))).await.expect(404);
}

fn sums(item: &Value) {
    let children = item["children"].as_array().unwrap();
    if children.is_empty() {
        return;
    }
    for key in ["points", "earned_low", "earned_high"] {
        let tenths = |value: &Value| (value[key].as_f64().unwrap() * 10.0).round();
        assert_eq!(tenths(item), children.iter().map(tenths).sum::<f64>(), "{} {key}", item["clause"]);
    }
    children.iter().for_each(sums);
}

#[testkit::db_test]
async fn programs_read_the_same_as_the_page(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    app::recalculate(&app.ctx("quality").await).await.unwrap();
    let quality = app.as_user("quality").await;
    let body = json!({ "what": "earns", "percent": 100, "reason": "现场核对" });
    let answer = quality.json("POST", "/api/v1/score/items/5.3.2.4", &[], &body).await.expect(200).json();
    assert_eq!((&answer["score_low"], &answer["score_high"]), (&json!(2.0), &json!(2.0)));
    assert_eq!((&answer["estimate"], &answer["level_high"]), (&json!(true), &Value::Null));
    answer["items"].as_array().unwrap().iter().for_each(sums);
    let again = quality.get("/api/v1/score?unit=HQ").await.expect(200).json();
    assert_eq!(again, answer);
    let refused =
        quality.json("POST", "/api/v1/score/items/5.3.2.4", &[], &json!({ "what": "earns" })).await.expect(422).json();
    assert!(refused["fields"].as_array().is_some_and(|fields| !fields.is_empty()));
}
