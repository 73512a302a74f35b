//! Nobody rates themselves, nobody removes a rating in silence.

use cases::app::CustomerChoice;
use db::Db;
use kernel::FaultKind;
use parties::app::CustomerInput;
use serde_json::json;
use surveys::app::{Given, answer_from, exclude, get, hand_over, list, note_by_phone};
use surveys::domain::{AnsweredBy, Flagged, Recovery};
use surveys::store::{Filter, Show, Survey};
use testapp::TestApp;

use crate::shop::{DAY, HOUR, closed, shop, token, zhou};

fn tap(csat: i64) -> Given {
    Given { csat: Some(csat), rest: None }
}

async fn only(app: &TestApp, show: Show) -> Survey {
    let filter = Filter { show, ..Filter::default() };
    let mut rows = list(&app.ctx("boss1").await, filter, None, 50).await.unwrap().rows;
    assert_eq!(rows.len(), 1, "{show:?}");
    rows.remove(0)
}

#[testkit::db_test]
async fn a_rating_by_phone_is_noted_by_somebody_else(db: Db) {
    let app = shop(db).await;
    closed(&app, zhou()).await;
    let survey = only(&app, Show::Unanswered).await;
    let note = async |login: &str, version| note_by_phone(&app.ctx(login).await, survey.id, version, tap(4)).await;
    assert_eq!(note("clerk1", 1).await.unwrap_err().code(), "surveys-own-work", "who solved it");
    assert_eq!(note("clerk2", 1).await.unwrap_err().kind(), FaultKind::NotFound, "another store");
    assert_eq!(note("boss1", 9).await.unwrap_err().kind(), FaultKind::Stale);
    note("boss1", 1).await.unwrap();
    let noted = only(&app, Show::Answered).await;
    assert_eq!((noted.answered_by, noted.noted_by), (Some(AnsweredBy::Phone), Some(app.user("boss1"))));
    assert_eq!(note("boss1", noted.version).await.unwrap_err().code(), "surveys-answered-already");
    assert_eq!(app.metric("surveys-csat").await, Some(400));
}

#[testkit::db_test]
async fn who_was_not_asked_cannot_be_made_to_rate(db: Db) {
    let app = shop(db).await;
    closed(&app, zhou()).await;
    let known = only(&app, Show::Invited).await.customer.unwrap();
    let again = closed(&app, CustomerChoice::Existing(known)).await;
    let link = token(&app, again.id).await;
    let page = app.anybody().post(&format!("/rate/{link}"), &[("csat", "5")]).await.expect(410);
    assert!(page.text().contains("没有邀请"), "{}", page.text());
    let survey = only(&app, Show::Skipped).await;
    let noted = note_by_phone(&app.ctx("boss1").await, survey.id, survey.version, tap(5)).await;
    assert_eq!(noted.unwrap_err().code(), "surveys-not-asked");
    assert_eq!(app.metric("surveys-answered").await, Some(0));
    // Before a case is over there is nothing to rate.
    let clerk = app.ctx("clerk1").await;
    let open = cases::app::take_in(&clerk, crate::shop::question(&app, CustomerChoice::Existing(known))).await.unwrap();
    let early = token(&app, open.id).await;
    let page = app.anybody().post(&format!("/rate/{early}"), &[("csat", "5")]).await.expect(410);
    assert!(page.text().contains("还不能评价"), "{}", page.text());
}

#[testkit::db_test]
async fn ratings_from_staff_or_their_network_are_marked_and_count(db: Db) {
    let app = shop(db).await;
    let case = closed(&app, zhou()).await;
    let link = token(&app, case.id).await;
    app.house.identity.open_session(app.user("tech1"), "10.1.2.3", "test").await.unwrap();
    let customer = kernel::Actor::customer("周航");
    let mut ctx = app.ctx("clerk3").await;
    ctx.actor = customer;
    answer_from(&ctx, &link, tap(5), "10.9.9.9").await.unwrap();
    assert_eq!(only(&app, Show::Answered).await.flagged, None);
    answer_from(&ctx, &link, tap(4), "10.1.2.3").await.unwrap();
    assert_eq!(only(&app, Show::Flagged).await.flagged, Some(Flagged::OwnNetwork));
    answer_from(&app.ctx("clerk1").await, &link, tap(5), "10.9.9.9").await.unwrap();
    assert_eq!(only(&app, Show::Flagged).await.flagged, Some(Flagged::OwnStaff));
    assert_eq!(app.metric("surveys-answered").await, Some(1));
}

