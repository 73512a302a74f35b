//! The customer's form behind a store's QR code, and staff's form with drafts and slips, through the whole program.

use db::Db;
use testapp::{Answer, TestApp};

use crate::pages::{hidden, plain};
use crate::shop::*;

const GOOD: [(&str, &str); 6] = [
    ("kind", "repair"),
    ("category", "washer"),
    ("symptoms", "washer.no_spin"),
    ("words", "脱水时停机，显示 E4"),
    ("phone", "+86 138-0000-5678"),
    ("consent", "yes"),
];

/// The form's stamp, old enough to be sent.
async fn stamped(app: &TestApp) -> String {
    let stamp = hidden(&app.anybody().get("/r/S1").await.expect(200), "stamp");
    app.clock.advance(5_000);
    stamp
}

async fn send(app: &TestApp, stamp: &str, change: &[(&str, &str)]) -> Answer {
    let mut fields: Vec<(&str, &str)> =
        GOOD.iter().filter(|(name, _)| change.iter().all(|(other, _)| other != name)).copied().collect();
    fields.extend_from_slice(change);
    fields.push(("stamp", stamp));
    app.anybody().post("/r/S1", &fields).await
}

#[testkit::db_test]
async fn a_customer_sends_a_request_and_follows_it(db: Db) {
    let app = shop(db).await;
    let stamp = stamped(&app).await;
    let sent = send(&app, &stamp, &[]).await.expect(303);
    assert_eq!(sent.header("referrer-policy"), "no-referrer");
    let track = sent.location().to_owned();
    let page = app.anybody().get(&track).await.expect(200).text();
    assert!(page.contains("已收到。收藏这一页"), "{page}");
    // The same press twice, or again after the network was away, is the same case and the same page.
    assert_eq!(send(&app, &stamp, &[]).await.expect(303).location(), track);
    assert_eq!(app.metric("cases-taken-in").await, Some(1));
    // Changed words under an old stamp are not lost silently.
    let changed = send(&app, &stamp, &[("words", "还漏水")]).await.expect(409).text();
    assert!(changed.contains("刚才已经提交过") && changed.contains("还漏水"), "{changed}");
    let clerk = app.ctx("clerk1").await;
    let filter = cases::app::Filter::default();
    let rows = cases::app::list(&clerk, filter, cases::app::Order::Newest, None, 10).await.unwrap().rows;
    let row = &rows[0];
    assert_eq!((rows.len(), row.channel.as_str(), row.owner, row.subject.as_str()), (1, "qr", None, "洗衣机 不脱水"));
    let detail = cases::app::detail(&clerk, row.id).await.unwrap();
    assert_eq!(detail.customer.unwrap().phone, "138****5678");
    // Another store's people see nothing of it.
    let other = app.ctx("clerk2").await;
    let filter = cases::app::Filter::default();
    assert!(cases::app::list(&other, filter, cases::app::Order::Newest, None, 10).await.unwrap().rows.is_empty());
}

#[testkit::db_test]
async fn a_known_number_is_put_in_its_file_without_telling(db: Db) {
    let app = shop(db).await;
    let known = taken(&app).await.customer;
    let stamp = stamped(&app).await;
    let track = send(&app, &stamp, &[("phone", "13812345678")]).await.expect(303).location().to_owned();
    let page = app.anybody().get(&track).await.expect(200).text();
    assert!(!page.contains("王丽华"), "whoever types a number learns no name: {page}");
    let clerk = app.ctx("clerk1").await;
    let rows = cases::app::list(&clerk, cases::app::Filter::default(), cases::app::Order::Newest, None, 10).await;
    let rows = rows.unwrap().rows;
    assert!(rows.iter().all(|row| row.customer == known), "{rows:?}");
}

#[testkit::db_test]
async fn what_is_wrong_is_said_and_everything_stays(db: Db) {
    let app = shop(db).await;
    let stamp = stamped(&app).await;
    for (change, says) in [
        (("phone", "1380000567"), "10"),
        (("phone", "138000056789"), "12"),
        (("phone", ""), "手机号"),
        (("consent", ""), "勾选同意"),
        (("symptoms", "nothing"), "没有这一项"),
        (("category", "spaceship"), "没有这一项"),
        (("words", "a\0b"), "不能保存的字符"),
        (("website", "http://spam.example"), "不该填"),
        (("kind", "installation"), "选"),
        (("name", &"长".repeat(31)), "31"),
    ] {
        let page = send(&app, &stamp, &[change]).await.expect(422).text();
        assert!(page.contains(says), "{change:?}: {page}");
        assert!(page.contains("E4") || change.0 == "words", "{change:?} lost the words");
    }
    let huge = "x".repeat(1_000_000);
    send(&app, &stamp, &[("words", &huge)]).await.expect(422);
    let nothing = send(&app, &stamp, &[("symptoms", ""), ("words", " ")]).await.expect(422).text();
    assert!(nothing.contains("点一个现象"), "{nothing}");
    assert_eq!(app.metric("cases-taken-in").await.unwrap_or_default(), 0);
    // Full-width digits are digits.
    send(&app, &stamp, &[("phone", "１３８００００５６７８")]).await.expect(303);
    for nowhere in ["/r/NOPE", "/r/EAST", "/r/HQ", "/r/%00"] {
        app.anybody().get(nowhere).await.expect(404);
    }
}

