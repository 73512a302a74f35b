use approvals::domain::Verdict;
use cases::domain::Channel as Way;
use channels::app::{self, CallView};
use channels::domain::Kind;
use channels::store::{CallFilter, CallState, Channel, ShowCalls};
use db::Db;
use kernel::Timestamp;
use messaging::signature;
use serde_json::{Value, json};
use testapp::{Answer, TestApp};

use crate::shop::{HOUR, metric, registered, shop, via};

async fn line(app: &TestApp) -> (Channel, String) {
    let line = registered(app, Kind::Phone, "售后热线").await;
    let secret = app::new_secret(&app.ctx("boss1").await, line.id).await.unwrap();
    (line, secret)
}

async fn post(app: &TestApp, line: &Channel, secret: &str, at: Timestamp, body: &Value) -> Answer {
    let signed = signature(secret, at, &body.to_string());
    let at = at.millis().to_string();
    let headers = [("x-channel", line.code.as_str()), ("x-timestamp", at.as_str()), ("x-signature", signed.as_str())];
    app.anybody().json("POST", "/api/v1/calls", &headers, body).await
}

async fn says(app: &TestApp, line: &Channel, secret: &str, id: &str, state: &str) {
    let body = json!({"id": id, "state": state, "from": "138 0000 5678", "recording": "rec/1"});
    post(app, line, secret, app.clock.now(), &body).await.expect(200);
    app.clock.advance(1_000);
}

async fn listed(app: &TestApp, login: &str, show: ShowCalls) -> Vec<CallView> {
    let filter = CallFilter { show, ..CallFilter::default() };
    app::calls(&app.ctx(login).await, filter, None, 10).await.unwrap().rows
}

#[testkit::db_test]
async fn only_signed_fresh_and_new_hooks_are_taken(db: Db) {
    let app = shop(db).await;
    let (line, secret) = line(&app).await;
    let (now, body) = (app.clock.now(), json!({"id": "a", "state": "ringing", "from": "13800005678"}));
    post(&app, &line, "another", now, &body).await.expect(401);
    let refused_at = app
        .house
        .db
        .read(line.id, |tx, id| Box::pin(async move { channels::store::hook_of(tx, *id).await }))
        .await
        .unwrap()
        .refused_at;
    assert_eq!(refused_at, Some(now), "a refused hook leaves a trace");
    post(&app, &line, &secret, now.plus(-6 * 60_000), &body).await.expect(401);
    app.anybody().json("POST", "/api/v1/calls", &[], &body).await.expect(401);
    post(&app, &line, &secret, now, &json!({"id": "a", "state": "dancing"})).await.expect(422);
    assert!(listed(&app, "clerk1", ShowCalls::All).await.is_empty());

    post(&app, &line, &secret, now, &body).await.expect(200);
    post(&app, &line, &secret, now, &body).await.expect(401);
    // The same call in a new request is the same call.
    post(&app, &line, &secret, now.plus(1), &body).await.expect(200);
    assert_eq!(listed(&app, "clerk1", ShowCalls::All).await.len(), 1);
    assert_eq!(metric(&app, "channels-calls", line.id).await, Some(1));
    // A new secret ends the old one; a form has none.
    app::new_secret(&app.ctx("boss1").await, line.id).await.unwrap();
    post(&app, &line, &secret, now.plus(2), &body).await.expect(401);
    let form = registered(&app, Kind::WebForm, "表单").await;
    app::new_secret(&app.ctx("boss1").await, form.id).await.unwrap_err();
    app::new_secret(&app.ctx("clerk1").await, line.id).await.unwrap_err();
}

