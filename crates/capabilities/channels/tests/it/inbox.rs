//! Every channel leads into the one inbox, and stands there by its kind.

use std::collections::BTreeMap;

use capability::{Capability, Event};
use cases::app::{Intake, take_in};
use cases::domain::{Channel as Way, Kind as CaseKind};
use channels::domain::Kind;
use db::Db;
use feedback::domain::Source;
use feedback::store::Filter;
use kernel::{Place, RecordRef};
use messaging::signature;
use serde_json::{Value, json};
use testapp::TestApp;

use crate::shop::{capabilities, registered};

fn with_inbox() -> Vec<Capability> {
    capabilities().into_iter().chain([feedback::capability()]).collect()
}

/// What came by each kind of channel, as the inbox tells it.
async fn inbox(app: &TestApp) -> BTreeMap<Source, i64> {
    let found = feedback::app::by_source(&app.ctx("clerk1").await, Filter::default()).await.unwrap();
    found.rows.into_iter().map(|(source, n, _)| (source, n)).collect()
}

fn signed(app: &TestApp, secret: &str, body: &Value) -> (String, String) {
    app.clock.advance(1);
    let at = app.clock.now();
    (at.millis().to_string(), signature(secret, at, &body.to_string()))
}

async fn scanned(app: &TestApp, code: &str) {
    let path = format!("/w/{code}");
    let page = app.anybody().get(&path).await.expect(200).text();
    let (_, rest) = page.split_once("name=\"stamp\" value=\"").unwrap();
    let stamp = rest.split('"').next().unwrap().to_owned();
    app.clock.advance(5_000);
    let words = format!("导购很耐心，建议多放一把椅子 {code}");
    let fields = [
        ("kind", "feedback"),
        ("words", words.as_str()),
        ("phone", "13800005678"),
        ("consent", "yes"),
        ("stamp", stamp.as_str()),
    ];
    app.anybody().post(&path, &fields).await.expect(303);
}

#[testkit::db_test]
async fn each_channel_is_in_the_inbox_by_its_kind(db: Db) {
    let app = TestApp::start_at(db, with_inbox, Some("https://service.example.com")).await;
    let boss = app.ctx("boss1").await;
    let clerk = app.ctx("clerk1").await;

    // A form and a poster.
    scanned(&app, &registered(&app, Kind::WebForm, "官网表单").await.code).await;
    scanned(&app, &registered(&app, Kind::QrPoster, "门口海报").await.code).await;

    // A call that a clerk takes up.
    let line = registered(&app, Kind::Phone, "售后热线").await;
    let secret = channels::app::new_secret(&boss, line.id).await.unwrap();
    let body = json!({"id": "c1", "state": "ringing", "from": "13800001234"});
    let (at, sign) = signed(&app, &secret, &body);
    let headers = [("x-channel", line.code.as_str()), ("x-timestamp", at.as_str()), ("x-signature", sign.as_str())];
    app.anybody().json("POST", "/api/v1/calls", &headers, &body).await.expect(200);
    let call = app.as_user("clerk1").await.get("/api/v1/calls?show=all").await.expect(200).json();
    let call = call["items"][0]["id"].as_str().unwrap().to_owned();
    let fields = [("kind", "feedback"), ("subject", "师傅没戴鞋套"), ("customer", "new"), ("name", "何先生")];
    app.as_user("clerk1").await.post(&format!("/calls/{call}/case"), &fields).await.expect(303);

    // A slip from the box, typed in with its number.
    let slips = registered(&app, Kind::SuggestionBox, "意见箱").await;
    let slip = Intake {
        store: app.unit("S1"),
        kind: CaseKind::Feedback,
        channel: Way::Counter,
        via: Some(slips.id),
        slip: Some("J-0001".into()),
        subject: "希望多放一把椅子".into(),
        ..Intake::default()
    };
    take_in(&clerk, slip).await.unwrap();

    // A shop's message.
    let shop = registered(&app, Kind::Webhook, "商城客服").await;
    let secret = channels::app::new_secret(&boss, shop.id).await.unwrap();
    let body = json!({"id": "m1", "conversation": "wx-1", "from": {"name": "小林"}, "text": "收到的锅有划痕"});
    let (at, sign) = signed(&app, &secret, &body);
    let ours = ("sec-fetch-site", "same-origin");
    let headers = [("content-type", "application/json"), ours, ("x-timestamp", &at), ("x-signature", &sign)];
    let path = format!("/api/v1/hooks/{}", shop.code);
    app.anybody().send("POST", &path, &headers, body.to_string().into_bytes()).await.expect(200);

    // A mail, as whatever reads the mailbox takes it in.
    let letter = Intake {
        store: app.unit("S1"),
        kind: CaseKind::Complaint,
        channel: Way::Mail,
        subject: "退款一直没到账".into(),
        ..Intake::default()
    };
    take_in(&clerk, letter).await.unwrap();

    // What was taken over from elsewhere, and what was heard on a patrol, which says so of its case.
    let taken = |subject: &str, channel| Intake {
        store: app.unit("S1"),
        kind: CaseKind::Complaint,
        channel,
        subject: subject.into(),
        ..Intake::default()
    };
    take_in(&clerk, taken("空调漏水没人管", Way::Import)).await.unwrap();
    let patrol = take_in(&clerk, taken("顾客说安装约了三次没来", Way::Counter)).await.unwrap();
    let place = Place { store: app.unit("S1"), team: None, owner: None };
    boss.write((patrol.id, place), |work, (case, place)| {
        Box::pin(async move {
            let came = Event::new(RecordRef::new("case", *case), "collection.came", *place);
            work.record(came.change("source", None, Some("patrol".to_owned()))).await
        })
    })
    .await
    .unwrap();

    let kinds = [
        Source::Import,
        Source::Patrol,
        Source::WebForm,
        Source::QrPoster,
        Source::Phone,
        Source::SuggestionBox,
        Source::Webhook,
        Source::Mailbox,
    ];
    assert_eq!(inbox(&app).await, kinds.into_iter().map(|kind| (kind, 1)).collect());
    let page = app.as_user("clerk1").await.get("/feedback?source=suggestion_box&source=webhook").await.expect(200);
    let text = page.text();
    assert!(
        text.contains("希望多放一把椅子") && text.contains("收到的锅有划痕") && !text.contains("师傅没戴鞋套"),
        "{text}"
    );
}
