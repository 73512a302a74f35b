//! The whole program inside a test: a small company, a fixed clock, requests without a socket.
//!
//! The company: headquarters `HQ` with the team `QA`, region `EAST` with the stores `S1` and `S2`, region `SOUTH` with the store
//! `S3`. People: `clerk1`, `tech1`, `boss1` in S1; `clerk2` in S2; `clerk3`, `boss3` in S3; `east` over EAST; `quality` and
//! `admin` over all; `assessor` and `finance` likewise. It is 2026-11-22 14:32 in China, and stays so until the test moves the clock.
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops here and says why")]

mod answer;
mod company;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST};
use capability::{Capability, Ctx, Installation, Opening, SESSION_COOKIE};
use db::Db;
use jobs::Runner;
use journal::InstallationKey;
use kernel::{Clock, Id, of};
use tower::ServiceExt;
use web::Locale;

pub use answer::Answer;

/// The program, running on `db` with the capabilities under test.
pub struct TestApp {
    /// The installation.
    pub house: Arc<Installation>,
    /// Its clock.
    pub clock: Clock,
    runner: Runner,
    router: Router,
}

impl TestApp {
    /// Starts the program with `capabilities` on the migrated, empty `db` and founds the company.
    pub async fn start(db: Db, capabilities: fn() -> Vec<Capability>) -> Self {
        Self::start_at(db, capabilities, None).await
    }

    /// The same, reachable for customers at `public_url`.
    pub async fn start_at(db: Db, capabilities: fn() -> Vec<Capability>, public_url: Option<&str>) -> Self {
        let clock = testkit::clock();
        let opening = Opening {
            files: files::Files::in_memory(db.clone(), clock.clone()),
            db,
            clock: clock.clone(),
            node: "test".to_owned(),
            proxies: web::Proxies::default(),
            public_url: public_url.map(str::to_owned),
            demo: false,
            key: InstallationKey::from_seed([7; 32]),
            master: capability::MasterKey::from_key([7; 32]),
            providers: outbox(),
        };
        let all = capabilities();
        let (house, runner) = Installation::open(opening, &all).await.expect("the installation opens");
        company::found(&house).await;
        let router = capability::router(&house, capabilities());
        Self { house, clock, runner, router }
    }

    /// A context for the person with `login`, to call use cases directly.
    pub async fn ctx(&self, login: &str) -> Ctx {
        let directory = self.house.identity.directories().refresh().await.expect("the directory loads");
        let user = directory.user_by_login(login).unwrap_or_else(|| panic!("nobody has the login {login}"));
        let actor = directory.actor(user.id).expect("the person is active");
        Ctx::new(Arc::clone(&self.house), actor, Locale::ZhCn, "test")
    }

    /// The unit with `code`.
    pub fn unit(&self, code: &str) -> Id<of::Unit> {
        self.house.identity.directories().now().unit_by_code(code).expect("the unit exists").id
    }

    /// The person with `login`.
    pub fn user(&self, login: &str) -> Id<of::User> {
        self.house.identity.directories().now().user_by_login(login).expect("the person exists").id
    }

    /// What `metric` says of all stores and days; none where it says nothing.
    pub async fn metric(&self, metric: &str) -> Option<i64> {
        self.measured(metric, &["S1", "S2", "S3"], metrics::By::Total).await.first()?.value.map(|reading| reading.n)
    }

    /// What `metric` says of these stores and all days.
    pub async fn measured(&self, metric: &str, stores: &[&str], by: metrics::By) -> Vec<metrics::Point> {
        let found = self.house.metrics.iter().find(|one| one.id == metric);
        let metric = *found.unwrap_or_else(|| panic!("there is no metric {metric}"));
        let slice = metrics::Slice {
            stores: stores.iter().map(|code| self.unit(code)).collect(),
            from: "2025-01-01".parse().expect("a day"),
            to: "2027-12-31".parse().expect("a day"),
            by,
        };
        let read =
            self.house.db.read((metric, slice), |tx, (metric, slice)| Box::pin(metrics::read(tx, metric, slice)));
        read.await.expect("metrics are read")
    }

