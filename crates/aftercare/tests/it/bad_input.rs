//! What a bad-tempered caller sends: every time a clear answer with the right status, at the field where there is one, and nothing
//! changed.

use std::collections::BTreeMap;

use aftercare::capabilities;
use db::{Db, DbError};
use futures_util::future::join_all;
use serde_json::{Value, json};
use testapp::{Answer, TestApp, Visitor};
use testkit::db_test;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const CASES: &str = "/api/v1/cases";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("content-type", "application/json");
const SAME: (&str, &str) = ("sec-fetch-site", "same-origin");

/// How many rows every table has. Reserved numbers are left out: a refused case may leave a gap.
async fn rows(app: &TestApp) -> BTreeMap<String, i64> {
    let mut counted = BTreeMap::new();
    let migrations = db::migrations();
    let words = migrations.iter().flat_map(|migration| migration.sql.lines());
    for table in words.filter_map(|line| line.strip_prefix("CREATE TABLE ")?.split([' ', '(']).next()) {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        let read = app.house.db.read(sql, |tx, sql| Box::pin(async move { tx.one::<(i64,)>(sql, &[]).await }));
        let read: Result<Option<(i64,)>, DbError> = read.await;
        // A few tables exist on one engine only.
        if table != "number_block"
            && let Ok(Some((n,))) = read
        {
            counted.insert(table.to_owned(), n);
        }
    }
    assert!(counted.len() > 20, "{counted:?}");
    counted
}

/// The problem that was answered, translated, without a defect.
#[track_caller]
fn problem(about: &str, answer: Answer, status: u16) -> Value {
    assert_eq!(answer.status.as_u16(), status, "{about}: {}", answer.text());
    assert_eq!(answer.header("content-type"), "application/problem+json", "{about}");
    let problem = answer.json();
    let title = problem["title"].as_str().unwrap();
    assert!(!title.is_empty() && !title.starts_with("fault-"), "{about}: {title}");
    for field in problem["fields"].as_array().into_iter().flatten() {
        assert!(!field["text"].as_str().unwrap().starts_with("field-"), "{about}: {field}");
    }
    problem
}

/// `field:code` of the first field that is wrong, else the problem's code.
fn said(problem: &Value) -> String {
    match problem["fields"].get(0) {
        Some(field) => format!("{}:{}", field["field"].as_str().unwrap(), field["code"].as_str().unwrap()),
        None => problem["code"].as_str().unwrap().to_owned(),
    }
}

fn case() -> Value {
    json!({ "store": "S1", "kind": "repair", "subject": "洗衣机不脱水", "body": "报 E4",
        "customer": { "name": "王丽华", "phone": "138 1234 5678" } })
}

/// A case with one member changed.
fn with(member: &str, value: Value) -> Value {
    let mut case = case();
    case[member] = value;
    case
}

fn by(phone: &str) -> Value {
    with("customer", json!({ "name": "王丽华", "phone": phone }))
}

async fn take_in(who: &Visitor<'_>, body: &Value) -> Value {
    who.json("POST", CASES, &[], body).await.expect(201).json()
}

