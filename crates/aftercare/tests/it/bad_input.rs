//! What a bad-tempered caller sends: every time a clear answer with the right status, at the field where there is one, and nothing
//! changed.

mod commands;
mod intake;
mod links;
mod reach;
mod repeats;
mod requests;

use std::collections::BTreeMap;

use db::DbError;
use serde_json::{Value, json};
use testapp::{Answer, TestApp, Visitor};

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
