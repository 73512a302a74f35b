use kernel::{Day, FaultKind, Id, Money, Zone, of};
use serde_json::json;
use web::{Filled, Form, Locale};

use crate::reader::{lang, local};

fn codes(form: &Form) -> Vec<(String, &'static str)> {
    form.errors().iter().map(|error| (error.field.clone(), error.code)).collect()
}

#[test]
fn everything_that_is_right_is_taken() {
    let mut form = Form::from_query(
        "title=%20%E6%B4%97%E8%A1%A3%E6%9C%BA%20&phone=138+0000+5678&price=1%2C299.50&kind=repair&day=2026-11-22&at=2026-11-22T14%3A32&n=%EF%BC%95&owner=42&upset=yes&tag=a&tag=b&version=7",
    );
    assert_eq!(form.text("title", 20), "洗衣机");
    assert_eq!(form.phone("phone"), "13800005678");
    assert_eq!(form.money("price"), Some(Money::from_fen(129_950)));
    assert_eq!(form.choice("kind", |word| (word == "repair").then_some(1)), Some(1));
    assert_eq!(form.day("day"), Day::new(2026, 11, 22).ok());
    assert_eq!(form.moment("at", &Zone::china()), Some(local("2026-11-22T14:32")));
    assert_eq!(form.number("n", 1..=9), Some(5));
    assert_eq!(form.id::<of::User>("owner"), Some(Id::new(42)));
    assert!(form.flag("upset") && !form.flag("calm"));
    assert_eq!(form.all("tag").collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(form.version("version").unwrap(), 7);
    assert_eq!(form.text_or_none("note", 20), None);
    assert!(form.check().is_ok(), "{:?}", form.errors());
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let mut form = Form::from_query(
        "phone=138&price=x&kind=theft&day=2026-02-30&at=yesterday&n=12&owner=-4&note=a%00b&long=%F0%9F%94%A7%F0%9F%94%A7%F0%9F%94%A7",
    );
    form.text("title", 20);
    form.phone("phone");
    form.money("price");
    form.choice("kind", |_| None::<()>);
    form.choice("missing", |_| None::<()>);
    form.day("day");
    form.moment("at", &Zone::china());
    form.number("n", 1..=9);
    form.id::<of::User>("owner");
    form.text_or_empty("note", 20);
    form.text("long", 2);
    let expected = [
        ("title", "required"),
        ("phone", "phone-digits"),
        ("price", "money-format"),
        ("kind", "unknown"),
        ("missing", "choose"),
        ("day", "day"),
        ("at", "moment"),
        ("n", "number-range"),
        ("owner", "unknown"),
        ("note", "nul"),
        ("long", "too-long"),
    ];
    assert_eq!(codes(&form), expected.map(|(field, code)| (field.to_owned(), code)));
    assert_eq!(form.check().unwrap_err().kind(), FaultKind::Invalid);
    assert_eq!(form.version("version").unwrap_err().kind(), FaultKind::VersionMissing);
    let zh = lang(Locale::ZhCn);
    let filled = form.into_filled();
    assert_eq!(filled.error("phone", &zh).as_deref(), Some("填写 11 位手机号，现在是 3 位"));
    assert_eq!(filled.error("long", &zh).as_deref(), Some("最多 2 个字，现在是 3 个"));
    assert_eq!(filled.value("price"), "x");
}

#[test]
fn json_says_the_same_with_amounts_in_fen_and_instants_with_their_offset() {
    let body = json!({ "title": "x", "price": 129_950, "at": "2026-11-22T06:32:00Z", "upset": true, "tag": ["a", "b"], "note": null });
    let mut form = Form::from_json(body).unwrap();
    assert_eq!(form.money("price"), Some(Money::from_fen(129_950)));
    assert_eq!(form.moment("at", &Zone::china()), Some(local("2026-11-22T14:32")));
    assert!(form.flag("upset") && !form.has("note"));
    assert_eq!(form.all("tag").count(), 2);
    assert_eq!(Form::from_json(json!([1])).unwrap_err().code(), "unreadable");
    assert_eq!(Form::from_json(json!({ "a": { "b": 1 } })).unwrap_err().code(), "unreadable");
}

#[test]
fn a_later_fault_joins_what_was_wrong_before() {
    let form = Form::from_pairs([("name", "林")]);
    let filled = form.into_filled_with(&kernel::Fault::field("name", "taken"));
    assert_eq!(filled.error("name", &lang(Locale::En)).as_deref(), Some("Already taken; use another"));
    assert_eq!(Filled::new().with("a", "1").value("a"), "1");
}