fn path(case: &Value) -> String {
    format!("{CASES}/{}", case["id"].as_str().unwrap())
}

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
async fn bodies_that_cannot_be_read_are_refused(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let clerk = app.as_user("clerk1").await;
    let before = rows(&app).await;
    let deep = [b"{\"x\":".repeat(50_000), b"[".repeat(50_000)].concat();
    let twice = br#"{"store":"S1","store":"S2","kind":"repair","subject":"x"}"#.to_vec();
    let bad_text = b"{\"store\":\"S1\",\"kind\":\"repair\",\"subject\":\"\xff\xfe\"}".to_vec();
    let json_case = case().to_string().into_bytes();
    let table: [(&str, (&str, &str), Vec<u8>, u16, &str); 14] = [
        ("nothing", JSON, Vec::new(), 422, "store:required"),
        ("cut off", JSON, b"{\"store\":\"S1\"".to_vec(), 422, "unreadable"),
        ("a list", JSON, b"[]".to_vec(), 422, "unreadable"),
        ("a list of members", JSON, b"[\"S1\",\"repair\"]".to_vec(), 422, "unreadable"),
        ("null", JSON, b"null".to_vec(), 422, "unreadable"),
        ("two objects", JSON, b"{}{}".to_vec(), 422, "unreadable"),
        ("deep", JSON, deep, 422, "unreadable"),
        ("a member twice", JSON, twice, 422, "store:twice"),
        ("not UTF-8", JSON, bad_text, 422, "unreadable"),
        ("half a surrogate", JSON, br#"{"store":"S1","subject":"\ud800"}"#.to_vec(), 422, "unreadable"),
        ("too large", JSON, with("body", json!("a".repeat(3_000_000))).to_string().into_bytes(), 413, "too-large"),
        ("a form", FORM, b"store=S1".to_vec(), 415, "media-type"),
        ("plain text", ("content-type", "text/plain"), json_case.clone(), 415, "media-type"),
        ("no type", ("x-nothing", "1"), json_case, 415, "media-type"),
    ];
    for (about, kind, body, status, code) in table {
        let answer = clerk.send("POST", CASES, &[kind, SAME], body).await;
        assert_eq!(said(&problem(about, answer, status)), code, "{about}");
    }
    for (about, kind, body, status) in [
        ("too large", FORM, b"a".repeat(3_000_000), 413),
        ("not UTF-8", FORM, b"subject=\xff\xfe".to_vec(), 422),
        ("a file", ("content-type", "multipart/form-data; boundary=x"), b"x".to_vec(), 422),
        ("deep", JSON, b"{\"subject\":{\"x\":1}}".to_vec(), 422),
    ] {
        let answer = clerk.send("POST", "/cases/new", &[kind, SAME], body).await.expect(status);
        assert!(answer.header("content-type").starts_with("text/html"), "{about}");
    }
    assert_eq!(rows(&app).await, before);
}

/// Whoever sends ten megabytes reads the answer only afterwards; a connection that is closed before would be all they see.
#[db_test]
async fn who_sends_too_much_is_heard_out_and_told(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = capability::router(&app.house, capabilities::all());
    let served = tokio::spawn(async move { axum::serve(listener, router).await });
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let size = 10_000_000;
    let head = format!(
        "POST {CASES} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {size}\r\nIdempotency-Key: big\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&b"a".repeat(size)).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    served.abort();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("\"code\":\"too-large\""), "{answer}");
}

#[db_test]
async fn the_same_request_twice_is_done_once(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let clerk = app.as_user("clerk1").await;
    let key = |key: &'static str| [("idempotency-key", key)];
    let first = clerk.json("POST", CASES, &key("k1"), &case()).await.expect(201).json();
    let before = rows(&app).await;
    let again = clerk.json("POST", CASES, &key("k1"), &case()).await.expect(201).json();
    assert_eq!(first["id"], again["id"]);
    let other = clerk.json("POST", CASES, &key("k1"), &with("subject", json!("别的"))).await;
    assert_eq!(said(&problem("another body", other, 409)), "idempotency-key-reused");
    let long = "k".repeat(201);
    for key in ["", " ", "a b", long.as_str()] {
        let answer = clerk.json("POST", CASES, &[("idempotency-key", key)], &case()).await;
        assert_eq!(said(&problem(key, answer, 422)), "idempotency-key-invalid");
    }
    assert_eq!(rows(&app).await, before);

    let (body, headers) = (case(), key("k2"));
    let at_once = join_all((0..6).map(|_| clerk.json("POST", CASES, &headers, &body))).await;
    let made: Vec<Answer> = at_once.into_iter().filter(|answer| answer.status.as_u16() == 201).collect();
    assert!(!made.is_empty());
    for answer in &made {
        assert_eq!(answer.json()["id"], made[0].json()["id"]);
    }
    let body = with("external_id", json!("till-7"));
    let at_once = join_all((0..6).map(|_| clerk.json("POST", CASES, &[], &body))).await;
    let mut statuses: Vec<u16> = at_once.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 201]);
    assert_eq!(rows(&app).await["service_case"], before["service_case"] + 2);

    // Without a key a request is a new one.
    assert_ne!(take_in(&clerk, &case()).await["id"], take_in(&clerk, &case()).await["id"]);
    let form = |once: &'static str, subject: &'static str| {
        let store = app.unit("S1").to_string();
        let clerk = clerk.clone();
        async move {
            let fields = [
                ("store", store.as_str()),
                ("kind", "repair"),
                ("channel", "counter"),
                ("subject", subject),
                ("once", once),
                ("customer", "new"),
                ("customer.name", "王丽华"),
                ("customer.phone", "13812345678"),
            ];
            clerk.post("/cases/new", &fields).await
        }
    };
    let first = form("o1", "一次").await.expect(303);
    let before = rows(&app).await;
    assert_eq!(form("o1", "一次").await.expect(303).location(), first.location());
    form("o1", "又改了").await.expect(409);
    assert_eq!(rows(&app).await, before);
}

