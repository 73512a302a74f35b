//! When the database is full or away: people and programs are told in their language to try again, nothing has changed, and
//! everything works again as soon as the database does.

use std::sync::Arc;

use aftercare::capabilities;
use db::{Db, DbError};
use serde_json::{Value, json};
use testapp::{Answer, TestApp, Visitor};
use testkit::{Engine, Fresh};
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;

const CASES: &str = "/api/v1/cases";

fn case() -> Value {
    json!({ "store": "S1", "kind": "repair", "subject": "洗衣机不脱水", "body": "报 E4 ".repeat(3_000),
        "customer": { "name": "王丽华", "phone": "13812345678" } })
}

async fn cases(db: &Db) -> i64 {
    let counted =
        db.read((), |tx, ()| Box::pin(async move { tx.one::<(i64,)>("SELECT COUNT(*) FROM service_case", &[]).await }));
    let counted: Result<Option<(i64,)>, DbError> = counted.await;
    counted.unwrap().unwrap().0
}

#[track_caller]
fn is_busy(answer: Answer, sentence: &str) {
    assert_eq!(answer.status.as_u16(), 503, "{}", answer.text());
    assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0), "{:?}", answer.headers);
    assert!(answer.text().contains(sentence), "no “{sentence}” in {}", answer.text());
}

/// Every way of asking says that it is busy, as a page and as a problem, in both languages.
async fn everything_is_busy(who: &Visitor<'_>) {
    is_busy(who.get("/cases").await, "现在有点忙");
    is_busy(who.clone().in_english().get("/cases").await, "Busy at the moment");
    writing_is_busy(who).await;
    let ready = who.get("/readyz").await;
    assert_eq!(ready.status.as_u16(), 503);
    who.get("/healthz").await.expect(200);
}

async fn writing_is_busy(who: &Visitor<'_>) {
    let answer = who.json("POST", CASES, &[], &case()).await;
    assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text());
    is_busy(answer, "\"code\":\"busy\"");
    is_busy(who.clone().in_english().json("POST", CASES, &[], &case()).await, "Busy at the moment");
    let long = "报 E4 ".repeat(3_000);
    let store = who.get("/api/v1/stores").await;
    let fields = [
        ("store", "1"),
        ("kind", "repair"),
        ("channel", "counter"),
        ("subject", "洗衣机"),
        ("body", long.as_str()),
        ("customer", "anonymous"),
    ];
    let store = match store.status.as_u16() {
        200 => store.json()["items"][0]["id"].as_str().unwrap().to_owned(),
        _ => "1".to_owned(),
    };
    let fields: Vec<_> = fields
        .into_iter()
        .map(|(name, value)| if name == "store" { (name, store.as_str()) } else { (name, value) })
        .collect();
    is_busy(who.post("/cases/new", &fields).await, "现在有点忙");
}

/// Lets SQLite's file grow by no page more, or again as it likes.
async fn limit_disk(db: &Db, pages: i64) {
    let sql = format!("PRAGMA max_page_count = {pages}");
    let set = db.write(sql, |tx, sql| Box::pin(async move { tx.one::<(i64,)>(sql, &[]).await }));
    let set: Result<Option<(i64,)>, DbError> = set.await;
    set.unwrap();
}

#[test]
fn a_full_disk_refuses_what_is_new_and_still_shows_what_is_there() {
    testkit::block_on(async {
        let fresh = Fresh::migrated(Engine::Sqlite).await;
        let db = fresh.open(testkit::options()).await;
        let app = TestApp::start(db.clone(), capabilities::all).await;
        let clerk = app.as_user("clerk1").await;
        let made = clerk.json("POST", CASES, &[], &case()).await.expect(201).json();
        let path = format!("{CASES}/{}", made["id"].as_str().unwrap());
        limit_disk(&db, 1).await;
        let before = cases(&db).await;
        writing_is_busy(&clerk).await;
        // The session's last use is noted every few minutes; that this cannot be written keeps nobody from reading.
        app.clock.set(app.clock.now().plus(30 * 60_000));
        clerk.get(&path).await.expect(200);
        clerk.get("/cases").await.expect(200);
        clerk.get("/readyz").await.expect(200);
        assert_eq!(cases(&db).await, before);
        limit_disk(&db, 1_000_000).await;
        clerk.json("POST", CASES, &[], &case()).await.expect(201);
        assert_eq!(cases(&db).await, before + 1);
        drop((app, db));
        fresh.remove().await;
    });
}

