//! Finding: what, for whom, and with any characters.

use db::Db;
use serde_json::{Value, json};
use testapp::{TestApp, Visitor};

use crate::shop::{shop, steady, take_in};

fn query(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn found(visitor: &Visitor<'_>, text: &str, more: &str) -> Value {
    visitor.get(&format!("/api/v1/search?q={}{more}", query(text))).await.expect(200).json()
}

fn titles(answer: &Value) -> Vec<String> {
    answer["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

#[testkit::db_test]
async fn the_page_in_both_languages(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    let page = quality.get(&format!("/search?q={}", query("屏幕"))).await.expect(200);
    insta::assert_snapshot!("search_zh", steady(&page.main()));
    let page = quality.clone().in_english().get(&format!("/search?q={}", query("屏幕"))).await.expect(200);
    insta::assert_snapshot!("search_en", steady(&page.main()));
    let nothing = quality.get(&format!("/search?q={}", query("没有的东西"))).await.expect(200);
    insta::assert_snapshot!("search_nothing_zh", steady(&nothing.main()));
    let start = quality.in_english().get("/search").await.expect(200);
    insta::assert_snapshot!("search_start_en", steady(&start.main()));
}

#[testkit::db_test]
async fn each_kind_is_found_within_its_own_reach(db: Db) {
    let app = shop(db).await;
    let quality = app.as_user("quality").await;
    assert_eq!(titles(&found(&quality, "屏幕", "").await), ["空调漏水，屏幕不亮", "iPhone 15 换屏幕"]);
    let boss = app.as_user("boss1").await;
    assert_eq!(titles(&found(&boss, "屏幕", "").await), ["iPhone 15 换屏幕"], "no case of another store");
    // At the counter customers of all stores are found, their cases elsewhere are not.
    let clerk = app.as_user("clerk2").await;
    assert_eq!(titles(&found(&clerk, "韩梅", "").await), ["韩梅"]);
    assert_eq!(titles(&found(&clerk, "13511113333", "").await), ["韩梅"]);
    assert_eq!(titles(&found(&clerk, "空调", "").await), Vec::<String>::new());
    // A technician sees own cases only, an assessor no customers.
    assert_eq!(titles(&found(&app.as_user("tech1").await, "屏幕", "").await), Vec::<String>::new());
    let assessor = app.as_user("assessor").await;
    assert_eq!(titles(&found(&assessor, "韩梅", "").await), ["空调漏水，屏幕不亮"]);
    assessor.get("/api/v1/search?q=x&kind=customer").await.expect(403);
    app.anybody().get("/api/v1/search?q=x").await.expect(401);
    assert_eq!(app.anybody().get("/search?q=x").await.status, 303);
}

#[testkit::db_test]
async fn kinds_can_be_asked_apart_and_codes_find_both(db: Db) {
    let app = shop(db).await;
    let boss = app.as_user("boss1").await;
    let kinds = |answer: &Value| {
        let items = answer["items"].as_array().unwrap().iter();
        items.map(|item| item["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut both = kinds(&found(&boss, "13812345678", "").await);
    both.sort();
    assert_eq!(both, ["case", "customer"]);
    assert_eq!(kinds(&found(&boss, "5678", "&kind=customer").await), ["customer"]);
    assert_eq!(kinds(&found(&boss, "wlh", "&kind=case").await), ["case"]);
}

#[testkit::db_test]
async fn whole_numbers_are_never_shown(db: Db) {
    let app = shop(db).await;
    let boss = app.as_user("boss1").await;
    for text in ["屏幕", "13900002222", "13700003333", "2222", "很急"] {
        let answer = found(&boss, text, "").await;
        assert!(!answer["items"].as_array().unwrap().is_empty(), "{text}");
        let shown = answer.to_string();
        for number in ["13900002222", "13700003333"] {
            assert!(!shown.contains(number), "{text}: {shown}");
        }
        assert!(!shown.contains("0000"), "{text}: {shown}");
    }
}

#[testkit::db_test]
async fn a_number_that_names_one_record_opens_it(db: Db) {
    let app = shop(db).await;
    let boss = app.as_user("boss1").await;
    let taken = take_in(&app, "clerk1", "S1", "赵四", "13400004444", "电视没有声音", "没有声音").await;
    let number = boss.get(&format!("/search?q={}", taken.number)).await;
    assert_eq!(number.location(), format!("/cases/{}", taken.id));
    let typed = taken.number.to_lowercase().replace('-', " ");
    assert_eq!(boss.get(&format!("/search?q={}", query(&typed))).await.location(), format!("/cases/{}", taken.id));
    // A phone finds the customer and the case: the person chooses.
    boss.get("/search?q=13400004444").await.expect(200);
    // Of another store's customer there is only the file.
    let only = boss.get("/search?q=13511113333").await;
    assert!(only.location().starts_with("/cases?tab=all&customer="), "{}", only.location());
    // Words do not jump, and neither does a number out of reach.
    boss.get(&format!("/search?q={}", query("电视"))).await.expect(200);
    let other = take_in(&app, "clerk3", "S3", "钱五", "13300005555", "微波炉不热", "不热").await;
    let main = boss.get(&format!("/search?q={}", other.number)).await.expect(200).main();
    assert!(main.contains("没有找到") && !main.contains("微波炉"), "{main}");
}

#[testkit::db_test]
async fn pages_follow_each_other_without_gap_or_repeat(db: Db) {
    let app = shop(db).await;
    for n in 0..7 {
        let phone = format!("1320000{n:04}");
        take_in(&app, "clerk1", "S1", &format!("孙{n}"), &phone, &format!("孙家热水器 {n}"), "漏电").await;
        // Some at the same instant, some later.
        app.clock.advance(n % 2 * 1_000);
    }
    let quality = app.as_user("quality").await;
    let everything = titles(&found(&quality, "孙", "&limit=100").await);
    assert_eq!(everything.len(), 14, "{everything:?}");
    for limit in [1, 2, 3, 5, 13, 14] {
        let mut walked = Vec::new();
        let mut more = String::new();
        loop {
            let answer = found(&quality, "孙", &format!("&limit={limit}{more}")).await;
            walked.extend(titles(&answer));
            let Some(next) = answer["next"].as_str() else { break };
            more = format!("&after={next}");
        }
        assert_eq!(walked, everything, "{limit} on a page");
    }
}

#[testkit::db_test]
async fn the_page_leads_to_the_next(db: Db) {
    let app = shop(db).await;
    for n in 0..25 {
        take_in(&app, "clerk1", "S1", "周", &format!("1310000{n:04}"), &format!("热水器 {n}"), "漏电").await;
    }
    let boss = app.as_user("boss1").await;
    let first = boss.get(&format!("/search?q={}", query("热水器"))).await.expect(200).main();
    assert_eq!(first.matches("<mark class=\"b\">热水器</mark>").count(), 20, "{first}");
    let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    let second = boss.get(&next).await.expect(200).main();
    assert_eq!(second.matches("<mark class=\"b\">热水器</mark>").count(), 5, "{second}");
    assert!(!second.contains("rel=\"next\""));
}

#[testkit::db_test]
async fn any_characters_can_be_typed(db: Db) {
    let app: TestApp = shop(db).await;
    let boss = app.as_user("boss1").await;
    let long = "屏".repeat(100);
    for text in [
        "'",
        "\"",
        "%",
        "_",
        "\\",
        "屏%",
        "' OR 1=1 --",
        "屏' OR '1'='1",
        "NEAR(屏 幕)",
        "屏 AND",
        "OR",
        "NOT 屏",
        "*",
        "屏*",
        "(",
        "a & b | !c",
        ":*",
        "屏:*",
        "<script>alert(1)</script>",
        "&amp;",
        "{ $x }",
        "😀",
        "\u{202e}屏",
        "\u{e000}1",
        &long,
    ] {
        let page = boss.get(&format!("/search?q={}", query(text))).await.expect(200).main();
        assert!(!page.contains("<script>alert"), "{page}");
        found(&boss, text, "").await;
    }
    let hostile = found(&boss, "' OR 1=1 --", "").await;
    assert_eq!(hostile["items"], json!([]));
    assert_eq!(found(&boss, "%", "").await["items"], json!([]), "a wildcard finds nothing");
    // What customers wrote is text.
    let page = boss.get(&format!("/search?q={}", query("很急"))).await.expect(200).main();
    assert!(page.contains("&#60;b&#62;<mark class=\"b\">很急</mark>&#60;/b&#62;"), "{page}");
    // Too long, or with what no text holds: said, not looked for.
    let nul = boss.get("/search?q=%00").await.expect(200).main();
    assert!(nul.contains("find-wrong"), "{nul}");
    boss.get(&format!("/search?q={}", query(&"屏".repeat(101)))).await.expect(200);
    for (query, field) in [("", "q"), ("?q=x&kind=house", "kind"), ("?q=x&after=7", "after"), ("?q=x&limit=0", "limit")]
    {
        let answer = boss.get(&format!("/api/v1/search{query}")).await;
        assert!(answer.status.is_client_error(), "{query}");
        assert_eq!(answer.json()["fields"][0]["field"], field);
    }
}

#[testkit::db_test]
async fn channels_are_found_and_numbers_name_them(db: Db) {
    let app = testapp::TestApp::start(db, with_channels).await;
    let boss = app.ctx("boss1").await;
    let plan = channels::app::Draft { name: "售后热线".into(), active: true, ..channels::app::Draft::default() };
    let kind = channels::domain::Kind::Phone;
    let line = channels::app::create(&boss, app.unit("S1"), kind, None, plan).await.unwrap();
    let intake = cases::app::Intake {
        store: app.unit("S1"),
        channel: cases::domain::Channel::Phone,
        subject: "问营业时间".into(),
        ..cases::app::Intake::default()
    };
    cases::app::take_in(&app.ctx("clerk1").await, intake).await.unwrap();

    let reader = app.as_user("boss1").await;
    let page = reader.get("/search?q=%E5%94%AE%E5%90%8E%E7%83%AD%E7%BA%BF&kind=channel").await.expect(200);
    assert!(page.text().contains(&format!("/channels/{}", line.id)) && page.plain().contains("售后热线"));
    let other = app.as_user("boss3").await.get("/search?q=%E7%83%AD%E7%BA%BF").await.expect(200);
    assert!(!other.text().contains(&format!("/channels/{}", line.id)), "another store's line stays unknown");

    let numbers = reader.get("/metrics/cases-taken-in?days=30").await.expect(200).plain();
    assert!(numbers.contains("售后热线") && !numbers.contains(&line.id.to_string()), "a name, no id");
    let api = reader.get("/api/v1/metrics/cases-taken-in?by=via").await.expect(200).json();
    let item = &api["points"][0];
    assert_eq!((item["key"].as_str(), item["label"].as_str()), (Some(&*line.id.to_string()), Some("售后热线")));
}

fn with_channels() -> Vec<capability::Capability> {
    let mut all = crate::shop::capabilities();
    all.extend([approvals::capability(), notices::capability(), channels::capability()]);
    all
}
