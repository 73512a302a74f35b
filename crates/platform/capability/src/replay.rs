use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use db::{Tx, args};
use kernel::{Actor, Fault, FaultKind, IdGen, Timestamp};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// How long a repeat is recognised: 24 hours, in milliseconds.
const KEPT_FOR: i64 = 24 * 60 * 60 * 1000;

/// Names one request so that a repeat does nothing twice: who, where, the caller's key, and the digest of what was sent.
#[derive(Debug, Clone)]
pub struct ReplayKey {
    actor: String,
    route: String,
    key: String,
    body_digest: String,
    /// How many writes the request has begun: each of them is recognised by its place.
    writes: Arc<AtomicU32>,
}

impl ReplayKey {
    /// The key of a request by `actor` to `route` (method and path) with the caller's `key` and `body`.
    ///
    /// # Errors
    /// `idempotency-key-invalid` when the key is empty, longer than 200 bytes or not printable ASCII.
    pub fn new(actor: &Actor, route: &str, key: &str, body: &[u8]) -> Result<Self, Fault> {
        if key.is_empty() || key.len() > 200 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Fault::new(FaultKind::Invalid, "idempotency-key-invalid"));
        }
        let actor = match actor.user {
            Some(user) => user.to_string(),
            None => format!("{}:{}", actor.kind.as_str(), actor.name),
        };
        let body_digest = hex::encode(Sha256::digest(body));
        Ok(Self { actor, route: route.to_owned(), key: key.to_owned(), body_digest, writes: Arc::default() })
    }

    /// The key of the request's next write: the first has the caller's key, the others their place after it.
    pub(crate) fn next(&self) -> Self {
        let nth = self.writes.fetch_add(1, Ordering::Relaxed);
        let key = if nth == 0 { self.key.clone() } else { format!("{}#{nth}", self.key) };
        Self { key, ..self.clone() }
    }
}

/// The first request's result, when there was one.
pub(crate) async fn find<T: DeserializeOwned>(tx: &mut Tx, key: &ReplayKey) -> Result<Option<T>, Fault> {
    let found: Option<(String, String)> = tx
        .one(
            "SELECT body_digest, result FROM idempotency WHERE actor = $1 AND route = $2 AND idempotency_key = $3",
            args![&*key.actor, &*key.route, &*key.key],
        )
        .await?;
    let Some((digest, result)) = found else { return Ok(None) };
    if digest != key.body_digest {
        return Err(Fault::new(FaultKind::Conflict, "idempotency-key-reused"));
    }
    serde_json::from_str(&result).map(Some).map_err(Fault::internal)
}

/// Keeps `result` (JSON) for a repeat. Two at the same time: the unique constraint lets one through.
pub(crate) async fn keep(
    tx: &mut Tx,
    ids: &IdGen,
    key: &ReplayKey,
    result: String,
    now: Timestamp,
) -> Result<(), Fault> {
    tx.exec(
        "INSERT INTO idempotency (id, actor, route, idempotency_key, body_digest, result, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![ids.next::<()>(), &*key.actor, &*key.route, &*key.key, &*key.body_digest, result, now],
    )
    .await?;
    Ok(())
}

/// Forgets results older than 24 hours; run by a periodic job.
///
/// # Errors
/// What the database says.
pub async fn forget_old_replays(tx: &mut Tx, now: Timestamp) -> Result<u64, Fault> {
    Ok(tx.exec("DELETE FROM idempotency WHERE created_at < $1", args![now.plus(-KEPT_FOR)]).await?)
}
