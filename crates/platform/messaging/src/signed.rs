use std::fmt;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use hmac::{Hmac, Mac};
use kernel::{Fault, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::BTreeMap;

use crate::http::{self, NoAnswer, Target};
use crate::{Outcome, Outgoing, Provider, Trust};

/// How to reach an SMS provider that takes signed JSON.
#[derive(Clone)]
pub struct SignedSettings {
    /// `https://…`; `http://` only with `allow_private`.
    pub url: String,
    /// Names the secret to the provider.
    pub key: String,
    /// Signs.
    pub secret: String,
    /// What one segment costs, in fen.
    pub fen_per_segment: i64,
    /// True when the provider promises to send a message with the same `Idempotency-Key` once only.
    pub idempotent: bool,
    /// The operator allows addresses inside the own network.
    pub allow_private: bool,
    /// Whose certificates are believed.
    pub trust: Trust,
}
impl fmt::Debug for SignedSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedSettings").field("url", &self.url).field("key", &self.key).finish_non_exhaustive()
    }
}

/// An SMS provider that takes `POST` JSON `{id, to, template, locale, params, text}` with the headers `X-Key`, `X-Timestamp`
/// (milliseconds), `X-Signature` ([`signature`]) and `Idempotency-Key`, and answers 2xx with JSON `{"id": "…"}`. 408, 425, 429
/// and 503 mean "later"; any other 4xx refuses for good; other 5xx are unclear.
#[derive(Debug, Clone)]
pub struct Signed {
    settings: SignedSettings,
    target: Target,
}

impl Signed {
    /// A provider with these settings.
    ///
    /// # Errors
    /// The field `url` with `url` when the address cannot be used.
    pub fn new(settings: SignedSettings) -> Result<Self, Fault> {
        let target = Target::parse(&settings.url, settings.allow_private, settings.trust.clone())
            .ok_or_else(|| Fault::field("url", "url"))?;
        Ok(Self { settings, target })
    }

    async fn call(&self, message: &Outgoing) -> Outcome {
        let posted = Posted {
            id: &message.key(),
            to: message.to.as_str(),
            template: &message.template,
            locale: &message.locale,
            params: &message.params,
            text: &message.body,
        };
        let body = match serde_json::to_string(&posted) {
            Ok(body) => body,
            Err(error) => return Outcome::Refused(error.to_string()),
        };
        let at = message.clock.now();
        let headers = [
            ("x-key", self.settings.key.clone()),
            ("x-timestamp", at.millis().to_string()),
            ("x-signature", signature(&self.settings.secret, at, &body)),
            ("idempotency-key", message.key()),
        ];
        outcome(http::post(&self.target, &headers, body).await)
    }
}

/// What an answer to a signed request means.
pub(crate) fn outcome(answer: Result<(u16, Bytes), NoAnswer>) -> Outcome {
    match answer {
        Ok((200..=299, answer)) => {
            // Taken is taken; an answer without an id only means that no receipt will find the message.
            let id = serde_json::from_slice::<Answer>(&answer).ok().and_then(|answer| answer.id);
            Outcome::Accepted(id.unwrap_or_default())
        }
        Ok((status @ (408 | 425 | 429 | 503), _)) => Outcome::NotYet(format!("answered {status}")),
        Ok((status @ 400..=499, answer)) => {
            Outcome::Refused(format!("answered {status}: {}", String::from_utf8_lossy(&answer)))
        }
        Ok((status, _)) => Outcome::Unclear(format!("answered {status}")),
        Err(NoAnswer::NotSent(cause)) => Outcome::NotYet(cause),
        Err(NoAnswer::Unclear(cause)) => Outcome::Unclear(cause),
    }
}

#[derive(Serialize)]
struct Posted<'a> {
    id: &'a str,
    to: &'a str,
    template: &'a str,
    locale: &'a str,
    params: &'a BTreeMap<String, String>,
    text: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    id: Option<String>,
}

impl Provider for Signed {
    fn idempotent(&self) -> bool {
        self.settings.idempotent
    }
    fn fen_per_segment(&self) -> i64 {
        self.settings.fen_per_segment
    }
    fn send<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Outcome> {
        Box::pin(self.call(message))
    }
}

/// HMAC-SHA256 of `<milliseconds>.<body>` with `secret`, in hexadecimal.
pub fn signature(secret: &str, at: Timestamp, body: &str) -> String {
    // HMAC takes keys of any length, so this cannot fail; an empty signature would be refused by the provider.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(at.millis().to_string().as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

/// True when `signature` (hexadecimal) is what [`signature`] makes of the same; compared in constant time.
pub fn is_signed(secret: &str, at: Timestamp, body: &str, signature: &str) -> bool {
    let (Ok(mut mac), Ok(given)) = (Hmac::<Sha256>::new_from_slice(secret.as_bytes()), hex::decode(signature)) else {
        return false;
    };
    mac.update(at.millis().to_string().as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    !secret.is_empty() && mac.verify_slice(&given).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_what_openssl_says() {
        // printf '1700000000000.{}' | openssl dgst -sha256 -hmac secret
        let at = Timestamp::from_millis(1_700_000_000_000);
        assert_eq!(signature("secret", at, "{}"), "8399216d111287e3bb28e25c0f4f31dffdf831c68c9ee2b96c2f67c9b81d341b");
    }

    #[test]
    fn only_the_right_signature_is_one() {
        let at = Timestamp::from_millis(1_700_000_000_000);
        let right = signature("secret", at, "{}");
        assert!(is_signed("secret", at, "{}", &right));
        assert!(!is_signed("secret", at.plus(1), "{}", &right));
        assert!(!is_signed("other", at, "{}", &right));
        assert!(!is_signed("secret", at, "{ }", &right));
        assert!(!is_signed("secret", at, "{}", ""));
        assert!(!is_signed("", at, "{}", &signature("", at, "{}")), "without a secret nothing is proved");
    }

    #[test]
    fn an_address_that_gives_the_secret_away_is_refused() {
        let settings = SignedSettings {
            url: "http://sms.example.com".to_owned(),
            key: String::new(),
            secret: "hidden".to_owned(),
            fen_per_segment: 5,
            idempotent: false,
            allow_private: false,
            trust: Trust::default(),
        };
        assert!(!format!("{settings:?}").contains("hidden"));
        assert_eq!(Signed::new(settings).unwrap_err().fields().of("url").unwrap().code, "url");
    }
}