#[testkit::db_test]
async fn robots_are_slowed_down_and_people_are_not(db: Db) {
    let app = shop(db).await;
    let fresh = hidden(&app.anybody().get("/r/S1").await.expect(200), "stamp");
    let quick = send(&app, &fresh, &[]).await.expect(422);
    assert!(quick.text().contains("提交得太快"), "{}", quick.text());
    assert_eq!(hidden(&quick, "stamp"), fresh, "the second press goes through");
    app.clock.advance(4_000);
    send(&app, &fresh, &[]).await.expect(303);
    // A stamp of another store, of nobody, or of yesterday.
    let other = hidden(&app.anybody().get("/r/S2").await.expect(200), "stamp");
    app.clock.advance(4_000);
    for stamp in [&other, "", "1-2-3", &"9".repeat(5_000)] {
        let page = send(&app, stamp, &[]).await.expect(422);
        assert!(page.text().contains("页面打开太久"), "{}", page.text());
        assert_ne!(hidden(&page, "stamp"), *stamp);
    }
    let old = stamped(&app).await;
    app.clock.advance(13 * HOUR);
    send(&app, &old, &[]).await.expect(422);
    // One number sends three in an hour, then waits; others do not.
    for n in 0..4 {
        let stamp = stamped(&app).await;
        let status = send(&app, &stamp, &[("words", &format!("第 {n} 次"))]).await.status.as_u16();
        assert_eq!(status, if n < 3 { 303 } else { 429 }, "{n}");
    }
    let stamp = stamped(&app).await;
    send(&app, &stamp, &[("phone", "13900000001")]).await.expect(303);
    app.clock.advance(HOUR);
    let stamp = stamped(&app).await;
    send(&app, &stamp, &[]).await.expect(303);
    app.clock.advance(3 * DAY);
    let system = capability::Ctx::system(std::sync::Arc::clone(&app.house), "requests");
    assert!(cases::app::forget_requests(&system).await.unwrap() > 0);
}

#[testkit::db_test]
async fn the_form_in_both_languages(db: Db) {
    let app = shop(db).await;
    let page = app.anybody().get("/r/S1?category=washer").await.expect(200);
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    insta::assert_snapshot!("request_zh", sealed(&page));
    let page = app.anybody().in_english().get("/r/S1?category=phone&kind=return").await.expect(200);
    insta::assert_snapshot!("request_en", sealed(&page));
    // Choosing the goods keeps what was typed.
    let look = [("look", "yes"), ("category", "fridge"), ("words", "不冷"), ("stamp", "x")];
    let page = app.anybody().post("/r/S1", &look).await.expect(200).text();
    assert!(page.contains("fridge.no_cool") && page.contains("不冷"), "{page}");
}

/// Without the stamp, which differs from run to run.
fn sealed(page: &Answer) -> String {
    let stamp = hidden(page, "stamp");
    plain(&page.main().replace(&stamp, "STAMP"))
}

#[testkit::db_test]
async fn a_poster_needs_an_address_that_customers_reach(db: Db) {
    let app = shop(db).await;
    let clerk = app.as_user("clerk1").await;
    let page = clerk.get("/cases/poster").await.expect(200).text();
    assert!(page.contains("https://service.example.com/r/S1") && page.contains("<svg class=\"qr\""), "{page}");
    clerk.get("/cases/poster?size=a5").await.expect(200);
    clerk.get(&format!("/cases/poster?store={}", app.unit("S2"))).await.expect(404);
}

#[testkit::db_test]
async fn without_https_the_poster_says_what_to_set(db: Db) {
    let app = TestApp::start_at(db, capabilities, Some("http://127.0.0.1:8080")).await;
    let page = app.as_user("clerk1").await.get("/cases/poster").await.expect(200).text();
    assert!(page.contains("AFTERCARE_PUBLIC_URL") && !page.contains("<svg class=\"qr\""), "{page}");
}

