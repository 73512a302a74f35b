//! The program inside the bench, without a socket and without its job runner, so that only requests are counted.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use capability::{Ctx, Installation, Opening};
use db::{Db, Options};
use journal::InstallationKey;
use kernel::Clock;
use messaging::Providers;
use tower::ServiceExt as _;

use crate::place::Place;

pub struct Inside {
    pub house: Arc<Installation>,
    router: Router,
    token: String,
}

impl Inside {
    /// Opens `place` for the person with this login.
    pub async fn open(place: &Place, login: &str) -> Result<Self> {
        let db = Db::open(&place.url()?, Options::default()).await?;
        db.migrate().await?;
        let opening = Opening {
            files: capability::Files::in_memory(db.clone(), Clock::System),
            db,
            clock: Clock::System,
            node: format!("bench-{}", std::process::id()),
            proxies: web::Proxies::default(),
            public_url: None,
            demo: false,
            key: InstallationKey::from_seed([7; 32]),
            master: capability::MasterKey::from_key([7; 32]),
            providers: Providers::default(),
        };
        let (house, _) = Installation::open(opening, &aftercare::capabilities::all()).await?;
        let router = capability::router(&house, aftercare::capabilities::all());
        let ctx = Ctx::system(Arc::clone(&house), "bench");
        let token = administration::create_token(&ctx, login, "bench").await?.reveal().to_owned();
        Ok(Self { house, router, token })
    }

    /// The page at `path`; anything but 200 is an error.
    pub async fn get(&self, path: &str) -> Result<Vec<u8>> {
        self.send("GET", path, String::new(), 200).await
    }

    /// Sends `body` (JSON) and wants `status`.
    pub async fn send(&self, method: &str, path: &str, body: String, status: u16) -> Result<Vec<u8>> {
        let accept = if path.starts_with("/api/") { "application/json" } else { "text/html" };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "localhost")
            .header(ACCEPT, accept)
            .header(CONTENT_TYPE, "application/json")
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .body(Body::from(body))?;
        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let found = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.context("the body does not arrive")?;
        ensure!(found == status, "{method} {path}: {found} {}", String::from_utf8_lossy(&body));
        Ok(body.to_vec())
    }
}

/// Who takes cases in: the manager of the first store.
pub const CLERK: &str = "zhou";

/// What is sent to take case number `n` in: a new customer with a refrigerator at the counter of the first store.
pub fn new_case(n: usize) -> String {
    serde_json::json!({
        "store": "HZ01",
        "kind": "repair",
        "channel": "counter",
        "priority": "normal",
        "customer": {"name": format!("顾客{n}"), "phone": format!("139{:08}", n % 100_000_000), "consent": true},
        "subject": "冰箱不制冷，冷藏室有水",
        "body": "去年三月在门店购买的冰箱，昨天开始冷藏室不制冷，底部有积水，冷冻室正常。顾客希望尽快上门检查。",
        "product": "青岚 对开门冰箱 BCD-540",
        "serial": format!("BCD5{n:09}")
    })
    .to_string()
}