#[testkit::db_test]
async fn only_headquarters_excludes_and_everybody_sees_how_many(db: Db) {
    let app = shop(db).await;
    let case = closed(&app, zhou()).await;
    let link = token(&app, case.id).await;
    app.anybody().post(&format!("/rate/{link}"), &[("csat", "1")]).await.expect(303);
    let survey = only(&app, Show::Low).await;
    let out =
        async |login: &str, version, out| exclude(&app.ctx(login).await, survey.id, version, out, "恶意".into()).await;
    assert_eq!(out("boss1", survey.version, true).await.unwrap_err().kind(), FaultKind::Forbidden);
    assert_eq!(out("boss3", survey.version, true).await.unwrap_err().kind(), FaultKind::NotFound);
    assert_eq!(out("quality", survey.version, false).await.unwrap_err().code(), "surveys-counts-already");
    out("quality", survey.version, true).await.unwrap();
    assert_eq!(out("quality", survey.version, true).await.unwrap_err().kind(), FaultKind::Stale);
    let numbers = async || {
        let of = async |id| app.metric(id).await;
        (of("surveys-answered").await, of("surveys-low").await, of("surveys-csat").await, of("surveys-excluded").await)
    };
    assert_eq!(numbers().await, (Some(0), Some(0), None, Some(1)));
    assert_eq!(app.metric("surveys-excluded-rate").await, Some(10_000));
    let boss = app.as_user("boss1").await;
    let page = boss.get("/surveys").await.expect(200).text();
    assert!(page.contains("总部排除的评价") && page.contains("1 / 1"), "published to the store: {page}");
    let whole = boss.get(&format!("/surveys/{}", survey.id)).await.expect(200).text();
    assert!(whole.contains("恶意") && !whole.contains("/exclude"), "{whole}");
    // The customer's answer itself stays, and cannot be changed into one that counts.
    app.anybody().post(&format!("/rate/{link}"), &[("csat", "5")]).await.expect(410);
    out("quality", survey.version + 1, false).await.unwrap();
    assert_eq!(numbers().await, (Some(1), Some(1), Some(100), Some(0)));
}

#[testkit::db_test]
async fn a_low_rating_has_an_owner_and_a_deadline(db: Db) {
    let app = shop(db).await;
    let case = closed(&app, zhou()).await;
    let link = token(&app, case.id).await;
    app.anybody().post(&format!("/rate/{link}"), &[("csat", "2")]).await.expect(303);
    let survey = only(&app, Show::Recovery).await;
    assert_eq!(survey.recovery_owner, Some(app.user("boss1")), "the store's manager");
    assert_eq!(survey.recovery_due, Some(app.clock.now().plus(24 * HOUR)));
    let told = notices::list(&app.ctx("boss1").await, false, None, 10).await;
    assert!(format!("{told:?}").contains("rating.low"), "{told:?}");

    let boss = app.as_user("boss1").await;
    let path = format!("/surveys/{}", survey.id);
    let clerk = app.user("clerk1").to_string();
    let version = survey.version.to_string();
    boss.post(&format!("{path}/owner"), &[("version", &version), ("owner", "99")]).await.expect(422);
    boss.post(&format!("{path}/owner"), &[("version", "1"), ("owner", &clerk)]).await.expect(412);
    boss.post(&format!("{path}/owner"), &[("version", &version), ("owner", &clerk)]).await.expect(303);
    assert_eq!(only(&app, Show::Recovery).await.recovery_owner, Some(app.user("clerk1")));
    let stale = hand_over(&app.ctx("boss1").await, survey.id, survey.version, app.user("boss1")).await;
    assert_eq!(stale.unwrap_err().kind(), FaultKind::Stale);
    app.clock.advance(2 * DAY);
    let boss = app.as_user("boss1").await;
    assert!(boss.get(&path).await.expect(200).text().contains("补救超时"));
    let body = json!({ "note": "上门致歉，换了新滤芯" });
    boss.json("POST", &format!("/api/v1{path}/recovered"), &[], &body).await.expect(428);
    let etag = format!("\"v{}\"", survey.version + 1);
    let done = boss.json("POST", &format!("/api/v1{path}/recovered"), &[("if-match", &etag)], &body).await.expect(200);
    assert_eq!(done.json()["recovery"], "done");
    assert_eq!(app.metric("surveys-recovered-in-time").await, Some(0), "late is late");
    let kept = get(&app.ctx("boss1").await, survey.id).await.unwrap();
    assert_eq!((kept.recovery, kept.recovered_by), (Recovery::Done, Some(app.user("boss1"))));
}