#[testkit::db_test]
async fn drafts_survive_and_come_back_as_they_were(db: Db) {
    let app = shop(db).await;
    let clerk = app.as_user("clerk1").await;
    let once = hidden(&clerk.get("/cases/new").await.expect(200), "once");
    let typed = [
        ("once", &*once),
        ("customer.phone", "13800005678"),
        ("product", "滚筒洗衣机"),
        ("symptoms", "washer.leak"),
        ("symptoms", "washer.noise"),
        ("kind", "repair"),
        ("body", "漏了一地 <b>&\"水\"</b>\n第二行"),
        ("upset", "yes"),
    ];
    let kept = clerk.post("/cases/new/draft", &typed).await.expect(303);
    assert_eq!(kept.location(), format!("/cases/new?draft={once}&done=draft"));
    let page = clerk.get(kept.location()).await.expect(200);
    let text = page.text();
    assert_eq!(hidden(&page, "once"), once, "it stays the same draft");
    for part in [
        "value=\"13800005678\"",
        "value=\"washer.leak\" checked",
        "value=\"washer.noise\" checked",
        "漏了一地 &#60;b&#62;&#38;&#34;水&#34;&#60;/b&#62;\n第二行",
        "草稿已自动保存 14:32",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(clerk.get("/").await.expect(200).text().contains(&format!("/cases/new?draft={once}")));
    // The next person at the counter sees nothing of it.
    let boss = app.as_user("boss1").await;
    boss.get(&format!("/cases/new?draft={once}")).await.expect(404);
    assert!(!boss.get("/").await.expect(200).text().contains(&once));
    // A fragment says when; a form without anything typed is no draft.
    let fragment = [("hx-request", "true"), ("content-type", "application/x-www-form-urlencoded")];
    let headers = |more: (&'static str, &'static str)| [fragment[0], fragment[1], more];
    let body = format!("once={once}&product=x").into_bytes();
    let answer = clerk.send("POST", "/cases/new/draft", &headers(("sec-fetch-site", "same-origin")), body).await;
    assert_eq!(answer.header("hx-replace-url"), format!("/cases/new?draft={once}"));
    assert!(answer.expect(200).text().contains("14:32"));
    let body = b"once=5&kind=repair".to_vec();
    clerk.send("POST", "/cases/new/draft", &headers(("sec-fetch-site", "same-origin")), body).await.expect(204);
    clerk.post(&format!("/cases/new/drafts/{once}/discard"), &[]).await.expect(303);
    clerk.get(&format!("/cases/new?draft={once}")).await.expect(404);
}

#[testkit::db_test]
async fn slips_in_a_row_keep_store_channel_and_time(db: Db) {
    let app = shop(db).await;
    let clerk = app.as_user("clerk1").await;
    let store = app.unit("S1").to_string();
    let slip = |once: String| {
        vec![
            ("once".to_owned(), once),
            ("slips".to_owned(), "yes".to_owned()),
            ("slip".to_owned(), "HZ-0099".to_owned()),
            ("customer".to_owned(), "anonymous".to_owned()),
            ("store".to_owned(), store.clone()),
            ("channel".to_owned(), "phone".to_owned()),
            ("kind".to_owned(), "repair".to_owned()),
            ("symptoms".to_owned(), "washer.leak".to_owned()),
            ("happened_at".to_owned(), "2026-11-22T09:10".to_owned()),
        ]
    };
    let pairs = |fields: &[(String, String)]| -> Vec<(String, String)> { fields.to_vec() };
    let post = async |fields: Vec<(String, String)>| {
        let fields = pairs(&fields);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        clerk.post("/cases/new", &fields).await
    };
    let once = hidden(&clerk.get("/cases/new?slips=yes").await.expect(200), "once");
    let saved = post(slip(once)).await.expect(303);
    let next = saved.location().to_owned();
    let page = clerk.get(&next).await.expect(200).text();
    for part in ["HZ-0100", "2026-11-22T09:10", "value=\"phone\" checked", "FW20261122-0001", "保存并录下一张"] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    // The same slip again names the first case and leads to it.
    let once = hidden(&clerk.get("/cases/new?slips=yes").await.expect(200), "once");
    let refused = post(slip(once)).await.expect(422).text();
    assert!(refused.contains("FW20261122-0001") && refused.contains("这张纸单已录入"), "{refused}");
    // Entered five hours later: both times are shown.
    let id = next.split("last=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let page = clerk.get(&format!("/cases/{id}")).await.expect(200).text();
    assert!(page.contains("11-22 09:10 发生；11-22 14:32 录入，晚 5 小时 22 分"), "{page}");
    assert!(page.contains("性能故障") && page.contains("部分商品三包规定 第 9 条"), "{page}");
}

#[testkit::db_test]
async fn administration_keeps_the_list(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    let page = quality.get("/settings/symptoms?category=phone").await.expect(200);
    insta::assert_snapshot!("settings_symptoms_zh", plain(&page.main()));
    let wrong = quality.post("/settings/symptoms", &[("name_zh", "")]).await.expect(422).text();
    assert!(wrong.contains("error-summary") || wrong.contains("aria-invalid"), "{wrong}");
    let add = [("category", "phone"), ("name_zh", "扬声器破音"), ("fault_class", "performance"), ("obvious", "yes")];
    quality.post("/settings/symptoms", &add).await.expect(303);
    let page = quality.get("/settings/symptoms?category=phone").await.expect(200).text();
    assert!(page.contains("扬声器破音") && page.contains("本公司"), "{page}");
    // Offered at once, to staff and customers.
    let offered = app.as_user("clerk1").await.get("/cases/new/symptoms?product=%E6%89%8B%E6%9C%BA").await.expect(200);
    assert!(offered.text().contains("扬声器破音"));
    assert!(app.anybody().get("/r/S1?category=phone").await.expect(200).text().contains("扬声器破音"));
    quality.post("/settings/symptoms/1/retire", &[]).await.expect(303);
    app.as_user("clerk1").await.get("/settings/symptoms").await.expect(403);
}

/// A unit that the records know is picked, not typed.
#[testkit::db_test]
async fn a_known_unit_fills_the_form(db: Db) {
    use parties::domain::{ProductInput, UnitInput};
    let app = shop(db).await;
    let quality = app.ctx("quality").await;
    let product = ProductInput {
        code: "XQG100-B14".into(),
        name: "滚筒洗衣机".into(),
        brand: "清泉".into(),
        category: "washer".into(),
        ..ProductInput::default()
    };
    parties::app::create_product(&quality, &product).await.unwrap();
    let boss = app.ctx("boss1").await;
    let customer = taken(&app).await.customer.unwrap();
    let unit = UnitInput {
        product: "XQG100-B14".into(),
        serial: "8A2603001271".into(),
        customer: Some(customer.to_string()),
        ..UnitInput::default()
    };
    let unit = parties::app::create_unit(&boss, app.unit("S1"), &unit).await.unwrap().unit.id.to_string();
    let clerk = app.as_user("clerk1").await;
    // By the serial number, with its customer; by the customer; and what no record has is taken in all the same.
    let page = clerk.get("/cases/new/goods?serial=8a26-0300-1271").await.expect(200).text();
    for part in ["清泉 滚筒洗衣机 XQG100-B14", "王丽华", "138****5678", "checked", "innerHTML:#found"] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    let page = clerk.get(&format!("/cases/new?customer={customer}")).await.expect(200).text();
    assert!(page.contains("清泉 滚筒洗衣机 XQG100-B14"), "{page}");
    let page = clerk.get("/cases/new/goods?serial=NOTHING-77").await.expect(200).text();
    assert!(page.contains("照样受理"), "{page}");
    let once = hidden(&clerk.get("/cases/new").await.expect(200), "once");
    let (store, customer) = (app.unit("S1").to_string(), customer.to_string());
    let fields = [
        ("once", &*once),
        ("customer", &*customer),
        ("unit", &*unit),
        ("store", &*store),
        ("channel", "counter"),
        ("kind", "repair"),
        ("symptoms", "washer.no_spin"),
    ];
    let saved = clerk.post("/cases/new", &fields).await.expect(303).location().to_owned();
    let id: i64 = saved.split('?').next().unwrap().rsplit('/').next().unwrap().parse().unwrap();
    let case = cases::app::detail(&app.ctx("clerk1").await, kernel::Id::new(id)).await.unwrap().case;
    assert_eq!(case.product.as_deref(), Some("清泉 滚筒洗衣机 XQG100-B14"));
    assert_eq!(case.serial.as_deref(), Some("8A2603001271"));
    let once = hidden(&clerk.get("/cases/new").await.expect(200), "once");
    let mut wrong = fields.to_vec();
    wrong[0] = ("once", &once);
    wrong[2] = ("unit", "77");
    clerk.post("/cases/new", &wrong).await.expect(422);
}
