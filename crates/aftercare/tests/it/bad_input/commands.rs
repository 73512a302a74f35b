//! Commands that need less than is thought, or cannot be.

use aftercare::capabilities;
use db::Db;
use serde_json::{Value, json};
use testapp::TestApp;
use testkit::db_test;

use super::{CASES, JSON, SAME, case, path, problem, rows, said, take_in, with};

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