#[testkit::db_test]
async fn pages_and_api_say_clearly_what_is_wrong(db: Db) {
    let app = shop(db).await;
    closed(&app, zhou()).await;
    let survey = only(&app, Show::Unanswered).await;
    let path = format!("/surveys/{}", survey.id);
    let boss = app.as_user("boss1").await;
    let page = boss.get(&path).await.expect(200);
    assert!(page.text().contains(&format!("{path}/phone")));
    boss.clone().in_english().get(&format!("{path}/phone")).await.expect(200);
    boss.post(&format!("{path}/phone"), &[("version", "1")]).await.expect(422);
    boss.post(&format!("{path}/phone"), &[("version", "1"), ("csat", "9")]).await.expect(422);
    boss.post(&format!("{path}/phone"), &[("version", "7"), ("csat", "3")]).await.expect(412);
    boss.post(&format!("{path}/phone"), &[("csat", "3")]).await.expect(428);
    let api = format!("/api/v1{path}");
    boss.json("POST", &format!("{api}/phone"), &[("if-match", "\"v1\"")], &json!({ "csat": 0 })).await.expect(422);
    let noted = boss
        .json(
            "POST",
            &format!("{api}/phone"),
            &[("if-match", "\"v1\"")],
            &json!({ "csat": 3, "nps": 8, "words": "还行" }),
        )
        .await
        .expect(200);
    assert_eq!((&noted.json()["answered_by"], &noted.json()["answer"]["nps"]), (&"phone".into(), &8.into()));
    boss.json("POST", &format!("{api}/exclude"), &[("if-match", "\"v2\"")], &json!({ "out": true, "reason": "x" }))
        .await
        .expect(403);
    let quality = app.as_user("quality").await;
    quality
        .json("POST", &format!("{api}/exclude"), &[("if-match", "\"v2\"")], &json!({ "out": true }))
        .await
        .expect(422);
    let out = quality
        .json("POST", &format!("{api}/exclude"), &[("if-match", "\"v2\"")], &json!({ "out": true, "reason": "重复" }))
        .await
        .expect(200);
    assert_eq!(out.json()["excluded_reason"], "重复");
    app.as_user("clerk2").await.get(&path).await.expect(404);
    boss.get("/surveys/abc").await.expect(404);
    boss.get("/api/v1/surveys/abc").await.expect(404);
    for show in ["skipped", "flagged", "excluded", "recovered", "nps", "effort", "unanswered"] {
        boss.get(&format!("/surveys?show={show}")).await.expect(200);
        boss.clone().in_english().get(&format!("/api/v1/surveys?show={show}")).await.expect(200);
    }
}

#[testkit::db_test]
async fn surveys_go_with_the_customers_file_and_come_back(db: Db) {
    let app = shop(db).await;
    let case = closed(&app, zhou()).await.id;
    let clerk = app.ctx("clerk1").await;
    let same = CustomerInput { name: "周航".into(), phone: "133 1234 6120".into(), ..CustomerInput::default() };
    let kept = parties::app::create(&clerk, app.unit("S1"), same).await.unwrap().id;
    let whose = async || {
        let survey = app.house.db.read(case, |tx, case| {
            Box::pin(async move { surveys::store::of_case(tx, *case).await.map_err(kernel::Fault::from) })
        });
        survey.await.unwrap().unwrap().customer.unwrap()
    };
    let gone = whose().await;
    let version = parties::app::get(&clerk, gone).await.unwrap().version;
    parties::app::merge(&clerk, kept, gone, (1, version), "同一个人").await.unwrap();
    assert_eq!(whose().await, kept);
    let merge = parties::app::merges(&clerk, kept).await.unwrap().remove(0).0;
    parties::app::part(&clerk, kept, merge.id).await.unwrap();
    assert_eq!(whose().await, gone);
}

#[testkit::db_test]
async fn an_invitation_is_copied_only_where_the_rule_asks(db: Db) {
    let app = shop(db).await;
    let taken = closed(&app, zhou()).await;
    let clerk = app.as_user("clerk1").await;
    let survey = app.house.db.read(taken.id, |tx, case| {
        Box::pin(async move { surveys::store::of_case(tx, *case).await.map_err(kernel::Fault::from) })
    });
    let survey = survey.await.unwrap().unwrap();
    let made = clerk.post(&format!("/surveys/{}/wechat", survey.id), &[]).await;
    match survey.skipped {
        None => assert!(made.expect(200).text().contains("https://service.example.com/rate/")),
        Some(_) => assert_eq!(made.status, 409),
    }
    app.as_user("clerk2").await.post(&format!("/surveys/{}/wechat", survey.id), &[]).await.expect(404);
}
