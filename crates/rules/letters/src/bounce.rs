//! Letters that say that a letter of ours did not arrive (RFC 3464, and what large providers send instead of it).

use mail_parser::{Message, MimeHeaders, PartType};
use serde::{Deserialize, Serialize};

use crate::{Letter, limits};

/// What a postmaster says about a letter of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounce {
    /// Whom it did not reach.
    pub whom: Option<String>,
    /// It never will; else the postmaster still tries.
    pub permanent: bool,
    /// The status code: `5.1.1`.
    pub status: Option<String>,
    /// What the other side said.
    pub reason: String,
    /// The Message-ID of the letter that did not arrive.
    pub message_id: Option<String>,
}

/// Longest reason, in characters.
const REASON: usize = 400;

/// What the delivery report in `message` says: the first receiver that it failed for, else the first that waits.
pub(crate) fn report(message: &Message<'_>) -> Option<Bounce> {
    let root = message.root_part().content_type()?;
    if !(root.ctype().eq_ignore_ascii_case("multipart") && root.subtype()?.eq_ignore_ascii_case("report")) {
        return None;
    }
    let (mut found, mut returned, mut any): (Option<Bounce>, Option<String>, bool) = (None, None, false);
    for part in message.parts.iter().take(limits::PARTS) {
        let subtype = part.content_type().and_then(|kind| kind.subtype()).unwrap_or_default().to_ascii_lowercase();
        match (&part.body, subtype.as_str()) {
            (PartType::Message(letter), _) => returned = returned.or_else(|| letter.message_id().map(str::to_owned)),
            (_, "delivery-status") => {
                any = true;
                let text =
                    String::from_utf8_lossy(part.contents().get(..65_536).unwrap_or(part.contents())).into_owned();
                found = worse(found, of_fields(&text));
            }
            (_, "rfc822-headers") => {
                let text =
                    String::from_utf8_lossy(part.contents().get(..65_536).unwrap_or(part.contents())).into_owned();
                returned = returned.or_else(|| message_id_in(&text));
            }
            _ => {}
        }
    }
    match found {
        Some(bounce) => Some(Bounce { message_id: returned, ..bounce }),
        // A report that says nothing of a failure: it arrived, or was read.
        None if any => None,
        None => None,
    }
}

fn worse(known: Option<Bounce>, new: Option<Bounce>) -> Option<Bounce> {
    match (known, new) {
        (Some(known), Some(new)) => Some(if new.permanent && !known.permanent { new } else { known }),
        (known, new) => known.or(new),
    }
}

/// The worst of the groups of fields in a `message/delivery-status`.
fn of_fields(text: &str) -> Option<Bounce> {
    let text = text.replace("\r\n", "\n");
    let mut worst = None;
    for group in text.split("\n\n").take(1_000) {
        let field = |name: &str| -> Option<String> {
            let mut lines = group.lines();
            let first = lines.by_ref().find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })?;
            // Folded lines go on with white space.
            let more = lines.take_while(|line| line.starts_with([' ', '\t'])).map(str::trim);
            Some(std::iter::once(first.as_str()).chain(more).collect::<Vec<_>>().join(" "))
        };
        let Some(action) = field("Action") else { continue };
        let permanent = match action.to_ascii_lowercase().as_str() {
            "failed" => true,
            "delayed" => false,
            _ => continue,
        };
        let whom = field("Original-Recipient").or_else(|| field("Final-Recipient"));
        let whom =
            whom.map(|whom| whom.rsplit(';').next().unwrap_or_default().trim().trim_matches(['<', '>']).to_owned());
        let status = field("Status").and_then(|status| status.split_whitespace().next().map(str::to_owned));
        let reason = field("Diagnostic-Code")
            .map(|code| code.split_once(';').map_or(code.clone(), |(_, said)| said.trim().to_owned()));
        let permanent = permanent && !status.as_deref().is_some_and(|status| status.starts_with('4'));
        let bounce = Bounce {
            whom,
            permanent,
            reason: short(reason.as_deref().or(status.as_deref()).unwrap_or(&action)),
            status,
            message_id: None,
        };
        worst = worse(worst, Some(bounce));
    }
    worst
}

/// Subjects with which postmasters send letters back, in lower case.
const RETURNED: [&str; 12] = [
    "退信",
    "系统退信",
    "undelivered mail",
    "undeliverable",
    "delivery status notification",
    "delivery failure",
    "mail delivery failed",
    "failure notice",
    "returned mail",
    "delivery has failed",
    "邮件投递失败",
    "邮件发送失败",
];

/// What a postmaster says in words only, as QQ and old servers do.
pub(crate) fn in_words(letter: &Letter, text: &str, from: &str) -> Option<Bounce> {
    let local = from.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let subject = letter.subject.to_lowercase();
    let said = RETURNED.iter().any(|start| subject.contains(start));
    let postmaster = matches!(local.as_str(), "mailer-daemon" | "postmaster" | "mail-daemon");
    if !(postmaster && said) {
        return None;
    }
    let text: String = text.chars().take(20_000).collect();
    let status = status_in(&text);
    let permanent = !status.as_deref().is_some_and(|status| status.starts_with('4'));
    let reason = text
        .lines()
        .map(str::trim)
        .find(|line| status.as_deref().is_some_and(|status| line.contains(status)) || line.contains("550"));
    let whom = text
        .split(|letter: char| {
            letter.is_whitespace()
                || matches!(
                    letter,
                    '<' | '>' | '(' | ')' | ',' | ':' | '：' | '，' | '；' | ';' | '"' | '“' | '”' | '。'
                )
        })
        .find(|word| is_address(word) && !word.eq_ignore_ascii_case(from))
        .map(str::to_owned);
    let reason = short(reason.unwrap_or(&letter.subject));
    Some(Bounce { whom, permanent, reason, status, message_id: message_id_in(&text) })
}

fn is_address(word: &str) -> bool {
    let Some((local, host)) = word.split_once('@') else { return false };
    let plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+=".contains(&byte))
    };
    plain(local) && plain(host) && host.contains('.') && word.len() <= limits::ADDRESS
}

/// The first `5.1.1` or `550` of `text`.
fn status_in(text: &str) -> Option<String> {
    let words = text.split(|letter: char| !(letter.is_ascii_digit() || letter == '.'));
    words
        .map(|word| word.trim_matches('.'))
        .find(|word| {
            let parts: Vec<&str> = word.split('.').collect();
            let digits = parts.iter().all(|part| !part.is_empty() && part.len() <= 3);
            let first = word.starts_with(['4', '5']);
            first
                && digits
                && ((parts.len() == 3 && parts.first().is_some_and(|part| part.len() == 1))
                    || (parts.len() == 1 && word.len() == 3))
        })
        .map(str::to_owned)
}

fn message_id_in(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("message-id:")?;
    let rest = text.get(at..)?.lines().next()?;
    let (_, id) = rest.split_once('<')?;
    let (id, _) = id.split_once('>')?;
    (id.len() <= limits::MESSAGE_ID).then(|| id.to_owned())
}

fn short(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(REASON).collect()
}
