use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Address, Encoding, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use serde::{Deserialize, Serialize};

use crate::attached::{self, Attachment};
use crate::automatic::{self, Automatic};
use crate::bounce::{self, Bounce};
use crate::fold::{Words, fold};
use crate::tame::{self, Tamed};
use crate::{charset, head, limits, page};

/// Somebody's name and address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// The name, empty when none was given.
    pub name: String,
    /// The address, in lower case.
    pub address: String,
}

/// What kind of letter it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// A person wrote it.
    Person,
    /// No person wrote it: it starts nothing.
    Automatic(Automatic),
    /// A letter of ours did not arrive.
    Bounce(Bounce),
}

/// A letter as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Who wrote it; none when nobody says so.
    pub from: Option<Mailbox>,
    /// Where the answer is to go, when not to the writer.
    pub reply_to: Option<Mailbox>,
    /// Whom it is for, openly: To and Cc, at most [`limits::RECEIVERS_KEPT`].
    pub to: Vec<Mailbox>,
    /// How many it is for.
    pub receivers: usize,
    /// The subject; empty when there is none.
    pub subject: String,
    /// When it was written, in milliseconds UTC, as the sender's clock says.
    pub written_at: Option<i64>,
    /// Its Message-ID, without brackets.
    pub message_id: Option<String>,
    /// Message-IDs of the letters that it answers.
    pub in_reply_to: Vec<String>,
    /// Message-IDs of the thread, the oldest first, at most [`limits::REFERENCES`].
    pub references: Vec<String>,
    /// Its text.
    pub words: Words,
    /// What came with it.
    pub attachments: Vec<Attachment>,
    /// What kind of letter it is.
    pub sort: Sort,
    /// What was left out.
    pub tamed: Vec<Tamed>,
}

/// Reads a letter. Any bytes give one; what cannot be read is empty.
pub fn read(raw: &[u8]) -> Letter {
    let mut tamed = Vec::new();
    let (head, body) = tame::tame(raw, &mut tamed);
    let (mut tidy, whole) = head::readable(head);
    if !whole {
        tamed.push(Tamed::Letters);
    }
    tidy.extend_from_slice(body);
    let parser = MessageParser::default();
    let Some(message) = parser.parse(tidy.as_slice()) else { return nothing(tamed) };
    let text = text_of(&message, &tidy, &mut tamed);
    let mut to = Vec::new();
    let mut receivers = 0_usize;
    for field in [message.to(), message.cc()].into_iter().flatten() {
        for mailbox in mailboxes(field) {
            receivers = receivers.saturating_add(1);
            if receivers > limits::RECEIVERS {
                break;
            }
            if to.len() < limits::RECEIVERS_KEPT {
                to.extend(mailbox);
            }
        }
    }
    if receivers > limits::RECEIVERS {
        tamed.push(Tamed::Receivers);
    }
    let first = |field: Option<&Address<'_>>| field.and_then(|field| mailboxes(field).flatten().next());
    let mut letter = Letter {
        from: first(message.from()).or_else(|| first(message.sender())),
        reply_to: first(message.reply_to()),
        to,
        receivers: receivers.min(limits::RECEIVERS),
        subject: line(message.subject().unwrap_or_default()),
        written_at: message
            .date()
            .filter(|date| date.is_valid())
            .and_then(|date| date.to_timestamp().checked_mul(1_000)),
        message_id: message
            .message_id()
            .map(str::trim)
            .filter(|id| !id.is_empty() && id.len() <= limits::MESSAGE_ID)
            .map(str::to_owned),
        in_reply_to: ids(message.in_reply_to()),
        references: ids(message.references()),
        words: fold(&text),
        attachments: Vec::new(),
        sort: Sort::Person,
        tamed: Vec::new(),
    };
    letter.sort = sort(&message, &letter, &text);
    letter.attachments = attachments(&message, &tidy, &mut tamed);
    tamed.sort_unstable();
    tamed.dedup();
    letter.tamed = tamed;
    letter
}

fn nothing(tamed: Vec<Tamed>) -> Letter {
    Letter {
        from: None,
        reply_to: None,
        to: Vec::new(),
        receivers: 0,
        subject: String::new(),
        written_at: None,
        message_id: None,
        in_reply_to: Vec::new(),
        references: Vec::new(),
        words: Words::default(),
        attachments: Vec::new(),
        sort: Sort::Person,
        tamed,
    }
}

