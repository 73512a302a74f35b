//! What is taken in.

use aftercare::capabilities;
use db::Db;
use serde_json::{Value, json};
use std::collections::BTreeMap;

use testapp::TestApp;
use testkit::db_test;

use super::{CASES, by, case, path, problem, rows, said, take_in, with};

#[db_test]
async fn a_case_that_cannot_be_taken_in_names_the_field(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let clerk = app.as_user("clerk1").await;
    let boss = app.as_user("boss1").await;
    let other_store = app.user("clerk3").to_string();
    let mut named = case();
    named.as_object_mut().unwrap().remove("customer");
    let customer = |id: Value| {
        let mut body = named.clone();
        body["customer_id"] = id;
        body
    };
    let before = rows(&app).await;
    let long = "字".repeat(100_000);
    let table = [
        (json!({}), "store:required"),
        (with("subject", json!(null)), "subject:required"),
        (with("subject", json!("")), "subject:required"),
        (with("subject", json!(5)), "subject:type"),
        (with("subject", json!([])), "subject:type"),
        (with("subject", json!("a\0b")), "subject:nul"),
        (with("subject", json!("\u{202e}\u{200b} \u{feff}")), "subject:required"),
        (with("subject", json!(long)), "subject:too-long"),
        (with("body", json!("a\0")), "body:nul"),
        (with("body", json!("字".repeat(20_001))), "body:too-long"),
        (with("store", json!("X9")), "store:unknown"),
        (with("store", json!("EAST")), "store:unknown"),
        (with("store", json!("S1\0")), "store:unknown"),
        (with("store", json!(1)), "store:type"),
        (with("kind", json!("holiday")), "kind:unknown"),
        (with("channel", json!("pigeon")), "channel:unknown"),
        (with("priority", json!("asap")), "priority:unknown"),
        (with("wish", json!("moon")), "wish:unknown"),
        (with("upset", json!("yes")), "upset:type"),
        (with("product", json!("a\0")), "product:nul"),
        (with("serial", json!("x".repeat(61))), "serial:too-long"),
        (with("external_id", json!("x".repeat(101))), "external_id:too-long"),
        (with("owner", json!("7")), "owner:unknown"),
        (with("owner", json!("me")), "owner:unknown"),
        (with("owner", json!(7)), "owner:type"),
        (with("happened_at", json!("2036-01-01T00:00:00Z")), "happened_at:future"),
        (with("happened_at", json!("1890-01-01T00:00:00Z")), "happened_at:cases-too-old"),
        (with("happened_at", json!("-009999-01-01T00:00:00Z")), "happened_at:moment"),
        (with("happened_at", json!("yesterday")), "happened_at:moment"),
        (with("happened_at", json!(5)), "happened_at:type"),
        (with("customer", json!("王")), "customer:type"),
        (with("customer", json!({})), "customer.name:required"),
        (with("customer", json!({ "name": 5 })), "customer.name:type"),
        (with("customer", json!({ "name": "a\0" })), "customer.name:nul"),
        (with("customer", json!({ "name": "王", "email": "nobody" })), "customer.email:email"),
        (by("1381234567"), "customer.phone:phone-digits"),
        (by("138123456789"), "customer.phone:phone-digits"),
        (by("+86 138 1234 567"), "customer.phone:phone-digits"),
        (by("１３８１２３４５６７"), "customer.phone:phone-digits"),
        (by("call me"), "customer.phone:phone-letters"),
        (by("🙂"), "customer.phone:phone-letters"),
        (by(&"1".repeat(10_000)), "customer.phone:phone-unknown"),
        (with("customer_id", json!("7")), "customer:cases-one-customer"),
        (customer(json!("7")), "customer_id:unknown"),
        (customer(json!("9".repeat(40))), "customer_id:unknown"),
        (customer(json!(7)), "customer_id:type"),
    ];
    for (body, expected) in table {
        let about: String = body.to_string().chars().take(200).collect();
        let answer = clerk.json("POST", CASES, &[], &body).await;
        assert_eq!(said(&problem(&about, answer, 422)), expected, "{about}");
    }
    let answer = clerk.json("POST", CASES, &[], &with("store", json!("S3"))).await;
    assert_eq!(said(&problem("another store", answer, 404)), "not-found");
    let answer = boss.json("POST", CASES, &[], &with("owner", json!(other_store))).await;
    assert_eq!(said(&problem("an owner of another store", answer, 422)), "owner:cases-owner");
    assert_eq!(rows(&app).await, before);

    let english = clerk.clone().in_english().json("POST", CASES, &[], &by("1381234567")).await;
    let english = problem("in English", english, 422);
    assert_eq!(english["fields"][0]["text"], "Enter 11 digits; you typed 10");
}

