//! Question by question, without a script.

use db::Db;
use testapp::TestApp;

use crate::shop::capabilities;

const WASHER: &str = "/verdicts?category=washer&fault=performance&bought=2025-11-03&channel=store&received=2025-11-03&cause=product\
                      &has_receipt=yes&same_model=yes&claim_date=2025-11-18&price_fen=259900";

#[testkit::db_test]
async fn it_asks_only_what_matters_next(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let clerk = app.as_user("clerk1").await;
    let start = clerk.get("/verdicts").await.expect(200).main();
    assert!(start.contains("是什么商品？") && start.contains("洗衣机") && !start.contains("判定</h2>"), "{start}");
    let second = clerk.get("/verdicts?category=washer").await.expect(200).main();
    assert!(second.contains("坏到什么程度？") && second.contains("fault=performance"), "{second}");
    // Nothing is wrong with it, and it was bought in the shop: the rest does not matter any more.
    let done = clerk.get("/verdicts?category=washer&fault=none&channel=store&special=none").await.expect(200).main();
    assert!(done.contains("法律上没有退换的权利"), "{done}");
    assert!(!done.contains("id=\"ask-text\""), "nothing is asked any more: {done}");
}

#[testkit::db_test]
async fn the_verdict_shows_clause_day_sum_and_what_hangs(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let clerk = app.as_user("clerk1").await;
    let open = clerk.get(WASHER).await.expect(200).main();
    assert!(open.contains("还可能有") && open.contains("其余按一般情况"), "{open}");
    let usual = clerk.get(&format!("{WASHER}&usual=yes")).await.expect(200).main();
    for text in ["换同型号", "免费修理", "部分商品三包规定第 10 条", "2025-11-18 前", "¥19.49", "¥2,579.51", "0.05%"]
    {
        assert!(usual.contains(text), "{text} is missing: {usual}");
    }
    let english = clerk.in_english().get(&format!("{WASHER}&usual=yes")).await.expect(200).main();
    for text in ["exchange, same model", "art. 10", "Until 2025-11-18", "15 days"] {
        assert!(english.contains(text), "{text} is missing: {english}");
    }
}

#[testkit::db_test]
async fn the_customer_reads_conditions_without_amounts(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let clerk = app.as_user("clerk1").await;
    let path = WASHER.replace("/verdicts?", "/verdicts/customer?");
    for (visitor, says) in [(clerk.clone(), "我们先检测"), (clerk.clone().in_english(), "We inspect it first")] {
        let main = visitor.get(&format!("{path}&usual=yes")).await.expect(200).main();
        assert!(main.contains(says), "{main}");
        let told = main.split("<div class=\"say\">").nth(1).unwrap();
        assert!(!told.contains('¥') && !told.contains("2,599"), "{told}");
    }
    let main = clerk.get("/verdicts/customer").await.expect(200).main();
    assert!(main.contains("还没问完"), "{main}");
}

#[testkit::db_test]
async fn what_cannot_be_is_said_and_asked_again(db: Db) {
    let app = TestApp::start(db, capabilities).await;
    let clerk = app.as_user("clerk1").await;
    let bad = clerk.get("/verdicts?category=washer&fault=performance&bought=2025-02-30").await.expect(200).main();
    assert!(bad.contains("再填一次") && bad.contains("发票是哪天开的？"), "{bad}");
    let odd = clerk.get("/verdicts?category=washer&bought=2026-01-03&claim_date=2026-01-01").await.expect(200).main();
    assert!(odd.contains("对不上"), "{odd}");
    clerk.get("/verdicts?price=abc&category=%3Cb%3E&skip=fault&ask=nothing").await.expect(200);
    app.as_user("assessor").await.get("/verdicts").await.expect(403);
}