#[db_test]
async fn two_people_at_once_and_old_versions(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let (clerk, boss) = (app.as_user("clerk1").await, app.as_user("boss1").await);
    let made = take_in(&clerk, &case()).await;
    let accept = format!("{}/accept", path(&made));
    let before = rows(&app).await;
    let versions = [
        None,
        Some("*"),
        Some(""),
        Some("1"),
        Some("\"1\""),
        Some("v1"),
        Some("\"v1"),
        Some("\"v1\", \"v2\""),
        Some("\"v99999999999999999999\""),
    ];
    for version in versions {
        let headers: Vec<_> = version.map(|version| ("if-match", version)).into_iter().collect();
        let answer = clerk.json("POST", &accept, &headers, &json!({})).await;
        assert_eq!(said(&problem(&format!("{version:?}"), answer, 428)), "version-missing");
    }
    for version in ["\"v0\"", "\"v-1\"", "\"v2\"", "\"v9223372036854775807\""] {
        let answer = clerk.json("POST", &accept, &[("if-match", version)], &json!({})).await;
        assert_eq!(said(&problem(version, answer, 412)), "stale");
    }
    let page = format!("/cases/{}/do/accept", made["id"].as_str().unwrap());
    clerk.post(&page, &[]).await.expect(428);
    clerk.post(&page, &[("version", "x")]).await.expect(428);
    assert_eq!(rows(&app).await, before);

    let (headers, nothing) = ([("if-match", "\"v1\"")], json!({}));
    let racers = [&clerk, &boss, &clerk, &boss, &clerk, &boss];
    let at_once = join_all(racers.iter().map(|who| who.json("POST", &accept, &headers, &nothing))).await;
    let mut statuses: Vec<u16> = at_once.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412]);
    assert_eq!(clerk.get(&path(&made)).await.json()["version"], 2);
}

#[db_test]
async fn commands_need_no_more_than_they_need(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let clerk = app.as_user("clerk1").await;
    for (kind, body) in [(JSON, Vec::new()), (("x-nothing", "1"), Vec::new()), (JSON, b"{}".to_vec())] {
        let made = take_in(&clerk, &with("priority", json!("high"))).await;
        let accept = format!("{}/accept", path(&made));
        let done = clerk.send("POST", &accept, &[kind, SAME, ("if-match", "\"v1\"")], body).await.expect(200);
        assert_eq!((done.json()["state"].as_str(), done.header("etag")), (Some("accepted"), "\"v2\""));
        let shown = clerk.get(&path(&made)).await.expect(200).json();
        assert_eq!(shown["owner"]["id"], app.user("clerk1").to_string());
        assert_eq!((&shown["priority"], &shown["kind"]), (&json!("high"), &json!("repair")));
        let analyse = format!("{}/analyse", path(&made));
        clerk.send("POST", &analyse, &[SAME, ("if-match", "\"v2\"")], Vec::new()).await.expect(200);
    }
    let answer = clerk.json("POST", CASES, &[], &case()).await.expect(201);
    let made = answer.json();
    assert_eq!(answer.header("location"), path(&made));
    assert_eq!(answer.header("etag"), "\"v1\"");
    for member in ["id", "number", "state", "step", "version", "due"] {
        assert!(!made[member].is_null(), "{member}: {made}");
    }
    let shown = clerk.get(&path(&made)).await.expect(200).json();
    let members = [
        "id",
        "number",
        "state",
        "step",
        "version",
        "due",
        "store",
        "kind",
        "channel",
        "priority",
        "subject",
        "body",
        "customer",
        "customer_id",
        "external_id",
        "happened_at",
        "created_at",
        "owner",
        "plans",
        "clocks",
        "commands",
    ];
    for member in members {
        assert!(shown.get(member).is_some(), "{member}: {shown}");
    }
}

