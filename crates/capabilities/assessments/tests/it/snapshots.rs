use assessments::app::{self, Draft};
use capability::Capability;
use db::Db;
use journal::Verdict;
use kernel::{Day, FaultKind, Timestamp};
use scores::app::Said;
use serde_json::{Value, json};
use testapp::TestApp;

pub fn capabilities() -> Vec<Capability> {
    vec![
        approvals::capability(),
        notices::capability(),
        parties::capability(),
        cases::capability(),
        scores::capability(),
        assessments::capability(),
    ]
}

fn today() -> Day {
    "2026-11-22".parse().unwrap()
}

fn draft(app: &TestApp, unit: &str, title: &str) -> Draft {
    Draft { unit: Some(app.unit(unit)), day: Some(today()), title: title.into(), note: None }
}

/// Evidence that the whole company entered.
async fn enter(app: &TestApp, kind: &str, title: &str) {
    let draft = scores::app::Draft {
        kind: kind.into(),
        unit: Some(app.unit("HQ")),
        title: title.into(),
        met: true,
        happened_on: Some(today()),
        ..scores::app::Draft::default()
    };
    scores::app::enter(&app.ctx("quality").await, &draft).await.unwrap();
}

#[testkit::db_test]
async fn a_snapshot_keeps_everything_as_it_was_and_is_never_changed(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.ctx("quality").await;
    enter(&app, "budget", "2026 年售后预算").await;
    let company = app.unit("HQ");
    scores::app::say(&quality, company, "5.2.2.1", Said::Earns(100), "抽查 30 张小票").await.unwrap();
    let id = app::make(&quality, &draft(&app, "HQ", "认证前自评")).await.unwrap();
    let first = app::detail(&quality, id).await.unwrap();
    assert_eq!(first.key, Some(app.house.key.fingerprint()));
    let with = |clause: &str| first.body.items.iter().find(|item| item.clause == clause).unwrap();
    assert_eq!(with("5.2.2.1").judgement.as_ref().unwrap().reason, "抽查 30 张小票");
    let entered = first.body.leaves().find(|item| item.entries.iter().any(|one| one.title == "2026 年售后预算"));
    assert!(
        entered.is_some_and(|item| item.figure.state == "data" && item.parts.iter().any(|part| part.counted.is_some()))
    );
    assert!(first.body.estimate && first.body.allocated == (46, 47) && !first.body.gaps().is_empty());
    // What happens afterwards moves the live score, not this.
    scores::app::say(&quality, company, "5.2.2.1", Said::Earns(0), "重新抽查").await.unwrap();
    let again = app::detail(&quality, id).await.unwrap();
    assert_eq!((again.text, again.body), (first.text, first.body));
    // Sent twice it is made once; another day that nobody kept is refused.
    let twice = app::make(&quality, &draft(&app, "HQ", "认证前自评")).await.unwrap_err();
    assert!(twice.fields().of("title").is_some());
    let kept = Draft { day: Some("2026-01-01".parse().unwrap()), ..draft(&app, "HQ", "年初") };
    assert!(app::make(&quality, &kept).await.unwrap_err().fields().of("day").is_some());
    let later = Draft { day: Some("2026-11-23".parse().unwrap()), ..draft(&app, "HQ", "明天") };
    assert!(app::make(&quality, &later).await.unwrap_err().fields().of("day").is_some());
    // Withdrawn with a reason, once; it stays, and a new one may have its title.
    assert!(app::withdraw(&quality, id, " ").await.unwrap_err().fields().of("why").is_some());
    app::withdraw(&quality, id, "小票重新抽查").await.unwrap();
    assert_eq!(app::withdraw(&quality, id, "再来").await.unwrap_err().code(), "assessments-withdrawn");
    app::make(&quality, &draft(&app, "HQ", "认证前自评")).await.unwrap();
    let listed = app::list(&quality, None, 1).await.unwrap();
    assert!(listed.rows[0].withdrawn_at.is_none() && listed.next.is_some());
    let rest = app::list(&quality, listed.next.as_deref(), 1).await.unwrap();
    assert!(rest.rows[0].withdrawn_why.as_deref() == Some("小票重新抽查") && rest.next.is_none());
}