#[db_test]
async fn what_looks_odd_but_is_right_is_taken(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let clerk = app.as_user("clerk1").await;
    for phone in
        ["+86 138 1234 5678", "0086-13812345678", "１３８１２３４５６７８", "138-1234-5678", "86 138 1234 5678"]
    {
        let made = take_in(&clerk, &by(phone)).await;
        let shown = clerk.get(&path(&made)).await.expect(200).json();
        assert_eq!(shown["customer"]["phone"], "138****5678", "{phone}");
    }
    let made = take_in(&clerk, &with("subject", json!("😀 👩\u{200d}🔧 \u{202e}مرحبا"))).await;
    let shown = clerk.get(&path(&made)).await.expect(200).json();
    assert_eq!(shown["subject"], "😀 👩\u{200d}🔧 مرحبا");
    for (member, value) in [("colour", json!("red")), ("happened_at", json!("")), ("product", json!(null))] {
        take_in(&clerk, &with(member, value)).await;
    }
    take_in(&clerk, &with("customer", json!({ "name": "王丽华", "phone": null }))).await;
}

#[db_test]
async fn forms_keep_what_was_typed_and_say_what_is_wrong(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let clerk = app.as_user("clerk1").await;
    let (store, other) = (app.unit("S1").to_string(), app.unit("S3").to_string());
    let before = rows(&app).await;
    let long = "字".repeat(100_000);
    for (field, value, says) in [
        ("subject", "", "这里要填"),
        ("subject", "a\0b", "不能保存"),
        ("subject", "\u{200b}\u{202e}", "这里要填"),
        ("subject", long.as_str(), "最多 200 个字"),
        ("body", long.as_str(), "最多 20000 个字"),
        ("kind", "zz", "重新选"),
        ("channel", "zz", "重新选"),
        ("store", "x", "重新选"),
        ("customer.phone", "1381234567", "现在是 10 位"),
        ("customer.phone", "138123456789", "现在是 12 位"),
        ("customer.phone", "abc", "只能是数字"),
        ("customer.name", "\0", "不能保存"),
        ("customer", "7", "重新选"),
        ("happened_at", "2036-01-01T00:00", "不能晚于现在"),
        ("happened_at", "1800-01-01T00:00", "一年以前"),
        ("happened_at", "soon", "日期和时间"),
    ] {
        let mut fields = BTreeMap::from([
            ("store", store.as_str()),
            ("kind", "repair"),
            ("channel", "counter"),
            ("subject", "洗衣机"),
            ("body", "留着的话"),
            ("customer", "new"),
            ("customer.name", "王丽华"),
            ("customer.phone", "13812345678"),
        ]);
        fields.insert(field, value);
        let fields: Vec<_> = fields.into_iter().collect();
        let page = clerk.post("/cases/new", &fields).await.expect(422).text();
        assert!(page.contains(says), "{field}={}: no “{says}”", value.chars().take(20).collect::<String>());
        assert!(field == "body" || page.contains("留着的话"), "{field}: what was typed is lost");
    }
    let elsewhere = [
        ("store", other.as_str()),
        ("kind", "repair"),
        ("channel", "counter"),
        ("subject", "x"),
        ("customer", "anonymous"),
    ];
    clerk.post("/cases/new", &elsewhere).await.expect(404);
    assert_eq!(rows(&app).await, before);
}
