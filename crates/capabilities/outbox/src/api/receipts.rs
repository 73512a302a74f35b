use axum::Json;
use axum::http::HeaderMap;
use capability::Ctx;
use kernel::{Fault, FaultKind};
use messaging::Receipt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::Failure;

use crate::app::{self, Arrived};

/// The most receipts in one request.
const MOST: usize = 500;

/// What happened to one message.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ReceiptIn {
    /// The id that the provider answered when it took the message.
    id: String,
    /// delivered or failed.
    state: String,
    /// Why it did not arrive.
    reason: Option<String>,
}

/// Receipts of a provider.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Receipts {
    receipts: Vec<ReceiptIn>,
}

/// What became of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TakenOut {
    taken: i64,
    /// About messages that are not ours.
    unknown: i64,
}

#[utoipa::path(post, path = "/api/v1/messages/receipts", tag = "messages", request_body = Receipts,
    description = "Delivery receipts of the SMS provider. No login: the headers X-Key, X-Timestamp (milliseconds, at most five minutes \
                   off) and X-Signature (HMAC-SHA256 of `<milliseconds>.<body>` in hexadecimal) prove who sends.",
    responses((status = 200, body = TakenOut), (status = 401, description = "Not signed with the key and secret in use")))]
pub(crate) async fn take(ctx: Ctx, headers: HeaderMap, body: String) -> Result<Json<TakenOut>, Failure> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    // What is inside is looked at only when the signature holds; what cannot be read then is the provider's mistake.
    let read = serde_json::from_str::<Receipts>(&body);
    let receipts: Vec<(String, Receipt)> = match &read {
        Ok(sent) => sent.receipts.iter().take(MOST).filter_map(receipt).collect(),
        Err(_) => Vec::new(),
    };
    let arrived = Arrived {
        key: header("x-key"),
        at: header("x-timestamp").parse().ok(),
        signature: header("x-signature"),
        body,
        receipts,
    };
    let taken = app::receipts(&ctx, arrived).await?;
    if read.is_err() {
        return Err(Fault::new(FaultKind::Invalid, "messaging-receipts").into());
    }
    Ok(Json(TakenOut { taken: taken.taken, unknown: taken.unknown }))
}

fn receipt(sent: &ReceiptIn) -> Option<(String, Receipt)> {
    let said = match sent.state.as_str() {
        "delivered" => Receipt::Delivered,
        "failed" => Receipt::Undelivered(sent.reason.clone().unwrap_or_default()),
        _ => return None,
    };
    Some((sent.id.clone(), said)).filter(|(id, _)| !id.is_empty())
}