#[testkit::db_test]
async fn a_manager_makes_one_of_the_own_store_and_sees_no_other(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let (quality, boss) = (app.ctx("quality").await, app.ctx("boss1").await);
    let whole = app::make(&quality, &draft(&app, "HQ", "集团")).await.unwrap();
    let other = app::make(&quality, &draft(&app, "S2", "别店")).await.unwrap();
    let own = app::make(&boss, &draft(&app, "S1", "本店")).await.unwrap();
    assert_eq!(app::make(&boss, &draft(&app, "S2", "别店")).await.unwrap_err().kind(), FaultKind::NotFound);
    let seen: Vec<_> = app::list(&boss, None, 50).await.unwrap().rows.iter().map(|one| one.id).collect();
    assert_eq!(seen, [own]);
    for hidden in [whole, other] {
        assert_eq!(app::detail(&boss, hidden).await.unwrap_err().kind(), FaultKind::NotFound);
        assert_eq!(app::withdraw(&boss, hidden, "x").await.unwrap_err().kind(), FaultKind::NotFound);
    }
    assert_eq!(app::compare(&boss, own, other).await.unwrap_err().kind(), FaultKind::NotFound);
    let visitor = app.as_user("boss1").await;
    visitor.get(&format!("/assessments/{other}/report")).await.expect(404);
    visitor.get(&format!("/assessments/{own}/bundle.zip")).await.expect(403);
    let clerk = app.as_user("clerk1").await;
    clerk.get("/assessments").await.expect(403);
    clerk.json("GET", "/api/v1/assessments", &[], &Value::Null).await.expect(403);
}

#[testkit::db_test]
async fn a_comparison_says_what_changed_and_why(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.ctx("quality").await;
    let before = app::make(&quality, &draft(&app, "HQ", "之前")).await.unwrap();
    enter(&app, "budget", "预算").await;
    scores::app::say(&quality, app.unit("HQ"), "5.2.2.1", Said::Earns(100), "抽查合格").await.unwrap();
    app.clock.set("2026-11-22T07:00:00Z".parse::<Timestamp>().unwrap());
    let after = app::make(&quality, &draft(&app, "HQ", "之后")).await.unwrap();
    let visitor = app.as_user("quality").await;
    // Whichever is named first, the earlier one stands on the left.
    let page = visitor.get(&format!("/assessments/compare?before={after}&after={before}")).await.expect(200).plain();
    assert!(page.contains("新计分：预算 (") && page.contains("没有人工认定 → 认定得 100%"), "{page}");
    let api = visitor
        .json("GET", &format!("/api/v1/assessments/compare?before={before}&after={after}"), &[], &Value::Null)
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&api["same_unit"], &api["same_version"], &api["before"]["title"]),
        (&json!(true), &json!(true), &json!("之前"))
    );
    let moved = api["items"].as_array().unwrap().iter().find(|one| one["clause"] == "5.2.2.1").unwrap();
    assert!(moved["change_high"].as_f64().unwrap() > 0.0 && moved["why"] != "", "{moved}");
    let same = visitor.get(&format!("/assessments/compare?before={after}&after={after}")).await.expect(200).plain();
    assert!(same.contains("选两次不同的自评"), "{same}");
    let store = app::make(&quality, &draft(&app, "S1", "门店")).await.unwrap();
    let other = visitor.get(&format!("/assessments/compare?before={store}&after={after}")).await.expect(200).plain();
    assert!(other.contains("两次的范围不同"), "{other}");
}

#[testkit::db_test]
async fn pages_and_programs_see_the_same(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let visitor = app.as_user("quality").await;
    assert!(visitor.get("/assessments").await.expect(200).plain().contains("还没有自评"));
    let unit = app.unit("HQ").to_string();
    let wrong = visitor.post("/assessments", &[("unit", &unit), ("day", "2026-11-30"), ("title", "自评一")]).await;
    let wrong = wrong.expect(422).main();
    assert!(wrong.contains("自评一") && wrong.contains("还没有到这一天"), "{wrong}");
    let fields = [("unit", unit.as_str()), ("day", "2026-11-22"), ("title", "自评一"), ("note", "认证前")];
    let made = visitor.post("/assessments", &fields).await.expect(303);
    let href = made.location().to_owned();
    let page = visitor.get(&href).await.expect(200).plain();
    assert!(page.contains("估算") && page.contains("分配") && page.contains("内容与签名一致"), "{page}");
    let english = app.as_user("quality").await.in_english().get(&href).await.expect(200).plain();
    assert!(english.contains("nothing was changed since"), "{english}");
    let id = href.rsplit('/').next().unwrap().to_owned();
    let api = visitor.json("GET", &format!("/api/v1/assessments/{id}"), &[], &Value::Null).await.expect(200).json();
    assert_eq!((&api["title"], &api["body"]["title"]), (&json!("自评一"), &json!("自评一")));
    assert_eq!(
        api["body"]["items"].as_array().unwrap().len(),
        scores::domain::scheme(today()).unwrap().indicators.len()
    );
    let posted = json!({"unit": unit, "day": "2026-11-22", "title": "自评二"});
    let posted = visitor.json("POST", "/api/v1/assessments", &[], &posted).await.expect(201).json();
    let report = visitor.get(&format!("{href}/report")).await.expect(200).text();
    assert!(report.contains("条款索引") && report.contains("评审员签字") && report.contains("第 1 页"), "{report}");
    let report = visitor.get(&format!("{href}/report?in=en")).await.expect(200).text();
    assert!(report.contains("Index by clause") && report.contains("Page 1 of"), "{report}");
    let refused = visitor.post(&format!("{href}/withdraw"), &[("why", "")]).await.expect(422).main();
    assert!(refused.contains("why-error") || refused.contains("理由"), "{refused}");
    visitor.post(&format!("{href}/withdraw"), &[("why", "算错了日期")]).await.expect(303);
    assert!(visitor.get(&href).await.expect(200).plain().contains("算错了日期"));
    let again = format!("/api/v1/assessments/{id}/withdraw");
    visitor.json("POST", &again, &[], &json!({"why": "x"})).await.expect(409);
    let other = format!("/api/v1/assessments/{}/withdraw", posted["id"].as_str().unwrap());
    let withdrawn = visitor.json("POST", &other, &[], &json!({"why": "x"})).await.expect(200).json();
    assert_eq!(withdrawn["withdrawn"], json!(true));
}

