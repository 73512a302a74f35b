//! The dictionary with its numbers, and one number in depth.

use db::Db;

use crate::shop::{shop, steady};

#[testkit::db_test]
async fn the_dictionary_in_both_languages(db: Db) {
    let app = shop(db).await;
    let boss = app.as_user("boss1").await.get("/metrics").await.expect(200);
    insta::assert_snapshot!("overview_store_zh", steady(&boss.main()));
    let east = app.as_user("east").await.in_english().get("/metrics?days=90").await.expect(200);
    insta::assert_snapshot!("overview_region_en", steady(&east.main()));
}

#[testkit::db_test]
async fn one_number_in_both_languages(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    let page = quality.get("/metrics/cases-deadlines-on-time?days=7").await.expect(200);
    insta::assert_snapshot!("metric_zh", steady(&page.main()));
    let english = quality.in_english().get("/metrics/cases-taken-in?days=7").await.expect(200);
    insta::assert_snapshot!("metric_en", steady(&english.main()));
}

#[testkit::db_test]
async fn a_number_is_over_the_stores_in_reach(db: Db) {
    let app = shop(db).await;
    for (login, cases) in [("boss1", 2), ("boss3", 1), ("east", 3), ("quality", 4), ("assessor", 4)] {
        let main = app.as_user(login).await.get("/metrics/cases-taken-in").await.expect(200).main();
        assert!(main.contains(&format!("<div class=\"v\">{cases} 单")), "{login}: {main}");
    }
    let boss = app.as_user("boss1").await;
    let (own, other) = (app.unit("S1"), app.unit("S3"));
    for path in ["/metrics", "/metrics/cases-taken-in"] {
        boss.get(&format!("{path}?store={own}")).await.expect(200);
        let main = boss.get(path).await.main();
        assert!(!main.contains(&other.to_string()) && !main.contains("三店"), "{main}");
        boss.get(&format!("{path}?store={other}")).await.expect(404);
        boss.get(&format!("{path}?store=S3")).await.expect(404);
        boss.get(&format!("{path}?store=nowhere")).await.expect(404);
    }
}

#[testkit::db_test]
async fn the_store_and_the_period_narrow_the_numbers(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    let value = async |query: &str| {
        let main = quality.get(&format!("/metrics/cases-deadlines-on-time?{query}")).await.expect(200).main();
        let value = main.split("<div class=\"v\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let base = main.split("<div class=\"c\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        (value, base)
    };
    // The ratio of the sums, never a mean of the stores' ratios.
    assert_eq!(value("days=7").await, ("80.0%".into(), "4 ÷ 5".into()));
    assert_eq!(value("days=90").await, ("71.4%".into(), "5 ÷ 7".into()));
    assert_eq!(value("days=7&store=S3").await, ("100.0%".into(), "1 ÷ 1".into()));
    assert_eq!(value("days=7&store=S2").await, ("没有数据".into(), "0 ÷ 0".into()));
    assert_eq!(value("days=5000").await, value("days=30").await, "a period that is not offered");
}

#[testkit::db_test]
async fn an_empty_period_says_so_and_leads_on(db: Db) {
    let app = testapp::TestApp::start(db, crate::shop::capabilities).await;
    let main = app.as_user("boss1").await.get("/metrics?days=7").await.expect(200).main();
    assert!(main.contains("这段时间没有记录") && main.contains("href=\"/metrics?days=90\""), "{main}");
    let longest = app.as_user("boss1").await.get("/metrics?days=90").await.expect(200).main();
    assert!(longest.contains("这段时间没有记录") && !longest.contains("看近 90 天"), "{longest}");
    let metric = app.as_user("boss1").await.get("/metrics/surveys-csat").await.expect(200).main();
    assert!(metric.contains("没有数据") && !metric.contains("data-chart"), "{metric}");
}

#[testkit::db_test]
async fn what_is_not_there_is_not_found_and_who_may_not_is_told(db: Db) {
    let app = shop(db).await;
    let boss = app.as_user("boss1").await;
    boss.get("/metrics/cases-nothing").await.expect(404);
    boss.get("/metrics/%27%20OR%201=1").await.expect(404);
    for login in ["clerk1", "tech1"] {
        let person = app.as_user(login).await;
        person.get("/metrics").await.expect(403);
        person.get("/metrics/cases-taken-in").await.expect(403);
        assert!(!person.get("/search").await.text().contains("href=\"/metrics\""), "{login} has the menu entry");
    }
    assert!(boss.get("/search").await.text().contains("href=\"/metrics\""));
    assert_eq!(app.anybody().get("/metrics").await.status, 303);
}
