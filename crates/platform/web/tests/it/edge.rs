use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http_body_util::BodyExt as _;
use kernel::{Clock, Fault, FaultKind, FieldErrors, IdGen, Zone};
use tower::ServiceExt as _;
use web::{Failure, Form, IfMatch, Lang, Me, Page, RequestId, Settings, asset, etag};

use crate::reader::now;

async fn refuse() -> Failure {
    let mut fields = FieldErrors::default();
    fields.add_with("phone", "phone-digits", vec![("now", "10".to_owned())]);
    Fault::invalid(fields).into()
}

async fn signed_in(mut request: Request, next: Next) -> Response {
    if request.headers().contains_key("x-signed-in") {
        let lang = request.extensions().get::<Lang>().cloned().unwrap();
        let mut page = Page::new(lang, request.uri().path());
        page.request = request.extensions().get::<RequestId>().unwrap().0.clone();
        page.me = Some(Me {
            key: "1".into(),
            name: "林".into(),
            role: String::new(),
            scope: String::new(),
            keys_off: false,
            session_ends: None,
            turns: true,
            idle: true,
        });
        request.extensions_mut().insert(page);
    }
    next.run(request).await
}

fn app(public_url: Option<&str>) -> Router {
    let clock = Clock::fixed(now());
    let settings = Settings::new(public_url, clock.clone(), IdGen::new(1, clock), Zone::china());
    let routes = Router::new()
        .route("/page", get(|lang: Lang| async move { axum::response::Html(lang.t("web-product")) }))
        .route("/save", post(|form: Form| async move { form.raw("x").to_owned() }))
        .route("/refuse", get(refuse).post(refuse))
        .route("/api/refuse", get(refuse))
        .route("/broken", get(|| async { Failure::from(Fault::internal("the disk is on fire")) }))
        .route("/busy", get(|| async { Failure::from(Fault::busy("queue")) }))
        .route(
            "/slow-down",
            get(|| async { Failure::from(Fault::new(FaultKind::TooMany, "too-many").with("retry_after", 30)) }),
        )
        .route(
            "/private",
            get(|| async { Failure::from(Fault::unauthenticated()) })
                .post(|| async { Failure::from(Fault::unauthenticated()) }),
        )
        .route("/number/{n}", get(|axum::extract::Path(n): axum::extract::Path<i64>| async move { n.to_string() }))
        .route("/customer", get(|| async { ([web::no_referrer()], "x").into_response() }))
        .route(
            "/api/thing",
            get(|| async { ([etag(7)], "{}") })
                .patch(|version: IfMatch| async move { version.check(8).map(|()| "saved").map_err(Failure::from) }),
        )
        .route("/preferences/language", post(web::preferences::language))
        .route("/preferences/theme", post(web::preferences::theme))
        .route("/menu", get(web::preferences::menu));
    web::outside(web::inside(routes).layer(from_fn(signed_in)), settings)
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
    size: usize,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

async fn ask_at(app: Router, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header("host", "shop:8080");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = app.oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        size: bytes.len(),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

async fn get_with(path: &str, headers: &[(&str, &str)]) -> Answer {
    ask_at(app(None), Method::GET, path, headers, Body::empty()).await
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_its_name() {
    for path in ["/page", "/nowhere", "/broken", "/api/refuse", asset("app.css")] {
        let answer = get_with(path, &[]).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}");
    }
    assert_eq!(get_with("/page", &[]).await.header("cache-control"), "no-store");
    assert_eq!(get_with("/customer", &[]).await.header("referrer-policy"), "no-referrer");
    let https = ask_at(app(Some("https://care.example.com/")), Method::GET, "/page", &[], Body::empty()).await;
    assert_eq!(https.header("strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn another_sites_page_cannot_change_anything() {
    let from = |origin: &'static str| [FORM, ("cookie", "session=1"), ("origin", origin)];
    let evil = ask_at(app(None), Method::POST, "/save", &from("https://evil.example"), "x=1").await;
    assert_eq!(evil.status, StatusCode::FORBIDDEN);
    assert!(evil.body.contains("请求来自别的网站"), "{}", evil.body);
    let ours = ask_at(app(None), Method::POST, "/save", &from("http://shop:8080"), "x=1").await;
    assert_eq!((ours.status, ours.body.as_str()), (StatusCode::OK, "1"));
    let cross =
        ask_at(app(None), Method::POST, "/save", &[FORM, ("cookie", "s=1"), ("sec-fetch-site", "cross-site")], "x=1")
            .await;
    assert_eq!(cross.status, StatusCode::FORBIDDEN);
    let program = ask_at(app(None), Method::POST, "/save", &[FORM, ("authorization", "Bearer t")], "x=1").await;
    assert_eq!(program.status, StatusCode::OK);
}

#[tokio::test]
async fn a_fault_is_a_problem_for_programs_in_their_language() {
    let answer = get_with("/api/refuse", &[("accept-language", "en")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["code"], "invalid");
    assert_eq!(problem["status"], 422);
    assert_eq!(problem["type"], "/problems/invalid");
    assert_eq!(problem["title"], "Something needs correcting");
    assert_eq!(problem["fields"][0]["field"], "phone");
    assert_eq!(problem["fields"][0]["code"], "phone-digits");
    assert_eq!(problem["fields"][0]["text"], "Enter 11 digits; you typed 10");
    assert_eq!(problem["request"], answer.header("x-request-id"));
    let chinese = get_with("/refuse", &[("accept", "application/json")]).await;
    assert_eq!(chinese.json()["fields"][0]["text"], "填写 11 位手机号，现在是 10 位");
}

#[tokio::test]
async fn a_fault_is_a_page_for_people_and_a_fragment_for_htmx() {
    let page = get_with("/refuse", &[("accept", "text/html,application/json;q=0.9")]).await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.body.contains("<h1>有内容需要修改</h1>") && !page.body.contains("class=\"side\""), "{}", page.body);
    let with_menu = get_with("/refuse", &[("x-signed-in", "1")]).await;
    assert!(with_menu.body.contains("class=\"side\""));
    let fragment = get_with("/refuse", &[("hx-request", "true")]).await;
    assert_eq!(fragment.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(fragment.header("hx-retarget"), "#flash");
    assert!(fragment.body.starts_with("<div class=\"note late\" role=\"alert\""), "{}", fragment.body);
}

#[tokio::test]
async fn what_lies_behind_a_fault_stays_in_the_log() {
    let answer = get_with("/broken", &[]).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!answer.body.contains("fire"));
    assert!(answer.body.contains(answer.header("x-request-id")), "{}", answer.body);
}

#[tokio::test]
async fn busy_answers_say_when_to_come_back() {
    let busy = get_with("/busy", &[]).await;
    assert_eq!((busy.status, busy.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "5"));
    let slow = get_with("/slow-down", &[("accept", "application/json")]).await;
    assert_eq!((slow.status, slow.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "30"));
}

#[tokio::test]
async fn who_is_not_signed_in_goes_to_the_login_page_and_comes_back() {
    let page = get_with("/private?a=1&b=2", &[]).await;
    assert_eq!(
        (page.status, page.header("location")),
        (StatusCode::SEE_OTHER, "/login?next=%2Fprivate%3Fa%3D1%26b%3D2")
    );
    let sent = ask_at(app(None), Method::POST, "/private", &[], Body::empty()).await;
    assert_eq!(sent.status, StatusCode::UNAUTHORIZED);
    let fragment = get_with("/private", &[("hx-request", "true")]).await;
    assert_eq!((fragment.status, fragment.header("hx-redirect")), (StatusCode::UNAUTHORIZED, "/login?next=%2Fprivate"));
    let api = get_with("/private", &[("accept", "application/json")]).await;
    assert_eq!((api.status, api.json()["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("unauthenticated")));
}

#[tokio::test]
async fn bare_answers_of_the_framework_are_translated() {
    let nowhere = get_with("/nowhere", &[("accept-language", "en")]).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    assert!(nowhere.body.contains("<h1>Not found</h1>"), "{}", nowhere.body);
    assert_eq!(get_with("/api/nowhere", &[]).await.json()["code"], "not-found");
    let method = ask_at(app(None), Method::DELETE, "/save", &[("accept", "application/json")], Body::empty()).await;
    assert_eq!(
        (method.status, method.header("allow"), method.json()["code"].as_str()),
        (StatusCode::METHOD_NOT_ALLOWED, "POST", Some("method"))
    );
    let number = get_with("/number/x", &[("accept", "application/json")]).await;
    assert_eq!((number.status, number.json()["code"].as_str()), (StatusCode::NOT_FOUND, Some("not-found")));
    let xml = ask_at(
        app(None),
        Method::POST,
        "/save",
        &[("content-type", "text/xml"), ("accept", "application/json")],
        "<x/>",
    )
    .await;
    assert_eq!((xml.status, xml.json()["code"].as_str()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, Some("media-type")));
}

#[tokio::test]
async fn ten_megabytes_are_too_much() {
    let large = format!("x={}", "a".repeat(10 * 1024 * 1024));
    let answer = ask_at(app(None), Method::POST, "/save", &[FORM], large).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("<h1>内容太大</h1>"), "{}", answer.body);
}

#[tokio::test]
async fn changes_name_the_version_that_they_are_based_on() {
    let change = |tag: Option<&'static str>| async move {
        let headers: Vec<_> = tag.map(|tag| ("if-match", tag)).into_iter().collect();
        ask_at(app(None), Method::PATCH, "/api/thing", &headers, Body::empty()).await
    };
    assert_eq!(get_with("/api/thing", &[]).await.header("etag"), "\"v7\"");
    let missing = change(None).await;
    assert_eq!((missing.status.as_u16(), missing.json()["code"].as_str()), (428, Some("version-missing")));
    let stale = change(Some("\"v7\"")).await;
    assert_eq!((stale.status.as_u16(), stale.json()["code"].as_str()), (412, Some("stale")));
    assert_eq!(change(Some("\"v8\"")).await.body, "saved");
}

#[tokio::test]
async fn assets_are_kept_for_a_year_in_the_smallest_form() {
    let path = asset("app.css");
    let plain = get_with(path, &[]).await;
    assert_eq!((plain.status, plain.header("content-encoding")), (StatusCode::OK, ""));
    assert_eq!(plain.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    assert!(plain.body.contains("--ac-primary"));
    let brotli = get_with(path, &[("accept-encoding", "gzip, br")]).await;
    assert_eq!((brotli.header("content-encoding"), brotli.header("vary")), ("br", "accept-encoding"));
    assert!(brotli.size < plain.size / 3);
    let gzip = get_with(path, &[("accept-encoding", "gzip, br;q=0")]).await;
    assert_eq!(gzip.header("content-encoding"), "gzip");
    let again = get_with(path, &[("if-none-match", plain.header("etag"))]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    for strange in ["/assets/app.css", "/assets/manifest.json", "/assets/..%2f..%2fCargo.toml"] {
        assert_eq!(get_with(strange, &[]).await.status, StatusCode::NOT_FOUND, "{strange}");
    }
}

#[tokio::test]
async fn pages_are_compressed() {
    let page = get_with("/nowhere", &[("accept-encoding", "br")]).await;
    assert_eq!(page.header("content-encoding"), "br");
}

#[tokio::test]
async fn language_and_theme_are_kept_for_this_browser() {
    let language = ask_at(app(None), Method::POST, "/preferences/language", &[FORM], "to=en&back=%2Fpage").await;
    assert_eq!((language.status, language.header("location")), (StatusCode::SEE_OTHER, "/page"));
    assert_eq!(language.header("set-cookie"), "language=en; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
    let english = get_with("/page", &[("cookie", "language=en"), ("accept-language", "zh")]).await;
    assert_eq!(english.body, "Aftercare");
    let theme = ask_at(
        app(Some("https://care.example.com")),
        Method::POST,
        "/preferences/theme",
        &[FORM],
        "to=dark&back=%2F%2Fevil",
    )
    .await;
    assert_eq!((theme.header("location"), theme.header("set-cookie").ends_with("; Secure")), ("/", true));
    let unknown = ask_at(app(None), Method::POST, "/preferences/theme", &[FORM], "to=pink").await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_whole_menu_is_a_page() {
    let answer = get_with("/menu", &[("x-signed-in", "1")]).await;
    assert!(answer.body.contains("<h1>更多</h1>"), "{}", answer.body);
}
