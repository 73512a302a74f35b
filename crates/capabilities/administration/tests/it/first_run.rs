use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use capability::{Installation, Opening};
use db::Db;
use http_body_util::BodyExt;
use identity::{LOGIN_RULE, store};
use journal::InstallationKey;
use kernel::{Clock, Fault};
use tower::ServiceExt;

use crate::house::capabilities;

struct Fresh {
    house: Arc<Installation>,
    clock: Clock,
    router: Router,
}

impl Fresh {
    async fn new(db: Db) -> Self {
        let clock = testkit::clock();
        let opening = Opening {
            files: capability::Files::in_memory(db.clone(), clock.clone()),
            db,
            clock: clock.clone(),
            node: "test".to_owned(),
            proxies: web::Proxies::default(),
            public_url: None,
            demo: false,
            key: InstallationKey::from_seed([7; 32]),
            master: capability::MasterKey::from_key([7; 32]),
            providers: messaging::Providers::default(),
        };
        let (house, _runner) = Installation::open(opening, &capabilities()).await.unwrap();
        let router = capability::router(&house, capabilities());
        Self { house, clock, router }
    }

    async fn send(&self, method: &str, path: &str, cookie: &str, body: &str) -> (u16, String, String, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost")
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookie)
            .body(Body::from(body.to_owned()))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let header = |name: &str| {
            response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let (status, location, cookie) = (response.status().as_u16(), header("location"), header("set-cookie"));
        let text = response.into_body().collect().await.unwrap().to_bytes();
        (status, location, cookie, String::from_utf8(text.to_vec()).unwrap())
    }
}

fn form(code: &str, password: &str) -> String {
    format!("code={code}&company=%E6%81%92%E6%82%A6&store=S&name=%E8%80%81%E6%9D%BF&login=boss&password={password}")
}

#[testkit::db_test]
async fn the_first_run_makes_a_company_an_administrator_and_a_session(db: Db) {
    let fresh = Fresh::new(db).await;
    let code = fresh.house.identity.setup_code().await.unwrap().unwrap();
    assert_eq!(fresh.send("GET", "/login", "", "").await.1, "/setup");
    let (status, _, _, page) = fresh.send("GET", "/setup", "", "").await;
    assert!(status == 200 && page.contains("首次设置"));

    let (status, location, cookie, _) =
        fresh.send("POST", "/setup", "", &form(code.reveal(), "a-whole-sentence")).await;
    assert_eq!((status, location.as_str()), (303, "/setup/guide"));
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let (status, _, _, page) = fresh.send("GET", "/settings/people", &cookie, "").await;
    assert!(status == 200 && page.contains("老板"));

    // Once only: the page is gone, and the code with it.
    assert_eq!(fresh.send("GET", "/setup", "", "").await.1, "/login");
    assert_eq!(fresh.send("POST", "/setup", "", &form(code.reveal(), "a-whole-sentence")).await.0, 404);
    let verbs: Vec<(String,)> = fresh
        .house
        .db
        .read((), |tx, ()| {
            Box::pin(
                async move { tx.all("SELECT verb FROM journal_entry ORDER BY id", &[]).await.map_err(Fault::from) },
            )
        })
        .await
        .unwrap();
    let verbs: Vec<&str> = verbs.iter().map(|(verb,)| verb.as_str()).collect();
    assert_eq!(verbs, ["unit.created", "unit.created", "user.created"]);
}

#[testkit::db_test]
async fn a_wrong_code_keeps_what_was_typed_and_changes_nothing(db: Db) {
    let fresh = Fresh::new(db).await;
    let code = fresh.house.identity.setup_code().await.unwrap().unwrap();
    let (status, _, _, page) = fresh.send("POST", "/setup", "", &form("0000-0000", "short")).await;
    assert_eq!(status, 422);
    assert!(
        page.contains("代码不对或已过期") && page.contains("密码至少 10 个字符") && page.contains("value=\"恒悦\"")
    );
    assert!(!page.contains("value=\"short\""));
    for _ in 0..LOGIN_RULE.free {
        assert_eq!(fresh.send("POST", "/setup", "", &form("0000-0000", "a-whole-sentence")).await.0, 422);
    }
    let (status, _, _, page) = fresh.send("POST", "/setup", "", &form(code.reveal(), "a-whole-sentence")).await;
    assert!(status == 429 && page.contains("秒后再试"), "{status}");
    let any = fresh
        .house
        .db
        .read((), |tx, ()| Box::pin(async move { store::users::any(tx).await.map_err(Fault::from) }))
        .await;
    assert!(!any.unwrap());
    fresh.clock.advance(LOGIN_RULE.longest_wait);
    assert_eq!(fresh.send("POST", "/setup", "", &form(code.reveal(), "a-whole-sentence")).await.0, 303);
}