fn sort(message: &Message<'_>, letter: &Letter, text: &str) -> Sort {
    let from = letter.from.as_ref().map(|from| from.address.as_str()).unwrap_or_default();
    if let Some(bounce) = bounce::report(message).or_else(|| bounce::in_words(letter, text, from)) {
        return Sort::Bounce(bounce);
    }
    match automatic::automatic(message, &letter.subject) {
        Some(how) => Sort::Automatic(how),
        None => Sort::Person,
    }
}

/// One line of what was written: no line breaks, no marks that turn the writing around.
fn line(text: &str) -> String {
    let tidy: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .filter(|letter| !attached::is_mark(*letter))
        .collect();
    tidy.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(limits::LINE).collect()
}

/// Every receiver of `field`; none where an entry has no address.
fn mailboxes<'f>(field: &'f Address<'_>) -> impl Iterator<Item = Option<Mailbox>> + 'f {
    field.iter().map(|entry| {
        let address = entry.address()?.trim().to_lowercase();
        let plain = !address.is_empty() && address.contains('@') && address.chars().count() <= limits::ADDRESS;
        let plain = plain && !address.contains(|letter: char| letter.is_whitespace() || letter.is_control());
        plain.then(|| Mailbox { name: line(entry.name().unwrap_or_default()), address })
    })
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    let all: Vec<&str> = match value {
        HeaderValue::Text(id) => vec![id.as_ref()],
        HeaderValue::TextList(ids) => ids.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    };
    let skipped = all.len().saturating_sub(limits::REFERENCES);
    let fits = |id: &&str| !id.is_empty() && id.len() <= limits::MESSAGE_ID;
    all.into_iter().skip(skipped).map(str::trim).filter(fits).map(str::to_owned).collect()
}

/// The letter's words: plain text where the sender wrote some, else those of the page.
fn text_of(message: &Message<'_>, raw: &[u8], tamed: &mut Vec<Tamed>) -> String {
    let parts = |ids: &[u32]| -> Vec<&MessagePart<'_>> {
        ids.iter().take(limits::PARTS).filter_map(|id| message.parts.get(usize::try_from(*id).ok()?)).collect()
    };
    let plain = said(&parts(&message.text_body), raw, tamed);
    if !plain.trim().is_empty() {
        return plain;
    }
    said(&parts(&message.html_body), raw, tamed)
}

/// The letter's page with its simple shape (paragraphs, lists, bold, links with their host), as a sanitised fragment of HTML: written
/// anew, without pictures, styles or scripts, without quoted letters. `None` when it has none that says more than its words, or when
/// nobody can tell by the page what is quoted.
pub fn shaped(raw: &[u8]) -> Option<String> {
    let mut tamed = Vec::new();
    let (head, body) = tame::tame(raw, &mut tamed);
    let (mut tidy, _) = head::readable(head);
    tidy.extend_from_slice(body);
    let parser = MessageParser::default();
    let message = parser.parse(tidy.as_slice())?;
    let quoted = !fold(&text_of(&message, &tidy, &mut tamed)).quoted.is_empty();
    let part = message
        .html_body
        .iter()
        .take(limits::PARTS)
        .filter_map(|id| message.parts.get(usize::try_from(*id).ok()?))
        .find(|part| matches!(part.body, PartType::Html(_)) && !is_named(part))?;
    let bytes = bytes_of(part, &tidy);
    let bytes = bytes.get(..limits::TEXT).unwrap_or(&bytes);
    let declared = part.content_type().and_then(|kind| kind.attribute("charset")).map(str::to_owned);
    let (page, _) = charset::text(bytes, declared.or_else(|| charset_in(bytes)).as_deref());
    let lower = page.to_ascii_lowercase();
    if quoted && !lower.contains("<blockquote") && !lower.contains("<includetail") {
        return None;
    }
    crate::shaped::shaped(&page)
}

