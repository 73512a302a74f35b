//! Letters that no person wrote: they are kept and start nothing, or two programs would answer each other for ever.

use mail_parser::Message;
use serde::{Deserialize, Serialize};

use crate::limits;

/// By what a letter shows that no person wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Automatic {
    /// An answering machine says so (RFC 3834, `X-Autoreply` and its kin).
    Reply,
    /// Its subject is that of an answering machine.
    Vacation,
    /// Written to many: a mailing list, an advertisement with a way to leave.
    Bulk,
    /// Our own letter came back, or it has been on the way through too many hosts.
    Loop,
}

impl Automatic {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Vacation => "vacation",
            Self::Bulk => "bulk",
            Self::Loop => "loop",
        }
    }
}

/// How subjects of answering machines begin, in lower case.
const VACATION: [&str; 20] = [
    "自动回复",
    "自动答复",
    "自動回覆",
    "自动应答",
    "外出自动回复",
    "休假自动回复",
    "不在办公室",
    "外出：",
    "外出:",
    "休假中",
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto response",
    "out of office",
    "out of the office",
    "ooo:",
    "vacation reply",
    "away from the office",
];

/// By what `message` shows that no person wrote it, if by anything.
pub(crate) fn automatic(message: &Message<'_>, subject: &str) -> Option<Automatic> {
    let field =
        |name: &'static str| message.header(name).and_then(|value| value.as_text()).map(str::trim).unwrap_or_default();
    let hops = message.headers().iter().filter(|header| header.name().eq_ignore_ascii_case("received")).count();
    if hops > limits::HOPS {
        return Some(Automatic::Loop);
    }
    let submitted = field("Auto-Submitted").to_ascii_lowercase();
    let machine = !submitted.is_empty() && !submitted.starts_with("no");
    let answers = ["X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-AutoReply-From", "X-Mail-Autoreply"]
        .into_iter()
        .any(|name| !matches!(field(name).to_ascii_lowercase().as_str(), "" | "no" | "false"));
    let precedence = field("Precedence").to_ascii_lowercase();
    if machine || answers || precedence == "auto_reply" {
        return Some(Automatic::Reply);
    }
    let bare = fewer_prefixes(subject).to_lowercase();
    if VACATION.iter().any(|start| bare.starts_with(start)) {
        return Some(Automatic::Vacation);
    }
    let listed = ["List-Id", "List-Unsubscribe"].into_iter().any(|name| message.header(name).is_some());
    (listed || matches!(precedence.as_str(), "bulk" | "list" | "junk")).then_some(Automatic::Bulk)
}

/// The subject without the marks of answering and forwarding.
pub(crate) fn fewer_prefixes(subject: &str) -> &str {
    let mut bare = subject.trim();
    for _ in 0..10 {
        let Some((start, rest)) = bare.split_once([':', '：']) else { break };
        let start = start.trim().to_lowercase();
        if !matches!(start.as_str(), "re" | "回复" | "回覆" | "答复" | "fw" | "fwd" | "转发" | "轉寄" | "aw" | "antw")
        {
            break;
        }
        bare = rest.trim();
    }
    bare
}