/// PostgreSQL behind a door that can be shut: connections break off, new ones are refused.
struct Door {
    port: u16,
    open: watch::Sender<bool>,
}

impl Door {
    /// The door's way to `socket`, the cluster's folder.
    async fn to(socket: &str, port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (open, opened) = watch::channel(true);
        let socket: Arc<str> = format!("{socket}/.s.PGSQL.5432").into();
        tokio::spawn(async move {
            let mut shut = opened.clone();
            loop {
                let (mut outer, _) = tokio::select! {
                    accepted = listener.accept() => accepted.unwrap(),
                    _ = shut.wait_for(|open| !open) => return,
                };
                let (socket, mut shut) = (Arc::clone(&socket), opened.clone());
                tokio::spawn(async move {
                    let mut inner = UnixStream::connect(&*socket).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut outer, &mut inner) => {}
                        _ = shut.wait_for(|open| !open) => {}
                    }
                });
            }
        });
        Self { port, open }
    }

    /// Shuts it; the port is free afterwards.
    async fn shut(self) -> u16 {
        self.open.send(false).unwrap();
        self.open.closed().await;
        self.port
    }
}

/// The cluster's folder and the database's name in an address of the test kit.
fn parts(url: &str) -> (String, String) {
    let (host, name) = url.split_once('@').unwrap().1.split_once('/').unwrap();
    (host.replace("%2F", "/"), name.to_owned())
}

#[test]
fn a_vanished_postgresql_is_said_and_found_again() {
    testkit::block_on(async {
        let fresh = Fresh::migrated(Engine::Postgres).await;
        let (socket, name) = parts(fresh.url());
        let door = Door::to(&socket, 0).await;
        let url = format!("postgres://postgres@127.0.0.1:{}/{name}", door.port);
        let db = Db::open(&url, testkit::options()).await.unwrap();
        let app = TestApp::start(db.clone(), capabilities::all).await;
        let clerk = app.as_user("clerk1").await;
        clerk.json("POST", CASES, &[], &case()).await.expect(201);
        clerk.get("/readyz").await.expect(200);
        let port = door.shut().await;
        everything_is_busy(&clerk).await;
        everything_is_busy(&clerk).await;
        let door = Door::to(&socket, port).await;
        clerk.get("/readyz").await.expect(200);
        assert_eq!(cases(&db).await, 1);
        clerk.json("POST", CASES, &[], &case()).await.expect(201);
        clerk.get("/cases").await.expect(200);

        // Somebody restarts the server or ends the connections: the next request opens new ones.
        let other = fresh.open(testkit::options()).await;
        let kill = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()";
        for _ in 0..3 {
            let killed = other.read(kill, |tx, kill| Box::pin(async move { tx.one::<(i64,)>(kill, &[]).await }));
            let killed: Result<Option<(i64,)>, DbError> = killed.await;
            assert!(killed.unwrap().unwrap().0 > 0);
            let before = cases(&db).await;
            let answer = clerk.json("POST", CASES, &[], &case()).await;
            if answer.status.as_u16() == 201 {
                assert_eq!(cases(&db).await, before + 1);
            } else {
                is_busy(answer, "\"code\":\"busy\"");
                assert_eq!(cases(&db).await, before);
                clerk.json("POST", CASES, &[], &case()).await.expect(201);
            }
        }
        door.shut().await;
        drop((app, db, other));
        fresh.remove().await;
    });
}