#[testkit::db_test]
async fn a_bundle_is_proved_without_the_database_and_every_change_is_named(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let quality = app.ctx("quality").await;
    enter(&app, "budget", "2026 年售后预算").await;
    scores::app::say(&quality, app.unit("HQ"), "5.2.2.1", Said::Earns(100), "抽查 30 张小票").await.unwrap();
    let cause = scores::app::scheme(&quality).unwrap().causes[0].0.clone();
    scores::app::confirm_special(&quality, app.unit("HQ"), Some(cause), "超期退款一起", Some(today())).await.unwrap();
    let id = app::make(&quality, &draft(&app, "HQ", "认证前自评")).await.unwrap();
    app.run_jobs().await;
    let visitor = app.as_user("quality").await;
    let answer = visitor.get(&format!("/assessments/{id}/bundle.zip")).await.expect(200);
    let whole = answer.bytes().to_vec();
    let key = app.house.key.fingerprint();
    let Verdict::Proved(summary) = journal::verify_pack(&whole, Some(&key)) else { panic!("proved") };
    assert_eq!((summary.record_kind.as_str(), summary.record_id), ("assessment", id.get()));
    // One entry, the journal of what was judged, one special deduction.
    assert_eq!(summary.others, 3);
    assert!(matches!(journal::verify_pack(&whole, Some("0000")), Verdict::Broken(_)));
    let find = |needle: &[u8]| whole.windows(needle.len()).position(|window| window == needle).unwrap();
    // In the middle of each file, found by how it is written; the name that comes before the content is that of the file.
    let names = [
        "index.html",
        "report.zh-CN.html",
        "report.en.html",
        "evidence.zh-CN.html",
        "evidence.en.html",
        "evidence.csv",
        "bundle.css",
        "assessment.json",
        "assessment.json.signature.json",
        "journal.json",
    ];
    for name in names {
        // The header of a file ends with its name; its CRC and sizes stand before it.
        let header = [&[0_u8, 0][..], name.as_bytes()].concat();
        let at = find(&header) + header.len() + 40;
        let mut changed = whole.clone();
        changed[at] ^= 1;
        match journal::verify_pack(&changed, Some(&key)) {
            Verdict::Broken(flaw) => assert_eq!(flaw.to_string(), format!("part: {name}")),
            verdict => panic!("{name}: {verdict:?}"),
        }
    }
    let cut = journal::verify_pack(&whole[..whole.len() / 2], Some(&key));
    assert!(matches!(cut, Verdict::Broken(flaw) if flaw.to_string().contains("cut off")));
    // It was written down who took it.
    let taken = visitor.get(&format!("/assessments/{id}/bundle.zip")).await.expect(200);
    assert!(taken.header("content-disposition").contains("assessment-2026-11-22-HQ.zip"));
    let csv_at = find("clause,kind".as_bytes());
    let csv = String::from_utf8_lossy(&whole[csv_at..csv_at + 40_000.min(whole.len() - csv_at)]).into_owned();
    assert!(csv.contains("2026 年售后预算") && csv.contains("proofs/score_entry-"), "{csv}");
}
