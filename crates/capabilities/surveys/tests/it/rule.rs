//! Who is asked, and when: the rule as data.

use cases::app::CustomerChoice;
use cases::domain::Kind;
use db::Db;
use surveys::app::{NewRule, change_rule, list, rules, send_due};
use surveys::domain::Skipped;
use surveys::store::{Filter, Show, Survey};
use testapp::TestApp;

use crate::shop::{DAY, HOUR, closed, messages, rule, shop, zhou};

async fn shown(app: &TestApp, show: Show) -> Vec<Survey> {
    let filter = Filter { show, ..Filter::default() };
    list(&app.ctx("boss1").await, filter, None, 50).await.unwrap().rows
}

#[testkit::db_test]
async fn who_is_not_asked_is_known_with_the_reason(db: Db) {
    let app = shop(db).await;
    closed(&app, CustomerChoice::Anonymous).await;
    closed(&app, zhou()).await;
    // The same customer again within the quiet time, and once more after it.
    let known = shown(&app, Show::Invited).await[0].customer.unwrap();
    app.clock.advance(29 * DAY);
    closed(&app, CustomerChoice::Existing(known)).await;
    app.clock.advance(DAY);
    closed(&app, CustomerChoice::Existing(known)).await;
    rule(&app, |rule| rule.kinds = vec![Kind::Repair]).await;
    app.clock.advance(40 * DAY);
    closed(&app, CustomerChoice::Existing(known)).await;
    rule(&app, |rule| {
        rule.kinds = Kind::ALL.to_vec();
        rule.needs_consent = true;
    })
    .await;
    closed(&app, CustomerChoice::Existing(known)).await;

    let mut skipped: Vec<_> =
        shown(&app, Show::Skipped).await.iter().map(|survey| (survey.skipped.unwrap(), survey.rule)).collect();
    skipped.sort_unstable();
    let expected = [(Skipped::Anonymous, 1), (Skipped::Kind, 2), (Skipped::NoConsent, 3), (Skipped::Quiet, 1)];
    assert_eq!(skipped, expected, "each with the version that decided");
    assert_eq!(shown(&app, Show::Invited).await.len(), 2);
    assert_eq!((app.metric("surveys-skipped").await, app.metric("surveys-invited").await), (Some(4), Some(2)));
}

#[testkit::db_test]
async fn an_invitation_waits_as_long_as_the_rule_says(db: Db) {
    let app = shop(db).await;
    rule(&app, |rule| rule.delay_hours = 3).await;
    let case = closed(&app, zhou()).await;
    let sent = async || messages(&app, case.id).await.iter().filter(|(row, _)| row.template == "survey").count();
    let system = app.ctx("admin").await;
    app.clock.advance(3 * HOUR - 1);
    assert_eq!((send_due(&system).await.unwrap(), sent().await), (0, 0));
    app.clock.advance(1);
    assert_eq!((send_due(&system).await.unwrap(), sent().await), (1, 1));
    assert_eq!((send_due(&system).await.unwrap(), sent().await), (0, 1), "once");
    assert!(shown(&app, Show::Unanswered).await[0].sent);
}

#[testkit::db_test]
async fn a_change_of_the_rule_is_a_version_with_a_reason(db: Db) {
    let app = shop(db).await;
    let quality = app.ctx("quality").await;
    let new = |version, quiet_days, reason: &str| NewRule {
        version,
        kinds: vec![Kind::Repair],
        delay_hours: 2,
        quiet_days,
        needs_consent: false,
        recovery_hours: 24,
        reason: reason.into(),
    };
    assert_eq!(change_rule(&quality, new(1, 60, "试行")).await.unwrap(), 2);
    assert_eq!(change_rule(&quality, new(1, 90, "再改")).await.unwrap_err().code(), "stale");
    assert_eq!(change_rule(&quality, new(2, 60, "没有变化")).await.unwrap(), 2, "the same is no version");
    let wrong = change_rule(&quality, new(2, 999, " ")).await.unwrap_err();
    assert_eq!(wrong.fields().iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["quiet_days", "reason"]);
    assert_eq!(change_rule(&app.ctx("boss1").await, new(2, 1, "x")).await.unwrap_err().code(), "forbidden");
    let rows = rules(&quality).await.unwrap();
    assert_eq!(rows.iter().map(|row| (row.rule.version, row.rule.quiet_days)).collect::<Vec<_>>(), [(2, 60), (1, 30)]);
    assert_eq!((rows[0].reason.as_str(), rows[0].by), ("试行", Some(app.user("quality"))));

    let visitor = app.as_user("quality").await;
    let page = visitor.get("/settings/surveys").await.expect(200).text();
    assert!(page.contains("试行") && page.contains("何静"), "{page}");
    let fields =
        [("version", "2"), ("kinds", "repair"), ("kinds", "complaint"), ("delay_hours", "1"), ("quiet_days", "7")];
    let rest = [("recovery_hours", "12"), ("needs_consent", "yes"), ("reason", "更快")];
    visitor.post("/settings/surveys", &[&fields[..], &rest[..1]].concat()).await.expect(422);
    visitor.post("/settings/surveys", &[&fields[..], &rest[..]].concat()).await.expect(303);
    visitor.post("/settings/surveys", &[&fields[..], &rest[..]].concat()).await.expect(412);
    let api = visitor.get("/api/v1/surveys/rule").await.expect(200).json();
    assert_eq!((&api["version"], &api["quiet_days"], &api["needs_consent"]), (&3.into(), &7.into(), &true.into()));
    app.as_user("boss1").await.get("/settings/surveys").await.expect(403);
    insta::assert_snapshot!("rule_zh", visitor.get("/settings/surveys").await.expect(200).plain());
    let english = visitor.clone().in_english();
    insta::assert_snapshot!("rule_en", english.get("/settings/surveys").await.expect(200).plain());
}

#[testkit::db_test]
async fn a_link_for_rating_is_offered_only_to_whom_the_rule_asks(db: Db) {
    let app = shop(db).await;
    let asked = closed(&app, zhou()).await;
    let known = shown(&app, Show::Invited).await[0].customer.unwrap();
    app.clock.advance(DAY);
    let quiet = closed(&app, CustomerChoice::Existing(known)).await;
    let clerk = app.as_user("clerk1").await;
    let page = clerk.get(&format!("/cases/{}/link", asked.id)).await.expect(200).main();
    assert!(page.contains("value=\"rate\""), "{page}");
    let page = clerk.get(&format!("/cases/{}/link", quiet.id)).await.expect(200).main();
    assert!(!page.contains("value=\"rate\"") && page.contains("安静期内已邀请过"), "{page}");
    let english = clerk.clone().in_english().get(&format!("/cases/{}/link", quiet.id)).await.expect(200).main();
    assert!(english.contains("No link for rating"), "{english}");
    // Nor is one made by other ways.
    let ctx = app.ctx("clerk1").await;
    let refused = cases::app::issue_link(&ctx, quiet.id, cases::domain::Purpose::Rate).await.unwrap_err();
    assert_eq!(refused.code(), "surveys-not-asked");
    cases::app::issue_link(&ctx, quiet.id, cases::domain::Purpose::Track).await.unwrap();
}