fn said(parts: &[&MessagePart<'_>], raw: &[u8], tamed: &mut Vec<Tamed>) -> String {
    let mut out = String::new();
    let mut left = limits::TEXT;
    for part in parts {
        let is_page = matches!(part.body, PartType::Html(_));
        if !(is_page || matches!(part.body, PartType::Text(_))) || is_named(part) {
            continue;
        }
        let bytes = bytes_of(part, raw);
        let bytes = match bytes.get(..left) {
            Some(start) if bytes.len() > left => {
                tamed.push(Tamed::Text);
                start
            }
            _ => bytes.as_slice(),
        };
        left = left.saturating_sub(bytes.len());
        let kind = part.content_type();
        let attribute = |name: &str| kind.and_then(|kind| kind.attribute(name));
        let declared = attribute("charset").map(str::to_owned).or_else(|| is_page.then(|| charset_in(bytes)).flatten());
        let (text, whole) = charset::text(bytes, declared.as_deref());
        if !whole {
            tamed.push(Tamed::Letters);
        }
        let text = match (is_page, attribute("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"))) {
            (true, _) => page::words(&text),
            (false, true) => unflowed(&text, attribute("delsp").is_some_and(|how| how.eq_ignore_ascii_case("yes"))),
            (false, false) => text,
        };
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        out.extend(
            text.chars()
                .filter(|letter| matches!(letter, '\n' | '\t') || !(letter.is_control() || attached::is_mark(*letter))),
        );
        if left == 0 {
            break;
        }
    }
    if out.chars().count() > limits::SAID.saturating_mul(2) {
        tamed.push(Tamed::Text);
    }
    out
}

/// A text with a file name is an attachment that the parser took for a part of the letter's text.
fn is_named(part: &MessagePart<'_>) -> bool {
    part.content_disposition().is_some_and(|way| way.is_attachment())
}

/// The bytes of `part` as the sender had them, before any writing was assumed.
fn bytes_of(part: &MessagePart<'_>, raw: &[u8]) -> Vec<u8> {
    let range = usize::try_from(part.offset_body).ok().zip(usize::try_from(part.offset_end).ok());
    let coded = range.and_then(|(from, until)| raw.get(from..until));
    let decoded = match (part.encoding, coded) {
        (Encoding::None, Some(coded)) => Some(coded.to_vec()),
        (Encoding::QuotedPrintable, Some(coded)) => quoted_printable_decode(coded),
        (Encoding::Base64, Some(coded)) => base64_decode(coded),
        (_, None) => None,
    };
    decoded.filter(|bytes| !bytes.is_empty()).unwrap_or_else(|| part.contents().to_vec())
}

/// What a page says about its own writing.
fn charset_in(page: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(page.get(..2_048).unwrap_or(page)).to_ascii_lowercase();
    let (_, rest) = start.split_once("charset=")?;
    let name: String = rest
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_'))
        .collect();
    (!name.is_empty()).then_some(name)
}

/// Lines that the sending program broke are joined again (RFC 3676).
fn unflowed(text: &str, delete_blank: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let line = line.trim_end_matches('\r');
        let bare = line.trim_start_matches('>');
        let depth = line.len().saturating_sub(bare.len());
        // A blank before `From` or `>` was put there for transport.
        let bare = bare.strip_prefix(' ').unwrap_or(bare);
        if open != Some(depth) {
            if open.is_some() {
                out.push('\n');
            }
            for _ in 0..depth {
                out.push('>');
            }
            if depth > 0 {
                out.push(' ');
            }
        }
        let flows = bare.ends_with(' ') && bare != "-- ";
        out.push_str(if flows && delete_blank { bare.strip_suffix(' ').unwrap_or(bare) } else { bare });
        if flows {
            open = Some(depth);
        } else {
            out.push('\n');
            open = None;
        }
    }
    out
}

fn attachments(message: &Message<'_>, raw: &[u8], tamed: &mut Vec<Tamed>) -> Vec<Attachment> {
    let mut found = Vec::new();
    for id in &message.attachments {
        let Some(part) = usize::try_from(*id).ok().and_then(|id| message.parts.get(id)) else { continue };
        let alternative =
            matches!(part.body, PartType::Text(_) | PartType::Html(_)) && part.attachment_name().is_none();
        if alternative && !is_named(part) {
            continue;
        }
        if found.len() == limits::ATTACHMENTS {
            tamed.push(Tamed::Attachments);
            break;
        }
        let attachment = attached::attachment(part, raw);
        if attachment.bytes.is_none() {
            tamed.push(Tamed::Attachments);
        }
        found.push(attachment);
    }
    found
}