    /// Runs every job that is due, and what follows from it.
    pub async fn run_jobs(&self) {
        jobs::drain(&self.runner, self.clock.now()).await.expect("jobs run");
    }

    /// Somebody who is not signed in.
    pub fn anybody(&self) -> Visitor<'_> {
        Visitor { app: self, credentials: None, language: "zh-CN", peer: None }
    }

    /// The person with `login`, signed in.
    pub async fn as_user(&self, login: &str) -> Visitor<'_> {
        let opened =
            self.house.identity.open_session(self.user(login), "127.0.0.1", "test").await.expect("a session opens");
        let cookie = format!("{SESSION_COOKIE}={}", opened.token.reveal());
        Visitor { app: self, credentials: Some((COOKIE.as_str(), cookie)), language: "zh-CN", peer: None }
    }

    /// A program with the API token `token`.
    pub fn with_token(&self, token: &str) -> Visitor<'_> {
        Visitor {
            app: self,
            credentials: Some((AUTHORIZATION.as_str(), format!("Bearer {token}"))),
            language: "zh-CN",
            peer: None,
        }
    }
}

/// Messages stay in the outbox, where a test reads them.
fn outbox() -> messaging::Providers {
    let providers = messaging::Providers::default();
    providers.set_mail(Some(Arc::new(messaging::Log::default())));
    providers.set_sms(Some(Arc::new(messaging::Log { fen_per_segment: 5 })));
    providers
}

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Visitor<'a> {
    app: &'a TestApp,
    credentials: Option<(&'static str, String)>,
    language: &'static str,
    /// Where the requests come from, when it matters.
    peer: Option<SocketAddr>,
}

impl Visitor<'_> {
    /// The same person reading English.
    #[must_use]
    pub fn in_english(mut self) -> Self {
        self.language = "en";
        self
    }

    /// The same person at the address `peer`.
    #[must_use]
    pub fn at(mut self, peer: SocketAddr) -> Self {
        self.peer = Some(peer);
        self
    }

    /// `GET path`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], Vec::new()).await
    }

    /// Posts a form, as a page of this site does.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = String::new();
        for (name, value) in fields {
            let separator = if body.is_empty() { "" } else { "&" };
            body = format!("{body}{separator}{}={}", escape(name), escape(value));
        }
        let headers = [(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        self.send("POST", path, &headers, body.into_bytes()).await
    }

    /// Posts a form with files, as a page of this site does: text fields, then (field, name, media type, content).
    pub async fn post_files(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &str, &[u8])]) -> Answer {
        const MARK: &str = "----a-form-of-this-site";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend_from_slice(
                format!("--{MARK}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
            );
        }
        for (field, name, kind, content) in files {
            let head = format!(
                "--{MARK}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{MARK}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={MARK}");
        let headers = [(CONTENT_TYPE.as_str(), kind.as_str()), ("sec-fetch-site", "same-origin")];
        self.send("POST", path, &headers, body).await
    }

    /// Sends JSON to the API with further `headers`.
    pub async fn json(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &serde_json::Value) -> Answer {
        let mut all = vec![(CONTENT_TYPE.as_str(), "application/json"), ("sec-fetch-site", "same-origin")];
        all.extend_from_slice(headers);
        self.send(method, path, &all, body.to_string().into_bytes()).await
    }

    /// Sends anything.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let accept = if path.starts_with("/api/") { "application/json" } else { "text/html" };
        let mut request = Request::builder().method(method).uri(path).header(HOST, "localhost");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("accept")) {
            request = request.header(ACCEPT, accept);
        }
        request = request.header(ACCEPT_LANGUAGE, self.language);
        // The person's own language is Chinese; the cookie is how somebody chooses another.
        let chosen = format!("{}={}", web::cookies::LANGUAGE, self.language);
        match &self.credentials {
            Some((name, value)) if *name == COOKIE.as_str() => {
                request = request.header(COOKIE, format!("{value}; {chosen}"));
            }
            Some((name, value)) => request = request.header(*name, value),
            None => request = request.header(COOKIE, chosen),
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body)).expect("a request can be made");
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        let response = match self.app.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        Answer::read(response).await
    }
}

fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
