use mail_parser::{Encoding, MessagePart, MimeHeaders, PartType};

use crate::{charset, limits};

/// Something that came with a letter.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// What the sender calls it; never a path.
    pub name: String,
    /// The media type that its bytes say, or `application/octet-stream`.
    pub sniffed: &'static str,
    /// The media type that the sender says.
    pub declared: String,
    /// Bytes.
    pub size: usize,
    /// The bytes; none when it is larger than [`limits::ATTACHMENT`].
    pub bytes: Option<Vec<u8>>,
    /// It stands within the text (a picture that the text shows).
    pub inline: bool,
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} bytes, {}, said {})", self.name, self.size, self.sniffed, self.declared)?;
        f.write_str(if self.inline { " inline" } else { "" })
    }
}

/// The attachment that `part` of `raw` is.
pub(crate) fn attachment(part: &MessagePart<'_>, raw: &[u8]) -> Attachment {
    let contents = match &part.body {
        // As it came; the parser's letter within a letter holds more than itself.
        PartType::Message(message) if part.encoding == Encoding::None => {
            let range = usize::try_from(part.offset_body).ok().zip(usize::try_from(part.offset_end).ok());
            range.and_then(|(from, until)| raw.get(from..until)).unwrap_or(&message.raw_message)
        }
        PartType::Message(message) => &message.raw_message,
        _ => part.contents(),
    };
    let declared = part.content_type().map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("*")));
    let declared = declared.unwrap_or_else(|| "application/octet-stream".to_owned()).to_ascii_lowercase();
    let sniffed = match &part.body {
        PartType::Message(_) => "message/rfc822",
        PartType::Text(_) | PartType::Html(_) | PartType::Multipart(_) => "text/plain",
        PartType::Binary(_) | PartType::InlineBinary(_) => sniff(contents),
    };
    Attachment {
        name: name(part, raw, sniffed),
        sniffed,
        size: contents.len(),
        bytes: (contents.len() <= limits::ATTACHMENT).then(|| contents.to_vec()),
        inline: part.content_id().is_some() && part.content_disposition().is_none_or(|way| way.is_inline()),
        declared,
    }
}

fn sniff(bytes: &[u8]) -> &'static str {
    match infer::get(bytes) {
        Some(kind) => kind.mime_type(),
        None if std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0')) => "text/plain",
        None => "application/octet-stream",
    }
}

fn name(part: &MessagePart<'_>, raw: &[u8], sniffed: &str) -> String {
    let said = part.attachment_name().map(str::to_owned).filter(|name| !name.contains('\u{fffd}'));
    let said = said.or_else(|| unencoded(part, raw));
    let said = match (said, &part.body) {
        (Some(said), _) => said,
        (None, PartType::Message(message)) => format!("{}.eml", message.subject().unwrap_or("letter")),
        (None, _) => String::new(),
    };
    let last = said.rsplit(['/', '\\']).next().unwrap_or_default();
    let tidy: String =
        last.chars().filter(|letter| !letter.is_control() && !is_mark(*letter)).take(limits::LINE).collect();
    let tidy = tidy.trim().trim_start_matches('.').to_owned();
    if tidy.is_empty() { format!("attachment.{}", ending(sniffed)) } else { tidy }
}

/// How the name of a file of this kind ends.
fn ending(sniffed: &str) -> &str {
    match sniffed {
        "text/plain" => "txt",
        "application/octet-stream" => "bin",
        "image/jpeg" => "jpg",
        other => other.rsplit('/').next().unwrap_or("bin"),
    }
}

/// Marks that turn the direction of writing, with which `exe.gpj` is made to look like a picture.
pub(crate) fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A name that was written into the head of its part without any encoding.
fn unencoded(part: &MessagePart<'_>, raw: &[u8]) -> Option<String> {
    let from = usize::try_from(part.offset_header).ok()?;
    let until = usize::try_from(part.offset_body).ok()?;
    let head = raw.get(from..until)?;
    if head.is_ascii() {
        return None;
    }
    let (head, _) = charset::text(head, None);
    let (_, rest) = head.split_once("name=")?;
    let name = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => rest.split([';', '\r', '\n']).next()?,
    };
    Some(name.to_owned())
}
