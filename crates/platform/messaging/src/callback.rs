//! Replies to the chat tool or shop by which a customer wrote: signed requests to the callback of a registered channel.
//!
//! The register of channels is kept by its capability; here only what a call needs is read: the callback, the code and the secret.

use db::{Tx, args};
use futures_util::future::BoxFuture;
use hyper::Uri;
use kernel::{Fault, Id, of};
use secrets::MasterKey;
use serde::Serialize;

use crate::http::{self, Target};
use crate::signed::outcome;
use crate::{Outcome, Outgoing, Provider, Providers, signature};

/// What the secret of a channel's hooks is sealed for; the same secret signs both ways.
pub const HOOK: &str = "channels.hook";

/// The address of a conversation: the channel's id, a colon, and what the other side calls the conversation.
pub fn conversation(channel: Id<of::Channel>, conversation: &str) -> String {
    format!("{channel}:{conversation}")
}

pub(crate) fn parts(address: &str) -> Option<(Id<of::Channel>, &str)> {
    let (channel, conversation) = address.split_once(':')?;
    let channel = channel.parse().ok()?;
    (!conversation.is_empty()).then_some((channel, conversation))
}

/// The callback of one channel.
pub(crate) struct Callback {
    target: Target,
    code: String,
    secret: String,
}

/// The callback for messages to `address`; `None` when the channel is closed or has none, or no secret.
pub(crate) async fn of(
    tx: &mut Tx,
    providers: &Providers,
    master: &MasterKey,
    address: &str,
) -> Result<Option<Callback>, Fault> {
    let Some((channel, _)) = parts(address) else { return Ok(None) };
    let found: Option<(String, Option<String>, Option<String>)> =
        tx.one("SELECT code, callback, secret FROM channel WHERE id = $1 AND active", args![channel]).await?;
    let Some((code, Some(url), Some(sealed))) = found else { return Ok(None) };
    let secret = master.open(HOOK, &sealed).map_err(Fault::internal)?;
    Ok(target(providers, &url).map(|target| Callback { target, code, secret }))
}

fn host(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    Some(uri.host()?.trim_matches(['[', ']']).to_owned())
}

fn target(providers: &Providers, url: &str) -> Option<Target> {
    let host = host(url)?;
    Target::parse(url, providers.allows(&host), providers.trusted())
}

impl Providers {
    /// Whether `url` can be a callback: HTTPS (plain HTTP only to hosts that the operator lists), no name and password in it, nothing
    /// inside the own network unless listed.
    ///
    /// # Errors
    /// `field` with `url` or `private-host`.
    pub fn check_callback(&self, field: &str, url: &str) -> Result<(), Fault> {
        let host = host(url).ok_or_else(|| Fault::field(field, "url"))?;
        self.refuse_private(field, &host)?;
        target(self, url).map(|_usable| ()).ok_or_else(|| Fault::field(field, "url"))
    }
}

#[derive(Serialize)]
struct Posted<'a> {
    id: &'a str,
    conversation: &'a str,
    case: &'a str,
    text: &'a str,
}

impl Callback {
    async fn call(&self, message: &Outgoing) -> Outcome {
        let Some((_, conversation)) = parts(message.to.as_str()) else {
            return Outcome::Refused("no conversation".to_owned());
        };
        let case = message.params.get("number").map(String::as_str).unwrap_or_default();
        let key = message.key();
        let body = match serde_json::to_string(&Posted { id: &key, conversation, case, text: &message.body }) {
            Ok(body) => body,
            Err(error) => return Outcome::Refused(error.to_string()),
        };
        let at = message.clock.now();
        let headers = [
            ("x-channel", self.code.clone()),
            ("x-timestamp", at.millis().to_string()),
            ("x-signature", signature(&self.secret, at, &body)),
            ("idempotency-key", key),
        ];
        outcome(http::post(&self.target, &headers, body).await)
    }
}

impl Provider for Callback {
    /// Whoever takes callbacks ignores a second one with the same key, so an unclear call is repeated.
    fn idempotent(&self) -> bool {
        true
    }
    fn fen_per_segment(&self) -> i64 {
        0
    }
    fn send<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Outcome> {
        Box::pin(self.call(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_has_a_channel_and_a_name() {
        assert_eq!(parts("17:wx:abc"), Some((Id::new(17), "wx:abc")));
        assert_eq!(conversation(Id::new(17), "wx:abc"), "17:wx:abc");
        for bad in ["", "17", "17:", ":abc", "x:abc"] {
            assert_eq!(parts(bad), None, "{bad}");
        }
    }

    #[test]
    fn callbacks_stay_out_of_the_own_network() {
        let code = |url: &str| {
            let refused = Providers::default().check_callback("callback", url);
            refused.err().and_then(|fault| fault.fields().of("callback").map(|error| error.code))
        };
        assert_eq!(code("https://chat.example.com/replies"), None);
        for inside in [
            "https://127.0.0.1/",
            "https://localhost:8/x",
            "https://10.0.0.8/",
            "https://[::1]/",
            "https://169.254.169.254/",
        ] {
            assert_eq!(code(inside), Some("private-host"), "{inside}");
        }
        for bad in ["http://chat.example.com/", "ftp://chat.example.com/", "https://a:b@chat.example.com/", "chat", ""]
        {
            assert_eq!(code(bad), Some("url"), "{bad}");
        }
        let listed = Providers::default();
        listed.allow("127.0.0.1");
        assert!(listed.check_callback("callback", "http://127.0.0.1:9000/replies").is_ok(), "the operator said so");
    }
}