#[db_test]
async fn commands_that_are_wrong_or_impossible_change_nothing(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let clerk = app.as_user("clerk1").await;
    let made = take_in(&clerk, &case()).await;
    let at = path(&made);
    let give = |command: &'static str, version: &'static str, body: Value| {
        let (clerk, path) = (clerk.clone(), format!("{at}/{command}"));
        async move { clerk.json("POST", &path, &[("if-match", version)], &body).await }
    };
    let me = app.user("clerk1").to_string();
    let whole = json!({ "findings": "x", "options": [{ "text": "x" }], "proof": "counter", "reason": "customer", "owner": me,
        "until": "2026-12-01T00:00:00Z", "outcome": "fixed", "cause": "product", "note": "x", "by": "customer", "wrong": "x",
        "into": made["id"] });
    let before = rows(&app).await;
    for (command, code) in [
        ("analyse", "cases-accept-first"),
        ("propose", "cases-accept-first"),
        ("confirm", "cases-no-plan"),
        ("decline", "cases-no-plan"),
        ("wait", "cases-accept-first"),
        ("resume", "cases-not-waiting"),
        ("resolve", "cases-accept-first"),
        ("close", "cases-not-resolved"),
        ("reopen", "cases-not-done-yet"),
        ("merge", "cases-merge-itself"),
    ] {
        assert_eq!(said(&problem(command, give(command, "\"v1\"", whole.clone()).await, 409)), code, "{command}");
    }
    for (command, field) in [
        ("propose", "findings:required"),
        ("confirm", "proof:choose"),
        ("decline", "reason:required"),
        ("wait", "reason:choose"),
        ("resolve", "outcome:choose"),
        ("close", "by:choose"),
        ("reopen", "wrong:required"),
        ("reject", "reason:required"),
        ("cancel", "reason:required"),
        ("merge", "into:choose"),
    ] {
        assert_eq!(said(&problem(command, give(command, "\"v1\"", json!({})).await, 422)), field, "{command}");
    }
    for command in ["explode", "%00", "accept/x", "%F0%9F%98%80"] {
        let answer = clerk.json("POST", &format!("{at}/{command}"), &[("if-match", "\"v1\"")], &json!({})).await;
        problem(command, answer, 404);
    }
    let stranger = app.user("clerk3").to_string();
    for (body, field) in [
        (json!({ "owner": "7" }), "owner:unknown"),
        (json!({ "owner": stranger }), "owner:cases-owner"),
        (json!({ "owner": 7 }), "owner:type"),
        (json!({ "kind": "x" }), "kind:unknown"),
        (json!({ "priority": "x" }), "priority:unknown"),
    ] {
        let about = body.to_string();
        assert_eq!(said(&problem(&about, give("accept", "\"v1\"", body).await, 422)), field, "{about}");
    }
    let team = json!({ "team": app.unit("S1").to_string() });
    assert_eq!(said(&problem("a store as a team", give("assign", "\"v1\"", team).await, 422)), "team:unknown");
    assert_eq!(
        said(&problem("into nothing", give("merge", "\"v1\"", json!({ "into": "7" })).await, 422)),
        "into:unknown"
    );
    assert_eq!(rows(&app).await, before);

    give("accept", "\"v1\"", json!({})).await.expect(200);
    let before = rows(&app).await;
    let line = |amount: Value| json!({ "findings": "x", "options": [{ "text": "x", "lines": [{ "text": "x", "amount": amount, "bearer": "store" }] }] });
    for (body, field) in [
        (line(json!(-1)), "options.0.lines.0.amount:money-negative"),
        (line(json!(i64::MIN)), "options.0.lines.0.amount:money-negative"),
        (line(json!(i64::MAX)), "options.0.lines.0.amount:money-large"),
        (line(json!(u64::MAX)), "options.0.lines.0.amount:type"),
        (line(json!(1.5)), "options.0.lines.0.amount:type"),
        (line(json!("100")), "options.0.lines.0.amount:type"),
        (json!({ "findings": "x", "options": {} }), "options:type"),
        (
            json!({ "findings": "x", "options": [{ "text": "x" }, { "text": "x" }, { "text": "x" }, { "text": "x" }, { "text": "x" }, { "text": "x" }] }),
            "options:cases-too-many",
        ),
        (json!({ "findings": "x", "options": [{ "text": "x", "done_by": "soon" }] }), "options.0.done_by:moment"),
        (
            json!({ "findings": "x", "options": [{ "text": "x", "done_by": "2026-11-22T06:31:59Z" }] }),
            "options.0.done_by:past",
        ),
    ] {
        let about = body.to_string();
        assert_eq!(said(&problem(&about, give("propose", "\"v2\"", body).await, 422)), field, "{about}");
    }
    let wait = |until: &str| json!({ "reason": "customer", "until": until, "owner": me, "note": "x" });
    for (until, status, code) in [
        ("1990-01-01T00:00:00Z", 409, "cases-wait-past"),
        ("2029-01-01T00:00:00Z", 409, "cases-wait-too-long"),
        ("9999-12-31T23:59:59Z", 422, "until:moment"),
        ("tomorrow", 422, "until:moment"),
    ] {
        assert_eq!(said(&problem(until, give("wait", "\"v2\"", wait(until)).await, status)), code, "{until}");
    }
    assert_eq!(rows(&app).await, before);

    give("propose", "\"v2\"", line(json!(100))).await.expect(200);
    let before = rows(&app).await;
    for (option, status, code) in [
        (json!(0), 422, "option:unknown"),
        (json!(-1), 422, "option:unknown"),
        (json!(i64::MIN), 422, "option:unknown"),
        (json!(2), 409, "cases-option-unknown"),
        (json!(i64::MAX), 409, "cases-option-unknown"),
        (json!("1"), 422, "option:type"),
    ] {
        let body = json!({ "option": option, "proof": "counter" });
        assert_eq!(said(&problem(&body.to_string(), give("confirm", "\"v3\"", body).await, status)), code, "{option}");
    }
    for (body, field) in [
        (json!({}), "visibility:choose"),
        (json!({ "visibility": "loud", "body": "x" }), "visibility:unknown"),
        (json!({ "visibility": "public", "body": " " }), "body:required"),
        (json!({ "visibility": "public", "body": "\0" }), "body:nul"),
        (json!({ "visibility": "public", "body": 5 }), "body:type"),
        (json!({ "visibility": "internal", "body": "字".repeat(20_001) }), "body:too-long"),
    ] {
        let answer = clerk.json("POST", &format!("{at}/messages"), &[], &body).await;
        assert_eq!(said(&problem(field, answer, 422)), field);
    }
    assert_eq!(rows(&app).await, before);
}