#[testkit::db_test]
async fn a_call_pops_up_and_becomes_a_case(db: Db) {
    let app = shop(db).await;
    let (line, secret) = line(&app).await;
    says(&app, &line, &secret, "1", "ringing").await;
    let clerk = app.as_user("clerk1").await;
    let page = clerk.get("/calls?show=live").await.expect(200);
    assert!(page.text().contains("data-live=\"call\"") && page.text().contains("138****5678"), "{}", page.text());
    assert!(app.as_user("clerk3").await.get("/calls").await.expect(200).plain().contains("还没有来电记录"));
    let call = listed(&app, "clerk1", ShowCalls::Live).await.remove(0).call;
    let path = format!("/calls/{}", call.id);
    app.as_user("clerk3").await.get(&path).await.expect(404);

    clerk.get(&path).await.expect(200);
    clerk.post(&format!("{path}/case"), &[("kind", "inquiry"), ("customer", "new")]).await.expect(422);
    let fields = [("kind", "inquiry"), ("customer", "new"), ("name", "王丽华"), ("subject", "滤芯怎么换")];
    let taken = clerk.post(&format!("{path}/case"), &fields).await.expect(303);
    let case = taken.location().trim_start_matches("/cases/").parse().unwrap();
    assert_eq!(via(&app, case).await, Some(line.id));
    assert_eq!(clerk.post(&format!("{path}/case"), &fields).await.expect(303).location(), taken.location());
    let detail = cases::app::detail(&app.ctx("clerk1").await, case).await.unwrap();
    assert_eq!((detail.case.channel, detail.case.happened_at), (Way::Phone, call.started_at));

    says(&app, &line, &secret, "1", "answered").await;
    says(&app, &line, &secret, "1", "ended").await;
    says(&app, &line, &secret, "1", "answered").await;
    let ended = listed(&app, "clerk1", ShowCalls::All).await.remove(0).call;
    assert_eq!((ended.state, ended.recording.as_deref()), (CallState::Ended, Some("rec/1")));
    assert_eq!(metric(&app, "channels-calls-in-time", line.id).await, Some(10_000));

    // The second time the customer is known, with the open case.
    says(&app, &line, &secret, "2", "ringing").await;
    let known = listed(&app, "clerk1", ShowCalls::Live).await.remove(0);
    assert_eq!((known.customers[0].0.name.as_str(), known.customers[0].1.len()), ("王丽华", 1));
}

#[testkit::db_test]
async fn a_missed_call_is_owed_until_somebody_gets_through(db: Db) {
    let app = shop(db).await;
    let (line, secret) = line(&app).await;
    says(&app, &line, &secret, "1", "ringing").await;
    says(&app, &line, &secret, "1", "ended").await;
    let call = listed(&app, "clerk1", ShowCalls::Owed).await.remove(0).call;
    assert_eq!(call.state, CallState::Missed);
    assert!(call.due_at.unwrap() > app.clock.now());
    assert_eq!(metric(&app, "channels-calls-missed", line.id).await, Some(1));

    app.clock.set(call.due_at.unwrap());
    app.run_jobs().await;
    let told = app.as_user("boss1").await.get("/notices").await.expect(200).plain();
    assert!(told.contains("该回电了"), "{told}");

    let clerk = app.as_user("clerk1").await;
    let path = format!("/calls/{}/back", call.id);
    let version = (call.version + 1).to_string();
    clerk.post(&path, &[("version", "1"), ("reached", "yes")]).await.expect(412);
    clerk.post(&path, &[("version", &version), ("reached", "no")]).await.expect(422);
    let next = app.clock.now().plus(2 * HOUR);
    let ctx = app.ctx("clerk1").await;
    let version = app::call_back(&ctx, call.id, call.version + 1, false, Some(next), None).await.unwrap();
    let again = listed(&app, "clerk1", ShowCalls::Owed).await.remove(0).call;
    assert_eq!((again.due_at, again.tries), (Some(next), 1));
    let api = format!("/api/v1/calls/{}/back", call.id);
    let matching = format!("\"v{version}\"");
    let done =
        clerk.json("POST", &api, &[("if-match", &matching)], &json!({"reached": "yes", "note": "已约上门"})).await;
    assert_eq!(done.expect(200).json()["state"], "called_back");
    assert!(listed(&app, "clerk1", ShowCalls::Owed).await.is_empty());
    assert_eq!(metric(&app, "channels-calls-called-back", line.id).await, Some(10_000));
    assert_eq!(clerk.get("/api/v1/calls?show=missed").await.expect(200).json()["items"][0]["from"], "138****5678");
}

