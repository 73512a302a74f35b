//! What cannot be read, is too much, or has no such method.

use aftercare::capabilities;
use db::Db;
use serde_json::json;
use testapp::TestApp;
use testkit::db_test;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{CASES, FORM, JSON, SAME, case, problem, rows, said, with};

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