#[db_test]
async fn what_is_out_of_reach_does_not_exist(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let (clerk, elsewhere) = (app.as_user("clerk1").await, app.as_user("clerk3").await);
    let theirs = take_in(&elsewhere, &with("store", json!("S3"))).await;
    let customer = elsewhere.get(&path(&theirs)).await.json()["customer_id"].as_str().unwrap().to_owned();
    let mine = take_in(&clerk, &case()).await;
    let id = theirs["id"].as_str().unwrap().to_owned();
    let before = rows(&app).await;
    for id in [
        id.as_str(),
        "7",
        "-1",
        "0",
        "x",
        "99999999999999999999",
        "%00",
        "%ff%fe",
        "%F0%9F%98%80",
        "..%2f..%2fetc",
        "%2e%2e",
        "7%2Ftimeline",
    ] {
        for path in ["", "/timeline"] {
            problem(id, clerk.get(&format!("{CASES}/{id}{path}")).await, 404);
        }
        for command in ["accept", "cancel"] {
            let body = json!({ "reason": "x" });
            problem(
                id,
                clerk.json("POST", &format!("{CASES}/{id}/{command}"), &[("if-match", "\"v1\"")], &body).await,
                404,
            );
        }
        problem(
            id,
            clerk
                .json("POST", &format!("{CASES}/{id}/messages"), &[], &json!({ "visibility": "internal", "body": "x" }))
                .await,
            404,
        );
        problem(id, clerk.json("POST", &format!("{CASES}/{id}/links"), &[], &json!({ "purpose": "track" })).await, 404);
        for page in ["", "/print", "/link", "/reveal", "/do/accept", "/clocks/7"] {
            let answer = clerk.get(&format!("/cases/{id}{page}")).await.expect(404);
            assert!(answer.text().contains("没有找到"), "{id}{page}");
        }
        clerk.post(&format!("/cases/{id}/do/accept"), &[("version", "1")]).await.expect(404);
        clerk.post(&format!("/cases/{id}/messages"), &[("visibility", "internal"), ("body", "x")]).await.expect(404);
    }
    // Whoever works at a counter finds every customer, but changes only those of the own store.
    let edit = json!({ "name": "x" });
    for id in [customer.as_str(), "7", "x", "%00"] {
        let path = format!("/api/v1/customers/{id}");
        assert!(id == customer || clerk.get(&path).await.status.as_u16() == 404, "{id}");
        problem(id, clerk.json("PATCH", &path, &[("if-match", "\"v1\"")], &edit).await, 404);
        problem(id, clerk.json("POST", &format!("{path}/reveal"), &[], &json!({ "reason": "x" })).await, 404);
    }
    let merge =
        clerk.json("POST", &format!("{}/merge", path(&mine)), &[("if-match", "\"v1\"")], &json!({ "into": id })).await;
    assert_eq!(said(&problem("merge", merge, 422)), "into:unknown");
    assert_eq!(rows(&app).await, before);
}