#[testkit::db_test]
async fn who_is_forgotten_is_forgotten_by_the_call_log(db: Db) {
    let app = shop(db).await;
    let (line, secret) = line(&app).await;
    says(&app, &line, &secret, "1", "ringing").await;
    says(&app, &line, &secret, "1", "ended").await;
    let other = json!({"id": "2", "state": "ringing", "from": "13900001111"});
    post(&app, &line, &secret, app.clock.now(), &other).await.expect(200);
    let body = json!({"store": "S1", "name": "王丽华", "phone": "13800005678"});
    let made = app.as_user("clerk1").await.json("POST", "/api/v1/customers", &[], &body).await.expect(201);
    let customer = made.json()["id"].as_str().unwrap().parse().unwrap();
    let (boss, east) = (app.ctx("boss1").await, app.ctx("east").await);
    let version = parties::app::get(&boss, customer).await.unwrap().version;
    let asked = parties::app::ask_erasure(&boss, customer, version, "本人来店书面提出").await.unwrap();
    let version = approvals::app::detail(&east, asked).await.unwrap().approval.version;
    approvals::app::decide(&east, asked, version, Verdict::Grant, None).await.unwrap();

    let calls = listed(&app, "clerk1", ShowCalls::All).await;
    let kept: Vec<_> = calls.iter().map(|view| (view.call.external_id.as_str(), view.call.phone.as_str())).collect();
    assert_eq!(kept, [("2", "13900001111"), ("1", "")]);
    let gone = &calls[1].call;
    assert_eq!((gone.phone_masked.as_str(), gone.recording.as_deref(), gone.note.as_deref()), ("", None, None));
    let left = app.house.db.read((), |tx, ()| {
        Box::pin(async move {
            tx.one::<i64>("SELECT COUNT(*) FROM journal_value WHERE after_text IN ('13800005678', 'rec/1')", &[]).await
        })
    });
    assert_eq!(left.await.unwrap(), Some(0), "the journal forgets it, too");
}

#[testkit::db_test]
async fn only_whose_telephone_rings_sees_it_on_every_page(db: Db) {
    let app = shop(db).await;
    let (line, secret) = line(&app).await;
    let rings = |who: &'static str| {
        let app = &app;
        async move { app.as_user(who).await.get("/calls/ringing").await.expect(200).text() }
    };
    // Nobody is named: the line's owner.
    says(&app, &line, &secret, "1", "ringing").await;
    assert!(rings("boss1").await.contains("138****5678"));
    assert!(!rings("clerk1").await.contains("138****5678") && !rings("boss3").await.contains("138****5678"));
    says(&app, &line, &secret, "1", "ended").await;
    assert!(!rings("boss1").await.contains("138****5678"), "it rings no more");

    let from = app.as_user("clerk1").await.get("/events/recent").await.expect(200).json()["id"].clone();
    let recent = format!("/events/recent?after={}", from.as_str().unwrap_or_default());
    let named = |id: &str, agent: &str| json!({"id": id, "state": "ringing", "from": "13800005678", "agent": agent});
    post(&app, &line, &secret, app.clock.now(), &named("2", "clerk1")).await.expect(200);
    let events = app.as_user("clerk1").await.get(&recent).await.expect(200).text();
    assert!(events.contains("call.rings"), "{events}");
    assert!(!app.as_user("tech1").await.get(&recent).await.expect(200).text().contains("call.rings"));
    let call = listed(&app, "clerk1", ShowCalls::Live).await.remove(0).call;
    let page = app.as_user("clerk1").await.get("/calls/ringing").await.expect(200).text();
    assert!(page.contains(&format!("href=\"/calls/{}\"", call.id)) && page.contains("data-ring-off"), "{page}");
    assert!(!rings("boss1").await.contains("138****5678"));
    // It goes on to a colleague; a name that nobody has is nobody's page, and one elsewhere does not see the store's calls.
    post(&app, &line, &secret, app.clock.now().plus(1), &named("2", "boss1")).await.expect(200);
    assert!(rings("boss1").await.contains("138****5678") && !rings("clerk1").await.contains("138****5678"));
    post(&app, &line, &secret, app.clock.now().plus(2), &named("2", "nobody")).await.expect(200);
    assert!(!rings("boss1").await.contains("138****5678"));
    post(&app, &line, &secret, app.clock.now().plus(3), &named("2", "clerk3")).await.expect(200);
    assert!(!rings("clerk3").await.contains("138****5678"));
    // What the call centre forgot to end rings no more after some minutes.
    post(&app, &line, &secret, app.clock.now().plus(4), &named("2", "boss1")).await.expect(200);
    app.clock.advance(181_000);
    assert!(!rings("boss1").await.contains("138****5678"));
    app.anybody().get("/calls/ringing").await.expect(303);
}
