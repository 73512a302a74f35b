//! Reviews that a job prepares, decisions, signatures, alarms.

use capability::Ctx;
use db::Db;
use kernel::{Day, Fault};
use parties::domain::{LineInput, SaleInput};
use returns::domain::Way;
use returns::reviews::app;
use returns::reviews::domain::Period;
use testapp::TestApp;

use crate::shop::{opened, shop, sold};

async fn prepared(app: &TestApp) -> usize {
    metrics::fold(&app.ctx("boss1").await.house.db).await.unwrap();
    let job = Ctx::system(app.ctx("boss1").await.house.clone(), "returns.reviews");
    app::prepare(&job).await.unwrap()
}

#[testkit::db_test]
async fn a_review_is_made_once_with_frozen_figures_decided_on_and_signed(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    opened(&app, case, Way::Refund, 0).await;
    assert_eq!(prepared(&app).await, 3, "week, month and quarter before today");
    assert_eq!(prepared(&app).await, 0, "once");
    app.clock.advance(86_400_000);
    assert_eq!(prepared(&app).await, 1, "the week that ended yesterday");
    let quality = app.ctx("quality").await;
    let all = app::overview(&quality, None).await.unwrap();
    let week = all.rows.first().unwrap();
    assert_eq!((week.period, week.to.to_string().as_str()), (Period::Week, "2026-11-22"));
    let figure = week.pack.figures.iter().find(|one| one.id == "returns-opened").unwrap();
    assert_eq!((figure.now, figure.before), (Some(1), Some(0)));
    let product = week.pack.products.first().unwrap();
    assert_eq!((product.code.as_str(), product.returned), ("XQG100", 1));
    assert_eq!(week.pack.causes, [("product".to_owned(), 1)]);
    let due: Day = "2026-12-01".parse().unwrap();
    let owner = app.user("boss1");
    assert!(app::decide(&quality, week.id, " ", owner, due).await.unwrap_err().fields().of("body").is_some());
    let past = app::decide(&quality, week.id, "x", owner, "2026-11-01".parse().unwrap()).await.unwrap_err();
    assert!(past.fields().of("due").is_some());
    app::decide(&quality, week.id, "请厂家来看排水泵批次", owner, due).await.unwrap();
    assert!(app.as_user("boss1").await.get("/notices").await.expect(200).main().contains("排水泵批次"));
    let hidden: Result<_, Fault> = app::overview(&app.ctx("clerk1").await, None).await;
    assert!(hidden.is_err());
    let decision = app::detail(&quality, week.id).await.unwrap().decisions.remove(0);
    assert!(app::done(&app.ctx("clerk1").await, decision.id, "x").await.is_err(), "not a clerk's");
    app::done(&app.ctx("boss1").await, decision.id, "厂家换了批次").await.unwrap();
    let again = app::done(&quality, decision.id, "x").await.unwrap_err();
    assert_eq!(again.code(), "returns-decision-done");
    app::sign(&quality, week.id, week.version, "按定下的做").await.unwrap();
    let over = app::decide(&quality, week.id, "x", owner, due).await.unwrap_err();
    assert_eq!(over.code(), "returns-review-signed");
    let visitor = app.as_user("quality").await;
    let href = format!("/returns/reviews/{}", week.id);
    assert!(visitor.get("/returns/reviews").await.expect(200).main().contains("周会"));
    let page = visitor.get(&href).await.expect(200).main();
    assert!(page.contains("XQG100") && page.contains("厂家换了批次") && page.contains("已签字"), "{page}");
    assert!(visitor.get(&format!("{href}/print")).await.expect(200).text().contains("退换货例会纪要"));
    let out = visitor.get(&format!("/api/v1{href}")).await.expect(200).json();
    assert_eq!(out["figures"][0]["now"], serde_json::json!(1));
    app.as_user("clerk1").await.get(&href).await.expect(403);
}

#[testkit::db_test]
async fn a_rate_that_jumps_against_its_history_raises_one_alarm_a_month(db: Db) {
    let app = shop(db).await;
    let case = sold(&app, 2).await;
    let clerk = app.ctx("clerk1").await;
    let sell = async |day: &str, receipt: &str, quantity| {
        let line = LineInput { product: "HOSE".into(), quantity, price: 5_000, serials: Vec::new() };
        let sale = SaleInput { receipt: receipt.into(), day: day.into(), lines: vec![line], ..SaleInput::default() };
        parties::app::create_sale(&clerk, app.unit("S1"), &sale).await.unwrap();
    };
    sell("2026-06-01", "A-1", 500).await;
    sell("2026-11-20", "A-2", 40).await;
    let mut wanted = crate::shop::wanted(&app, case, Way::Refund, 3_000).await;
    let jumped = async || app::overview(&app.ctx("quality").await, None).await.unwrap().alarms;
    prepared(&app).await;
    assert!(jumped().await.is_empty());
    // The hose came with the machine: two of it come back, then four more.
    wanted.lines = vec![returns::app::WantedLine { position: 2, quantity: 2, units: Vec::new() }];
    returns::app::open(&clerk, wanted.clone()).await.unwrap();
    prepared(&app).await;
    assert!(jumped().await.is_empty(), "two tell nothing");
    let other = crate::shop::case_of(&app, "A-2").await;
    let more = returns::app::Wanted {
        case: other,
        receipt: Some("A-2".into()),
        lines: vec![returns::app::WantedLine { position: 1, quantity: 4, units: Vec::new() }],
        extra: kernel::Money::ZERO,
        ..wanted
    };
    returns::app::open(&clerk, more).await.unwrap();
    prepared(&app).await;
    let alarms = jumped().await;
    assert_eq!(alarms.len(), 1);
    assert_eq!((alarms[0].0.product.as_str(), alarms[0].0.counted.returned), ("HOSE", 6));
    prepared(&app).await;
    assert_eq!(jumped().await.len(), 1, "once a month");
    let page = app.as_user("quality").await.get("/returns/reviews").await.expect(200).main();
    assert!(page.contains("28 天退 6 件"), "{page}");
}