#[db_test]
async fn lists_take_what_they_can_and_name_what_they_cannot(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let (clerk, admin) = (app.as_user("clerk1").await, app.as_user("admin").await);
    take_in(&clerk, &case()).await;
    let wrong = [
        ("limit=0", "limit:number-range"),
        ("limit=-1", "limit:number-range"),
        ("limit=99999999", "limit:number-range"),
        ("limit=x", "limit:number-range"),
        ("after=x", "after:unknown"),
        ("after=1", "after:unknown"),
        ("after=99999999999999999999.1", "after:unknown"),
        ("state=lost", "state:unknown"),
        ("state=new,lost", "state:unknown"),
        ("kind=%00", "kind:unknown"),
        ("order=random", "order:unknown"),
        ("store=X9", "store:unknown"),
        ("owner=x", "owner:unknown"),
        ("customer_id=x", "customer_id:unknown"),
        ("due_before=2026-99-99", "due_before:moment"),
        ("category=zz", "category:unknown"),
    ];
    for (query, code) in wrong {
        assert_eq!(said(&problem(query, clerk.get(&format!("{CASES}?{query}")).await, 422)), code, "{query}");
    }
    let long = format!("q={}", "a".repeat(20_000));
    for query in [
        "",
        "limit=",
        "after=-1.-1",
        "q=%00",
        "q=%ff%fe",
        "q=%F0%9F%98%80",
        "q=%22%27%25_*()",
        "q=OR",
        "q=NEAR(",
        "q=-",
        "q=%E2%80%AE",
        "a=b",
        "%00=1",
        long.as_str(),
    ] {
        clerk.get(&format!("{CASES}?{query}")).await.expect(200);
        clerk.get(&format!("/cases?{query}")).await.expect(200);
    }
    let lists = [
        "/api/v1/customers",
        "/api/v1/search",
        "/api/v1/stores",
        "/api/v1/users",
        "/api/v1/metrics",
        "/api/v1/surveys",
    ];
    let queries = [
        "q=%00",
        "q=%ff",
        "limit=-1",
        "limit=99999999",
        "after=x",
        "from=2026-99-01",
        "from=0001-01-01&to=9999-12-31",
        "phone=%00",
        "phone=1",
        "store=%00",
        "kind=zz",
    ];
    for list in lists {
        for query in queries {
            for person in [&clerk, &admin] {
                let status = person.get(&format!("{list}?{query}")).await.status.as_u16();
                assert!(matches!(status, 200 | 403 | 404 | 422), "{list}?{query}: {status}");
            }
        }
    }
}

