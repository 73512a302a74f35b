use assessments::certificates::app::{self, Draft};
use assessments::certificates::domain::{Standing, standing};
use db::Db;
use kernel::FaultKind;
use serde_json::{Value, json};
use testapp::TestApp;

use crate::snapshots::capabilities;

fn draft(app: &TestApp) -> Draft {
    Draft {
        unit: Some(app.unit("HQ")),
        issuer: "华证认证".into(),
        number: "HZ-27922-0117".into(),
        rule: "GB/T 27922-2011".into(),
        scope: "家电零售的售后服务".into(),
        level: "四星级售后服务".into(),
        from: Some("2024-02-10".parse().unwrap()),
        until: Some("2027-02-09".parse().unwrap()),
        note: None,
    }
}

#[testkit::db_test]
async fn a_certificate_plans_its_surveillance_and_is_reminded_once(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.ctx("quality").await;
    let backwards = Draft { until: Some("2024-01-01".parse().unwrap()), ..draft(&app) };
    assert!(app::enter(&quality, &backwards, Vec::new()).await.unwrap_err().fields().of("valid_until").is_some());
    let id = app::enter(&quality, &draft(&app), Vec::new()).await.unwrap();
    let twice = app::enter(&quality, &draft(&app), Vec::new()).await.unwrap_err();
    assert!(twice.fields().of("certificate_number").is_some());
    let detail = app::detail(&quality, id).await.unwrap();
    let days: Vec<String> = detail.visits.iter().map(|visit| visit.due_on.to_string()).collect();
    assert_eq!(days, ["2025-02-10", "2026-02-10"]);
    let today = "2026-11-22".parse().unwrap();
    assert_eq!(standing(detail.visits[0].due_on, false, today), Standing::Overdue);
    // Three months ahead of its end and for both surveillances, each once.
    assert_eq!(app::remind(&quality).await.unwrap(), 3);
    assert_eq!(app::remind(&quality).await.unwrap(), 0);
    let visit = detail.visits[0].id;
    let late = app::visit(&quality, id, visit, Some("2026-12-01".parse().unwrap()), "通过").await.unwrap_err();
    assert!(late.fields().of("done_on").is_some());
    app::visit(&quality, id, visit, Some("2025-02-08".parse().unwrap()), "通过，无不符合").await.unwrap();
    let again = app::visit(&quality, id, visit, Some(today), "通过").await.unwrap_err();
    assert_eq!(again.code(), "assessments-visit-done");
    // The mark is used within the certificate's time only.
    let (from, until) = (Some("2024-03-01".parse().unwrap()), Some("2027-03-01".parse().unwrap()));
    assert!(
        app::add_use(&quality, id, "官网页脚", from, until).await.unwrap_err().fields().of("allowed_until").is_some()
    );
    app::add_use(&quality, id, "官网页脚", from, Some("2027-02-09".parse().unwrap())).await.unwrap();
    let used = app::detail(&quality, id).await.unwrap().uses[0].id;
    app::end_use(&quality, id, used).await.unwrap();
    assert_eq!(app::end_use(&quality, id, used).await.unwrap_err().code(), "assessments-use-ended");
    app::withdraw(&quality, id, "编号写错").await.unwrap();
    assert_eq!(app::withdraw(&quality, id, "再来").await.unwrap_err().code(), "assessments-withdrawn-already");
    app::enter(&quality, &draft(&app), Vec::new()).await.unwrap();
    let first = app::list(&quality, false, None, 1).await.unwrap();
    assert!(first.next.is_some());
    assert_eq!(app::list(&quality, false, first.next.as_deref(), 1).await.unwrap().rows.len(), 1);
    assert_eq!(app::list(&quality, true, None, 10).await.unwrap().rows.len(), 1, "what was withdrawn does not end");
}

#[testkit::db_test]
async fn pages_and_programs_keep_the_register_within_reach(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let visitor = app.as_user("quality").await;
    assert!(visitor.get("/certificates").await.expect(200).plain().contains("没有证书"));
    visitor.get("/certificates/new").await.expect(200);
    let unit = app.unit("HQ").to_string();
    let fields = [
        ("unit", unit.as_str()),
        ("issuer", "华证认证"),
        ("certificate_number", "HZ-1"),
        ("rule", "GB/T 27922-2011"),
        ("scope", "家电"),
        ("award", "四星级"),
        ("valid_from", "2024-02-10"),
        ("valid_until", "2027-02-09"),
    ];
    let missing = visitor.post("/certificates", &fields[..7]).await.expect(422).main();
    assert!(missing.contains("HZ-1"), "{missing}");
    let scan = ("scan", "证书.txt", "text/plain", "四星级证书".as_bytes());
    let made = visitor.post_files("/certificates", &fields, &[scan]).await.expect(303);
    let href = made.location().to_owned();
    let page = visitor.get(&href).await.expect(200).main();
    assert!(page.contains("该换证") && page.contains("2026-02-10") && page.contains("/files/"), "{page}");
    let wrong = [("place", "门头"), ("allowed_from", "2024-02-10"), ("allowed_until", "2030-01-01")];
    let wrong = visitor.post(&format!("{href}/uses"), &wrong).await.expect(422).main();
    assert!(wrong.contains("不能超出证书的有效期") && wrong.contains("门头"), "{wrong}");
    let right = [("place", "门头"), ("allowed_from", "2024-02-10"), ("allowed_until", "2027-02-09")];
    visitor.post(&format!("{href}/uses"), &right).await.expect(303);
    let english = app.as_user("quality").await.in_english().get("/certificates?ending=on").await.expect(200).plain();
    assert!(english.contains("Renew now"), "{english}");
    let api = format!("/api/v1{href}");
    let whole = visitor.json("GET", &api, &[], &Value::Null).await.expect(200).json();
    assert_eq!((&whole["state"], &whole["uses"][0]["place"]), (&json!("renew"), &json!("门头")));
    let visit = whole["visits"][0]["id"].as_str().unwrap();
    let done = json!({"done_on": "2025-02-01", "outcome": "通过"});
    let done = visitor.json("POST", &format!("{api}/visits/{visit}"), &[], &done).await.expect(200).json();
    assert_eq!(done["visits"][0]["standing"], json!("over"));
    visitor
        .json("POST", &api.replace(href.rsplit('/').next().unwrap(), "1/uses/1/end"), &[], &json!({}))
        .await
        .expect(404);
    // A store manager sees none of the company's.
    let boss = app.as_user("boss1").await;
    boss.get(&href).await.expect(404);
    boss.post(&format!("{href}/withdraw"), &[("why", "x")]).await.expect(403);
    assert!(boss.get("/certificates").await.expect(200).plain().contains("没有证书"));
    let id = kernel::Id::new(href.rsplit('/').next().unwrap().parse().unwrap());
    let hidden = app::withdraw(&app.ctx("boss1").await, id, "x").await.unwrap_err();
    assert_eq!(hidden.kind(), FaultKind::NotFound);
    visitor.post(&format!("{href}/withdraw"), &[("why", "编号写错")]).await.expect(303);
    assert!(visitor.get(&href).await.expect(200).plain().contains("编号写错"));
}