#[db_test]
async fn other_methods_are_not_known(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let clerk = app.as_user("clerk1").await;
    for method in ["OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "PROPFIND", "get"] {
        let answer = clerk.send(method, CASES, &[SAME], Vec::new()).await;
        let allowed = answer.header("allow").to_owned();
        assert_eq!(said(&problem(method, answer, 405)), "method");
        assert!(allowed.contains("POST"), "{method}: {allowed}");
        clerk.send(method, "/cases", &[SAME], Vec::new()).await.expect(405);
    }
    assert_eq!(clerk.send("HEAD", CASES, &[], Vec::new()).await.expect(200).text(), "");
    for token in ["Bearer x", "Bearer ", "Basic eDp5", "x"] {
        let answer = app.anybody().send("GET", CASES, &[("authorization", token)], Vec::new()).await;
        assert_eq!(said(&problem(token, answer, 401)), "unauthenticated");
    }
    let other_site =
        clerk.send("POST", CASES, &[JSON, ("sec-fetch-site", "cross-site")], case().to_string().into_bytes()).await;
    assert_eq!(said(&problem("another site", other_site, 403)), "other-site");
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

#[db_test]
async fn customer_links_open_one_case_for_a_time_and_decide_once(db: Db) {
    let app = TestApp::start(db, capabilities::all).await;
    let clerk = app.as_user("clerk1").await;
    let made = take_in(&clerk, &case()).await;
    let at = path(&made);
    let link = |purpose: &'static str| {
        let (clerk, at) = (clerk.clone(), at.clone());
        async move {
            let body = json!({ "purpose": purpose });
            let made = clerk.json("POST", &format!("{at}/links"), &[], &body).await.expect(201).json();
            made["path"].as_str().unwrap().to_owned()
        }
    };
    let answer = clerk.json("POST", &format!("{at}/links"), &[], &json!({ "purpose": "decide" })).await;
    assert_eq!(said(&problem("nothing to decide", answer, 409)), "cases-no-plan");
    clerk.json("POST", &format!("{at}/accept"), &[("if-match", "\"v1\"")], &json!({})).await.expect(200);
    let plan = json!({ "findings": "x", "options": [{ "text": "甲" }, { "text": "乙" }] });
    clerk.json("POST", &format!("{at}/propose"), &[("if-match", "\"v2\"")], &plan).await.expect(200);
    let (track, old, decide) = (link("track").await, link("decide").await, link("decide").await);
    let nobody = app.anybody();
    let before = rows(&app).await;
    let flipped = if track.ends_with('0') { '1' } else { '0' };
    let tampered: String = track.chars().take(track.len() - 1).chain([flipped]).collect();
    let as_rate = track.replace("/c/", "/rate/");
    for gone in [tampered.as_str(), "/c/x", "/c/%00", "/c/%ff", as_rate.as_str(), "/rate/x", "/rate/%ff"] {
        nobody.get(gone).await.expect(404);
    }
    nobody.get(&old).await.expect(410);
    nobody.post(&format!("{old}/decide"), &[("option", "1")]).await.expect(410);
    // A link that shows does not decide.
    nobody.post(&format!("{track}/decide"), &[("option", "1")]).await.expect(404);
    nobody.post(&format!("{tampered}/decide"), &[("option", "1")]).await.expect(404);
    for wrong in [("option", "0"), ("option", "x"), ("answer", "no"), ("option", "")] {
        nobody.post(&format!("{decide}/decide"), &[wrong]).await.expect(422);
    }
    nobody.post(&format!("{decide}/decide"), &[("option", "3")]).await.expect(409);
    let long = "字".repeat(100_000);
    for wrong in ["", "\0", "\u{200b}", long.as_str()] {
        nobody.post(&format!("{track}/message"), &[("body", wrong)]).await.expect(422);
    }
    nobody.post(&format!("{track}/close"), &[]).await.expect(409);
    nobody.post(&format!("{track}/reopen"), &[("wrong", "x")]).await.expect(409);
    assert_eq!(rows(&app).await, before);

    let (address, fields) = (format!("{decide}/decide"), [("option", "1")]);
    let at_once = join_all((0..6).map(|_| nobody.post(&address, &fields))).await;
    let mut statuses: Vec<u16> = at_once.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409, 409, 409, 409]);
    let before = rows(&app).await;
    let again = nobody.post(&address, &[("option", "2")]).await.expect(409).text();
    assert!(again.contains("你已经选过了"), "{again}");
    let half_a_year = 181 * 86_400_000;
    app.clock.set(app.clock.now().plus(half_a_year));
    nobody.get(&track).await.expect(410);
    let late = nobody.clone().in_english().post(&format!("{track}/message"), &[("body", "x")]).await.expect(410).text();
    assert!(late.contains("expired"), "{late}");
    assert_eq!(rows(&app).await, before);
}
